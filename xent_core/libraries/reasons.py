"""Why a convention's number differs from the plain cross-entropy on a given batch, as one sentence."""

from collections.abc import Iterator

import numpy as np

from xent_core.libraries.batch import Batch
from xent_core.libraries.convention import Convention

EQUAL = "Equal to the plain cross-entropy."
LOG_OF_ZERO = "A target above 0 meets a probability of exactly 0, and −log 0 is infinite."
ZERO_TIMES_INFINITY = "A class with target 0 has a probability of exactly 0, and 0 · log 0 is nan."

FORMS = {
    "Bernoulli": "adds (1 − p) log(1 − q) for every class",
    "sigmoid": "puts each class through a sigmoid of its own and adds the (1 − p) log(1 − q) terms",
    "divergence": "leaves out H(p), the entropy of the targets themselves",
    "generalised divergence": "leaves out H(p) and adds Σq − Σp",
    "entropy": "is the entropy of the targets alone",
}


def why(convention: Convention, batch: Batch, loss: float) -> str:
    """One sentence: that the loss equals the plain cross-entropy, or what makes it differ on this batch."""
    if np.isnan(loss):
        return _why_nan(convention, batch)
    if np.isclose(loss, batch.plain, rtol=_rounding(batch), atol=_rounding(batch)):
        return _nothing_but(convention.mistake) if convention.mistake else EQUAL
    if convention.mistake:
        return convention.mistake
    if np.isinf(loss):
        return LOG_OF_ZERO
    causes = list(_causes(convention, batch))
    return f"It {_listed(causes)}." if causes else "It is rounded differently."


def _rounding(batch: Batch) -> float:
    """What the libraries' own rounding can make of equal formulas."""
    return 32 * float(np.finfo(batch.predictions.dtype).eps)


def _nothing_but(mistake: str) -> str:
    return f"No difference here, but {mistake[0].lower()}{mistake[1:]}"


def _why_nan(convention: Convention, batch: Batch) -> str:
    passed, limit = batch.passed_to(convention), np.log(np.finfo(batch.predictions.dtype).max)
    if convention.id == "numpy_naive_softmax" and passed.max() > limit:
        return f"exp overflows past {limit:.2f} in {passed.dtype}, and inf / inf is nan."
    if convention.id == "mistake_logits_as_probabilities" and passed.min() < 0:
        return "A logit below 0 was passed as a probability, and its logarithm is nan."
    if convention.renormalises and not (batch.targets.any(axis=1) & (passed.sum(axis=1) != 0)).all():
        return "A row sums to 0, and 0 / 0 is nan."
    return ZERO_TIMES_INFINITY


def _causes(convention: Convention, batch: Batch) -> Iterator[str]:
    """What the convention does that matters on this batch, as verbs."""
    yield from _causes_in_the_form(convention, batch)
    yield from _causes_in_the_constants(convention, batch)
    if convention.divides_by == "entries" and batch.classes > 1:
        m, n = batch.rows, batch.classes
        yield f"divides by all {m} · {n} = {m * n} entries in place of {m} row{'s' * (m > 1)}"


def _causes_in_the_form(convention: Convention, batch: Batch) -> Iterator[str]:
    p = batch.targets
    has_entropy = ((p > 0) & (p < 1)).any()
    if convention.form != "categorical" and (convention.form != "divergence" or has_entropy):
        yield FORMS[convention.form]
    if convention.constant("smoothing"):
        yield "moves a share of 0.1 of the targets to all classes"
    if convention.renormalises and batch.kind == "probabilities" and _off(batch.predictions):
        yield "divides the probabilities by their sum"
    if convention.renormalises and convention.library == "SciPy" and _off(p):
        yield "divides the targets by their sum"


def _off(rows: np.ndarray) -> bool:
    """Whether any row's sum is not 1, beyond rounding."""
    return bool((np.abs(rows.sum(axis=1) - 1) > 32 * np.finfo(rows.dtype).eps).any())


def _causes_in_the_constants(convention: Convention, batch: Batch) -> Iterator[str]:
    q, p = batch.probabilities, batch.targets
    low, high = clip_bounds(convention, q.dtype)
    counted = (p > 0) | (convention.form == "Bernoulli")
    if (q[counted] < low).any():
        yield f"counts probabilities below {low:.3g} as {low:.3g}"
    if (q[counted] > high).any():
        yield f"counts probabilities above 1 − {1 - high:.3g} as that"
    if convention.constant("log low"):
        yield "stops every logarithm at −100"
    if convention.constant("added"):
        yield "adds 1e-7 to every probability"
    if convention.constant("dtype") not in (None, q.dtype.name):
        yield "computes in float32"


def clip_bounds(convention: Convention, dtype: np.dtype) -> tuple[float, float]:
    """The bounds that probabilities are clipped to, in `dtype`: 0 and 1 where nothing is."""
    low, high = convention.constant("low"), convention.constant("high")
    if low is None:
        return 0.0, 1.0
    epsilon = np.finfo(dtype).eps if low == "eps" else dtype.type(low)
    return float(epsilon), float(1 - epsilon) if high != 1 else 1.0


def _listed(verbs: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = verbs
    return f"{', '.join(first)} and {last}" if first else last
