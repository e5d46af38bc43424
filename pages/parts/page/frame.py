"""What stands around a page that has no stage: its neighbours, and the switch for a projector."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from pages.parts.stage import session

# As in frame.css, for a stage: there the browser knows of the projector view first, here Python does.
PROJECTED = "<style>@media (min-width: 1000px) { :root { font-size: max(14px, min(100vw / 80, 100vh / 45)) } }</style>"


def style() -> None:
    """The size of type on a projector."""
    if session.view().present:
        st.html(PROJECTED)


def end_of_picture() -> None:
    """For a projector the page ends here: the claim and the picture."""
    if session.view().present:
        st.stop()


def neighbours(pages: Sequence[Any], page: Any) -> None:
    """Links to the page before and the page after, and the switch for a projector."""
    i = pages.index(page)
    st.space("small")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if i > 0:
            st.page_link(pages[i - 1], label=pages[i - 1].title, icon=":material/arrow_back:")
        present = session.view().present
        session.button(
            "Leave the projector view" if present else "Projector view",
            partial(session.set_view, present=not present),
            icon=":material/present_to_all:",
            type="tertiary",
        )
        if i + 1 < len(pages):
            st.page_link(pages[i + 1], label=pages[i + 1].title, icon=":material/arrow_forward:", icon_position="right")
