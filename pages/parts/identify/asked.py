"""What an address asks of Identify: the text, what is known beside it, which number is taken, and the card of a link.

Nothing here knows the screen.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from xent_core.identify import Context, Precision
from xent_core.identify.choice import Identification, identify
from xent_core.identify.context import MOST
from xent_core.identify.words import card_title, verdict
from xent_core.libraries.convention import Library

LONGEST_IN_LINK = 1500
"""Characters of a text that a link holds; of a longer one it holds the number that was taken."""


def _whole(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST:
        raise ValueError
    return number


def _share(text: str) -> float:
    number = float(text)
    if not (math.isfinite(number) and 0 <= number < 1):
        raise ValueError
    return number


LIBRARY_KEYS = {"by-hand": Library.BY_HAND, "jax": Library.OPTAX} | {
    library.value.lower(): library for library in Library if library not in (Library.BY_HAND, Library.OPTAX)
}


@dataclass(frozen=True)
class Known:
    """One thing known beside the number: its parameter in an address, and its field of the context."""

    parameter: str
    field: str
    read: Callable[[str], Any]
    expected: str


KNOWN = (
    Known("n", "classes", _whole, "a whole number from 1"),
    Known("m", "batch", _whole, "a whole number from 1"),
    Known("smoothing", "smoothing", _share, "a number from 0 to below 1"),
    Known("accumulation", "accumulation", _whole, "a whole number from 1"),
    Known("dtype", "precision", Precision, "float16, bfloat16, float32 or float64"),
    Known("library", "library", LIBRARY_KEYS.__getitem__, f"one of {', '.join(LIBRARY_KEYS)}"),
)


def read_context(query: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The fields of the context that an address names, and a sentence for each that can't be read."""
    fields, faults = {}, []
    for known in KNOWN:
        if text := query.get(known.parameter, "")[:40]:
            try:
                fields[known.field] = known.read(text)
            except (ValueError, KeyError):
                faults.append(f"{known.parameter} was ignored: expected {known.expected}.")
    return fields, faults


def written(context: Context) -> dict[str, str]:
    """The parameters that say this context; empty ones for what is not known."""
    keys = {library: key for key, library in LIBRARY_KEYS.items()}
    values = {known.parameter: getattr(context, known.field) for known in KNOWN}
    return {
        name: "" if value is None else keys[value] if isinstance(value, Library) else str(value)
        for name, value in values.items()
    }


def address(text: str, context: Context, told: Identification | None, data: str) -> dict[str, str]:
    """The parameters of a link to what is on screen: the text, or if it is long the number taken."""
    if len(text) > LONGEST_IN_LINK:
        return {"loss": told.option.number.text if told else "", "take": "", "data": data, **written(context)}
    take = told.option.key if told and told.taken != told.telling else ""
    return {"loss": text, "take": take, "data": data, **written(context)}


def card(query: Mapping[str, str]) -> tuple[str, str] | None:
    """What a link to a number says of itself, title and sentence; none where there is no number to tell of."""
    text = query.get("loss", "")[:LONGEST_IN_LINK]
    if not text.strip():
        return None
    try:
        told = identify(text, (), Context(**read_context(query)[0]), query.get("take", ""))
    except ValueError:
        return None
    return card_title(told.found), verdict(told.found)
