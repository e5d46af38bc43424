"""The rows of a comparison: as HTML a disclosure for each call, grouped by library, and the numbers that go into it.

The browser puts the numbers in, and the formula of a row once it is opened. Everything written
here is the core's own text and numbers; nothing that a reader typed comes near it.
"""

import math
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from html import escape

from pages.parts.drawing.figures import LOSS
from pages.parts.drawing.numbers import shown
from pages.parts.frameworks.comparison import BY_LIBRARY, OLDER, Given, Line, different_losses, left_out, lines, told
from xent_core.conventions import CONVENTIONS
from xent_core.libraries.convention import Convention, Kind
from xent_core.libraries.words import CONSTANTS, DIVISORS, in_short, releases

MODULES = re.compile(
    r"\b(?:tf|np|jnp|torch|torchvision|transformers|keras|optax|sklearn|scipy)(?:\.[a-z]\w*)*\.(?=\w+\()"
)
GRADIENT_BADGES = {
    "nan": "gradient nan",
    "infinite": "gradient ∞",
    "zero": "gradient exactly 0",
    "partly_zero": "gradient 0 in some rows",
}
GRADIENT_WORDS = {"none": "The library has none.", "zero": "Exactly 0.", "partly_zero": "Exactly 0 in some rows."}
SIGN = "<span class=sign></span>"  # how the predictions are named: the browser's to fill
HEAD = '<div class="head"><span>loss</span><span>difference</span><span></span><span>call</span></div>'


@cache
def places(kind: Kind) -> str:
    """Markdown with HTML in which each call has its place, without its numbers: the same for all inputs of a kind.

    What an input does not fit the browser hides: so a row that the reader has opened stays open, and no other opens in
    its stead.
    """
    parts = [f'<div class="calls" style="--loss-fill: {LOSS}">', HEAD]
    for library, conventions in BY_LIBRARY.items():
        parts.append(f'<h2 class="heading-library-{library.name}">{escape(library)}</h2>')
        parts += [
            "<details hidden></details>"
            if kind == "probabilities" and convention.takes == "logits"
            else _place(convention, kind)
            for convention in conventions
        ]
    return "\n".join([*parts, "</div>"])


def formulas(names: Collection[str]) -> str:
    """Markdown with the formulas of the calls with these names, which the browser puts into their places."""
    parts = [
        f'<div class="{name}">\n\n${convention.formula}$\n\n</div>'
        for convention in CONVENTIONS.values()
        if (name := name_of(convention)) in names
    ]
    return "\n".join(['<div class="formulas">', *parts, "</div>"])


def _place(convention: Convention, kind: Kind) -> str:
    """A summary, and what is told once the row is open."""
    facts = "".join(f"<dt>{name}</dt><dd{mark}>{text}</dd>" for name, mark, text in _told(convention, kind))
    return (
        f'<details class="{_marks(convention)}"><summary>{_summary(convention)}</summary>'
        f"<div class=formula></div><dl>{facts}</dl></details>"
    )


def _marks(convention: Convention) -> str:
    """What the page's search tells a row by: its own name first."""
    marks = [
        name_of(convention),
        f"library-{convention.library.name}",
        f"task-{convention.task.name}",
        f"takes-{convention.takes}",
    ]
    if convention.mistake:
        marks.append("mistake")
    if convention.until:
        marks.append("old")
    marks += [
        f"release-{name}"
        for name, (library, release, _) in OLDER.items()
        if library is convention.library and convention.holds_in(release)
    ]
    return " ".join(marks)


def name_of(convention: Convention) -> str:
    """What a call's row is called in the page."""
    return f"call-{convention.id.replace('.', '-')}"


def _summary(convention: Convention) -> str:
    mistake = "<i>mistake</i>" if convention.mistake else ""
    return (
        "<span class=loss></span><span class=difference></span><span class=track><b hidden></b></span>"
        f"<span class=call><code>{_short(convention)}</code>{mistake}<em></em><span class=why></span></span>"
    )


def answer(given: Given) -> dict[str, object]:
    """What all calls return for an input, as JSON: the browser puts it into their places."""
    calls = lines(given)
    newest = [line for line in calls if not line.convention.until]
    return {
        "sign": given.sign,
        "plain": shown(given.batch.plain),
        "calls": len(newest),
        "different": different_losses(newest),
        "left_out": left_out(given),
        "figures": figures(calls),
    }


def figures(calls: Sequence[Line]) -> dict[str, tuple[object, ...]]:
    """The numbers of each line and what is said of them, by the name of its row."""
    longest = max((abs(line.difference) for line in calls if math.isfinite(line.difference)), default=0) or 1.0
    return {name_of(line.convention): _figures(line, longest) for line in calls}


def _figures(line: Line, longest: float) -> tuple[object, ...]:
    """In the order in which `fill.js` takes them: names would be a third of what goes down in every run."""
    return (
        shown(line.loss),
        _difference(line.difference),
        _bar(line.difference, longest),
        GRADIENT_BADGES.get(line.gradient_status, "another gradient" if line.due is not None else ""),
        "" if line.difference == 0 and not line.convention.mistake else line.why,
        GRADIENT_WORDS.get(line.gradient_status, ""),
        () if line.gradient is None else told(line.gradient),
        () if line.due is None else told(line.due),
        line.differs,
    )


def _difference(difference: float) -> str:
    if difference == 0:
        return "equal"
    return f"+{shown(difference)}" if difference > 0 else shown(difference)


def _bar(difference: float, longest: float) -> float | str | None:
    """How far it reaches from the middle, of the longest: less than 0 where the loss is less than the plain one.

    0 where the losses are equal, None where one is nan.
    """
    if math.isnan(difference):
        return None
    return "endless" if math.isinf(difference) else round(difference / longest, 3)


@cache
def _short(convention: Convention) -> str:
    """The call without the names of modules, which the library's heading says."""
    return escape(MODULES.sub("", convention.call))


def _told(convention: Convention, kind: Kind) -> Iterator[tuple[str, str, str]]:
    """What a row opens to: each fact with its name, and whether it is searched, or the browser's to fill."""
    said = " class=said"
    yield "Call", said, f"<code>{escape(convention.call)}</code>"
    yield "Takes", "", _taken(convention, kind)
    yield "Constants", said, escape(", ".join(_named_constants(convention))) or "none"
    yield "Divides by", "", DIVISORS[convention.divides_by]
    yield f"Gradient by {SIGN}", " class=slope", ""
    yield "Note", said, escape(convention.note)
    if convention.fix:
        yield "Instead", said, escape(convention.fix)
    if convention.since or convention.until:
        yield "Releases", said, escape(releases(convention))
    yield "Source", said, escape(f"{convention.version}, {convention.source}")


def _taken(convention: Convention, kind: Kind) -> str:
    predictions = "logits z" if convention.takes == "logits" else "probabilities q"
    softened = convention.takes == "probabilities" and kind == "logits"
    made = f": here softmax({SIGN})" if softened else ""
    targets = "labels y" if convention.targets == "labels" else "targets p"
    return f"{targets} and {predictions}{made}"


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
    yield from (CONSTANTS[extra] for extra in convention.extras if extra in CONSTANTS)
