"""The record that describes one library's loss, and the few operations that the NumPy twins share.

The twins follow the libraries literally, rounding and nan included, because a number in a log has both: they
use the core's functions except where the core is better than the libraries. They check nothing:
`xent_core.conventions` checks the input and silences NumPy before it calls them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import cache
from typing import Literal

import numpy as np
from numpy import ndarray

from xent_core.rounding import exp, wide
from xent_core.targets import smooth_targets

Kind = Literal["logits", "probabilities"]
Twin = Callable[[ndarray, ndarray], ndarray]
"""What is passed in and the targets, both [m, n] → losses."""
Gradient = Callable[[ndarray, ndarray, float], ndarray]
"""The same and a divisor → [m, n], the derivative of the sum of the losses over the divisor.

Each operation is in the dtype, in the library's order: (p / m) / q is finite where (p / q) / m overflows.
"""

Version = tuple[int, ...]
"""A release as its numbers: (2, 14)."""

SMOOTHING = 0.1
"""The label smoothing of the conventions whose id ends in .ls01."""


class Library(StrEnum):
    """Where a call is from, as it is called on screen."""

    BY_HAND = "By hand"
    TENSORFLOW = "TensorFlow"
    KERAS = "Keras"
    PYTORCH = "PyTorch"
    TORCHVISION = "torchvision"
    TRANSFORMERS = "Transformers"
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


class Task(Enum):
    """What a loss is for."""

    MULTI_CLASS = auto()
    """One right class of several."""
    MULTI_LABEL = auto()
    """Each class a yes-or-no question of its own."""
    LANGUAGE_MODEL = auto()
    """Every row a token, every column a word of the vocabulary."""
    DISTILLATION = auto()
    """A distribution learned from another: the divergences."""
    CONTRASTIVE = auto()
    """Every row an example, every column one that may belong to it."""


class Extra(Enum):
    """What a call does beyond the formula of its form, where that has no field of its own."""

    CLASS_WEIGHTS = auto()
    """Class j, from 1 on, weighs j."""
    POSITIVE_WEIGHTS = auto()
    """The −log q terms of class j weigh j."""
    POSITIVE_WEIGHT = auto()
    """The −log q terms of every class weigh 2."""
    IGNORED_LABEL = auto()
    """Rows whose label is 0 are left out."""
    FOCAL = auto()
    """Each term is multiplied by the square of what the prediction lacks."""
    QUARTER = auto()
    """The loss is multiplied by α = 0.25."""
    BALANCED = auto()
    """Entries with target 1 are multiplied by α = 0.25, those with target 0 by 1 − α."""
    OTHERS_SMOOTHED = auto()
    """The share that smoothing takes goes to the other n − 1 classes, not to all n."""
    TEMPERATURE = auto()
    """Both sides are softened by T = 2."""
    TIMES_T_SQUARED = auto()
    """The loss is multiplied by T² = 4."""
    Z_LOSS = auto()
    """1e-4 (log Σ exp z)² is added."""
    SHIFTED = auto()
    """A row is compared with the label of the next, and the last with none."""
    SEQUENCES = auto()
    """The first row is one sequence, the others are another, and each has its mean."""
    OWN_COLUMN = auto()
    """The right column of row i is column i, whatever the targets are."""
    FIRST_COLUMN = auto()
    """The right column of every row is the first, whatever the targets are."""
    BOTH_WAYS = auto()
    """The mean of the losses over the rows and over the columns."""


class Need(Enum):
    """What a call asks of an input."""

    LOGITS = auto()
    LABELS = auto()
    """Every row of the targets is one-hot."""
    TWO_CLASSES = auto()
    TWO_ROWS = auto()
    A_COLUMN_EACH = auto()
    """No more rows than columns."""
    A_SQUARE = auto()
    """As many rows as columns."""


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
    IGNORED_COUNTED = auto()
    NO_T_SQUARED = auto()


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


@dataclass(frozen=True, kw_only=True, eq=False)
class Convention:
    """What one call of one library computes.

    In `call` and `formula`: z logits, q probabilities, p targets (distributions), y labels (indices), m rows,
    n classes.
    """

    id: str
    library: Library
    version: str
    """Of the library whose numbers these are."""
    since: Version | None = None
    """The first release of the library that computes this; None: none is known that does not."""
    until: Version | None = None
    """The first release that does so no more; None: the newest still does."""
    task: Task = Task.MULTI_CLASS
    call: str
    """The call as one writes it, with the mean over the batch where the library leaves that to its users."""
    takes: Kind
    """What is passed in: for a mistake this is not what the library asks for."""
    targets: Literal["distributions", "labels"] = "distributions"
    """Labels: every row of the targets must be one-hot."""
    needs: Need | None = None
    """What else it asks of an input: a number of rows or classes."""
    formula: str
    """LaTeX, without dollar signs: the value per row, or per entry where `divides_by` is "entries"."""
    form: Form = Form.CATEGORICAL
    as_written: bool = False
    """Whether the formula is −Σ p log q and nothing else."""
    clip: Clip | None = None
    log_low: float | None = None
    """Where the logarithm itself is clipped."""
    clip_discarded: Clip | None = None
    """The clip whose result the call throws away."""
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
    extras: tuple[Extra, ...] = ()
    by_rule: bool = False
    """Whether weights, a mask or the like are chosen by a rule that the call tells, in place of a reader's own."""
    divides_by: Literal["rows", "entries", "one", "weights", "kept", "sequences", "both"] = "rows"
    """What the call divides the sum of the entries' losses by: m, m·n, 1, Σ weights, the rows kept, 2 or 2m."""
    weights: Callable[[ndarray], ndarray] | None = None
    """Targets [m, n] → the weights, or which rows are kept, [m], that it divides by the sum of."""
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

    The call returns their sum over what it divides by; nats unless there is a `base`.
    """
    gradient: Gradient | None = None
    """(what is passed in, targets, divisor) → [m, n]: the library's derivative of the sum over the divisor.

    None where the library has no gradients.
    """

    @property
    def is_fused(self) -> bool:
        """Whether it takes logits and the logarithm of no probability."""
        return self.takes == "logits" and not self.mistake and not self.exp_overflows

    def holds_in(self, version: Version) -> bool:
        """Whether that release of the library computes this."""
        return (self.since is None or self.since <= version) and (self.until is None or version < self.until)

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


def softmax(logits: ndarray) -> ndarray:
    """The core's softmax of each row, [m, n] → [m, n], without its checks: nan for one that is all −∞."""
    shifted = np.subtract(logits, logits.max(axis=1, keepdims=True), dtype=wide(logits))
    return normalised(exp(shifted.astype(logits.dtype, copy=False)))


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


@cache
def of_log(twin: Twin) -> Twin:
    """The twin with log q passed as logits."""
    return lambda probabilities, targets: twin(np.log(probabilities), targets)


@cache
def of_log_gradient(gradient: Gradient) -> Gradient:
    """The gradient of `of_log`: divided by q, so nan where both are 0."""
    return lambda probabilities, targets, divisor: gradient(np.log(probabilities), targets, divisor) / probabilities


@cache
def smoothed(twin: Callable[..., ndarray]) -> Callable[..., ndarray]:
    """The twin, or the gradient, on 0.9 p + 0.1/n."""
    return lambda predictions, targets, *divisor: twin(predictions, smooth_targets(targets, SMOOTHING), *divisor)


@cache
def smoothed_to_half(twin: Callable[..., ndarray]) -> Callable[..., ndarray]:
    """The twin, or the gradient, on 0.9 p + 0.05, as TensorFlow and Keras smooth binary targets."""
    return lambda predictions, targets, *divisor: twin(predictions, targets * (1 - SMOOTHING) + SMOOTHING / 2, *divisor)


@cache
def in_float32(twin: Callable[..., ndarray]) -> Callable[..., ndarray]:
    """The twin, or the gradient, cast to float32 first: nan for a row with a logit that is too large for it."""

    def cast(predictions: ndarray, targets: ndarray, *divisor: float) -> ndarray:
        narrow, targets = predictions.astype(np.float32), targets.astype(np.float32)
        if narrow.max() < np.inf:
            return twin(narrow, targets, *divisor)
        too_large = narrow == np.inf
        result = twin(np.where(too_large, 0, narrow), targets, *divisor)
        result[too_large.any(axis=1)] = np.nan
        return result

    return cast


def log_sigmoid(logits: ndarray) -> ndarray:
    """Log σ(z) for each entry, without overflow."""
    return np.minimum(logits, 0) - np.log1p(np.exp(-np.abs(logits)))


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
