"""A page as code: the example on screen as a program, and the core functions that computed it.

Both stand in expanders that compute nothing while they are closed.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import ArrayLike

from pages.parts.stage import session
from xent_core.snippets import LIBRARIES, Loss, snippet

LOSS_NAMES = {"categorical": "Categorical", "bernoulli": "Bernoulli", "clipped": "Clipped"}
COPY, BEHIND = "copy as code", "code behind"


def is_open() -> bool:
    """Whether a program stands on the page that has to follow the example."""
    return bool(st.session_state.get(COPY))


def copy_as_code(*losses: Loss, in_precision: bool = False) -> None:
    """The example on screen as a short program that prints its loss: in float64, or in the precision chosen."""
    example = session.current()
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
    with st.expander("Copy as code", key=COPY, icon=":material/content_copy:", on_change="rerun") as expander:
        if not expander.open:
            return
        loss = losses[0]
        if len(losses) > 1:
            loss = st.segmented_control("Loss", losses, default=loss, required=True, format_func=LOSS_NAMES.get)
        library = st.segmented_control(
            "Library", list(LIBRARIES), default="numpy", required=True, format_func=lambda key: LIBRARIES[key].name
        )
        with drawn("program"):
            program = snippet(library, logits, targets, loss=loss, **settings)
            if program is None:
                st.markdown(
                    f"{LIBRARIES[library].name} has no loss that gives this number: it takes one-hot targets only."
                )
            else:
                st.code(program, language=None, wrap_lines=True)


@contextmanager
def drawn(name: str) -> Iterator[None]:
    """What is drawn from the example: it ends with that one's mark, and shows while it is the browser's too."""
    with st.container(key=f"drawn-{name}"):
        yield
        st.html(f'<i data-drawn="{session.held().mark}"></i>')


def behind(*functions: Callable[..., Any], twins: str) -> None:
    """The core functions that just ran, and their twins in the frameworks."""
    label = "The code behind this page"
    with st.expander(label, key=BEHIND, icon=":material/code:", on_change="rerun") as expander:
        if not expander.open:
            return
        for function in functions:
            st.code(_source(function), language=None, wrap_lines=True)
        st.markdown("In the frameworks")
        st.code(twins.strip(), language=None, wrap_lines=True)


_source = cache(inspect.getsource)
