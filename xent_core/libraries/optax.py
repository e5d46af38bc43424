"""JAX and optax: one value per row; their users take the mean."""

import numpy as np
from numpy import ndarray

from xent_core.libraries.convention import (
    SMOOTHING,
    Convention,
    Form,
    Library,
    Task,
    fused,
    fused_by_label,
    fused_gradient,
    log_gradient,
    log_softmax,
    of_log,
    of_log_gradient,
    pick,
    sigmoid_gradient,
    sigmoid_terms,
    smoothed,
)
from xent_core.softmax import logsumexp

VERSION = "optax 0.2.8, jax 0.10.2"
SOURCE = "optax/losses/_classification.py"
FLUSHED = "Denormal probabilities (in float32 below 1.2e-38) count as 0: XLA flushes them."


def safe(logits: ndarray, targets: ndarray) -> ndarray:
    """−Σ p log softmax(z) per row, where a target of 0 contributes exactly 0."""
    return -np.where(targets == 0, 0, targets * log_softmax(logits)).sum(axis=1)


def by_integer_label(logits: ndarray, targets: ndarray) -> ndarray:
    """logsumexp(z) − z at the label: rounded at the size of the logits."""
    return logsumexp(logits) - pick(logits, targets)


def divergence(probabilities: ndarray, targets: ndarray) -> ndarray:
    """Σ p (log p − log q) per row, with log p = 0 where p = 0."""
    log_targets = np.where(targets == 0, 0, np.log(targets))
    return (targets * (log_targets - np.log(probabilities))).sum(axis=1)


OPTAX = (
    Convention(
        id="optax_softmax_xent",
        library=Library.OPTAX,
        flushes=True,
        call="optax.losses.softmax_cross_entropy(z, p).mean()",
        takes="logits",
        formula=r"-\sum_j p_j\,\ln\operatorname{softmax}(z)_j",
        note="The plain cross-entropy. A logit of −∞ at a class with target 0 makes it nan (0 · −inf); "
        "the safe variant does not.",
        version=VERSION,
        source=SOURCE,
        losses=fused,
        gradient=fused_gradient,
    ),
    Convention(
        id="optax_softmax_xent.ls01",
        library=Library.OPTAX,
        flushes=True,
        call="optax.losses.softmax_cross_entropy(z, optax.losses.smooth_labels(p, 0.1)).mean()",
        takes="logits",
        formula=r"-\sum_j\left(0.9\,p_j+\tfrac{0.1}{n}\right)\ln\operatorname{softmax}(z)_j",
        smoothing=SMOOTHING,
        note="Smoothed targets have a floor above 0: the best possible loss is the entropy of 0.9 p + 0.1/n.",
        version=VERSION,
        source="optax/losses/_smoothing.py",
        losses=smoothed(fused),
        gradient=smoothed(fused_gradient),
    ),
    Convention(
        id="optax_softmax_xent.of_log",
        library=Library.OPTAX,
        flushes=True,
        call="optax.losses.softmax_cross_entropy(jnp.log(q), p).mean()",
        takes="probabilities",
        formula=r"-\sum_j p_j\,\ln\frac{q_j}{\sum_k q_k}",
        renormalises=True,
        note="log q as logits is a correct detour that renormalises. A probability of 0 at a class with target 0 "
        f"makes it nan (0 · −inf). {FLUSHED}",
        version=VERSION,
        source=SOURCE,
        losses=of_log(fused),
        gradient=of_log_gradient(fused_gradient),
    ),
    Convention(
        id="optax_safe_softmax_xent",
        library=Library.OPTAX,
        flushes=True,
        call="optax.losses.safe_softmax_cross_entropy(z, p).mean()",
        takes="logits",
        formula=r"-\sum_{j:\,p_j\ne0} p_j\,\ln\operatorname{softmax}(z)_j",
        note="Terms with a target of 0 are exactly 0, so logits of −∞ are safe there.",
        version=VERSION,
        source=SOURCE,
        losses=safe,
        gradient=fused_gradient,
    ),
    Convention(
        id="optax_safe_softmax_xent.of_log",
        library=Library.OPTAX,
        flushes=True,
        call="optax.losses.safe_softmax_cross_entropy(jnp.log(q), p).mean()",
        takes="probabilities",
        formula=r"-\sum_{j:\,p_j\ne0} p_j\,\ln\frac{q_j}{\sum_k q_k}",
        renormalises=True,
        note="Finite where a probability of 0 has target 0, though the gradient through jnp.log is nan there. "
        f"{FLUSHED}",
        version=VERSION,
        source=SOURCE,
        losses=of_log(safe),
        gradient=of_log_gradient(fused_gradient),
    ),
    Convention(
        id="optax_softmax_xent_integer",
        library=Library.OPTAX,
        flushes=True,
        call="optax.losses.softmax_cross_entropy_with_integer_labels(z, y).mean()",
        takes="logits",
        targets="labels",
        formula=r"\ln\sum_j e^{z_j}-z_y",
        note="Less accurate than the others where all logits are large: in float32, four logits of "
        "−1e4 give 1.3867, not ln 4 = 1.3863.",
        version=VERSION,
        source=SOURCE,
        losses=by_integer_label,
        gradient=fused_gradient,
    ),
    Convention(
        id="optax_softmax_xent_integer.of_log",
        library=Library.OPTAX,
        flushes=True,
        call="optax.losses.softmax_cross_entropy_with_integer_labels(jnp.log(q), y).mean()",
        takes="probabilities",
        targets="labels",
        formula=r"-\ln\frac{q_y}{\sum_k q_k}",
        renormalises=True,
        note=f"log q as logits is a correct detour that renormalises. {FLUSHED}",
        version=VERSION,
        source=SOURCE,
        losses=of_log(fused_by_label),
        gradient=of_log_gradient(fused_gradient),
    ),
    Convention(
        id="optax_sigmoid_bce",
        library=Library.OPTAX,
        flushes=True,
        call="optax.losses.sigmoid_binary_cross_entropy(z, p).mean()",
        takes="logits",
        formula=r"-p_{ij}\ln\sigma(z_{ij})-(1-p_{ij})\ln\sigma(-z_{ij})",
        task=Task.MULTI_LABEL,
        form=Form.SIGMOID,
        divides_by="entries",
        note="For labels that exclude nothing (multi-label). It returns m·n values, so .mean() divides by all of them.",
        version=VERSION,
        source=SOURCE,
        losses=sigmoid_terms,
        gradient=sigmoid_gradient,
    ),
    Convention(
        id="optax_kl_divergence",
        library=Library.OPTAX,
        flushes=True,
        call="optax.losses.kl_divergence(jnp.log(q), p).mean()",
        takes="probabilities",
        formula=r"\sum_j p_j\left(\ln p_j-\ln q_j\right)",
        task=Task.DISTILLATION,
        form=Form.DIVERGENCE,
        note="Takes log-probabilities first and targets second. nan where p and q are both 0. On "
        "one-hot targets it equals the cross-entropy; on others it is less by H(p), and so "
        f"reaches 0. {FLUSHED}",
        version=VERSION,
        source=SOURCE,
        losses=divergence,
        gradient=log_gradient,
    ),
)
