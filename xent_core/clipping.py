"""Clipping of probabilities, the old remedy for log 0, as it is written and computed in the dtype given.

The bounds are rounded to that dtype first, and it matters: in float32 a `high` of 1 − 1e-10 is 1, and in
float16 a `low` of 1e-10 is 0, so that 0 · log 0 is nan even for a right prediction.

Source: https://www.tensorflow.org/api_docs/python/tf/clip_by_value
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from xent_core.checks import Floats, as_probabilities, as_probabilities_and_targets, bounds_in
from xent_core.losses import written_bernoulli_terms, written_terms
from xent_core.rounding import total


def clip_probabilities(probabilities: ArrayLike, low: float = 1e-10, high: float = 1.0) -> Floats:
    """Max(min(probabilities, high), low), as TensorFlow's clip_by_value; it doesn't renormalise.

    Parameters: `probabilities` `[..., n]`, from 0 to 1; bounds with 0 ≤ low ≤ high ≤ 1.
    Returns: `[..., n]`, the dtype of `probabilities` (integers: float64).
    Raises: `ValueError` for a probability outside [0, 1], or bounds out of range or order.
    """
    probabilities = as_probabilities(probabilities)
    lowest, highest = bounds_in(probabilities.dtype, low, high)
    return np.maximum(np.minimum(probabilities, highest), lowest)


def clipped_terms(
    probabilities: ArrayLike,
    targets: ArrayLike,
    low: float = 1e-10,
    high: float = 1.0,
    *,
    base: float = math.e,
) -> Floats:
    """−p · log clip(q, low, high) for each class as written: nan for 0 · log 0, where `low` is 0.

    Parameters: `probabilities` q and `targets` p, both `[..., n]`, from 0 to 1;
    bounds with 0 ≤ low ≤ high ≤ 1; `base`, finite, above 0 and not 1.
    Returns: `[..., n]`, the dtype of `probabilities`, in units of `base`.
    Raises: `ValueError` for a value outside [0, 1], shapes that differ, or bounds or a base out of range.
    """
    q, p = as_probabilities_and_targets(probabilities, targets)
    return written_terms(clip_probabilities(q, low, high), p, base)


def clipped_cross_entropy(
    probabilities: ArrayLike,
    targets: ArrayLike,
    low: float = 1e-10,
    high: float = 1.0,
    *,
    base: float = math.e,
) -> Floats:
    """−Σ p log clip(q, low, high) over the classes as written: at most −log low for a distribution p.

    Parameters and errors: as `clipped_terms`. Returns: `[...]`, one loss per example.
    """
    return total(clipped_terms(probabilities, targets, low, high, base=base))


def clipped_bernoulli_cross_entropy(
    probabilities: ArrayLike,
    targets: ArrayLike,
    low: float = 1e-10,
    high: float = 1.0,
    *,
    base: float = math.e,
) -> Floats:
    """−Σ [p log c + (1 − p) log(1 − c)] with c = clip(q, low, high) as written: here `high` matters too.

    Parameters and errors: as `clipped_terms`. Returns: `[...]`, one loss per example; where `high` is 1, as
    1 − 1e-10 is in float32, a q of 1 makes it inf, or nan (0 · log 0) if its target is 1.

    >>> float(clipped_bernoulli_cross_entropy([1.0, 0.0], [0, 1], 1e-10, 1 - 1e-10).round(4))
    46.0517
    >>> float(clipped_bernoulli_cross_entropy([1.0, 0.0], [0, 1]))
    inf
    """
    q, p = as_probabilities_and_targets(probabilities, targets)
    return total(written_bernoulli_terms(clip_probabilities(q, low, high), p, base))
