"""Where a loss that is nan, infinite or below 0 comes from: in general, and on given data."""

import math

import numpy as np
from numpy.typing import NDArray

from xent_core.conventions import CONVENTIONS
from xent_core.fingerprints import KNOWN, Fingerprint
from xent_core.libraries.batch import Batch
from xent_core.libraries.convention import Convention
from xent_core.libraries.reasons import why

CORRECTED = {"mistake_clip_discarded": "tf1_manual_clip_persample"}
"""What a mistake should have been, where that is neither the fused loss nor the plain formula."""

NAN = (
    (
        "0 · log 0",
        "A class with target 0 has a probability of 0 (or, in the binary form, one with target 1 has 1), exactly or by "
        "underflow, and 0 · −∞ is nan. The loss is written by hand or takes log q.",
        "Use the loss that takes logits.",
    ),
    (
        "Overflow",
        "exp overflows in a softmax without the shift (past 88.72 in float32, 11.09 in float16), and ∞ / ∞ is nan.",
        "Use the library's softmax, or better the loss that takes logits; in float16, scale the loss.",
    ),
    (
        "Diverged",
        "The logits themselves are nan or infinite: training has diverged, or an input is nan.",
        "Find the first step whose inputs, weights or logits are not finite. Lower the learning rate, clip "
        "the gradients.",
    ),
    (
        "Log of a negative number",
        "Logits were passed where probabilities belong, and the logarithm of a negative number is nan.",
        "Pass the softmax of the logits, or say from_logits=True.",
    ),
    (
        "A masked class",
        "A class has a logit of −∞, as a mask leaves it, and 0 · −∞ is nan in a loss that takes distributions.",
        "Use a loss that takes logits and labels as indices; or, with distributions, a mask of −1e9 (−1e4 in float16) "
        "in place of −∞.",
    ),
    (
        "The mean of nothing",
        "Every label of the batch is ignored (ignore_index, an empty mask), and 0 / 0 is nan.",
        "Skip batches without labels, or divide by the number of labels and 1 at least.",
    ),
    (
        "A row of zeros",
        "A row of targets, or of what is passed as probabilities, sums to 0, is divided by its sum, and 0 / 0 is nan.",
        "Leave such rows out, or use a loss that does not divide by the sum.",
    ),
)
INFINITE = (
    (
        "log 0",
        "The true class has a probability of 0 (or, in the binary form, another has 1), exactly or by underflow, and "
        "−log 0 is infinite.",
        "Use the loss that takes logits.",
    ),
    (
        "A masked label",
        "The true class has a logit of −∞: it is impossible, as where a mask forbids the label.",
        "Check the mask against the labels.",
    ),
    (
        "Label smoothing over a mask",
        "A class has a logit of −∞, as a mask leaves it, and label smoothing gives every class a target above 0.",
        "Leave out the smoothing, or spread it over the classes that the mask leaves.",
    ),
    (
        "Overflow",
        "A sum or a logit passed the dtype's largest number: 65,504 in float16.",
        "Compute the loss in float32, and average before adding up.",
    ),
)
MINUS_INFINITE = (
    (
        "log 0 without the minus",
        "The true class has a probability of exactly 0, and the minus sign before the logarithm is missing.",
        "Put the minus sign before the sum, and use the loss that takes logits.",
    ),
    (
        "Unbounded below",
        "nll_loss gets logits in place of log-probabilities: training drives it to −∞.",
        "Use cross_entropy, which takes logits, or put log_softmax before nll_loss.",
    ),
)
NEGATIVE = (
    (
        "No minus sign",
        "A cross-entropy is never below 0: the minus sign is missing, and this is the log-likelihood.",
        "Put a minus sign before the sum.",
    ),
    (
        "nll_loss without the logarithm",
        "nll_loss gets probabilities (then it is between −1 and 0) or logits in place of log-probabilities.",
        "Use cross_entropy on the logits, or put log_softmax before nll_loss.",
    ),
    (
        "Targets outside [0, 1]",
        "The targets of a binary loss are not between 0 and 1: labels such as 2 or −1, or pixels up to 255.",
        "Scale the targets to [0, 1], or use a loss that takes labels.",
    ),
)


def sources_of(value: float) -> tuple[Fingerprint, ...]:
    """Where nan, infinity or a loss below 0 comes from, the most common first; nothing for other values."""
    sources: tuple[tuple[str, str, str], ...]
    if math.isnan(value):
        sources = NAN
    elif math.isinf(value):
        sources = INFINITE if value > 0 else MINUS_INFINITE
    else:
        sources = NEGATIVE if value < 0 else ()
    return tuple(Fingerprint(value, KNOWN, title, meaning, step) for title, meaning, step in sources)


def is_the_cause(mistake: Convention, batch: Batch) -> bool:
    """Whether the loss is finite where the mistake is not made."""
    of_its_input = "torch_cross_entropy.soft" if mistake.takes == "logits" else "numpy_naive"
    return math.isfinite(batch.loss(CONVENTIONS[CORRECTED.get(mistake.id, of_its_input)]))


def source_of(value: float, convention: Convention, batch: Batch) -> str:
    """The title among `sources_of(value)` of what makes a loss nan or infinite; empty for a mistake's, but for −∞."""
    if value == -math.inf:
        return "log 0 without the minus"
    if convention.mistake:
        return ""
    masked = np.isneginf(batch.predictions)
    if math.isinf(value):
        return _source_of_infinity(convention, batch, masked)
    reason = why(convention, batch)
    if reason.startswith("exp overflows"):
        return "Overflow"
    if reason.startswith("A row sums to 0"):
        return "A row of zeros"
    return "A masked class" if masked.any() else "0 · log 0"


def _source_of_infinity(convention: Convention, batch: Batch, masked: NDArray[np.bool_]) -> str:
    if (masked & (batch.targets > 0)).any():
        return "A masked label"
    if masked.any() and convention.constant("smoothing"):
        return "Label smoothing over a mask"
    if convention.takes == "logits" and convention.id != "numpy_naive_softmax":
        return "Overflow"  # the fused losses take no logarithm of 0
    q = batch.passed_to(convention) if convention.takes == "probabilities" else batch.probabilities
    of_zero = (q == 0) & (batch.targets > 0)
    of_one = (q == 1) & (batch.targets < 1) & (convention.form == "Bernoulli")
    return "log 0" if (of_zero | of_one).any() else "Overflow"
