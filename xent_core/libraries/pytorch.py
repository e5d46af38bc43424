"""PyTorch: cross_entropy by distribution and by index, nll_loss, and the binary losses."""

import numpy as np
from numpy import ndarray

from xent_core.clipping import clipped_cross_entropy
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
    fused_gradient,
    log_gradient,
    log_sigmoid,
    of_log,
    of_log_gradient,
    pick,
    sigmoid_gradient,
    smoothed,
)
from xent_core.libraries.tensorflow import LOW

VERSION = "torch 2.13.0"
LOSS_CPP = "aten/src/ATen/native/LossNLL.cpp"
LOG_LOW = -100
EXCLUSIVE_CLAMP = (2, 14)
"""The first release whose clamp passes no gradient on a bound itself."""


def nll_of_log(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−log q at the label."""
    return -np.log(pick(probabilities, targets))


def nll(log_probabilities: ndarray, targets: ndarray) -> ndarray:
    """Minus what was passed, at the label."""
    return -pick(log_probabilities, targets)


def nll_gradient(log_probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """−1 at the label, whatever was passed."""
    return -targets / divisor


def clamped_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """−p / q strictly inside the bounds, 0 on them and outside."""
    low = probabilities.dtype.type(LOW)
    inside = (probabilities > low) & (probabilities < 1)
    return np.where(inside, log_gradient(probabilities, targets, divisor), 0)


def bce_terms(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−p max(log q, −100) − (1 − p) max(log(1 − q), −100) for each entry."""
    yes, no = np.maximum(np.log(probabilities), LOG_LOW), np.maximum(np.log1p(-probabilities), LOG_LOW)
    return (targets - 1) * no - targets * yes


def bce_with_logits_terms(logits: ndarray, targets: ndarray) -> ndarray:
    """(1 − p) z − log σ(z) for each entry."""
    return (1 - targets) * logits - log_sigmoid(logits)


def bce_gradient(probabilities: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """(q − p) / max(q (1 − q), 1e-12), the 1e-12 rounded to float32 even in float64, and divided last."""
    smallest = probabilities.dtype.type(np.float32(1e-12))
    return (probabilities - targets) / np.maximum(probabilities * (1 - probabilities), smallest) / divisor


PYTORCH = (
    Convention(
        id="torch_cross_entropy.index",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, y)",
        takes="logits",
        targets="labels",
        formula=r"-\ln\operatorname{softmax}(z)_y",
        note="The plain cross-entropy, from labels. In float32 it is exactly 0 once the target leads by about 17.",
        version=VERSION,
        source=LOSS_CPP,
        losses=fused_by_label,
        gradient=fused_gradient,
    ),
    Convention(
        id="torch_cross_entropy.index.ls01",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, y, label_smoothing=0.1)",
        takes="logits",
        targets="labels",
        formula=r"-0.9\,\ln\operatorname{softmax}(z)_y-\tfrac{0.1}{n}\sum_j\ln\operatorname{softmax}(z)_j",
        smoothing=SMOOTHING,
        note="The same as smoothing the targets to 0.9 p + 0.1/n, so it cannot reach 0.",
        version=VERSION,
        source=LOSS_CPP,
        losses=smoothed(fused),
        gradient=smoothed(fused_gradient),
    ),
    Convention(
        id="torch_cross_entropy.soft",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, p)",
        takes="logits",
        formula=r"-\sum_j p_j\,\ln\operatorname{softmax}(z)_j",
        note="The mean divides by the m rows, not by Σp. The gradient is Σp · softmax(z) − p, right "
        "for any p; TensorFlow's is not. A logit of −∞ at a class with target 0 makes it nan (0 · "
        "−inf); by index it does not.",
        version=VERSION,
        source=LOSS_CPP,
        losses=fused,
        gradient=fused_gradient,
    ),
    Convention(
        id="torch_cross_entropy.soft.ls01",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, p, label_smoothing=0.1)",
        takes="logits",
        formula=r"-\sum_j\left(0.9\,p_j+\tfrac{0.1}{n}\right)\ln\operatorname{softmax}(z)_j",
        smoothing=SMOOTHING,
        note="Smoothed targets have a floor above 0: the best possible loss is the entropy of 0.9 p + 0.1/n.",
        version=VERSION,
        source=LOSS_CPP,
        losses=smoothed(fused),
        gradient=smoothed(fused_gradient),
    ),
    Convention(
        id="torch_cross_entropy.soft.of_log",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(torch.log(q), p)",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln\frac{q_j}{\sum_k q_k}",
        renormalises=True,
        note="log q as logits is a correct detour: softmax(log q) = q / Σq, so it renormalises. A "
        "probability of exactly 0 at a class with target 0 makes it nan (0 · −inf).",
        version=VERSION,
        source=LOSS_CPP,
        losses=of_log(fused),
        gradient=of_log_gradient(fused_gradient),
    ),
    Convention(
        id="torch_nll_of_log",
        library=Library.PYTORCH,
        call="torch.nn.functional.nll_loss(torch.log(q), y)",
        takes="probabilities",
        targets="labels",
        formula=r"-\ln q_y",
        note="No clip, no renormalisation: inf where the label's probability is 0. The gradient is nan "
        "for a whole row as soon as any of its probabilities underflows to 0, even if the "
        "prediction is right and the loss is 0.",
        version=VERSION,
        source="torch/_decomp/decompositions.py",
        losses=nll_of_log,
        gradient=log_gradient,
    ),
    Convention(
        id="torch_nll.fed_probs",
        library=Library.PYTORCH,
        call="torch.nn.functional.nll_loss(q, y)",
        takes="probabilities",
        targets="labels",
        formula=r"-q_y",
        note="Between −1 and 0. Its gradient vanishes where the label's probability is near 0, where "
        "learning is needed most.",
        version=VERSION,
        source="torch/_decomp/decompositions.py",
        mistake=Mistake.PROBABILITIES_AS_LOGS,
        went_wrong="nll_loss got probabilities: it wants their logarithms.",
        fix="Use log_softmax in place of softmax, or cross_entropy on the logits.",
        losses=nll,
        gradient=nll_gradient,
    ),
    Convention(
        id="torch_nll.fed_logits",
        library=Library.PYTORCH,
        call="torch.nn.functional.nll_loss(z, y)",
        takes="logits",
        targets="labels",
        formula=r"-z_y",
        note="It has no floor: training drives it to −∞.",
        version=VERSION,
        source="torch/_decomp/decompositions.py",
        mistake=Mistake.LOGITS_AS_LOGS,
        went_wrong="nll_loss got logits: it wants log-probabilities.",
        fix="Use cross_entropy, which takes logits, or put log_softmax before nll_loss.",
        losses=nll,
        gradient=nll_gradient,
    ),
    Convention(
        id="torch_clamp_persample",
        library=Library.PYTORCH,
        call="-(p * torch.log(torch.clamp(q, 1e-10, 1.0))).sum(dim=1).mean()",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln\operatorname{clip}(q_j,\,10^{-10},\,1)",
        clip=Clip(1e-10),
        note="TensorFlow's clipped form, written in PyTorch: the same values and the same gradient of "
        "exactly 0 beyond 23.03, and since 2.14 on a bound itself too: at q = 1 it is 0, where before it was −p.",
        since=EXCLUSIVE_CLAMP,
        version="torch 2.14.1",
        source="tools/autograd/derivatives.yaml: clamp",
        losses=clipped_cross_entropy,
        gradient=clamped_gradient,
    ),
    Convention(
        id="torch_bce",
        library=Library.PYTORCH,
        call="torch.nn.functional.binary_cross_entropy(q, p)",
        takes="probabilities",
        formula=r"-p_{ij}\max(\ln q_{ij},-100)-(1-p_{ij})\max(\ln(1-q_{ij}),-100)",
        task=Task.MULTI_LABEL,
        form=Form.BERNOULLI,
        log_low=LOG_LOW,
        divides_by="entries",
        note="The log is clamped at −100, not the probability: an entry that is exactly wrong costs "
        "100. Mean over all m·n entries.",
        version=VERSION,
        source="aten/src/ATen/native/Loss.cpp",
        losses=bce_terms,
        gradient=bce_gradient,
    ),
    Convention(
        id="torch_bce_with_logits",
        library=Library.PYTORCH,
        call="torch.nn.functional.binary_cross_entropy_with_logits(z, p)",
        takes="logits",
        formula=r"(1-p_{ij})\,z_{ij}-\ln\sigma(z_{ij})",
        task=Task.MULTI_LABEL,
        form=Form.SIGMOID,
        divides_by="entries",
        note="For labels that exclude nothing (multi-label): every class is its own yes-or-no "
        "question. Mean over all m·n entries.",
        version=VERSION,
        source="aten/src/ATen/native/Loss.cpp",
        losses=bce_with_logits_terms,
        gradient=sigmoid_gradient,
    ),
    Convention(
        id="torch_bce_with_logits.fed_probs",
        library=Library.PYTORCH,
        call="torch.nn.functional.binary_cross_entropy_with_logits(q, p)",
        takes="probabilities",
        formula=r"(1-p_{ij})\,q_{ij}-\ln\sigma(q_{ij})",
        task=Task.MULTI_LABEL,
        form=Form.SIGMOID,
        divides_by="entries",
        note="σ(q) is between 0.5 and 0.73, so no entry's loss falls below 0.313 where p = 1 or below "
        "0.693 where p = 0.",
        version=VERSION,
        source="aten/src/ATen/native/Loss.cpp",
        mistake=Mistake.SIGMOID_TWICE,
        went_wrong="A sigmoid is applied to probabilities: the loss with logits got probabilities.",
        fix="Pass the logits: take the activation out of the model.",
        losses=bce_with_logits_terms,
        gradient=sigmoid_gradient,
    ),
    Convention(
        id="torch_double_softmax",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(q, p)",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln\operatorname{softmax}(q)_j",
        note="On one-hot targets it stays between ln(1 + (n − 1)/e) and ln(e + n − 1): it never comes "
        "near 0, and its gradient vanishes where the model is sure, right or wrong.",
        version=VERSION,
        source=LOSS_CPP,
        mistake=Mistake.SOFTMAX_TWICE,
        went_wrong="Softmax is applied twice: cross_entropy got probabilities in place of logits.",
        fix="Pass the logits: take the softmax out of the model.",
        losses=fused,
        gradient=fused_gradient,
    ),
)
