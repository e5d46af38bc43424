"""The rows of a comparison as HTML: one disclosure for each call, grouped by library.

Everything written here is the core's own text and numbers; nothing that a reader typed comes near it.
"""

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape

from pages.parts.drawing.figures import LOSS
from pages.parts.drawing.numbers import shown
from pages.parts.frameworks.comparison import BY_LIBRARY, Given, Line, told
from xent_core.libraries.convention import Convention
from xent_core.libraries.words import in_short

MODULES = re.compile(r"\b(?:tf|np|jnp|torch|keras|optax|sklearn|scipy)(?:\.[a-z]\w*)*\.(?=\w+\()")
GRADIENT_BADGES = {
    "nan": "gradient nan",
    "infinite": "gradient ∞",
    "zero": "gradient exactly 0",
    "partly_zero": "gradient 0 in some rows",
}
GRADIENT_WORDS = {"none": "The library has none.", "zero": "Exactly 0.", "partly_zero": "Exactly 0 in some rows."}
SEARCHED = ("Call", "Constants", "Note", "Instead", "Source")
DIVISORS = {"rows": "the number of rows, m", "entries": "the number of entries, m·n", "one": "nothing: a sum"}


def rows(given: Given, lines: Sequence[Line]) -> str:
    """Markdown with HTML that draws these lines.

    Every convention has its place, empty where it isn't among the lines: a row that the reader has opened stays
    open, and no other opens in its stead, whatever the filters do.
    """
    by_id = {line.convention.id: line for line in lines}
    longest = max((abs(line.difference) for line in lines if math.isfinite(line.difference)), default=0) or 1.0
    parts = [f'<div class="calls" style="--loss-fill: {LOSS}">', _head()]
    for library, conventions in BY_LIBRARY.items():
        group = [by_id.get(convention.id) for convention in conventions]
        hidden = "" if any(group) else " hidden"
        parts.append(f'<h2 class="heading-library-{library.name}"{hidden}>{escape(library)}</h2>')
        parts += [_row(line, given, longest) if line else "<details hidden></details>" for line in group]
    return "\n".join([*parts, "</div>"])


def _head() -> str:
    return '<div class="head"><span>loss</span><span>difference</span><span></span><span>call</span></div>'


def _row(line: Line, given: Given, longest: float) -> str:
    """A summary, a blank line, so that the formula is read as Markdown, and the rest."""
    return (
        f'<details class="{_marks(line)}"><summary>{_summary(line, longest)}</summary>'
        f"\n\n${line.convention.formula}$\n\n<dl>{_facts(line, given)}</dl></details>"
    )


def _marks(line: Line) -> str:
    """What the page's search tells a row by: its own name first."""
    convention = line.convention
    marks = [_name(convention), f"library-{convention.library.name}", f"takes-{convention.takes}"]
    told = {"equal": line.difference == 0, "differing": line.differs, "mistake": convention.mistake is not None}
    return " ".join([*marks, *(name for name, holds in told.items() if holds)])


@cache
def _name(convention: Convention) -> str:
    return f"call-{convention.id.replace('.', '-')}"


def _summary(line: Line, longest: float) -> str:
    convention = line.convention
    badges = f"<i>mistake</i>{_badge(line)}" if convention.mistake else _badge(line)
    why = f"<span class=why>{escape(line.why)}</span>" if line.difference != 0 or convention.mistake else ""
    return (
        f"<span class=loss>{shown(line.loss)}</span><span class=difference>{_difference(line.difference)}</span>"
        f"<span class=track>{_bar(line.difference, longest)}</span>"
        f"<span class=call><code>{_short(convention)}</code>{badges}{why}</span>"
    )


def _difference(difference: float) -> str:
    if difference == 0:
        return "equal"
    return f"+{shown(difference)}" if difference > 0 else shown(difference)


def _bar(difference: float, longest: float) -> str:
    """From the middle, to the left where the loss is less than the plain one; none for nan."""
    if math.isnan(difference) or difference == 0:
        return ""
    share = 50 if math.isinf(difference) else 50 * abs(difference) / longest
    start = 50 if difference > 0 else 50 - share
    endless = " class=endless" if math.isinf(difference) else ""
    return f'<b{endless} style="left: {start:.1f}%; width: {share:.1f}%"></b>'


def _badge(line: Line) -> str:
    text = GRADIENT_BADGES.get(line.gradient_status, "another gradient" if line.due is not None else "")
    return text and f"<em>{text}</em>"


@cache
def _short(convention: Convention) -> str:
    """The call without the names of modules, which the library's heading says."""
    return escape(MODULES.sub("", convention.call))


def _facts(line: Line, given: Given) -> str:
    return "".join(
        f"<dt>{name}</dt><dd{' class=said' * (name in SEARCHED)}>{text}</dd>" for name, text in _told(line, given)
    )


def _told(line: Line, given: Given) -> Iterator[tuple[str, str]]:
    convention = line.convention
    yield "Call", f"<code>{escape(convention.call)}</code>"
    yield "Takes", _taken(convention, given)
    yield "Constants", _constants(convention)
    yield "Divides by", DIVISORS[convention.divides_by]
    yield f"Gradient by {given.sign}", _gradient(line)
    yield "Note", escape(convention.note)
    if convention.fix:
        yield "Instead", escape(convention.fix)
    yield "Source", escape(f"{convention.version}, {convention.source}")


def _taken(convention: Convention, given: Given) -> str:
    predictions = "logits z" if convention.takes == "logits" else "probabilities q"
    softened = convention.takes == "probabilities" and given.batch.kind == "logits"
    made = f": here softmax({given.sign})" if softened else ""
    targets = "labels y" if convention.targets == "labels" else "targets p"
    return f"{targets} and {predictions}{made}"


def _constants(convention: Convention) -> str:
    return escape(", ".join(_named_constants(convention))) or "none"


def _named_constants(convention: Convention) -> Iterator[str]:
    if convention.clip:
        low = "ε" if convention.clip.low is None else in_short(convention.clip.low)
        yield f"clips to [{low}, {f'1 − {low}' if convention.clip.symmetric else '1'}]"
    if convention.log_low is not None:
        yield f"clips the logarithm at {convention.log_low:g}"
    if convention.added:
        yield f"adds {in_short(convention.added)}"
    if convention.smoothing:
        yield f"smoothing {convention.smoothing}"
    if convention.base is not None:
        yield f"base {convention.base:g}"
    if convention.dtype:
        yield f"dtype {convention.dtype}"
    if convention.renormalises:
        yield "divides by the sum of the row"


def _gradient(line: Line) -> str:
    words = GRADIENT_WORDS.get(line.gradient_status, "")
    if line.gradient is None:
        return words
    figures = "<br>".join(f"<span class=gradient>{row}</span>" for row in told(line.gradient))
    if line.due is not None:
        due = "; ".join(told(line.due))
        figures += f"<br>The plain cross-entropy’s is <span class=gradient>{due}</span>."
    return f"{words} {figures}"
