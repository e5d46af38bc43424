"""Focal loss: cross-entropy times the square of what the prediction lacks."""

import numpy as np
from numpy import ndarray

from xent_core.libraries import keras, optax
from xent_core.libraries.convention import (
    Convention,
    Extra,
    Form,
    Library,
    Task,
    normalised,
    sigmoid,
    sigmoid_terms,
)

ALPHA = 0.25
"""The α that Keras and torchvision take if none is given; γ is 2."""
SOURCE = "keras/src/losses/losses.py"


def categorical(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−Σ 0.25 (1 − c)² p log c per row, c = clip(q / Σq)."""
    clipped = keras.clip(normalised(probabilities))
    return (ALPHA * (1 - clipped) ** 2 * -(targets * np.log(clipped))).sum(axis=1)


def categorical_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """Through the logarithm and the factor, the clip and the division by Σq."""
    q = normalised(probabilities)
    clipped = keras.clip(q)
    share = targets / divisor
    of_log = -(ALPHA * (1 - clipped) ** 2 * share) * (1 / clipped)
    of_factor = 2 * ALPHA * (1 - clipped) * (share * np.log(clipped))
    return keras.through_division(probabilities, np.where(keras.passes(q), of_log + of_factor, 0))


def lacking(probabilities: ndarray, targets: ndarray) -> ndarray:
    """What a prediction lacks for each entry: 1 − q where the target is 1, q where it is 0."""
    return 1 - (targets * probabilities + (1 - targets) * (1 - probabilities))


def binary(probabilities: ndarray, targets: ndarray) -> ndarray:
    """The squares of what q lacks times −p log c − (1 − p) log(1 − c): the mean over the row's n entries."""
    return (lacking(probabilities, targets) ** 2 * keras.binary_terms(probabilities, targets)).mean(axis=1)


def binary_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """Through the logarithms, and through the factor, which nothing clips."""
    lacks, factor = lacking(probabilities, targets), lacking(probabilities, targets) ** 2
    clipped = keras.clip(probabilities)
    of_one = -(targets * factor / divisor) * (1 / clipped)
    of_zero = -((1 - targets) * factor / divisor) * (1 / (1 - clipped))
    of_factor = 2 * lacks * (keras.binary_terms(probabilities, targets) / divisor)
    of_right = (1 - targets) * of_factor - targets * of_factor  # 0 · ∞ is nan, as there
    return np.where(keras.passes(probabilities), of_one - of_zero, 0) + of_right


def sigmoid_focal(logits: ndarray, targets: ndarray) -> ndarray:
    """The square of what σ(z) lacks times the sigmoid cross-entropy, for each entry."""
    return lacking(sigmoid(logits), targets) ** 2 * sigmoid_terms(logits, targets)


def sigmoid_focal_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """The derivative of `sigmoid_focal`."""
    q = sigmoid(logits)
    lacks = lacking(q, targets)
    of_factor = 2 * lacks * (1 - 2 * targets) * q * (1 - q) * sigmoid_terms(logits, targets)
    return (lacks**2 * (q - targets) + of_factor) / divisor


def balance(targets: ndarray) -> ndarray:
    """0.25 for a target of 1, 0.75 for one of 0."""
    return ALPHA * targets + (1 - ALPHA) * (1 - targets)


def balanced_focal(logits: ndarray, targets: ndarray) -> ndarray:
    """`sigmoid_focal`, balanced."""
    return balance(targets) * sigmoid_focal(logits, targets)


def balanced_focal_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """The derivative of `balanced_focal`."""
    return balance(targets) * sigmoid_focal_gradient(logits, targets, divisor)


FOCAL = (
    Convention(
        id="keras_categorical_focal",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.categorical_focal_crossentropy(p, q))",
        takes="probabilities",
        formula=r"-0.25\sum_j(1-c_j)^2\,p_j\ln c_j,"
        r"\quad c=\operatorname{clip}\!\left(\frac{q}{\sum_k q_k},\,10^{-7},\,1-10^{-7}\right)",
        clip=keras.CLIP,
        renormalises=True,
        extras=(Extra.FOCAL, Extra.QUARTER),
        note="γ = 2 and α = 0.25 unless given. α multiplies every class, so it only divides loss and gradient by 4.",
        version=keras.VERSION,
        source=SOURCE,
        losses=categorical,
        gradient=categorical_gradient,
    ),
    Convention(
        id="keras_binary_focal",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.binary_focal_crossentropy(p, q))",
        takes="probabilities",
        formula=r"-\frac1n\sum_j\left[(1-q_j)^2p_j\ln c_j+q_j^2(1-p_j)\ln(1-c_j)\right],"
        r"\quad c=\operatorname{clip}(q,\,10^{-7},\,1-10^{-7})",
        form=Form.BERNOULLI,
        task=Task.MULTI_LABEL,
        divides_by="entries",
        clip=keras.CLIP,
        extras=(Extra.FOCAL,),
        note="γ = 2 unless given, and no α unless apply_class_balancing=True.",
        version=keras.VERSION,
        source=SOURCE,
        losses=binary,
        gradient=binary_gradient,
    ),
    Convention(
        id="torchvision_sigmoid_focal",
        library=Library.TORCHVISION,
        call='torchvision.ops.sigmoid_focal_loss(z, p, reduction="mean")',
        takes="logits",
        formula=r"\alpha_{ij}\,(1-t_{ij})^2\left(-\ln t_{ij}\right),"
        r"\quad t=\sigma(z)\ \text{where}\ p=1,\ 1-\sigma(z)\ \text{where}\ p=0",
        form=Form.SIGMOID,
        task=Task.MULTI_LABEL,
        divides_by="entries",
        extras=(Extra.FOCAL, Extra.BALANCED),
        note="α = 0.25 and γ = 2 unless given: α is 0.25 for targets of 1 and 0.75 for those of 0. Without reduction= "
        "it returns m·n values. Detectors divide their sum by the number of objects, not by m·n.",
        version="torchvision 0.29.1",
        source="torchvision/ops/focal_loss.py",
        losses=balanced_focal,
        gradient=balanced_focal_gradient,
    ),
    Convention(
        id="optax_sigmoid_focal",
        library=Library.OPTAX,
        flushes=True,
        call="optax.losses.sigmoid_focal_loss(z, p).mean()",
        takes="logits",
        formula=r"(1-t_{ij})^2\left(-\ln t_{ij}\right),"
        r"\quad t=\sigma(z)\ \text{where}\ p=1,\ 1-\sigma(z)\ \text{where}\ p=0",
        form=Form.SIGMOID,
        task=Task.MULTI_LABEL,
        divides_by="entries",
        extras=(Extra.FOCAL,),
        note="γ = 2, and no α unless given. It returns m·n values, so .mean() divides by all of them.",
        version=optax.VERSION,
        source=optax.SOURCE,
        losses=sigmoid_focal,
        gradient=sigmoid_focal_gradient,
    ),
)
