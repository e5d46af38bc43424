"""From a number to ranked answers."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np

from xent_core.identify.causes import Cause, cause_of, causes_of, is_to_blame
from xent_core.identify.context import NOTHING, Context
from xent_core.identify.data import Candidate, Rank
from xent_core.identify.decode import OF_MEASURE, around, decode, density
from xent_core.identify.number import Fit, TypedNumber, read_number
from xent_core.identify.origins import CEILINGS, Change, Kind, Origin, double_softmax_floor
from xent_core.identify.sizes import FEW_CLASSES, SIZES, is_common, weight_of
from xent_core.libraries.convention import Convention

NOTHING_IN_PARTICULAR = 0.5
"""How many of the numbers that are looked up are no known value."""
WITH_DATA = 0.2
"""The same, of numbers that are looked up with the data they were computed on."""
CUT_OFF = 0.1
"""How often digits are cut off and not rounded."""
SURE = 0.93
"""From this probability on an answer is said to be one."""
BY_CHANCE, BY_CHANCE_IF_MORE_IS_KNOWN = 0.0025, 0.006
"""Only what so few random numbers would fit as well is said to be an answer."""
UNUSUAL = 5e-6
"""Below this weight known values lie as densely as digits do."""
NEARBY = 0.1
"""Chance is told from the values within this share of the number."""
POSSIBLE, HALF = 0.25, 0.5
"""Below it the best answer is no better than many others, and chance."""
HARDLY_BY_CHANCE = 0.04
"""What more random numbers fit as well is told only if it is usual: a whole number of classes, or this weight."""
USUAL = 0.004
WORTH_SAYING = 0.01
"""Known values below this probability are left out."""
OF_RANK = {
    Rank.USUAL: 0.05,
    Rank.MISTAKE: 0.02,
    Rank.CHANGED: 0.005,
    Rank.DOUBLY_CHANGED: 0.001,
    Rank.ROW: 0.002,
    Rank.CHANGED_ROW: 0.0003,
}
"""How often one meets a value that the data gives, by how usual it is."""
MISLEADING_UNITS, MISLEADING_SHARE = 10, 0.005
"""A known value this near, in units of the last digit and as a share of the number, may be taken for it."""
MOST_NEAR = 3


class Status(Enum):
    """What is known of a number after all."""

    IDENTIFIED = auto()
    """One answer is far likelier than all else."""
    SEVERAL = auto()
    """It is one of several known values, no one far likelier than the others."""
    START = auto()
    """It lies where training starts, or within noise of it: no value fits to the digit."""
    POSSIBLE = auto()
    """Known values fit, and chance would do so as well."""
    NOTHING = auto()
    CAUSES = auto()
    """It is nan, infinite, 0, below 0 or huge: it has causes in place of values."""


@dataclass(frozen=True)
class Answer:
    """One thing that gives the number: a known value, what the data gives, or a cause."""

    value: float
    probability: float
    fit: Fit
    chance: float = 1.0
    """How many values as usual as this one a number typed at random nearby would fit; 1: no few."""
    origin: Origin | None = None
    candidates: tuple[Candidate, ...] = ()
    """What of the data has this value to six digits, best first."""
    cause: Cause | None = None

    @property
    def conventions(self) -> tuple[Convention, ...]:
        """The conventions among the candidates, each once."""
        return tuple({one.convention.id: one.convention for one in self.candidates}.values())

    @property
    def is_near(self) -> bool:
        """Whether it is near the number, and no value that prints so."""
        return self.origin is not None and self.origin.kind is Kind.START


@dataclass(frozen=True)
class Found:
    """What was found about a number."""

    number: TypedNumber
    context: Context
    status: Status
    answers: tuple[Answer, ...]
    """The likeliest first."""
    near: tuple[Origin, ...]
    """Known values near enough to mislead, that do not fit; the nearest first."""

    @property
    def nats(self) -> float:
        """The number as a loss in nats."""
        return nats_of(self.number.value, self.context)


def nats_of(value: float, context: Context) -> float:
    """A number in a log as a loss in nats, by what it measures."""
    with np.errstate(all="ignore"):
        return OF_MEASURE[context.measure].nats(value)


def identify_loss(text: str, data: Sequence[Candidate] = (), context: Context = NOTHING) -> Found:
    """Where the one number in a text comes from.

    Parameters: `text`, the number as it stands in the log: `2.3026`, `1e-7`, `nan`, `-inf`, `tensor(0.153)`; `data`,
    the candidates of the data it was computed on, if there are any; `context`, what else is known.
    Returns: the answers, the likeliest first; where none is likely, that nothing is known.
    Raises: `ValueError` for a text without exactly one number.

    >>> found = identify_loss("2.3026")
    >>> found.status.name, found.answers[0].origin.classes
    ('IDENTIFIED', 10)
    """
    return identify_number(read_number(text), data, context)


def identify_number(number: TypedNumber, data: Sequence[Candidate] = (), context: Context = NOTHING) -> Found:
    """Where a number comes from; as `identify_loss`."""
    if data:
        context = replace(context, classes=data[0].batch.classes)
    causes = causes_of(nats_of(number.value, context), context)
    if not math.isfinite(number.value):
        answers = tuple(_of_no_number(number, data, causes))
        return Found(number, context, Status.CAUSES, answers, ())
    weighed = [*_of_data(number, data), *_known(number, context, beside_data=bool(data))]
    answers = _ranked(number, weighed, data, context)
    status = _status(answers, BY_CHANCE_IF_MORE_IS_KNOWN if data or _is_narrow(context) else BY_CHANCE)
    if status is Status.NOTHING and any(answer.candidates for answer in answers):
        status = Status.POSSIBLE
    of_cause = tuple(_caused(number.value, causes))
    doubtful = status is Status.NOTHING or (status is Status.POSSIBLE and answers[0].probability < SURE)
    if of_cause and (doubtful or number.value == 0):
        return Found(number, context, Status.CAUSES, (*of_cause, *answers), ())
    if status is Status.NOTHING:
        answers = tuple(answer for answer in answers if answer.candidates)
    near = () if status in (Status.IDENTIFIED, Status.SEVERAL, Status.START) else tuple(_near(number, context))
    return Found(number, context, status, (*answers, *of_cause), near)


def _known(number: TypedNumber, context: Context, *, beside_data: bool) -> Iterator[Answer]:
    """The known values that fit, each with its weight in the place of a probability.

    Beside data they weigh less: they are of another prediction.
    """
    for origin in _merged(number, _once_each(decode(number, context))):
        fit = Fit.ROUNDED if origin.kind in (Kind.START, Kind.GRID) else number.fit(origin.value)
        if fit is not Fit.NO:
            weight = origin.weight * (CUT_OFF if fit is Fit.CUT_OFF else 1) * (0.1 if beside_data else 1)
            yield Answer(origin.value, weight, fit, origin=origin)


def _once_each(origins: Iterable[Origin]) -> Iterable[Origin]:
    """Of origins that say the same in another way, the likeliest."""
    best: dict[Origin, Origin] = {}
    for origin in origins:
        key = replace(origin, value=0.0, weight=0.0)
        if key not in best or best[key].weight < origin.weight:
            best[key] = origin
    return best.values()


def _merged(number: TypedNumber, origins: Iterable[Origin]) -> Iterable[Origin]:
    """What is near ln n counts for ln n itself where that fits to the digit."""
    origins = list(origins)
    starts = {(one.classes, one.change): one for one in origins if one.kind is Kind.START}
    for origin in origins:
        start = starts.get((origin.classes, origin.change))
        is_log = origin.kind in (Kind.UNIFORM, Kind.HALF) and not origin.rounded_to and not origin.negated
        if start and is_log and number.fit(origin.value) is not Fit.NO:
            del starts[origin.classes, origin.change]
            yield replace(origin, weight=max(origin.weight, start.weight))
        elif origin.kind is not Kind.START:
            yield origin
    yield from starts.values()


def _of_data(number: TypedNumber, data: Sequence[Candidate]) -> Iterator[Answer]:
    """What the data gives that fits: one answer for each value, to six digits."""
    values = np.array([candidate.value for candidate in data])
    low, high = number.reach
    fitting = [data[i] for i in np.flatnonzero((values >= low) & (values <= high)).tolist()]
    groups: dict[str, list[Candidate]] = {}
    for candidate in sorted(fitting, key=lambda one: (not one.is_plain, one.rank)):
        groups.setdefault(f"{candidate.value:.6g}", []).append(candidate)
    for group in groups.values():
        fit = number.fit(group[0].value)
        if fit is not Fit.NO:
            weight = max(OF_RANK[candidate.rank] for candidate in group) * (CUT_OFF if fit is Fit.CUT_OFF else 1)
            yield Answer(group[0].value, weight, fit, candidates=tuple(group))


def _ranked(
    number: TypedNumber, weighed: Sequence[Answer], data: Sequence[Candidate], context: Context
) -> tuple[Answer, ...]:
    """The answers with their probabilities, the likeliest first; of equals the nearest."""
    otherwise = WITH_DATA if data else NOTHING_IN_PARTICULAR
    chance = otherwise * min(density(number.value) * (number.high - number.low), 1.0)
    total = chance + sum(answer.probability for answer in weighed)
    order = sorted(weighed, key=lambda answer: (-answer.probability, abs(answer.value - number.value)))
    chances = _chances(number, order, data, context)
    ranked = [
        replace(answer, probability=answer.probability / total, chance=one)
        for answer, one in zip(order, chances, strict=True)
    ]
    return tuple(answer for answer in ranked if answer.probability >= WORTH_SAYING or answer.candidates)


def _chances(
    number: TypedNumber, answers: Sequence[Answer], data: Sequence[Candidate], context: Context
) -> list[float]:
    """For each answer, how many values that are met as often a number typed at random nearby would fit.

    That is their density there times the number's width; each value counts once, the answer's own too.
    """
    weights = [answer.probability for answer in answers]
    usual = [weight for weight in weights if weight >= UNUSUAL]
    width, reach = number.high - number.low, NEARBY * abs(number.value)
    if not usual or reach < 2 * width:
        return [1.0] * len(answers)
    factor = 0.1 if data else 1.0
    met: dict[str, float] = {}
    known = ((one.value, factor * one.weight) for one in around(number.value, reach, min(usual) / factor, context))
    computed = ((one.value, OF_RANK[one.rank]) for one in data if abs(one.value - number.value) <= reach)
    for value, weight in (*known, *computed):
        digits = f"{value:.6g}"
        met[digits] = max(weight, met.get(digits, 0.0))
    sorted_weights = np.sort(list(met.values()))
    as_usual = len(sorted_weights) - np.searchsorted(sorted_weights, np.array(weights) * (1 - 1e-9))
    chances = np.maximum(as_usual, 1) * width / (2 * reach)
    return [min(float(one), 1.0) if w >= UNUSUAL else 1.0 for one, w in zip(chances, weights, strict=True)]


def _is_worth_telling(answer: Answer) -> bool:
    """Whether an answer that chance gives too is told of."""
    origin = answer.origin
    if answer.chance <= HARDLY_BY_CHANCE or origin is None:
        return True
    is_log = origin.kind in (Kind.UNIFORM, Kind.HALF) and origin.change is Change.NONE
    return answer.probability >= HALF and (is_log or origin.weight >= USUAL or origin.rounded_to is not None)


def _is_narrow(context: Context) -> bool:
    """Whether what is known beside the number leaves fewer values to try."""
    return any(known is not None for known in (context.classes, context.batch, context.precision, context.accumulation))


def _status(answers: Sequence[Answer], by_chance: float) -> Status:
    if not answers or answers[0].probability < POSSIBLE:
        return Status.NOTHING
    if answers[0].is_near:
        near = sum(answer.probability for answer in answers if answer.is_near)
        return Status.START if near >= 0.5 else Status.NOTHING
    if answers[0].chance > by_chance:
        return Status.POSSIBLE if _is_worth_telling(answers[0]) else Status.NOTHING
    if answers[0].probability >= SURE:
        return Status.IDENTIFIED
    likely = sum(answer.probability for answer in answers)
    return Status.SEVERAL if likely >= SURE else Status.POSSIBLE


# No ordinary numbers.


def _caused(value: float, causes: Iterable[Cause]) -> Iterator[Answer]:
    return (Answer(value, 0.0, Fit.ROUNDED, cause=cause) for cause in causes)


def _of_no_number(number: TypedNumber, data: Sequence[Candidate], causes: Sequence[Cause]) -> Iterator[Answer]:
    """What gives nan or infinity on the data: by its cause, then by its mistake; then the other causes.

    A mistake is left out where the loss would be no number without it either, unless mistakes alone give this one.
    """
    called = [one for one in data if one.rank <= Rank.MISTAKE and number.fit(one.value) is not Fit.NO]
    blamed = [one for one in called if not one.convention.mistake or is_to_blame(one.convention, one.batch)]
    groups: dict[object, list[Candidate]] = {}
    for candidate in blamed or called:
        caused = cause_of(candidate.value, candidate.convention, candidate.batch)
        groups.setdefault(caused or candidate.convention.went_wrong, []).append(candidate)
    for key, group in groups.items():
        cause = key if isinstance(key, Cause) else None
        yield Answer(number.value, 1.0, Fit.ROUNDED, candidates=tuple(group), cause=cause)
    yield from _caused(number.value, (cause for cause in causes if cause not in groups))


# Near, and not it.


def _near(number: TypedNumber, context: Context) -> Iterator[Origin]:
    """Known values within a few units of the last digit, or a fiftieth of the number, that do not fit."""
    reach = min(MISLEADING_UNITS * number.unit, MISLEADING_SHARE * abs(number.value))
    around = [
        origin
        for origin in _landmarks(context)
        if abs(origin.value - abs(number.value)) <= reach
        and number.fit(math.copysign(origin.value, number.value)) is Fit.NO
    ]
    nearest = sorted(around, key=lambda origin: abs(origin.value - abs(number.value)))[:MOST_NEAR]
    return (replace(one, value=math.copysign(one.value, number.value), negated=number.value < 0) for one in nearest)


def _landmarks(context: Context) -> Iterator[Origin]:
    """Values that a reader may think of."""
    sizes = [n for n in SIZES if is_common(n)] if context.classes is None else [context.classes]
    for n in sizes:
        yield Origin(Kind.HALF if n == 2 else Kind.UNIFORM, math.log(n), weight_of(n), n)
        if 1 < n <= FEW_CLASSES:
            yield Origin(Kind.DOUBLE_SOFTMAX_FLOOR, double_softmax_floor(n), weight_of(n), n)
    for ceiling in CEILINGS:
        yield Origin(Kind.CEILING, ceiling.value, ceiling.weight, ceiling=ceiling)
