"""The frame shared by all pages: claim, buttons that set the example, questions, the code behind, neighbours."""

import inspect
import re
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import ArrayLike

from pages.parts.stage import session as state
from pages.parts.stage.example import Example
from xent_core.snippets import LIBRARIES, Loss, snippet


def plain(text: str) -> str:
    """Text that is not ours, so that Markdown shows it as it stands."""
    return re.sub(r"([!-/:-@[-`{-~])", r"\\\1", text)


LOSS_NAMES = {"categorical": "Categorical", "bernoulli": "Bernoulli"}
STYLE = """
[data-testid=stMainBlockContainer] { padding: 3.5rem clamp(1rem, 4vw, 4rem) 4rem; max-width: 88rem }
@media (max-width: 30rem) {
  [data-testid=stMarkdownContainer] :is(th, td) { padding: 0.25rem 0.3rem; font-size: 0.8125rem; white-space: normal }
}
[data-testid=stButtonGroup] button[role=radio][aria-checked=true] { /* as in the live table */
  color: inherit; background: light-dark(#F5F7FA, #1A212B); border-color: light-dark(#D5DBE3, #333D4B);
  box-shadow: inset 0 -2px light-dark(#0072B2, #2F8FD0);
}
[data-testid=stButtonGroup] [aria-checked=true] p { font-weight: 600 }
"""
# On a projector type is as large as the screen is high; a page may fill it, under the header's own buttons.
PROJECTOR_STYLE = """
[data-testid=stMainBlockContainer] { padding-block: 3.9rem 1rem; max-width: none }
[data-testid=stMainBlockContainer] h1 { padding-block: 0; font-size: 2.25rem }
@media (min-width: 60rem) { :root { font-size: clamp(14px, 2.05vh, 44px) } }
.st-key-bars text { font-size: min(0.875rem, 20px) !important } /* as the cells beside them */
"""


def style() -> None:
    """The margins of a page: the picture needs the width.

    Tables measure the size of type when they are made: where it changes, the browser is given time to hear of it.
    """
    present = state.current().present
    st.html(f"<style>{STYLE}{PROJECTOR_STYLE if present else ''}</style>")
    if st.session_state.get("presented", present) != present:
        time.sleep(0.1)
    st.session_state.presented = present


def show_faults() -> None:
    """One notice for what the address asked and did not get."""
    if faults := st.session_state.get("faults"):
        st.warning("\n\n".join(map(plain, faults)), icon=":material/link_off:")


def claim(title: str, sentence: str) -> None:
    """A page's one idea: its title, and the sentence under it; above them what was wrong with the address."""
    show_faults()
    st.title(title, anchor=False)
    st.markdown(sentence)


def end_of_picture() -> None:
    """For a projector the page ends here: the claim and the picture."""
    if state.current().present:
        st.stop()


def presets(choices: dict[str, dict[str, Any]]) -> None:
    """A row of buttons, each of which sets fields of the example."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("Show me", width="content")
        for name, fields in choices.items():
            state.button(name, partial(state.set_example, **fields))


def small_print(text: str) -> None:
    """Plain text that may be overlooked, yet has the contrast to be read (Streamlit's captions have not)."""
    st.markdown(f":small[:gray[{plain(text)}]]", width="stretch")


def note(text: str) -> None:
    """The page's prose, at a width that reads well."""
    with st.container(width=760):
        st.markdown(text)


def try_this(look: str, name: str, act: Callable[..., None] = state.set_example, *given: Any, **fields: Any) -> None:
    """A button that sets the example, or does what `act` does, beside what to look for."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        state.button(name, partial(act, *given, **fields), width=190)
        st.markdown(look, width="stretch")


def question(ask: str, solved: Callable[[Example], bool], answer: str) -> None:
    """Predict, then reveal: the answer appears once the reader has brought the example there by hand."""
    with st.container(border=True):
        if solved(state.current()):
            st.markdown(f":green[:material/check_circle:] {answer}")
        else:
            st.markdown(f":material/help: **Try it.** {ask}")


def copy_as_code(*losses: Loss, in_precision: bool = False) -> None:
    """The example on screen as a short program that prints its loss: in float64, or in the precision chosen."""
    example = state.current()
    copy_batch_as_code(
        example.rounded_logits if in_precision else np.array(example.logits),
        example.targets,
        losses,
        temperature=example.temperature,
        base=example.log_base,
        low=example.low,
        high=example.high,
        names=example.names,
    )


def copy_batch_as_code(
    logits: ArrayLike, targets: ArrayLike, losses: Sequence[Loss] = ("categorical",), **settings: Any
) -> None:
    """A program that prints the loss of these logits and targets, in the library chosen; `settings` as `snippet`.

    Of several losses the reader chooses one.
    """
    with st.expander("Copy as code", icon=":material/content_copy:"):
        loss = losses[0]
        if len(losses) > 1:
            loss = st.segmented_control("Loss", losses, default=loss, required=True, format_func=LOSS_NAMES.get)
        library = st.segmented_control(
            "Library", list(LIBRARIES), default="numpy", required=True, format_func=lambda key: LIBRARIES[key].name
        )
        program = snippet(library, logits, targets, loss=loss, **settings)
        if program is None:
            st.markdown(f"{LIBRARIES[library].name} has no loss that gives this number: it takes one-hot targets only.")
        else:
            st.code(program, language=None, wrap_lines=True)


def behind(*functions: Callable[..., Any], twins: str) -> None:
    """The core functions that just ran, in an expander, and their twins in the frameworks."""
    with st.expander("The code behind this page", icon=":material/code:"):
        for function in functions:
            st.code(_source(function), language=None, wrap_lines=True)
        st.markdown("In the frameworks")
        st.code(twins.strip(), language=None, wrap_lines=True)


_source = cache(inspect.getsource)


def neighbours(pages: list[Any], page: Any) -> None:
    """Links to the page before and the page after, and the switch for a projector."""
    i = pages.index(page)
    st.space("small")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if i > 0:
            st.page_link(pages[i - 1], label=pages[i - 1].title, icon=":material/arrow_back:")
        present = state.current().present
        state.button(
            "Leave the projector view" if present else "Projector view",
            partial(state.set_example, present=not present),
            icon=":material/present_to_all:",
            type="tertiary",
        )
        if i + 1 < len(pages):
            st.page_link(pages[i + 1], label=pages[i + 1].title, icon=":material/arrow_forward:", icon_position="right")
