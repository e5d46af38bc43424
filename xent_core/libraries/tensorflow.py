"""TensorFlow: the clipped form written by hand, the fused losses, and compat.v1's log_loss."""

import numpy as np
from numpy import ndarray

from xent_core.clipping import clipped_cross_entropy, clipped_terms
from xent_core.libraries.convention import (
    Clip,
    Convention,
    Form,
    Gradient,
    Library,
    Mistake,
    Task,
    fused,
    log_gradient_by_reciprocal,
    of_log,
    sigmoid_gradient,
    sigmoid_terms,
    softmax,
)

VERSION = "tensorflow-cpu 2.21.0"
LOW = 1e-10


def clipped_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """−p · (1/q) inside the bounds, which pass the gradient themselves, and 0 outside."""
    low = probabilities.dtype.type(LOW)
    inside = (probabilities >= low) & (probabilities <= 1)
    return np.where(inside, log_gradient_by_reciprocal(probabilities, targets, divisor), 0)


def fused_gradient_for_unit_sum(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """softmax(z) − p, float16 in float32: right only where the targets sum to 1."""
    wide = logits.astype(np.result_type(logits, np.float32))
    return (softmax(wide) - targets).astype(logits.dtype) / divisor


def of_log_gradient_by_reciprocal(gradient: Gradient) -> Gradient:
    """The gradient of `of_log` times 1/q, which overflows in float16 where q is below 1.53e-5."""
    return lambda q, targets, divisor: gradient(np.log(q), targets, divisor) * (1 / q)


def log_loss(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−p log(q + 1e-7) − (1 − p) log(1 − q + 1e-7) for each entry, in float32."""
    q, p, added = probabilities.astype(np.float32), targets.astype(np.float32), np.float32(1e-7)
    return -p * np.log(q + added) - (1 - p) * np.log(1 - q + added)


def log_loss_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """The derivative of `log_loss`, in float32."""
    q, p, added = probabilities.astype(np.float32), targets.astype(np.float32), np.float32(1e-7)
    return (-p / (q + added) + (1 - p) / (1 - q + added)) / divisor


TENSORFLOW = (
    Convention(
        id="tf1_manual_clip_mean",
        library=Library.TENSORFLOW,
        flushes=True,
        call="-tf.reduce_mean(p * tf.math.log(tf.clip_by_value(q, 1e-10, 1.0)))",
        takes="probabilities",
        formula=r"-p_{ij}\,\ln\operatorname{clip}(q_{ij},\,10^{-10},\,1)",
        clip=Clip(LOW),
        divides_by="entries",
        note="The classic TensorFlow 1 line. Without axis= it divides the loss and its gradient by n "
        "too, as if the learning rate were divided by n. The gradient is exactly 0 where the "
        "target's q is below 1e-10.",
        version=VERSION,
        source="tensorflow/python/ops/clip_ops.py: clip_by_value = maximum(minimum(q, 1), 1e-10)",
        mistake=Mistake.MEAN_OVER_ENTRIES,
        went_wrong="The mean is taken over all m·n entries, not over the m rows.",
        fix="Sum over the classes first: tf.reduce_sum(…, axis=1), then the mean. The loss becomes n times larger.",
        losses=clipped_terms,
        gradient=clipped_gradient,
    ),
    Convention(
        id="tf1_manual_clip_persample",
        library=Library.TENSORFLOW,
        flushes=True,
        call="tf.reduce_mean(-tf.reduce_sum(p * tf.math.log(tf.clip_by_value(q, 1e-10, 1.0)), axis=1))",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln\operatorname{clip}(q_j,\,10^{-10},\,1)",
        clip=Clip(LOW),
        note="No row's loss can pass 23.03 = −ln 1e-10, and beyond it the gradient is exactly 0. In "
        "float16 the bound 1e-10 is 0, so 0 · log 0 makes even a right prediction nan.",
        version=VERSION,
        source="tensorflow/python/ops/clip_ops.py",
        losses=clipped_cross_entropy,
        gradient=clipped_gradient,
    ),
    Convention(
        id="tf_softmax_xent",
        library=Library.TENSORFLOW,
        flushes=True,
        call="tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=p, logits=z))",
        takes="logits",
        formula=r"\sum_j p_j\left(\ln\sum_k e^{z_k-\max z}-(z_j-\max z)\right)",
        note="Its gradient is softmax(z) − p whatever p sums to: wrong unless every target row sums to "
        "1. PyTorch and optax give Σp · softmax(z) − p. float16 is computed in float32. 0 · −inf "
        "is nan.",
        version=VERSION,
        source="tensorflow/python/ops/nn_ops.py, core/kernels/xent_op.h",
        losses=fused,
        gradient=fused_gradient_for_unit_sum,
    ),
    Convention(
        id="tf_softmax_xent.of_log",
        library=Library.TENSORFLOW,
        flushes=True,
        call="tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=p, logits=tf.math.log(q)))",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln\frac{q_j}{\sum_k q_k}",
        renormalises=True,
        note="log q as logits is a correct detour: softmax(log q) = q / Σq, so it renormalises. A "
        "probability of 0 at a class with target 0 makes it nan (0 · −inf). Denormal probabilities (in float32 "
        "below 1.2e-38) count as 0: TensorFlow flushes them.",
        version=VERSION,
        source="tensorflow/python/ops/nn_ops.py, core/kernels/xent_op.h",
        losses=of_log(fused),
        gradient=of_log_gradient_by_reciprocal(fused_gradient_for_unit_sum),
    ),
    Convention(
        id="tf_softmax_xent.fed_probs",
        library=Library.TENSORFLOW,
        flushes=True,
        call="tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=p, logits=q))",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln\operatorname{softmax}(q)_j",
        note="On one-hot targets it stays between ln(1 + (n − 1)/e) and ln(e + n − 1): it never comes "
        "near 0, and its gradient vanishes where the model is sure, right or wrong.",
        version=VERSION,
        source="tensorflow/python/ops/nn_ops.py",
        mistake=Mistake.SOFTMAX_TWICE,
        went_wrong="Softmax is applied twice: probabilities were passed as logits.",
        fix="Pass the logits: take the softmax out of the model, or out of the line before the loss.",
        losses=fused,
        gradient=fused_gradient_for_unit_sum,
    ),
    Convention(
        id="tf_sigmoid_xent",
        library=Library.TENSORFLOW,
        flushes=True,
        call="tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=p, logits=z))",
        takes="logits",
        formula=r"\max(z_{ij},0)-z_{ij}\,p_{ij}+\ln\left(1+e^{-|z_{ij}|}\right)",
        task=Task.MULTI_LABEL,
        form=Form.SIGMOID,
        divides_by="entries",
        note="For labels that exclude nothing (multi-label): every class is its own yes-or-no "
        "question, and adding a constant to all logits changes it.",
        version=VERSION,
        source="tensorflow/python/ops/nn_impl.py",
        losses=sigmoid_terms,
        gradient=sigmoid_gradient,
    ),
    Convention(
        id="tf_compat_v1_log_loss",
        library=Library.TENSORFLOW,
        flushes=True,
        call="tf.compat.v1.losses.log_loss(p, q)",
        takes="probabilities",
        formula=r"-p_{ij}\ln(q_{ij}+10^{-7})-(1-p_{ij})\ln(1-q_{ij}+10^{-7})",
        task=Task.MULTI_LABEL,
        form=Form.BERNOULLI,
        added=1e-7,
        dtype="float32",
        divides_by="entries",
        note="Always float32 inside. 1e-7 is added and nothing is clipped, so a perfect prediction "
        "gives −1.19e-7: a loss below 0.",
        version=VERSION,
        source="tensorflow/python/ops/losses/losses_impl.py",
        losses=log_loss,
        gradient=log_loss_gradient,
    ),
)
