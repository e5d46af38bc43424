"""The KL divergence of the frameworks, and distillation."""

import numpy as np
from numpy import ndarray

from xent_core.libraries import keras, pytorch
from xent_core.libraries.convention import (
    Clip,
    Convention,
    Extra,
    Form,
    Library,
    Mistake,
    Task,
    fused_gradient,
    log_softmax,
    softmax,
)

TEMPERATURE = 2
KL_SOURCE = "aten/src/ATen/native/Loss.cpp"


def entropy_terms(targets: ndarray) -> ndarray:
    """P log p for each entry, 0 where p is 0."""
    return np.where(targets == 0, 0, targets * np.log(targets))


def divergence_terms(logits: ndarray, targets: ndarray) -> ndarray:
    """P log p − p log softmax(z) for each entry."""
    return entropy_terms(targets) - targets * log_softmax(logits)


def divergence(logits: ndarray, targets: ndarray) -> ndarray:
    """`divergence_terms` added up, per row."""
    return divergence_terms(logits, targets).sum(axis=1)


def without_log(probabilities: ndarray, targets: ndarray) -> ndarray:
    """Σ (p log p − p q) per row."""
    return (entropy_terms(targets) - targets * probabilities).sum(axis=1)


def without_log_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """−p, whatever was passed."""
    return -targets / divisor


def of_clipped(probabilities: ndarray, targets: ndarray) -> ndarray:
    """Σ c(p) log(c(p) / c(q)) per row, c clips to [1e-7, 1]."""
    p, q = (np.clip(values, values.dtype.type(keras.EPSILON), 1) for values in (targets, probabilities))
    return (p * np.log(p / q)).sum(axis=1)


def of_clipped_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """−c(p) / q where the clip passes the gradient."""
    low = probabilities.dtype.type(keras.EPSILON)
    p, q = np.clip(targets, low, 1), np.clip(probabilities, low, 1)
    ratio = p / q
    inside = p / divisor * (1 / ratio) * (-ratio / q)
    return np.where((probabilities >= low) & (probabilities <= 1), inside, 0)


def softened(targets: ndarray) -> ndarray:
    """The targets at T = 2: p^½ over its sum; nan for a row of zeros."""
    return softmax(np.log(targets) / TEMPERATURE)


def distilled(logits: ndarray, targets: ndarray) -> ndarray:
    """The divergence of both sides at T = 2, per row."""
    return divergence(logits / TEMPERATURE, softened(targets))


def distilled_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """(softmax(z/2) − p at T = 2) / 2."""
    soft = softened(targets)
    return (softmax(logits / TEMPERATURE) * soft.sum(axis=1, keepdims=True) - soft) / divisor / TEMPERATURE


def scaled_distilled(logits: ndarray, targets: ndarray) -> ndarray:
    """4 times `distilled`."""
    return TEMPERATURE**2 * distilled(logits, targets)


def scaled_distilled_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """4 times `distilled_gradient`."""
    return TEMPERATURE**2 * distilled_gradient(logits, targets, divisor)


DIVERGENCES = (
    Convention(
        id="torch_kl_div.batchmean",
        library=Library.PYTORCH,
        call='torch.nn.functional.kl_div(torch.log_softmax(z, 1), p, reduction="batchmean")',
        takes="logits",
        formula=r"\sum_j p_j\left(\ln p_j-\ln\operatorname{softmax}(z)_j\right)",
        form=Form.DIVERGENCE,
        task=Task.DISTILLATION,
        note="The KL divergence: the cross-entropy less H(p), the entropy of the targets, with the same gradient. "
        "It takes log-probabilities first and targets second, and divides by the first dimension alone.",
        version=pytorch.VERSION,
        source=KL_SOURCE,
        losses=divergence,
        gradient=fused_gradient,
    ),
    Convention(
        id="torch_kl_div.mean",
        library=Library.PYTORCH,
        call="torch.nn.functional.kl_div(torch.log_softmax(z, 1), p)",
        takes="logits",
        formula=r"p_{ij}\left(\ln p_{ij}-\ln\operatorname{softmax}(z)_{ij}\right)",
        form=Form.DIVERGENCE,
        task=Task.DISTILLATION,
        divides_by="entries",
        note="reduction='mean' is the default, and PyTorch warns that it is not the divergence: n times too small.",
        version=pytorch.VERSION,
        source=KL_SOURCE,
        mistake=Mistake.MEAN_OVER_ENTRIES,
        went_wrong="The mean is taken over all m·n entries, not over the m rows.",
        fix="Pass reduction='batchmean'. Loss and gradient become n times larger.",
        losses=divergence_terms,
        gradient=fused_gradient,
    ),
    Convention(
        id="torch_kl_div.fed_probs",
        library=Library.PYTORCH,
        call='torch.nn.functional.kl_div(q, p, reduction="batchmean")',
        takes="probabilities",
        formula=r"\sum_j p_j\left(\ln p_j-q_j\right)",
        form=Form.DIVERGENCE,
        task=Task.DISTILLATION,
        note="Below 0, which no divergence is, and its gradient is −p whatever the prediction.",
        version=pytorch.VERSION,
        source=KL_SOURCE,
        mistake=Mistake.PROBABILITIES_AS_LOGS,
        went_wrong="kl_div got probabilities: it wants their logarithms.",
        fix="Use log_softmax in place of softmax.",
        losses=without_log,
        gradient=without_log_gradient,
    ),
    Convention(
        id="keras_kl_divergence",
        library=Library.KERAS,
        flushes=True,
        call="keras.ops.mean(keras.losses.kl_divergence(p, q))",
        takes="probabilities",
        formula=r"\sum_j c(p_j)\ln\frac{c(p_j)}{c(q_j)},\quad c(x)=\operatorname{clip}(x,\,10^{-7},\,1)",
        form=Form.DIVERGENCE,
        task=Task.DISTILLATION,
        clip=Clip(keras.EPSILON),
        note="Targets are clipped too: one of 0 counts as 1e-7. In float16 1e-7 is 1.2e-7.",
        version=keras.VERSION,
        source="keras/src/losses/losses.py",
        losses=of_clipped,
        gradient=of_clipped_gradient,
    ),
    Convention(
        id="torch_distillation",
        library=Library.PYTORCH,
        call="4 * torch.nn.functional.kl_div(torch.log_softmax(z / 2, 1), torch.softmax(torch.log(p) / 2, 1), "
        'reduction="batchmean")',
        takes="logits",
        formula=r"T^2\sum_j P_j\left(\ln P_j-\ln\operatorname{softmax}(z/T)_j\right),"
        r"\quad P=\operatorname{softmax}(\ln p\,/\,T),\quad T=2",
        form=Form.DIVERGENCE,
        task=Task.DISTILLATION,
        extras=(Extra.TEMPERATURE, Extra.TIMES_T_SQUARED),
        by_rule=True,
        note="Hinton's distillation: the targets are the teacher's probabilities. The gradient of the divergence at T "
        "falls as 1/T², and T² makes up for it, so that it can be added to the cross-entropy on labels.",
        version=pytorch.VERSION,
        source="Hinton, Vinyals and Dean, arXiv:1503.02531, section 2",
        losses=scaled_distilled,
        gradient=scaled_distilled_gradient,
    ),
    Convention(
        id="torch_distillation.without_t_squared",
        library=Library.PYTORCH,
        call="torch.nn.functional.kl_div(torch.log_softmax(z / 2, 1), torch.softmax(torch.log(p) / 2, 1), "
        'reduction="batchmean")',
        takes="logits",
        formula=r"\sum_j P_j\left(\ln P_j-\ln\operatorname{softmax}(z/T)_j\right),"
        r"\quad P=\operatorname{softmax}(\ln p\,/\,T),\quad T=2",
        form=Form.DIVERGENCE,
        task=Task.DISTILLATION,
        extras=(Extra.TEMPERATURE,),
        by_rule=True,
        note="Beside a cross-entropy on labels it weighs less, the larger T is.",
        version=pytorch.VERSION,
        source="Hinton, Vinyals and Dean, arXiv:1503.02531, section 2",
        mistake=Mistake.NO_T_SQUARED,
        went_wrong="The factor T² is missing: the gradient shrinks as 1/T².",
        fix="Multiply by T², here 4.",
        losses=distilled,
        gradient=distilled_gradient,
    ),
)
