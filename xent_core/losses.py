"""Cross-entropy in its two forms, from probabilities or straight from logits, and what it is made of.

The prediction comes first, the targets second; the last axis is classes, and both have the same shape. The
result has the dtype of the prediction (integers: float64), to which targets are rounded. `base` is the base
of the logarithm: e for nats, 2 for bits, 10 for bans; any finite number above 0 except 1, and below 1 the
sign turns over. 0 · log 0 is 0; p · log 0 with p > 0 is inf. Sums other than 1 are allowed unless a docstring
says otherwise.

Source: Goodfellow, Bengio & Courville, "Deep Learning" (2016), sections 3.13 and 6.2.2.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from xent_core.checks import (
    Floats,
    as_distributions,
    as_exponents,
    as_logits_and_targets,
    as_probabilities_and_targets,
    as_targets,
    log_of_base,
    temperature_in,
)
from xent_core.rounding import exp, log, log1p, total, wide
from xent_core.softmax import log_one_minus_softmax, log_softmax, naive_softmax

UNITS = {math.e: "nats", 2: "bits", 10: "bans"}
"""What a loss is counted in, by the base of its logarithm, where that has a name."""


def categorical_terms(probabilities: ArrayLike, targets: ArrayLike, *, base: float = math.e) -> Floats:
    """−p · log q for each class: what each adds to the categorical form.

    Parameters: `probabilities` q and `targets` p, both `[..., n]`, from 0 to 1; `base`.
    Returns: `[..., n]`, the dtype of `probabilities`, in units of `base`; inf where q is 0 and p is not.
    Raises: `ValueError` for a value outside [0, 1], shapes that differ, or a base out of range.
    """
    return _in_base(_categorical_nats(probabilities, targets), base)


def bernoulli_terms(probabilities: ArrayLike, targets: ArrayLike, *, base: float = math.e) -> Floats:
    """−p · log q − (1 − p) · log(1 − q) for each class: n yes-or-no questions in place of one choice.

    Parameters, errors, shape and dtype: as `categorical_terms`; inf where q rules out what p holds possible.
    """
    return _in_base(_bernoulli_nats(probabilities, targets), base)


def categorical_cross_entropy(probabilities: ArrayLike, targets: ArrayLike, *, base: float = math.e) -> Floats:
    """−Σ p log q over the classes: the categorical form.

    Parameters and errors: as `categorical_terms`. Returns: `[...]`, one loss per example, not averaged.
    """
    return _in_base(total(_categorical_nats(probabilities, targets)), base)


def bernoulli_cross_entropy(probabilities: ArrayLike, targets: ArrayLike, *, base: float = math.e) -> Floats:
    """−Σ [p log q + (1 − p) log(1 − q)] over the classes: the Bernoulli form.

    Parameters and errors: as `categorical_terms`. Returns: `[...]`, one loss per example, its terms summed
    where most frameworks average them.
    """
    return _in_base(total(_bernoulli_nats(probabilities, targets)), base)


def softmax_cross_entropy(
    logits: ArrayLike, targets: ArrayLike, *, temperature: float = 1.0, base: float = math.e
) -> Floats:
    """−Σ p log softmax(logits / temperature): the categorical form fused with softmax, free of underflow.

    Parameters: `logits` and `targets`, both `[..., n]`: logits finite or −inf, targets from 0 to 1;
    `temperature`, a finite number above 0; `base`.
    Returns: `[...]`, the dtype of `logits`, in units of `base`; inf where a target above 0 has a logit of
    −inf.
    Raises: `ValueError` for nan, +inf or all −inf logits, targets outside [0, 1], shapes that differ, or a
    temperature or base out of range.
    """
    logits, targets = as_logits_and_targets(logits, targets)
    return _in_base(total(_weighted_surprise(targets, log_softmax(logits, temperature=temperature))), base)


def softmax_cross_entropy_terms(
    logits: ArrayLike, targets: ArrayLike, *, temperature: float = 1.0, base: float = math.e
) -> Floats:
    """−p · log softmax(logits / temperature) for each class: what each adds to `softmax_cross_entropy`.

    Parameters, errors and dtype: as `softmax_cross_entropy`. Returns: `[..., n]`, in units of `base`.

    >>> softmax_cross_entropy_terms([0.0, 0.0], [0.25, 0.75], base=2)
    array([0.25, 0.75])
    """
    logits, targets = as_logits_and_targets(logits, targets)
    return _in_base(_weighted_surprise(targets, log_softmax(logits, temperature=temperature)), base)


def softmax_bernoulli_cross_entropy(
    logits: ArrayLike, targets: ArrayLike, *, temperature: float = 1.0, base: float = math.e
) -> Floats:
    """−Σ [p log q + (1 − p) log(1 − q)] with q = softmax(logits / temperature), exact near 0 and 1.

    With a single class q is 1 whatever its logit: the loss is 0 if p is 1, else inf.

    Parameters, errors, shape and dtype: as `softmax_cross_entropy`.
    """
    logits, targets = as_logits_and_targets(logits, targets)
    of_targets = _weighted_surprise(targets, log_softmax(logits, temperature=temperature))
    of_the_rest = _weighted_surprise(1 - targets, log_one_minus_softmax(logits, temperature=temperature))
    return _in_base(total(of_targets + of_the_rest), base)


def softmax_bernoulli_terms(
    logits: ArrayLike, targets: ArrayLike, *, temperature: float = 1.0, base: float = math.e
) -> Floats:
    """−p · log q − (1 − p) · log(1 − q) for each class, with q = softmax(logits / temperature), exact near 0 and 1.

    Parameters, errors and dtype: as `softmax_cross_entropy`. Returns: `[..., n]`, in units of `base`.

    >>> softmax_bernoulli_terms([0.0, 0.0], [1, 0], base=2)
    array([1., 1.])
    """
    logits, targets = as_logits_and_targets(logits, targets)
    of_targets = _weighted_surprise(targets, log_softmax(logits, temperature=temperature))
    of_the_rest = _weighted_surprise(1 - targets, log_one_minus_softmax(logits, temperature=temperature))
    return _in_base(of_targets + of_the_rest, base)


def sigmoid_cross_entropy(logits: ArrayLike, targets: ArrayLike, *, base: float = math.e) -> Floats:
    """−Σ [p log q + (1 − p) log(1 − q)] with q = sigmoid(logits), fused: n separate yes-or-no questions.

    Parameters, errors, shape and dtype: as `softmax_cross_entropy`, but the logits may all be −inf: no question
    looks at another's answer. The terms of an example are summed where most frameworks average them.
    """
    logits = as_exponents(logits, "logits")
    targets = as_targets(targets, logits, "logits")
    of_targets = _weighted_surprise(targets, -_softplus(-logits))
    of_the_rest = _weighted_surprise(1 - targets, -_softplus(logits))
    return _in_base(total(of_targets + of_the_rest), base)


def naive_cross_entropy(logits: ArrayLike, targets: ArrayLike) -> Floats:
    """−Σ p log(exp(logits) / Σ exp(logits)) as written, in nats: each operation in turn, in the dtype given.

    To be shown, not used (see `softmax_cross_entropy`): 0 · log 0 and inf / inf are nan, as they are in a
    framework that runs this formula.

    Parameters: `logits` finite or −inf and `targets` from 0 to 1, both `[..., n]`.
    Returns: `[...]`, the dtype of `logits`.
    Raises: `ValueError` for other logits or targets, or shapes that differ.
    """
    logits, targets = as_logits_and_targets(logits, targets)
    with np.errstate(all="ignore"):
        return -total(targets * log(naive_softmax(logits))) + 0.0


def entropy(probabilities: ArrayLike, *, base: float = math.e) -> Floats:
    """H(p) = −Σ p log p: the floor of the categorical form, reached when the prediction equals the target.

    Parameters: `probabilities` `[..., n]`, from 0 to 1, rows summing to 1 within 1e-6 (0.01 in float16).
    Returns: `[...]`, the dtype of `probabilities`, in units of `base`.
    Raises: `ValueError` for a value outside [0, 1], a sum that is not 1, or a base out of range.
    """
    p = as_distributions(probabilities, "probabilities")
    return _in_base(total(_weighted_surprise(p, _log(p))), base)


def kl_divergence(targets: ArrayLike, probabilities: ArrayLike, *, base: float = math.e) -> Floats:
    """KL(p‖q) = Σ p log(p / q): what cross-entropy adds to its floor, H(p, q) = H(p) + KL(p‖q).

    The targets come first here, as in KL(p‖q).

    Parameters: `targets` p and `probabilities` q, both `[..., n]`, from 0 to 1, rows summing to 1.
    Returns: `[...]`, the dtype of `probabilities`, in units of `base`; inf where q is 0 and p is not.
    Raises: `ValueError` for a value outside [0, 1], a sum that is not 1, shapes that differ, or a bad base.
    """
    q, p = as_probabilities_and_targets(
        as_distributions(probabilities, "probabilities"), as_distributions(targets, "targets")
    )
    dtype, p, q = q.dtype, p.astype(wide(p)), q.astype(wide(q))
    with np.errstate(all="ignore"):
        rise = (q - p) / p
        log_ratio = np.where(np.abs(rise) < 0.5, log1p(rise), log(q) - log(p))  # of q / p
        # q − p is added to each term, which is then 0 or more and keeps its digits, and taken off the sum again.
        excess = total(np.where(p == 0, q, q - p - p * log_ratio)) - total(q - p)
    return _in_base(np.maximum(excess, 0).astype(dtype), base)  # sums off by 1e-6 could make it negative


@dataclass(frozen=True)
class Parts:
    """How the losses of one prediction split, `[...]` each: a floor that the targets set, and what is above it."""

    entropy: Floats
    """H(p): the floor of the categorical form."""
    divergence: Floats
    """KL(p‖q): what the categorical form has above it."""
    floor: Floats
    """Σ h(p), with h(p) = −p log p − (1 − p) log(1 − p): the floor of the Bernoulli form."""
    excess: Floats
    """KL(p‖q) + KL(1 − p‖1 − q): what the Bernoulli form has above it, the divergence of n yes-or-no questions."""


def parts(logits: ArrayLike, targets: ArrayLike, *, temperature: float = 1.0, base: float = math.e) -> Parts:
    """How both losses of q = softmax(logits / temperature) split into a floor and a divergence, exact near 0 and 1.

    Entropy + divergence is `softmax_cross_entropy`, floor + excess is `softmax_bernoulli_cross_entropy`; a
    divergence is never below 0.

    Parameters, shape, dtype and errors: as `softmax_cross_entropy`, but rows of targets sum to 1 as in `entropy`.
    Source: Cover & Thomas, "Elements of Information Theory" (2006), section 2.3 and theorem 2.6.3.

    >>> parts([0.0, 0.0], [1, 0], base=2)
    Parts(entropy=np.float64(0.0), divergence=np.float64(1.0), floor=np.float64(0.0), excess=np.float64(2.0))
    """
    logits, targets = as_logits_and_targets(logits, targets)
    p = as_distributions(targets, "targets").astype(wide(targets))
    z, dtype = logits.astype(wide(logits)), logits.dtype
    rounded = float(temperature_in(dtype, temperature))
    divergence = _divergence(p, log_softmax(z, temperature=rounded))
    of_the_rest = _divergence(1 - p, log_one_minus_softmax(z, temperature=rounded))
    floor = total(_bernoulli_nats(p, p))
    nats = (total(_categorical_nats(p, p)), divergence, floor, divergence + of_the_rest)
    return Parts(*(_in_base(part.astype(dtype), base) for part in nats))


def written_terms(q: Floats, p: Floats, base: float) -> Floats:
    """−p · log q for each class with the product as written: 0 · log 0 is nan, and q itself may be."""
    with np.errstate(all="ignore"):
        return -p * log(q) / log_of_base(q.dtype, base) + 0.0


def written_bernoulli_terms(q: Floats, p: Floats, base: float) -> Floats:
    """−p · log q − (1 − p) · log(1 − q) for each class as written."""
    return written_terms(q, p, base) + written_terms(1 - q, 1 - p, base)


def _categorical_nats(probabilities: ArrayLike, targets: ArrayLike) -> Floats:
    q, p = as_probabilities_and_targets(probabilities, targets)
    return _weighted_surprise(p, _log(q))


def _bernoulli_nats(probabilities: ArrayLike, targets: ArrayLike) -> Floats:
    q, p = as_probabilities_and_targets(probabilities, targets)
    return _weighted_surprise(p, _log(q)) + _weighted_surprise(1 - p, _log1m(q))


def _divergence(p: Floats, log_q: Floats) -> Floats:
    """Σ p log(p / q) + q − p in nats: the differences sum to 0, and with them no term is below 0."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        log_ratio = log(p) - log_q
        near = p * (log_ratio + np.expm1(-log_ratio))  # q − p without the difference
        far = p * log_ratio + (exp(log_q) - p)
    return total(np.where(p == 0, exp(log_q), np.where(np.abs(log_ratio) < 1, near, far)))


def _weighted_surprise(weights: Floats, log_probabilities: Floats) -> Floats:
    """−w · log q in nats, and 0 where the weight is 0, even if log q is −inf."""
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(weights == 0, 0, -weights * log_probabilities)


def _in_base(nats: Floats, base: float) -> Floats:
    """Nats in units of `base`; adding 0 makes −0.0, which a reader would see as −0, a plain 0."""
    with np.errstate(over="ignore"):
        return nats / log_of_base(nats.dtype, base) + 0.0


def _log(probabilities: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return log(probabilities)


def _log1m(probabilities: Floats) -> Floats:
    """log(1 − q), keeping the digits of a small q."""
    with np.errstate(divide="ignore"):
        return log1p(-probabilities)


def _softplus(values: Floats) -> Floats:
    """log(1 + exp(values))."""
    return np.maximum(values, 0) + log1p(exp(-np.abs(values)))
