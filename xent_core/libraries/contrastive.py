"""Contrastive losses as cross-entropy: the logits are similarities, the targets are where they stand."""

import numpy as np
from numpy import ndarray

from xent_core.libraries import pytorch
from xent_core.libraries.convention import Convention, Extra, Library, Need, Task, fused_by_label, fused_gradient
from xent_core.libraries.language_models import TRANSFORMERS_VERSION


def own_columns(targets: ndarray) -> ndarray:
    """One-hot [m, n]: column i in row i."""
    return np.eye(*targets.shape, dtype=targets.dtype)


def first_columns(targets: ndarray) -> ndarray:
    """One-hot [m, n]: the first column in every row."""
    return np.eye(1, targets.shape[1], dtype=targets.dtype).repeat(targets.shape[0], axis=0)


def own_column(logits: ndarray, targets: ndarray) -> ndarray:
    """−log softmax(z) at column i of row i."""
    return fused_by_label(logits, own_columns(targets))


def own_column_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """The derivative of `own_column`."""
    return fused_gradient(logits, own_columns(targets), divisor)


def first_column(logits: ndarray, targets: ndarray) -> ndarray:
    """−log softmax(z) at the first column."""
    return fused_by_label(logits, first_columns(targets))


def first_column_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """The derivative of `first_column`."""
    return fused_gradient(logits, first_columns(targets), divisor)


def both_ways(logits: ndarray, targets: ndarray) -> ndarray:
    """The mean of `own_column` over the rows and over the columns."""
    return (own_column(logits, targets) + own_column(logits.T, targets)) / 2


def both_ways_gradient(logits: ndarray, targets: ndarray, divisor: float) -> ndarray:
    """The derivative of `both_ways`."""
    of_columns = own_column_gradient(logits.T, targets, 2 * divisor).T
    return own_column_gradient(logits, targets, 2 * divisor) + of_columns


CONTRASTIVE = (
    Convention(
        id="torch_in_batch",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, torch.arange(m))",
        takes="logits",
        needs=Need.A_COLUMN_EACH,
        formula=r"-\ln\operatorname{softmax}(z_i)_i",
        task=Task.CONTRASTIVE,
        extras=(Extra.OWN_COLUMN,),
        by_rule=True,
        note="The logits are similarities of m examples to n candidates, and candidate i belongs to example i. "
        "All equal, as at the start, it is ln n: in a batch of B pairs ln B, whatever the data.",
        version=pytorch.VERSION,
        source=pytorch.LOSS_CPP,
        losses=own_column,
        gradient=own_column_gradient,
    ),
    Convention(
        id="torch_first_column",
        library=Library.PYTORCH,
        call="torch.nn.functional.cross_entropy(z, torch.zeros(m).long())",
        takes="logits",
        formula=r"-\ln\operatorname{softmax}(z)_1",
        task=Task.CONTRASTIVE,
        extras=(Extra.FIRST_COLUMN,),
        by_rule=True,
        note="MoCo puts the similarity of the pair into the first column and those of a queue of K into the others: "
        "ln(K + 1) at the start.",
        version=pytorch.VERSION,
        source="MoCo, arXiv:1911.05722, algorithm 1",
        losses=first_column,
        gradient=first_column_gradient,
    ),
    Convention(
        id="transformers_clip",
        library=Library.TRANSFORMERS,
        call="transformers.models.clip.modeling_clip.image_text_contrastive_loss(z)",
        takes="logits",
        needs=Need.A_SQUARE,
        formula=r"-\tfrac12\left[\ln\operatorname{softmax}(z_{i\cdot})_i"
        r"+\ln\operatorname{softmax}(z_{\cdot i})_i\right]",
        task=Task.CONTRASTIVE,
        extras=(Extra.OWN_COLUMN, Extra.BOTH_WAYS),
        by_rule=True,
        note="CLIP's loss: each text picks its image and each image its text. Called clip_loss in earlier releases.",
        version=TRANSFORMERS_VERSION,
        source="transformers/models/clip/modeling_clip.py",
        losses=both_ways,
        gradient=both_ways_gradient,
    ),
)
