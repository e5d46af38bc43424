"""Gradients of the losses with respect to the logits, one row per example: not divided by the batch size.

Each takes `logits` z (finite or −inf) and `targets` p (from 0 to 1), both `[..., n]`, a `temperature` T and
the `base` b of the loss's logarithm, and returns dL/dz `[..., n]` in the dtype of the logits (integers:
float64), to which targets are rounded. q is softmax(z / T), and P is Σp: 1 for distributions. Errors: as
`softmax_cross_entropy`.

Source: Bishop, "Pattern Recognition and Machine Learning" (2006), section 4.3.4, for q − p and the derivative of
softmax, through which the chain rule carries the others.
"""

import math
from collections.abc import Callable
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike

from xent_core.checks import Floats, as_logits, as_logits_and_targets, bounds_in, log_of_base, short, temperature_in
from xent_core.rounding import exp, total
from xent_core.softmax import exponentials, is_peak, normalised, one_minus_softmax, shift_and_scale, softmax


def softmax_cross_entropy_gradient(
    logits: ArrayLike, targets: ArrayLike, *, temperature: float = 1.0, base: float = math.e
) -> Floats:
    """(P · q − p) / (T · ln b): the gradient of `softmax_cross_entropy`, prediction minus target.

    It is computed as q · (P − p) − p · (1 − q), which keeps the digits of 1 − q at a nearly certain class.
    Parameters, shape, dtype, errors: as the module says.
    """
    logits, p = as_logits_and_targets(logits, targets)
    return _scaled(_fused_gradient(logits, p, temperature), temperature, base)


def clipped_cross_entropy_gradient(
    logits: ArrayLike,
    targets: ArrayLike,
    low: float = 1e-10,
    high: float = 1.0,
    *,
    temperature: float = 1.0,
    base: float = math.e,
) -> Floats:
    """The gradient of −Σ p log clip(q, low, high): 0 through a class whose q was clipped.

    As automatic differentiation of the written formula gives it, in the dtype given: dL/dq is −p / q where
    low ≤ q ≤ high, else 0. In float16 a `low` of 1e-10 is 0, and a q of 0 then makes the row nan (0 / 0).
    Parameters, shape, dtype, errors: as the module and `clip_probabilities` say.
    """
    logits, p = as_logits_and_targets(logits, targets)
    lowest, highest = bounds_in(logits.dtype, low, high)
    q = softmax(logits, temperature=temperature)
    with np.errstate(all="ignore"):
        slope = np.where((lowest <= q) & (q <= highest), -p / q, 0)
        return _scaled(_through_softmax(slope, q), temperature, base)


def bernoulli_cross_entropy_gradient(
    logits: ArrayLike, targets: ArrayLike, *, temperature: float = 1.0, base: float = math.e
) -> Floats:
    """(a − q Σa) / (T · ln b) with a = (1 − p) q / (1 − q) − p: that of `softmax_bernoulli_cross_entropy`.

    At the largest entry t, 1 − q may vanish. Its part of the sum is therefore written as a flow to t from its
    rivals: (1 − p) q of t, times the rivals' softmax among themselves (equal shares where they are all −inf).
    Parameters, shape, dtype, errors: as the module says.
    """
    logits, p = as_logits_and_targets(logits, targets)
    q, peak = softmax(logits, temperature=temperature), is_peak(logits)
    doubt = (1 - p) * q
    odds = np.where(peak, 0, doubt / np.maximum(1 - q, 0.5))  # off the peak q is at most ½
    flow = total(np.where(peak, doubt, 0), keepdims=True) * _softmax_of_rivals(logits, temperature)
    gradient = _fused_gradient(logits, p, temperature) + odds - q * total(odds, keepdims=True)
    return _scaled(gradient + np.where(peak, total(flow, keepdims=True), -flow), temperature, base)


def squared_error_gradient(
    logits: ArrayLike, targets: ArrayLike, *, temperature: float = 1.0, base: float = math.e
) -> Floats:
    """The gradient of ½ Σ e² with e = q − p: q · (e − Σ e q) / T, near 0 where q is sure, right or wrong.

    It has no logarithm, so `base` changes nothing: it is taken so that all gradients are called alike.
    Parameters, shape, dtype, errors: as the module says.
    """
    logits, p = as_logits_and_targets(logits, targets)
    log_of_base(logits.dtype, base)
    q = softmax(logits, temperature=temperature)
    return _scaled(_through_softmax(q - p, q), temperature, math.e)


def naive_cross_entropy_gradient(
    logits: ArrayLike, targets: ArrayLike, *, temperature: float = 1.0, base: float = math.e
) -> Floats:
    """The gradient of `naive_cross_entropy` as automatic differentiation gives it, with its inf and nan.

    To be shown, not used (see `softmax_cross_entropy_gradient`): as soon as any q underflows to 0 its row is
    nan, even if the prediction is right, for −p / q is then 0 / 0.
    Parameters, shape, dtype, errors: as the module says.
    """
    logits, p = as_logits_and_targets(logits, targets)
    with np.errstate(all="ignore"):
        q = normalised(exponentials(logits, temperature=temperature))
        return _scaled(_through_softmax(-p / q, q), temperature, base)


def descend(gradient: Callable[[Floats], ArrayLike], logits: ArrayLike, rate: float, steps: int) -> Floats:
    """The path downhill, z ← z − rate · gradient(z): plain gradient descent on the logits themselves.

    Parameters: `gradient`, from logits `[..., n]` to dL/dz of that shape; `logits` `[..., n]`, finite or −inf, where
    it starts; `rate`, a finite number, in logits per unit of the gradient; `steps`, an integer from 0 on.
    Returns: `[steps + 1, ..., n]`, the dtype of `logits` (integers: float64): the start and what each step led to.
    A logit of −inf stays there while its gradient is 0.
    Raises: `ValueError` for logits, a rate or a number of steps out of range, and what `gradient` raises, as all
    of this module do once a step has led to nan.
    Source: Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées" (1847).

    >>> descend(lambda z: softmax_cross_entropy_gradient(z, [1, 0]), [0.0, 0.0], rate=1, steps=2).round(3)
    array([[ 0.   ,  0.   ],
           [ 0.5  , -0.5  ],
           [ 0.769, -0.769]])
    """
    if not (isinstance(rate, Real) and math.isfinite(rate)):
        raise ValueError(f"rate is {short(rate)}: expected a finite number")
    if not isinstance(steps, Integral) or steps < 0:
        raise ValueError(f"steps is {short(steps)}: expected an integer from 0 on")
    path = [as_logits(logits)]
    for _ in range(steps):
        slope = np.asarray(gradient(path[-1]), path[0].dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            path.append(path[-1] - float(rate) * slope)
    return np.stack(path)


def _fused_gradient(logits: Floats, p: Floats, temperature: float) -> Floats:
    """P · q − p as q · (P − p) − p · (1 − q)."""
    q, rest = softmax(logits, temperature=temperature), one_minus_softmax(logits, temperature=temperature)
    return q * (total(p, keepdims=True) - p) - p * rest


def _softmax_of_rivals(logits: Floats, temperature: float) -> Floats:
    """Softmax over the classes other than the largest, where it is 0; equal shares where all are −inf."""
    peak = is_peak(logits)
    rivals = np.where(peak, -np.inf, logits)
    all_absent = np.isneginf(rivals.max(axis=-1, keepdims=True))
    exponentials = np.where(peak, 0, exp(shift_and_scale(np.where(all_absent, 0, rivals), temperature)))
    everything = total(exponentials, keepdims=True)  # at least 1, or 0 where there are no rivals
    return exponentials / np.maximum(everything, 1)


def _through_softmax(slope: Floats, q: Floats) -> Floats:
    """dL/dq carried back through softmax at temperature 1: q · (slope − Σ slope · q)."""
    return q * (slope - total(slope * q, keepdims=True))


def _scaled(gradient: Floats, temperature: float, base: float) -> Floats:
    """`gradient` over T · ln b; adding 0 makes −0.0, which a reader would see as −0, a plain 0."""
    dtype = gradient.dtype
    with np.errstate(over="ignore"):
        return gradient / temperature_in(dtype, temperature) / log_of_base(dtype, base) + 0.0
