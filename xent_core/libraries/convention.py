"""The record that describes one library's loss, and the few operations that the NumPy twins share.

The twins follow the libraries literally, rounding and nan included, because a number in a log has both: they
use the core's functions except where the core is better than the libraries. They check nothing:
`xent_core.conventions` checks the input and silences NumPy before it calls them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy import ndarray

from xent_core.softmax import softmax
from xent_core.targets import smooth_targets

Kind = Literal["logits", "probabilities"]
Form = Literal["categorical", "Bernoulli", "sigmoid", "divergence", "generalised divergence", "entropy"]
Twin = Callable[[ndarray, ndarray], ndarray]

SMOOTHING = 0.1
"""The label smoothing of the conventions whose id ends in .ls01."""


@dataclass(frozen=True, kw_only=True)
class Convention:
    """What one call of one library computes.

    In `call` and `formula`: z logits, q probabilities, p targets (distributions), y labels (indices), m rows,
    n classes.
    """

    id: str
    library: str
    call: str
    """The call as one writes it, with the mean over the batch where the library leaves that to its users."""
    takes: Kind
    """What is passed in: for a mistake this is not what the library asks for."""
    targets: Literal["distributions", "labels"] = "distributions"
    """Labels: every row of the targets must be one-hot."""
    formula: str
    """LaTeX, without dollar signs: the value per row, or per entry where `divides_by` is "entries"."""
    form: Form = "categorical"
    constants: tuple[tuple[str, float | str], ...] = ()
    """Pairs: "low" and "high" (clip), "log low" (clip of the log), "added", "smoothing", "base", "dtype"."""
    renormalises: bool = False
    divides_by: Literal["rows", "entries", "one"] = "rows"
    """What the call divides the sum of the entries' losses by: m, m·n, or 1."""
    note: str
    source: str
    mistake: str = ""
    """For a classic mistake: what went wrong, as one sentence. Empty for a proper use."""
    fix: str = ""
    """For a classic mistake: what to do about it, as one sentence."""
    losses: Twin
    """(what is passed in, targets), both [m, n] → the losses as they come before reduction, [m] or [m, n].

    The call returns their mean, or their sum where `divides_by` is "one"; nats unless a constant is "base".
    """
    gradient: Twin | None = None
    """(what is passed in, targets) → [m, n]: the library's derivative of the sum over the entries.

    None where the library has no gradients.
    """

    @property
    def flushes(self) -> bool:
        """Whether its library, TensorFlow or JAX, takes denormal probabilities for 0 (measured on both, on CPUs)."""
        return any(module in self.call for module in ("tf.", "keras.", "jnp.", "optax."))

    @property
    def base(self) -> float | None:
        """The base of its logarithms, where that is not e."""
        base = self.constant("base")
        return base if isinstance(base, int | float) else None

    def constant(self, name: str) -> float | str | None:
        """The constant of that name, or None."""
        return dict(self.constants).get(name)


def log_softmax(logits: ndarray) -> ndarray:
    """Max-shifted log-softmax of each row, [m, n] → [m, n], rounded as TensorFlow, PyTorch and JAX round it.

    A nearly certain class loses its digits: in float32 log_softmax([0, −17]) starts with 0 (measured on torch
    2.13.0), where the core's gives −4.1e-8.
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def sigmoid(logits: ndarray) -> ndarray:
    """1 / (1 + exp(−z)) for each entry, without overflow."""
    small = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1, small) / (1 + small)


def normalised(probabilities: ndarray) -> ndarray:
    """Each row divided by its sum."""
    return probabilities / probabilities.sum(axis=1, keepdims=True)


def pick(values: ndarray, targets: ndarray) -> ndarray:
    """The entry of each row at its label, [m, n] and one-hot [m, n] → [m]."""
    return np.take_along_axis(values, targets.argmax(axis=1)[:, None], axis=1)[:, 0]


def fused(logits: ndarray, targets: ndarray) -> ndarray:
    """−Σ p log softmax(z) per row; 0 · −inf is nan, as in TensorFlow, PyTorch and optax."""
    return -(targets * log_softmax(logits)).sum(axis=1)


def fused_gradient(logits: ndarray, targets: ndarray) -> ndarray:
    """Σp · softmax(z) − p."""
    return softmax(logits) * targets.sum(axis=1, keepdims=True) - targets


def fused_by_label(logits: ndarray, targets: ndarray) -> ndarray:
    """−log softmax(z) at the label."""
    return -pick(log_softmax(logits), targets)


def of_log(twin: Twin) -> Twin:
    """The twin with log q passed as logits."""
    return lambda probabilities, targets: twin(np.log(probabilities), targets)


def of_log_gradient(gradient: Twin) -> Twin:
    """The gradient of `of_log`: divided by q, so nan where both are 0."""
    return lambda probabilities, targets: gradient(np.log(probabilities), targets) / probabilities


def smoothed(twin: Twin) -> Twin:
    """The twin on 0.9 p + 0.1/n."""
    return lambda predictions, targets: twin(predictions, smooth_targets(targets, SMOOTHING))


def sigmoid_terms(logits: ndarray, targets: ndarray) -> ndarray:
    """max(z, 0) − z p + log(1 + exp(−|z|)) for each entry."""
    return np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))


def sigmoid_gradient(logits: ndarray, targets: ndarray) -> ndarray:
    """σ(z) − p for each entry."""
    return sigmoid(logits) - targets


def log_gradient(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−p / q, the derivative of −p log q: 0 / 0 is nan."""
    return -targets / probabilities


def softmax_backward(probabilities: ndarray, gradient: ndarray) -> ndarray:
    """The gradient with respect to the logits, from that with respect to their softmax."""
    return probabilities * (gradient - (gradient * probabilities).sum(axis=1, keepdims=True))
