"""What makes a loss nan, infinite, negative, exactly 0 or huge: in general, and on given data."""

import math
from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from xent_core.conventions import CONVENTIONS
from xent_core.identify.context import Context, Moment, Precision
from xent_core.libraries.batch import Batch
from xent_core.libraries.convention import Convention, Form, Library
from xent_core.libraries.reasons import Reason, reasons


class Cause(Enum):
    """Why a loss is no ordinary number."""

    ZERO_TIMES_LOG_ZERO = auto()
    EXP_OVERFLOW = auto()
    DIVERGED = auto()
    LOG_OF_NEGATIVE = auto()
    MASKED_CLASS = auto()
    MEAN_OF_NOTHING = auto()
    ROW_OF_ZEROS = auto()
    LOG_ZERO = auto()
    MASKED_LABEL = auto()
    SMOOTHED_MASK = auto()
    SUM_OVERFLOW = auto()
    LOG_ZERO_WITHOUT_MINUS = auto()
    UNBOUNDED_BELOW = auto()
    NO_MINUS = auto()
    NO_LOGARITHM = auto()
    TARGETS_OUTSIDE = auto()
    ABOVE_ONE = auto()
    SUM_OF_NOTHING = auto()
    SURE = auto()
    ONE_OUTPUT = auto()
    LEAK = auto()
    UNDERFLOW = auto()
    HIDDEN_NAN = auto()
    LARGE_LOGITS = auto()
    ADDED_UP = auto()


_OF_NAN = (
    (Cause.ZERO_TIMES_LOG_ZERO, 5.0),
    (Cause.DIVERGED, 4.0),
    (Cause.EXP_OVERFLOW, 3.0),
    (Cause.MEAN_OF_NOTHING, 2.0),
    (Cause.LOG_OF_NEGATIVE, 1.5),
    (Cause.MASKED_CLASS, 1.0),
    (Cause.ROW_OF_ZEROS, 0.5),
)
_OF_INFINITY = ((Cause.LOG_ZERO, 5.0), (Cause.MASKED_LABEL, 2.0), (Cause.SUM_OVERFLOW, 1.5), (Cause.SMOOTHED_MASK, 1.0))
_OF_MINUS_INFINITY = ((Cause.LOG_ZERO_WITHOUT_MINUS, 2.0), (Cause.UNBOUNDED_BELOW, 1.0))
_BELOW_ZERO = ((Cause.NO_MINUS, 3.0), (Cause.NO_LOGARITHM, 2.0), (Cause.TARGETS_OUTSIDE, 1.5))
_HARDLY_BELOW_ZERO = ((Cause.ABOVE_ONE, 6.0), *_BELOW_ZERO)
_OF_ZERO = (
    (Cause.SURE, 3.0),
    (Cause.SUM_OF_NOTHING, 2.5),
    (Cause.ONE_OUTPUT, 2.0),
    (Cause.LEAK, 1.0),
    (Cause.UNDERFLOW, 0.5),
    (Cause.HIDDEN_NAN, 0.3),
)
_HUGE = ((Cause.LARGE_LOGITS, 2.0), (Cause.ADDED_UP, 1.0))

HALF_PRECISION: Mapping[Cause, float] = MappingProxyType(
    {Cause.EXP_OVERFLOW: 4.0, Cause.SUM_OVERFLOW: 5.0, Cause.UNDERFLOW: 9.0, Cause.DIVERGED: 1.2}
)
"""How much more often in float16, whose numbers end at 65,504."""
WIDE_HALF: Mapping[Cause, float] = MappingProxyType({Cause.DIVERGED: 2.0})
"""In bfloat16, which reaches as far as float32 with fewer digits."""
BESIDE_ZERO: Mapping[Cause, float] = MappingProxyType({Cause.MEAN_OF_NOTHING: 10.0})
BESIDE_NAN: Mapping[Cause, float] = MappingProxyType({Cause.HIDDEN_NAN: 30.0})
AT_FIRST: Mapping[Cause, float] = MappingProxyType({Cause.DIVERGED: 0.3, Cause.LOG_OF_NEGATIVE: 4.0})
WITH_FUSED_LOSS: Mapping[Cause, float] = MappingProxyType({Cause.ZERO_TIMES_LOG_ZERO: 0.5, Cause.MEAN_OF_NOTHING: 2.0})
"""In PyTorch, whose usual loss takes logits and skips labels that are ignored."""

LARGEST_ROUNDING = 1e-5
"""How far below 0 a loss may be because a probability, or an ε added to it, passes 1."""
LARGEST_SURPRISE = -math.log(2.0**-149)
"""−ln of the smallest float32: no logarithm of a float32 probability is larger."""


def causes_of(value: float, context: Context) -> tuple[Cause, ...]:
    """Where nan, infinity, 0, a loss below 0 or a huge one comes from, the likeliest first; nothing for others.

    >>> causes_of(math.nan, Context(precision=Precision.FLOAT16))[0].name, causes_of(2.3, Context())
    ('EXP_OVERFLOW', ())
    """
    weighed = dict(_usual_causes(value))
    for more in _seen_in(context):
        for cause in weighed.keys() & more.keys():
            weighed[cause] *= more[cause]
    return tuple(sorted(weighed, key=lambda cause: -weighed[cause]))


def _usual_causes(value: float) -> tuple[tuple[Cause, float], ...]:
    if math.isnan(value):
        return _OF_NAN
    if math.isinf(value):
        return _OF_INFINITY if value > 0 else _OF_MINUS_INFINITY
    if value == 0:
        return _OF_ZERO
    if value < 0:
        return _HARDLY_BELOW_ZERO if value > -LARGEST_ROUNDING else _BELOW_ZERO
    return _HUGE if value > LARGEST_SURPRISE * 1.01 else ()


def _seen_in(context: Context) -> tuple[Mapping[Cause, float], ...]:
    return tuple(
        more
        for more, seen in (
            (HALF_PRECISION, context.precision is Precision.FLOAT16),
            (WIDE_HALF, context.precision is Precision.BFLOAT16),
            (BESIDE_ZERO, context.zero_beside),
            (BESIDE_NAN, context.nan_beside),
            (AT_FIRST, context.moment is Moment.FIRST),
            (WITH_FUSED_LOSS, context.library is Library.PYTORCH),
        )
        if seen
    )


# On given data.


CORRECTED = {"mistake_clip_discarded": "tf1_manual_clip_persample"}
"""What a mistake should have been, where that is neither the fused loss nor the plain formula."""


def is_to_blame(mistake: Convention, batch: Batch) -> bool:
    """Whether the loss is finite where the mistake is not made."""
    of_its_input = "torch_cross_entropy.soft" if mistake.takes == "logits" else "numpy_naive"
    return math.isfinite(batch.loss(CONVENTIONS[CORRECTED.get(mistake.id, of_its_input)]))


def cause_of(value: float, convention: Convention, batch: Batch) -> Cause | None:
    """What makes a convention's loss nan or infinite; none for a mistake, which explains itself, but for −∞."""
    if value == -math.inf:
        return Cause.LOG_ZERO_WITHOUT_MINUS
    if convention.mistake:
        return None
    masked = np.isneginf(batch.predictions)
    if math.isinf(value):
        return _cause_of_infinity(convention, batch, masked)
    (found,) = reasons(convention, batch)
    if found.reason is Reason.EXP_OVERFLOWS:
        return Cause.EXP_OVERFLOW
    if found.reason is Reason.ROW_SUMS_TO_ZERO:
        return Cause.ROW_OF_ZEROS
    return Cause.MASKED_CLASS if masked.any() else Cause.ZERO_TIMES_LOG_ZERO


def _cause_of_infinity(convention: Convention, batch: Batch, masked: NDArray[np.bool_]) -> Cause:
    if (masked & (batch.targets > 0)).any():
        return Cause.MASKED_LABEL
    if masked.any() and convention.smoothing:
        return Cause.SMOOTHED_MASK
    if convention.takes == "logits" and convention.is_fused:
        return Cause.SUM_OVERFLOW
    q = batch.passed_to(convention) if convention.takes == "probabilities" else batch.probabilities
    of_zero = (q == 0) & (batch.targets > 0)
    of_one = (q == 1) & (batch.targets < 1) & (convention.form is Form.BERNOULLI)
    return Cause.LOG_ZERO if (of_zero | of_one).any() else Cause.SUM_OVERFLOW
