"""The formula written by hand in NumPy, and the classic mistakes that belong to no library."""

import math

import numpy as np
from numpy import ndarray

from xent_core.gradients import naive_cross_entropy_gradient as gradient_of_naive
from xent_core.libraries.convention import (
    Clip,
    Convention,
    Form,
    Gradient,
    Library,
    Mistake,
    Twin,
    log_gradient,
    log_gradient_by_reciprocal,
)
from xent_core.losses import naive_cross_entropy

VERSION = "numpy 2"
SOURCE = "the formula as written"


def terms_as_written(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−p log q for each entry: 0 · log 0 is nan."""
    return -(targets * np.log(probabilities))


def as_written(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−Σ p log q per row."""
    return terms_as_written(probabilities, targets).sum(axis=1)


def binary_as_written(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−Σ [p log q + (1 − p) log(1 − q)] per row."""
    return as_written(probabilities, targets) + as_written(1 - probabilities, 1 - targets)


def binary_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """−p / q + (1 − p) / (1 − q)."""
    return log_gradient(probabilities, targets, divisor) - log_gradient(1 - probabilities, 1 - targets, divisor)


def naive_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """The gradient through exp, the quotient and the logarithm as they stand."""
    return gradient_of_naive(logits, targets) / divisor


def scaled(twin: Twin, factor: float) -> Twin:
    """The twin's result times a factor."""
    return lambda probabilities, targets: factor * twin(probabilities, targets)


def scaled_gradient(gradient: Gradient, factor: float) -> Gradient:
    """The gradient times a factor."""
    return lambda probabilities, targets, divisor: factor * gradient(probabilities, targets, divisor)


BY_HAND = (
    Convention(
        id="numpy_naive",
        library=Library.BY_HAND,
        call="-(p * np.log(q)).sum(axis=1).mean()",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln q_j",
        as_written=True,
        note="As written: inf where the target's q is 0, and nan where a class with target 0 has q = 0 (0 · −inf).",
        version=VERSION,
        source=SOURCE,
        losses=as_written,
        gradient=log_gradient,
    ),
    Convention(
        id="numpy_naive_softmax",
        library=Library.BY_HAND,
        call="-(p * np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))).sum(axis=1).mean()",
        takes="logits",
        formula=r"-\sum_j p_j\,\ln\frac{e^{z_j}}{\sum_k e^{z_k}}",
        exp_overflows=True,
        note="exp overflows past 11.09 in float16, 88.72 in float32, 709.78 in float64, and inf / inf is nan.",
        version=VERSION,
        source=SOURCE,
        losses=naive_cross_entropy,
        gradient=naive_gradient,
    ),
    Convention(
        id="mistake_clip_discarded",
        library=Library.BY_HAND,
        flushes=True,
        clip_discarded=Clip(1e-10),
        call="tf.clip_by_value(q, 1e-10, 1.0); tf.reduce_mean(-tf.reduce_sum(p * tf.math.log(q), axis=1))",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln q_j",
        as_written=True,
        note="clip_by_value returns a new tensor and leaves q as it was. Nothing shows until a probability reaches 0.",
        version=VERSION,
        source=SOURCE,
        mistake=Mistake.CLIP_DISCARDED,
        went_wrong="The result of the clip is thrown away, so nothing is clipped.",
        fix="Use what clip_by_value returns: q = tf.clip_by_value(q, 1e-10, 1.0). Better: a fused loss on the logits.",
        losses=as_written,
        gradient=log_gradient_by_reciprocal,
    ),
    Convention(
        id="mistake_sum",
        library=Library.BY_HAND,
        call="-(p * np.log(q)).sum()",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln q_j",
        as_written=True,
        divides_by="one",
        note="Loss and gradient grow with the batch, as if the learning rate did.",
        version=VERSION,
        source=SOURCE,
        mistake=Mistake.SUMMED,
        went_wrong="The rows are added up where their mean was meant.",
        fix="Divide by the number of rows, or divide the learning rate by it.",
        losses=as_written,
        gradient=log_gradient,
    ),
    Convention(
        id="mistake_whole_matrix_mean",
        library=Library.BY_HAND,
        call="-(p * np.log(q)).mean()",
        takes="probabilities",
        formula=r"-p_{ij}\,\ln q_{ij}",
        divides_by="entries",
        note="It divides loss and gradient by n, as if the learning rate were divided by n (under "
        "plain SGD; Adam nearly cancels it).",
        version=VERSION,
        source=SOURCE,
        mistake=Mistake.MEAN_OVER_ENTRIES,
        went_wrong="The mean is taken over all m·n entries, not over the m rows.",
        fix="Sum over the classes first: .sum(axis=1), then .mean(). The loss becomes n times larger.",
        losses=terms_as_written,
        gradient=log_gradient,
    ),
    Convention(
        id="mistake_binary_on_one_hot",
        library=Library.BY_HAND,
        call="-(p * np.log(q) + (1 - p) * np.log(1 - q)).sum(axis=1).mean()",
        takes="probabilities",
        targets="labels",
        formula=r"-\sum_j\left[p_j\ln q_j+(1-p_j)\ln(1-q_j)\right]",
        form=Form.BERNOULLI,
        note="On one-hot targets it is at least the categorical form and at most twice it; with two "
        "classes exactly twice.",
        version=VERSION,
        source=SOURCE,
        mistake=Mistake.BINARY_ON_ONE_HOT,
        went_wrong="The binary form is applied to the softmax of classes that exclude each other.",
        fix="Use the categorical form, −Σ p log q: the other classes already count through the softmax.",
        losses=binary_as_written,
        gradient=binary_gradient,
    ),
    Convention(
        id="mistake_base_10",
        library=Library.BY_HAND,
        call="-(p * np.log10(q)).sum(axis=1).mean()",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\log_{10} q_j",
        base=10,
        note="0.4343 times the loss in nats; the gradient shrinks by the same factor.",
        version=VERSION,
        source=SOURCE,
        mistake=Mistake.BASE_10,
        went_wrong="The logarithm is to base 10: the number is in bans.",
        fix="Multiply by ln 10 = 2.3026 to get nats, which is what the frameworks report.",
        losses=scaled(as_written, 1 / math.log(10)),
        gradient=scaled_gradient(log_gradient, 1 / math.log(10)),
    ),
    Convention(
        id="mistake_base_2",
        library=Library.BY_HAND,
        call="-(p * np.log2(q)).sum(axis=1).mean()",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\log_2 q_j",
        base=2,
        note="1.4427 times the loss in nats; the gradient grows by the same factor.",
        version=VERSION,
        source=SOURCE,
        mistake=Mistake.BASE_2,
        went_wrong="The logarithm is to base 2: the number is in bits.",
        fix="Multiply by ln 2 = 0.6931 to get nats, which is what the frameworks report.",
        losses=scaled(as_written, 1 / math.log(2)),
        gradient=scaled_gradient(log_gradient, 1 / math.log(2)),
    ),
    Convention(
        id="mistake_logits_as_probabilities",
        library=Library.BY_HAND,
        call="-(p * np.log(z)).sum(axis=1).mean()",
        takes="logits",
        formula=r"-\sum_j p_j\,\ln z_j",
        note="nan as soon as any logit is below 0, even one whose target is 0; negative where the "
        "target's logit is above 1.",
        version=VERSION,
        source=SOURCE,
        mistake=Mistake.LOGITS_AS_PROBABILITIES,
        went_wrong="Logits were passed as probabilities: the softmax is missing.",
        fix="Take the softmax first, or better use a fused loss on the logits.",
        losses=as_written,
        gradient=log_gradient,
    ),
    Convention(
        id="mistake_sign",
        library=Library.BY_HAND,
        call="(p * np.log(q)).sum(axis=1).mean()",
        takes="probabilities",
        formula=r"\sum_j p_j\,\ln q_j",
        note="The log-likelihood: at most 0. Descending it makes the prediction worse.",
        version=VERSION,
        source=SOURCE,
        mistake=Mistake.NO_MINUS,
        went_wrong="The minus sign is missing: this is the log-likelihood.",
        fix="Put a minus sign before the sum.",
        losses=scaled(as_written, -1),
        gradient=scaled_gradient(log_gradient, -1),
    ),
)
