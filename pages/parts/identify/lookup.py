"""What the Identify page is made of: what the reader asks, the data it may come from, and what an answer looks like."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode, urlsplit

import numpy as np
import streamlit as st

from pages.parts.batch import batch
from pages.parts.batch import controls as batch_controls
from pages.parts.batch.batch import ReadyBatch
from pages.parts.identify.asked import KNOWN, read_context
from pages.parts.page.prose import plain
from pages.parts.stage import session
from pages.parts.stage.example import Example
from xent_core.identify import Answer, Candidate, Context, Found, Precision, candidates
from xent_core.identify.choice import Identification, Option, identify
from xent_core.identify.context import MOST
from xent_core.identify.log import LONGEST
from xent_core.identify.programs import program
from xent_core.identify.words import (
    beside,
    card_title,
    conversions,
    distance,
    evidence,
    listed,
    option_label,
    sign_told,
    told,
    told_of,
    verdict,
)
from xent_core.libraries.convention import Library

DATA = {
    "none": "No data",
    "example": "The example",
    "batch": "The batch",
    "article": "The article’s batch",
    "own": "Your own numbers",
}
SHOWN, LISTED = 5, 40
"""How many answers stand on the page, and how many more in short."""

seed = cache(batch.seed)


# What is asked.


def ask() -> str:
    """The text typed or pasted: the address's at first, later the reader's own and the buttons' (see `look_up`)."""
    return st.text_area(
        "The loss in your log, or whole lines of it",
        "" if "loss" in st.session_state else st.query_params.get("loss", "")[:LONGEST],
        key="loss",
        height=68,
        placeholder="2.3026, nan, loss: 14.5063 - accuracy: 0.1000 …",
        max_chars=LONGEST,
        persist_state="session",
    )


def ask_more() -> tuple[Context, str]:
    """What else is known, and the key in DATA of the data to search; a projector shows no box for it."""
    said = given()
    known = {one.field: value for one in KNOWN if (value := _value(one.field, said)) is not None}
    data = st.session_state.get("data", said["data"])
    if session.view().present:
        return Context(**known), data
    with st.expander("What else you know: classes, batch, precision, the data …", bool(known) or data != "none"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            fields = {
                "classes": _number("classes", "Classes n, or vocabulary", said),
                "batch": _number("batch", "Examples in the batch", said),
                "smoothing": _number("smoothing", "Label smoothing", said, least=0.0, most=0.99, step=0.05),
                "accumulation": _number("accumulation", "Accumulation steps or devices", said),
                "precision": _choice("precision", "Precision", list(Precision), said),
                "library": _choice("library", "Library", list(Library), said),
            }
        data = st.segmented_control(
            "The data it was computed on",
            DATA,
            default=said["data"],
            required=True,
            format_func=DATA.get,
            key="data",
            persist_state="session",
        )
    if data == "own":
        batch_controls.own_numbers("every loss of them is tried", expanded=True)
    return Context(**fields), data


def given() -> dict[str, Any]:
    """What the address says in the session's first run, read before the claim, which tells what was wrong with it."""
    if "identify_given" not in st.session_state:
        query = st.query_params.to_dict()
        said, faults = read_context(query)
        said["data"] = data if (data := query.get("data", "")) in DATA else "none"
        said["take"] = query.get("take", "")[:100]
        st.session_state["identify_given"] = said
        session.faults().extend(faults)
    return st.session_state["identify_given"]


def _value(name: str, said: dict[str, Any]) -> Any:
    return st.session_state.get(_key(name), said.get(name))


def _key(name: str) -> str:
    return {"classes": "classes"}.get(name, f"identify {name}")


def _number(name: str, label: str, said: dict[str, Any], **bounds: Any) -> Any:
    limits = {"least": 1, "most": MOST, "step": 1} | bounds
    return st.number_input(
        label,
        limits["least"],
        limits["most"],
        None if _key(name) in st.session_state else said.get(name),
        step=limits["step"],
        key=_key(name),
        placeholder="unknown",
        width=190,
        persist_state="session",
    )


def _choice(name: str, label: str, options: Sequence[Any], said: dict[str, Any]) -> Any:
    index = options.index(said[name]) if name in said and _key(name) not in st.session_state else None
    return st.selectbox(
        label,
        options,
        index,
        key=_key(name),
        format_func=str,
        placeholder="unknown",
        width=190,
        persist_state="session",
    )


def look_up(text: str, classes: int | None, data: str) -> None:
    """Ask this in the reader's place: meant as a button's `on_click`."""
    others = {_key(known.field): None for known in KNOWN}
    st.session_state.update({**others, "loss": text, "classes": classes, "data": data})


def try_this(look: str, texts: Iterable[str], data: str = "none") -> None:
    """A row of texts to look up, after what they are."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(look, width="content")
        for text in texts:
            session.button(text, partial(look_up, text, None, data))


# Where it may come from.


def known(data: str) -> tuple[ReadyBatch | None, tuple[Candidate, ...]]:
    """The data chosen, and every way to compute a loss on them, which is done once for each data."""
    source = _source(data)
    return session.kept("known", source, lambda: _tried(source))


def _tried(source: Example | ReadyBatch | None) -> tuple[ReadyBatch | None, tuple[Candidate, ...]]:
    given = _example(source) if isinstance(source, Example) else source
    return given, candidates(given.matrix, given.distributions(), given.kind) if given else ()


def _source(data: str) -> Example | ReadyBatch | None:
    match data:
        case "example":
            return session.current()
        case "batch":
            return batch_controls.held().batch
        case "article":
            return seed()
        case "own":
            own = st.session_state.get("own_batch")
            return own if own is batch_controls.held().batch else None


def _example(example: Example) -> ReadyBatch:
    """The example as a batch of one row, its temperature in its logits."""
    scaled = replace(example, logits=tuple(logit / example.temperature for logit in example.logits))
    return ReadyBatch(scaled.rounded_logits[np.newaxis], np.array([example.targets]), "logits")


def base_of(found: Found | None) -> float:
    """The base of the logarithm in the best answer."""
    best = found.answers[0].candidates if found and found.answers else ()
    return best[0].base if best else math.e


def identified(text: str, data: Sequence[Candidate], context: Context) -> tuple[Identification, str]:
    """What is found in the text, and the key of the number to take if the reader chose another than the best.

    Raises: `ValueError`, where there is no number in the text.
    """
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
    place = f"take {digest}"
    take = chosen(place) or given()["take"]
    key = (digest, context, id(data), len(data), take)
    return session.kept("identified", key, lambda: identify(text, data, context, take)), place


def chosen(place: str) -> str:
    """The key of the number that the reader chose, if that was asked under this key of the session; else empty."""
    return st.session_state.get(place) or "" if place else ""


# What is found.


def tell(all_told: Identification, place: str) -> None:
    """The verdict, the loss in other measures, which number was taken, what the log says, and the answers."""
    found = all_told.found
    with st.container(key="verdict"):
        st.header(plain(verdict(found)), anchor=False)
        if figures := conversions(found):
            st.markdown(" &emsp; ".join(f"{sign}\u00a0=\u00a0**{plain(figure)}**" for sign, figure in figures))
    if len(all_told.options) > 1:
        _choose(all_told, place)
    for seen in all_told.seen:
        st.markdown(f":material/timeline: {plain(sign_told(seen))}")
    if more := [*beside(found.context)]:
        st.markdown(f":small[Known beside it: {plain(listed(more))}.]")
    _tell_answers(found)


def _choose(all_told: Identification, place: str) -> None:
    """Which of the numbers is taken."""
    labels = {option.key: option_label(option) for option in all_told.options}
    st.selectbox(
        f"Taken of {_count(all_told.options)}",
        list(labels),
        all_told.taken,
        format_func=labels.__getitem__,
        key=place,
        width=380,
    )


def _count(options: Sequence[Option]) -> str:
    total = sum(len(series.texts) for series in {id(one.series): one.series for one in options}.values())
    return f"{total:,} numbers"


def _tell_answers(found: Found) -> None:
    answers = found.answers
    for place, answer in enumerate(answers[:SHOWN], 1):
        with st.container(key=f"answer-{place}"):
            if place == 1:
                with st.container(border=True):
                    st.markdown(f"**{plain(told(answer, found).title)}**")
                    _tell(answer, found)
            else:
                with st.expander(plain(told(answer, found).title)):
                    _tell(answer, found)
    if rest := answers[SHOWN:]:
        with st.expander(f"{len(rest)} more"):
            st.markdown("\n".join(_line(answer, found) for answer in rest[:LISTED]))
    if found.near:
        st.markdown("**Near, and not it**")
        for origin in found.near:
            st.markdown(f"- {plain(told_of(origin, found).title)} = {plain(distance(origin, found))}")


def _tell(answer: Answer, found: Found) -> None:
    """What it means, how well it fits, what to check next, and the lines that print it."""
    words = told(answer, found)
    parts = [f"{_sentence(words.claim)} {plain(words.more)}".strip()]
    if proof := evidence(answer, found):
        parts.append(f":small[{plain(proof)}]")
    parts.append(f"**Next:** {plain(words.next_step)}")
    if answer.candidates:
        parts.append(_calls(answer))
    st.markdown("\n\n".join(parts))
    if lines := program(answer, found):
        st.code(lines, language="python", wrap_lines=True)


def _calls(answer: Answer) -> str:
    """The call that gives it, and the libraries whose calls give the same."""
    first = answer.conventions[0]
    libraries = dict.fromkeys(convention.library for convention in answer.conventions)
    also = [str(library) for library in libraries if library not in (first.library, Library.BY_HAND)]
    same = f"  \n:small[The same value: {', '.join(also)}.]" if also else ""
    return f"{'On this data: ' if answer.cause else ''}`{first.call}`{same}"


def _sentence(clause: str) -> str:
    return plain(f"{clause[:1].upper()}{clause[1:]}.")


def _line(answer: Answer, found: Found) -> str:
    """An answer in short."""
    words = told(answer, found)
    return f"- **{plain(words.title)}.** {_sentence(words.claim)}"


def share(found: Found, parameters: dict[str, str]) -> None:
    """A link to what is on screen, with what it will say."""
    with st.expander("Share this answer", icon=":material/share:"):
        st.markdown(f"**{plain(card_title(found))}**  \n{plain(verdict(found))}")
        parts = urlsplit(st.context.url or "")
        query = urlencode({name: text for name, text in parameters.items() if text and text != "none"})
        st.code(f"{parts.scheme}://{parts.netloc}{parts.path}?{query}", language=None, wrap_lines=True)
