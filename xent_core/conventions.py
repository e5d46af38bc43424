"""What each library's loss computes, as data, and one input through all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from xent_core.checks import Floats
from xent_core.libraries.batch import Batch, as_batch, mean
from xent_core.libraries.by_hand import BY_HAND
from xent_core.libraries.convention import Convention, Kind, softmax_backward
from xent_core.libraries.keras import KERAS
from xent_core.libraries.optax import OPTAX
from xent_core.libraries.pytorch import PYTORCH
from xent_core.libraries.reasons import why
from xent_core.libraries.scipy import SCIKIT_LEARN, SCIPY
from xent_core.libraries.tensorflow import TENSORFLOW

__all__ = [
    "CONVENTIONS",
    "Batch",
    "Comparison",
    "Convention",
    "as_batch",
    "compare",
    "gradient",
    "loss",
    "unreduced",
]

CONVENTIONS: Mapping[str, Convention] = MappingProxyType(
    {
        convention.id: convention
        for convention in (*BY_HAND, *TENSORFLOW, *KERAS, *PYTORCH, *OPTAX, *SCIKIT_LEARN, *SCIPY)
    }
)
"""Every convention by its id, grouped by library."""

GradientStatus = Literal["finite", "partly zero", "zero", "infinite", "nan", "none"]


@dataclass(frozen=True)
class Comparison:
    """One convention on one batch."""

    convention: Convention
    loss: float
    """What the call returns."""
    difference: float
    """`loss` minus the plain cross-entropy in nats: 0 where both are infinite, nan where the loss is."""
    why: str
    """Why it differs, or that it does not, as one sentence."""
    gradient: Floats | None
    """[m, n], of the loss with respect to the predictions; None where the library has no gradients."""
    gradient_status: GradientStatus
    """Zero: exactly 0 everywhere; partly zero: throughout at least one row, though not in all of them."""


def unreduced(convention: Convention, batch: Batch) -> Floats:
    """The convention's losses before reduction: [m], or [m, n] where the library gives one per entry."""
    with np.errstate(all="ignore"):
        return convention.losses(batch.passed_to(convention), batch.targets) + 0.0


def loss(convention: Convention, batch: Batch) -> float:
    """What the call returns, rounded to the dtype that it computes in."""
    losses = unreduced(convention, batch)
    return mean(losses) * (losses.size if convention.divides_by == "one" else 1)


def gradient(convention: Convention, batch: Batch) -> Floats | None:
    """The derivative of `loss` with respect to the batch's predictions, [m, n], or None.

    It is what the library's automatic differentiation gives, inf and nan included; None: it has none.
    """
    if convention.gradient is None:
        return None
    with np.errstate(all="ignore"):
        of_loss = convention.gradient(batch.passed_to(convention), batch.targets) / divisor(convention, batch)
        if convention.takes == "probabilities" and batch.kind == "logits":
            of_loss = softmax_backward(batch.probabilities, of_loss)
        return of_loss + 0.0


def divisor(convention: Convention, batch: Batch) -> int:
    """What the call divides the sum of the entries' losses by: m, m·n or 1."""
    return {"rows": batch.rows, "entries": batch.rows * batch.classes, "one": 1}[convention.divides_by]


def compare(predictions: ArrayLike, targets: ArrayLike, kind: Kind = "logits") -> list[Comparison]:
    """One input through every convention it can be passed to, in the order of `CONVENTIONS`.

    Parameters: `predictions` and `targets` [m, n] (or [n]); `kind` says what the predictions are. Logits are
    turned into probabilities, by softmax, for the conventions that take them; never the other way.
    Raises: `ValueError`, as `as_batch`.
    """
    batch = as_batch(predictions, targets, kind)
    return [_compared(convention, batch) for convention in CONVENTIONS.values() if batch.suits(convention)]


def _compared(convention: Convention, batch: Batch) -> Comparison:
    value, slope = loss(convention, batch), gradient(convention, batch)
    difference = 0.0 if value == batch.plain else value - batch.plain
    return Comparison(
        convention, value, difference, why(convention, batch, value), slope, _gradient_status(slope)
    )


def _gradient_status(values: Floats | None) -> GradientStatus:
    """What stands out most: nan, then infinite, then exactly 0."""
    if values is None:
        return "none"
    if np.isnan(values).any():
        return "nan"
    if np.isinf(values).any():
        return "infinite"
    dead = (values == 0).all(axis=1)
    return "zero" if dead.all() else "partly zero" if dead.any() else "finite"
