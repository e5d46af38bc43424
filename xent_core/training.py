"""Softmax regression on the handwritten digits: the smallest network there is, trained by a loss of one's choice.

Logits are pixels · weights + biases, 64 pixels to 10 classes, everything in float64. Each step sees a batch of examples
and takes rate · dL/dweights and rate · dL/dbiases away, where L is their mean loss.

Source: Bishop, "Pattern Recognition and Machine Learning" (2006), sections 4.3.4 and 5.2.4.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from xent_core.checks import Floats, short
from xent_core.clipping import clipped_cross_entropy
from xent_core.digits import Digits, digits
from xent_core.gradients import (
    bernoulli_cross_entropy_gradient,
    clipped_cross_entropy_gradient,
    softmax_cross_entropy_gradient,
    squared_error_gradient,
)
from xent_core.losses import softmax_bernoulli_cross_entropy, softmax_cross_entropy
from xent_core.softmax import softmax
from xent_core.targets import one_hot, smooth_targets

Start = str | tuple[str, float]
"""Where training starts: "zero", ("sure", nats) or ("normal", standard deviation)."""
Doubles = NDArray[np.float64]
Choice = TypeVar("Choice")
PIXELS, CLASSES = 64, 10
LARGEST = 1e6
"""The largest rate, certainty and standard deviation taken: with them no run can overflow."""


@dataclass(frozen=True, eq=False)
class Run:
    """What happened before the first epoch and after each: all `[epochs + 1]`, float64.

    `train_loss` and `test_loss` are in the loss trained, with its smoothing, and its reduction. `train_cross_entropy`
    and `test_cross_entropy` are the mean over examples of the unclipped loss of the labels, in nats, whatever was
    trained. `stuck` is the share of the examples trained on whose gradient is exactly 0. `weights` is
    `[epochs + 1, 64, 10]`, `biases` `[epochs + 1, 10]`.
    """

    train_loss: Doubles
    test_loss: Doubles
    train_cross_entropy: Doubles
    test_cross_entropy: Doubles
    train_accuracy: Doubles
    test_accuracy: Doubles
    stuck: Doubles
    weights: Doubles
    biases: Doubles


class Objective(NamedTuple):
    """A loss `[m]` of logits and targets `[m, 10]`, and its gradient with respect to the logits, `[m, 10]`."""

    loss: Callable[[Floats, Floats], Floats]
    gradient: Callable[[Floats, Floats], Floats]


def squared_error(logits: Floats, targets: Floats) -> Floats:
    """½ Σ (q − p)² with q = softmax(logits), without a logarithm; at most 1 for a distribution p.

    >>> float(squared_error(np.array([0.0, 0.0]), np.array([1.0, 0.0])))
    0.25
    """
    return ((softmax(logits) - targets) ** 2).sum(axis=-1) / 2


def double_softmax_cross_entropy(logits: Floats, targets: Floats) -> Floats:
    """−Σ p log softmax(softmax(logits)): probabilities given to a loss that takes them for logits.

    As they differ by at most 1, the loss of a right and certain prediction is log(1 + (n − 1) / e), for 10 classes
    1.4612, and that of a wrong one never more than 1 above it.

    >>> float(double_softmax_cross_entropy(np.array([99.0] + [0.0] * 9), np.eye(10)[0]).round(4))
    1.4612
    """
    return softmax_cross_entropy(softmax(logits), targets)


def double_softmax_gradient(logits: Floats, targets: Floats) -> Floats:
    """The gradient of `double_softmax_cross_entropy`: q · (g − Σ g q), with q = softmax(logits) and g that at q.

    >>> double_softmax_gradient(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]]))
    array([[-0.25,  0.25]])
    """
    q = softmax(logits)
    slope = softmax_cross_entropy_gradient(q, targets)
    return q * (slope - (slope * q).sum(axis=-1, keepdims=True))


OBJECTIVES = {
    "cross_entropy": Objective(softmax_cross_entropy, softmax_cross_entropy_gradient),
    "clipped": Objective(lambda z, p: clipped_cross_entropy(softmax(z), p), clipped_cross_entropy_gradient),
    "squared_error": Objective(squared_error, squared_error_gradient),
    "bernoulli": Objective(softmax_bernoulli_cross_entropy, bernoulli_cross_entropy_gradient),
    "double_softmax": Objective(double_softmax_cross_entropy, double_softmax_gradient),
}
"""What can be trained; "clipped" is clipped at 1e-10 to 1."""

REDUCTIONS = {"mean": 1, "all entries": CLASSES}
"""What the loss of an example is divided by, beside the number of examples."""


def train(
    loss: str,
    *,
    start: Start = "zero",
    learning_rate: float = 0.5,
    batch: int = 32,
    epochs: int = 100,
    seed: int = 0,
    reduction: str = "mean",
    smoothing: float = 0.0,
    progress: Callable[[int], object] | None = None,
) -> Run:
    """Doubles ← weights − rate · dL/dweights, batch by batch, in an order drawn anew each epoch: plain SGD.

    Parameters: `loss`, a key of `OBJECTIVES`; `start`, "zero", ("sure", nats), where the bias of class 0 is that many
    nats, or ("normal", std), where weights are drawn from N(0, std²); `learning_rate`; `batch`, the most examples
    that one step sees: an epoch's batches are as equal as can be; `seed` of the order, and of the weights drawn;
    `reduction`, "mean" over examples or "all entries", which divides by 10 again; `smoothing` of the targets, from 0
    to 1; `progress`, called with the number of epochs done after each: what it raises ends the run.
    Returns: a `Run`, the same for the same arguments.
    Raises: `ValueError` that says which argument is out of range.

    >>> run = train("cross_entropy", epochs=1)
    >>> run.train_loss[0].round(4), run.test_accuracy.round(2).tolist()
    (np.float64(2.3026), [0.11, 0.87])
    """
    objective = _chosen(OBJECTIVES, loss, "loss")
    share = _chosen(REDUCTIONS, reduction, "reduction")
    _refuse_unless(_is_real(learning_rate, 0, LARGEST), "learning_rate", learning_rate, "a number from 0 to 1e6")
    _refuse_unless(_is_integer(batch, 1), "batch", batch, "an integer from 1 on")
    _refuse_unless(_is_integer(epochs, 0), "epochs", epochs, "an integer from 0 on")
    _refuse_unless(_is_integer(seed, 0), "seed", seed, "an integer from 0 on")
    _refuse_unless(_is_real(smoothing, 0, 1), "smoothing", smoothing, "a number from 0 to 1")

    known, _ = digits()
    targets = smooth_targets(one_hot(known.labels, CLASSES), smoothing)
    weights, biases = np.empty((epochs + 1, PIXELS, CLASSES)), np.empty((epochs + 1, CLASSES))
    weights[0], biases[0] = _started(start, seed)
    draw, steps = np.random.default_rng(seed), -(-len(targets) // batch)
    for epoch in range(1, epochs + 1):
        w, b = weights[epoch], biases[epoch]
        w[:], b[:] = weights[epoch - 1], biases[epoch - 1]
        for some in np.array_split(draw.permutation(len(targets)), steps):
            pixels = known.pixels[some]
            slope = objective.gradient(pixels @ w + b, targets[some])
            rate = float(learning_rate) / (len(some) * share)
            w -= rate * (pixels.T @ slope)
            b -= rate * slope.sum(axis=0)
        if progress is not None:
            progress(epoch)
    return _judged(objective, share, smoothing, weights, biases)


def _started(start: Start, seed: int) -> tuple[Doubles, Doubles]:
    """The weights and biases of a start."""
    weights, biases = np.zeros((PIXELS, CLASSES)), np.zeros(CLASSES)
    match start:
        case "zero":
            pass
        case ("sure", nats) if _is_real(nats, -LARGEST, LARGEST):
            biases[0] = nats
        case ("normal", std) if _is_real(std, 0, LARGEST):
            weights = np.random.default_rng(seed).normal(0, std, weights.shape)
        case _:
            _refuse_unless(False, "start", start, '"zero", ("sure", nats) or ("normal", std), numbers up to 1e6')
    return weights, biases


def _judged(objective: Objective, share: int, smoothing: float, weights: Doubles, biases: Doubles) -> Run:
    """The run that went through these weights and biases."""
    parts = [
        np.array([_figures(objective, part, smoothing, w, b) for w, b in zip(weights, biases, strict=True)]).T
        for part in digits()
    ]
    (train_loss, train_cross_entropy, train_accuracy, stuck), (test_loss, test_cross_entropy, test_accuracy, _) = parts
    for array in (*parts, weights, biases):
        array.flags.writeable = False
    return Run(
        train_loss=train_loss / share,
        test_loss=test_loss / share,
        train_cross_entropy=train_cross_entropy,
        test_cross_entropy=test_cross_entropy,
        train_accuracy=train_accuracy,
        test_accuracy=test_accuracy,
        stuck=stuck,
        weights=weights,
        biases=biases,
    )


def _figures(objective: Objective, part: Digits, smoothing: float, weights: Floats, biases: Floats) -> list[float]:
    """Mean loss, mean cross-entropy of the labels, accuracy, and the share of examples with no gradient."""
    logits, wanted = part.pixels @ weights + biases, one_hot(part.labels, CLASSES)
    targets = smooth_targets(wanted, smoothing)
    return [
        float(objective.loss(logits, targets).mean()),
        float(softmax_cross_entropy(logits, wanted).mean()),
        float((logits.argmax(axis=-1) == part.labels).mean()),
        float((objective.gradient(logits, targets) == 0).all(axis=-1).mean()),
    ]


def _chosen(choices: Mapping[str, Choice], name: str, argument: str) -> Choice:
    known = isinstance(name, str) and name in choices
    _refuse_unless(known, argument, name, f"one of {', '.join(choices)}")
    return choices[name]


def _is_real(value: float, low: float, high: float) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and bool(low <= value <= high)


def _is_integer(value: object, low: int) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= low


def _refuse_unless(good: bool, argument: str, value: object, expected: str) -> None:
    if not good:
        raise ValueError(f"{argument} is {short(value)}: expected {expected}")
