"""Keras on the TensorFlow backend: categorical, sparse and binary, from probabilities and from logits."""

import numpy as np
from numpy import ndarray

from xent_core.libraries.convention import (
    SMOOTHING,
    Clip,
    Convention,
    Form,
    Library,
    Mistake,
    Task,
    fused,
    fused_by_label,
    in_float32,
    log_gradient_by_reciprocal,
    normalised,
    sigmoid_gradient,
    sigmoid_terms,
    smoothed,
    smoothed_to_half,
)
from xent_core.libraries.tensorflow import fused_gradient_for_unit_sum

VERSION = "keras 3.15.1"
BACKEND = "keras/src/backend/tensorflow/nn.py"
KERAS_3 = (3, 0)
EPSILON = 1e-7
CLIP = Clip(EPSILON, symmetric=True)


def bounds(dtype: np.dtype) -> tuple[np.floating, np.floating]:
    """1e-7 and 1 − 1e-7 in the dtype: in float32 the upper one is 1 − 1.19e-7."""
    epsilon = dtype.type(EPSILON)
    return epsilon, dtype.type(1) - epsilon


def clip(probabilities: ndarray) -> ndarray:
    """Probabilities clipped to [1e-7, 1 − 1e-7]."""
    return np.clip(probabilities, *bounds(probabilities.dtype))


def passes(probabilities: ndarray) -> ndarray:
    """Where the clip lets the gradient through: inside its bounds and on them."""
    low, high = bounds(probabilities.dtype)
    return (probabilities >= low) & (probabilities <= high)


def categorical(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−Σ p log clip(q / Σq) per row."""
    return -(targets * np.log(clip(normalised(probabilities)))).sum(axis=1)


def categorical_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """Through the log, the clip and the division by Σq."""
    q = normalised(probabilities)
    return through_division(probabilities, np.where(passes(q), log_gradient_by_reciprocal(q, targets, divisor), 0))


def through_division(probabilities: ndarray, gradient: ndarray) -> ndarray:
    """The gradient with respect to q, from that with respect to q / Σq."""
    total = probabilities.sum(axis=1, keepdims=True)
    return (gradient - (gradient * (probabilities / total)).sum(axis=1, keepdims=True)) / total


def sparse(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−log(c / Σc) at the label, c = clip(q): the log goes through a fused softmax."""
    return fused_by_label(np.log(clip(probabilities)), targets)


def sparse_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """(c / Σc − p) · (1/c) where the clip passes the gradient."""
    clipped = clip(probabilities)
    inside = (normalised(clipped) - targets) / divisor * (1 / clipped)
    return np.where(passes(probabilities), inside, 0)


def binary_terms(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−p log c − (1 − p) log(1 − c) for each entry, c = clip(q)."""
    clipped = clip(probabilities)
    return -(targets * np.log(clipped) + (1 - targets) * np.log(1 - clipped))


def binary(probabilities: ndarray, targets: ndarray) -> ndarray:
    """The mean of `binary_terms` over the row's n entries."""
    return binary_terms(probabilities, targets).mean(axis=1)


def binary_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """−p · (1/q) + (1 − p) · (1/(1 − q)) inside the clip, 0 outside."""
    of_one = log_gradient_by_reciprocal(probabilities, targets, divisor)
    of_zero = log_gradient_by_reciprocal(1 - probabilities, 1 - targets, divisor)
    return np.where(passes(probabilities), of_one - of_zero, 0)


def binary_logits(logits: ndarray, targets: ndarray) -> ndarray:
    """Mean over the row's n entries of the sigmoid cross-entropy."""
    return sigmoid_terms(logits, targets).mean(axis=1)


KERAS = (
    Convention(
        id="keras_categorical_probs",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.categorical_crossentropy(p, q))",
        takes="probabilities",
        formula=r"-\sum_j p_j\,"
        r"\ln\operatorname{clip}\!\left(\frac{q_j}{\sum_k q_k},\,10^{-7},\,1-10^{-7}\right)",
        clip=CLIP,
        renormalises=True,
        note="Renormalises first, then clips; the sparse loss clips first. No row's loss can pass "
        "16.12 = −ln 1e-7, and beyond it the gradient is exactly 0 on both sides. Inside "
        "tf.function, or behind a Keras softmax, Keras finds the logits and computes the fused "
        "loss, which has no ceiling.",
        version=VERSION,
        source=BACKEND,
        losses=categorical,
        gradient=categorical_gradient,
    ),
    Convention(
        id="keras_categorical_probs.mean_default_class",
        library=Library.KERAS,
        flushes=True,
        call="keras.losses.CategoricalCrossentropy()(p, q)",
        takes="probabilities",
        formula=r"-\sum_j p_j\,"
        r"\ln\operatorname{clip}\!\left(\frac{q_j}{\sum_k q_k},\,10^{-7},\,1-10^{-7}\right)",
        clip=CLIP,
        dtype="float32",
        renormalises=True,
        note="The loss class casts its input to float32, unless it is given dtype=; the function "
        "keras.losses.categorical_crossentropy keeps the input's dtype.",
        version=VERSION,
        source="keras/src/losses/loss.py",
        losses=in_float32(categorical),
        gradient=in_float32(categorical_gradient),
    ),
    Convention(
        id="keras_categorical_probs.ls01",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.categorical_crossentropy(p, q, label_smoothing=0.1))",
        takes="probabilities",
        formula=r"-\sum_j\left(0.9\,p_j+\tfrac{0.1}{n}\right)"
        r"\ln\operatorname{clip}\!\left(\frac{q_j}{\sum_k q_k},\,10^{-7},\,1-10^{-7}\right)",
        clip=CLIP,
        smoothing=SMOOTHING,
        renormalises=True,
        note="Smoothed targets have a floor above 0: the best possible loss is the entropy of 0.9 p + 0.1/n.",
        version=VERSION,
        source="keras/src/losses/losses.py",
        losses=smoothed(categorical),
        gradient=smoothed(categorical_gradient),
    ),
    Convention(
        id="keras_categorical_probs.fed_logits",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.categorical_crossentropy(p, z))",
        takes="logits",
        formula=r"-\sum_j p_j\,"
        r"\ln\operatorname{clip}\!\left(\frac{z_j}{\sum_k z_k},\,10^{-7},\,1-10^{-7}\right)",
        clip=CLIP,
        renormalises=True,
        note="Logits divided by their sum, then clipped: the loss stays between 1e-7 and 16.12, and "
        "its gradient is exactly 0 where the target's share is clipped. Scaling all logits "
        "changes nothing; adding a constant to them does.",
        version=VERSION,
        source=BACKEND,
        mistake=Mistake.LOGITS_AS_PROBABILITIES,
        went_wrong="Logits were passed as probabilities: from_logits=True is missing.",
        fix="Pass from_logits=True, or end the model with a softmax.",
        losses=categorical,
        gradient=categorical_gradient,
    ),
    Convention(
        id="keras_categorical_logits",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.categorical_crossentropy(p, z, from_logits=True))",
        takes="logits",
        formula=r"-\sum_j p_j\,\ln\operatorname{softmax}(z)_j",
        note="TensorFlow's fused loss, with its gradient softmax(z) − p, wrong unless every target row sums to 1.",
        version=VERSION,
        source=BACKEND,
        losses=fused,
        gradient=fused_gradient_for_unit_sum,
    ),
    Convention(
        id="keras_categorical_logits.ls01",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.categorical_crossentropy(p, z, from_logits=True, label_smoothing=0.1))",
        takes="logits",
        formula=r"-\sum_j\left(0.9\,p_j+\tfrac{0.1}{n}\right)\ln\operatorname{softmax}(z)_j",
        smoothing=SMOOTHING,
        note="Smoothed targets have a floor above 0: the best possible loss is the entropy of 0.9 p + 0.1/n.",
        version=VERSION,
        source="keras/src/losses/losses.py",
        losses=smoothed(fused),
        gradient=smoothed(fused_gradient_for_unit_sum),
    ),
    Convention(
        id="keras_categorical_logits.fed_probs",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.categorical_crossentropy(p, q, from_logits=True))",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln\operatorname{softmax}(q)_j",
        note="On one-hot targets it stays between ln(1 + (n − 1)/e) and ln(e + n − 1).",
        version=VERSION,
        source=BACKEND,
        mistake=Mistake.SOFTMAX_TWICE,
        went_wrong="Softmax is applied twice: from_logits=True, but the model already ends with a softmax.",
        fix="Leave out from_logits=True, or better take the softmax out of the model.",
        losses=fused,
        gradient=fused_gradient_for_unit_sum,
    ),
    Convention(
        id="keras_sparse_categorical.probs",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.sparse_categorical_crossentropy(y, q))",
        takes="probabilities",
        targets="labels",
        formula=r"-\ln\frac{c_y}{\sum_k c_k},\quad c=\operatorname{clip}(q,\,10^{-7},\,1-10^{-7})",
        clip=CLIP,
        renormalises=True,
        note="Clips first, then renormalises; the categorical loss renormalises first. So at the "
        "ceiling, 16.12 = −ln 1e-7, the two differ slightly.",
        version=VERSION,
        source=BACKEND,
        losses=sparse,
        gradient=sparse_gradient,
    ),
    Convention(
        id="keras_sparse_categorical.fed_logits",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.sparse_categorical_crossentropy(y, z))",
        takes="logits",
        targets="labels",
        formula=r"-\ln\frac{c_y}{\sum_k c_k},\quad c=\operatorname{clip}(z,\,10^{-7},\,1-10^{-7})",
        clip=CLIP,
        renormalises=True,
        note="Every logit above 1 counts as 1 and every one below 0 as 1e-7, so the gradient is "
        "exactly 0 through both.",
        version=VERSION,
        source=BACKEND,
        mistake=Mistake.LOGITS_AS_PROBABILITIES,
        went_wrong="Logits were passed as probabilities: from_logits=True is missing.",
        fix="Pass from_logits=True, or end the model with a softmax.",
        losses=sparse,
        gradient=sparse_gradient,
    ),
    Convention(
        id="keras_sparse_categorical.logits",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.sparse_categorical_crossentropy(y, z, from_logits=True))",
        takes="logits",
        targets="labels",
        formula=r"-\ln\operatorname{softmax}(z)_y",
        note="The plain cross-entropy, from labels.",
        version=VERSION,
        source=BACKEND,
        losses=fused_by_label,
        gradient=fused_gradient_for_unit_sum,
    ),
    Convention(
        id="keras_binary_probs",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.binary_crossentropy(p, q))",
        takes="probabilities",
        formula=r"-\frac1n\sum_j\left[p_j\ln c_j+(1-p_j)\ln(1-c_j)\right],"
        r"\quad c=\operatorname{clip}(q,\,10^{-7},\,1-10^{-7})",
        task=Task.MULTI_LABEL,
        form=Form.BERNOULLI,
        divides_by="entries",
        clip=CLIP,
        note="The mean over the n classes comes first, so the gradient is n times smaller than that of "
        "the sum. It does not renormalise. In float16 the upper bound is 1, so q = 1 gives nan or "
        "inf.",
        version=VERSION,
        source=BACKEND,
        losses=binary,
        gradient=binary_gradient,
    ),
    Convention(
        id="keras_binary_probs.ls01",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.binary_crossentropy(p, q, label_smoothing=0.1))",
        takes="probabilities",
        formula=r"-\frac1n\sum_j\left[p'_j\ln c_j+(1-p'_j)\ln(1-c_j)\right],\quad p'=0.9\,p+0.05,"
        r"\quad c=\operatorname{clip}(q,\,10^{-7},\,1-10^{-7})",
        task=Task.MULTI_LABEL,
        form=Form.BERNOULLI,
        divides_by="entries",
        clip=CLIP,
        smoothing=SMOOTHING,
        note="Each entry is smoothed towards ½, not towards 1/n.",
        version=VERSION,
        source="keras/src/losses/losses.py",
        losses=smoothed_to_half(binary),
        gradient=smoothed_to_half(binary_gradient),
    ),
    Convention(
        id="keras_binary_probs.fed_logits",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.binary_crossentropy(p, z))",
        takes="logits",
        formula=r"-\frac1n\sum_j\left[p_j\ln c_j+(1-p_j)\ln(1-c_j)\right],"
        r"\quad c=\operatorname{clip}(z,\,10^{-7},\,1-10^{-7})",
        task=Task.MULTI_LABEL,
        form=Form.BERNOULLI,
        divides_by="entries",
        clip=CLIP,
        note="Every logit outside (0, 1) is clipped: the loss jumps in steps of 16.12/n, and the "
        "gradient through it is exactly 0.",
        version=VERSION,
        source=BACKEND,
        mistake=Mistake.LOGITS_AS_PROBABILITIES,
        went_wrong="Logits were passed as probabilities: from_logits=True is missing.",
        fix="Pass from_logits=True, or end the model with a sigmoid.",
        losses=binary,
        gradient=binary_gradient,
    ),
    Convention(
        id="keras_binary_logits",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.binary_crossentropy(p, z, from_logits=True))",
        takes="logits",
        formula=r"\frac1n\sum_j\left[\max(z_j,0)-z_j\,p_j+\ln\left(1+e^{-|z_j|}\right)\right]",
        task=Task.MULTI_LABEL,
        form=Form.SIGMOID,
        divides_by="entries",
        note="The mean over the n classes comes first. For labels that exclude nothing (multi-label).",
        version=VERSION,
        source=BACKEND,
        losses=binary_logits,
        gradient=sigmoid_gradient,
    ),
    Convention(
        id="keras_binary_logits.ls01",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.binary_crossentropy(p, z, from_logits=True, label_smoothing=0.1))",
        takes="logits",
        formula=r"\frac1n\sum_j\left[\max(z_j,0)-z_j\,p'_j+\ln\left(1+e^{-|z_j|}\right)\right],"
        r"\quad p'=0.9\,p+0.05",
        task=Task.MULTI_LABEL,
        form=Form.SIGMOID,
        divides_by="entries",
        smoothing=SMOOTHING,
        note="Each entry is smoothed towards ½, not towards 1/n.",
        version=VERSION,
        source="keras/src/losses/losses.py",
        losses=smoothed_to_half(binary_logits),
        gradient=smoothed_to_half(sigmoid_gradient),
    ),
    Convention(
        id="keras_binary_logits.fed_probs",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.binary_crossentropy(p, q, from_logits=True))",
        takes="probabilities",
        formula=r"\frac1n\sum_j\left[\max(q_j,0)-q_j\,p_j+\ln\left(1+e^{-|q_j|}\right)\right]",
        task=Task.MULTI_LABEL,
        form=Form.SIGMOID,
        divides_by="entries",
        note="σ(q) is between 0.5 and 0.73, so no entry's loss falls below 0.313 where p = 1 or below "
        "0.693 where p = 0.",
        version=VERSION,
        source=BACKEND,
        mistake=Mistake.SIGMOID_TWICE,
        went_wrong="A sigmoid is applied to probabilities: from_logits=True, but the model already ends with "
        "an activation.",
        fix="Leave out from_logits=True, or better take the activation out of the model.",
        losses=binary_logits,
        gradient=sigmoid_gradient,
    ),
)
