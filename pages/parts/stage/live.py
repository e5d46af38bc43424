"""The live table: one component in the browser, the same on every page, with the columns the page asks for.

Its mathematics (math.js), its example (model.js) and its drawing (the others) are plain JavaScript modules,
joined into the one script that the component takes.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.stage import session as state
from pages.parts.stage.example import DEFAULT_NAMES, Example

ASSETS = Path(__file__).parents[1] / "browser"
SCRIPTS = ("math.js", "model.js", "pictures.js", "controls.js", "formulas.js", "live.js")


@cache
def asset(*names: str) -> str:
    """The text of files of the assets, joined."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)


_COMPONENT = st.components.v2.component(
    "live_table", html=asset("live.html"), css=asset("live.css"), js=asset(*SCRIPTS)
)


def live_table(
    page: str,
    columns: Sequence[str] = (),
    *,
    offered: Sequence[str] = (),
    controls: Sequence[str] = (),
    losses: Sequence[str] = (),
    formulas: Sequence[str] = (),
    pictures: Sequence[str] = (),
    pictures_first: bool = False,
    logit_range: float = 10,
    address: Mapping[str, str] | None = None,
) -> None:
    """Draw the example of this session and keep its address; without columns only the address is kept.

    `columns` are the page's own, `offered` those a click adds or removes; `controls`, `losses`, `formulas` and
    `pictures` name parts of the scripts, the pictures above the table if `pictures_first`. `logit_range` is how far the
    sliders reach on either side of 0.
    """
    held = state.held()
    data = {
        "session": held.session,
        "revision": held.revision,
        "page": page,
        "example": _plain(held.example),
        "defaults": _plain(Example()),
        "names": DEFAULT_NAMES,
        "columns": columns,
        "offered": offered,
        "controls": controls,
        "losses": losses,
        "formulas": formulas,
        "pictures": pictures,
        "pictures_first": pictures_first,
        "logit_range": logit_range,
        "address": address or {},
    }
    _COMPONENT(key=state.TABLE, data=data, on_commit_change=state.take_commit)


def _plain(example: Example) -> dict[str, Any]:
    """The example as JSON can hold it: logits as text, for JSON has no -inf."""
    return {**vars(example), "logits": [str(logit) for logit in example.logits]}
