"""Weights and masks: of classes, of examples, of positive entries, and labels that are ignored.

A call says by which rule it weighs: class j, from 1 on, weighs j; a row with label 0 is left out.
"""

import numpy as np
from numpy import ndarray

from xent_core.libraries import optax, pytorch, scipy, tensorflow
from xent_core.libraries.convention import (
    SMOOTHING,
    Clip,
    Convention,
    Extra,
    Form,
    Library,
    Mistake,
    Task,
    fused,
    fused_by_label,
    fused_gradient,
    in_float32,
    log_sigmoid,
    sigmoid,
)
from xent_core.libraries.keras import KERAS_3
from xent_core.libraries.keras import VERSION as KERAS_VERSION

POSITIVE_WEIGHT = 2
KERAS_SOURCE = "keras/src/losses/loss.py: reduce_weighted_values"


def class_weights(targets: ndarray) -> ndarray:
    """1, 2, …, n."""
    return np.arange(1, targets.shape[1] + 1, dtype=targets.dtype)


def row_weights(targets: ndarray) -> ndarray:
    """The weight of each row's label, [m, n] → [m]."""
    return targets @ class_weights(targets)


def kept(targets: ndarray) -> ndarray:
    """1 for each row whose label is not 0, else 0: [m, n] → [m]."""
    return 1 - targets[:, 0]


def kept_or_all(targets: ndarray) -> ndarray:
    """What Keras divides by the sum of: where no row is kept it divides 0 by their number, not by 0."""
    rows = kept(targets)
    return rows if rows.any() else np.ones_like(rows)


def weighted_by_label(logits: ndarray, targets: ndarray) -> ndarray:
    """−w log softmax(z) at the label, w the label's weight."""
    return row_weights(targets) * fused_by_label(logits, targets)


def weighted_by_label_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """W (softmax(z) − p)."""
    return row_weights(targets)[:, None] * fused_gradient(logits, targets, divisor)


def weighted(logits: ndarray, targets: ndarray) -> ndarray:
    """−Σ w p log softmax(z) per row."""
    return fused(logits, class_weights(targets) * targets)


def weighted_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """Σ(w p) · softmax(z) − w p."""
    return fused_gradient(logits, class_weights(targets) * targets, divisor)


def weighted_smoothed(targets: ndarray) -> ndarray:
    """0.9 w p + 0.1 w / n: the label weighs as the label does, every other class with its own weight."""
    weights = class_weights(targets)
    return (1 - SMOOTHING) * weights * targets + SMOOTHING / targets.shape[1] * weights


def smoothed_by_label(logits: ndarray, targets: ndarray) -> ndarray:
    """−Σ of the weighted and smoothed targets times log softmax(z)."""
    return fused(logits, weighted_smoothed(targets))


def smoothed_by_label_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """The derivative of `smoothed_by_label`."""
    return fused_gradient(logits, weighted_smoothed(targets), divisor)


def weighted_log_loss(probabilities: ndarray, targets: ndarray) -> ndarray:
    """scikit-learn's log loss of each row times the weight of its label."""
    return row_weights(targets) * scipy.log_loss(probabilities, targets)


def of_kept(logits: ndarray, targets: ndarray) -> ndarray:
    """−log softmax(z) at the label, exactly 0 for a row that is left out."""
    return np.where(kept(targets) == 0, 0, fused_by_label(logits, targets))


def of_kept_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """softmax(z) − p, exactly 0 for a row that is left out."""
    return np.where(kept(targets)[:, None] == 0, 0, fused_gradient(logits, targets, divisor))


def of_kept_by_integer_label(logits: ndarray, targets: ndarray) -> ndarray:
    """Optax's loss by integer label, exactly 0 for a row that is left out."""
    return np.where(kept(targets) == 0, 0, optax.by_integer_label(logits, targets))


def positive_terms(logits: ndarray, targets: ndarray, weight: ndarray | float) -> ndarray:
    """(1 − p) z − (1 + (w − 1) p) log σ(z) for each entry."""
    return (1 - targets) * logits - (1 + (weight - 1) * targets) * log_sigmoid(logits)


def positive_gradient(logits: ndarray, targets: ndarray, weight: ndarray | float, divisor: float) -> ndarray:
    """(w p + 1 − p) σ(z) − w p for each entry."""
    return ((weight * targets + 1 - targets) * sigmoid(logits) - weight * targets) / divisor


def positives_by_class(logits: ndarray, targets: ndarray) -> ndarray:
    """`positive_terms` where class j weighs j."""
    return positive_terms(logits, targets, class_weights(targets))


def positives_by_class_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """`positive_gradient` where class j weighs j."""
    return positive_gradient(logits, targets, class_weights(targets), divisor)


def positives_twice(logits: ndarray, targets: ndarray) -> ndarray:
    """`positive_terms` where all weigh 2."""
    return positive_terms(logits, targets, POSITIVE_WEIGHT)


def positives_twice_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """`positive_gradient` where all weigh 2, and 1 − p at a logit of exactly 0, where |z| and relu(−z) have none."""
    return np.where(logits == 0, (1 - targets) / divisor, positive_gradient(logits, targets, POSITIVE_WEIGHT, divisor))


WEIGHTED = (
    Convention(
        id="torch_cross_entropy.weighted",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, y, weight=z.new_tensor(range(1, n + 1)))",
        takes="logits",
        targets="labels",
        formula=r"\frac{-\sum_i w_{y_i}\ln\operatorname{softmax}(z_i)_{y_i}}{\sum_i w_{y_i}},\quad w_j=j",
        extras=(Extra.CLASS_WEIGHTS,),
        by_rule=True,
        divides_by="weights",
        weights=row_weights,
        note="The weighted mean divides by the sum of the weights of the labels in the batch, so weights of a single "
        "row cancel. It is not a mean over batches of equal size: each batch has another divisor.",
        version=pytorch.VERSION,
        source=pytorch.LOSS_CPP,
        losses=weighted_by_label,
        gradient=weighted_by_label_gradient,
    ),
    Convention(
        id="torch_cross_entropy.soft.weighted",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, p, weight=z.new_tensor(range(1, n + 1)))",
        takes="logits",
        formula=r"-\sum_j w_j\,p_j\,\ln\operatorname{softmax}(z)_j,\quad w_j=j",
        extras=(Extra.CLASS_WEIGHTS,),
        by_rule=True,
        note="With targets as probabilities the mean divides by the m rows, not by the weights: the same one-hot "
        "targets give another loss than their labels.",
        version=pytorch.VERSION,
        source=pytorch.LOSS_CPP,
        losses=weighted,
        gradient=weighted_gradient,
    ),
    Convention(
        id="torch_cross_entropy.weighted.ls01",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, y, weight=z.new_tensor(range(1, n + 1)), label_smoothing=0.1)",
        takes="logits",
        targets="labels",
        formula=r"\frac{-\sum_i\left[0.9\,w_{y_i}\ln\operatorname{softmax}(z_i)_{y_i}"
        r"+\tfrac{0.1}{n}\sum_j w_j\ln\operatorname{softmax}(z_i)_j\right]}{\sum_i w_{y_i}},\quad w_j=j",
        extras=(Extra.CLASS_WEIGHTS,),
        by_rule=True,
        divides_by="weights",
        weights=row_weights,
        smoothing=SMOOTHING,
        note="The share that is moved to a class is weighed with that class's weight, but the divisor is the sum of "
        "the labels' weights alone.",
        version=pytorch.VERSION,
        source=pytorch.LOSS_CPP,
        losses=smoothed_by_label,
        gradient=smoothed_by_label_gradient,
    ),
    Convention(
        id="torch_cross_entropy.ignored",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, y, ignore_index=0)",
        takes="logits",
        targets="labels",
        formula=r"\frac{-\sum_{i:\,y_i\ne0}\ln\operatorname{softmax}(z_i)_{y_i}}{\#\{i:\,y_i\ne0\}}",
        task=Task.LANGUAGE_MODEL,
        extras=(Extra.IGNORED_LABEL,),
        by_rule=True,
        divides_by="kept",
        weights=kept,
        note="Here label 0 stands for padding. The mean divides by the rows that are kept: with none left it is 0 / 0 "
        "= nan, while the sum is 0.0.",
        version=pytorch.VERSION,
        source=pytorch.LOSS_CPP,
        losses=of_kept,
        gradient=of_kept_gradient,
    ),
    Convention(
        id="torch_cross_entropy.ignored.sum",
        library=Library.PYTORCH,
        call='torch.nn.functional.cross_entropy(z, y, ignore_index=0, reduction="sum")',
        takes="logits",
        targets="labels",
        formula=r"-\ln\operatorname{softmax}(z)_y\ \text{where}\ y\ne0",
        task=Task.LANGUAGE_MODEL,
        extras=(Extra.IGNORED_LABEL,),
        by_rule=True,
        divides_by="one",
        note="With nothing left the sum is 0.0, where the mean is nan.",
        version=pytorch.VERSION,
        source=pytorch.LOSS_CPP,
        losses=of_kept,
        gradient=of_kept_gradient,
    ),
    Convention(
        id="torch_cross_entropy.ignored.counted",
        library=Library.PYTORCH,
        call='torch.nn.functional.cross_entropy(z, y, ignore_index=0, reduction="none").mean()',
        takes="logits",
        targets="labels",
        formula=r"-\ln\operatorname{softmax}(z)_y\ \text{where}\ y\ne0,\ \text{else}\ 0",
        task=Task.LANGUAGE_MODEL,
        extras=(Extra.IGNORED_LABEL,),
        by_rule=True,
        note="The more padding a batch has, the smaller its loss and its gradient.",
        version=pytorch.VERSION,
        source=pytorch.LOSS_CPP,
        mistake=Mistake.IGNORED_COUNTED,
        went_wrong="Rows that are ignored count as rows with a loss of 0.",
        fix="Divide the sum by the number of rows kept: (y != 0).sum(), or leave out reduction.",
        losses=of_kept,
        gradient=of_kept_gradient,
    ),
    Convention(
        id="torch_bce_with_logits.pos_weight",
        library=Library.PYTORCH,
        call="torch.nn.functional.binary_cross_entropy_with_logits(z, p, pos_weight=z.new_tensor(range(1, n + 1)))",
        takes="logits",
        formula=r"(1-p_{ij})\,z_{ij}-\left(1+(w_j-1)\,p_{ij}\right)\ln\sigma(z_{ij}),\quad w_j=j",
        form=Form.SIGMOID,
        task=Task.MULTI_LABEL,
        extras=(Extra.POSITIVE_WEIGHTS,),
        by_rule=True,
        divides_by="entries",
        note="It weighs the terms of positive targets, for classes that are rare. The mean divides by all m·n entries, "
        "whatever the weights.",
        version=pytorch.VERSION,
        source="aten/src/ATen/native/Loss.cpp",
        losses=positives_by_class,
        gradient=positives_by_class_gradient,
    ),
    Convention(
        id="tf_weighted_xent",
        library=Library.TENSORFLOW,
        flushes=True,
        call="tf.reduce_mean(tf.nn.weighted_cross_entropy_with_logits(labels=p, logits=z, pos_weight=2.0))",
        takes="logits",
        formula=r"(1-p_{ij})\,z_{ij}-\left(1+(2-1)\,p_{ij}\right)\ln\sigma(z_{ij})",
        form=Form.SIGMOID,
        task=Task.MULTI_LABEL,
        extras=(Extra.POSITIVE_WEIGHT,),
        by_rule=True,
        divides_by="entries",
        note="One weight for the positive terms of all classes. The mean divides by all m·n entries, whatever the "
        "weight. At a logit of exactly 0, as a last layer of zeros gives, its gradient is wrong: 1 − p (measured).",
        version=tensorflow.VERSION,
        source="tensorflow/python/ops/nn_impl.py",
        losses=positives_twice,
        gradient=positives_twice_gradient,
    ),
    Convention(
        id="keras_sparse_categorical.sample_weight",
        library=Library.KERAS,
        flushes=True,
        call="keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, z, sample_weight=y + 1)",
        takes="logits",
        targets="labels",
        formula=r"-w_y\ln\operatorname{softmax}(z)_y,\quad w_j=j",
        dtype="float32",
        extras=(Extra.CLASS_WEIGHTS,),
        by_rule=True,
        note="So does class_weight= of model.fit. Weights are not averaged out: the mean divides by the m rows, where "
        "PyTorch divides by the sum of the weights.",
        version=KERAS_VERSION,
        source=KERAS_SOURCE,
        losses=in_float32(weighted_by_label),
        gradient=in_float32(weighted_by_label_gradient),
    ),
    Convention(
        id="keras_sparse_categorical.sample_weight_mean",
        library=Library.KERAS,
        flushes=True,
        call='keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="mean_with_sample_weight")'
        "(y, z, sample_weight=y + 1)",
        takes="logits",
        targets="labels",
        formula=r"\frac{-\sum_i w_{y_i}\ln\operatorname{softmax}(z_i)_{y_i}}{\sum_i w_{y_i}},\quad w_j=j",
        dtype="float32",
        extras=(Extra.CLASS_WEIGHTS,),
        by_rule=True,
        divides_by="weights",
        weights=row_weights,
        note="PyTorch's weighted mean: the divisor is the sum of the weights.",
        since=(3, 7),
        version=KERAS_VERSION,
        source=KERAS_SOURCE,
        losses=in_float32(weighted_by_label),
        gradient=in_float32(weighted_by_label_gradient),
    ),
    Convention(
        id="keras_sparse_categorical.ignored",
        library=Library.KERAS,
        flushes=True,
        call="keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)(y, z)",
        takes="logits",
        targets="labels",
        formula=r"\frac{-\sum_{i:\,y_i\ne0}\ln\operatorname{softmax}(z_i)_{y_i}}{\#\{i:\,y_i\ne0\}}",
        dtype="float32",
        task=Task.LANGUAGE_MODEL,
        extras=(Extra.IGNORED_LABEL,),
        by_rule=True,
        divides_by="kept",
        weights=kept_or_all,
        note="The mean divides by the rows that are kept; with none left it is 0.0, where PyTorch's is nan, as "
        "was that of Keras 2.",
        since=KERAS_3,
        version=KERAS_VERSION,
        source=f"{KERAS_SOURCE}, apply_mask",
        losses=in_float32(of_kept),
        gradient=in_float32(of_kept_gradient),
    ),
    Convention(
        id="optax_softmax_xent_integer.masked",
        library=Library.OPTAX,
        flushes=True,
        call="optax.losses.softmax_cross_entropy_with_integer_labels(z, y).mean(where=y != 0)",
        takes="logits",
        targets="labels",
        formula=r"\frac{\sum_{i:\,y_i\ne0}\left(\ln\sum_j e^{z_{ij}}-z_{iy_i}\right)}{\#\{i:\,y_i\ne0\}}",
        task=Task.LANGUAGE_MODEL,
        extras=(Extra.IGNORED_LABEL,),
        by_rule=True,
        divides_by="kept",
        weights=kept,
        note="The mean of JAX takes a mask: it divides by the rows that are kept, and is nan with none left.",
        version=optax.VERSION,
        source=optax.SOURCE,
        losses=of_kept_by_integer_label,
        gradient=of_kept_gradient,
    ),
    Convention(
        id="sklearn_log_loss.sample_weight",
        library=Library.SCIKIT_LEARN,
        call="sklearn.metrics.log_loss(y, q, labels=range(n), sample_weight=y + 1)",
        takes="probabilities",
        targets="labels",
        formula=r"\frac{-\sum_i w_{y_i}\ln\operatorname{clip}(q_{iy_i},\,\epsilon,\,1-\epsilon)}"
        r"{\sum_i w_{y_i}},\quad w_j=j",
        clip=Clip(None, symmetric=True),
        extras=(Extra.CLASS_WEIGHTS,),
        by_rule=True,
        divides_by="weights",
        weights=row_weights,
        note="A weighted average: it divides by the sum of the weights.",
        since=scipy.WITHOUT_RENORMALISING,
        version=scipy.SKLEARN_VERSION,
        source="sklearn/metrics/_classification.py",
        losses=weighted_log_loss,
    ),
)
