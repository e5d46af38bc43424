"""Which convention gives this number: a loss as it stands in a log, with or without the data it came from.

With data, every convention is computed with every reduction and base, and those that round to the number
typed are the answers. A number with few digits fits many: beside each answer stands how many such matches
chance alone would give, from how densely the computed values lie around the number.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from numbers import Integral
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    sources_of,
)
from xent_core.libraries.batch import Batch, as_batch
from xent_core.libraries.convention import Convention, Kind
from xent_core.libraries.reasons import EQUAL, is_plain, why
from xent_core.losses import UNITS

MOST_ROWS = 20
"""Single examples are tried in batches up to here: of a larger one, nobody logs one row."""
LONGEST_TEXT = 200
MOST_CLASSES = 1_000_000_000
HALF_PRECISION_WIDTH = 1e-5
"""Relative: a number with six digits or more may be a known one as float16 or bfloat16 hold it."""
FLOAT32_ROUNDING = 2.0**-22
"""Digits beyond this relative size are not trusted: logs print float32 losses with a float64's digits."""

Reduction = Literal["rows", "entries", "one", "row"]
"""What the sum of the entries' losses is divided by, m, m·n or 1; or a single row's loss."""

SIMPLE = ("mistake_sum", "mistake_whole_matrix_mean", "mistake_base_10", "mistake_base_2", "mistake_binary_on_one_hot")
"""Both forms as one writes them by hand, by whatever reduction and in whatever base."""

_NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:nan|inf(?:inity)?|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]{1,3})?)(?!\w|\.[0-9])",
    re.IGNORECASE,
)

_DECIMAL_COMMA = re.compile(r"(?!\s*[-+]?[1-9][0-9]{0,2},[0-9]{3}\s*$)\s*[-+]?[0-9]+,[0-9]+\s*")


@dataclass(frozen=True)
class TypedNumber:
    """A number as it stands in a log, and the interval that its digits leave open."""

    text: str
    value: float
    low: float
    high: float

    def fits(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which values print as this number."""
        if math.isnan(self.value):
            return np.isnan(values)
        return (values >= self.low) & (values <= self.high)


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
        origin = self.convention.mistake or why(self.convention, self._own, whatever_reduction=changed)
        changes = ", ".join(self._changes())
        if origin == EQUAL and math.isinf(self.value):
            return "A target above 0 meets a probability of exactly 0, and −log 0 is infinite."
        if origin == EQUAL:
            return f"The plain cross-entropy {changes}".rstrip() + "."
        return f"{origin} Here {changes}." if changes else origin

    @property
    def _own(self) -> Batch:
        """The batch, or the row alone."""
        if self.reduction != "row":
            return self.batch
        row = slice(self.row, self.row + 1)
        return replace(self.batch, predictions=self.batch.predictions[row], targets=self.batch.targets[row])

    @property
    def order(self) -> tuple[int, bool]:
        """The rank; among single rows, those without another reason than the row come first."""
        return self.rank, self.reduction == "row" and not is_plain(self.convention, self._own, whatever_reduction=True)

    def _changes(self) -> Iterator[str]:
        if self.reduction != self.convention.divides_by:
            yield {
                "rows": "averaged over the rows only",
                "entries": f"averaged over all {self.batch.rows * self.batch.classes} entries",
                "one": "added up, not averaged",
                "row": f"of row {self.row + 1} alone",
            }[self.reduction]
        if self.base not in (math.e, self.convention.constant("base")):
            yield f"with logarithms to base {self.base}"

    @property
    def next_step(self) -> str:
        """What to do about it."""
        if not math.isfinite(self.value):
            return self.convention.fix or self._to_be_finite
        return " ".join(self._next_steps()) or (
            "Nothing to repair. Compare it only with losses that are computed in the same way."
        )

    @property
    def _to_be_finite(self) -> str:
        if np.isinf(self.batch.predictions).any():
            return (
                "Check the masks against the targets, and mask a class by a large negative logit in place of −∞: "
                "0 times a finite logarithm is 0."
            )
        return "Use the loss that takes logits, and never meets log 0."

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
        if self.base not in (math.e, self.convention.constant("base")):
            yield f"Multiply by ln {self.base} = {math.log(self.base):.4f} to get nats."


Origin = Candidate | Fingerprint


@dataclass(frozen=True)
class Answer:
    """One value that fits, and everything that gives it."""

    value: float
    origins: tuple[Origin, ...]
    """Best first; they agree to six digits."""
    chance: float
    """How many values as plausible as this one a number typed at random nearby would fit."""
    weak: bool
    """No better than chance: `chance` is a half or more."""

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
    """Where nan, infinity, or a loss below 0 comes from in general."""

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
    Returns: the answers that fit, best first: those better than chance by their rank, then the weak ones, the two forms
    as written before others, nearer before further; where none fits, the nearest values.
    Raises: `ValueError` for a text without exactly one number, or num_classes beyond 1 to 1,000,000,000.
    """
    number = read_number(text)
    if candidates:
        num_classes = candidates[0].batch.classes
    elif num_classes is not None and not (isinstance(num_classes, Integral) and 1 <= num_classes <= MOST_CLASSES):
        raise ValueError(f"num_classes is {num_classes!r}: expected an integer from 1 to {MOST_CLASSES:,}")
    known = fingerprints(num_classes)
    origins = [*candidates, *known, *negated(known, number.value)]
    if number.high - number.low < HALF_PRECISION_WIDTH * abs(number.value):
        origins += in_half_precision(known)
    answers = tuple(_answers(number, origins))
    nearest = () if answers else tuple(_nearest(number, origins))
    return Identification(number, answers, nearest, sources_of(number.value))


def read_number(text: str) -> TypedNumber:
    """The one number in a text, and the interval that rounds to its digits.

    The interval is never narrower than float32's rounding, nor empty.
    Raises: `ValueError` unless there is exactly one number.
    """
    found = _NUMBER.findall(_in_python(text[:LONGEST_TEXT]))
    if len(found) != 1 or len(text) > LONGEST_TEXT:
        raise ValueError(f"{_shown(text)}: expected one number, such as 2.3026, 1e-7, nan or -inf")
    written = found[0].lower()
    if written.lstrip("+-").isalpha():
        value = float(written)
        return TypedNumber(written, value, value, value)
    decimal = Decimal(written)
    value = float(decimal)
    if not math.isfinite(value):
        raise ValueError(f"{_shown(text)}: expected a number that a float64 can hold")
    half = float(Decimal(5).scaleb(decimal.as_tuple().exponent - 1))
    open_by = max(half * (1 + 1e-9), abs(value) * FLOAT32_ROUNDING, math.ulp(0))
    return TypedNumber(written, value, value - open_by, value + open_by)


def _in_python(text: str) -> str:
    """Signs as Python reads them; without a tensor's device; a comma as the point, but not 1,000's; C's nan and inf."""
    text = re.sub(r"device='[^']*'", "", text.replace("−", "-").replace("∞", "inf"))
    if _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    return re.sub(r"1\.#(QNAN|SNAN|IND|INF)0*", lambda found: "inf" if found[1] == "INF" else "nan", text)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


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
    return tuple(sorted(found, key=lambda reading: (reading.rank, reading.convention.library == "By hand")))


def _candidates(convention: Convention, batch: Batch) -> Iterator[Candidate]:
    own_base = convention.constant("base")
    of_batch, of_rows = _reduced(convention, batch)
    for base in UNITS if own_base is None else (own_base,):
        in_base = 1.0 if base == own_base else math.log(base)
        for reduction, value in of_batch.items():
            rank = _rank(convention, reduction != convention.divides_by, base not in (math.e, own_base))
            yield Candidate(value / in_base, rank, convention, batch, reduction, base)
        for row, value in enumerate(of_rows):
            usual = base == math.e and not convention.mistake
            yield Candidate(value / in_base, ROW if usual else CHANGED_ROW, convention, batch, "row", base, row)


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


def _answers(number: TypedNumber, origins: Sequence[Origin]) -> Iterator[Answer]:
    """Every value that fits, with its origins, best first."""
    values = np.array([origin.value for origin in origins])
    fitting = [origins[i] for i in np.flatnonzero(number.fits(values))]
    if not math.isfinite(number.value):
        yield from _answers_beyond_numbers(fitting)
        return
    chances = _chances(number, origins, values)
    found = []
    for group in _grouped(sorted(fitting, key=lambda origin: origin.order)):
        chance = chances[group[0].rank]
        found.append(Answer(group[0].value, group, chance, weak=chance >= 0.5))
    yield from sorted(found, key=lambda answer: (_order(answer), abs(answer.value - number.value)))


def _order(answer: Answer) -> tuple[bool, int]:
    """Answers better than chance by their rank; then the weak ones, of which the simplest say most."""
    if not answer.weak:
        return False, answer.origins[0].rank
    return True, not any(convention.id in SIMPLE for convention in answer.conventions)


def _answers_beyond_numbers(fitting: Iterable[Origin]) -> Iterator[Answer]:
    """What gives nan or infinity as it is called, one answer for each reason; mistakes only where nothing else does."""
    by_meaning: dict[str, list[Origin]] = {}
    best = min((origin.rank for origin in fitting), default=MISTAKE)
    for origin in fitting:
        if origin.rank == best <= MISTAKE:
            by_meaning.setdefault(origin.meaning, []).append(origin)
    for group in by_meaning.values():
        yield Answer(group[0].value, tuple(group), chance=0.0, weak=False)


def _grouped(origins: Iterable[Origin]) -> list[tuple[Origin, ...]]:
    """Origins whose values agree to six digits, in the order of their first."""
    groups: dict[str, list[Origin]] = {}
    for origin in origins:
        groups.setdefault(_six_digits(origin.value), []).append(origin)
    return [tuple(group) for group in groups.values()]


def _six_digits(value: float) -> str:
    return f"{value:.6g}"


def _chances(number: TypedNumber, origins: Sequence[Origin], values: NDArray[np.float64]) -> list[float]:
    """For an answer of each rank: how many values as plausible a number typed at random nearby would fit.

    That is their density there times the number's width. Nearby is within half the number's size, and at least ten
    times its width. Each value counts once, the answer's own too.
    """
    width = number.high - number.low
    reach = max(abs(number.value) / 2, 10 * width)
    nearby = [origins[i] for i in np.flatnonzero(np.abs(values - number.value) <= reach)]
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
        yield Answer(best_first[0].value, best_first, chance=0.0, weak=True)
