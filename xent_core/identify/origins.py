"""What may give a number without any data: kinds of losses, what was done with them, and the constants behind them."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from fractions import Fraction

from xent_core.identify.context import Precision


class Kind(Enum):
    """What a loss is of."""

    HALF = auto()
    """Two outcomes that are equally likely: ln 2."""
    UNIFORM = auto()
    """n classes that are equally likely: ln n."""
    START = auto()
    """A network that was just initialised, or hardly learns: a little above ln n, or within noise of it."""
    TWO_HEADS = auto()
    """Two losses added up, each of equally likely classes: ln n + ln m."""
    BINARY_UNIFORM = auto()
    """The binary form, summed over n classes whose q is 1/n each."""
    DOUBLE_SOFTMAX_FLOOR = auto()
    DOUBLE_SOFTMAX_CEILING = auto()
    DOUBLE_SIGMOID_FLOOR = auto()
    """A sigmoid of a sigmoid, sure and right, on targets of 1."""
    DOUBLE_SIGMOID_BALANCED_FLOOR = auto()
    """The same, on as many targets of 0 as of 1."""
    DOUBLE_SIGMOID_START = auto()
    """A sigmoid of ½, on as many targets of 0 as of 1."""
    SMOOTHING_FLOOR = auto()
    """The entropy of (1 − a) p + a/n."""
    SMOOTHING_FLOOR_OTHERS = auto()
    """The entropy of 1 − a, and a/(n − 1) for each other class."""
    BINARY_SMOOTHING_FLOOR = auto()
    """The entropy of a/2 and 1 − a/2."""
    CEILING = auto()
    """Where a clip or the smallest number of a dtype stops the loss, for a share of the examples."""
    FLOOR = auto()
    """What a clip leaves of a prediction that is sure and right."""
    FOCAL = auto()
    """The focal loss of equally likely classes."""
    GRID = auto()
    """Any loss, rounded to the few numbers that half precision has there."""


class Change(Enum):
    """What was done with a loss before it was printed."""

    NONE = auto()
    BITS = auto()
    BANS = auto()
    PERPLEXITY = auto()
    SUMMED = auto()
    """`factor` losses were added up."""
    ACCUMULATED = auto()
    """Multiplied by the known number of accumulation steps or devices."""
    DIVIDED_BY_ACCUMULATION = auto()
    DIVIDED_BY_CLASSES = auto()
    DIVIDED_BY_BATCH = auto()
    DIVIDED_BY_BOTH = auto()
    TEMPERATURE = auto()
    """Multiplied by τ / τ₀ = 0.1 / 0.07, as SupCon's reference does."""


class Bound(Enum):
    """Whose constant stops the loss, or keeps it from 0."""

    KERAS = auto()
    TENSORFLOW_1 = auto()
    OLD_SCIKIT_LEARN = auto()
    SCIKIT_LEARN = auto()
    EPSILON32 = auto()
    BY_HAND = auto()
    TORCH_BCE = auto()
    OLD_TF_KERAS = auto()
    CAFFE = auto()
    SMALLEST = auto()
    KERAS_UPPER = auto()
    COMPAT_V1 = auto()
    OLD_TORCH_BCE = auto()
    JAX = auto()


@dataclass(frozen=True)
class Ceiling:
    """A loss that cannot be passed: −ln `bound`, or 100."""

    value: float
    sign: str
    """How it is written: −ln 1e-7."""
    whose: Bound
    weight: float
    code: str
    """The probability, or bound, in Python."""
    shared: bool = False
    """Whether the shares of a batch that are met by chance are tried too."""


def _clip(bound: float, written: str, whose: Bound, weight: float, *, shared: bool = False) -> Ceiling:
    return Ceiling(-math.log(bound), f"−ln {written}", whose, weight, written, shared)


def _epsilon(bits: int, dtype: str, whose: Bound, weight: float, *, shared: bool = False) -> Ceiling:
    bound, code = 2.0**-bits, f"float(np.finfo(np.{dtype}).eps)"
    return Ceiling(-math.log(bound), f"−ln {_two_digits(bound)}", whose, weight, code, shared)


def _smallest(power: int, weight: float, whose: Bound = Bound.SMALLEST, *, shared: bool = False) -> Ceiling:
    bound = 2.0**-power
    return Ceiling(-math.log(bound), f"−ln {_two_digits(bound)}", whose, weight, f"2.0**-{power}", shared)


def _two_digits(value: float) -> str:
    return f"{value:.3g}".replace("e-0", "e-")


CEILINGS = (
    _clip(1e-7, "1e-7", Bound.KERAS, 0.02, shared=True),
    _clip(1e-10, "1e-10", Bound.TENSORFLOW_1, 0.008, shared=True),
    _clip(1e-8, "1e-8", Bound.BY_HAND, 0.006, shared=True),
    _clip(1e-12, "1e-12", Bound.BY_HAND, 0.006, shared=True),
    _clip(1e-15, "1e-15", Bound.OLD_SCIKIT_LEARN, 0.006, shared=True),
    _epsilon(23, "float32", Bound.EPSILON32, 0.006, shared=True),
    _epsilon(52, "float64", Bound.SCIKIT_LEARN, 0.004, shared=True),
    _epsilon(10, "float16", Bound.SCIKIT_LEARN, 0.0003),
    _clip(1e-6, "1e-6", Bound.BY_HAND, 0.003),
    _clip(1e-5, "1e-5", Bound.BY_HAND, 0.002),
    _clip(1e-9, "1e-9", Bound.BY_HAND, 0.002),
    _clip(1e-4, "1e-4", Bound.BY_HAND, 0.001),
    _clip(1e-3, "1e-3", Bound.BY_HAND, 0.0005),
    _clip(1e-16, "1e-16", Bound.BY_HAND, 0.001),
    _clip(1e-20, "1e-20", Bound.BY_HAND, 0.001),
    _clip(1e-30, "1e-30", Bound.BY_HAND, 0.0005),
    _clip(1e-37, "1e-37", Bound.BY_HAND, 0.0003),
    Ceiling(100.0, "100", Bound.TORCH_BCE, 0.015, "np.exp(-100)", shared=True),
    Ceiling(-math.log(2e-7), "−ln 2e-7", Bound.OLD_TF_KERAS, 0.003, "2e-7"),
    Ceiling(-math.log(2.0**-23 + 1e-7), "−ln 2.19e-7", Bound.OLD_TF_KERAS, 0.003, "(2.0**-23 + 1e-7)"),
    _smallest(126, 0.006, Bound.CAFFE, shared=True),
    _smallest(149, 0.002),
    _smallest(14, 0.0003),
    _smallest(24, 0.0005),
    _smallest(1022, 0.001),
    _smallest(1074, 0.001),
)
"""Where losses stop, and how often one meets each."""


@dataclass(frozen=True)
class Floor:
    """What is left where every prediction is sure and right."""

    value: float
    sign: str
    whose: Bound
    weight: float
    code: str


FLOORS = (
    Floor(-math.log1p(-(2.0**-23)), "1.19e-7", Bound.KERAS_UPPER, 0.01, "-np.log(np.float32(1) - np.float32(1e-7))"),
    Floor(-math.log1p(-1e-7), "1e-7", Bound.KERAS, 0.005, "-np.log(1 - 1e-7)"),
    Floor(-math.log(1 - 1e-15), "9.99e-16", Bound.OLD_SCIKIT_LEARN, 0.003, "-np.log(1 - 1e-15)"),
    Floor(-math.log(1 - 2.0**-52), "2.22e-16", Bound.SCIKIT_LEARN, 0.003, "-np.log(1 - 2.0**-52)"),
    Floor(-math.log1p(-(2.0**-24)), "5.96e-8", Bound.JAX, 0.002, "-np.log(1 - 2.0**-24)"),
    Floor(-math.log1p(2.0**-23), "−1.19e-7", Bound.COMPAT_V1, 0.004, "-np.log(1 + 2.0**-23)"),
    Floor(-math.log(1 + 1e-12), "−1e-12", Bound.OLD_TORCH_BCE, 0.003, "-np.log(1 + 1e-12)"),
    Floor(-math.log1p(1e-10), "−1e-10", Bound.BY_HAND, 0.001, "-np.log(1 + 1e-10)"),
    Floor(-math.log1p(1e-8), "−1e-8", Bound.BY_HAND, 0.001, "-np.log(1 + 1e-8)"),
    Floor(-math.log1p(1e-7), "−1e-7", Bound.BY_HAND, 0.001, "-np.log(1 + 1e-7)"),
    Floor(-math.log1p(1e-6), "−1e-6", Bound.BY_HAND, 0.001, "-np.log(1 + 1e-6)"),
)
"""What is left of a loss of 0, by what is added or clipped."""


@dataclass(frozen=True)
class Origin:
    """Something that gives one value, and how often one meets it."""

    kind: Kind
    value: float
    weight: float
    """The prior: how many of the numbers that are looked up are this one."""
    classes: int = 0
    others: int = 0
    """The classes of the second head."""
    change: Change = Change.NONE
    factor: float = 1.0
    """What the loss was multiplied or divided by."""
    negated: bool = False
    smoothing: float = 0.0
    gamma: float = 0.0
    alpha: float = 1.0
    share: Fraction = field(default=Fraction(1))
    """The share of the examples that are at the ceiling; the others cost almost nothing."""
    ceiling: Ceiling | None = None
    floor: Floor | None = None
    rounded_to: Precision | None = None

    @property
    def nats(self) -> float:
        """The loss before it was changed, negated or rounded."""
        return _NATS[self.kind](self)


def binary_uniform(n: int) -> float:
    """It is ln n + (n − 1) ln(n / (n − 1)): the binary form, summed, where each of n classes has q = 1/n."""
    return math.log(n) + (n - 1) * math.log(n / (n - 1)) if n > 1 else 0.0


def double_softmax_floor(n: int) -> float:
    """ln(1 + (n − 1)/e): softmax of a softmax that is sure and right."""
    return math.log1p((n - 1) / math.e)


def double_softmax_ceiling(n: int) -> float:
    """ln(e + n − 1): softmax of a softmax that is sure and wrong."""
    return math.log(math.e + n - 1)


def softplus(x: float) -> float:
    """ln(1 + eˣ)."""
    return math.log1p(math.exp(x))


def smoothing_floor(n: int, a: float) -> float:
    """The entropy of (1 − a) p + a/n, for a one-hot p."""
    return _entropy_of(1 - a + a / n, a / n, n - 1)


def smoothing_floor_of_others(n: int, a: float) -> float:
    """The entropy of 1 − a at the label, and a/(n − 1) at each other class."""
    return _entropy_of(1 - a, a / (n - 1), n - 1) if n > 1 else 0.0


def binary_smoothing_floor(a: float) -> float:
    """The entropy of a/2 and 1 − a/2."""
    return _entropy_of(1 - a / 2, a / 2, 1)


def _entropy_of(top: float, rest: float, count: int) -> float:
    return -sum(times * q * math.log(q) for times, q in ((1, top), (count, rest)) if q > 0)


def focal(n: int, gamma: float, alpha: float) -> float:
    """−α (1 − q)^γ ln q at q = 1/n."""
    return alpha * (1 - 1 / n) ** gamma * math.log(n)


_NATS: dict[Kind, Callable[[Origin], float]] = {
    Kind.HALF: lambda o: math.log(2),
    Kind.UNIFORM: lambda o: math.log(o.classes),
    Kind.START: lambda o: math.log(o.classes),
    Kind.TWO_HEADS: lambda o: math.log(o.classes) + math.log(o.others),
    Kind.BINARY_UNIFORM: lambda o: binary_uniform(o.classes),
    Kind.DOUBLE_SOFTMAX_FLOOR: lambda o: double_softmax_floor(o.classes),
    Kind.DOUBLE_SOFTMAX_CEILING: lambda o: double_softmax_ceiling(o.classes),
    Kind.DOUBLE_SIGMOID_FLOOR: lambda o: softplus(-1),
    Kind.DOUBLE_SIGMOID_BALANCED_FLOOR: lambda o: (softplus(-1) + softplus(0)) / 2,
    Kind.DOUBLE_SIGMOID_START: lambda o: (softplus(-0.5) + softplus(0.5)) / 2,
    Kind.SMOOTHING_FLOOR: lambda o: smoothing_floor(o.classes, o.smoothing),
    Kind.SMOOTHING_FLOOR_OTHERS: lambda o: smoothing_floor_of_others(o.classes, o.smoothing),
    Kind.BINARY_SMOOTHING_FLOOR: lambda o: binary_smoothing_floor(o.smoothing),
    Kind.CEILING: lambda o: float(o.share) * o.ceiling.value if o.ceiling else math.nan,
    Kind.FLOOR: lambda o: o.floor.value if o.floor else math.nan,
    Kind.FOCAL: lambda o: focal(o.classes, o.gamma, o.alpha),
    Kind.GRID: lambda o: o.value,
}
