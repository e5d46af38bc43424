"""A batch: m predictions, what each of them wanted, and one loss for each.

Nothing here knows the screen. A reader counts rows and columns from 1, and classes, as labels do, from 0.
"""

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages.parts.stage.example import DEFAULT_NAMES, Q1, Q2
from pages.parts.stage.rows import MAX_ROWS, Rows, wants
from xent_core import (
    categorical_cross_entropy,
    labels_of,
    one_hot,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
)
from xent_core.libraries.convention import Kind
from xent_core.photos import LabelledPhotos, labelled_photos
from xent_core.reading import check_probabilities, read_matrix, read_probabilities, read_targets
from xent_core.reading_text import ReadingError

ROWS_AT_ONCE = 32  # a large batch is computed in float64 piece by piece: no large copy, and each piece fits the cache


@dataclass(frozen=True, eq=False)
class ReadyBatch:
    """`matrix` [m, n] of predictions, and `targets`: labels int64 [m], or distributions [m, n].

    `kind` says what the predictions are, "probabilities" or "logits"; `photos`, where it is given, what the rows show
    and how the classes are called; `name`, by which key of READY an address asks for just this batch: by none for the
    one that is there unasked.
    """

    matrix: NDArray[np.floating]
    targets: NDArray[Any]
    kind: Kind = "probabilities"
    photos: LabelledPhotos | None = None
    name: str = ""

    @property
    def hard(self) -> bool:
        """Whether each row has a label, not a distribution."""
        return self.targets.ndim == 1

    @cached_property
    def looks_like_probabilities(self) -> bool:
        """Whether every row is from 0 to 1 and sums to 1, as logits hardly ever do."""
        try:
            check_probabilities(self.matrix)
        except ReadingError:
            return False
        return True

    @cached_property
    def wanted(self) -> NDArray[np.int64]:
        """The class that each row wants most, [m]."""
        return self.targets if self.hard else self.targets.argmax(axis=1)

    @cached_property
    def right(self) -> int:
        """The number of rows that put the wanted class first; equal firsts are none."""
        first = self.matrix.argmax(axis=1) == self.wanted
        alone = (self.matrix == self.matrix.max(axis=1, keepdims=True)).sum(axis=1) == 1
        return int((first & alone).sum())

    @cached_property
    def nats(self) -> NDArray[np.float64]:
        """The categorical loss of each row, [m]."""
        return np.concatenate([_nats(part) for part in self._parts()])

    def losses(self, base: float) -> NDArray[np.float64]:
        """The categorical loss of each row in the unit of a base, [m]."""
        return self.nats / math.log(base)

    def distributions(self) -> NDArray[np.floating]:
        """The targets as rows, [m, n]."""
        return one_hot(self.targets, self.matrix.shape[1]) if self.hard else self.targets

    @cached_property
    def on_stage(self) -> Rows:
        """The batch as the stage shows it: whole, or if it is large its worst rows, each in three parts."""
        rows, classes = self.matrix.shape
        if rows > MAX_ROWS or classes > len(DEFAULT_NAMES):
            return _worst_in_parts(self)
        q = probabilities_of(self).astype(np.float64).tolist()
        targets = wants(self.targets.tolist(), classes) if self.hard else _tuples(self.targets.tolist())
        return Rows(_tuples(q), targets, DEFAULT_NAMES[:classes], ready=self.name)

    def take(self, rows: Sequence[int] | NDArray[np.int64] | slice) -> "ReadyBatch":
        """A batch of some of the rows, its predictions in float64."""
        return ReadyBatch(self.matrix[rows].astype(np.float64), self.targets[rows], self.kind)

    def _parts(self) -> Iterator["ReadyBatch"]:
        return (self.take(slice(i, i + ROWS_AT_ONCE)) for i in range(0, len(self.matrix), ROWS_AT_ONCE))


def _nats(batch: ReadyBatch) -> NDArray[np.float64]:
    loss = softmax_cross_entropy if batch.kind == "logits" else categorical_cross_entropy
    return loss(batch.matrix, batch.distributions()).astype(np.float64, copy=False)


def logits_of(batch: ReadyBatch) -> NDArray[np.floating]:
    """The predictions as logits, [m, n]: ln q where they are probabilities."""
    if batch.kind == "logits":
        return batch.matrix
    with np.errstate(divide="ignore"):
        return np.log(batch.matrix)


def probabilities_of(batch: ReadyBatch) -> NDArray[np.floating]:
    """The predictions as probabilities, [m, n]."""
    return batch.matrix if batch.kind == "probabilities" else softmax(batch.matrix)


def _pull(batch: ReadyBatch, row: int, base: float) -> float:
    """(q − p) / ln b at the wanted class of a row: the gradient of that row's own loss, before any mean."""
    one = batch.take([row])
    return float(softmax_cross_entropy_gradient(logits_of(one), one.distributions(), base=base)[0, one.wanted[0]])


@dataclass(frozen=True)
class Reduction:
    """One number made of a batch's losses: their sum divided by the product of `factors`, m or m and n.

    `gradient` is what reaches the logit at the worst row's label.
    """

    factors: str
    loss: float
    gradient: float


def reductions(batch: ReadyBatch, base: float) -> tuple[Reduction, Reduction]:
    """The mean over the m rows, and that over all m · n entries."""
    m, n = batch.matrix.shape
    loss, gradient = batch.losses(base).mean(), _pull(batch, worst_rows(batch, 1)[0], base) / m
    return Reduction("m", loss, gradient), Reduction("m n", loss / n, gradient / n)


# Batches to start from.


def of_labels(rows: Sequence[Sequence[float]], labels: Sequence[int] | None = None, name: str = "") -> ReadyBatch:
    """Probabilities and their labels, which are 0 where none are given."""
    return ReadyBatch(np.array(rows, float), np.array(labels or [0] * len(rows)), name=name)


SEED = (Q1, Q2)


@cache
def seed() -> ReadyBatch:
    """The article's two predictions."""
    return of_labels(SEED)


@cache
def one_confidently_wrong() -> ReadyBatch:
    """Five rows that are right, and one that is sure and wrong."""
    rows = [(0.9, 0.06, 0.04), (0.05, 0.9, 0.05), (0.1, 0.05, 0.85), (0.95, 0.03, 0.02), (0.0001, 0.9998, 0.0001)]
    return of_labels([*rows, (0.04, 0.92, 0.04)], [0, 1, 2, 0, 2, 1], "wrong")


@cache
def log_of_zero() -> ReadyBatch:
    """The article's predictions, and one that rules its label out."""
    return of_labels([*SEED, (0, 0.7, 0.3)], name="zero")


def knows_nothing(rows: int, classes: int) -> ReadyBatch:
    """Equal probabilities: each loss is ln n."""
    return of_labels(np.full((rows, classes), 1 / classes).tolist())


@cache
def real_photos() -> ReadyBatch:
    """A trained network's logits for the photographs that have a label."""
    photos = labelled_photos()
    return ReadyBatch(photos.logits, photos.labels, "logits", photos, "photos")


READY: Mapping[str, Callable[[], ReadyBatch]] = MappingProxyType(
    {"article": seed, "wrong": one_confidently_wrong, "zero": log_of_zero, "photos": real_photos}
)
"""What an address can ask for."""


def read_batch(kind: Kind, predictions: str | bytes, targets: str | bytes) -> tuple[ReadyBatch | None, dict[str, str]]:
    """The batch of two texts or files, or none, with a sentence for the part that can't be read."""
    part = "predictions"
    try:
        matrix = (read_probabilities if kind == "probabilities" else read_matrix)(predictions)
        part = "targets"
        return ReadyBatch(matrix, compact(read_targets(targets, *matrix.shape)), kind), {}
    except ReadingError as error:
        return None, {part: str(error)}


def compact(targets: NDArray[np.float64]) -> NDArray[Any]:
    """One-hot rows as labels; others in float32 where that loses nothing."""
    labels = labels_of(targets)
    if labels is not None:
        return labels
    narrow = targets.astype(np.float32)
    return narrow if np.array_equal(narrow, targets) else targets


# The batch on the stage.


def _tuples(rows: list[list[float]]) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, rows))


def _worst_in_parts(batch: ReadyBatch) -> Rows:
    """The rows with the largest losses, in their order: the wanted class, its likeliest rival, and the rest."""
    shown = np.sort(worst_rows(batch, MAX_ROWS))
    some = batch.take(shown)
    q = probabilities_of(some).astype(np.float64)
    own = np.exp(-batch.nats[shown])  # for targets of more than one class a probability of the same loss
    rivals = q.copy()
    rivals[np.arange(len(shown)), some.wanted] = -1
    rival = rivals.max(axis=1)
    parts = np.column_stack([own, rival, np.maximum(1 - own - rival, 0)])
    names = zip(_named(batch, some.wanted), _named(batch, rivals.argmax(axis=1)), strict=True)
    hidden = np.setdiff1d(np.arange(len(batch.matrix)), shown)
    total = float(batch.nats[hidden].sum())
    right = batch.right - batch.take(shown).right
    return Rows(
        _tuples(parts.tolist()),
        wants([0] * len(shown), 3),
        ("wanted", "rival", "rest"),
        ready=batch.name,
        titles=tuple(_titles(batch, shown)),
        segments=tuple((wanted, likeliest, "the rest") for wanted, likeliest in names),
        classes=batch.matrix.shape[1],
        right=tuple((some.matrix.argmax(axis=1) == some.wanted).tolist()),
        others=(total if math.isfinite(total) else 0.0, len(hidden), right),
    )


def _titles(batch: ReadyBatch, rows: NDArray[np.int64]) -> list[str]:
    return [batch.photos.photos[row].title if batch.photos else f"row {row + 1}" for row in rows]


def from_stage(rows: Rows) -> ReadyBatch:
    """The batch that the stage shows whole."""
    return ReadyBatch(np.array(rows.probabilities), compact(np.array(rows.targets)))


# What is told about a batch.


def worst_rows(batch: ReadyBatch, count: int) -> NDArray[np.int64]:
    """The rows with the largest losses, from the largest on."""
    return np.argsort(-batch.nats, kind="stable")[:count]


def facts(batch: ReadyBatch, rows: NDArray[np.int64]) -> dict[str, list[Any]]:
    """Columns of a table about some of the rows: what was wanted, and what was predicted, each with its q."""
    some = batch.take(rows)
    q = probabilities_of(some)
    first = q.argmax(axis=1)
    return {
        "row": (rows + 1).tolist(),
        "label": _named(batch, some.wanted),
        "q_of_label": q[np.arange(len(rows)), some.wanted].tolist(),
        "prediction": _named(batch, first),
        "q_of_prediction": q[np.arange(len(rows)), first].tolist(),
    }


def _named(batch: ReadyBatch, labels: NDArray[np.int64]) -> list[str]:
    names = batch.photos.class_names if batch.photos else ()
    return [names[label] if names else str(label) for label in labels]


def losses_csv(batch: ReadyBatch, base: float, unit: str) -> str:
    """The losses as CSV, in full precision, under a line of names that tells the unit."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    labels = {"label": batch.targets.tolist()} if batch.hard else {}
    columns = {"row": range(1, len(batch.matrix) + 1), **labels, f"loss ({unit})": batch.losses(base).tolist()}
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()
