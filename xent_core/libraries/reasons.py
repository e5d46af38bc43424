"""Why a convention's number differs from the plain cross-entropy on a given batch: as ids with their figures."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

import numpy as np

from xent_core.checks import Floats
from xent_core.libraries.batch import Batch
from xent_core.libraries.convention import Convention, Extra, Form, Library, Mistake


class Reason(Enum):
    """Why a number is another than the plain cross-entropy's, or that it is not."""

    EQUAL = auto()
    EQUAL_HERE = auto()
    """A mistake that makes no difference on this batch."""
    MISTAKE = auto()
    ROUNDED = auto()

    EXP_OVERFLOWS = auto()
    LOG_OF_NEGATIVE_LOGIT = auto()
    INFINITE_LOGIT_AS_PROBABILITY = auto()
    ROW_SUMS_TO_ZERO = auto()
    ONE_TIMES_LOG_ZERO = auto()
    MASK_IN_SIGMOID = auto()
    NOTHING_KEPT = auto()
    ZERO_TIMES_LOG_ZERO = auto()
    LOG_ZERO = auto()

    BERNOULLI_FORM = auto()
    SIGMOID_FORM = auto()
    ENTROPY_ALONE = auto()
    WITHOUT_ENTROPY = auto()
    ADDS_SUMS = auto()
    SMOOTHS = auto()
    RENORMALISES = auto()
    RENORMALISES_TARGETS = auto()
    CLIPS_LOW = auto()
    CLIPS_HIGH = auto()
    CLIPS_LOG = auto()
    ADDS = auto()
    IN_OTHER_DTYPE = auto()
    DIVIDES_BY_ENTRIES = auto()

    WEIGHS_CLASSES = auto()
    WEIGHS_POSITIVES = auto()
    WEIGHS_POSITIVES_TWICE = auto()
    LEAVES_OUT = auto()
    FOCUSES = auto()
    QUARTERS = auto()
    BALANCES = auto()
    SMOOTHS_OTHERS = auto()
    SOFTENS = auto()
    TIMES_T_SQUARED = auto()
    ADDS_Z_LOSS = auto()
    SHIFTS = auto()
    SEQUENCES_FIRST = auto()
    OWN_COLUMN = auto()
    FIRST_COLUMN = auto()
    BOTH_WAYS = auto()
    ADDS_ROWS_UP = auto()
    DIVIDES_BY_ROWS = auto()
    """Although it weighs."""
    DIVIDES_BY_WEIGHTS = auto()
    DIVIDES_BY_BOTH = auto()


@dataclass(frozen=True)
class Because:
    """A reason, and the figures that its sentence names."""

    reason: Reason
    bound: float = 0.0
    """The bound of a clip, the limit of exp, or what counts as 0; exactly 0 if there is none."""
    dtype: str = ""
    rows: int = 0
    classes: int = 0


EXTRAS = {
    Extra.CLASS_WEIGHTS: Reason.WEIGHS_CLASSES,
    Extra.POSITIVE_WEIGHTS: Reason.WEIGHS_POSITIVES,
    Extra.POSITIVE_WEIGHT: Reason.WEIGHS_POSITIVES_TWICE,
    Extra.IGNORED_LABEL: Reason.LEAVES_OUT,
    Extra.FOCAL: Reason.FOCUSES,
    Extra.QUARTER: Reason.QUARTERS,
    Extra.BALANCED: Reason.BALANCES,
    Extra.TEMPERATURE: Reason.SOFTENS,
    Extra.TIMES_T_SQUARED: Reason.TIMES_T_SQUARED,
    Extra.Z_LOSS: Reason.ADDS_Z_LOSS,
    Extra.SHIFTED: Reason.SHIFTS,
    Extra.SEQUENCES: Reason.SEQUENCES_FIRST,
    Extra.OWN_COLUMN: Reason.OWN_COLUMN,
    Extra.FIRST_COLUMN: Reason.FIRST_COLUMN,
    Extra.BOTH_WAYS: Reason.BOTH_WAYS,
}
FORMS = {
    Form.BERNOULLI: Reason.BERNOULLI_FORM,
    Form.SIGMOID: Reason.SIGMOID_FORM,
    Form.ENTROPY: Reason.ENTROPY_ALONE,
}


ADDED_SHOWS = 1e4
"""What is added to probabilities shows where one is less than so many times that."""


def reasons(convention: Convention, batch: Batch, *, whatever_reduction: bool = False) -> tuple[Because, ...]:
    """That the loss equals the plain cross-entropy, or what makes it differ on this batch.

    With `whatever_reduction`, what the sum of the losses is divided by does not count as a difference.
    """
    loss = batch.loss(convention)
    if math.isnan(loss):
        nan = _why_nan(convention, batch)
        return (Because(Reason.MISTAKE), nan) if _clip_is_missed(convention, batch) else (nan,)
    if convention.mistake:
        as_written = convention.as_written and (whatever_reduction or batch.divisor(convention) == batch.rows)
        equal = _is_plain(convention, batch, as_written, whatever_reduction)
        return (Because(Reason.EQUAL_HERE if equal else Reason.MISTAKE),)
    causes = _causes(convention, batch, whatever_reduction)
    if _is_plain(convention, batch, not causes, whatever_reduction):
        return (Because(Reason.EQUAL),)
    if math.isinf(loss):
        return (Because(Reason.LOG_ZERO, _zero(convention, batch)),)
    return tuple(causes) or (Because(Reason.ROUNDED),)


def _is_plain(convention: Convention, batch: Batch, has_plain_formula: bool, whatever_reduction: bool) -> bool:
    """Whether the loss equals the plain cross-entropy but for what rounding can make of equal formulas.

    Another formula is called equal only where its number is: to the last digits, in float64 too.
    """
    if has_plain_formula:
        return _is_close(convention, batch, whatever_reduction, absolute=_rounding(batch.predictions.dtype))
    return batch.loss(convention) == batch.plain or (
        _is_close(convention, batch, whatever_reduction) and _is_close(convention, batch.in_float64, whatever_reduction)
    )


def _is_close(convention: Convention, batch: Batch, whatever_reduction: bool, absolute: float = 0.0) -> bool:
    """Whether the loss is within rounding of the plain one, and within `absolute` more."""
    loss = batch.loss(convention) * (batch.divisor(convention) / batch.rows if whatever_reduction else 1)
    relative = _rounding(batch.predictions.dtype)
    return loss == batch.plain or abs(loss - batch.plain) <= absolute + relative * abs(batch.plain) < np.inf


@cache
def _rounding(dtype: np.dtype) -> float:
    """What the roundings of a short formula add up to, of a number near 1."""
    return 32 * float(np.finfo(dtype).eps)


def _clip_is_missed(convention: Convention, batch: Batch) -> bool:
    """Whether the clip that the call throws away would have changed a probability."""
    if convention.clip_discarded is None:
        return False
    low, _ = convention.clip_discarded.bounds(batch.probabilities.dtype)
    return bool((batch.passed_to(convention) < low).any())


def _why_nan(convention: Convention, batch: Batch) -> Because:
    passed, limit = batch.passed_to(convention), np.log(np.finfo(batch.predictions.dtype).max)
    if batch.divisor(convention) == 0:
        return Because(Reason.NOTHING_KEPT)
    if convention.exp_overflows and passed.max() > limit:
        return Because(Reason.EXP_OVERFLOWS, float(limit), passed.dtype.name)
    of_logits = convention.mistake is Mistake.LOGITS_AS_PROBABILITIES and convention.library is Library.BY_HAND
    if of_logits and passed.min() < 0:
        return Because(Reason.LOG_OF_NEGATIVE_LOGIT)
    if convention.mistake and np.isinf(passed).any():
        return Because(Reason.INFINITE_LOGIT_AS_PROBABILITY)
    if convention.renormalises and not (batch.targets.any(axis=1) & (passed.sum(axis=1) != 0)).all():
        return Because(Reason.ROW_SUMS_TO_ZERO)
    if convention.form is Form.BERNOULLI and not ((passed == 0) & (batch.targets == 0)).any():
        return Because(Reason.ONE_TIMES_LOG_ZERO)
    if convention.form is Form.SIGMOID:
        return Because(Reason.MASK_IN_SIGMOID)
    return Because(Reason.ZERO_TIMES_LOG_ZERO, _zero(convention, batch))


def _zero(convention: Convention, batch: Batch) -> float:
    """Below what a probability counts as 0: 0 itself, or the smallest normal number of a library that flushes."""
    passed = batch.passed_to(convention)
    if convention.takes == "logits" or np.array_equal(passed, batch.probabilities):
        return 0.0
    return float(np.finfo(passed.dtype).smallest_normal)


def _causes(convention: Convention, batch: Batch, whatever_reduction: bool) -> list[Because]:
    """What makes it another formula than the plain one on this batch."""
    causes = [
        *_causes_in_the_form(convention, batch),
        *_causes_in_the_extras(convention, batch),
        *_causes_in_the_constants(convention, batch),
    ]
    if not whatever_reduction:
        causes += _causes_in_the_reduction(convention, batch)
    if not causes and convention.dtype and convention.dtype != batch.predictions.dtype:
        causes.append(Because(Reason.IN_OTHER_DTYPE, dtype=convention.dtype))
    return causes


def _causes_in_the_form(convention: Convention, batch: Batch) -> Iterator[Because]:
    """What its formula does that matters on this batch."""
    q, p = batch.probabilities, batch.targets
    if convention.form in FORMS:
        yield Because(FORMS[convention.form])
    if convention.form in (Form.DIVERGENCE, Form.GENERALISED_DIVERGENCE) and not batch.has_labels:
        yield Because(Reason.WITHOUT_ENTROPY)
    if convention.form is Form.GENERALISED_DIVERGENCE and _differ(q.sum(axis=1), p.sum(axis=1)):
        yield Because(Reason.ADDS_SUMS)
    if convention.smoothing:
        others = Extra.OTHERS_SMOOTHED in convention.extras
        yield Because(Reason.SMOOTHS_OTHERS if others else Reason.SMOOTHS, convention.smoothing)
    if convention.renormalises and convention.form is not Form.ENTROPY and _differ(q.sum(axis=1), 1):
        yield Because(Reason.RENORMALISES)
    if convention.renormalises and convention.library is Library.SCIPY and _differ(p.sum(axis=1), 1):
        yield Because(Reason.RENORMALISES_TARGETS)


def _causes_in_the_extras(convention: Convention, batch: Batch) -> Iterator[Because]:
    """What it does beyond its form."""
    for extra in convention.extras:
        if extra in EXTRAS and _matters(extra, convention, batch):
            yield Because(EXTRAS[extra], rows=batch.rows, classes=batch.classes)


def _matters(extra: Extra, convention: Convention, batch: Batch) -> bool:
    """False where labels that are ignored do not occur, or weights are all alike."""
    if extra is Extra.IGNORED_LABEL:
        return bool(batch.targets[:, 0].any())
    if extra is Extra.CLASS_WEIGHTS and convention.weights is not None and not convention.smoothing:
        weights = convention.weights(batch.targets)
        return bool((weights != weights[0]).any())
    return extra is not Extra.CLASS_WEIGHTS or bool(batch.targets[:, 1:].any())


def _differ(sums: Floats, others: Floats | float) -> bool:
    """Whether any row's sum differs beyond rounding."""
    return bool((np.abs(sums - others) > _rounding(sums.dtype)).any())


def _causes_in_the_constants(convention: Convention, batch: Batch) -> Iterator[Because]:
    if convention.clip or convention.log_low is not None:
        yield from _causes_in_the_clip(convention, batch)
    if convention.added and batch.range_of_probabilities[0] < ADDED_SHOWS * convention.added:
        yield Because(Reason.ADDS, convention.added)


def _causes_in_the_clip(convention: Convention, batch: Batch) -> Iterator[Because]:
    clips_before_dividing = convention.renormalises and convention.targets == "labels"
    every = convention.form is Form.BERNOULLI or clips_before_dividing
    least, most = batch.range_of_probabilities if every else batch.range_of_wanted
    low, high = convention.clip.bounds(batch.predictions.dtype) if convention.clip else (0.0, 1.0)
    if least < low:
        yield Because(Reason.CLIPS_LOW, low)
    if most > high:
        yield Because(Reason.CLIPS_HIGH, 1 - high)
    if convention.log_low is not None and least < np.exp(convention.log_low):
        yield Because(Reason.CLIPS_LOG, convention.log_low)


def _causes_in_the_reduction(convention: Convention, batch: Batch) -> Iterator[Because]:
    if convention.divides_by == "entries" and batch.classes > 1:
        yield Because(Reason.DIVIDES_BY_ENTRIES, rows=batch.rows, classes=batch.classes)
    if convention.divides_by == "one" and batch.rows > 1:
        yield Because(Reason.ADDS_ROWS_UP)
    if convention.divides_by == "both":
        yield Because(Reason.DIVIDES_BY_BOTH, rows=batch.rows)
    if Extra.CLASS_WEIGHTS in convention.extras and _matters(Extra.CLASS_WEIGHTS, convention, batch):
        by_weights = convention.divides_by == "weights"
        reason = Reason.DIVIDES_BY_WEIGHTS if by_weights else Reason.DIVIDES_BY_ROWS
        yield Because(reason, batch.divisor(convention), rows=batch.rows)
