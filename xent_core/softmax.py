"""From logits to probabilities: logsumexp, softmax, and their logarithms, without overflow or lost digits.

Every operation is rounded to the dtype of the logits, sums as a whole.

Source: Blanchard, Higham & Higham, "Accurately computing the log-sum-exp and softmax functions" (2021).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xent_core.checks import Floats, as_exponents, as_logits, as_probabilities, short, temperature_in
from xent_core.rounding import exp, log, log1p, total, wide


def logsumexp(values: ArrayLike, axis: int = -1) -> Floats:
    """The logarithm of Σ exp(values) along `axis`, in nats: max + log1p(Σ of the others' exp(value − max)).

    Parameters: `values` `[..., n]`, finite or −inf (all −inf gives −inf, the logarithm of 0).
    Returns: `values`' shape without `axis`, in the dtype of `values` (integers: float64).
    Raises: `ValueError` for nan, +inf or no values along `axis`.
    """
    values = as_exponents(values, "values", axis)
    top = values.max(axis=axis, keepdims=True)
    with np.errstate(over="ignore"):
        shifted = values - np.where(np.isneginf(top), 0, top)
    return np.squeeze(top + log1p(_sum_of_others(exp(shifted), axis)), axis=axis)


def log_softmax(logits: ArrayLike, *, temperature: float = 1.0, axis: int = -1) -> Floats:
    """The logarithm of softmax(logits / temperature) along `axis`, in nats.

    At the largest entry it is −log1p(Σ of the others' exp), so a nearly certain class keeps its digits:
    log_softmax([0, −50]) starts with −1.9e-22, not 0.

    Parameters: `logits` `[..., n]`, finite or −inf; `temperature`, a finite number above 0.
    Returns: `[..., n]`, the dtype of `logits` (integers: float64); −inf where the logit is −inf.
    Raises: `ValueError` for nan, +inf, all −inf along `axis`, or a temperature out of range.
    """
    shifted = shift_and_scale(as_logits(logits, axis), temperature, axis)
    return shifted - log1p(_sum_of_others(exp(shifted), axis))


def softmax(logits: ArrayLike, *, temperature: float = 1.0, axis: int = -1) -> Floats:
    """Exp(logits / temperature) over its sum along `axis`, shifted by the maximum so that nothing overflows.

    Parameters, errors: as `log_softmax`. Returns: probabilities `[..., n]`, the dtype of `logits`.
    """
    return normalised(exp(shift_and_scale(as_logits(logits, axis), temperature, axis)), axis)


def exponentials(logits: ArrayLike, *, temperature: float = 1.0) -> Floats:
    """Exp(logits / temperature) as written: inf where it overflows, 0 where it underflows.

    Parameters, errors, shape and dtype: as `log_softmax`, over the last axis.

    >>> exponentials([0.0, 800.0, -800.0])
    array([ 1., inf,  0.])
    """
    logits = as_logits(logits)
    with np.errstate(over="ignore"):
        return exp(logits / temperature_in(logits.dtype, temperature))


def shifted_exponentials(logits: ArrayLike, *, temperature: float = 1.0, axis: int = -1) -> Floats:
    """Exp((logits − max) / temperature): 1 at the largest, at most 1 elsewhere; over their sum, softmax.

    Parameters, errors, shape and dtype: as `log_softmax`.

    >>> shifted_exponentials([1000.0, 1000.0, -1000.0])
    array([1., 1., 0.])
    """
    return exp(shift_and_scale(as_logits(logits, axis), temperature, axis))


def one_minus_softmax(logits: ArrayLike, *, temperature: float = 1.0, axis: int = -1) -> Floats:
    """1 − softmax(logits / temperature), without the cancellation: at the largest entry Σ others / Σ all.

    Parameters, errors, shape and dtype: as `softmax`.
    """
    powers = shifted_exponentials(logits, temperature=temperature, axis=axis)
    others = _sum_of_others(powers, axis) / total(powers, axis, keepdims=True)
    return np.where(is_peak(powers, axis), others, 1 - normalised(powers, axis))


def log_one_minus_softmax(logits: ArrayLike, *, temperature: float = 1.0, axis: int = -1) -> Floats:
    """The logarithm of 1 − softmax(logits / temperature), in nats, with all its digits for every softmax q.

    For q ≤ ½ it is log1p(−q), as a small q would be lost in 1 − q; above, logsumexp(the others) −
    logsumexp(all), as a small 1 − q would be lost in q. −inf where the others are all −inf, or where there
    are none.

    Parameters, errors, shape and dtype: as `log_softmax`.
    """
    shifted = shift_and_scale(as_logits(logits, axis), temperature, axis)
    powers = exp(shifted)
    probabilities = normalised(powers, axis)
    others = np.where(is_peak(shifted, axis), -np.inf, shifted)
    log_share = np.expand_dims(logsumexp(others, axis), axis) - log1p(_sum_of_others(powers, axis))
    with np.errstate(divide="ignore"):
        return np.where(probabilities > 0.5, log_share, log1p(-probabilities))


def log_odds(probabilities: ArrayLike) -> Floats:
    """log(q / (1 − q)) of each probability, in nats: −inf at 0, inf at 1; no distribution is asked for.

    Parameters: `probabilities` `[..., n]`, from 0 to 1. Returns: `[..., n]`, their dtype (integers: float64).
    Raises: `ValueError` for a probability outside [0, 1].
    Source: Berkson, "Application of the logistic function to bio-assay" (1944), where it is the logit.

    >>> log_odds([0.0, 0.5, 0.75, 1.0]).round(4)
    array([  -inf, 0.    , 1.0986,    inf])
    """
    q = as_probabilities(probabilities)
    with np.errstate(divide="ignore"):
        return log(q) - log1p(-q)


def softmax_log_odds(logits: ArrayLike, *, temperature: float = 1.0, axis: int = -1) -> Floats:
    """log(q / (1 − q)) with q = softmax(logits / temperature), exact near 0 and 1.

    It is how far each logit stands above the logsumexp of the others, in units of the temperature.
    Parameters, errors, shape and dtype: as `log_softmax`; inf where the others are all −inf, or where there are none.

    >>> softmax_log_odds([60.0, 0.0])
    array([ 60., -60.])
    """
    log_rest = log_one_minus_softmax(logits, temperature=temperature, axis=axis)
    return log_softmax(logits, temperature=temperature, axis=axis) - log_rest


def group_others(logits: ArrayLike, kept: ArrayLike) -> Floats:
    """The logits of the `kept` classes, and as one more the logsumexp of all others: softmax and loss stay as they are.

    Parameters: `logits` `[..., n]`, finite or −inf; `kept`, k different class indices below n, fewer than n.
    Returns: `[..., k + 1]`, the dtype of `logits`.
    Raises: `ValueError` for nan, +inf, all −inf, or indices that are no such classes.
    Source: log Σ exp of a set is the logit of "one of them", for softmax is a ratio of sums of exp.

    >>> group_others([2.0, 0.0, 0.0, 0.0], [0]).round(4)
    array([2.    , 1.0986])
    """
    logits, chosen = as_logits(logits), np.asarray(kept, int)
    classes = logits.shape[-1]
    if chosen.ndim != 1 or len(set(chosen.tolist())) != len(chosen) or not 0 < len(chosen) < classes:
        raise ValueError(f"kept: expected 1 to {classes - 1} different classes, got {short(chosen.tolist())}")
    if chosen.min() < 0 or chosen.max() >= classes:
        raise ValueError(f"kept: expected classes from 0 to {classes - 1}, got {short(chosen.tolist())}")
    rest = logsumexp(np.delete(logits, chosen, axis=-1))
    return np.concatenate([logits[..., chosen], rest[..., None]], axis=-1)


def naive_softmax(logits: ArrayLike) -> Floats:
    """Exp(logits) / Σ exp(logits) over the last axis as written, in the dtype given.

    To be shown, not used (see `softmax`): inf / inf and 0 / 0 are nan, and exp overflows past 11.09 in
    float16, 88.72 in float32, 709.78 in float64.

    Parameters: `logits` `[..., n]`, finite or −inf. Returns: `[..., n]`, the dtype of `logits`.
    Raises: `ValueError` for nan, +inf or all −inf.
    """
    with np.errstate(all="ignore"):
        return normalised(exp(as_logits(logits)))


def shift_and_scale(logits: Floats, temperature: float, axis: int = -1) -> Floats:
    """(logits − max) / temperature, rounded once: 0 at the largest, below it elsewhere; −inf past the dtype's range."""
    divisor = temperature_in(logits.dtype, temperature)
    with np.errstate(over="ignore"):
        shifted = np.subtract(logits, logits.max(axis=axis, keepdims=True), dtype=wide(logits))
        return (shifted / divisor).astype(logits.dtype, copy=False)


def normalised(powers: Floats, axis: int = -1) -> Floats:
    """`powers` divided by their sum along `axis`."""
    return powers / total(powers, axis, keepdims=True)


def is_peak(values: Floats, axis: int = -1) -> NDArray[np.bool_]:
    """True at the first largest entry along `axis`, and only there."""
    mask = np.zeros(values.shape, dtype=bool)
    np.put_along_axis(mask, values.argmax(axis=axis, keepdims=True), True, axis=axis)
    return mask


def _sum_of_others(powers: Floats, axis: int) -> Floats:
    """Σ of all entries but the first largest, keeping `axis`: small beside it, so it is summed without it."""
    others = powers.copy()
    np.put_along_axis(others, others.argmax(axis=axis, keepdims=True), 0, axis=axis)
    return total(others, axis, keepdims=True)
