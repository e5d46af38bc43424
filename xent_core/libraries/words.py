"""What the reasons of `xent_core.libraries.reasons` say in words, as one sentence."""

from collections.abc import Sequence

from xent_core.libraries.batch import Batch
from xent_core.libraries.convention import Convention, Extra, Mistake, Need, Task, Version
from xent_core.libraries.reasons import Because, Reason, reasons

TASKS = {
    Task.MULTI_CLASS: "one class of several",
    Task.MULTI_LABEL: "yes or no for each class",
    Task.LANGUAGE_MODEL: "language model",
    Task.DISTILLATION: "distillation",
    Task.CONTRASTIVE: "contrastive",
}
MISTAKES = {
    Mistake.CLIP_DISCARDED: "the clip is thrown away",
    Mistake.SUMMED: "rows are added up",
    Mistake.MEAN_OVER_ENTRIES: "the mean over all entries",
    Mistake.BINARY_ON_ONE_HOT: "the binary form on one-hot targets",
    Mistake.BASE_10: "logarithms to base 10",
    Mistake.BASE_2: "logarithms to base 2",
    Mistake.LOGITS_AS_PROBABILITIES: "logits as probabilities",
    Mistake.NO_MINUS: "no minus sign",
    Mistake.SOFTMAX_TWICE: "softmax twice",
    Mistake.SIGMOID_TWICE: "sigmoid twice",
    Mistake.PROBABILITIES_AS_LOGS: "probabilities as logarithms",
    Mistake.LOGITS_AS_LOGS: "logits as logarithms",
    Mistake.IGNORED_COUNTED: "ignored rows are counted",
    Mistake.NO_T_SQUARED: "no factor T²",
}
CONSTANTS = {
    Extra.CLASS_WEIGHTS: "class j weighs j",
    Extra.POSITIVE_WEIGHTS: "targets above 0 of class j weigh j",
    Extra.POSITIVE_WEIGHT: "targets above 0 weigh 2",
    Extra.IGNORED_LABEL: "label 0 is ignored",
    Extra.FOCAL: "γ = 2",
    Extra.QUARTER: "α = 0.25",
    Extra.BALANCED: "α = 0.25 for targets of 1, 0.75 for those of 0",
    Extra.OTHERS_SMOOTHED: "to the other classes",
    Extra.TEMPERATURE: "T = 2",
    Extra.TIMES_T_SQUARED: "T² = 4",
    Extra.Z_LOSS: "1e-4 for the z-loss",
    Extra.SEQUENCES: "sequences of 1 and m − 1 tokens",
}
"""What a call's weights, masks and factors are, for those that have any."""
NEEDS = {
    Need.LOGITS: "logits: these are probabilities",
    Need.LABELS: "labels: these targets are not one-hot",
    Need.TWO_CLASSES: "a second class",
    Need.TWO_ROWS: "a second row",
    Need.A_COLUMN_EACH: "a column for each row",
    Need.A_SQUARE: "as many columns as rows",
}
"""What an input lacks for the calls that are left out."""
DIVISORS = {
    "rows": "the number of rows, m",
    "entries": "the number of entries, m·n",
    "one": "nothing: a sum",
    "weights": "the sum of the rows’ weights",
    "kept": "the number of rows that are kept",
    "sequences": "the tokens of each sequence, then the two sequences",
    "both": "the rows of both batches, 2m",
}
SENTENCES = {
    Reason.NOTHING_KEPT: "Every row is left out, and 0 / 0 is nan.",
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
    Reason.WEIGHS_CLASSES: "weighs class j by j",
    Reason.WEIGHS_POSITIVES: "multiplies the terms of targets above 0 by j for class j",
    Reason.WEIGHS_POSITIVES_TWICE: "multiplies the terms of targets above 0 by 2",
    Reason.LEAVES_OUT: "leaves out the rows with label 0",
    Reason.FOCUSES: "multiplies every term by the square of what the prediction lacks",
    Reason.QUARTERS: "multiplies by α = 0.25",
    Reason.BALANCES: "multiplies by 0.25 where the target is 1 and by 0.75 where it is 0",
    Reason.SMOOTHS_OTHERS: "moves a share of {value} of the targets to the other classes",
    Reason.SOFTENS: "softens both sides by T = 2",
    Reason.TIMES_T_SQUARED: "multiplies by T² = 4",
    Reason.ADDS_Z_LOSS: "adds 1e-4 times the square of log Σ exp z",
    Reason.SHIFTS: "compares each row with the label of the next and leaves out the last",
    Reason.SEQUENCES_FIRST: "takes the mean of each sequence first",
    Reason.OWN_COLUMN: "takes column i for the right one of row i",
    Reason.FIRST_COLUMN: "takes the first column for the right one of every row",
    Reason.BOTH_WAYS: "takes the mean of the losses over rows and over columns",
    Reason.ADDS_ROWS_UP: "adds the rows up",
    Reason.DIVIDES_BY_ROWS: "divides by {rows} row{s}, not by the sum of the weights",
    Reason.DIVIDES_BY_WEIGHTS: "divides by the sum of the rows’ weights, {value}",
    Reason.DIVIDES_BY_BOTH: "divides by the rows of both batches, 2 · {rows}",
    Reason.DIVIDES_BY_ENTRIES: "divides by all {rows} · {classes} = {entries} entries in place of {rows} row{s}",
}


def why(convention: Convention, batch: Batch, *, whatever_reduction: bool = False) -> str:
    """One sentence: that the loss equals the plain cross-entropy, or what makes it differ on this batch."""
    return sentence(convention, reasons(convention, batch, whatever_reduction=whatever_reduction))


def sentence(convention: Convention, found: Sequence[Because]) -> str:
    """What the reasons say about a convention."""
    first = found[0].reason
    if first is Reason.MISTAKE:
        return " ".join([convention.went_wrong, *(_filled(SENTENCES[one.reason], one) for one in found[1:])])
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


def releases(convention: Convention) -> str:
    """Which releases of its library compute this: nothing where all known ones do.

    >>> from xent_core.conventions import CONVENTIONS
    >>> releases(CONVENTIONS["torch_clamp_persample"])
    'PyTorch 2.14 and newer'
    """
    since, until = (version and numbered(version) for version in (convention.since, convention.until))
    if since and until:
        return f"{convention.library} {since} and newer, before {until}"
    if since or until:
        return f"{convention.library} {since} and newer" if since else f"{convention.library} before {until}"
    return ""


def numbered(version: Version) -> str:
    """2.14 of (2, 14)."""
    return ".".join(map(str, version))


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
