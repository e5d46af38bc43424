"""The example that every page shows, and how it is looked at: two records, neither of which knows the screen."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Q1, Q2 = (0.5, 0.2, 0.3), (0.8, 0.1, 0.1)  # the article’s two predictions
DEFAULT_NAMES = ("cat", "dog", "fox", "owl", "bee", "ant", "hen", "pig", "elk", "yak")
BASES = {"e": math.e, "2": 2.0, "10": 10.0}
PRECISIONS = ("float16", "float32", "float64")
OBJECTIVES = ("cross_entropy", "clipped", "squared_error", "bernoulli")
COLUMNS = (
    "logit", "exp", "naive", "shifted", "clipped", "probability", "target", "twice", "categorical", "bernoulli",
    "gradient",
)  # fmt: skip


def logits_of(probabilities: Iterable[float]) -> tuple[float, ...]:
    """ln q, the logits whose softmax is q again; -inf where q is 0."""
    return tuple(math.log(q) if q > 0 else -math.inf for q in probabilities)


@dataclass(frozen=True)
class Example:
    """One prediction and its target, with the settings that a page computes it by.

    `logits` [n] may hold -inf (a probability of exactly 0); `targets` [n] sum to 1; `base` is a key of BASES;
    `low` and `high` are the clip bounds; `objective`, of OBJECTIVES, is what is followed downhill, by steps of `rate`.
    """

    names: tuple[str, ...] = DEFAULT_NAMES[:3]
    logits: tuple[float, ...] = field(default_factory=lambda: logits_of(Q1))
    targets: tuple[float, ...] = (1.0, 0.0, 0.0)
    temperature: float = 1.0
    base: str = "e"
    low: float = 1e-10
    high: float = 1.0
    precision: str = "float64"
    objective: str = "cross_entropy"
    rate: float = 1.0

    @property
    def log_base(self) -> float:
        """The base of the logarithm as a number."""
        return BASES[self.base]

    @property
    def rounded_logits(self) -> NDArray[np.floating]:
        """The logits in the precision chosen, or in float64 where that would make one infinite."""
        largest = max(abs(logit) for logit in self.logits if logit > -math.inf)
        return np.array(self.logits, self.precision if largest < float(np.finfo(self.precision).max) else "float64")


@dataclass(frozen=True)
class View:
    """How a page is looked at: the story's `step` (1 is the first), the columns to `show` (none: the page's own),
    whether losses and answers `hide`, whether it is `present`ed on a projector, and the code of the `room` it is in.
    """

    step: int = 1
    show: tuple[str, ...] = ()
    hide: bool = False
    present: bool = False
    room: str = ""


def default_logits(count: int) -> tuple[float, ...]:
    """The logits of an example whose address gives none: the seed's for three classes, else all 0."""
    seed = logits_of(Q1)
    return seed if count == len(seed) else (0.0,) * count
