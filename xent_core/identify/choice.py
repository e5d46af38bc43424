"""Which of a log's numbers to look up, and what the numbers say together."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum, auto

import numpy as np

from xent_core.identify.context import NOTHING, Context, Measure, Moment, Precision
from xent_core.identify.data import Candidate
from xent_core.identify.found import Found, Status, identify_number
from xent_core.identify.log import Log, Role, Series, pairs_of, read_log
from xent_core.identify.number import TypedNumber

MOST_SERIES, MOST_EACH = 6, 8
STEADY = 2e-3
"""A series that moves by no more than this share is constant."""
FIRST_STEPS = 10
"""Up to here a step is among the first."""
MULTIPLES = (2, 4, 8, 16, 32)
"""By what losses are added up."""
RISE = 0.05
"""A loss that ends this share above its lowest has risen."""


class Which(StrEnum):
    """Which number of a series."""

    ONLY = "only"
    FIRST = "first"
    LAST = "last"
    LOWEST = "lowest"
    HIGHEST = "highest"
    CONSTANT = "constant"
    BROKEN = "broken"
    """The first that is nan or infinite."""
    EACH = "each"


class Sign(Enum):
    """What the numbers of a log say together."""

    CONSTANT = auto()
    RISES_WITH_ACCURACY = auto()
    BREAKS = auto()
    """It becomes nan or infinite."""
    BROKEN = auto()
    """It is nan or infinite from the start."""
    ON_A_GRID = auto()
    PERPLEXITY_OF_NATS = auto()
    PERPLEXITY_OF_BITS = auto()
    BITS_OF_PERPLEXITY = auto()
    BASES_MIXED = auto()
    """A perplexity that is e to the bits, where it should be 2."""
    MULTIPLE = auto()
    """One series is a whole multiple of another."""
    ANOTHER_LOSS = auto()
    """By its name it is no cross-entropy."""


@dataclass(frozen=True)
class Seen:
    """One such sign, and the figures that its sentence names."""

    sign: Sign
    name: str = ""
    other: str = ""
    first: float = 0.0
    last: float = 0.0
    count: int = 0


@dataclass(frozen=True)
class Option:
    """One number of a log that may be looked up."""

    series: Series
    index: int
    which: Which
    context: Context

    @property
    def key(self) -> str:
        """How a link names it: `val_loss.last`, `loss.first`, or `3` for the third of numbers without names."""
        place = str(self.index + 1) if self.which is Which.EACH else self.which.value
        return f"{self.series.name.replace(' ', '_')}.{place}" if self.series.name else place

    @property
    def number(self) -> TypedNumber:
        """The number, with what its digits leave open."""
        return self.series.number(self.index)


@dataclass(frozen=True)
class Identification:
    """What was found in a text: the number taken, the others that may be, and what they say together."""

    log: Log
    options: tuple[Option, ...]
    taken: int
    telling: int
    """The option of which most is known: the one taken unasked."""
    found: Found
    seen: tuple[Seen, ...] = field(default=())

    @property
    def option(self) -> Option:
        """The number that was taken."""
        return self.options[self.taken]


def identify(text: str, data: Sequence[Candidate] = (), context: Context = NOTHING, take: str = "") -> Identification:
    """Where a number in a text comes from: one number, log lines, or a whole log.

    Parameters: `text` as `read_log` takes it; `data` and `context` as `identify_loss`; `take`, the key of the option to
    look up, in place of the one that tells most.
    Raises: `ValueError`, as `read_log`.

    >>> told = identify("loss: 2.3026 - accuracy: 0.1000 - val_loss: 1.9")
    >>> told.option.key, told.found.answers[0].origin.classes
    ('loss.only', 10)
    """
    log = read_log(text)
    seen = tuple(_seen(log))
    options = tuple(_options(log, context, seen))
    keys = [option.key for option in options]
    every = [identify_number(option.number, data, option.context) for option in options]
    telling = max(range(len(options)), key=lambda i: (_telling(every[i]), -i))
    taken = keys.index(take) if take in keys else telling
    return Identification(log, options, taken, telling, every[taken], seen)


def _telling(found: Found) -> float:
    """How much is known of a number."""
    if not math.isfinite(found.number.value):
        return 6.0
    if found.status is Status.CAUSES:
        return 1.0 if found.number.value == 0 else 2.5
    order = {Status.IDENTIFIED: 5.0, Status.SEVERAL: 4.0, Status.START: 3.0, Status.POSSIBLE: 2.0}
    return order.get(found.status, 0.0)


def _options(log: Log, context: Context, seen: Sequence[Seen]) -> Iterator[Option]:
    on_grid = {one.name for one in seen if one.sign is Sign.ON_A_GRID}
    in_bits = {one.name for one in seen if one.sign is Sign.PERPLEXITY_OF_BITS}
    beside = context.with_what_is_missing_from(log.said)
    has_zero = any(value == 0 for series in log.losses for value in series.values()) if log.lines < 1000 else False
    for series in log.losses[:MOST_SERIES]:
        accuracy = _accuracies_beside(series, log)
        norms = dict(pairs_of(series, log.gradients))
        starts = _is_start(series, log.times)
        for which, index in _indices(series, log):
            moment = _moment(which, index, starts)
            measure = Measure.BITS if series.name in in_bits else series.measure
            own = replace(beside, measure=measure, moment=moment, zero_beside=has_zero)
            if series.name in on_grid and own.precision is None:
                own = replace(own, precision=Precision.BFLOAT16)
            if index in accuracy and own.accuracy is None:
                own = replace(own, accuracy=accuracy[index])
            if not math.isfinite(norms.get(index, 0.0)):
                own = replace(own, nan_beside=True)
            yield Option(series, index, which, own)


def _accuracies_of(series: Series, log: Log) -> list[Series]:
    """The accuracies, those of the same examples first."""
    return sorted(log.accuracies, key=lambda one: one.split is not series.split)


def _accuracies_beside(series: Series, log: Log) -> dict[int, float]:
    """The accuracy beside each number of a series, as a share."""
    found: dict[int, float] = {}
    for one in reversed(_accuracies_of(series, log)):
        whole = _whole(one, log)
        beside = {index: accuracy / whole for index, accuracy in pairs_of(series, [one])} if whole else {}
        found |= {index: share for index, share in beside.items() if 0 <= share <= 1}
    return found


def _whole(accuracies: Series, log: Log) -> float:
    """What all right is in a series: 100 if any of its numbers is above 1, else 1; 0 if that is not known.

    Acc@1 and Acc@5 are in percent in torchvision and timm, and shares elsewhere.
    """
    at_k = "@" in accuracies.name
    alike = [one for one in log.accuracies if "@" in one.name] if at_k else [accuracies]
    if any(value > 1 for one in alike for value in one.values()):
        return 100.0
    return 0.0 if at_k else 1.0


def _is_start(series: Series, times: Sequence[Series]) -> bool | None:
    """Whether the first number of a series is one of the first steps; none if the log does not say.

    A whole epoch is no start: what is printed after it has been trained.
    """
    steps = dict(pairs_of(series, [one for one in times if one.role is Role.TIME]))
    epochs = dict(pairs_of(series, [one for one in times if one.role is Role.EPOCH]))
    if 0 in steps:
        return steps[0] <= FIRST_STEPS
    return 0 < epochs[0] < 1 if 0 in epochs else None


def _moment(which: Which, index: int, starts: bool | None) -> Moment:
    if which is Which.CONSTANT:
        return Moment.CONSTANT
    first = starts or (starts is None and which is Which.FIRST)
    return Moment.FIRST if first and index == 0 else Moment.UNKNOWN


def _indices(series: Series, log: Log) -> Iterator[tuple[Which, int]]:
    values = np.array(series.values())
    count = len(values)
    if count == 1:
        yield Which.ONLY, 0
        return
    broken = np.flatnonzero(~np.isfinite(values))
    if len(broken):
        yield Which.BROKEN, int(broken[0])
    whole = np.flatnonzero(np.isfinite(values))
    if not len(whole):
        return
    if not series.name and count <= MOST_EACH and not _is_constant(values):
        yield from ((Which.EACH, int(i)) for i in whole)
        return
    if _is_constant(values[whole]):
        yield Which.CONSTANT, int(whole[np.argsort(values[whole])[len(whole) // 2]])
        return
    lowest, highest = int(whole[values[whole].argmin()]), int(whole[values[whole].argmax()])
    places = {Which.FIRST: int(whole[0]), Which.LAST: int(whole[-1]), Which.LOWEST: lowest, Which.HIGHEST: highest}
    taken: set[int] = set()
    for which, index in places.items():
        if index not in taken:
            taken.add(index)
            yield which, index


def _is_constant(values: np.ndarray) -> bool:
    finite = len(values) > 2 and bool(np.isfinite(values).all())
    return finite and bool(np.ptp(values) <= STEADY * abs(np.median(values)))


# What the numbers say together.


def _seen(log: Log) -> Iterator[Seen]:
    for series in log.losses[:MOST_SERIES]:
        yield from _seen_in(series, log)
    yield from _relations(log)


def _seen_in(series: Series, log: Log) -> Iterator[Seen]:
    if series.role is Role.ANOTHER_LOSS:
        yield Seen(Sign.ANOTHER_LOSS, series.name)
    values = np.array(series.values())
    finite = values[np.isfinite(values)]
    if len(values) > 2 and len(finite) == len(values) and _is_constant(values):
        yield Seen(Sign.CONSTANT, series.name, first=float(np.median(values)), count=len(values))
    elif len(finite) > 1 and series.role is Role.LOSS:
        yield from _rises(series, values, log)
    if 0 < len(finite) < len(values) and len(values) > 1:
        at = int(np.flatnonzero(~np.isfinite(values))[0])
        sign, last = (Sign.BREAKS, float(values[at - 1])) if at else (Sign.BROKEN, math.nan)
        yield Seen(sign, series.name, first=float(values[at]), last=last, count=series.places[at])
    if len(finite) > 2 and not _is_constant(finite) and _on_one_grid(series):
        yield Seen(Sign.ON_A_GRID, series.name, first=_step(float(np.abs(finite).max())), count=len(finite))


def _rises(series: Series, values: np.ndarray, log: Log) -> Iterator[Seen]:
    """Where the loss ends above its lowest, while the accuracy does not fall."""
    lowest = int(np.nanargmin(values))
    if lowest == len(values) - 1 or not values[-1] > values[lowest] * (1 + RISE) > 0:
        return
    for accuracy in _accuracies_of(series, log)[:1]:
        beside = dict(pairs_of(series, [accuracy]))
        if lowest in beside and len(values) - 1 in beside and beside[len(values) - 1] >= beside[lowest]:
            first, last = float(values[lowest]), float(values[-1])
            yield Seen(Sign.RISES_WITH_ACCURACY, series.name, accuracy.name, first, last)


def _on_one_grid(series: Series) -> bool:
    """Whether all numbers are bfloat16's, though typed with more digits."""
    numbers = [series.number(i) for i in range(min(len(series.texts), 50)) if math.isfinite(float(series.texts[i]))]
    return all(_is_on_grid(number) for number in numbers)


def _is_on_grid(number: TypedNumber) -> bool:
    step = _step(abs(number.value))
    nearest = round(number.value / step) * step if step else number.value
    return (
        0.25 <= abs(number.value) < 1e4
        and number.unit <= step / 4
        and abs(nearest - number.value) <= number.unit * 0.51
    )


def _step(value: float) -> float:
    """The distance of bfloat16's numbers at a value."""
    return math.ldexp(1.0, math.frexp(value)[1] - 8) if value else 0.0


def _relations(log: Log) -> Iterator[Seen]:
    """What holds between the first numbers of two series that share a line."""
    firsts = [(one, float(one.texts[0]), _slack(one.number(0))) for one in log.losses[:MOST_SERIES] if one.name]
    for a, x, open_by in firsts:
        for b, y, other in firsts:
            if a is b or not (a.named and b.named and math.isfinite(x) and math.isfinite(y) and 0 < x < 600):
                continue
            slack = open_by + other
            if b.role is Role.PERPLEXITY and a.role is Role.LOSS:
                yield from _perplexity(a, b, x, y, slack)
            elif b.role is Role.PERPLEXITY and a.role is Role.BITS:
                if _agree(2**x, y, slack):
                    yield Seen(Sign.BITS_OF_PERPLEXITY, a.name, b.name, x, y)
                elif _agree(math.exp(x), y, slack):
                    yield Seen(Sign.BASES_MIXED, a.name, b.name, x, y)
            elif a.role is b.role is Role.LOSS and _is_multiple(x, y, min(slack, 0.01)):
                yield Seen(Sign.MULTIPLE, a.name, b.name, x, y, round(x / y))


def _is_multiple(x: float, y: float, slack: float) -> bool:
    return y > 0 and round(x / y) in MULTIPLES and _agree(x / y, round(x / y), slack)


def _perplexity(loss: Series, perplexity: Series, x: float, y: float, slack: float) -> Iterator[Seen]:
    if _agree(math.exp(x), y, slack):
        yield Seen(Sign.PERPLEXITY_OF_NATS, loss.name, perplexity.name, x, y)
    elif _agree(2**x, y, slack):
        yield Seen(Sign.PERPLEXITY_OF_BITS, loss.name, perplexity.name, x, y)


def _slack(number: TypedNumber) -> float:
    """How far the digits leave e to the number open, as a share, or the number itself."""
    return number.unit + number.unit / max(abs(number.value), 1e-9)


def _agree(a: float, b: float, slack: float) -> bool:
    return abs(a - b) <= (slack + 1e-6) * abs(b)
