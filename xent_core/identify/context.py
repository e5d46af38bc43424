"""What is known beside the number: all of it optional."""

from dataclasses import dataclass, fields
from enum import Enum, StrEnum, auto
from numbers import Integral

from xent_core.libraries.convention import Library

MOST = 1_000_000_000


class Precision(StrEnum):
    """What the loss was computed in."""

    FLOAT16 = "float16"
    BFLOAT16 = "bfloat16"
    FLOAT32 = "float32"
    FLOAT64 = "float64"


class Measure(Enum):
    """What a number in a log measures: a loss in nats, or something made of it."""

    NATS = auto()
    BITS = auto()
    BANS = auto()
    PERPLEXITY = auto()


class Moment(Enum):
    """When in training the number was printed."""

    UNKNOWN = auto()
    FIRST = auto()
    CONSTANT = auto()


@dataclass(frozen=True)
class Context:
    """What the reader, or the rest of the log, says about the number."""

    classes: int | None = None
    """n, or the size of the vocabulary."""
    batch: int | None = None
    """Examples in the batch; of contrastive losses the global one."""
    smoothing: float | None = None
    accumulation: int | None = None
    """Steps of gradient accumulation, or the number of devices."""
    precision: Precision | None = None
    library: Library | None = None
    accuracy: float | None = None
    measure: Measure = Measure.NATS
    moment: Moment = Moment.UNKNOWN
    zero_beside: bool = False
    """Whether another loss of the same log is exactly 0."""
    nan_beside: bool = False
    """Whether the gradient's norm beside it is nan or infinite."""

    def __post_init__(self) -> None:
        for name in ("classes", "batch", "accumulation"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, Integral) and 1 <= int(value) <= MOST):
                raise ValueError(f"{name} is {value!r}: expected an integer from 1 to {MOST:,}")
        if self.smoothing is not None and not 0 <= self.smoothing < 1:
            raise ValueError(f"smoothing is {self.smoothing!r}: expected a number from 0 to below 1")

    def with_what_is_missing_from(self, other: "Context") -> "Context":
        """What this context says, and where it says nothing what the other says."""
        usual = Context()
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        said = {name: value for name, value in own.items() if value != getattr(usual, name)}
        return Context(**{**{field.name: getattr(other, field.name) for field in fields(other)}, **said})


NOTHING = Context()
