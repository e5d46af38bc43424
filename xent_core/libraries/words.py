"""What the reasons of `xent_core.libraries.reasons` say in words, as one sentence."""

from collections.abc import Sequence

from xent_core.libraries.batch import Batch
from xent_core.libraries.convention import Convention
from xent_core.libraries.reasons import Because, Reason, reasons

SENTENCES = {
    Reason.EQUAL: "Equal to the plain cross-entropy.",
    Reason.ROUNDED: "It is rounded differently.",
    Reason.EXP_OVERFLOWS: "exp overflows past {bound:.2f} in {dtype}, and inf / inf is nan.",
    Reason.LOG_OF_NEGATIVE_LOGIT: "A logit below 0 was passed as a probability, and its logarithm is nan.",
    Reason.INFINITE_LOGIT_AS_PROBABILITY: "A logit of −∞ was passed as a probability, and the arithmetic of ∞ ends in "
    "nan.",
    Reason.ROW_SUMS_TO_ZERO: "A row sums to 0, and 0 / 0 is nan.",
    Reason.ONE_TIMES_LOG_ZERO: "A class with target 1 has a probability of exactly 1, and 0 · log 0 is nan.",
    Reason.MASK_IN_SIGMOID: "A logit of −∞ makes 0 · ∞ or ∞ − ∞ in this formula, and that is nan.",
    Reason.ZERO_TIMES_LOG_ZERO: "A class with target 0 has a probability {zero}, and 0 · log 0 is nan.",
    Reason.LOG_ZERO: "A target above 0 meets a probability {zero}, and −log 0 is infinite.",
}
VERBS = {
    Reason.BERNOULLI_FORM: "adds (1 − p) log(1 − q) for every class",
    Reason.SIGMOID_FORM: "puts each class through a sigmoid of its own and adds the (1 − p) log(1 − q) terms",
    Reason.ENTROPY_ALONE: "is the entropy of the targets alone",
    Reason.WITHOUT_ENTROPY: "leaves out H(p), the entropy of the targets themselves",
    Reason.ADDS_SUMS: "adds Σq − Σp",
    Reason.SMOOTHS: "moves a share of {value} of the targets to all classes",
    Reason.RENORMALISES: "divides the probabilities by their sum",
    Reason.RENORMALISES_TARGETS: "divides the targets by their sum",
    Reason.CLIPS_LOW: "counts probabilities below {value} as {value}",
    Reason.CLIPS_HIGH: "counts probabilities above 1 − {value} as that",
    Reason.CLIPS_LOG: "stops every logarithm at −{value}",
    Reason.ADDS: "adds {value} to every probability",
    Reason.IN_OTHER_DTYPE: "computes in {dtype}",
    Reason.DIVIDES_BY_ENTRIES: "divides by all {rows} · {classes} = {entries} entries in place of {rows} row{s}",
}


def why(convention: Convention, batch: Batch, *, whatever_reduction: bool = False) -> str:
    """One sentence: that the loss equals the plain cross-entropy, or what makes it differ on this batch."""
    return sentence(convention, reasons(convention, batch, whatever_reduction=whatever_reduction))


def sentence(convention: Convention, found: Sequence[Because]) -> str:
    """What the reasons say about a convention."""
    first = found[0].reason
    if first is Reason.MISTAKE:
        return convention.went_wrong
    if first is Reason.EQUAL_HERE:
        return f"No difference here, but {convention.went_wrong[0].lower()}{convention.went_wrong[1:]}"
    if first in SENTENCES:
        return _filled(SENTENCES[first], found[0])
    return f"It {_listed([_filled(VERBS[one.reason], one) for one in found])}."


def _filled(words: str, because: Because) -> str:
    return words.format(
        bound=because.bound,
        value=in_short(abs(because.bound)),
        zero=f"below {in_short(because.bound)}, which counts as 0 there" if because.bound else "of exactly 0",
        dtype=because.dtype,
        rows=because.rows,
        classes=because.classes,
        entries=because.rows * because.classes,
        s="" if because.rows == 1 else "s",
    )


def in_short(value: float) -> str:
    """1e-7, not 1e-07.

    >>> in_short(1e-7)
    '1e-7'
    """
    return f"{value:.3g}".replace("e-0", "e-")


def _listed(verbs: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = verbs
    return f"{', '.join(first)} and {last}" if first else last
