"""The batch that the pages share: its table, the switches of its view, and where a reader's own numbers go in."""

import base64
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.parts.batch import table as tables
from pages.parts.batch.batch import (
    READY,
    ReadyBatch,
    facts,
    from_stage,
    knows_nothing,
    read_batch,
    worst_rows,
)
from pages.parts.batch.table import MAX_CLASSES, MAX_ROWS, Table
from pages.parts.drawing.figures import Size
from pages.parts.drawing.numbers import subscripted
from pages.parts.page.prose import plain, small_print, where_files_fail
from pages.parts.stage import session
from pages.parts.stage.address import one_of
from pages.parts.stage.rows import Rows
from xent_core.libraries.convention import Kind
from xent_core.photos import Photo

READY_NAMES = {
    "article": "The article’s batch",
    "wrong": "One confidently wrong",
    "zero": "Log of zero",
    "photos": "Real photos",
}
PREDICTIONS = {"probabilities": "probabilities q", "logits": "logits z"}
TARGETS = {False: "labels y", True: "rows p"}
ROWS = {"worst": "worst rows", "first": "first rows"}
OWN_NUMBERS, NEW_TABLE = "own_numbers", "new_table"  # what draws nothing while it is closed
ROWS_TOLD = 10  # of a batch that is too large to edit


def held() -> Table:
    """The table of this session; the first time, of the ready batch that the address names, or of the article's."""
    if "batch" not in st.session_state:
        batch = _asked()
        st.session_state.batch = Table(batch, batch.kind)
    return st.session_state.batch


def _asked() -> ReadyBatch:
    name = st.query_params.get("batch", "article")
    try:
        return READY[one_of(READY)(name)]()
    except ValueError as fault:
        st.session_state.faults.append(f"batch was ignored: {fault}.")
        return READY["article"]()


def put_up(make: Callable[..., ReadyBatch], *arguments: Any) -> None:
    """Show the batch that `make` makes, here and on the stage: meant as a button's `on_click`."""
    session.take_commit()
    _put_up(make(*arguments))
    session.set_rows(held().batch.on_stage, held().batch.name)


def _put_up(batch: ReadyBatch) -> None:
    st.session_state.batch = tables.put_up(held(), batch)


def follow_stage() -> None:
    """Put up what the browser's stage shows, if that is another batch than this session's."""
    told, batch = session.held(), held().batch
    if told.ready and told.ready != batch.name:
        _put_up(READY[told.ready]())
    elif told.rows and not told.ready and not _same(told.rows, batch):
        _put_up(from_stage(told.rows))


def tell_stage() -> Rows:
    """Show this session's batch on the browser's stage, if that shows another; what it shows then."""
    told, batch = session.held(), held().batch
    if told.rows is None or not _same(told.rows, batch):
        session.set_rows(batch.on_stage, batch.name)
    return session.held().rows


def brought_by_address() -> bool:
    """Whether the address that this session began with brought a batch."""
    return bool(session.held().own_rows)


def _same(rows: Rows, batch: ReadyBatch) -> bool:
    shown = batch.on_stage
    return (rows.probabilities, rows.targets) == (shown.probabilities, shown.targets)


def _switch(label: str, options: dict[Any, str], value: Any, **settings: Any) -> None:
    """A segmented control under the key `label` that shows `value`, whoever set it; its options speak for it."""
    st.session_state[label] = value
    settings |= {"key": label, "required": True, "label_visibility": "collapsed"}
    st.segmented_control(label, options, format_func=options.get, **settings)


def switches() -> None:
    """How the editor shows predictions and targets, and a new table."""
    table = held()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if tables.editable(table.batch):
            _switch("Predictions", PREDICTIONS, table.kind, on_change=_turn)
            _switch("Targets", TARGETS, table.as_rows, on_change=_turn, disabled=not table.batch.hard)
        elif len(table.batch.matrix) > ROWS_TOLD:
            _switch("Rows", ROWS, st.session_state.get("Rows", "worst"))
        _new_table()


def size() -> Size:
    """How large the table's rows are: larger where they hold photos."""
    return Size(52 if held().batch.photos else 35, 35, 14)


def widths() -> list[int]:
    """The shares of the width that the table and its losses have: words take more than numbers."""
    return [3, 2] if tables.editable(held().batch) else [5, 2]


def _turn() -> None:
    st.session_state.batch = tables.turn(held(), st.session_state["Predictions"], st.session_state["Targets"])


def _new_table() -> None:
    with st.popover("New table", icon=":material/add:", key=NEW_TABLE, on_change="rerun") as popover:
        if not popover.open:
            return
        rows = st.number_input("Rows", 1, MAX_ROWS, 3)
        classes = st.number_input("Classes", 2, MAX_CLASSES, 4)
        st.button("Make it", on_click=put_up, args=(knows_nothing, rows, classes))


def table() -> tuple[ReadyBatch, NDArray[np.int64]]:
    """The batch and the rows of it that are told: in an editor if it is small, else in a table to read.

    Below the last row one line is left: the editor's own for a new row, or nothing.
    """
    batch = held().batch
    if not tables.editable(batch):
        rows = _rows_told(batch)
        with st.container(gap=None):
            _told_rows(batch, rows)
            st.space(size().line)
        return batch, rows
    batch = _editor().batch
    return batch, np.arange(len(batch.matrix))


def show_fault() -> None:
    """What the last edit broke, and how to mend it."""
    table = held()
    if table.fault:
        st.error(plain(table.fault) + " Until then the losses stay as they were.")
    if table.mended:
        st.button("Divide each row by its sum", on_click=put_up, args=(lambda: table.mended,))


def _editor() -> Table:
    """The table as its edits leave it.

    Streamlit's editor keeps the edits to the cells it was given, as long as it is given these: so they are made once
    for each table that is put up, and again where the editor has forgotten its edits, as after a change of page. So is
    their frame, which Streamlit would make of them in every run.
    """
    table = held()
    key = f"cells {table.revision}"
    if key not in st.session_state:
        st.session_state.cells = tables.cells_of(table)
        st.session_state.texts = pd.DataFrame(tables.texts_of(st.session_state.cells))
    classes = table.batch.matrix.shape[1]
    st.data_editor(
        st.session_state.texts,
        key=key,
        column_config=dict(enumerate(_columns(table.kind, table.as_rows, classes), start=1)),  # 0 is the index
        column_order=None if table.as_rows else [str(k) for k in (classes, *range(classes))],  # the label goes first
        num_rows="dynamic",
        height="content",
        row_height=size().row,
        alt=f"The batch, to edit: {classes} predictions and the target of one example in each row",
    )
    st.session_state.batch = tables.change(table, st.session_state.cells, st.session_state[key])
    return st.session_state.batch


@cache
def _columns(kind: Kind, as_rows: bool, classes: int) -> list[Any]:
    """Texts, which the table reads itself."""
    column = partial(st.column_config.TextColumn, alignment="right")
    sign, equal = ("q", f"{1 / classes:.8g}") if kind == "probabilities" else ("z", "0")
    columns = [column(subscripted(sign, k), default=equal) for k in range(classes)]
    if as_rows:
        return columns + [column(subscripted("p", k), default=str(int(k == 0))) for k in range(classes)]
    return [*columns, column("label y", default="0")]


def _rows_told(batch: ReadyBatch) -> NDArray[np.int64]:
    """All rows of a short batch, else the reader's choice of the worst and the first."""
    if len(batch.matrix) > ROWS_TOLD and st.session_state["Rows"] == "worst":
        return worst_rows(batch, ROWS_TOLD)
    return np.arange(min(len(batch.matrix), ROWS_TOLD))


def _told_rows(batch: ReadyBatch, rows: NDArray[np.int64]) -> None:
    """A table about some rows of a batch that is too large to edit."""
    columns = facts(batch, rows)
    headings = {"q_of_label": "q of the label", "q_of_prediction": "its q"}
    config = {key: st.column_config.NumberColumn(heading, format="%.3g") for key, heading in headings.items()}
    if batch.photos:
        photos = [batch.photos.photos[row] for row in rows]
        columns = {
            "photo": [_picture(photo) for photo in photos],
            "shows": [photo.title for photo in photos],
            **columns,
        }
        config |= {"photo": st.column_config.ImageColumn(width="small"), "row": None}
    st.dataframe(
        columns,
        column_config=config,
        hide_index=True,
        height="content",
        row_height=size().row,
        alt="What was wanted and what was predicted",
    )


@cache
def _picture(photo: Photo) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(photo.jpeg()).decode()


def own_numbers(read: str = "they are in the table above", expanded: bool = False) -> None:
    """Where a reader pastes or uploads a batch; what can't be read changes nothing and stays where it is.

    `read` tells what became of numbers that were read.
    """
    if st.session_state.get("own_batch") is not held().batch:
        st.session_state.pop("own_batch", None)  # it may be large
    icon = ":material/upload:"
    with st.expander("Your own numbers", expanded, key=OWN_NUMBERS, icon=icon, on_change="rerun") as expander:
        if not expander.open:
            return
        small_print("A reload, or a link, forgets them.")
        where_files_fail("Paste the numbers, or open this page in a tab of its own.")
        st.segmented_control(
            "The predictions are",
            list(PREDICTIONS),
            default="logits",
            required=True,
            key="own_kind",
            persist_state="session",
        )
        left, right = st.columns(2)
        with left:
            label = "Predictions: paste numbers, or what NumPy or PyTorch prints"
            _source("predictions", label, "[[2.0, 1.0, 0.1],\n [0.3, 2.2, 0.5]]")
        with right:
            _source("targets", "Targets: the rows’ labels, or a row of probabilities for each", "0, 1")
        st.button("Use this batch", on_click=_read_own)
        if "own_batch" in st.session_state and not st.session_state["own_faults"]:
            _tell_own(held().batch, read)


def _source(part: str, label: str, example: str) -> None:
    """A box to paste into, which a file goes before, and what was wrong with either."""
    uploaded = st.session_state.get(f"{part} file") is not None
    st.text_area(
        label,
        key=f"{part} text",
        placeholder="The file is read." if uploaded else example,
        height=140,
        disabled=uploaded,
        persist_state="session",
    )
    st.file_uploader(f"Or upload {part} as CSV or NPY", key=f"{part} file")
    if fault := st.session_state.get("own_faults", {}).get(part):
        st.error(plain(fault))


def _read_own() -> None:
    sources = []
    for part in ("predictions", "targets"):
        file = st.session_state[f"{part} file"]
        sources.append(file.getvalue() if file else st.session_state[f"{part} text"])
    batch, st.session_state["own_faults"] = read_batch(st.session_state["own_kind"], *sources)
    if batch:
        st.session_state["own_batch"] = batch
        put_up(lambda: batch)


def _tell_own(batch: ReadyBatch, read: str) -> None:
    rows, classes = batch.matrix.shape
    st.success(f"Read {rows:,} × {classes:,} {batch.kind}: {read}.")
    if batch.kind == "logits" and batch.looks_like_probabilities:
        st.warning(
            "Every row lies within 0 and 1 and sums to 1. If these are probabilities already, then reading them as "
            "logits sends them through softmax twice."
        )
