"""What this session knows of the example: read from the address once, then told by the browser, which owns it."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from pages.parts.stage import held as holding
from pages.parts.stage.address import read_query
from pages.parts.stage.example import Example, View
from pages.parts.stage.held import Held
from pages.parts.stage.photo import Shown
from pages.parts.stage.rows import Rows

STAGE = "stage"  # the key of the component, the same on every page
T = TypeVar("T")


def held() -> Held:
    """What this session holds; the first call of a session reads the address, and its faults wait to be shown."""
    if "held" not in st.session_state:
        query = st.query_params.to_dict()
        asked = read_query(query)
        brings = bool(asked.rows) or "batch" in query
        st.session_state.held = Held(
            uuid.uuid4().hex,
            asked.example,
            asked.view,
            asked.own,
            rows=asked.rows,
            own_rows=brings,
            photo=asked.photo,
            played=asked.played,
        )
        st.session_state.faults = asked.faults
    return st.session_state.held


def faults() -> list[str]:
    """What was wrong with the address, as sentences."""
    held()
    return st.session_state.faults


def current() -> Example:
    """The example as Python was told of it last."""
    return held().example


def view() -> View:
    """How the page is looked at, as Python was told of it last."""
    return held().view


def set_view(**fields: Any) -> None:
    """Change how the page is looked at from Python; meant as a button's `on_click`."""
    take_commit()
    st.session_state.held = holding.change(held(), view=replace(view(), **fields))


def set_rows(rows: Rows, ready: str) -> None:
    """Show another batch on the stage, because Python's own changed; at first the stage has none."""
    change = holding.change if held().rows else replace
    st.session_state.held = change(held(), rows=rows, ready=ready)


def set_photo(photo: Shown) -> None:
    """Show another photo on the stage, because Python read one; meant after the commit that waits was taken."""
    st.session_state.faults = []
    st.session_state.held = holding.change(held(), photo=photo)


def forget_photo(fault: str) -> None:
    """The address names a photo or a network that is not here: say so, and show the story's own."""
    st.session_state.faults = [*faults(), fault]
    st.session_state.held = replace(held(), photo=None)


def take_commit() -> None:
    """Adopt what the browser committed.

    A press and the commit before it may come in one message, and the press's callback first: each change by Python
    therefore takes the commit that waits.
    """
    message = st.session_state.get(STAGE, {}).get("commit")
    adopted, faults = holding.commit(held(), message)
    if message and (adopted != held() or faults):
        st.session_state.held, st.session_state.faults = adopted, faults


def hear_commit() -> None:
    """Adopt a commit that has come, and do what was pressed before a restarted server knew of it.

    The component's `on_commit_change`, and called at the start of each run: where another message comes at that moment,
    Streamlit breaks the callback off, and does not call it again.
    """
    message = st.session_state.get(STAGE, {}).get("commit")
    if message == st.session_state.get("heard"):
        return
    take_commit()
    if act := st.session_state.pop("pressed", None):
        act()
    st.session_state.heard = message


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
    """On a change of page its own columns come back, and what was said of the address is over."""
    st.session_state.fresh = "page" not in st.session_state
    before = st.session_state.get("page", page)
    st.session_state.page = page
    if page != before:
        st.session_state.faults = []
