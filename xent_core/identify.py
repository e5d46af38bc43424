"""Which convention gives this number: a loss as it stands in a log, with or without the data it came from.

With data, every convention is computed with every reduction and base, and those that round to the number
typed are the answers. A number with few digits fits many: beside each answer stands how many such matches
chance alone would give, from how densely the computed values lie around the number.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from xent_core.conventions import CONVENTIONS
from xent_core.fingerprints import (
    CHANGED,
    CHANGED_ROW,
    DOUBLY_CHANGED,
    KNOWN,
    MISTAKE,
    ROW,
    Fingerprint,
    fingerprints,
    in_half_precision,
    negated,
    seen_from_above,
)
from xent_core.libraries.batch import Batch, as_batch
from xent_core.libraries.convention import Convention, Kind
from xent_core.libraries.reasons import EQUAL, why
from xent_core.losses import UNITS
from xent_core.sources import is_the_cause, source_of, sources_of
from xent_core.typed_number import TypedNumber, read_number

MOST_ROWS = 20
"""Single examples are tried in batches up to here: of a larger one, nobody logs one row."""
MOST_CLASSES = 1_000_000_000
Reduction = Literal["rows", "entries", "one", "row"]
"""What the sum of the entries' losses is divided by, m, m·n or 1; or a single row's loss."""

HALF_PRECISION_DIGITS = 2e-4
"""A loss rounded to half precision is looked for where the digits leave less than this open, relative to it."""


@dataclass(frozen=True)
class Candidate:
    """One convention on one batch, with one reduction and one base of the logarithm."""

    value: float
    rank: int
    """Best first, as in `xent_core.fingerprints`."""
    convention: Convention
    batch: Batch
    reduction: Reduction
    base: float
    row: int = 0
    """Which row, from 0, if the reduction is "row"."""

    @property
    def is_plain(self) -> bool:
        """The categorical or the Bernoulli form as it stands: the mean over the rows or a single row, in any base."""
        convention = self.convention
        return (
            self.reduction in ("rows", "row")
            and convention.form in ("categorical", "Bernoulli")
            and all(name in ("base", "log low") for name, _ in convention.constants)
            and not convention.renormalises
            and (not convention.mistake or convention.form == "Bernoulli" or bool(convention.constants))
        )

    @property
    def title(self) -> str:
        """The library, and what was done with its losses."""
        m, n = self.batch.rows, self.batch.classes
        reduced = {
            "rows": f"mean of {m} row{'s' * (m > 1)}",
            "entries": f"mean of {m} · {n} entries",
            "one": "sum",
            "row": f"row {self.row + 1} alone",
        }
        return f"{self.convention.library}: {reduced[self.reduction]}, in {UNITS[self.base]}"

    @property
    def meaning(self) -> str:
        """What it means if this is where the number comes from."""
        changed = self.reduction != self.convention.divides_by
        batch = self.batch if self.reduction != "row" else _row(self.batch, self.row)
        origin = self.convention.mistake or why(self.convention, batch, whatever_reduction=changed)
        changes = ", ".join(self._changes())
        if origin == EQUAL:
            return f"The plain cross-entropy {changes}".rstrip() + "."
        return f"{origin} Here {changes}." if changes else origin

    @property
    def order(self) -> tuple[int, bool, bool]:
        """Sorts candidates, best first."""
        return self.rank, not self.is_plain, self.convention.library == "By hand"

    def _changes(self) -> Iterator[str]:
        if self.reduction != self.convention.divides_by:
            yield {
                "rows": "averaged over the rows only",
                "entries": f"averaged over all {self.batch.rows * self.batch.classes} entries",
                "one": "added up, not averaged",
                "row": f"of row {self.row + 1} alone",
            }[self.reduction]
        if self.base not in (math.e, self.convention.base):
            yield f"with logarithms to base {self.base}"

    @property
    def next_step(self) -> str:
        """What to do about it."""
        return " ".join(self._next_steps()) or (
            "Nothing to repair. Compare it only with losses that are computed in the same way."
        )

    def _next_steps(self) -> Iterator[str]:
        if self.convention.mistake:
            yield self.convention.fix
        if self.reduction != self.convention.divides_by:
            yield {
                "rows": f"Divide by n = {self.batch.classes} to get the mean over all entries.",
                "entries": f"Multiply by n = {self.batch.classes} to get the mean over the rows.",
                "one": f"Divide by m = {self.batch.rows} to get the mean over the rows.",
                "row": "Take the mean over the batch before you compare it.",
            }[self.reduction]
        if self.base not in (math.e, self.convention.base):
            yield f"Multiply by ln {self.base} = {math.log(self.base):.4f} to get nats."


def _row(batch: Batch, row: int) -> Batch:
    return replace(batch, predictions=batch.predictions[[row]], targets=batch.targets[[row]])


Origin = Candidate | Fingerprint


@dataclass(frozen=True)
class Answer:
    """One value that fits, and everything that gives it."""

    value: float
    origins: tuple[Origin, ...]
    """Best first; they agree to six digits."""
    chance: float
    """How many values as plausible as this one a number typed at random nearby would fit."""

    @property
    def weak(self) -> bool:
        """No better than chance: `chance` is a half or more."""
        return self.chance >= 0.5

    @property
    def title(self) -> str:
        """The best origin, in a few words."""
        return self.origins[0].title

    @property
    def meaning(self) -> str:
        """What it would mean."""
        return self.origins[0].meaning

    @property
    def conventions(self) -> tuple[Convention, ...]:
        """The conventions among the origins, each once."""
        return tuple({o.convention.id: o.convention for o in self.origins if isinstance(o, Candidate)}.values())


@dataclass(frozen=True)
class Identification:
    """What was found about a number."""

    number: TypedNumber
    answers: tuple[Answer, ...]
    """Best first."""
    nearest: tuple[Answer, ...]
    """The three nearest values where nothing fits."""
    sources: tuple[Fingerprint, ...]
    """Where nan, infinity, or a loss below 0 comes from in general, without those that lead an answer."""
    tried: tuple[Origin, ...]
    """Every value that was looked at."""

    @property
    def status(self) -> Literal["identified", "weak", "nothing"]:
        """Identified: an answer is better than chance, or the number is nan or infinite."""
        if not math.isfinite(self.number.value) or any(not answer.weak for answer in self.answers):
            return "identified"
        return "weak" if self.answers else "nothing"


def identify_loss(text: str, candidates: Sequence[Candidate] = (), num_classes: int | None = None) -> Identification:
    """Where a loss comes from.

    Parameters: `text`, the number as it stands in the log: `2.3026`, `1e-7`, `nan`, `-inf`, `tensor(0.153)`;
    `candidates` from the data it was computed on, if there are any; else `num_classes`, if that is known.
    Returns: the answers that fit, best first: those better than chance by their rank, then the weak ones, the plain
    forms before others, nearer before further; where none fits, the nearest values.
    Raises: `ValueError` for a text without exactly one number, or num_classes beyond 1 to 1,000,000,000.
    """
    number = read_number(text)
    if candidates:
        num_classes = candidates[0].batch.classes
    elif num_classes is not None and not (isinstance(num_classes, Integral) and 1 <= num_classes <= MOST_CLASSES):
        raise ValueError(f"num_classes is {num_classes!r}: expected an integer from 1 to {MOST_CLASSES:,}")
    known = _known(number, num_classes)
    tried: tuple[Origin, ...] = (*candidates, *(_beside_data(known) if candidates else known))
    sources = sources_of(number.value)
    values = np.array([origin.value for origin in tried])
    fitting = [tried[i] for i in np.flatnonzero(number.fits(values)).tolist()]
    if math.isfinite(number.value):
        answers = _answers(number, fitting, _chances(number, tried))
    else:
        computed = [origin for origin in fitting if isinstance(origin, Candidate)]
        answers = _answers_beyond_numbers(computed, {source.title: source for source in sources})
    nearest = () if answers else tuple(_nearest(number, tried))
    leading = [answer.origins[0] for answer in answers]
    return Identification(number, answers, nearest, tuple(source for source in sources if source not in leading), tried)


def _known(number: TypedNumber, num_classes: int | None) -> Iterator[Fingerprint]:
    """The fingerprints that the number may be, with the sign turned and in half precision too."""
    known = fingerprints(num_classes)
    yield from known
    if number.value < 0:
        yield from negated(known)
    if number.high - number.low < HALF_PRECISION_DIGITS * abs(number.value):
        yield from in_half_precision(known)


def _beside_data(known: Iterable[Fingerprint]) -> Iterator[Fingerprint]:
    """The fingerprints, the less usual after what the data itself gives: they are of another prediction."""
    for loss in known:
        yield loss if loss.rank == KNOWN else replace(loss, rank=DOUBLY_CHANGED)


def candidates(predictions: ArrayLike, targets: ArrayLike, kind: Kind = "logits") -> tuple[Candidate, ...]:
    """Every convention that the data can be passed to, with every reduction and base, best first.

    Parameters: `predictions` and `targets` [m, n] (or [n]); `kind` says what the predictions are.
    Returns: one candidate for each convention, reduction and base, by rank; one also for each single row of a batch
    of 2 to 20.
    Raises: `ValueError`, as `as_batch`.
    """
    batch = as_batch(predictions, targets, kind)
    suitable = (convention for convention in CONVENTIONS.values() if batch.suits(convention))
    found = [reading for convention in suitable for reading in _candidates(convention, batch)]
    return tuple(sorted(found, key=lambda reading: reading.order))


def _candidates(convention: Convention, batch: Batch) -> Iterator[Candidate]:
    own_base = convention.base
    of_batch, of_rows = _reduced(convention, batch)
    for base in UNITS if own_base is None else (own_base,):
        in_base = 1.0 if base == own_base else math.log(base)
        for reduction, value in of_batch.items():
            rank = _rank(convention, reduction != convention.divides_by, base not in (math.e, own_base))
            yield Candidate(value / in_base, rank, convention, batch, reduction, base)
        for row, value in enumerate(of_rows):
            usual = base == math.e and not convention.mistake
            of_row = Candidate(value / in_base, ROW if usual else CHANGED_ROW, convention, batch, "row", base, row)
            yield replace(of_row, rank=CHANGED) if of_row.is_plain else of_row


def _rank(convention: Convention, other_reduction: bool, other_base: bool) -> int:
    if not (other_reduction or other_base):
        return MISTAKE if convention.mistake else KNOWN
    return DOUBLY_CHANGED if convention.mistake or (other_reduction and other_base) else CHANGED


def _reduced(convention: Convention, batch: Batch) -> tuple[dict[Reduction, float], list[float]]:
    """The loss by each reduction that differs on this batch, and each row's loss if single rows are read."""
    m, n = batch.rows, batch.classes
    called = batch.loss(convention)
    total = called * batch.divisor(convention)
    reduced: dict[Reduction, float] = {"rows": total / m, "entries": total / (m * n), "one": total}
    reduced[convention.divides_by] = called
    if not 1 < m <= MOST_ROWS:
        return reduced, []
    with np.errstate(all="ignore"):
        return reduced, batch.unreduced(convention).astype(np.float64).reshape(m, -1).sum(axis=1).tolist()


def _answers(number: TypedNumber, fitting: Iterable[Origin], chances: Sequence[float]) -> tuple[Answer, ...]:
    """Every value that fits, with its origins, best first.

    First those that are better than chance, by rank; then the others, the plain forms before all else.
    """
    groups = _grouped(sorted(fitting, key=_order_of_equals))
    answers = [Answer(group[0].value, group, chances[_rank_of(group)]) for group in groups]
    return tuple(sorted(answers, key=lambda answer: _order(answer, number)))


def _order(answer: Answer, number: TypedNumber) -> tuple[float, ...]:
    plain = any(origin.is_plain if isinstance(origin, Candidate) else origin.rank == KNOWN for origin in answer.origins)
    return answer.weak and not plain, _rank_of(answer.origins), not plain, abs(answer.value - number.value)


def _order_of_equals(origin: Origin) -> tuple[bool, int]:
    """By rank, after what the data gives in its plain form."""
    return not (isinstance(origin, Candidate) and origin.is_plain), origin.rank


def _rank_of(origins: Iterable[Origin]) -> int:
    return min(origin.rank for origin in origins)


def _answers_beyond_numbers(fitting: Iterable[Candidate], sources: Mapping[str, Fingerprint]) -> tuple[Answer, ...]:
    """What gives nan or infinity as it is called: one answer for each source, then one for each mistake.

    A mistake is left out where the loss would be no number without it either, unless mistakes alone give this one.
    """
    as_called = [origin for origin in fitting if origin.rank <= MISTAKE]
    causes = [one for one in as_called if not one.convention.mistake or is_the_cause(one.convention, one.batch)]
    by_cause: dict[str, list[Origin]] = {}
    for origin in causes or as_called:
        source = sources.get(source_of(origin.value, origin.convention, origin.batch))
        by_cause.setdefault(source.title if source else origin.meaning, [source] if source else []).append(origin)
    return tuple(Answer(group[0].value, tuple(group), chance=0.0) for group in by_cause.values())


def _grouped(origins: Iterable[Origin]) -> list[tuple[Origin, ...]]:
    """Origins whose values agree to six digits, in the order of their first."""
    groups: dict[str, list[Origin]] = {}
    for origin in origins:
        groups.setdefault(_six_digits(origin.value), []).append(origin)
    return [tuple(group) for group in groups.values()]


def _six_digits(value: float) -> str:
    return f"{value:.6g}"


def _chances(number: TypedNumber, origins: Sequence[Origin]) -> list[float]:
    """For an answer of each rank: how many values as plausible a number typed at random nearby would fit.

    That is their density there times the number's width. Nearby is within half the number's size, and at least ten
    times its width. Each value counts once, the answer's own too.
    """
    width = number.high - number.low
    reach = max(abs(number.value) / 2, 10 * width)
    values = np.array([origin.value for origin in origins])
    nearby = [origins[i] for i in np.flatnonzero(np.abs(values - number.value) <= reach).tolist()]
    best_last = sorted(nearby, key=lambda origin: -origin.rank)
    ranks = {_six_digits(origin.value): origin.rank for origin in best_last}
    return (np.bincount([*ranks.values()]).cumsum() * width / (2 * reach)).tolist()


def _nearest(number: TypedNumber, origins: Iterable[Origin]) -> Iterator[Answer]:
    """The three nearest values among those that are usual, a mistake, or changed in one way."""
    if not math.isfinite(number.value):
        return
    plausible = [
        seen_from_above(origin, number.value) if isinstance(origin, Fingerprint) else origin
        for origin in origins
        if origin.rank <= CHANGED and math.isfinite(origin.value)
    ]
    for group in _grouped(sorted(plausible, key=lambda origin: abs(origin.value - number.value)))[:3]:
        best_first = tuple(sorted(group, key=lambda origin: origin.rank))
        yield Answer(best_first[0].value, best_first, chance=0.0)
