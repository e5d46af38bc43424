"""scikit-learn's log_loss and SciPy's entropies: NumPy functions, without gradients."""

import numpy as np
from numpy import ndarray

from xent_core.libraries.convention import Clip, Convention, Form, Library, Task, normalised, pick

SCIPY_VERSION = "scipy 1.17.1"
SKLEARN_VERSION = "scikit-learn 1.9.1"
WITHOUT_RENORMALISING = (1, 5)
"""scikit-learn's first release that does not divide by the row's sum."""


def log_loss(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−log clip(q, eps, 1 − eps) at the label, eps the machine epsilon of q's dtype."""
    epsilon = np.finfo(probabilities.dtype).eps
    return -np.log(np.clip(pick(probabilities, targets), epsilon, 1 - epsilon))


def narrowed(values: ndarray, dtype: np.dtype) -> ndarray:
    """What scipy.special, which computes in float64, returns for arguments of `dtype`: float32 or float64."""
    return values.astype(np.result_type(dtype, np.float32))


def rel_entr(targets: ndarray, probabilities: ndarray) -> ndarray:
    """P log(p / q) for each entry, 0 where p is 0: log p − log q where the quotient over- or underflows."""
    p, q = targets.astype(float), probabilities.astype(float)
    ratio = p / q
    in_range = (np.finfo(ratio.dtype).tiny < ratio) & (ratio < np.inf)
    log_ratio = np.where(in_range, np.log(ratio), np.log(p) - np.log(q))
    close = (ratio > 0.5) & (ratio < 2)
    return narrowed(np.where(p == 0, 0, p * np.where(close, np.log1p((p - q) / q), log_ratio)), targets.dtype)


def relative_entropy(probabilities: ndarray, targets: ndarray) -> ndarray:
    """Σ p log(p / q) per row."""
    return rel_entr(targets, probabilities).sum(axis=1)


def kl_div(probabilities: ndarray, targets: ndarray) -> ndarray:
    """Σ (p log(p / q) − p + q) per row, infinite where p / q overflows."""
    p, q = targets.astype(float), probabilities.astype(float)
    return narrowed(np.where(p == 0, q, p * np.log(p / q) - p + q), targets.dtype).sum(axis=1)


def entropy_of_targets(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−Σ P log P per row, P = p / Σp: it never looks at q."""
    shares = normalised(targets).astype(float)
    return narrowed(np.where(shares == 0, 0, -shares * np.log(shares)), targets.dtype).sum(axis=1)


def entropy_of_both(probabilities: ndarray, targets: ndarray) -> ndarray:
    """Σ P log(P / Q) per row, P = p / Σp and Q = q / Σq."""
    return relative_entropy(normalised(probabilities), normalised(targets))


def cross_entropy(probabilities: ndarray, targets: ndarray) -> ndarray:
    """−Σ P log Q per row."""
    return entropy_of_targets(probabilities, targets) + entropy_of_both(probabilities, targets)


SCIKIT_LEARN = (
    Convention(
        id="sklearn_log_loss",
        library=Library.SCIKIT_LEARN,
        call="sklearn.metrics.log_loss(y, q, labels=range(n))",
        takes="probabilities",
        targets="labels",
        formula=r"-\ln\operatorname{clip}(q_y,\,\epsilon,\,1-\epsilon)",
        clip=Clip(None, symmetric=True),
        note="ε is the machine epsilon of q's dtype: the ceiling is 36.04 in float64, 15.94 in "
        "float32, 6.93 in float16. It does not renormalise, only warns; before 1.5 it did. Labels only.",
        since=WITHOUT_RENORMALISING,
        version=SKLEARN_VERSION,
        source="sklearn/metrics/_classification.py",
        losses=log_loss,
    ),
)

SCIPY = (
    Convention(
        id="scipy_entropy_p",
        library=Library.SCIPY,
        call="scipy.stats.entropy(p, axis=1).mean()",
        takes="probabilities",
        formula=r"-\sum_j P_j\ln P_j,\quad P=\frac{p}{\sum_k p_k}",
        form=Form.ENTROPY,
        renormalises=True,
        note="The entropy of the targets alone: the floor of the cross-entropy. It does not look at the prediction.",
        version=SCIPY_VERSION,
        source="scipy/stats/_entropy.py",
        losses=entropy_of_targets,
    ),
    Convention(
        id="scipy_entropy_kl",
        library=Library.SCIPY,
        call="scipy.stats.entropy(p, q, axis=1).mean()",
        takes="probabilities",
        formula=r"\sum_j P_j\ln\frac{P_j}{Q_j},\quad P=\frac{p}{\sum_k p_k},\quad Q=\frac{q}{\sum_k q_k}",
        task=Task.DISTILLATION,
        form=Form.DIVERGENCE,
        renormalises=True,
        note="With two arguments entropy() returns the KL divergence, not the cross-entropy. Both are "
        "renormalised first.",
        version=SCIPY_VERSION,
        source="scipy/stats/_entropy.py",
        losses=entropy_of_both,
    ),
    Convention(
        id="scipy_cross_entropy",
        library=Library.SCIPY,
        call="(scipy.stats.entropy(p, axis=1) + scipy.stats.entropy(p, q, axis=1)).mean()",
        takes="probabilities",
        formula=r"-\sum_j P_j\ln Q_j,\quad P=\frac{p}{\sum_k p_k},\quad Q=\frac{q}{\sum_k q_k}",
        renormalises=True,
        note="SciPy's documented recipe, H(p) + KL. Both distributions are renormalised; base=2 or "
        "base=10 gives bits or bans.",
        version=SCIPY_VERSION,
        source="scipy/stats/_entropy.py",
        losses=cross_entropy,
    ),
    Convention(
        id="scipy_rel_entr",
        library=Library.SCIPY,
        call="scipy.special.rel_entr(p, q).sum(axis=1).mean()",
        takes="probabilities",
        formula=r"\sum_j p_j\ln\frac{p_j}{q_j}",
        task=Task.DISTILLATION,
        form=Form.DIVERGENCE,
        note="The KL divergence, not renormalised: below 0 is possible where q sums to more than p.",
        version=SCIPY_VERSION,
        source="scipy/special/_ufuncs.pyx",
        losses=relative_entropy,
    ),
    Convention(
        id="scipy_kl_div",
        library=Library.SCIPY,
        call="scipy.special.kl_div(p, q).sum(axis=1).mean()",
        takes="probabilities",
        formula=r"\sum_j\left(p_j\ln\frac{p_j}{q_j}-p_j+q_j\right)",
        task=Task.DISTILLATION,
        form=Form.GENERALISED_DIVERGENCE,
        note="Not rel_entr: it adds q − p to every entry, which matters when the sums are not 1.",
        version=SCIPY_VERSION,
        source="scipy/special/_ufuncs.pyx",
        losses=kl_div,
    ),
)
