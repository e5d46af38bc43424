"""The stage: one component in the browser, the same on every page, whose modules the server's own route brings."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.components.v2.bidi_component import ComponentResult

from pages.parts.page.modules import LOADER
from pages.parts.rooms.route import PATH as ROOMS
from pages.parts.stage import session
from pages.parts.stage.address import SETTINGS
from pages.parts.stage.example import DEFAULT_NAMES, Example, View
from pages.parts.stage.held import Held
from pages.parts.stage.rows import Rows
from pages.parts.stage.story import Story, plain_example
from pages.parts.training.settings import Training

_COMPONENT = st.components.v2.component("stage", js=LOADER)
# As rows, for they go down in every run.
_DECLARED = [(setting.name, setting.record, setting.field, setting.written) for setting in SETTINGS]
# What each page put on the stage last, without anything that is one reader's: a saved page is made of it.
LESSONS: dict[str, dict[str, object]] = {}


def stage(
    page: str,
    story: Story,
    *,
    columns: Sequence[str],
    losses: Sequence[str],
    charts: Sequence[str],
    controls: Sequence[str] = (),
    beside: str = "",
    remark: str = "",
    logit_range: float = 10,
    listening: bool = False,
    rows: Rows | None = None,
    own_rows: bool = False,
    photos: Mapping[str, object] | None = None,
    address: Mapping[str, str] | None = None,
) -> None:
    """Draw the story beside the picture that it moves.

    `columns`, `losses`, `charts`, `controls` and `remark` name parts of the modules; `beside` is a second table,
    beside that of classes. `logit_range` is how far the sliders reach on either side of 0. `listening` says that
    something below is drawn from the example, so that the browser tells of each change. `rows` is the batch of a page
    of batches, `own_rows` whether the reader brought it. `photos` is what the browser has to know of photos.
    """
    LESSONS[page] = lesson = {
        "story": story.plain(),
        "columns": columns,
        "losses": losses,
        "charts": charts,
        "controls": controls,
        "beside": beside,
        "remark": remark,
        "logit_range": logit_range,
    }
    _draw(
        page,
        listening,
        address or {},
        batch=rows.plain() if rows else None,
        own_batch=own_rows,
        photos=photos,
        training=played.plain() if (played := session.held().played) else None,
        **lesson,
    )


def bench(
    page: str,
    *,
    sliders: bool,
    filters: Mapping[str, object],
    look: str,
    answer: Mapping[str, object] | None,
    listening: bool,
) -> Sequence[str]:
    """On a page of calls: the search over them by these `filters`, and the example's own sliders where they take it.

    `look` says what the input is. `answer` is what goes into the rows, which the page draws without it; None where the
    browser asks for it. Returns the names of the rows that were opened.
    """
    drawn = _draw(
        page,
        listening,
        {},
        story=None,
        columns=("logit", "probability", "target") if sliders else (),
        losses=(),
        controls=(),
        logit_range=10,
        filters=filters,
        look=look,
        answer=answer,
    )
    return drawn.opened if isinstance(drawn.opened, list) else ()


def keep_address(page: str, address: Mapping[str, str]) -> None:
    """On a page without a stage: keep the example and the page's own parameters in the address."""
    _draw(page, True, address, story=None)


def _draw(page: str, listening: bool, address: Mapping[str, str], **parts: object) -> ComponentResult:
    held, faults = session.held(), session.faults()
    data = sent(held, page, listening=listening, address=address, faults=faults, rooms=ROOMS, **parts)
    # One deep: Streamlit asks of each value on the first level whether it is a table.
    return _COMPONENT(
        key=session.STAGE, data={"sent": data}, on_commit_change=session.hear_commit, on_opened_change=lambda: None
    )


def sent(held: Held, page: str, **parts: object) -> dict[str, object]:
    """What the browser is sent of a session and of a page's parts."""
    return {
        "session": held.session,
        "revision": held.revision,
        "mark": held.mark,
        "page": page,
        "own": held.own,
        "example": plain_example(held.example),
        "photo": held.photo.plain() if held.photo else None,
        "view": vars(held.view),
        "defaults": {"example": plain_example(Example()), "view": vars(View()), "training": vars(Training())},
        "names": DEFAULT_NAMES,
        "settings": _DECLARED,
        **parts,
    }
