"""Why a convention's number differs from the plain cross-entropy on a given batch: as ids with their figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from xent_core.checks import Floats
from xent_core.libraries.batch import Batch
from xent_core.libraries.convention import Convention, Form, Library, Mistake


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


@dataclass(frozen=True)
class Because:
    """A reason, and the figures that its sentence names."""

    reason: Reason
    bound: float = 0.0
    """The bound of a clip, the limit of exp, or what counts as 0; exactly 0 if there is none."""
    dtype: str = ""
    rows: int = 0
    classes: int = 0


FORMS = {
    Form.BERNOULLI: Reason.BERNOULLI_FORM,
    Form.SIGMOID: Reason.SIGMOID_FORM,
    Form.ENTROPY: Reason.ENTROPY_ALONE,
}


def reasons(convention: Convention, batch: Batch, *, whatever_reduction: bool = False) -> tuple[Because, ...]:
    """That the loss equals the plain cross-entropy, or what makes it differ on this batch.

    With `whatever_reduction`, what the sum of the losses is divided by does not count as a difference.
    """
    loss = batch.loss(convention)
    if np.isnan(loss):
        return (_why_nan(convention, batch),)
    if is_plain(convention, batch, whatever_reduction=whatever_reduction):
        return (Because(Reason.EQUAL_HERE if convention.mistake else Reason.EQUAL),)
    if convention.mistake:
        return (Because(Reason.MISTAKE),)
    if np.isinf(loss):
        return (Because(Reason.LOG_ZERO, _zero(convention, batch)),)
    return tuple(_causes(convention, batch, whatever_reduction)) or (Because(Reason.ROUNDED),)


def is_plain(convention: Convention, batch: Batch, *, whatever_reduction: bool = False) -> bool:
    """Whether the loss equals the plain cross-entropy but for what rounding can make of equal formulas.

    Another formula is called equal only where its number is: to the last digits, in float64 too.
    """
    if _has_plain_formula(convention, batch, whatever_reduction):
        return _is_close(convention, batch, whatever_reduction, absolute=_rounding(batch.predictions.dtype))
    return batch.loss(convention) == batch.plain or (
        _is_close(convention, batch, whatever_reduction) and _is_close(convention, batch.in_float64, whatever_reduction)
    )


def _has_plain_formula(convention: Convention, batch: Batch, whatever_reduction: bool) -> bool:
    if convention.mistake:
        return convention.as_written and (whatever_reduction or batch.divisor(convention) == batch.rows)
    return not _causes(convention, batch, whatever_reduction)


def _is_close(convention: Convention, batch: Batch, whatever_reduction: bool, absolute: float = 0.0) -> bool:
    """Whether the loss is within rounding of the plain one, and within `absolute` more."""
    loss = batch.loss(convention) * (batch.divisor(convention) / batch.rows if whatever_reduction else 1)
    relative = _rounding(batch.predictions.dtype)
    return loss == batch.plain or abs(loss - batch.plain) <= absolute + relative * abs(batch.plain) < np.inf


def _rounding(dtype: np.dtype) -> float:
    """What the roundings of a short formula add up to, of a number near 1."""
    return 32 * float(np.finfo(dtype).eps)


def _why_nan(convention: Convention, batch: Batch) -> Because:
    passed, limit = batch.passed_to(convention), np.log(np.finfo(batch.predictions.dtype).max)
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
    causes = [*_causes_in_the_form(convention, batch), *_causes_in_the_constants(convention, batch)]
    return causes if whatever_reduction else [*causes, *_causes_in_the_reduction(convention, batch)]


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
        yield Because(Reason.SMOOTHS, convention.smoothing)
    if convention.renormalises and convention.form is not Form.ENTROPY and _differ(q.sum(axis=1), 1):
        yield Because(Reason.RENORMALISES)
    if convention.renormalises and convention.library is Library.SCIPY and _differ(p.sum(axis=1), 1):
        yield Because(Reason.RENORMALISES_TARGETS)


def _differ(sums: Floats, others: Floats | float) -> bool:
    """Whether any row's sum differs beyond rounding."""
    return bool((np.abs(sums - others) > _rounding(sums.dtype)).any())


def _causes_in_the_constants(convention: Convention, batch: Batch) -> Iterator[Because]:
    q, p = batch.probabilities, batch.targets
    low, high = convention.clip.bounds(q.dtype) if convention.clip else (0.0, 1.0)
    clips_before_dividing = convention.renormalises and convention.targets == "labels"
    counted = (p > 0) | (convention.form is Form.BERNOULLI) | clips_before_dividing
    if (q[counted] < low).any():
        yield Because(Reason.CLIPS_LOW, low)
    if (q[counted] > high).any():
        yield Because(Reason.CLIPS_HIGH, 1 - high)
    if convention.log_low is not None and (q[counted] < np.exp(convention.log_low)).any():
        yield Because(Reason.CLIPS_LOG, convention.log_low)
    if convention.added:
        yield Because(Reason.ADDS, convention.added)
    if convention.dtype not in (None, q.dtype.name):
        yield Because(Reason.IN_OTHER_DTYPE, dtype=convention.dtype or "")


def _causes_in_the_reduction(convention: Convention, batch: Batch) -> Iterator[Because]:
    if convention.divides_by == "entries" and batch.classes > 1:
        yield Because(Reason.DIVIDES_BY_ENTRIES, rows=batch.rows, classes=batch.classes)
