"""Why a convention's number differs from the plain cross-entropy on a given batch, as one sentence."""

from collections.abc import Iterator

import numpy as np

from xent_core.checks import Floats
from xent_core.libraries.batch import Batch
from xent_core.libraries.convention import Convention

EQUAL = "Equal to the plain cross-entropy."
PLAIN = r"-\sum_j p_j\,\ln q_j"

FORMS = {
    "Bernoulli": "adds (1 − p) log(1 − q) for every class",
    "sigmoid": "puts each class through a sigmoid of its own and adds the (1 − p) log(1 − q) terms",
    "entropy": "is the entropy of the targets alone",
}


def why(convention: Convention, batch: Batch, *, whatever_reduction: bool = False) -> str:
    """One sentence: that the loss equals the plain cross-entropy, or what makes it differ on this batch.

    With `whatever_reduction`, what the sum of the losses is divided by does not count as a difference.
    """
    loss = batch.loss(convention)
    if np.isnan(loss):
        return _why_nan(convention, batch)
    if is_plain(convention, batch, whatever_reduction=whatever_reduction):
        return _nothing_but(convention.mistake) if convention.mistake else EQUAL
    if convention.mistake:
        return convention.mistake
    if np.isinf(loss):
        return f"A target above 0 meets a probability {_zero(convention, batch)}, and −log 0 is infinite."
    causes = _causes(convention, batch, whatever_reduction)
    return f"It {_listed(causes)}." if causes else "It is rounded differently."


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
        same_divisor = whatever_reduction or batch.divisor(convention) == batch.rows
        return convention.formula == PLAIN and same_divisor
    return not _causes(convention, batch, whatever_reduction)


def _is_close(convention: Convention, batch: Batch, whatever_reduction: bool, absolute: float = 0.0) -> bool:
    """Whether the loss is within rounding of the plain one, and within `absolute` more."""
    loss = batch.loss(convention) * (batch.divisor(convention) / batch.rows if whatever_reduction else 1)
    return bool(np.isclose(loss, batch.plain, rtol=_rounding(batch.predictions.dtype), atol=absolute))


def _rounding(dtype: np.dtype) -> float:
    """What the roundings of a short formula add up to, of a number near 1."""
    return 32 * float(np.finfo(dtype).eps)


def _nothing_but(mistake: str) -> str:
    return f"No difference here, but {mistake[0].lower()}{mistake[1:]}"


def _why_nan(convention: Convention, batch: Batch) -> str:
    passed, limit = batch.passed_to(convention), np.log(np.finfo(batch.predictions.dtype).max)
    if convention.id == "numpy_naive_softmax" and passed.max() > limit:
        return f"exp overflows past {limit:.2f} in {passed.dtype}, and inf / inf is nan."
    if convention.id == "mistake_logits_as_probabilities" and passed.min() < 0:
        return "A logit below 0 was passed as a probability, and its logarithm is nan."
    if convention.mistake and np.isinf(passed).any():
        return "A logit of −∞ was passed as a probability, and the arithmetic of ∞ ends in nan."
    if convention.renormalises and not (batch.targets.any(axis=1) & (passed.sum(axis=1) != 0)).all():
        return "A row sums to 0, and 0 / 0 is nan."
    if convention.form == "Bernoulli" and not ((passed == 0) & (batch.targets == 0)).any():
        return "A class with target 1 has a probability of exactly 1, and 0 · log 0 is nan."
    if convention.form == "sigmoid":
        return "A logit of −∞ makes 0 · ∞ or ∞ − ∞ in this formula, and that is nan."
    return f"A class with target 0 has a probability {_zero(convention, batch)}, and 0 · log 0 is nan."


def _zero(convention: Convention, batch: Batch) -> str:
    """What log 0 comes from: a probability of 0, or one that the library takes for 0."""
    passed = batch.passed_to(convention)
    if convention.takes == "logits" or np.array_equal(passed, batch.probabilities):
        return "of exactly 0"
    return f"below {_short(float(np.finfo(passed.dtype).smallest_normal))}, which counts as 0 there"


def _causes(convention: Convention, batch: Batch, whatever_reduction: bool) -> list[str]:
    """What makes it another formula than the plain one on this batch, as verbs."""
    causes = [*_causes_in_the_form(convention, batch), *_causes_in_the_constants(convention, batch)]
    return causes if whatever_reduction else [*causes, *_causes_in_the_reduction(convention, batch)]


def _causes_in_the_form(convention: Convention, batch: Batch) -> Iterator[str]:
    """What its formula does that matters on this batch, as verbs."""
    q, p = batch.probabilities, batch.targets
    if convention.form in FORMS:
        yield FORMS[convention.form]
    if convention.form.endswith("divergence") and not batch.has_labels:
        yield "leaves out H(p), the entropy of the targets themselves"
    if convention.form == "generalised divergence" and _differ(q.sum(axis=1), p.sum(axis=1)):
        yield "adds Σq − Σp"
    if convention.constant("smoothing"):
        yield "moves a share of 0.1 of the targets to all classes"
    if convention.renormalises and convention.form != "entropy" and _differ(q.sum(axis=1), 1):
        yield "divides the probabilities by their sum"
    if convention.renormalises and convention.library == "SciPy" and _differ(p.sum(axis=1), 1):
        yield "divides the targets by their sum"


def _differ(sums: Floats, others: Floats | float) -> bool:
    """Whether any row's sum differs beyond rounding."""
    return bool((np.abs(sums - others) > _rounding(sums.dtype)).any())


def _causes_in_the_constants(convention: Convention, batch: Batch) -> Iterator[str]:
    q, p = batch.probabilities, batch.targets
    low, high = _clip_bounds(convention, q.dtype)
    clips_before_dividing = convention.renormalises and convention.targets == "labels"
    counted = (p > 0) | (convention.form == "Bernoulli") | clips_before_dividing
    if (q[counted] < low).any():
        yield f"counts probabilities below {_short(low)} as {_short(low)}"
    if (q[counted] > high).any():
        yield f"counts probabilities above 1 − {_short(1 - high)} as that"
    if convention.constant("log low") and (q[counted] < np.exp(-100.0)).any():
        yield "stops every logarithm at −100"
    if convention.constant("added"):
        yield "adds 1e-7 to every probability"
    if convention.constant("dtype") not in (None, q.dtype.name):
        yield "computes in float32"


def _causes_in_the_reduction(convention: Convention, batch: Batch) -> Iterator[str]:
    m, n = batch.rows, batch.classes
    if convention.divides_by == "entries" and n > 1:
        yield f"divides by all {m} · {n} = {m * n} entries in place of {m} row{'s' * (m > 1)}"


def _clip_bounds(convention: Convention, dtype: np.dtype) -> tuple[float, float]:
    """The bounds that probabilities are clipped to, in `dtype`: 0 and 1 where nothing is."""
    low, high = convention.constant("low"), convention.constant("high")
    if low is None:
        return 0.0, 1.0
    epsilon = np.finfo(dtype).eps if low == "eps" else dtype.type(low)
    return float(epsilon), float(1 - epsilon) if high != 1 else 1.0


def _short(value: float) -> str:
    """1e-7, not 1e-07."""
    return f"{value:.3g}".replace("e-0", "e-")


def _listed(verbs: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = verbs
    return f"{', '.join(first)} and {last}" if first else last
