"""What the batches page is made of: the table, the switches of its view, and the reader's own numbers."""

import base64
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.parts import frame, state
from pages.parts import table as tables
from pages.parts.batch import KINDS, Batch, facts, knows_nothing, read_batch, worst_rows
from pages.parts.numbers import subscripted
from pages.parts.table import MAX_CLASSES, MAX_ROWS, Table
from xent_core.photos import LabelledPhotos, Photo

LOGARITHMS = {"e": "ln · nats", "10": "log₁₀ · bans", "2": "log₂ · bits"}
ROWS_TOLD = 10  # of a batch that is too large to edit


def held() -> Table:
    """The table of this session."""
    return st.session_state.setdefault("batch", Table())


def put_up(make: Callable[..., Batch], *arguments: Any, **fields: Any) -> None:
    """Show the batch that `make` makes, and change fields of the example: meant as a button's `on_click`."""
    st.session_state.batch = tables.put_up(held(), make(*arguments))
    if fields:
        state.set_example(**fields)


def _switch(label: str, options: dict[str, str], value: str, on_change: Callable[[], None], **settings: Any) -> None:
    """A segmented control under the key `label` that shows `value`, whoever set it."""
    st.session_state[label] = value
    st.segmented_control(
        label, options, format_func=options.get, key=label, on_change=on_change, required=True, **settings
    )


def switches() -> None:
    """How the editor shows predictions and targets, the base of the logarithm, and a new table."""
    table = held()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if tables.editable(table.batch):
            _switch("Predictions", {"probabilities": "probabilities q", "logits": "logits z"}, table.kind, _turn)
            as_rows = "rows" if table.as_rows else "labels"
            _switch("Targets", {"labels": "labels y", "rows": "rows p"}, as_rows, _turn, disabled=not table.batch.hard)
        _switch("Logarithm", LOGARITHMS, state.current().base, _set_base)
        _new_table()


def _set_base() -> None:
    state.set_example(base=st.session_state["Logarithm"])


def _turn() -> None:
    shown = st.session_state
    st.session_state.batch = tables.turn(held(), shown["Predictions"], shown["Targets"] == "rows")


def _new_table() -> None:
    with st.popover("New table", icon=":material/add:"):
        rows = st.number_input("Rows", 1, MAX_ROWS, 3)
        classes = st.number_input("Classes", 2, MAX_CLASSES, 4)
        st.button("Make it", on_click=put_up, args=(knows_nothing, rows, classes))


def table(row_height: int) -> tuple[Batch, NDArray[np.int64]]:
    """The batch and the rows of it that are told: in an editor if it is small, else in a table to read."""
    batch = held().batch
    if not tables.editable(batch):
        rows = _choose_rows(batch)
        _told_rows(batch, rows, row_height)
        return batch, rows
    batch = _editor(row_height).batch
    return batch, np.arange(len(batch.matrix))


def show_fault() -> None:
    """What the last edit broke."""
    if fault := held().fault:
        st.error(frame.plain(fault) + " The losses are those of the last sound table.")


def _editor(row_height: int) -> Table:
    """The table as its edits leave it.

    Streamlit's editor keeps the edits to the cells it was given, as long as it is given these: so they are made once
    for each table that is put up, and again where the editor has forgotten its edits, as after a change of page.
    """
    table = held()
    key = f"cells {table.revision}"
    if key not in st.session_state:
        st.session_state.cells = tables.cells_of(table)
    classes = table.batch.matrix.shape[1]
    cells = st.data_editor(
        st.session_state.cells,
        key=key,
        column_config=dict(enumerate(_columns(table, classes), start=1)),  # 0 is the index
        num_rows="dynamic",
        height="content",
        row_height=row_height,
        alt=f"The batch, to edit: {classes} predictions and the target of one example in each row",
    )
    st.session_state.batch = tables.edit(table, np.asarray(cells, np.float64))
    return st.session_state.batch


def _columns(table: Table, classes: int) -> list[Any]:
    number = st.column_config.NumberColumn
    if table.kind == "probabilities":
        columns = [number(subscripted("q", k), default=1 / classes, min_value=0, max_value=1) for k in range(classes)]
    else:
        columns = [number(subscripted("z", k), default=0) for k in range(classes)]
    if table.as_rows:
        rows = (number(subscripted("p", k), default=float(k == 0), min_value=0, max_value=1) for k in range(classes))
        return [*columns, *rows]
    return [*columns, number("label y", default=0, min_value=0, max_value=classes - 1, step=1)]


def _choose_rows(batch: Batch) -> NDArray[np.int64]:
    """Which rows of a batch are told: all, or the reader's choice of the first and the worst."""
    if len(batch.matrix) <= ROWS_TOLD:
        return np.arange(len(batch.matrix))
    chosen = st.segmented_control("Rows", ["worst", "first"], default="worst", required=True, key="rows told")
    return worst_rows(batch, ROWS_TOLD) if chosen == "worst" else np.arange(ROWS_TOLD)


def _told_rows(batch: Batch, rows: NDArray[np.int64], row_height: int) -> None:
    """A table about some rows of a batch that is too large to edit."""
    columns = facts(batch, rows)
    config = {name: st.column_config.NumberColumn(format="%.4f") for name in ("its q", "q of the label")}
    if batch.photos:
        photos = [batch.photos.photos[row] for row in rows]
        columns = {"photo": [_picture(photo) for photo in photos], "": [photo.title for photo in photos], **columns}
        config |= {"photo": st.column_config.ImageColumn(width="small"), "row": None}
    st.dataframe(columns, column_config=config, hide_index=True, height="content", row_height=row_height, alt="Rows")


@cache
def _picture(photo: Photo) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(photo.jpeg()).decode()


def credits(photos: LabelledPhotos) -> None:
    """Whose photos, model and class names they are."""
    lines = [f"{photo.title}: {photo.credit}, {photo.licence}" for photo in photos.photos]
    model = photos.model
    small_print(
        f"Photos: {'; '.join(lines)}. Outputs: {model['name']} ({model['weights']}; {model['licence']}). "
        f"Class names: {photos.class_names_source}."
    )


def small_print(text: str) -> None:
    """Plain text that may be overlooked, yet has the contrast to be read (Streamlit's captions have not)."""
    st.markdown(f":small[:gray[{frame.plain(text)}]]", width="stretch")


def own_numbers() -> None:
    """Where a reader pastes or uploads a batch; what can't be read changes nothing and stays where it is."""
    with st.expander("Your own numbers", icon=":material/upload:"):
        st.segmented_control(
            "They are", KINDS, default="logits", required=True, key="own kind", persist_state="session"
        )
        faults = st.session_state.get("own faults", {})
        sides = st.columns(2)
        with sides[0]:
            _source("predictions", "[[2.0, 1.0, 0.1],\n [0.3, 2.2, 0.5]]", faults)
        with sides[1]:
            _source("targets", "0, 1", faults)
        st.button("Use this batch", type="primary", on_click=_read_own)


def _source(part: str, placeholder: str, faults: dict[str, str]) -> None:
    file = st.file_uploader(f"File with {part}: CSV or NPY", key=f"{part} file")
    st.text_area(
        f"{part.capitalize()}",
        key=f"{part} text",
        placeholder=placeholder,
        height=140,
        disabled=file is not None,
        persist_state="session",
    )
    if part in faults:
        st.error(frame.plain(faults[part]))


def _read_own() -> None:
    sources = []
    for part in ("predictions", "targets"):
        file = st.session_state[f"{part} file"]
        sources.append(file.getvalue() if file else st.session_state[f"{part} text"])
    batch, st.session_state["own faults"] = read_batch(st.session_state["own kind"], *sources)
    if batch:
        st.session_state.batch = tables.put_up(held(), batch)
