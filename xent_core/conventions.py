"""What each library's loss computes, as data, and one input through all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from xent_core.checks import Floats
from xent_core.libraries.batch import Batch, as_batch
from xent_core.libraries.by_hand import BY_HAND
from xent_core.libraries.contrastive import CONTRASTIVE
from xent_core.libraries.convention import Convention, Kind, Library, Version
from xent_core.libraries.divergences import DIVERGENCES
from xent_core.libraries.focal import FOCAL
from xent_core.libraries.keras import KERAS
from xent_core.libraries.language_models import LANGUAGE_MODELS
from xent_core.libraries.optax import OPTAX
from xent_core.libraries.pytorch import PYTORCH
from xent_core.libraries.reasons import Because, Reason, reasons
from xent_core.libraries.releases import RELEASES as CALLS_OF_RELEASES
from xent_core.libraries.scipy import SCIKIT_LEARN, SCIPY
from xent_core.libraries.smoothing import SMOOTHINGS
from xent_core.libraries.tensorflow import TENSORFLOW
from xent_core.libraries.weighted import WEIGHTED
from xent_core.libraries.words import sentence

__all__ = ["CONVENTIONS", "NEWEST", "RELEASES", "Batch", "Comparison", "Convention", "as_batch", "compare", "compared"]

CONVENTIONS: Mapping[str, Convention] = MappingProxyType(
    {
        convention.id: convention
        for convention in sorted(
            (
                *(*BY_HAND, *TENSORFLOW, *KERAS, *PYTORCH, *OPTAX, *SCIKIT_LEARN, *SCIPY),
                *(*SMOOTHINGS, *WEIGHTED, *FOCAL, *DIVERGENCES, *LANGUAGE_MODELS, *CONTRASTIVE, *CALLS_OF_RELEASES),
            ),
            key=lambda convention: list(Library).index(convention.library),
        )
    }
)
"""Every convention by its id, grouped by library."""

NEWEST = tuple(convention for convention in CONVENTIONS.values() if convention.until is None)
"""Those that the newest releases compute."""

RELEASES: Mapping[Library, tuple[Version, ...]] = MappingProxyType(
    {
        library: tuple(
            sorted(
                {
                    version
                    for convention in CONVENTIONS.values()
                    for version in (convention.since, convention.until)
                    if convention.library is library and version
                }
            )
        )
        for library in Library
    }
)
"""The releases of each library from which on a call computes something else than before."""

GradientStatus = Literal["finite", "partly_zero", "zero", "infinite", "nan", "none"]


@dataclass(frozen=True)
class Comparison:
    """One convention on one batch."""

    convention: Convention
    loss: float
    """What the call returns."""
    difference: float
    """`loss` minus the plain cross-entropy in nats: 0 where only rounding tells them apart."""
    reasons: tuple[Because, ...]
    """Why it differs, or that it does not."""
    gradient: Floats | None
    """[m, n], of the loss with respect to the predictions; None where the library has no gradients."""
    gradient_status: GradientStatus
    """Zero: exactly 0 everywhere; partly zero: throughout at least one row, though not in all of them."""

    @property
    def why(self) -> str:
        """The reasons as one sentence."""
        return sentence(self.convention, self.reasons)


def compare(
    predictions: ArrayLike,
    targets: ArrayLike,
    kind: Kind = "logits",
    among: Iterable[Convention] = NEWEST,
) -> list[Comparison]:
    """One input through every convention it can be passed to, in the order given.

    Parameters: `predictions` and `targets` [m, n] (or [n]); `kind` says what the predictions are. Logits are
    turned into probabilities, by softmax, for the conventions that take them; never the other way. `among` are
    the conventions that are asked, those of the newest releases unless given.
    Returns: one comparison for each of them that suits the input.
    Raises: `ValueError`, as `as_batch`.

    >>> [one] = compare([0.0, 0.0], [1, 0], among=[CONVENTIONS["mistake_base_2"]])
    >>> one.loss, round(one.difference, 4)
    (1.0, 0.3069)
    """
    batch = as_batch(predictions, targets, kind)
    with np.errstate(all="ignore"):
        return [compared(convention, batch) for convention in among if batch.suits(convention)]


def compared(convention: Convention, batch: Batch) -> Comparison:
    """A convention on a batch that suits it; a batch remembers what several conventions compute alike."""
    loss, gradient = batch.loss(convention), batch.gradient(convention)
    why = reasons(convention, batch)
    difference = 0.0 if why[0].reason in (Reason.EQUAL, Reason.EQUAL_HERE) else loss - batch.plain
    return Comparison(convention, loss, difference, why, gradient, _status(gradient))


def _status(gradient: Floats | None) -> GradientStatus:
    """What stands out most: nan, then infinite, then exactly 0."""
    if gradient is None:
        return "none"
    if not np.isfinite(gradient).all():
        return "nan" if np.isnan(gradient).any() else "infinite"
    alive = gradient.any(axis=1)
    return "finite" if alive.all() else "partly_zero" if alive.any() else "zero"
