"""The record that describes one library's loss, and the few operations that the NumPy twins share.

The twins follow the libraries literally, rounding and nan included, because a number in a log has both: they
use the core's functions except where the core is better than the libraries. They check nothing:
`xent_core.conventions` checks the input and silences NumPy before it calls them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Literal

import numpy as np
from numpy import ndarray

from xent_core.softmax import softmax
from xent_core.targets import smooth_targets

Kind = Literal["logits", "probabilities"]
Twin = Callable[[ndarray, ndarray], ndarray]
"""What is passed in and the targets, both [m, n] → losses."""
Gradient = Callable[[ndarray, ndarray, float], ndarray]
"""The same and a divisor → [m, n], the derivative of the sum of the losses over the divisor.

Each operation is in the dtype, in the library's order: (p / m) / q is finite where (p / q) / m overflows.
"""

SMOOTHING = 0.1
"""The label smoothing of the conventions whose id ends in .ls01."""


class Library(StrEnum):
    """Where a call is from, as it is called on screen."""

    BY_HAND = "By hand"
    TENSORFLOW = "TensorFlow"
    KERAS = "Keras"
    PYTORCH = "PyTorch"
    OPTAX = "JAX and optax"
    SCIKIT_LEARN = "scikit-learn"
    SCIPY = "SciPy"


class Form(StrEnum):
    """Which formula is summed."""

    CATEGORICAL = "categorical"
    BERNOULLI = "Bernoulli"
    SIGMOID = "sigmoid"
    DIVERGENCE = "divergence"
    GENERALISED_DIVERGENCE = "generalised divergence"
    ENTROPY = "entropy"


class Mistake(Enum):
    """What went wrong, where a call is a classic mistake."""

    CLIP_DISCARDED = auto()
    SUMMED = auto()
    MEAN_OVER_ENTRIES = auto()
    BINARY_ON_ONE_HOT = auto()
    BASE_10 = auto()
    BASE_2 = auto()
    LOGITS_AS_PROBABILITIES = auto()
    NO_MINUS = auto()
    SOFTMAX_TWICE = auto()
    SIGMOID_TWICE = auto()
    PROBABILITIES_AS_LOGS = auto()
    LOGITS_AS_LOGS = auto()


@dataclass(frozen=True)
class Clip:
    """What probabilities are clipped to: from `low` to 1, or to 1 − `low` if it is symmetric."""

    low: float | None
    """None: the machine epsilon of the probabilities' dtype."""
    symmetric: bool = False

    def bounds(self, dtype: np.dtype) -> tuple[float, float]:
        """Both bounds as the dtype holds them."""
        low = np.finfo(dtype).eps if self.low is None else dtype.type(self.low)
        return float(low), float(1 - low) if self.symmetric else 1.0


@dataclass(frozen=True, kw_only=True)
class Convention:
    """What one call of one library computes.

    In `call` and `formula`: z logits, q probabilities, p targets (distributions), y labels (indices), m rows,
    n classes.
    """

    id: str
    library: Library
    version: str
    """Of the library whose numbers these are."""
    call: str
    """The call as one writes it, with the mean over the batch where the library leaves that to its users."""
    takes: Kind
    """What is passed in: for a mistake this is not what the library asks for."""
    targets: Literal["distributions", "labels"] = "distributions"
    """Labels: every row of the targets must be one-hot."""
    formula: str
    """LaTeX, without dollar signs: the value per row, or per entry where `divides_by` is "entries"."""
    form: Form = Form.CATEGORICAL
    as_written: bool = False
    """Whether the formula is −Σ p log q and nothing else."""
    clip: Clip | None = None
    log_low: float | None = None
    """Where the logarithm itself is clipped."""
    added: float = 0.0
    """What is added to each probability."""
    smoothing: float = 0.0
    base: float | None = None
    """The base of its logarithms, where that is not e."""
    dtype: str | None = None
    """What it computes in, whatever it is given."""
    renormalises: bool = False
    flushes: bool = False
    """Whether its library, TensorFlow or JAX, takes denormal probabilities for 0 (measured on both, on CPUs)."""
    exp_overflows: bool = False
    """Whether it takes exp of the logits as they are."""
    divides_by: Literal["rows", "entries", "one"] = "rows"
    """What the call divides the sum of the entries' losses by: m, m·n, or 1."""
    note: str
    source: str
    mistake: Mistake | None = None
    """None for a proper use."""
    went_wrong: str = ""
    """For a mistake: what went wrong, as one sentence."""
    fix: str = ""
    """For a mistake: what to do about it, as one sentence."""
    losses: Twin
    """(what is passed in, targets), both [m, n] → the losses as they come before reduction, [m] or [m, n].

    The call returns their mean, or their sum where `divides_by` is "one"; nats unless there is a `base`.
    """
    gradient: Gradient | None = None
    """(what is passed in, targets, divisor) → [m, n]: the library's derivative of the sum over the divisor.

    None where the library has no gradients.
    """

    @property
    def is_fused(self) -> bool:
        """Whether it takes logits and the logarithm of no probability."""
        return self.takes == "logits" and not self.mistake and not self.exp_overflows

    @property
    def log_base(self) -> float:
        """The base of its logarithms."""
        return math.e if self.base is None else self.base


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


def fused_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """Σp · softmax(z) − p."""
    return (softmax(logits) * targets.sum(axis=1, keepdims=True) - targets) / divisor


def fused_by_label(logits: ndarray, targets: ndarray) -> ndarray:
    """−log softmax(z) at the label."""
    return -pick(log_softmax(logits), targets)


def of_log(twin: Twin) -> Twin:
    """The twin with log q passed as logits."""
    return lambda probabilities, targets: twin(np.log(probabilities), targets)


def of_log_gradient(gradient: Gradient) -> Gradient:
    """The gradient of `of_log`: divided by q, so nan where both are 0."""
    return lambda probabilities, targets, divisor: gradient(np.log(probabilities), targets, divisor) / probabilities


def smoothed(twin: Callable[..., ndarray]) -> Callable[..., ndarray]:
    """The twin, or the gradient, on 0.9 p + 0.1/n."""
    return lambda predictions, targets, *divisor: twin(predictions, smooth_targets(targets, SMOOTHING), *divisor)


def sigmoid_terms(logits: ndarray, targets: ndarray) -> ndarray:
    """max(z, 0) − z p + log(1 + exp(−|z|)) for each entry."""
    return np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))


def sigmoid_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """σ(z) − p for each entry."""
    return (sigmoid(logits) - targets) / divisor


def log_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """−p / q, the derivative of −p log q, as PyTorch and JAX take it: 0 / 0 is nan."""
    return -(targets / divisor) / probabilities


def log_gradient_by_reciprocal(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """−p · (1/q), as TensorFlow takes it: in float16 1/q overflows below 1.53e-5, and 0 · ∞ is nan."""
    return -(targets / divisor) * (1 / probabilities)


def softmax_backward(probabilities: ndarray, gradient: ndarray) -> ndarray:
    """The gradient with respect to the logits, from that with respect to their softmax."""
    return probabilities * (gradient - (gradient * probabilities).sum(axis=1, keepdims=True))
