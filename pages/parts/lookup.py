"""What the Identify page is made of: what the reader asks, the data it may come from, and what an answer looks like."""

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import numpy as np
import streamlit as st

from pages.parts import batch, batch_controls, state
from pages.parts.batch import Batch
from pages.parts.example import Example
from pages.parts.frame import plain
from pages.parts.numbers import shown
from xent_core.fingerprints import Fingerprint, fingerprints
from xent_core.identify import (
    LONGEST_TEXT,
    MOST_CLASSES,
    Answer,
    Candidate,
    Identification,
    TypedNumber,
    candidates,
)

DATA = {
    "none": "No data",
    "example": "The example",
    "batch": "The batch",
    "article": "The article’s batch",
    "own": "Your own numbers",
}
MOST_LISTED = 40
LINE_WIDTH = 1000
_LINE = """\
<div role="img" aria-label="{told}" style="position: relative; height: 4.2rem; font-variant-numeric: tabular-nums">
<svg viewBox="0 0 1000 1" preserveAspectRatio="none" width="100%" height="40" style="overflow: visible">
<rect x="{start:.1f}" width="{width:.1f}" height="1" fill="#D55E00" fill-opacity=".16"/>
<g fill="none" stroke="currentColor" stroke-opacity=".45"><path d="{grey}" vector-effect="non-scaling-stroke"/></g>
<path d="{red}" fill="none" stroke="#D55E00" stroke-width="4" vector-effect="non-scaling-stroke"/>
<path d="M0 1H1000" stroke="currentColor" vector-effect="non-scaling-stroke"/>
</svg>
<span style="position: absolute; top: 2.7rem; right: {before:.2f}%">{low}</span>
<span style="position: absolute; top: 2.7rem; left: {after:.2f}%">{high}</span>
</div>"""

seed = cache(batch.seed)


# What is asked.


def ask() -> tuple[str, int | None, str]:
    """The text typed, the number of classes if it is told, and the key in DATA of the data to search.

    The first text of a session is the address's `loss`; later the reader's own and the buttons' (see `look_up`).
    """
    st.session_state.setdefault("loss", st.query_params.get("loss", "")[:LONGEST_TEXT])
    st.session_state.setdefault("data", "none")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input(
            "The loss in your log",
            key="loss",
            placeholder="2.3026, 1e-7, nan …",
            max_chars=LONGEST_TEXT,
            width=300,
            persist_state="session",
        )
        classes = st.number_input(
            "Number of classes n, if you know it",
            1,
            MOST_CLASSES,
            None,
            key="classes",
            placeholder="any" if st.session_state["data"] == "none" else "the data’s",
            disabled=st.session_state["data"] != "none",
            width=300,
            persist_state="session",
        )
    data = st.segmented_control(
        "The data it was computed on", DATA, required=True, format_func=DATA.get, key="data", persist_state="session"
    )
    if data == "own":
        batch_controls.own_numbers()
    return text, classes, data


def look_up(text: str, classes: int | None, data: str) -> None:
    """Ask this in the reader's place: meant as a button's `on_click`."""
    st.session_state.update({"loss": text, "classes": classes, "data": data})


def try_this(look: str, texts: Iterable[str], data: str = "none") -> None:
    """A row of numbers to look up, after what they are."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(look, width="content")
        for text in texts:
            st.button(text, on_click=look_up, args=(text, None, data))


# Where it may come from.


def known(data: str) -> tuple[Candidate, ...]:
    """Every way to compute a loss on the data chosen, computed once for each data."""
    source = _source(data)
    before, found = st.session_state.get("known", (None, ()))
    if source != before:
        found = () if source is None else _candidates(source)
        st.session_state["known"] = (source, found)
    return found


def _source(data: str) -> Example | Batch | None:
    match data:
        case "example":
            return state.current()
        case "batch":
            return batch_controls.held().batch
        case "article":
            return seed()
        case "own":
            return st.session_state.get("own batch")


def _candidates(source: Example | Batch) -> tuple[Candidate, ...]:
    if isinstance(source, Batch):
        return candidates(source.matrix, source.distributions(), source.kind)
    scaled = replace(source, logits=tuple(logit / source.temperature for logit in source.logits))
    return candidates(scaled.rounded_logits, source.targets)


# What is found.


def tell(found: Identification, origins: tuple[Candidate, ...], classes: int | None, most: int) -> None:
    """The verdict, the number among its neighbours, the best answers, and the rest in an expander."""
    number, best, rest = found.number, found.answers[:most], found.answers[most:]
    st.header(_verdict(found), anchor=False)
    if math.isfinite(number.value):
        st.markdown(_interval(number, origins))
        fitting = [answer.value for answer in (*found.answers, *found.nearest)]
        st.html(number_line(number, [known.value for known in (*origins, *fingerprints(classes))], fitting))
    for answer in best or (found.nearest if not found.sources else ()):
        _card(answer, number)
    if found.sources and best:
        with st.expander(f"Where {number.text} comes from in general"):
            st.markdown("\n\n".join(map(_source_told, found.sources)))
    else:
        for source in found.sources:
            with st.container(border=True):
                st.markdown(_source_told(source))
    if rest:
        with st.expander(f"{len(rest)} more"):
            st.markdown(_table(rest[:MOST_LISTED]))


def _verdict(found: Identification) -> str:
    count, text = len(found.answers), plain(found.number.text)
    if not math.isfinite(found.number.value):
        return f"This data gives {text}" if count else f"Where {text} comes from"
    if found.sources and not count:
        return "A loss below 0"
    if found.status == "nothing":
        return f"Nothing known gives {text}: the nearest three"
    values = "One value fits" if count == 1 else f"{count} values fit"
    return f"{values}, no better than chance" if found.status == "weak" else f"{values}"


def _interval(number: TypedNumber, origins: tuple[Candidate, ...]) -> str:
    """What the digits leave open, and what was tried."""
    tried = f", and {len(origins)} losses of this data" if origins else ""
    return (
        f"**{plain(number.text)}** is any number from {plain(_digits(number.low))} to {plain(_digits(number.high))}. "
        f"Tried: the known fingerprints{tried}."
    )


def _digits(value: float) -> str:
    """Without the slack that the interval has for rounding."""
    return f"{value:.8g}".replace("-", "−")


def _card(answer: Answer, number: TypedNumber) -> None:
    with st.container(border=True):
        st.subheader(plain(answer.title), anchor=False)
        st.markdown(
            "  \n".join(filter(None, (_evidence(answer, number), plain(answer.meaning), _origin(answer))))
            + f"\n\n**Next:** {plain(answer.next_step)}"
        )


def _evidence(answer: Answer, number: TypedNumber) -> str:
    """The value in full, and how much it proves."""
    if not math.isfinite(answer.value):
        return ""
    value = f":red[**{plain(f'{answer.value:.16g}')}**]"
    if not number.fits(np.array([answer.value]))[0]:
        away = answer.value - number.value
        return f"{value} is {shown(abs(away))} {'above' if away > 0 else 'below'}"
    weak = " :orange-badge[weak]" if answer.weak else ""
    return f"{value} · by chance alone: {_chance(answer)} such matches{weak}"


def _chance(answer: Answer) -> str:
    return f"{answer.chance:.3f}" if answer.chance >= 0.0005 else "under 0.001"


def _origin(answer: Answer) -> str:
    """The call that gives the value, who else gives it, and what else it may be."""
    best, *others = answer.origins
    told = []
    if isinstance(best, Candidate):
        told.append(f"From `{best.convention.call}`.")
        libraries = [convention.library for convention in answer.conventions]
        also = [library for library in dict.fromkeys(libraries) if library != best.convention.library]
        if also:
            told.append(f"The same value: {', '.join(also)}.")
    told += [f"Or {plain(other.title)}. {plain(other.meaning)}" for other in others if isinstance(other, Fingerprint)]
    return "  \n".join(told)


def _source_told(source: Fingerprint) -> str:
    return f"**{plain(source.title)}**  \n{plain(source.meaning)}  \n**Next:** {plain(source.next_step)}"


def _table(answers: Iterable[Answer]) -> str:
    rows = (
        (f":red[{plain(f'{answer.value:.7g}')}]", plain(answer.title), plain(answer.meaning), _chance(answer))
        for answer in answers
    )
    table = [("value", "what", "meaning", "by chance"), ("---",) * 4, *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in table)


def number_line(number: TypedNumber, values: Iterable[float], fitting: Iterable[float]) -> str:
    """HTML: the interval typed as a band on a line, the values that fit as long red ticks, the others in grey."""
    width = number.high - number.low
    left, right = min([number.low - 2 * width, *fitting]), max([number.high + 2 * width, *fitting])
    near = [value for value in values if left <= value <= right]
    start, end = ((bound - left) / (right - left) for bound in (number.low, number.high))
    return _LINE.format(
        told=f"{len(near)} known values between {left:.6g} and {right:.6g}",
        start=LINE_WIDTH * start,
        width=LINE_WIDTH * (end - start),
        grey=_ticks(near, left, right),
        red=_ticks(fitting, left, right),
        low=_digits(number.low),
        high=_digits(number.high),
        before=100 * (1 - start),
        after=100 * end,
    )


def _ticks(values: Iterable[float], left: float, right: float) -> str:
    """An SVG path with one vertical line for each value, or for those too close to be told apart."""
    places = {round(LINE_WIDTH * (value - left) / (right - left)) for value in values}
    return "".join(f"M{place} 0V1" for place in sorted(places))
