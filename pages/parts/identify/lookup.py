"""What the Identify page is made of: what the reader asks, the data it may come from, and what an answer looks like."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from html import escape

import numpy as np
import streamlit as st

from pages.parts.batch import batch
from pages.parts.batch import controls as batch_controls
from pages.parts.batch.batch import Batch
from pages.parts.drawing.figures import LOSS
from pages.parts.drawing.numbers import shown
from pages.parts.page.prose import plain
from pages.parts.stage import session
from pages.parts.stage.example import Example
from xent_core.fingerprints import Fingerprint
from xent_core.identify import (
    MOST_CLASSES,
    Answer,
    Candidate,
    Identification,
    Origin,
    candidates,
)
from xent_core.typed_number import LONGEST_TEXT, TypedNumber

DATA = {
    "none": "No data",
    "example": "The example",
    "batch": "The batch",
    "article": "The article’s batch",
    "own": "Your own numbers",
}
MOST_LISTED = 40  # of the answers after the best
BEST = 5

seed = cache(batch.seed)


# What is asked.


def ask() -> tuple[str, int | None, str]:
    """The text typed, the number of classes if it is told, and the key in DATA of the data to search.

    The first text of a session is the address's `loss`; later the reader's own and the buttons' (see `look_up`).
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = _ask_loss()
        classes = _ask_classes() if st.session_state.get("data", "none") == "none" else None
    data = st.segmented_control(
        "The data it was computed on",
        DATA,
        default="none",
        required=True,
        format_func=DATA.get,
        key="data",
        persist_state="session",
    )
    if data == "own":
        batch_controls.own_numbers("every loss of them is tried", expanded=True)
    return text, classes, data


def _ask_loss() -> str:
    return st.text_input(
        "The loss in your log",
        "" if "loss" in st.session_state else st.query_params.get("loss", "")[:LONGEST_TEXT],
        key="loss",
        placeholder="2.3026, 1e-7, nan …",
        max_chars=LONGEST_TEXT,
        width=300,
        persist_state="session",
    )


def _ask_classes() -> int | None:
    return st.number_input(
        "Number of classes n, if you know it",
        1,
        MOST_CLASSES,
        None,
        key="classes",
        placeholder="any",
        width=300,
        persist_state="session",
    )


def look_up(text: str, classes: int | None, data: str) -> None:
    """Ask this in the reader's place: meant as a button's `on_click`."""
    st.session_state.update({"loss": text, "classes": classes, "data": data})


def try_this(look: str, texts: Iterable[str], data: str = "none") -> None:
    """A row of numbers to look up, after what they are."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(look, width="content")
        for text in texts:
            session.button(text, partial(look_up, text, None, data))


# Where it may come from.


def known(data: str) -> tuple[Batch | None, tuple[Candidate, ...]]:
    """The data chosen, and every way to compute a loss on them, which is done once for each data."""
    source = _source(data)
    return session.kept("known", source, lambda: _tried(source))


def _tried(source: Example | Batch | None) -> tuple[Batch | None, tuple[Candidate, ...]]:
    given = _example(source) if isinstance(source, Example) else source
    return given, candidates(given.matrix, given.distributions(), given.kind) if given else ()


def _source(data: str) -> Example | Batch | None:
    match data:
        case "example":
            return session.current()
        case "batch":
            return batch_controls.held().batch
        case "article":
            return seed()
        case "own":
            own = st.session_state.get("own batch")
            return own if own is batch_controls.held().batch else None


def _example(example: Example) -> Batch:
    """The example as a batch of one row, its temperature in its logits."""
    scaled = replace(example, logits=tuple(logit / example.temperature for logit in example.logits))
    return Batch(scaled.rounded_logits[np.newaxis], np.array([example.targets]), "logits")


def base_of(found: Identification | None) -> float:
    """The base of the logarithm in the best answer."""
    best = found.answers[0].origins[0] if found and found.answers else None
    return best.base if isinstance(best, Candidate) else math.e


# What is found.


def tell(found: Identification) -> None:
    """The verdict, the number among all values that were tried, the best answers, and the rest in an expander."""
    answers = found.answers or (() if found.sources else found.nearest)
    st.header(_verdict(found), anchor=False)
    if math.isfinite(found.number.value):
        _neighbourhood(found)
    for answer in answers[:BEST]:
        _card(_value(answer, found.number), _answer(answer))
    if rest := answers[BEST:]:
        with st.expander(f"{len(rest)} more"):
            st.markdown("\n".join(map(_line, rest[:MOST_LISTED])))
    if answers and found.sources:
        with st.expander(f"Where else {found.number.text} comes from"):
            st.markdown("\n\n".join(map(_cause, found.sources)))
    else:
        for source in found.sources:
            _card("", _cause(source))


def _verdict(found: Identification) -> str:
    count, strong = len(found.answers), sum(not answer.weak for answer in found.answers)
    text = plain(found.number.text)
    if not math.isfinite(found.number.value):
        return f"This data gives {text}" if count else f"Where {text} comes from"
    if found.status == "nothing":
        return "A loss below 0" if found.sources else f"Nothing known gives {text}"
    fit = "One value fits" if count == 1 else f"{count} values fit"
    if strong == count:
        return fit
    return f"{fit}, {strong or 'none' if count > 1 else 'no'} better than chance"


def _neighbourhood(found: Identification) -> None:
    """What the digits leave open, in words and as a picture."""
    number, red = found.number, found.answers or found.nearest
    data = next((f" with {_data(origin)}" for origin in found.tried if isinstance(origin, Candidate)), "")
    fate = "those in red fit, those in grey do not" if found.answers else "none fits, and the nearest three are red"
    st.markdown(
        f"**{plain(number.text)}** is any number from {plain(_digits(number.low))} to {plain(_digits(number.high))}, "
        f"the shaded band. {len(found.tried):,} values were tried{data}: {fate}."
    )
    st.html(number_line(number, [origin.value for origin in found.tried], [answer.value for answer in red]))


def _data(origin: Candidate) -> str:
    return f"{origin.batch.rows:,} × {origin.batch.classes:,} {origin.batch.kind}"


def _digits(value: float) -> str:
    """Without the slack that the interval has for rounding."""
    return f"{value:.8g}".replace("-", "−")


def _card(left: str, right: str) -> None:
    with st.container(border=True):
        if left:
            narrow, wide = st.columns([1, 3])
            narrow.markdown(left)
            wide.markdown(right)
        else:
            st.markdown(right)


def _value(answer: Answer, number: TypedNumber) -> str:
    """The value in full, and how much it proves."""
    if not math.isfinite(answer.value):
        return ""
    value = f":red[**{plain(f'{answer.value:.16g}'.replace('-', '−'))}**]  \n"
    if not number.fits(np.array([answer.value]))[0]:
        away = answer.value - number.value
        return value + f":small[{shown(abs(away))} {'above' if away > 0 else 'below'}]"
    weak = ":orange-badge[weak] " if answer.weak else ""
    return f"{value}{weak}:small[{_chance(answer)}]"


def _chance(answer: Answer) -> str:
    return f"matches by chance: {f'{answer.chance:.2g}' if answer.chance >= 0.001 else 'under 0.001'}"


def _answer(answer: Answer) -> str:
    """What would give this value, what it means, and what to do; then the call, and what else would give it."""
    best, *others = answer.origins
    told = [_cause(best)]
    if answer.conventions:
        first = answer.conventions[0]
        libraries = dict.fromkeys(convention.library for convention in answer.conventions)
        also = [library for library in libraries if library not in (first.library, "By hand")]
        same = f"  \n:small[The same value: {', '.join(also)}.]" if also else ""
        told.append(f"{'' if isinstance(best, Candidate) else 'On this data: '}`{first.call}`{same}")
    return "\n\n".join([*told, *(_cause(other) for other in others if isinstance(other, Fingerprint))])


def _cause(origin: Origin) -> str:
    return f"**{plain(origin.title)}**  \n{plain(origin.meaning)}  \n**Next:** {plain(origin.next_step)}"


def _line(answer: Answer) -> str:
    """An answer in short."""
    value = f":red[{plain(f'{answer.value:.7g}'.replace('-', '−'))}] " if math.isfinite(answer.value) else ""
    chance = f" :small[({_chance(answer)})]" if value else ""
    return f"- {value}**{plain(answer.title)}.** {plain(answer.meaning)}{chance}"


def number_line(number: TypedNumber, values: Iterable[float], red: Sequence[float]) -> str:
    """HTML: around the number the interval typed as a band, red ticks for some values, grey ones for all others near.

    Positions are in percent of the width; grey ticks closer than a quarter of one are drawn as one.
    """
    reach = 1.05 * max(2.5 * (number.high - number.low), *(abs(value - number.value) for value in red))
    low, high = (_place(value, number, reach) for value in (number.low, number.high))
    grey = {round(4 * _place(value, number, reach)) / 4 for value in values if abs(value - number.value) <= reach}
    ticks = [f'<i style="left: {place}%"></i>' for place in sorted(grey)]
    ticks += [f'<b style="left: {_place(value, number, reach):.2f}%"></b>' for value in red]
    told = f"A number line around {number.text}: {len(red)} red ticks, {len(grey)} grey ones within {reach:.3g} of it"
    return (
        f'<div class="line" style="--loss-fill: {LOSS}" role="img" aria-label="{escape(told)}">'
        f'<div><u style="left: {low:.2f}%; width: {high - low:.2f}%"></u>{"".join(ticks)}</div>'
        f'<span style="right: {100 - low:.2f}%">{_digits(number.low)}</span>'
        f'<span style="left: {high:.2f}%">{_digits(number.high)}</span></div>'
    )


def _place(value: float, number: TypedNumber, reach: float) -> float:
    return 50 + 50 * (value - number.value) / reach
