"""Label smoothing in its other forms: to the other classes only, to one half, and by a trainer."""

from numpy import ndarray

from xent_core.libraries import pytorch, tensorflow
from xent_core.libraries.convention import (
    SMOOTHING,
    Convention,
    Extra,
    Form,
    Library,
    Need,
    Task,
    fused,
    fused_gradient,
    in_float32,
    sigmoid_gradient,
    sigmoid_terms,
    smoothed,
    smoothed_to_half,
)
from xent_core.libraries.language_models import TRANSFORMERS_VERSION
from xent_core.targets import smooth_targets

TF_SOURCE = "tensorflow/python/ops/losses/losses_impl.py"


def others_smoothed(targets: ndarray) -> ndarray:
    """0.9 p + 0.1 (1 − p) / (n − 1)."""
    return smooth_targets(targets, SMOOTHING, over_others=True)


def smoothed_among_others(logits: ndarray, targets: ndarray) -> ndarray:
    """`fused` on targets whose share goes to the other classes."""
    return fused(logits, others_smoothed(targets))


def smoothed_among_others_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """The derivative of `smoothed_among_others`."""
    return fused_gradient(logits, others_smoothed(targets), divisor)


SMOOTHINGS = (
    Convention(
        id="torch_cross_entropy.others_smoothed",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, 0.9 * p + 0.1 / (n - 1) * (1 - p))",
        takes="logits",
        targets="labels",
        needs=Need.TWO_CLASSES,
        formula=r"-0.9\,\ln\operatorname{softmax}(z)_y-\tfrac{0.1}{n-1}\sum_{j\ne y}\ln\operatorname{softmax}(z)_j",
        smoothing=SMOOTHING,
        extras=(Extra.OTHERS_SMOOTHED,),
        note="The form of the Transformer paper, fairseq and Megatron: the label keeps 0.9, the others share 0.1. "
        "PyTorch's own label_smoothing= gives a share of 0.1/n to the label too: it is this one with α = 0.1 · "
        "(n − 1)/n.",
        version=pytorch.VERSION,
        source="fairseq/criterions/label_smoothed_cross_entropy.py",
        losses=smoothed_among_others,
        gradient=smoothed_among_others_gradient,
    ),
    Convention(
        id="tf_compat_v1_softmax_xent.ls01",
        library=Library.TENSORFLOW,
        flushes=True,
        call="tf.compat.v1.losses.softmax_cross_entropy(p, z, label_smoothing=0.1)",
        takes="logits",
        formula=r"-\sum_j\left(0.9\,p_j+\tfrac{0.1}{n}\right)\ln\operatorname{softmax}(z)_j",
        smoothing=SMOOTHING,
        dtype="float32",
        note="The share goes to all n classes, 0.1/n each. The mean is taken in float32, over the rows whose weight "
        "is not 0.",
        version=tensorflow.VERSION,
        source=TF_SOURCE,
        losses=in_float32(smoothed(fused)),
        gradient=in_float32(smoothed(tensorflow.fused_gradient_for_unit_sum)),
    ),
    Convention(
        id="tf_compat_v1_sigmoid_xent.ls01",
        library=Library.TENSORFLOW,
        flushes=True,
        call="tf.compat.v1.losses.sigmoid_cross_entropy(p, z, label_smoothing=0.1)",
        takes="logits",
        formula=r"\max(z_{ij},0)-z_{ij}\,p'_{ij}+\ln\left(1+e^{-|z_{ij}|}\right),\quad p'=0.9\,p+0.05",
        form=Form.SIGMOID,
        task=Task.MULTI_LABEL,
        smoothing=SMOOTHING,
        divides_by="entries",
        dtype="float32",
        note="Each entry is smoothed towards ½, not towards 1/n. Smoothing and mean are in float32.",
        version=tensorflow.VERSION,
        source=TF_SOURCE,
        losses=in_float32(smoothed_to_half(sigmoid_terms)),
        gradient=in_float32(smoothed_to_half(sigmoid_gradient)),
    ),
    Convention(
        id="torch_bce_with_logits.ls01",
        library=Library.PYTORCH,
        call="torch.nn.functional.binary_cross_entropy_with_logits(z, 0.9 * p + 0.05)",
        takes="logits",
        formula=r"(1-p'_{ij})\,z_{ij}-\ln\sigma(z_{ij}),\quad p'=0.9\,p+0.05",
        form=Form.SIGMOID,
        task=Task.MULTI_LABEL,
        smoothing=SMOOTHING,
        divides_by="entries",
        note="PyTorch's binary losses have no label_smoothing=: one smooths the targets, here as Keras and TensorFlow "
        "do.",
        version=pytorch.VERSION,
        source="aten/src/ATen/native/Loss.cpp",
        losses=smoothed_to_half(pytorch.bce_with_logits_terms),
        gradient=smoothed_to_half(sigmoid_gradient),
    ),
    Convention(
        id="transformers_label_smoother",
        library=Library.TRANSFORMERS,
        call='transformers.trainer_pt_utils.LabelSmoother(0.1)({"logits": z}, y)',
        takes="logits",
        targets="labels",
        formula=r"-0.9\,\ln\operatorname{softmax}(z)_y-\tfrac{0.1}{n}\sum_j\ln\operatorname{softmax}(z)_j",
        task=Task.LANGUAGE_MODEL,
        smoothing=SMOOTHING,
        dtype="float32",
        note="What the Trainer uses for label_smoothing_factor=0.1 in place of the model's own loss: PyTorch's form. "
        "Labels of −100 are left out. The share of all classes is added up in float32.",
        version=TRANSFORMERS_VERSION,
        source="transformers/trainer_pt_utils.py",
        losses=in_float32(smoothed(fused)),
        gradient=in_float32(smoothed(fused_gradient)),
    ),
)
