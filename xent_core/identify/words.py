"""What is told about a number, in words: the one place of them all."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from xent_core.identify.causes import Cause
from xent_core.identify.choice import Option, Seen, Sign, Which
from xent_core.identify.context import Context, Measure, Moment
from xent_core.identify.data import Candidate, Reduction
from xent_core.identify.decode import FARTHEST_NOISE
from xent_core.identify.found import Answer, Found, Status
from xent_core.identify.number import Fit
from xent_core.identify.origins import Bound, Change, Kind, Origin
from xent_core.identify.sizes import OF_A_CONTRASTIVE_BATCH, whose
from xent_core.libraries.convention import Library
from xent_core.libraries.reasons import Reason
from xent_core.libraries.words import sentence
from xent_core.losses import UNITS

OFTEN_BY_CHANCE = 0.02
"""Where more random numbers than this would fit something as usual, the verdict says so."""


@dataclass(frozen=True)
class Told:
    """One answer in words."""

    title: str
    """What gives the number, as a formula or a few words."""
    claim: str
    """What it would mean, as a clause without its full stop."""
    more: str
    """What else there is to say, as sentences; may be empty."""
    next_step: str
    """What to check or do, as sentences."""


@dataclass(frozen=True)
class _Phrase:
    title: str
    claim: str
    step: str
    more: str = ""


_UNTRAINED = "{moment} a learning rate that is too small or far too large, labels shuffled against inputs, inputs that "
_UNTRAINED += "are all alike, or a gradient of 0."
_LOGITS = "Pass the logits to the loss: take the softmax out of the model, or set from_logits to match it."
_SIGMOIDS = "Pass the logits to the loss: take the sigmoid out of the model, or set from_logits to match it."
_FLOOR = "Nothing to repair: with label smoothing this is the lowest loss there is."
_FUSED = (
    "Use the loss that takes logits: it has no ceiling. Beyond a clip the gradient is exactly 0, and nothing is learnt."
)

MOMENTS = {
    Moment.UNKNOWN: "In the first steps this is right. If it stays, look for",
    Moment.FIRST: "It is the first number of its log, and there it is right. If it stays, look for",
    Moment.CONSTANT: "It stays, so the model does not learn. Look for",
}
OF_KIND = {
    Kind.HALF: _Phrase(
        "ln 2",
        "two outcomes are equally likely, as two classes or a sigmoid at ½",
        _UNTRAINED,
        "A DPO loss starts here too, with a reward of 0, and so does each question of a GAN.",
    ),
    Kind.UNIFORM: _Phrase("ln {n}", "all {n} classes are equally likely{whose}", _UNTRAINED, "{contrastive}"),
    Kind.START: _Phrase(
        "about ln {n}",
        "{near} {landmark}, {as_start}{whose}",
        _UNTRAINED,
    ),
    Kind.TWO_HEADS: _Phrase(
        "ln {n} + ln {others}",
        "two losses are added up, of {n} and of {others} equally likely classes",
        "Log the two apart. In the first steps this is right.",
        "{heads}",
    ),
    Kind.BINARY_UNIFORM: _Phrase(
        "the binary form at 1/{n}",
        "each of {n} classes has the probability 1/{n}, and the binary form is summed over them",
        "For classes that exclude each other use the categorical form; in the first steps this is right.",
        "{base_rate}",
    ),
    Kind.DOUBLE_SOFTMAX_FLOOR: _Phrase(
        "ln(1 + {rest}/e), the floor of double softmax",
        "softmax is applied twice, so that with {n} classes even a perfect prediction costs this much",
        _LOGITS,
    ),
    Kind.DOUBLE_SOFTMAX_CEILING: _Phrase(
        "ln(e + {rest}), the ceiling of double softmax",
        "softmax is applied twice, so that with {n} classes even a sure and wrong prediction costs no more",
        _LOGITS,
    ),
    Kind.DOUBLE_SIGMOID_FLOOR: _Phrase(
        "ln(1 + 1/e), the floor of a double sigmoid",
        "a sigmoid is applied twice, so that even a perfect yes costs this much",
        _SIGMOIDS,
    ),
    Kind.DOUBLE_SIGMOID_BALANCED_FLOOR: _Phrase(
        "(ln 2 + ln(1 + 1/e)) / 2, the floor of a double sigmoid",
        "a sigmoid is applied twice, and half of the targets are 1",
        _SIGMOIDS,
    ),
    Kind.DOUBLE_SIGMOID_START: _Phrase(
        "the start of a double sigmoid",
        "a sigmoid is applied twice to logits near 0, and half of the targets are 1",
        _SIGMOIDS,
    ),
    Kind.SMOOTHING_FLOOR: _Phrase(
        "the floor of label smoothing {a} with {n} classes",
        "the prediction equals the smoothed targets (1 − a) p + a/n, whose entropy is what remains",
        _FLOOR,
    ),
    Kind.SMOOTHING_FLOOR_OTHERS: _Phrase(
        "the floor of label smoothing {a} with {n} classes, spread over the others",
        "the prediction equals targets of 1 − a, and a/(n − 1) for each other class",
        _FLOOR,
        "This form, as in fairseq, gives the label itself no share of a.",
    ),
    Kind.BINARY_SMOOTHING_FLOOR: _Phrase(
        "the floor of the binary form with label smoothing {a}",
        "every probability is a/2 or 1 − a/2, as the smoothed targets are",
        _FLOOR,
    ),
    Kind.CEILING: _Phrase("{ceiling}", "{who} {stops}", "{remedy}"),
    Kind.FLOOR: _Phrase(
        "{floor}, what is left of 0",
        "every prediction is right and sure{left}",
        "Nothing to repair. If it is there from the start, check that the targets are not part of the inputs.",
    ),
    Kind.FOCAL: _Phrase(
        "{alpha}(1 − 1/{n})^{gamma} · ln {n}, a focal loss at its start",
        "all {n} classes are equally likely, and the focal loss weighs each with {alpha}(1 − q)^{gamma}",
        _UNTRAINED,
    ),
    Kind.GRID: _Phrase(
        "a multiple of 1/{steps}, bfloat16’s step there",
        "bfloat16 holds no number between this one and the next, {step} away",
        "Look up more numbers of the log. If they lie on the same grid, compute and print the loss in float32.",
        "So its last digits say nothing of the loss.",
    ),
}
OF_CHANGE = {
    Change.NONE: ("{title}", "{claim}", ""),
    Change.BITS: ("log₂ {n}", "{claim}, and the loss is in bits", "Multiply by ln 2 = 0.6931 to get nats."),
    Change.BANS: ("log₁₀ {n}", "{claim}, and the loss is to base 10", "Multiply by ln 10 = 2.3026 to get nats."),
    Change.PERPLEXITY: ("e^({title})", "the loss is its logarithm, {nats}, and {claim}", ""),
    Change.SUMMED: (
        "{factor} · {title}",
        "{factor} losses are added up, not averaged, and in each {claim}",
        "Divide by {factor}: examples of a batch, tokens, pixels, accumulation steps, devices, or terms of the loss.",
    ),
    Change.ACCUMULATED: (
        "{factor} · {title}",
        "the loss is multiplied by the {factor} accumulation steps or devices, and {claim}",
        "Divide by {factor}. transformers 4.46 to 4.50 added up what num_items_in_batch should have divided.",
    ),
    Change.DIVIDED_BY_ACCUMULATION: (
        "{title} / {divisor}",
        "the loss is divided by the {divisor} accumulation steps or devices, and {claim}",
        "Multiply by {divisor} before you compare or print it.",
    ),
    Change.DIVIDED_BY_CLASSES: (
        "{title} / {divisor}",
        "{claim}, and the mean is over all m·n entries",
        "Multiply by n = {divisor}, or sum over the classes before you take the mean.",
    ),
    Change.DIVIDED_BY_BATCH: (
        "{title} / {divisor}",
        "the mean is divided by the batch of {divisor} once more, and {claim}",
        "Multiply by {divisor}: the loss is a mean already.",
    ),
    Change.DIVIDED_BY_BOTH: (
        "{title} / {divisor}",
        "the loss is divided by the batch and by the classes too, and {claim}",
        "Multiply by {divisor}: the loss is a mean over the batch already.",
    ),
    Change.TEMPERATURE: (
        "0.1/0.07 · {title}",
        "the loss is multiplied by τ/τ₀ = 0.1/0.07, as SupCon’s reference does, and {claim}",
        "Multiply by 0.7 before you compare it with other contrastive losses.",
    ),
}
IN_BASE = {Change.BITS: "log₂", Change.BANS: "log₁₀"}
NEAR = {
    Change.PERPLEXITY: "{claim}",
    Change.ACCUMULATED: "{claim}, and the loss is multiplied by the {factor} accumulation steps or devices",
}
"""What a change makes of the claim of a loss that lies near ln n, where that is not what it makes of others."""

WHOSE_CEILING = {
    Bound.KERAS: "Keras’ clip at 1e-7",
    Bound.TENSORFLOW_1: "the clip at 1e-10 of the classic TensorFlow 1 formula",
    Bound.OLD_SCIKIT_LEARN: "the clip at 1e-15 of old scikit-learn’s log_loss",
    Bound.SCIKIT_LEARN: "scikit-learn’s log_loss, which clips at the dtype’s epsilon,",
    Bound.EPSILON32: "a clip at float32’s epsilon, as scikit-learn’s log_loss or the upper side of Keras’ clip,",
    Bound.BY_HAND: "a clip written by hand, at {bound},",
    Bound.TORCH_BCE: "PyTorch’s binary_cross_entropy, whose logarithm ends at −100,",
    Bound.OLD_TF_KERAS: "tf.keras’ binary loss, which clips and adds 1e-7 as well,",
    Bound.CAFFE: "Caffe, at the smallest normal float32,",
    Bound.SMALLEST: "the smallest number of the dtype, {bound},",
}
_OF_A_METRIC = (
    "log_loss only measures: the model gave a true class the probability 0. Calibrate or smooth its probabilities, or "
    "check the labels."
)
REMEDY = {
    Bound.TORCH_BCE: "Use binary_cross_entropy_with_logits, on the logits. If every entry costs 100, the model is sure "
    "and always wrong: check the labels.",
    Bound.CAFFE: "Look for nan in inputs and weights: Caffe’s SoftmaxWithLoss prints this for nan as well, and then an "
    "accuracy of 1 is no success.",
    Bound.SMALLEST: "Use the loss that takes logits: the next step up is infinity.",
    Bound.OLD_SCIKIT_LEARN: _OF_A_METRIC,
    Bound.SCIKIT_LEARN: _OF_A_METRIC,
    Bound.EPSILON32: f"{_OF_A_METRIC} In training, use the loss that takes logits.",
}
LEFT_BY = {
    Bound.KERAS_UPPER: ", and Keras’ clip leaves this much in float32",
    Bound.KERAS: ", and Keras’ clip leaves this much in float64",
    Bound.JAX: ", and half of float32’s epsilon is left",
    Bound.COMPAT_V1: ", and tf.compat.v1’s log_loss adds 1e-7 to each q",
    Bound.OLD_TORCH_BCE: ", and old PyTorch’s BCELoss adds 1e-12 to each q",
    Bound.BY_HAND: ", and an ε is added to each q",
    Bound.OLD_SCIKIT_LEARN: ", and old scikit-learn’s clip at 1e-15 leaves this much",
    Bound.SCIKIT_LEARN: ", and scikit-learn’s clip at float64’s epsilon leaves this much",
}

OF_CAUSE = {
    Cause.ZERO_TIMES_LOG_ZERO: Told(
        "0 · log 0",
        "a class with target 0 has a probability of 0, exactly or by underflow, and 0 · −∞ is nan",
        "In the binary form one with target 1 and a probability of 1 does the same. The loss is written by hand or "
        "takes log q.",
        "Use the loss that takes logits.",
    ),
    Cause.EXP_OVERFLOW: Told(
        "Overflow",
        "exp overflows in a softmax without the shift, past 11.09 in float16 and 88.72 in float32, and ∞ / ∞ is nan",
        "In float16 any sum or product past 65,504 is infinite too, and ∞ − ∞ is nan.",
        "Use the library’s softmax, or better the loss that takes logits; in float16, scale the loss or use bfloat16.",
    ),
    Cause.DIVERGED: Told(
        "Diverged",
        "the logits themselves are nan or infinite, because training has diverged or an input is nan",
        "",
        "Find the first step whose inputs, weights or logits are not finite. Lower the learning rate, clip the "
        "gradients.",
    ),
    Cause.LOG_OF_NEGATIVE: Told(
        "Log of a negative number",
        "logits were passed where probabilities belong, and the logarithm of a negative number is nan",
        "",
        "Pass the softmax of the logits, or say from_logits=True.",
    ),
    Cause.MASKED_CLASS: Told(
        "A masked class",
        "a class has a logit of −∞, as a mask leaves it, and 0 · −∞ is nan in a loss that takes distributions",
        "",
        "Use a loss that takes logits and labels as indices; or, with distributions, a mask of −1e9 (−1e4 in float16) "
        "in place of −∞.",
    ),
    Cause.MEAN_OF_NOTHING: Told(
        "The mean of nothing",
        "every label of the batch is ignored (ignore_index −100, an empty mask), and 0 / 0 is nan",
        "With reduction='none' or 'sum' the same batch gives 0.0.",
        "Look at the labels of that batch: all −100 means that the answers were cut off or masked. Skip such batches, "
        "or divide by the number of labels and 1 at least.",
    ),
    Cause.ROW_OF_ZEROS: Told(
        "A row of zeros",
        "a row of targets, or of what is passed as probabilities, sums to 0, is divided by its sum, and 0 / 0 is nan",
        "",
        "Leave such rows out, or use a loss that does not divide by the sum.",
    ),
    Cause.LOG_ZERO: Told(
        "log 0",
        "the true class has a probability of 0, exactly or by underflow, and −log 0 is infinite",
        "In the binary form another class with a probability of 1 does the same.",
        "Use the loss that takes logits.",
    ),
    Cause.MASKED_LABEL: Told(
        "A masked label",
        "the true class has a logit of −∞: it is impossible, as where a mask forbids the label",
        "",
        "Check the mask against the labels.",
    ),
    Cause.SMOOTHED_MASK: Told(
        "Label smoothing over a mask",
        "a class has a logit of −∞, as a mask leaves it, and label smoothing gives every class a target above 0",
        "",
        "Leave out the smoothing, or spread it over the classes that the mask leaves.",
    ),
    Cause.SUM_OVERFLOW: Told(
        "Overflow",
        "a sum or a logit passed the dtype’s largest number, which is 65,504 in float16",
        "",
        "Compute the loss in float32, and average before adding up.",
    ),
    Cause.LOG_ZERO_WITHOUT_MINUS: Told(
        "log 0 without the minus",
        "the true class has a probability of exactly 0, and the minus sign before the logarithm is missing",
        "",
        "Put the minus sign before the sum, and use the loss that takes logits.",
    ),
    Cause.UNBOUNDED_BELOW: Told(
        "Unbounded below",
        "nll_loss gets logits in place of log-probabilities, and training drives it to −∞",
        "",
        "Use cross_entropy, which takes logits, or put log_softmax before nll_loss.",
    ),
    Cause.NO_MINUS: Told(
        "No minus sign",
        "the minus sign is missing, and this is the log-likelihood, for a cross-entropy is never below 0",
        "",
        "Put a minus sign before the sum.",
    ),
    Cause.NO_LOGARITHM: Told(
        "nll_loss without the logarithm",
        "nll_loss gets probabilities (then it is between −1 and 0) or logits in place of log-probabilities",
        "",
        "Use cross_entropy on the logits, or put log_softmax before nll_loss.",
    ),
    Cause.TARGETS_OUTSIDE: Told(
        "Targets outside [0, 1]",
        "the targets of a binary loss are not between 0 and 1, as with labels of 2 or −1, or pixels up to 255",
        "Negative class weights do it too.",
        "Scale the targets to [0, 1], or use a loss that takes labels.",
    ),
    Cause.ABOVE_ONE: Told(
        "A probability above 1",
        "a probability is above 1 by rounding, or by an ε that is added to it, and its −log is a little below 0",
        "Then every prediction is right and sure.",
        "Nothing to repair. A clip at 1, or the loss that takes logits, keeps it from falling below 0.",
    ),
    Cause.SUM_OF_NOTHING: Told(
        "The sum of nothing",
        "every label is ignored (ignore_index −100, an empty mask), and the sum of no losses is 0",
        "With reduction='mean' the same batch gives nan.",
        "Look at the labels of one batch: all −100 means that the answers were cut off or masked.",
    ),
    Cause.SURE: Told(
        "Right and sure",
        "every prediction is right, and so sure that nothing is left to the digits shown",
        "In float32 the loss is exactly 0 once the target’s logit leads by about 17.",
        "Nothing to repair if it came slowly. From the start, or on new data, it is too good: see below.",
    ),
    Cause.ONE_OUTPUT: Told(
        "A softmax over one output",
        "the model has one output, whose softmax is always 1, and −log 1 is 0",
        "",
        "Use a sigmoid and the binary loss for one output, or as many outputs as classes.",
    ),
    Cause.LEAK: Told(
        "The target is among the inputs",
        "the model sees what it is to predict, as without a causal mask or with the label as a feature",
        "",
        "Check the shift of the labels, the mask, and the features.",
    ),
    Cause.UNDERFLOW: Told(
        "Underflow",
        "the loss or its scale is below what float16 holds, 6e-8",
        "",
        "Compute the loss in float32.",
    ),
    Cause.HIDDEN_NAN: Told(
        "A nan that is not shown",
        "the gradient is no number, so the loss is likely none, and 0.0 is logged in its place, as transformers does",
        "The logging_nan_inf_filter of its Trainer, which is on by default, leaves such losses out of the mean.",
        "Set logging_nan_inf_filter=False and look up nan: in float16 an overflow, or labels that are all −100.",
    ),
    Cause.LARGE_LOGITS: Told(
        "A gap between logits",
        "unless losses are added up, it is taken from the logits and about the gap by which a wrong one leads, for no "
        "logarithm of a float32 probability is larger than 103.28",
        "A fused loss has no ceiling, and with logits of this size it is right.",
        "Look at the size of the logits: inputs that are not normalised, a learning rate that is too large, or weights "
        "that were never scaled.",
    ),
    Cause.ADDED_UP: Told(
        "A sum",
        "losses of many examples, tokens or pixels are added up where their mean was meant",
        "",
        "Divide by their number, or use reduction='mean'.",
    ),
}


def told(answer: Answer, found: Found) -> Told:
    """An answer in words."""
    if answer.cause:
        return OF_CAUSE[answer.cause]
    if answer.candidates:
        return _told_of_data(answer.candidates[0])
    if answer.origin:
        return told_of(answer.origin, found)
    raise ValueError("the answer has no origin, candidate or cause")


def told_of(origin: Origin, found: Found) -> Told:
    """A known value in words."""
    phrase, filled = OF_KIND[origin.kind], _fields(origin, found)
    title, claim = replace_log(phrase.title.format(**filled), origin.change), phrase.claim.format(**filled)
    changed_title, changed_claim, step = OF_CHANGE[origin.change]
    filled |= {"title": title, "claim": claim}
    if origin.change in IN_BASE or origin.change is Change.NONE:
        changed_title = title
    if origin.change is Change.PERPLEXITY and origin.kind in (Kind.HALF, Kind.UNIFORM, Kind.START):
        about = "about " if origin.kind is Kind.START else ""
        changed_title = f"{about}the perplexity of {{n}} equally likely classes"
    if origin.kind is Kind.START:
        changed_claim = NEAR.get(origin.change, changed_claim)
    told_title, told_claim = changed_title.format(**filled), changed_claim.format(**filled)
    step = step.format(**filled)
    more = phrase.more.format(**filled)
    if origin.negated:
        turned = "the minus sign is missing, or the loss is maximised"
        near = origin.kind is Kind.START
        told_title, told_claim = f"−({told_title})", f"{told_claim}; {turned}" if near else f"{turned}: {told_claim}"
        if origin.kind in (Kind.HALF, Kind.UNIFORM) and origin.change is Change.NONE:
            told_title = f"−{title}"
        step = f"Put a minus sign before the sum. {step}".strip()
    if origin.rounded_to and origin.kind is not Kind.GRID:
        told_title = f"{told_title}, in {origin.rounded_to}"
        more = f"{more} {origin.rounded_to} holds {origin.nats:.6g} as {abs(origin.value):.8g}.".strip()
        step = f"{step} Compute the loss in float32.".strip()
    return Told(told_title, told_claim, more, " ".join(filter(None, (step, phrase.step.format(**filled)))))


def replace_log(title: str, change: Change) -> str:
    """The title with the logarithm of the base that the loss was changed to."""
    return title.replace("ln", IN_BASE[change]) if change in IN_BASE else title


def _fields(origin: Origin, found: Found) -> dict[str, str]:
    n, m = origin.classes, origin.others
    who = whose(n)
    contrastive = f"Of a contrastive batch of {(n + 1) // 2}, 2B − 1 candidates are left for each example."
    base_rate = f"A binary classifier that knows nothing but the base rate, 1 positive in {n:,}, costs the same."
    divisor = 1 / origin.factor if origin.factor else 0.0
    fields = {
        "n": f"{n:,}",
        "rest": f"{n - 1:,}",
        "others": f"{m:,}",
        "whose": f" ({who})" if who else "",
        "nats": f"{origin.nats:.6g}",
        "factor": f"{origin.factor:g}",
        "divisor": f"{divisor:,.6g}",
        "a": f"{origin.smoothing:g}",
        "gamma": f"{origin.gamma:g}",
        "alpha": f"{origin.alpha:g} · " if origin.alpha != 1 else "",
        "contrastive": contrastive if n in OF_A_CONTRASTIVE_BATCH or n == 2 * (found.context.batch or 0) - 1 else "",
        "heads": "BERT predicts masked tokens, and whether two sentences follow each other." if m == 2 else "",
        "base_rate": base_rate if origin.change is Change.DIVIDED_BY_CLASSES else "",
        "near": _near_words(origin, found),
        "landmark": _landmark(origin),
        "moment": MOMENTS[found.context.moment],
        "as_start": _start_words(origin, found),
        "step": f"{origin.factor:g}",
        "steps": f"{1 / origin.factor:g}" if 0 < origin.factor <= 1 else "1",
    }
    if origin.ceiling:
        fields |= _ceiling_fields(origin)
    if origin.floor:
        fields |= {"floor": origin.floor.sign, "left": LEFT_BY[origin.floor.whose]}
    return fields


def _near_words(origin: Origin, found: Found) -> str:
    """How far the number lies from what it is near, in its own unit."""
    distance = found.number.value - origin.value
    figure = f"{abs(distance):,.0f}" if abs(distance) >= 100 else f"{abs(distance):.2g}"
    return f"{figure} {'above' if distance >= 0 else 'below'}"


def _landmark(origin: Origin) -> str:
    """What a number lies near, as it would be printed: ln 10 = 2.30259, or a perplexity of 10."""
    n = f"{origin.classes:,}"
    if origin.change is Change.PERPLEXITY:
        return f"{n}, the perplexity of {n} equally likely classes"
    factor = f"{origin.factor:g} · " if origin.change is Change.ACCUMULATED else ""
    sign = "−" if origin.negated else ""
    return f"{sign}{factor}{replace_log('ln', origin.change)} {n} = {sign}{abs(origin.value):.6g}"


def _start_words(origin: Origin, found: Found) -> str:
    what = "both outcomes" if origin.classes == 2 else f"all {origin.classes:,} classes"
    share = abs(found.number.value / origin.value - 1)
    distance = share if origin.change is Change.PERPLEXITY else share * origin.nats
    if distance <= FARTHEST_NOISE:
        return f"within the noise of a batch, as if {what} were equally likely"
    return f"where a fresh network starts that holds {what} for almost equally likely"


def _ceiling_fields(origin: Origin) -> dict[str, str]:
    ceiling = origin.ceiling
    if ceiling is None:
        return {}
    who = WHOSE_CEILING[ceiling.whose].format(bound=ceiling.sign.removeprefix("−ln "))
    whole, is_plain = origin.share == 1, ceiling.whose is Bound.TORCH_BCE
    value = f"{ceiling.value * (origin.factor if origin.change in IN_BASE else 1):.6g}"
    sign = value if is_plain else replace_log(ceiling.sign, origin.change)
    equation = sign if whole else f"{_share(origin.share)} × {value}"
    at = value if is_plain else f"{sign} = {value}"
    stops = f"stops the loss at {at}"
    if not whole:
        stops = f"holds {_examples(origin.share)} at {at}, and the others cost nothing"
    if is_plain:
        stops = stops.replace("examples", "entries").replace("example", "entry")
    return {
        "ceiling": equation,
        "who": who,
        "stops": stops,
        "remedy": REMEDY.get(ceiling.whose, _FUSED),
    }


def _share(share: Fraction) -> str:
    """0.9 or 2/3."""
    decimal = f"{float(share):.10g}"
    return decimal if len(decimal) <= 4 else f"{share.numerator}/{share.denominator}"


def _examples(share: Fraction) -> str:
    if share == Fraction(1, 2):
        return "every second example"
    return f"{share.numerator} of {share.denominator} examples"


# What the data gives.


REDUCED = {
    Reduction.ROWS: "mean of {m} row{s}",
    Reduction.ENTRIES: "mean of {m} · {n} entries",
    Reduction.ONE: "sum",
    Reduction.ROW: "loss of row {row} alone",
}
OTHERWISE_REDUCED = {
    Reduction.ROWS: "averaged over the rows only",
    Reduction.ENTRIES: "averaged over all {entries} entries",
    Reduction.ONE: "added up, not averaged",
    Reduction.ROW: "of row {row} alone",
}
TO_THE_MEAN = {
    Reduction.ROWS: "Divide by n = {n} to get the mean over all entries.",
    Reduction.ENTRIES: "Multiply by n = {n} to get the mean over the rows.",
    Reduction.ONE: "Divide by m = {m} to get the mean over the rows.",
    Reduction.ROW: "Take the mean over the batch before you compare it.",
}


def _told_of_data(candidate: Candidate) -> Told:
    batch, convention = candidate.batch, candidate.convention
    filled = {"m": batch.rows, "n": batch.classes, "row": candidate.row + 1, "entries": batch.rows * batch.classes}
    reduced = REDUCED[candidate.reduction].format(s="" if batch.rows == 1 else "s", **filled)
    by = "by hand" if convention.library is Library.BY_HAND else f"by {convention.library}"
    title = f"the {reduced}, in {UNITS[candidate.base]}, {by}"
    changes, steps = [], [convention.fix] if convention.mistake else []
    if candidate.reduced_otherwise:
        changes.append(OTHERWISE_REDUCED[candidate.reduction].format(**filled))
        steps.append(TO_THE_MEAN[candidate.reduction].format(**filled))
    if candidate.in_other_base:
        changes.append(f"with logarithms to base {candidate.base}")
        steps.append(f"Multiply by ln {candidate.base} = {math.log(candidate.base):.4f} to get nats.")
    meaning = _meaning_of_data(candidate, ", ".join(changes))
    nothing = "Nothing to repair. Compare it only with losses that are computed in the same way."
    return Told(title, meaning.rstrip("."), "", " ".join(steps) or nothing)


def _meaning_of_data(candidate: Candidate, changes: str) -> str:
    convention = candidate.convention
    if convention.mistake:
        meaning = convention.went_wrong
    else:
        found = candidate.reasons()
        if found[0].reason is Reason.EQUAL:
            return f"the plain cross-entropy {changes}".rstrip()
        meaning = sentence(convention, found)
    meaning = f"{meaning[0].lower()}{meaning[1:]}".rstrip(".")
    return f"{meaning}, here {changes}" if changes else meaning


# The verdict, and what stands under it.


def verdict(found: Found) -> str:
    """One sentence: what the number is, or that nothing is known to give it.

    >>> from xent_core.identify import identify_loss
    >>> verdict(identify_loss("1.0986")), verdict(identify_loss("0.153"))
    ('1.0986 is ln 3: all 3 classes are equally likely.', 'Nothing known gives 0.153.')
    """
    text = found.number.text.replace("-", "−")
    is_told = found.answers and found.answers[0].origin and found.answers[0].origin.change is Change.PERPLEXITY
    if found.context.measure is Measure.PERPLEXITY and not is_told:
        text = f"a perplexity of {text}" if found.status is Status.NOTHING else f"A perplexity of {text}"
    elif found.context.measure is Measure.BITS:
        text = f"{text} bits"
    first = told(found.answers[0], found) if found.answers else None
    if first and found.answers[0].candidates:
        first = replace(first, claim=first.claim.partition(": ")[0])
    if found.status is Status.CAUSES and first:
        return _verdict_of_cause(text, found, first)
    if found.status is Status.NOTHING or first is None:
        digits = sum(map(str.isdigit, found.number.text.partition("e")[0].lstrip("-+0.")))
        few = ": with so few digits much fits. Type more of them" if digits <= 2 else ""
        if found.near:
            return f"Nothing known gives {text}, though {told_of(found.near[0], found).title} is near."
        return f"Nothing known gives {text}{few}."
    if found.status is Status.START:
        return f"{text} lies {first.claim}."
    second = _second(found)
    chance = found.answers[0].chance
    if found.status is Status.POSSIBLE and chance > OFTEN_BY_CHANCE:
        which = f"{first.title} or {second.title}" if second and found.answers[0].probability < 0.9 else first.title
        though = "with digits so few that much else fits"
        if chance < 0.5:
            though = f"though one in {_rounded(1 / chance)} random numbers fits something as usual"
        return f"{text} may be {which}, {though}: {first.claim}."
    if found.status is Status.POSSIBLE and found.answers[0].probability < 0.9 and second:
        return f"{text} may be {first.title}, or {second.title}: {first.claim}."
    if found.status is Status.POSSIBLE:
        return f"{text} fits {first.title}: {first.claim}."
    if found.status is Status.SEVERAL and second:
        return f"{text} is {first.title}, or {second.title}: {first.claim}."
    return f"{text} is {first.title}: {first.claim}."


def _second(found: Found) -> Told | None:
    others = [told(answer, found) for answer in found.answers[1:] if not answer.cause]
    first = told(found.answers[0], found).title
    return next((other for other in others if other.title != first), None)


def _verdict_of_cause(text: str, found: Found, first: Told) -> str:
    if found.answers[0].candidates:
        return f"This data gives {text}: {first.claim}."
    if found.number.value == 0:
        return f"A loss of {text}: {first.claim}."
    if found.number.value < 0 and math.isfinite(found.number.value):
        return f"{text} is below 0: {first.claim}."
    if math.isfinite(found.number.value):
        return f"{text} is huge: {first.claim}."
    return f"{text} most often means that {first.claim}."


def evidence(answer: Answer, found: Found) -> str:
    """How well the value fits, and how few random numbers would fit as well."""
    number = found.number
    if answer.cause and not answer.candidates:
        return ""
    if not math.isfinite(answer.value):
        return ""
    value = f"{answer.value:.10g}".replace("-", "−")
    units = abs(number.units_above(answer.value))
    away = f"{units:.2g} units" if units < 10 else f"{units:,.0f} units"
    if answer.is_near:
        return f"{value} is not {number.text} to the last digit: it is {away} of that away."
    fits = f"{value} rounds to {number.text}, {away} of its last digit away"
    if answer.fit is Fit.CUT_OFF:
        fits = f"{value} begins with {number.text}: the digits after the last are cut off, not rounded"
    if answer.chance >= 0.5:
        return f"{fits}, but so are many values as usual as this."
    return f"{fits}. Of random numbers like it one in {_rounded(1 / answer.chance)} fits anything as usual."


def _rounded(value: float) -> str:
    """To one or two digits: 4,500."""
    digits = 1 if value >= 100 else 0
    size = 10 ** max(0, math.floor(math.log10(value)) - digits)
    return f"{round(value / size) * size:,}"


def distance(origin: Origin, found: Found) -> str:
    """How far a value that does not fit lies from the number."""
    units = found.number.units_above(origin.value)
    side = "below" if units > 0 else "above"
    count = f"{abs(units):,.0f}" if abs(units) >= 10 else f"{abs(units):.1f}"
    return f"{origin.value:.8g}, {count} units of the last digit {side} {found.number.text}"


def conversions(found: Found) -> tuple[tuple[str, str], ...]:
    """What the loss is in other measures: its perplexity, the mean probability, bits and bans.

    >>> from xent_core.identify import identify_loss
    >>> conversions(identify_loss("0.6931"))[:2]
    (('eᴸ', '1.9999'), ('e⁻ᴸ', '0.50002'))
    """
    loss = found.nats
    if not math.isfinite(loss):
        return ()
    exp = math.exp(loss) if abs(loss) < 700 else math.inf if loss > 0 else 0.0
    inverse = math.exp(-loss) if abs(loss) < 700 else 0.0 if loss > 0 else math.inf
    return (
        *((("L", f"{loss:.6g}".replace("-", "−")),) if found.nats != found.number.value else ()),
        ("eᴸ", _figure(exp)),
        ("e⁻ᴸ", _figure(inverse)),
        ("L/ln\u00a02", _figure(loss / math.log(2))),
        ("L/ln\u00a010", _figure(loss / math.log(10))),
    )


def _figure(value: float) -> str:
    """Five figures."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.5g}" if abs(value) < 1e5 else f"{value:.4g}"
    return text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e").replace("-", "−")


# The numbers of a log.


WHICH = {
    Which.ONLY: "",
    Which.FIRST: "first",
    Which.LAST: "last",
    Which.LOWEST: "lowest",
    Which.HIGHEST: "highest",
    Which.CONSTANT: "all the time",
    Which.BROKEN: "first that is no number",
    Which.EACH: "",
}


def option_label(option: Option) -> str:
    """An option in words: `val_loss, last: 2.31`."""
    text = option.series.texts[option.index].replace("-", "−")
    name = option.series.name or "number"
    which = WHICH[option.which] if option.which is not Which.EACH else str(option.index + 1)
    return f"{name}{', ' if which else ''}{which}: {text}" if option.series.name or which else text


OF_SIGN = {
    Sign.CONSTANT: "{name} stays at {first} in all {count} numbers: nothing is learnt, or nothing is left to learn.",
    Sign.RISES_WITH_ACCURACY: "{name} rises from {first} to {last} while {other} does not fall: the few mistakes "
    "become ever surer. That is overfitting of the probabilities, no fault of the loss.",
    Sign.BREAKS: "{name} becomes {first} in line {count}; the number before it is {last}.",
    Sign.BROKEN: "{name} is {first} from its first number on, in line {count}.",
    Sign.ON_A_GRID: "All {count} numbers of {name} lie on bfloat16’s grid, {first} apart at the largest.",
    Sign.PERPLEXITY_OF_NATS: "{other} is e^{name}: the loss is in nats.",
    Sign.PERPLEXITY_OF_BITS: "{other} is 2^{name}: the loss is in bits, as fairseq prints it.",
    Sign.BITS_OF_PERPLEXITY: "{other} is 2^{name}: the two agree.",
    Sign.BASES_MIXED: "{other} is e^{name}, where bits would give 2^{name} = {power}: the bases are mixed.",
    Sign.ANOTHER_LOSS: "{name} is no cross-entropy by its name: what fits may do so by chance.",
    Sign.MULTIPLE: "{name} is {count} times {other}: added up over {count} accumulation steps, devices or terms?",
}


def sign_told(seen: Seen) -> str:
    """A sign in words."""
    return OF_SIGN[seen.sign].format(
        name=seen.name or "The loss",
        other=seen.other,
        first=_figure(seen.first) if not math.isnan(seen.first) else "nan",
        last="no number" if math.isnan(seen.last) else _figure(seen.last),
        count=f"{seen.count:,}",
        power=_figure(2**seen.first) if abs(seen.first) < 100 else "more",
    )


def beside(context: Context) -> Iterator[str]:
    """What is known beside the number, as short phrases."""
    if context.classes:
        yield f"{context.classes:,} classes"
    if context.batch:
        yield f"a batch of {context.batch:,}"
    if context.accuracy is not None:
        yield f"an accuracy of {context.accuracy:.4g}"
    if context.smoothing is not None:
        yield f"label smoothing {context.smoothing:g}"
    if context.accumulation:
        yield f"{context.accumulation:,} accumulation steps or devices"
    if context.precision:
        yield str(context.precision)
    if context.library:
        yield str(context.library)


def listed(phrases: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = phrases
    return f"{', '.join(first)} and {last}" if first else last


def card_title(found: Found) -> str:
    """A title for a link to the answer.

    >>> from xent_core.identify import identify_loss
    >>> card_title(identify_loss("14.5063")), card_title(identify_loss("0.153"))
    ('14.5063 = 0.9 × 16.1181', 'A loss of 0.153')
    """
    text = found.number.text.replace("-", "−")
    exact = found.status in (Status.IDENTIFIED, Status.SEVERAL) and found.answers and found.answers[0].origin
    if exact:
        equals = "=" if found.answers[0].fit is Fit.ROUNDED else "≈"
        return f"{text} {equals} {told(found.answers[0], found).title}"
    return f"A loss of {text}"
