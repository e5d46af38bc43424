"""The example of this session: read from the address once, then changed by commits and by the page's buttons."""

import uuid
from typing import Any

import streamlit as st

from pages.parts import example
from pages.parts.example import Example, Held

TABLE = "table"  # the key of the live table, the same on every page


def held() -> Held:
    """What this session holds; the first call of a session reads the address, and its faults wait to be shown."""
    if "held" not in st.session_state:
        asked, faults = example.read_query(st.query_params.to_dict())
        st.session_state.held = Held(session=uuid.uuid4().hex, example=asked)
        st.session_state.faults = faults
    return st.session_state.held


def current() -> Example:
    """The example on screen."""
    return held().example


def set_example(**fields: Any) -> None:
    """Change fields of the example from Python; meant as a button's `on_click`."""
    st.session_state.held = example.change(held(), **fields)
    st.session_state.faults = []


def show_logits(*logits: float, **settings: Any) -> dict[str, Any]:
    """Fields of an example that predicts from `logits` and wants the first class, for a button to set."""
    return {
        "names": example.DEFAULT_NAMES[: len(logits)],
        "logits": logits,
        "targets": tuple(float(i == 0) for i in range(len(logits))),
        "temperature": 1.0,
        **settings,
    }


def show_probabilities(*probabilities: float, **settings: Any) -> dict[str, Any]:
    """The same for an example that predicts `probabilities`."""
    return show_logits(*example.logits_of(probabilities), **settings)


def take_commit() -> None:
    """Adopt what the browser committed: the live table's `on_commit_change`."""
    st.session_state.held, st.session_state.faults = example.commit(held(), st.session_state[TABLE].get("commit"))


def turn_to(page: str) -> None:
    """On a change of page the columns go back to that page's own; the rest of the example stays."""
    before = st.session_state.get("page", page)
    st.session_state.page = page
    if page != before:
        st.session_state.faults = []
        if current().show:
            set_example(show=())
