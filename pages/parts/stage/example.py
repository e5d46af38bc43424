"""The example every page shows: what it is, how an address spells it, and what a commit does to it.

An address and a commit use one spelling, so one reader, `read_query`, guards both. Nothing here knows the screen.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
from numpy.typing import NDArray

from xent_core import one_hot

Q1, Q2 = (0.5, 0.2, 0.3), (0.8, 0.1, 0.1)  # the article’s two predictions
DEFAULT_NAMES = ("cat", "dog", "fox", "owl", "bee", "ant", "hen", "pig", "elk", "yak")
MINIMUM_CLASSES, MAXIMUM_CLASSES = 2, len(DEFAULT_NAMES)
LOGIT_LIMIT = 1e6
NAME_LENGTH = 24
PARAMETER_LENGTH = 2000
TEMPERATURES = (0.05, 20.0)
BASES = {"e": math.e, "2": 2.0, "10": 10.0}
PRECISIONS = ("float16", "float32", "float64")
COLUMNS = (
    "logit", "exp", "naive", "shifted", "probability", "clipped", "target", "categorical", "bernoulli", "gradient",
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """One prediction and its target, with the settings that a page computes it by.

    `logits` [n] may hold -inf (a probability of exactly 0); `targets` [n] sum to 1; `base` is a key of BASES;
    `low` and `high` are the clip bounds; `show` lists the columns shown, none meaning the page's own.
    """

    names: tuple[str, ...] = DEFAULT_NAMES[:3]
    logits: tuple[float, ...] = field(default_factory=lambda: logits_of(Q1))
    targets: tuple[float, ...] = (1.0, 0.0, 0.0)
    temperature: float = 1.0
    base: str = "e"
    low: float = 1e-10
    high: float = 1.0
    precision: str = "float64"
    show: tuple[str, ...] = ()
    present: bool = False

    @property
    def log_base(self) -> float:
        """The base of the logarithm as a number."""
        return BASES[self.base]

    @property
    def rounded_logits(self) -> NDArray[np.floating]:
        """The logits in the precision chosen, or in float64 where that would make one infinite."""
        largest = max(abs(logit) for logit in self.logits if logit > -math.inf)
        return np.array(self.logits, self.precision if largest < float(np.finfo(self.precision).max) else "float64")


@dataclass(frozen=True)
class Held:
    """An example as one session of the server holds it. `revision` counts the changes made by Python."""

    session: str
    example: Example = field(default_factory=Example)
    revision: int = 0


def change(held: Held, **fields: Any) -> Held:
    """The same session after Python changed fields of the example: one revision on, so that the browser follows."""
    return replace(held, example=replace(held.example, **fields), revision=held.revision + 1)


def commit(held: Held, message: Any) -> tuple[Held, list[str]]:
    """What the browser's message {session, revision, query} makes of the example held, and its faults as sentences.

    Ignored: a message of another session, one made on an older revision than Python's newest change, and what is no
    such message. The revision stays, for the browser shows this already; but one whose query has a fault leaves the
    example and raises the revision, so that the browser goes back to it.
    """
    match message:
        case {"session": held.session, "revision": int(revision), "query": str(query)} if revision >= held.revision:
            example, faults = read_query(dict(parse_qsl(query, keep_blank_values=True)))
            return (change(held), faults) if faults else (replace(held, example=example), [])
    return held, []


def read_query(query: Mapping[str, str]) -> tuple[Example, list[str]]:
    """The example that an address spells, and one sentence for each parameter that was ignored.

    Parameters not known here are somebody else's and pass in silence. The number of classes is that of the first
    sound one among z, q, p and names; what the address leaves out takes its default for that number.
    """
    values: dict[str, Any] = {}
    faults: list[str] = []
    for name, read in _READERS.items():
        if name in query:
            try:
                values[name] = read(_bounded(query[name]))
            except ValueError as fault:
                faults.append(f"{name} was ignored: {fault}.")
    if "q" in values and "z" in values:
        faults.append("q was ignored: z gives the logits already.")
        del values["q"]
    if "q" in values:
        values["z"] = values.pop("q")
    return _assemble(values, faults), faults


def logits_of(probabilities: Iterable[float]) -> tuple[float, ...]:
    """ln q, the logits whose softmax is q again; -inf where q is 0."""
    return tuple(math.log(q) if q > 0 else -math.inf for q in probabilities)


def default_logits(count: int) -> tuple[float, ...]:
    """The logits of an example whose address gives none: the seed's for three classes, else all 0."""
    seed = logits_of(Q1)
    return seed if count == len(seed) else (0.0,) * count


def _assemble(values: dict[str, Any], faults: list[str]) -> Example:
    """Put sound parameters together, dropping (with a sentence) those whose lengths differ from the first's."""
    lists = [name for name in ("z", "p", "names") if name in values]
    count = len(values[lists[0]]) if lists else len(Q1)
    for name in lists[1:]:
        if len(values[name]) != count:
            faults.append(
                f"{name} was ignored: it has {len(values[name])} entries, but {lists[0]} gives {count} classes."
            )
            del values[name]
    low, high = values.get("low", Example.low), values.get("high", Example.high)
    if low >= high:
        given = " and ".join(f"{name} {values[name]:g}" for name in ("low", "high") if name in values)
        were = "were" if "low" in values and "high" in values else "was"
        faults.append(f"{given} {were} ignored: the lower bound {low:g} must be below the upper bound {high:g}.")
        low, high = Example.low, Example.high
    return Example(
        names=values.get("names", DEFAULT_NAMES[:count]),
        logits=values.get("z", default_logits(count)),
        targets=values.get("p", tuple(one_hot([0], count)[0].tolist())),
        temperature=values.get("t", Example.temperature),
        base=values.get("base", Example.base),
        low=low,
        high=high,
        precision=values.get("precision", Example.precision),
        show=values.get("show", Example.show),
        present=values.get("present", Example.present),
    )


# What each parameter's text means; a ValueError's message completes "… was ignored: …".

_UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")  # not those of a newer Unicode, which the browser may know
_JOINERS = "\u200c\u200d"  # which Persian words, and signs of several signs, are written with
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def _bounded(text: str) -> str:
    if len(text) > PARAMETER_LENGTH:
        raise ValueError(f"it is {len(text):,} characters long, and at most {PARAMETER_LENGTH:,} were expected")
    return text


def _quoted(text: str) -> str:
    shown = text if len(text) <= 20 else text[:20] + "…"
    return f"“{shown}”"


def _number(text: str, where: str = "it") -> float:
    text = text.strip().replace("−", "-")
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(value):
        raise ValueError(f"{where} is {_quoted(text)}, where a finite number was expected")
    return value


def _between(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = _number(text)
        if not low <= value <= high:
            raise ValueError(f"it is {_quoted(text)}, where a number from {low:g} to {high:g} was expected")
        return value

    return read


def _entries(text: str) -> list[str]:
    entries = text.split(",")
    _check_count(len(entries))
    return entries


def _check_count(count: int) -> None:
    if not MINIMUM_CLASSES <= count <= MAXIMUM_CLASSES:
        entries = "1 entry" if count == 1 else f"{count} entries"
        raise ValueError(f"it has {entries}, where {MINIMUM_CLASSES} to {MAXIMUM_CLASSES} were expected")


def _logits(text: str) -> tuple[float, ...]:
    logits = tuple(_logit(entry, f"entry {i}") for i, entry in enumerate(_entries(text), 1))
    if max(logits) == -math.inf:
        raise ValueError("every entry is -inf, where at least one finite logit was expected")
    return logits


def _logit(text: str, where: str) -> float:
    if text.strip().lower().replace("−", "-") in ("-inf", "-infinity", "-∞"):
        return -math.inf
    value = _number(text, where)
    if abs(value) > LOGIT_LIMIT:
        raise ValueError(f"{where} is {_quoted(text)}, where a logit from −10⁶ to 10⁶ was expected")
    return value


def _distribution(text: str) -> tuple[float, ...]:
    values = tuple(_number(entry, f"entry {i}") for i, entry in enumerate(_entries(text), 1))
    for i, value in enumerate(values, 1):
        if not 0 <= value <= 1:
            raise ValueError(f"entry {i} is {value:g}, where a number from 0 to 1 was expected")
    if abs(math.fsum(values) - 1) > 1e-9:
        raise ValueError(f"its entries sum to {math.fsum(values):.10g}, where a sum of 1 was expected")
    return values


def _names(text: str) -> tuple[str, ...]:
    """Names parted by commas; a backslash makes a comma or a backslash part of a name."""
    names = tuple(
        re.sub(r"\\(.)", r"\1", entry).strip() for entry in re.findall(r"(?:^|,)((?:\\.|[^\\,])*)", text, re.DOTALL)
    )
    _check_count(len(names))
    for i, name in enumerate(names, 1):
        if not 0 < len(name) <= NAME_LENGTH or any(
            unicodedata.category(sign) in _UNPRINTABLE for sign in name if sign not in _JOINERS
        ):
            raise ValueError(
                f"entry {i} is {_quoted(name)}, where 1 to {NAME_LENGTH} printable characters were expected"
            )
    return names


def one_of(choices: Iterable[str]) -> Callable[[str], str]:
    """A reader that takes one of these texts as it stands."""
    known = tuple(choices)

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"it is {_quoted(text)}, where one of {', '.join(known)} was expected")
        return text

    return read


def _columns(text: str) -> tuple[str, ...]:
    chosen = {one_of(COLUMNS)(entry.strip()) for entry in text.split(",")}
    return tuple(column for column in COLUMNS if column in chosen)


_READERS: dict[str, Callable[[str], Any]] = {
    "z": _logits,
    "q": lambda text: logits_of(_distribution(text)),
    "p": _distribution,
    "names": _names,
    "t": _between(*TEMPERATURES),
    "base": one_of(BASES),
    "low": _between(0, 1),
    "high": _between(0, 1),
    "precision": one_of(PRECISIONS),
    "show": _columns,
    "present": lambda text: one_of(("0", "1"))(text) == "1",
}
