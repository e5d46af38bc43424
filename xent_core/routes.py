"""The routes to the same loss, each as a library or a hand would write it, in the dtype given.

On paper they agree. In floating point the naive one overflows, the clipped one stops learning, and the fused one
does neither.

Source: Blanchard, Higham & Higham, "Accurately computing the log-sum-exp and softmax functions" (2021), for what the
shift and the fused form save; https://www.tensorflow.org/api_docs/python/tf/clip_by_value for the clip.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from xent_core.checks import Floats, as_logits_and_targets
from xent_core.clipping import clipped_bernoulli_cross_entropy, clipped_cross_entropy
from xent_core.gradients import (
    clipped_cross_entropy_gradient,
    naive_cross_entropy_gradient,
    softmax_cross_entropy_gradient,
)
from xent_core.losses import (
    softmax_bernoulli_cross_entropy,
    softmax_cross_entropy,
    written_bernoulli_terms,
    written_terms,
)
from xent_core.rounding import total
from xent_core.softmax import exponentials, normalised, softmax


@dataclass(frozen=True)
class Route:
    """One way to compute the loss, and what it gives."""

    categorical: Floats
    """`[...]`, the categorical form."""
    bernoulli: Floats
    """`[...]`, the Bernoulli form."""
    gradient: Floats
    """`[..., n]`, the categorical form's with respect to the logits, as automatic differentiation gives it."""


def routes(
    logits: ArrayLike,
    targets: ArrayLike,
    low: float = 1e-10,
    high: float = 1.0,
    *,
    temperature: float = 1.0,
    base: float = math.e,
) -> dict[str, Route]:
    """The loss by four routes: `naive`, `discarded`, `clipped` and `fused`.

    Naive: exp / Σ exp, and the formula, as written. Discarded: softmax shifted, and the formula as written, for
    clip_by_value stands on a line of its own and its result is thrown away. Clipped: the result is used. Fused:
    straight from the logits. The first three have inf and nan where their formulas do.

    Parameters: `logits` finite or −inf and `targets` from 0 to 1, both `[..., n]`; bounds with
    0 ≤ low ≤ high ≤ 1; `temperature`, a finite number above 0; `base`, finite, above 0 and not 1.
    Returns: a `Route` by name, in the dtype of the logits (integers: float64) and units of `base`.
    Raises: `ValueError` for other arguments, or shapes that differ.

    >>> for name, route in routes([0.0, 800.0], [1, 0]).items():
    ...     print(name, route.categorical.round(2), route.gradient)
    naive nan [nan nan]
    discarded inf [nan nan]
    clipped 23.03 [0. 0.]
    fused 800.0 [-1.  1.]
    """
    z, p = as_logits_and_targets(logits, targets)
    return {
        "naive": _naive(z, p, temperature, base),
        "discarded": _clipped(z, p, 0, 1, temperature, base),  # as clipping to [0, 1] does, it leaves q as it is
        "clipped": _clipped(z, p, low, high, temperature, base),
        "fused": Route(
            softmax_cross_entropy(z, p, temperature=temperature, base=base),
            softmax_bernoulli_cross_entropy(z, p, temperature=temperature, base=base),
            softmax_cross_entropy_gradient(z, p, temperature=temperature, base=base),
        ),
    }


def _naive(z: Floats, p: Floats, temperature: float, base: float) -> Route:
    with np.errstate(all="ignore"):
        q = normalised(exponentials(z, temperature=temperature))
        return Route(
            total(written_terms(q, p, base)),
            total(written_bernoulli_terms(q, p, base)),
            naive_cross_entropy_gradient(z, p, temperature=temperature, base=base),
        )


def _clipped(z: Floats, p: Floats, low: float, high: float, temperature: float, base: float) -> Route:
    q = softmax(z, temperature=temperature)
    return Route(
        clipped_cross_entropy(q, p, low, high, base=base),
        clipped_bernoulli_cross_entropy(q, p, low, high, base=base),
        clipped_cross_entropy_gradient(z, p, low, high, temperature=temperature, base=base),
    )
