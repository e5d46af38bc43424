"""The stage: one component in the browser, the same on every page, whose modules the server's own route brings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Lesson:
    """What a page puts on the stage, without anything that is one reader's.

    `columns`, `losses`, `charts`, `controls` and `remark` name parts of the modules; `beside` is a second table,
    beside that of classes. `logit_range` is how far the sliders reach on either side of 0.
    """

    story: Story
    columns: Sequence[str]
    losses: Sequence[str]
    charts: Sequence[str]
    controls: Sequence[str] = ()
    beside: str = ""
    remark: str = ""
    logit_range: float = 10

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {**vars(self), "story": self.story.plain()}


# The last lesson of each page, of which a saved page is made, and its JSON.
LESSONS: dict[str, tuple[Lesson, str]] = {}


def stage(
    page: str,
    story: Story,
    *,
    listening: bool = False,
    rows: Rows | None = None,
    own_rows: bool = False,
    photos: Mapping[str, object] | None = None,
    address: Mapping[str, str] | None = None,
    **parts: Any,
) -> None:
    """Draw the story beside the picture that it moves; `parts` as `Lesson`.

    `listening` says that something below is drawn from the example, so that the browser tells of each change. `rows` is
    the batch of a page of batches, `own_rows` whether the reader brought it. `photos` is what the browser has to know
    of photos.
    """
    _draw(
        page,
        listening,
        address or {},
        lesson=_told(page, Lesson(story, **parts)),
        batch=rows.plain() if rows else None,
        own_batch=own_rows,
        photos=photos,
        training=played.plain() if (played := session.held().played) else None,
    )


def _told(page: str, lesson: Lesson) -> str:
    """The lesson as JSON: it goes down in every run, and is written again only where it is another."""
    known = LESSONS.get(page)
    if known is None or known[0] != lesson:
        LESSONS[page] = known = lesson, json.dumps(lesson.plain())
    return known[1]


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
    _draw(page, True, address)


def _draw(
    page: str, listening: bool, address: Mapping[str, str], lesson: str = '{"story": null}', **parts: object
) -> ComponentResult:
    held, faults = session.held(), session.faults()
    data = sent(held, page, listening=listening, address=address, faults=faults, rooms=ROOMS, **parts)
    # As bytes: anything else Streamlit writes as JSON twice, once to tell whether it is the same.
    told = f"{json.dumps(data)[:-1]}, {lesson[1:]}".encode()
    return _COMPONENT(key=session.STAGE, data=told, on_commit_change=session.hear_commit, on_opened_change=lambda: None)


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
