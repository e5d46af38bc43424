"""Cross-entropy as language models take it: rows are tokens, classes the words of a vocabulary."""

import numpy as np
from numpy import ndarray

from xent_core.libraries import pytorch
from xent_core.libraries.convention import (
    Convention,
    Extra,
    Library,
    Need,
    Task,
    fused_by_label,
    fused_gradient,
    in_float32,
    softmax,
)
from xent_core.softmax import logsumexp

TRANSFORMERS_VERSION = "transformers 5.24.0"
CAUSAL_SOURCE = "transformers/loss/loss_utils.py"
LOSS_BY_FUNCTION = (4, 46)
"""The first release with these functions, and with num_items_in_batch."""
Z_WEIGHT = 1e-4


def sequence_lengths(targets: ndarray) -> ndarray:
    """[m, 1]: 1 for the first row, m − 1 for the others."""
    others = targets.shape[0] - 1
    return np.array([[1], *[[others]] * others], targets.dtype)


def of_sequences(logits: ndarray, targets: ndarray) -> ndarray:
    """Each token's loss over the length of its sequence."""
    return fused_by_label(logits, targets) / sequence_lengths(targets)[:, 0]


def of_sequences_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """(softmax(z) − p) over the length of the token's sequence."""
    return fused_gradient(logits, targets, divisor) / sequence_lengths(targets)


def with_z_loss(logits: ndarray, targets: ndarray) -> ndarray:
    """−log softmax(z) at the label + 1e-4 (log Σ exp z)²."""
    return fused_by_label(logits, targets) + Z_WEIGHT * logsumexp(logits) ** 2


def with_z_loss_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """softmax(z) − p + 2e-4 · log Σ exp z · softmax(z)."""
    of_z = 2 * Z_WEIGHT * logsumexp(logits)[:, None] * softmax(logits)
    return fused_gradient(logits, targets, divisor) + of_z / divisor


def has_next(targets: ndarray) -> ndarray:
    """1 for each row but the last, which has no next token: [m, n] → [m]."""
    rows = np.ones(targets.shape[0], targets.dtype)
    rows[-1] = 0
    return rows


def shifted(logits: ndarray, targets: ndarray) -> ndarray:
    """−log softmax(z) at the label of the next row, 0 for the last."""
    return np.append(fused_by_label(logits[:-1], targets[1:]), np.zeros(1, logits.dtype))


def shifted_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """softmax(z) − p of the next row, 0 for the last."""
    of_last = np.zeros_like(logits[-1:])
    return np.concatenate([fused_gradient(logits[:-1], targets[1:], divisor), of_last])


def times_identity(logits: ndarray) -> ndarray:
    """What is left of the logits after a matrix product with the identity: −∞ · 0 makes the rest of its row nan."""
    others_infinite = np.isinf(logits).sum(axis=1, keepdims=True) - np.isinf(logits) > 0
    return np.where(others_infinite, np.nan, logits)


def by_chunks(logits: ndarray, targets: ndarray) -> ndarray:
    """−log softmax(z I) at the label."""
    return fused_by_label(times_identity(logits), targets)


def by_chunks_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """softmax(z I) − p."""
    infinite = np.isinf(logits).any(axis=1, keepdims=True)
    return np.where(infinite, np.nan, fused_gradient(np.where(infinite, 0, logits), targets, divisor))


LANGUAGE_MODELS = (
    Convention(
        id="torch_cross_entropy.sequences",
        library=Library.PYTORCH,
        call="torch.stack([each.mean() for each in "
        'torch.nn.functional.cross_entropy(z, y, reduction="none").split([1, m - 1])]).mean()',
        takes="logits",
        targets="labels",
        needs=Need.TWO_ROWS,
        formula=r"\frac12\left[\ell_1+\frac{1}{m-1}\sum_{i\ge2}\ell_i\right],"
        r"\quad\ell_i=-\ln\operatorname{softmax}(z_i)_{y_i}",
        task=Task.LANGUAGE_MODEL,
        extras=(Extra.SEQUENCES,),
        by_rule=True,
        divides_by="sequences",
        note="The mean of sequences' means, here of the first row and of the others: a token of a short sequence "
        "counts more. Averaging the means of micro-batches in gradient accumulation does the same.",
        version=pytorch.VERSION,
        source=pytorch.LOSS_CPP,
        losses=of_sequences,
        gradient=of_sequences_gradient,
    ),
    Convention(
        id="torch_cross_entropy.z_loss",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, y) + 1e-4 * torch.logsumexp(z, 1).square().mean()",
        takes="logits",
        targets="labels",
        formula=r"-\ln\operatorname{softmax}(z)_y+10^{-4}\Bigl(\ln\sum_j e^{z_j}\Bigr)^2",
        task=Task.LANGUAGE_MODEL,
        extras=(Extra.Z_LOSS,),
        note="The z-loss of PaLM and T5X keeps log Σ exp z near 0, which the cross-entropy leaves free: adding a "
        "constant to all logits changes only it.",
        version=pytorch.VERSION,
        source="PaLM, arXiv:2204.02311, section 5",
        losses=with_z_loss,
        gradient=with_z_loss_gradient,
    ),
    Convention(
        id="torch_linear_cross_entropy.chunked",
        library=Library.PYTORCH,
        call="torch.nn.functional.linear_cross_entropy(z, torch.eye(n).to(z), y, "
        "options=torch.nn.LinearCrossEntropyOptions())",
        takes="logits",
        targets="labels",
        formula=r"-\ln\operatorname{softmax}(z\,I)_y",
        task=Task.LANGUAGE_MODEL,
        note="The loss and the matrix of the last layer in one call, by chunks of rows, so that not all logits are in "
        "memory at once; here the matrix is the identity I. A logit of −∞ makes nan of it (0 · −∞).",
        version=pytorch.VERSION,
        source="torch/nn/functional.py",
        losses=by_chunks,
        gradient=by_chunks_gradient,
    ),
    Convention(
        id="transformers_causal",
        library=Library.TRANSFORMERS,
        call="transformers.loss.loss_utils.ForCausalLMLoss(z[None], y[None], n)",
        takes="logits",
        targets="labels",
        formula=r"-\frac{1}{m-1}\sum_{i<m}\ln\operatorname{softmax}(z_i)_{y_{i+1}}",
        dtype="float32",
        task=Task.LANGUAGE_MODEL,
        extras=(Extra.SHIFTED,),
        divides_by="kept",
        weights=has_next,
        note="The model's own loss shifts the labels: pass it the input tokens. Labels that were shifted before are "
        "shifted twice. One token has no next: nan.",
        since=LOSS_BY_FUNCTION,
        version=TRANSFORMERS_VERSION,
        source=CAUSAL_SOURCE,
        losses=in_float32(shifted),
        gradient=in_float32(shifted_gradient),
    ),
    Convention(
        id="transformers_causal.shifted_labels",
        library=Library.TRANSFORMERS,
        call="transformers.loss.loss_utils.ForCausalLMLoss(z[None], None, n, shift_labels=y[None])",
        takes="logits",
        targets="labels",
        formula=r"-\ln\operatorname{softmax}(z)_y",
        dtype="float32",
        task=Task.LANGUAGE_MODEL,
        note="The plain cross-entropy in float32, from labels that are shifted already. Labels of −100 are left out.",
        since=LOSS_BY_FUNCTION,
        version=TRANSFORMERS_VERSION,
        source=CAUSAL_SOURCE,
        losses=in_float32(fused_by_label),
        gradient=in_float32(fused_gradient),
    ),
    Convention(
        id="transformers_causal.num_items",
        library=Library.TRANSFORMERS,
        call="transformers.loss.loss_utils.ForCausalLMLoss(z[None], None, n, num_items_in_batch=2 * m, "
        "shift_labels=y[None])",
        takes="logits",
        targets="labels",
        formula=r"-\frac{1}{2m}\sum_i\ln\operatorname{softmax}(z_i)_{y_i}",
        dtype="float32",
        task=Task.LANGUAGE_MODEL,
        by_rule=True,
        divides_by="both",
        note="Under gradient accumulation, here of two batches of m tokens each, the Trainer passes the tokens of all "
        "of them: the losses add up to the mean over all tokens. A model that takes no num_items_in_batch returns "
        "its own mean, and their sum is twice as large.",
        since=LOSS_BY_FUNCTION,
        version=TRANSFORMERS_VERSION,
        source=CAUSAL_SOURCE,
        losses=in_float32(fused_by_label),
        gradient=in_float32(fused_gradient),
    ),
)
