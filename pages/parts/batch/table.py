"""The table that a batch is edited in: what it shows, and what an edit makes of the batch.

Nothing here knows the screen. A reader counts rows and columns from 1, and classes, as labels do, from 0.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages.parts.batch.batch import ReadyBatch, compact, logits_of, probabilities_of, seed
from xent_core.libraries.convention import Kind
from xent_core.reading import check_probabilities
from xent_core.reading_text import ReadingError, read_number

MAX_ROWS, MAX_CLASSES = 50, 20


@dataclass(frozen=True)
class Table:
    """The last sound batch, and how its table is shown: predictions of a kind, targets as labels or as rows.

    `revision` counts the tables that were put up; edits belong to one of them. `fault` is what the last edit broke, and
    `mended` the batch that it would be if each distribution were divided by its sum, where that helps.
    """

    batch: ReadyBatch = field(default_factory=seed)
    kind: Kind = "probabilities"
    as_rows: bool = False
    revision: int = 0
    fault: str = ""
    mended: ReadyBatch | None = None


def editable(batch: ReadyBatch) -> bool:
    """Whether a batch is small enough to be edited by hand."""
    rows, classes = batch.matrix.shape
    return rows <= MAX_ROWS and classes <= MAX_CLASSES


def put_up(table: Table, batch: ReadyBatch) -> Table:
    """Another batch, shown as it was given."""
    return Table(batch, batch.kind, not batch.hard, table.revision + 1)


def turn(table: Table, kind: Kind, as_rows: bool) -> Table:
    """The same batch shown otherwise."""
    return Table(table.batch, kind, as_rows or not table.batch.hard, table.revision + 1)


def cells_of(table: Table) -> NDArray[np.float64]:
    """What the editor starts from: predictions, then the label or the targets: [m, n + 1] or [m, 2n]."""
    predictions = probabilities_of(table.batch) if table.kind == "probabilities" else logits_of(table.batch)
    targets = table.batch.distributions() if table.as_rows else table.batch.targets[:, np.newaxis]
    return np.hstack([predictions, targets]).astype(np.float64)


def texts_of(cells: NDArray[np.float64]) -> NDArray[np.object_]:
    """The cells as texts, which is what the editor holds: as numbers it would drop signs, and take 1e-3 for −13."""
    return np.vectorize(_text, otypes=[object])(cells)


def change(table: Table, cells: NDArray[np.float64], changes: Mapping[str, Any]) -> Table:
    """The table after its editor, which began with `cells`, reports what was typed, added and deleted.

    What was not typed keeps all its digits, those that the editor does not show too.
    """
    try:
        return edit(table, _changed(table, cells, changes))
    except ReadingError as error:
        return replace(table, fault=str(error), mended=None)


def edit(table: Table, cells: NDArray[np.float64]) -> Table:
    """The table after its editor holds `cells`: their batch, or the last sound one and the fault."""
    if np.array_equal(cells, cells_of(table)):
        return replace(table, fault="", mended=None)
    try:
        return replace(table, batch=_batch_of(cells, table), fault="", mended=None)
    except ValueError as error:
        return replace(table, fault=str(error), mended=_mended(cells, table))


def _text(number: float) -> str:
    """With a hyphen for the minus sign, so that a spreadsheet takes what is copied for a number."""
    return f"{number:.8g}".replace("inf", "∞")


def _changed(table: Table, cells: NDArray[np.float64], changes: Mapping[str, Any]) -> NDArray[np.float64]:
    before, edited = cells.tolist(), changes["edited_rows"]
    rows = [(row, edited.get(i, {})) for i, row in enumerate(before) if i not in changes["deleted_rows"]]
    rows += [([math.nan] * cells.shape[1], added) for added in changes["added_rows"]]
    after = [
        [_typed(table, i, k, typed[str(k)], was) if str(k) in typed else was for k, was in enumerate(row)]
        for i, (row, typed) in enumerate(rows)
    ]
    return np.array(after).reshape(-1, cells.shape[1])


def _typed(table: Table, row: int, column: int, text: object, was: float) -> float:
    if not isinstance(text, str) or not text.strip():
        return math.nan
    return was if text == _text(was) else read_number(text, _place(row, column, table))


def _batch_of(cells: NDArray[np.float64], table: Table) -> ReadyBatch:
    if not 1 <= len(cells) <= MAX_ROWS:
        raise ReadingError("The table", f"{len(cells)} rows", f"1 to {MAX_ROWS}")
    classes = table.batch.matrix.shape[1]
    _refuse_empty(cells, table)
    matrix, targets = cells[:, :classes], cells[:, classes:]
    if table.kind == "probabilities":
        check_probabilities(matrix)
    if table.as_rows:
        check_probabilities(targets, lambda i, k: (_place(i, classes + k, table), f"{targets[i, k]:g}"))
    batch = ReadyBatch(matrix, compact(targets) if table.as_rows else _labels(targets[:, 0], classes), table.kind)
    batch.nats  # noqa: B018  (refuses logits of which no loss can be made)
    return batch


def _mended(cells: NDArray[np.float64], table: Table) -> ReadyBatch | None:
    classes = table.batch.matrix.shape[1]
    matrix, targets = cells[:, :classes], cells[:, classes:]
    try:
        if table.kind == "probabilities":
            matrix = _divided_by_sums(matrix)
        if table.as_rows:
            targets = _divided_by_sums(targets)
        return _batch_of(np.hstack([matrix, targets]), table)
    except ValueError:
        return None


def _divided_by_sums(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    sums = rows.sum(axis=1, keepdims=True)
    if not ((rows >= 0) & (rows < np.inf) & (sums > 0)).all():
        raise ValueError("expected numbers from 0 on, not all 0")
    return rows / sums


def _refuse_empty(cells: NDArray[np.float64], table: Table) -> None:
    empty = np.argwhere(np.isnan(cells))
    if len(empty):
        row, column = empty[0].tolist()
        raise ReadingError(_place(row, column, table), "an empty cell", "a number")


def _labels(cells: NDArray[np.float64], classes: int) -> NDArray[np.int64]:
    wrong = np.flatnonzero((cells < 0) | (cells >= classes) | (cells != np.floor(cells)))
    if len(wrong):
        raise ReadingError(f"Row {wrong[0] + 1}, label", f"{cells[wrong[0]]:g}", f"a class from 0 to {classes - 1}")
    return cells.astype(np.int64)


def _place(row: int, column: int, table: Table) -> str:
    classes = table.batch.matrix.shape[1]
    if column < classes:
        return f"Row {row + 1}, column {column + 1}"
    return f"Row {row + 1}, target {column - classes + 1}" if table.as_rows else f"Row {row + 1}, label"
