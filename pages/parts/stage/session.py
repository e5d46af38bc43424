"""The example of this session: read from the address once, then changed by commits and by the page's buttons."""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from pages.parts.stage import example
from pages.parts.stage.example import Example, Held

TABLE = "table"  # the key of the live table, the same on every page
T = TypeVar("T")


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
    if act := st.session_state.pop("pressed", None):
        act()


def button(label: str, act: Callable[[], None], **look: Any) -> None:
    """A button that does `act`, even if a press of it is the first that a restarted server hears of.

    Streamlit then calls no `on_click`. What was on screen is committed next, and `act` is done after that.
    """
    if st.button(label, on_click=act, **look) and st.session_state.fresh:
        st.session_state.pressed = act


def kept(name: str, key: Any, make: Callable[[], T]) -> T:
    """What `make` makes, kept in this session under a name until the key is another."""
    if name not in st.session_state or st.session_state[name][0] != key:
        st.session_state[name] = (key, make())
    return st.session_state[name][1]


def turn_to(page: str) -> None:
    """On a change of page the columns go back to that page's own; the rest of the example stays."""
    st.session_state.fresh = "page" not in st.session_state
    before = st.session_state.get("page", page)
    st.session_state.page = page
    if page != before:
        st.session_state.faults = []
        if current().show:
            set_example(show=())
