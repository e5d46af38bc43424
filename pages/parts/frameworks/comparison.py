"""One input through every library's loss: where the input comes from, and one line for each call.

Nothing here knows the screen.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from pages.parts.batch import batch
from pages.parts.drawing.numbers import shown
from pages.parts.stage.example import Example
from xent_core import softmax_cross_entropy_gradient
from xent_core.conventions import CONVENTIONS, NEWEST, RELEASES, Batch, Comparison, Convention, as_batch, compare
from xent_core.libraries.convention import Library, Version
from xent_core.libraries.words import NEEDS, TASKS, numbered

ENTRIES = 32_000  # of a large batch, so that all calls together take about 0.2 s
ROWS_TOLD, CLASSES_TOLD = 2, 6
BY_LIBRARY: Mapping[Library, tuple[Convention, ...]] = MappingProxyType(
    {
        library: tuple(convention for convention in CONVENTIONS.values() if convention.library == library)
        for library in (*(one for one in Library if one is not Library.BY_HAND), Library.BY_HAND)
    }
)
"""The calls of each library; what is written by hand, mistakes most of it, stands last."""
OLDER: Mapping[str, tuple[Library, Version, str]] = MappingProxyType(
    {
        f"{library.name}-{k}": (
            library,
            changes[k - 1] if k else (0,),
            f"{library} {f'{numbered(changes[k - 1])} to ' if k else ''}before {numbered(changes[k])}",
        )
        for library, changes in RELEASES.items()
        for k in range(len(changes))
    }
)
"""Releases of a library that are asked in place of its newest: by name the library, one such release, and words."""
FILTERS = {
    "libraries": {library.name: library for library in BY_LIBRARY},
    "tasks": {task.name: words for task, words in TASKS.items()},
    "releases": {name: words for name, (_, _, words) in OLDER.items()},
}
"""What the page's search can be narrowed to: ids and words."""
GRADIENTS_AGREE = 4e-3  # of 1/m: what rounding in float16 can make of equal gradients; a wrong one is further off


@dataclass(frozen=True, eq=False)
class Given:
    """What every call is given; `rows` counts those of the whole batch, of which these are the first."""

    batch: Batch
    sign: str
    """How formulas name the predictions."""
    rows: int

    @property
    def logits(self) -> NDArray[np.floating] | None:
        """The predictions as logits; None where probabilities that do not sum to 1 have none."""
        if self.batch.kind == "probabilities" and not np.allclose(self.batch.predictions.sum(axis=1), 1):
            return None
        return batch.logits_of(batch.ReadyBatch(self.batch.predictions, self.batch.targets, self.batch.kind))


@dataclass(frozen=True)
class Line:
    """One call on the input. Of its gradient the first rows and classes are kept, and of `due` too.

    `due` is the plain cross-entropy's gradient where this one is another though the losses are equal, else None.
    """

    convention: Convention
    loss: float
    difference: float
    why: str
    gradient: NDArray[np.floating] | None
    gradient_status: str
    due: NDArray[np.floating] | None

    @property
    def differs(self) -> bool:
        """Whether loss or gradient is not the plain cross-entropy's."""
        return self.difference != 0 or self.due is not None or self.gradient_status == "nan"


# Where the input comes from.


def of_example(example: Example) -> Given:
    """The example in the precision chosen, its logits divided by T; in float64 where they would overflow."""
    logits = example.rounded_logits
    with np.errstate(over="ignore"):
        divided = logits / logits.dtype.type(example.temperature)
    if not (divided < np.inf).all() or not (divided > -np.inf).any():
        divided = np.array(example.logits) / example.temperature
    sign = "z" if example.temperature == 1 else "z/T"
    return Given(as_batch(divided, example.targets), sign, 1)


def of_batch(whole: batch.ReadyBatch) -> Given:
    """The batch, or its first rows if it is large."""
    rows, classes = whole.matrix.shape
    part = whole.take(slice(max(1, ENTRIES // classes)))
    sign = "z" if whole.kind == "logits" else "q"
    return Given(as_batch(part.matrix, part.distributions(), whole.kind), sign, rows)


def _probabilities(*rows: Sequence[float], targets: Sequence[Sequence[float]]) -> Given:
    return Given(as_batch(rows, targets, "probabilities"), "q", len(rows))


def _logits(*rows: Sequence[float], targets: Sequence[Sequence[float]]) -> Given:
    return Given(as_batch(rows, targets), "z", len(rows))


@dataclass(frozen=True)
class Preset:
    """An input on which the libraries part, what it is called, and what to look for."""

    name: str
    given: Given
    look: str


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "zero": Preset(
            "A zero",
            _probabilities((1, 0, 0), targets=[(0, 0, 1)]),
            "One log 0, many answers: ∞, nan, ceilings of 16.12, 23.03 and 36.04, and PyTorch’s 100 for each wrong "
            "entry (200/3). Whose gradient is exactly 0?",
        ),
        "sum": Preset(
            "Sum 0.97",
            _probabilities((0.5, 0.2, 0.27), targets=[(1, 0, 0)]),
            "Some calls divide by the sum first and return 0.6627; others take 0.5 as it stands and return 0.6931.",
        ),
        "soft": Preset(
            "Soft targets",
            _logits((2, 1, 0.1), targets=[(0.7, 0.2, 0.1)]),
            "The KL divergences are less by H(p) = 0.8018. Calls that take labels drop out.",
        ),
        "multi-hot": Preset(
            "Multi-hot",
            _logits((2, 1, 0.1), targets=[(1, 1, 0)]),
            "TensorFlow and Keras return the same loss as PyTorch, with another gradient: q − p, not 2q − p.",
        ),
        "large": Preset(
            "Logits ±50",
            _logits((-50, 50, 0), (-50, 0, 50), targets=[(0, 1, 0), (1, 0, 0)]),
            "Row 2 is sure and wrong and costs 100. Where it is clipped it costs less, and its gradient is exactly 0.",
        ),
    }
)


# What the calls return.


def lines(given: Given) -> list[Line]:
    """One line for each call that the input fits, in the order of the conventions."""
    due = None
    predictions, targets = given.batch.predictions, given.batch.targets
    if given.batch.kind == "logits":
        due = softmax_cross_entropy_gradient(predictions, targets) / len(predictions)
    return [
        _line(comparison, due) for comparison in compare(predictions, targets, given.batch.kind, CONVENTIONS.values())
    ]


def _line(comparison: Comparison, due: NDArray[np.floating] | None) -> Line:
    gradient = comparison.gradient
    other = comparison.difference == 0 and gradient is not None and due is not None and not _agree(gradient, due)
    return Line(
        comparison.convention,
        comparison.loss,
        comparison.difference,
        comparison.why,
        None if gradient is None else _corner(gradient),
        comparison.gradient_status,
        _corner(due) if other and due is not None else None,
    )


def _agree(gradient: NDArray[np.floating], due: NDArray[np.floating]) -> bool:
    with np.errstate(invalid="ignore"):  # ∞ − ∞: the same
        apart = np.abs(gradient - due)
    return bool(((apart <= GRADIENTS_AGREE / len(due)) | (gradient == due)).all())


def _corner(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """A copy of what is told, so that a large batch's gradients are not kept for a session."""
    return values[:ROWS_TOLD, : CLASSES_TOLD + 1].copy()


def left_out(given: Given) -> list[str]:
    """How many calls the input does not fit, with the reason, one sentence for each reason."""
    lacking = Counter(map(given.batch.lacks, NEWEST))
    return [
        f"{'1 call is' if lacking[need] == 1 else f'{lacking[need]} calls are'} left out, for want of {words}."
        for need, words in NEEDS.items()
        if lacking[need]
    ]


def different_losses(some: Iterable[Line]) -> int:
    """How many different losses these calls return, to the digits shown."""
    return len({shown(line.loss) for line in some})


# Told in figures.


def told(values: NDArray[np.floating]) -> list[str]:
    """The first rows of a matrix, each as (a, b, …)."""
    return [_row(row) for row in values[:ROWS_TOLD]]


def _row(row: NDArray[np.floating]) -> str:
    entries = [_plainly(value) for value in row[:CLASSES_TOLD].tolist()]
    return f"({', '.join(entries)}{', …' * (len(row) > CLASSES_TOLD)})"


def _plainly(value: float) -> str:
    """A number without the zeros at the end of its decimals."""
    text = shown(value)
    return text.rstrip("0").rstrip(".") if "." in text and "·" not in text and math.isfinite(value) else text
