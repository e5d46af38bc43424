"""Every way to compute a loss of given data: each convention with each reduction and base."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, IntEnum, auto
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from xent_core.conventions import CONVENTIONS
from xent_core.libraries.batch import Batch, as_batch
from xent_core.libraries.convention import Convention, Form, Kind, Library, Task
from xent_core.libraries.reasons import Because, reasons
from xent_core.losses import UNITS

MOST_ROWS = 20
"""Single examples are tried in batches up to here: of a larger one, nobody logs one row."""


class Reduction(Enum):
    """What the sum of the entries' losses is divided by."""

    ROWS = auto()
    ENTRIES = auto()
    ONE = auto()
    ROW = auto()
    """A single row's loss."""


REDUCTIONS = {"rows": Reduction.ROWS, "kept": Reduction.ROWS, "entries": Reduction.ENTRIES, "one": Reduction.ONE}


ASKED = tuple(
    convention
    for convention in CONVENTIONS.values()
    if not convention.by_rule
    and convention.task is not Task.LANGUAGE_MODEL
    and not (convention.clip and convention.form is Form.DIVERGENCE)
)
"""The conventions in which a number is looked for.

Left out are those whose weights, mask or temperature are a rule of ours, those for tokens, whose logits nobody brings,
and the one that clips its targets, a hair beside the plain cross-entropy.
"""


class Rank(IntEnum):
    """How usual it is, best first. One row of a plain form, in any base, counts as changed once."""

    USUAL = 0
    MISTAKE = 1
    CHANGED = 2
    """Another reduction or base."""
    DOUBLY_CHANGED = 3
    ROW = 4
    CHANGED_ROW = 5


@dataclass(frozen=True)
class Candidate:
    """One convention on one batch, with one reduction and one base of the logarithm."""

    value: float
    rank: Rank
    convention: Convention
    batch: Batch
    reduction: Reduction
    base: float
    row: int = 0
    """Which row, from 0, if the reduction is one row."""

    @cached_property
    def is_plain(self) -> bool:
        """The categorical or the Bernoulli form as it stands: the mean over the rows or a single row, in any base."""
        convention = self.convention
        changes = (
            *(convention.clip, convention.added, convention.smoothing, convention.dtype, convention.renormalises),
            convention.extras,
        )
        return (
            self.reduction in (Reduction.ROWS, Reduction.ROW)
            and convention.form in (Form.CATEGORICAL, Form.BERNOULLI)
            and not any(changes)
            and (not convention.mistake or convention.form is Form.BERNOULLI or convention.base is not None)
        )

    @property
    def reduced_otherwise(self) -> bool:
        """Whether the convention itself divides by something else."""
        return self.reduction is not REDUCTIONS[self.convention.divides_by]

    @property
    def in_other_base(self) -> bool:
        """Whether the convention itself has another base, and this one is not e."""
        return self.base not in (math.e, self.convention.base)

    def reasons(self) -> tuple[Because, ...]:
        """Why the convention's loss differs from the plain one on this batch, or that row of it."""
        batch = self.batch if self.reduction is not Reduction.ROW else _row(self.batch, self.row)
        return reasons(self.convention, batch, whatever_reduction=self.reduced_otherwise)

    @property
    def order(self) -> tuple[int, bool, bool]:
        """Sorts candidates, best first."""
        return self.rank, not self.is_plain, self.convention.library is Library.BY_HAND


def _row(batch: Batch, row: int) -> Batch:
    return replace(batch, predictions=batch.predictions[[row]], targets=batch.targets[[row]])


def candidates(predictions: ArrayLike, targets: ArrayLike, kind: Kind = "logits") -> tuple[Candidate, ...]:
    """Every convention that the data can be passed to, with every reduction and base, best first.

    Parameters: `predictions` and `targets` [m, n] (or [n]); `kind` says what the predictions are.
    Returns: one candidate for each convention, reduction and base, by rank; one also for each single row of a batch
    of 2 to 20. Only `ASKED` are tried.
    Raises: `ValueError`, as `as_batch`.

    >>> best = candidates([[2.0, 1.0, 0.1]], [[1, 0, 0]])[0]
    >>> round(best.value, 4), best.reduction.name
    (0.417, 'ROWS')
    """
    batch = as_batch(predictions, targets, kind)
    suitable = (convention for convention in ASKED if batch.suits(convention))
    found = [candidate for convention in suitable for candidate in _candidates(convention, batch)]
    return tuple(sorted(found, key=lambda candidate: candidate.order))


def _candidates(convention: Convention, batch: Batch) -> Iterator[Candidate]:
    own_base = convention.base
    of_batch, of_rows = _reduced(convention, batch)
    for base in UNITS if own_base is None else (own_base,):
        in_base = 1.0 if base == own_base else math.log(base)
        for reduction, value in of_batch.items():
            other = reduction is not REDUCTIONS[convention.divides_by]
            rank = _rank(convention, other, base not in (math.e, own_base))
            yield Candidate(value / in_base, rank, convention, batch, reduction, base)
        for row, value in enumerate(of_rows):
            rank = Rank.ROW if base == math.e and not convention.mistake else Rank.CHANGED_ROW
            of_row = Candidate(value / in_base, rank, convention, batch, Reduction.ROW, base, row)
            yield replace(of_row, rank=Rank.CHANGED) if of_row.is_plain else of_row


def _rank(convention: Convention, other_reduction: bool, other_base: bool) -> Rank:
    if not (other_reduction or other_base):
        return Rank.MISTAKE if convention.mistake else Rank.USUAL
    twice = convention.mistake or (other_reduction and other_base)
    return Rank.DOUBLY_CHANGED if twice else Rank.CHANGED


def _reduced(convention: Convention, batch: Batch) -> tuple[dict[Reduction, float], list[float]]:
    """The loss by each reduction that differs on this batch, and each row's loss if single rows are read."""
    m, n = batch.rows, batch.classes
    called = batch.loss(convention)
    total = called * batch.divisor(convention)
    reduced = {Reduction.ROWS: total / m, Reduction.ENTRIES: total / (m * n), Reduction.ONE: total}
    reduced[REDUCTIONS[convention.divides_by]] = called
    if not 1 < m <= MOST_ROWS:
        return reduced, []
    with np.errstate(all="ignore"):
        return reduced, batch.unreduced(convention).astype(np.float64).reshape(m, -1).sum(axis=1).tolist()
