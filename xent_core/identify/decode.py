"""From a number without data to everything that gives it, each with its prior weight."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from xent_core.identify.context import MOST, Context, Measure, Moment, Precision
from xent_core.identify.number import TypedNumber
from xent_core.identify.origins import (
    CEILINGS,
    FLOORS,
    Bound,
    Change,
    Kind,
    Origin,
    binary_uniform,
    double_softmax_ceiling,
    double_softmax_floor,
    focal,
    smoothing_floor,
    smoothing_floor_of_others,
)
from xent_core.identify.sizes import ANY_SIZE, FEW_CLASSES, OF_A_CONTRASTIVE_BATCH, SELDOM, SIZES, is_common, weight_of

KNOWN_SIZE = 0.3
"""The weight of the number of classes that the reader gives; all others then count a fiftieth of what they do."""
OTHER_THAN_KNOWN = 0.02
OF_BATCH = 0.01
"""The weight of as many candidates as a contrastive loss finds in the batch: B, as in CLIP, or 2B − 1, as in SimCLR."""
MOST_SIZES = 40
"""Where the digits leave more whole numbers open, only the common ones are tried."""
LARGEST_LOG = math.log(1e9)
MOST_SMOOTHED = 300_000
MOST_AROUND = 3000

TERMS = MappingProxyType(
    {2: 0.2, 4: 0.15, 8: 0.15, 16: 0.1, 32: 0.1, 64: 0.08, 128: 0.05, 256: 0.03, 512: 0.02, 1024: 0.02}
    | {784: 0.03, 3072: 0.01}
    | {3: 0.03, 5: 0.02, 6: 0.02, 10: 0.05, 12: 0.01, 20: 0.01, 50: 0.01, 100: 0.02}
)
"""How many losses one adds up, and how often: 784 and 3,072 are the pixels of MNIST and CIFAR."""
SMOOTHINGS = MappingProxyType({0.1: 0.1, 0.05: 0.02, 0.2: 0.02, 0.01: 0.01, 0.15: 0.005, 0.3: 0.005})
GAMMAS = MappingProxyType(
    {(2.0, 1.0): 0.05, (2.0, 0.25): 0.02, (1.0, 1.0): 0.005, (3.0, 1.0): 0.005, (5.0, 1.0): 0.005}
)
SECOND_HEADS = (30_522, 28_996, 30_000, 21_128, 119_547)
"""Vocabularies of models that also say whether two sentences follow each other, as BERT does."""
FEW_PARTS = 0.01
"""The weight from which on a share is one of few parts, as 3/4."""
MOST_PARTS = 100
"""Up to so many classes any number of them may be at a ceiling."""
DOUBLE_SOFTMAX = 0.4
"""How often one meets the floor of double softmax, for each ln n."""
TWO_HALVES = 0.002
"""2 ln 2: what a GAN's discriminator costs that tells nothing apart."""
SHARE_OF = MappingProxyType(
    {2: 0.1, 10: 0.03, 4: 0.02, 3: 0.02, 5: 0.02, 6: 0.01, 7: 0.01, 8: 0.01, 9: 0.01}
    | {20: 0.003, 16: 0.003, 32: 0.002, 100: 0.002, 64: 0.0007}
)
"""Batches and numbers of classes of which a share may be at a ceiling."""
ALL_BUT_ONE_CLASS = MappingProxyType({10: 0.15, 2: 0.1, 3: 0.05, 4: 0.05, 5: 0.05, 100: 0.05, 1000: 0.03})
"""Shares (n − 1)/n: every example but those of the one class that is always predicted."""

ABOVE, NOISE = 0.07, 0.0015
"""How far above ln n a fresh network starts, and the noise of a batch around it, on average."""
FARTHEST_ABOVE, FARTHEST_NOISE = 0.25, 0.006
STARTS = 0.3
"""How often one meets a loss near ln n, for each that is ln n to the digit."""
TEMPERATURES = 10 / 7
WRITTEN_OUT = (Bound.BY_HAND, Bound.TENSORFLOW_1)
"""Whose clips stand in formulas that may take any logarithm: a library's own loss is in nats."""
LEAST_ON_A_GRID = 4.0
"""Below it too many numbers of four decimals are bfloat16's."""


@dataclass(frozen=True)
class _Search:
    """What is known, and how far sizes that are not common are tried."""

    context: Context
    most: int = MOST_SIZES
    """Where an interval holds more whole numbers than this, only the common ones are tried."""
    largest: float = math.inf
    """The largest size that is tried though it is not common."""


@dataclass(frozen=True)
class _Scale:
    """What was done to a loss in nats: value = factor · nats, or e^nats."""

    change: Change
    factor: float
    weight: float
    exponential: bool = False

    def nats(self, value: float) -> float:
        if self.exponential:
            return math.log(value) if value > 0 else math.nan if math.isnan(value) else -math.inf
        return value / self.factor

    def of(self, nats: float) -> float:
        return math.exp(nats) if self.exponential else nats * self.factor


PLAIN = _Scale(Change.NONE, 1.0, 1.0)
IN_BITS = _Scale(Change.BITS, 1 / math.log(2), 0.05)
IN_BANS = _Scale(Change.BANS, 1 / math.log(10), 0.03)
AS_PERPLEXITY = _Scale(Change.PERPLEXITY, 1.0, 0.03, exponential=True)
OF_MEASURE = MappingProxyType(
    {
        Measure.NATS: PLAIN,
        Measure.BITS: replace(IN_BITS, weight=1.0),
        Measure.BANS: replace(IN_BANS, weight=1.0),
        Measure.PERPLEXITY: replace(AS_PERPLEXITY, weight=1.0),
    }
)


def decode(number: TypedNumber, context: Context) -> list[Origin]:
    """Everything known that prints as this number, in no order; `weight` is how often one meets it.

    Of a loss just above ln n, which is no exact value, the weight is that of a number as wide as the digits typed.

    >>> from xent_core.identify.context import NOTHING
    >>> from xent_core.identify.number import read_number
    >>> best = max(decode(read_number("14.5063"), NOTHING), key=lambda origin: origin.weight)
    >>> best.kind.name, best.share
    ('CEILING', Fraction(9, 10))
    """
    low, high = number.reach
    search = _Search(context)
    found = [*_exact(low, high, search), *_near(number, context)]
    if high < 0:
        turned = TypedNumber(number.text, -number.value, -number.high, -number.low, number.unit)
        found += [
            replace(one, value=-one.value, negated=True, weight=0.3 * one.weight)
            for one in (*_exact(-high, -low, search), *_near(turned, context))
            if one.kind is not Kind.FLOOR
        ]
    return found


def around(value: float, reach: float, least: float, context: Context) -> list[Origin]:
    """The exact values within `reach` of a value that one meets as often as `least`, or more often."""
    search = _Search(context, most=MOST_AROUND, largest=ANY_SIZE / least)
    return [one for one in _exact(abs(value) - reach, abs(value) + reach, search) if one.weight >= least]


def _exact(low: float, high: float, search: _Search) -> Iterator[Origin]:
    """The origins between two values: of losses as they are, and of what is made of them."""
    context = search.context
    for scale in (OF_MEASURE[context.measure], *_usual_changes(context), *_changes_of(context)):
        yield from _scaled(low, high, scale, search)


def _near(number: TypedNumber, context: Context) -> Iterator[Origin]:
    """What is rounded to few digits, or near ln n."""
    if context.measure is Measure.NATS:
        yield from _rounded(*number.reach, context)
        yield from _on_a_grid(number, context)
    yield from _starts(number, context)


def _usual_changes(context: Context) -> Iterator[_Scale]:
    if context.measure is Measure.NATS:
        yield from (IN_BITS, IN_BANS, AS_PERPLEXITY)
        for count, weight in TERMS.items():
            yield _Scale(Change.SUMMED, count, 0.05 * weight)
        yield _Scale(Change.TEMPERATURE, TEMPERATURES, 0.05)


def _changes_of(context: Context) -> Iterator[_Scale]:
    """What may have been done with the batch and the accumulation steps that are known."""
    if context.accumulation and context.accumulation > 1:
        yield _Scale(Change.ACCUMULATED, context.accumulation, 0.3)
        yield _Scale(Change.DIVIDED_BY_ACCUMULATION, 1 / context.accumulation, 0.2)
    if context.batch and context.batch > 1:
        yield _Scale(Change.SUMMED, context.batch, 0.4)
        yield _Scale(Change.DIVIDED_BY_BATCH, 1 / context.batch, 0.1)
        if context.classes and context.classes > 1:
            yield _Scale(Change.DIVIDED_BY_BOTH, 1 / (context.batch * context.classes), 0.1)
    if context.classes and context.classes > FEW_CLASSES:
        yield _Scale(Change.DIVIDED_BY_CLASSES, 1 / context.classes, 0.05)


def _scaled(low: float, high: float, scale: _Scale, search: _Search) -> Iterator[Origin]:
    """The origins in nats whose changed value lies between two values."""
    first, last = scale.nats(low), scale.nats(high)
    if not first <= last or last <= -1e-5:
        return
    is_own = scale.weight == 1
    for origin in _origins(first, last, search, usual_only=not is_own):
        if scale is PLAIN:
            yield origin  # as it is: copies would take half of the time
            continue
        if scale.change is Change.TEMPERATURE and origin.classes not in OF_A_CONTRASTIVE_BATCH:
            continue
        in_other_base = not is_own and scale.change in (Change.BITS, Change.BANS)
        if in_other_base and origin.ceiling and origin.ceiling.whose not in WRITTEN_OUT:
            continue
        weight = scale.weight * origin.weight
        if scale.change is Change.SUMMED and scale.factor == 2 and origin.kind is Kind.HALF:
            weight = TWO_HALVES
        yield replace(origin, value=scale.of(origin.value), change=scale.change, factor=scale.factor, weight=weight)
    if is_own and not scale.exponential:
        yield from _divided_by_classes(low, high, scale, search)


def _origins(low: float, high: float, search: _Search, *, usual_only: bool) -> Iterator[Origin]:
    """Losses in nats between two values."""
    yield from _uniform(low, high, search, usual_only=usual_only)
    yield from _ceilings(low, high, search, usual_only=usual_only)
    if usual_only:
        return
    yield from _two_heads(low, high, search)
    yield from _double_softmax(low, high, search)
    yield from _by_table(low, high, search)
    yield from _without_classes(low, high)


def _weight(n: int, context: Context) -> float:
    """How often one meets n classes, where n may be known."""
    if context.accuracy is not None and n in (sizes := _sizes_of_chance(context.accuracy)):
        return KNOWN_SIZE * weight_of(n) / max(map(weight_of, sizes))
    if context.classes is None:
        of_batch = context.batch and n in (context.batch, 2 * context.batch - 1)
        return max(weight_of(n), OF_BATCH if of_batch else 0.0)
    return KNOWN_SIZE if n == context.classes else OTHER_THAN_KNOWN * weight_of(n)


@lru_cache(maxsize=256)
def _sizes_of_chance(accuracy: float) -> frozenset[int]:
    """The common sizes n of which a network that knows nothing, right once in n, has this accuracy."""
    return frozenset(n for n in SIZES if abs(accuracy * n - 1) < 0.02)


def _sizes(low: float, high: float, search: _Search, *, usual_only: bool = False) -> Iterator[int]:
    """The whole numbers from 2 on in an interval: all, or the common ones if they are many."""
    first, last = max(2, math.ceil(low - 1e-9)), math.floor(high + 1e-9)
    largest = min(last, math.floor(min(search.largest, MOST)))
    if largest - first < search.most and not usual_only:
        yield from range(first, largest + 1)
        yield from (n for n in SIZES if max(first, largest + 1) <= n <= last)
        return
    yield from (n for n in SIZES if first <= n <= last)
    if search.context.classes and search.context.classes not in SIZES and first <= search.context.classes <= last:
        yield search.context.classes


def _uniform(low: float, high: float, search: _Search, *, usual_only: bool) -> Iterator[Origin]:
    if low > LARGEST_LOG:
        return
    for n in _sizes(math.exp(low), math.exp(min(high, LARGEST_LOG)), search, usual_only=usual_only):
        kind = Kind.HALF if n == 2 else Kind.UNIFORM
        yield Origin(kind, math.log(n), _weight(n, search.context), classes=n)


def _two_heads(low: float, high: float, search: _Search) -> Iterator[Origin]:
    for n in SECOND_HEADS:
        if low <= math.log(2 * n) <= high:
            often = SELDOM if n == SECOND_HEADS[0] else SELDOM / 3
            yield Origin(Kind.TWO_HEADS, math.log(2 * n), often, classes=n, others=2)
    if search.context.classes and search.context.classes > 1 and low <= LARGEST_LOG:
        others = (math.exp(low) / search.context.classes, math.exp(min(high, LARGEST_LOG)) / search.context.classes)
        for n in _sizes(*others, search):
            value = math.log(search.context.classes) + math.log(n)
            yield Origin(Kind.TWO_HEADS, value, 0.001 * weight_of(n), classes=search.context.classes, others=n)


def _double_softmax(low: float, high: float, search: _Search) -> Iterator[Origin]:
    if low > LARGEST_LOG or high <= 0:
        return
    low, high = max(low, 0.0), min(high, LARGEST_LOG)
    for n in _sizes(1 + math.e * math.expm1(low), 1 + math.e * math.expm1(high), search):
        weight = DOUBLE_SOFTMAX * _weight(n, search.context)
        yield Origin(Kind.DOUBLE_SOFTMAX_FLOOR, double_softmax_floor(n), weight, classes=n)
    for n in _sizes(math.exp(low) + 1 - math.e, min(math.exp(high), FEW_CLASSES) + 1 - math.e, search):
        weight = 0.02 * _weight(n, search.context)
        yield Origin(Kind.DOUBLE_SOFTMAX_CEILING, double_softmax_ceiling(n), weight, classes=n)


@dataclass(frozen=True)
class _Family:
    """Losses of n classes that have no inverse in n: tabled."""

    kind: Kind
    weight: float
    smoothing: float = 0.0
    gamma: float = 0.0
    alpha: float = 1.0
    most: int = FEW_CLASSES
    """The largest n that is tried unasked."""

    def of(self, n: int) -> float:
        match self.kind:
            case Kind.SMOOTHING_FLOOR:
                return smoothing_floor(n, self.smoothing)
            case Kind.SMOOTHING_FLOOR_OTHERS:
                return smoothing_floor_of_others(n, self.smoothing)
            case Kind.FOCAL:
                return focal(n, self.gamma, self.alpha)
            case _:
                return binary_uniform(n)


def _families(context: Context) -> Iterator[_Family]:
    smoothings = dict(SMOOTHINGS) if context.smoothing is None else {context.smoothing: 0.5}
    for a, weight in smoothings.items():
        if a > 0:
            yield _Family(Kind.SMOOTHING_FLOOR, weight, smoothing=a, most=MOST_SMOOTHED)
            yield _Family(Kind.SMOOTHING_FLOOR_OTHERS, 0.3 * weight, smoothing=a, most=MOST_SMOOTHED)
    for (gamma, alpha), weight in GAMMAS.items():
        yield _Family(Kind.FOCAL, weight, gamma=gamma, alpha=alpha)
    yield _Family(Kind.BINARY_UNIFORM, 0.1)


TABLED = np.array(sorted({*range(2, FEW_CLASSES + 1), *SIZES}))


@cache
def _table(family: _Family) -> NDArray[np.float64]:
    return np.array([family.of(n) for n in TABLED.tolist()])


def _by_table(low: float, high: float, search: _Search) -> Iterator[Origin]:
    """What is told by a table of the sizes up to 1000 and the common ones; and by the size that is known."""
    for family in _families(search.context):
        values = _table(family)
        within = (values >= low) & (values <= high) & (family.most >= TABLED)
        fitting = dict(zip(TABLED[within].tolist(), values[within].tolist(), strict=True))
        own = search.context.classes
        if own and own > 1 and low <= family.of(own) <= high:
            fitting[own] = family.of(own)
        all_are_told = len(fitting) < search.most
        for n, value in fitting.items():
            if all_are_told or n in SIZES:
                weight = family.weight * _weight(n, search.context) * (0.3 if n == 2 else 1)
                yield Origin(
                    family.kind, value, weight, n, smoothing=family.smoothing, gamma=family.gamma, alpha=family.alpha
                )


def _divided_by_classes(low: float, high: float, scale: _Scale, search: _Search) -> Iterator[Origin]:
    """The loss ln n / n, and the binary form averaged over n entries, for few classes."""
    first, last = scale.nats(low), scale.nats(high)
    for kind, of, weight in ((Kind.UNIFORM, math.log, 0.05), (Kind.BINARY_UNIFORM, binary_uniform, 0.1)):
        values = _table_of_means(of)
        for n in TABLED[: len(values)][(values >= first) & (values <= last)].tolist()[: search.most]:
            if n > 2:
                weighed = weight * _weight(n, search.context)
                value = scale.of(of(n) / n)
                yield Origin(kind, value, weighed, n, change=Change.DIVIDED_BY_CLASSES, factor=1 / n)


@cache
def _table_of_means(of: Callable[[int], float]) -> NDArray[np.float64]:
    return np.array([of(n) / n for n in range(2, FEW_CLASSES + 1)])


def _without_classes(low: float, high: float) -> Iterator[Origin]:
    for origin in _constants():
        if low <= origin.value <= high:
            yield origin


@cache
def _constants() -> tuple[Origin, ...]:
    """Losses that no number of classes changes, but ceilings."""
    kinds = (
        (Kind.DOUBLE_SIGMOID_FLOOR, 0.002),
        (Kind.DOUBLE_SIGMOID_BALANCED_FLOOR, 0.002),
        (Kind.DOUBLE_SIGMOID_START, 0.003),
    )
    plain = [Origin(kind, 0.0, weight) for kind, weight in kinds]
    smoothed = [
        Origin(Kind.BINARY_SMOOTHING_FLOOR, 0.0, 0.03 * weight, smoothing=a) for a, weight in SMOOTHINGS.items()
    ]
    floors = [Origin(Kind.FLOOR, 0.0, floor.weight, floor=floor) for floor in FLOORS]
    return tuple(replace(origin, value=origin.nats) for origin in (*plain, *smoothed, *floors))


# Ceilings, and shares of them.


@cache
def _shares() -> tuple[NDArray[np.float64], tuple[tuple[Fraction, float], ...]]:
    """Shares of a batch below 1, and how often one meets them."""
    weights: dict[Fraction, float] = {}
    for whole, weight in SHARE_OF.items():
        for count in range(1, whole):
            share = Fraction(count, whole)
            weights[share] = max(weight, weights.get(share, 0.0))
    for n, weight in ALL_BUT_ONE_CLASS.items():
        weights[Fraction(n - 1, n)] = weight
    return np.array([float(share) for share in weights]), tuple(weights.items())


def _ceilings(low: float, high: float, search: _Search, *, usual_only: bool) -> Iterator[Origin]:
    if high <= 0:
        return
    for ceiling in CEILINGS:
        if low <= ceiling.value <= high:
            yield Origin(Kind.CEILING, ceiling.value, ceiling.weight, ceiling=ceiling)
        if usual_only or low >= ceiling.value:
            continue
        of_batch = dict(_shares_of(low / ceiling.value, high / ceiling.value, search.context))
        if ceiling.shared:
            values, weighed = _shares()
            within = np.flatnonzero((values >= low / ceiling.value) & (values <= high / ceiling.value)).tolist()
            for share, weight in (weighed[i] for i in within):
                usual = ceiling.whose is Bound.KERAS or (ceiling.whose is Bound.TORCH_BCE and weight >= FEW_PARTS)
                often = 1.0 if usual else 0.3
                of_batch[share] = max(often * weight, of_batch.get(share, 0.0))
        for share, weight in of_batch.items():
            value = float(share) * ceiling.value
            yield Origin(Kind.CEILING, value, weight * ceiling.weight, ceiling=ceiling, share=share)


def _shares_of(low: float, high: float, context: Context) -> Iterator[tuple[Fraction, float]]:
    """The shares that the batch, the classes or the accuracy make likely."""
    for whole, weight in ((context.batch, 0.2), (context.classes, 0.02)):
        if whole and (whole == context.batch or whole <= MOST_PARTS):
            first, last = max(1, math.ceil(low * whole - 1e-9)), min(whole - 1, math.floor(high * whole + 1e-9))
            if last - first < MOST_SIZES:
                yield from ((Fraction(count, whole), weight) for count in range(first, last + 1))
    if context.classes and context.classes > 1 and low <= 1 - 1 / context.classes <= high:
        yield Fraction(context.classes - 1, context.classes), 0.3
    if context.accuracy is not None and context.accuracy < 1:
        share = _simplest(max(low, 0.0), min(high, 1.0))
        if share and abs(share - (1 - context.accuracy)) < min(0.006, 0.0005 + context.accuracy / 10):
            yield share, 0.3


def _simplest(low: float, high: float) -> Fraction | None:
    """The fraction of the smallest denominator up to 1000 in an interval."""
    for whole in range(1, 1001):
        count = math.ceil(low * whole - 1e-9)
        if count <= high * whole + 1e-9:
            return Fraction(count, whole)
    return None


# What is rounded, or near.


def _rounded(low: float, high: float, context: Context) -> Iterator[Origin]:
    """The usual losses as float16 and bfloat16 hold them."""
    if high <= 0 or (high - low > 4e-4 * high and context.precision not in (Precision.FLOAT16, Precision.BFLOAT16)):
        return
    usual, values = _usual()
    for precision, rounded, weight in (
        (Precision.FLOAT16, values[0], 0.002),
        (Precision.BFLOAT16, values[1], 0.002),
    ):
        said = context.precision is precision
        if context.precision is not None and not said:
            continue
        for i in np.flatnonzero((rounded >= low) & (rounded <= high)).tolist():
            origin = usual[i]
            same = precision is Precision.FLOAT16 and context.precision is None and rounded[i] == values[1][i]
            if not (low <= origin.value <= high or same):
                known = _weight(origin.classes, context) / weight_of(origin.classes) if origin.classes else 1.0
                weighed = origin.weight * known * (0.3 if said else weight)
                yield replace(origin, value=float(rounded[i]), weight=weighed, rounded_to=precision)


@cache
def _usual() -> tuple[tuple[Origin, ...], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Usual losses, and what float16 and bfloat16 make of them."""
    found: list[Origin] = []
    for n in filter(is_common, SIZES):
        kind = Kind.HALF if n == 2 else Kind.UNIFORM
        found.append(Origin(kind, math.log(n), weight_of(n), classes=n))
        if n <= FEW_CLASSES:
            floor = double_softmax_floor(n)
            found.append(Origin(Kind.DOUBLE_SOFTMAX_FLOOR, floor, DOUBLE_SOFTMAX * weight_of(n), classes=n))
    found += [Origin(Kind.CEILING, one.value, one.weight, ceiling=one) for one in CEILINGS if one.weight >= 0.004]
    values = np.array([origin.value for origin in found])
    return tuple(found), (values.astype(np.float16).astype(float), np.array([_bfloat16(v) for v in values]))


def _bfloat16(value: float) -> float:
    """The nearest number with 8 binary digits."""
    mantissa, exponent = math.frexp(value)
    return math.ldexp(round(mantissa * 256), exponent - 8)


def _on_a_grid(number: TypedNumber, context: Context) -> Iterator[Origin]:
    """A number that bfloat16 holds, typed with more digits than it has."""
    value = number.value
    least = 0.5 if context.precision else LEAST_ON_A_GRID
    if not least <= value < 256 or context.precision not in (None, Precision.BFLOAT16):
        return
    step = math.ldexp(1.0, math.frexp(value)[1] - 8)
    nearest = _bfloat16(value)
    if number.unit <= step / 8 and abs(nearest - value) <= number.unit / 2 * (1 + 1e-9):
        weight = (0.3 if context.precision else 0.02) * density(value) * step
        yield Origin(Kind.GRID, nearest, weight, rounded_to=Precision.BFLOAT16, factor=step)


def density(value: float) -> float:
    """How densely losses in logs lie, for want of better: as 1/x, over some ten powers of e."""
    return 1 / (10 * max(abs(value), 1e-4))


def _starts(number: TypedNumber, context: Context) -> Iterator[Origin]:
    """Losses near ln n, where training starts, or stays."""
    scales = [OF_MEASURE[context.measure]]
    scales += [scale for scale in _changes_of(context) if scale.change is Change.ACCUMULATED]
    for scale in scales:
        low, nats, high = (scale.nats(value) for value in (number.low, number.value, number.high))
        if not 0 < nats < LARGEST_LOG:
            continue
        for n in _starting_sizes(nats, context):
            distance = nats - math.log(n)
            likely = _how_near(distance, n, context) * STARTS * _weight(n, context) * scale.weight
            if likely > 0 and math.isfinite(low):
                kind = Kind.START
                yield Origin(
                    kind, scale.of(math.log(n)), likely * (high - low), n, change=scale.change, factor=scale.factor
                )


def _starting_sizes(nats: float, context: Context) -> Iterable[int]:
    if context.classes:
        return (context.classes,) if context.classes > 1 else ()
    return (n for n in SIZES if is_common(n) and -FARTHEST_NOISE <= nats - math.log(n) <= FARTHEST_ABOVE)


def _how_near(distance: float, n: int, context: Context) -> float:
    """The density of losses this far above ln n."""
    density = 0.6 * math.exp(-abs(distance) / NOISE) / (2 * NOISE) if abs(distance) <= FARTHEST_NOISE else 0.0
    settled = context.moment is Moment.CONSTANT
    if 0 <= distance <= FARTHEST_ABOVE and not settled and (n >= 10 or context.classes == n):
        density += 0.4 * math.exp(-distance / ABOVE) / ABOVE
    return density * (5.0 if context.moment is Moment.FIRST else 1.0)
