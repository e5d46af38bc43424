"""Calls that one release of a library computes in another way than the next."""

import numpy as np
from numpy import ndarray

from xent_core.clipping import clipped_cross_entropy
from xent_core.libraries import keras, pytorch, scipy, tensorflow, weighted
from xent_core.libraries.convention import Clip, Convention, Extra, Form, Library, Task, log_gradient, normalised, pick

OLD_EPSILON = 1e-15
EPSILON_BY_DTYPE = (1, 2)
LOG_LOSS_SOURCE = "sklearn/metrics/_classification.py"


def clamped_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """−p / q inside the bounds and on them, 0 outside."""
    low = probabilities.dtype.type(tensorflow.LOW)
    inside = (probabilities >= low) & (probabilities <= 1)
    return np.where(inside, log_gradient(probabilities, targets, divisor), 0)


def clipped_and_renormalised(probabilities: ndarray, epsilon: float) -> ndarray:
    """C / Σc, c = clip(q, ε, 1 − ε)."""
    low = probabilities.dtype.type(epsilon)
    return normalised(np.clip(probabilities, low, 1 - low))


def log_loss_with_old_epsilon(probabilities: ndarray, targets: ndarray) -> ndarray:
    """scikit-learn's before 1.2: in float16 ε is 0, and 0 · log 0 is nan."""
    return -(targets * np.log(clipped_and_renormalised(probabilities, OLD_EPSILON))).sum(axis=1)


def log_loss_renormalised(probabilities: ndarray, targets: ndarray) -> ndarray:
    """scikit-learn's from 1.2 to 1.4: ε is the machine epsilon of q's dtype."""
    return -np.log(pick(clipped_and_renormalised(probabilities, float(np.finfo(probabilities.dtype).eps)), targets))


def binary_with_added(probabilities: ndarray, targets: ndarray) -> ndarray:
    """Mean over the row's n entries of −p log(c + 1e-7) − (1 − p) log(1 − c + 1e-7), c = clip(q)."""
    clipped, added = keras.clip(probabilities), probabilities.dtype.type(keras.EPSILON)
    return -(targets * np.log(clipped + added) + (1 - targets) * np.log(1 - clipped + added)).mean(axis=1)


def binary_with_added_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """−p · 1/(q + 1e-7) + (1 − p) · 1/(1 − q + 1e-7) inside the clip, 0 outside."""
    added = probabilities.dtype.type(keras.EPSILON)
    of_one = -(targets / divisor) * (1 / (probabilities + added))
    of_zero = -((1 - targets) / divisor) * (1 / (1 - probabilities + added))
    return np.where(keras.passes(probabilities), of_one - of_zero, 0)


RELEASES = (
    Convention(
        id="torch_clamp_persample.before_2_14",
        library=Library.PYTORCH,
        call="-(p * torch.log(torch.clamp(q, 1e-10, 1.0))).sum(dim=1).mean()",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln\operatorname{clip}(q_j,\,10^{-10},\,1)",
        clip=Clip(tensorflow.LOW),
        note="As TensorFlow does still, clamp passed the gradient on a bound itself: at q = 1 it is −p.",
        until=pytorch.EXCLUSIVE_CLAMP,
        version=pytorch.VERSION,
        source="torch/_decomp/decompositions.py: clamp",
        losses=clipped_cross_entropy,
        gradient=clamped_gradient,
    ),
    Convention(
        id="sklearn_log_loss.before_1_2",
        library=Library.SCIKIT_LEARN,
        call="sklearn.metrics.log_loss(y, q, labels=range(n))",
        takes="probabilities",
        targets="labels",
        formula=r"-\ln\frac{c_y}{\sum_k c_k},\quad c=\operatorname{clip}(q,\,10^{-15},\,1-10^{-15})",
        clip=Clip(OLD_EPSILON, symmetric=True),
        renormalises=True,
        note="The ceiling is 34.54 = −ln 1e-15, whatever the dtype. It clips first, then renormalises.",
        until=EPSILON_BY_DTYPE,
        version="scikit-learn 1.1.3",
        source=LOG_LOSS_SOURCE,
        losses=log_loss_with_old_epsilon,
    ),
    Convention(
        id="sklearn_log_loss.before_1_5",
        library=Library.SCIKIT_LEARN,
        call="sklearn.metrics.log_loss(y, q, labels=range(n))",
        takes="probabilities",
        targets="labels",
        formula=r"-\ln\frac{c_y}{\sum_k c_k},\quad c=\operatorname{clip}(q,\,\epsilon,\,1-\epsilon)",
        clip=Clip(None, symmetric=True),
        renormalises=True,
        note="ε is the machine epsilon of q's dtype. It clips first, then renormalises; since 1.5 it only warns where "
        "the sum is not 1.",
        since=EPSILON_BY_DTYPE,
        until=scipy.WITHOUT_RENORMALISING,
        version="scikit-learn 1.4.2",
        source=LOG_LOSS_SOURCE,
        losses=log_loss_renormalised,
    ),
    Convention(
        id="keras_binary_probs.before_3",
        library=Library.KERAS,
        flushes=True,
        call="tf.reduce_mean(tf.keras.losses.binary_crossentropy(p, q))",
        takes="probabilities",
        formula=r"-\frac1n\sum_j\left[p_j\ln(c_j+10^{-7})+(1-p_j)\ln(1-c_j+10^{-7})\right],"
        r"\quad c=\operatorname{clip}(q,\,10^{-7},\,1-10^{-7})",
        form=Form.BERNOULLI,
        task=Task.MULTI_LABEL,
        divides_by="entries",
        clip=keras.CLIP,
        added=keras.EPSILON,
        note="Keras 2 clips, and adds 1e-7 once more: the ceiling of an entry is 15.42 = −ln 2e-7, not 16.12.",
        until=keras.KERAS_3,
        version="keras 2.15.0",
        source="keras/src/backend.py",
        losses=binary_with_added,
        gradient=binary_with_added_gradient,
    ),
    Convention(
        id="keras_sparse_categorical.ignored.before_3",
        library=Library.KERAS,
        flushes=True,
        call="keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)(y, z)",
        takes="logits",
        targets="labels",
        formula=r"\frac{-\sum_{i:\,y_i\ne0}\ln\operatorname{softmax}(z_i)_{y_i}}{\#\{i:\,y_i\ne0\}}",
        task=Task.LANGUAGE_MODEL,
        extras=(Extra.IGNORED_LABEL,),
        by_rule=True,
        divides_by="kept",
        weights=weighted.kept,
        note="The mean divides by the rows that are kept, and is nan with none left; since Keras 3 it is 0.0.",
        until=keras.KERAS_3,
        version="keras 2.15.0",
        source="keras/src/utils/losses_utils.py",
        losses=weighted.of_kept,
        gradient=weighted.of_kept_gradient,
    ),
)
