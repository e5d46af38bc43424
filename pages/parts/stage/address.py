"""What an address says: each setting of the example and of its view, declared once, and the reader of them all.

A commit from the browser uses the same spelling, so that one reader guards both.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pages.parts.rooms.codes import read_code
from pages.parts.stage.example import (
    BASES,
    COLUMNS,
    DEFAULT_NAMES,
    OBJECTIVES,
    PRECISIONS,
    Example,
    View,
    default_logits,
    logits_of,
)
from pages.parts.stage.photo import LOSSES, TOP, Shown
from pages.parts.stage.rows import MAX_ROWS, Rows, wants
from pages.parts.training import settings as training
from pages.parts.training.settings import Played, Training
from xent_core import one_hot

MINIMUM_CLASSES, MAXIMUM_CLASSES = 2, len(DEFAULT_NAMES)
LOGIT_LIMIT = 1e6
NAME_LENGTH = 24
PARAMETER_LENGTH = 2000
ROWS_LENGTH = 6000  # of the parameters that hold a batch
TEMPERATURES = (0.05, 20.0)
RATES = (0.01, 100.0)
THOUSAND = 1000  # classes of a photo
MOST_STEPS = 1000  # that a last layer is taught


@dataclass(frozen=True)
class Asked:
    """What an address asks for; `own` if it brings an example, `rows` the batch, `photo` the photo and `played` the
    training that it brings; `faults` are sentences on what was ignored.
    """

    example: Example
    view: View
    own: bool
    faults: list[str]
    rows: Rows | None = None
    photo: Shown | None = None
    played: Played | None = None


def read_query(query: Mapping[str, str]) -> Asked:
    """Read an address, or a commit.

    Parameters not known here are somebody else's and pass in silence. The number of classes is that of the first
    sound one among z, q, p and names; what the address leaves out takes its default for that number.
    """
    faults: list[str] = []
    values: dict[str, dict[str, Any]] = {setting.record: {} for setting in SETTINGS}
    for setting in SETTINGS:
        if setting.name in query:
            try:
                value = setting.read(_bounded(query[setting.name], setting.length))
            except ValueError as fault:
                faults.append(f"{setting.name} was ignored: {fault}.")
            else:
                values[setting.record][setting.field] = value
    _add_probabilities(query, values["example"], faults)
    own = bool(values["example"])
    rows = _assemble_rows(values["batch"], faults)
    photo = _assemble_photo(values["photo"], faults)
    played = _assemble_runs(values["training"], values["played"], faults)
    example = _assemble(values["example"], faults)
    return Asked(example, View(**values["view"]), own, faults, rows, photo, played)


def _add_probabilities(query: Mapping[str, str], values: dict[str, Any], faults: list[str]) -> None:
    """A link may give `q` in place of `z`: the logits are then ln q."""
    if "q" not in query:
        return
    if "logits" in values:
        faults.append("q was ignored: z gives the logits already.")
        return
    try:
        values["logits"] = logits_of(_distribution(_bounded(query["q"])))
    except ValueError as fault:
        faults.append(f"q was ignored: {fault}.")


def _assemble(values: dict[str, Any], faults: list[str]) -> Example:
    """Put sound values together, dropping (with a sentence) those whose lengths differ from the first's."""
    lists = [field for field in ("logits", "targets", "names") if field in values]
    count = len(values[lists[0]]) if lists else len(Example.targets)
    for field in lists[1:]:
        if (found := len(values[field])) != count:
            name, first = _NAMES["example", field], _NAMES["example", lists[0]]
            faults.append(f"{name} was ignored: it has {found} entries, but {first} gives {count} classes.")
            del values[field]
    _check_bounds(values, faults)
    usual = {
        "names": DEFAULT_NAMES[:count],
        "logits": default_logits(count),
        "targets": tuple(one_hot([0], count)[0].tolist()),
    }
    return Example(**(usual | values))


def _check_bounds(values: dict[str, Any], faults: list[str]) -> None:
    """Drop clip bounds of which the lower is not below the upper."""
    low, high = values.get("low", Example.low), values.get("high", Example.high)
    if low < high:
        return
    given = " and ".join(f"{name} {values[name]:g}" for name in ("low", "high") if name in values)
    were = "were" if "low" in values and "high" in values else "was"
    faults.append(f"{given} {were} ignored: the lower bound {low:g} must be below the upper bound {high:g}.")
    values.pop("low", None)
    values.pop("high", None)


def _assemble_rows(values: dict[str, Any], faults: list[str]) -> Rows | None:
    """The batch of sound values, or none; what does not fit its rows is dropped, with a sentence."""
    if "probabilities" not in values:
        faults += [f"{_NAMES['batch', field]} was ignored: it goes with rows, and there are none." for field in values]
        return None
    rows = values["probabilities"]
    count, classes = len(rows), len(rows[0])
    expected = {"targets": count, "counts": count, "sequences": count, "weights": classes}
    for field in [field for field in expected if field in values and len(values[field]) != expected[field]]:
        what = "classes" if field == "weights" else "rows"
        found = len(values.pop(field))
        faults.append(
            f"{_NAMES['batch', field]} was ignored: it has {found} entries, but there are {expected[field]} {what}."
        )
    try:
        values["targets"] = _targets_of(values.get("targets", (0,) * count), classes)
    except ValueError as fault:
        faults.append(f"y was ignored: {fault}.")
        values["targets"] = wants([0] * count, classes)
    return Rows(names=DEFAULT_NAMES[:classes], **values)


def _assemble_photo(values: dict[str, Any], faults: list[str]) -> Shown | None:
    """The photo that the address names, by which network; the rest of what it says of it goes with these."""
    named = {"photo", "network", "wanted"} & values.keys()
    if len(named) == 3:
        return Shown(**values)
    if values:
        given = ", ".join(_NAMES["photo", field] for field in values)
        faults.append(
            f"{given} {'was' if len(values) == 1 else 'were'} ignored: photo, network and wanted go together."
        )
    return None


def _targets_of(targets: tuple[Any, ...], classes: int) -> tuple[tuple[float, ...], ...]:
    """Labels, or rows, as rows of targets for so many classes."""
    for i, target in enumerate(targets, 1):
        if isinstance(target, tuple) and len(target) != classes:
            raise ValueError(f"row {i} has {len(target)} entries, where {classes} were expected")
        if not isinstance(target, tuple) and target >= classes:
            raise ValueError(f"entry {i} is {target}, where a label from 0 to {classes - 1} was expected")
    return tuple(target if isinstance(target, tuple) else wants([target], classes)[0] for target in targets)


def _assemble_runs(run: dict[str, Any], shown: dict[str, Any], faults: list[str]) -> Played | None:
    """The run of sound values and what is shown of it, or none; an epoch beyond its last is dropped."""
    if not run:
        faults += [f"{_NAMES['played', field]} was ignored: it goes with a run, and there is none." for field in shown]
        return None
    own = Training(**run)
    if (epoch := shown.get("epoch")) is not None and epoch > own.epochs:
        faults.append(f"epoch was ignored: it is {epoch}, where one from 0 to {own.epochs} was expected.")
        epoch = None
    runs = (own, shown["last"]) if "last" in shown else (own,)
    return Played(runs, epoch)


# What each parameter's text means; a ValueError's message completes "… was ignored: …".

_UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")  # not those of a newer Unicode, which the browser may know
_JOINERS = "\u200c\u200d"  # which Persian words, and signs of several signs, are written with
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def _bounded(text: str, most: int = PARAMETER_LENGTH) -> str:
    if len(text) > most:
        raise ValueError(f"it is {len(text):,} characters long, and at most {most:,} were expected")
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


def _step(text: str) -> int:
    """A step's number; one before the first is the first, and the stage knows which is the last."""
    if not re.fullmatch(r"[+-]?\d{1,9}", text.strip()):
        raise ValueError(f"it is {_quoted(text)}, where the number of a step was expected")
    return max(1, int(text))


def _rows(text: str) -> tuple[tuple[float, ...], ...]:
    """Rows of probabilities, parted by semicolons."""
    rows = tuple(_row(part, i) for i, part in enumerate(text.split(";"), 1))
    if len(rows) > MAX_ROWS:
        raise ValueError(f"it has {len(rows)} rows, where 1 to {MAX_ROWS} were expected")
    for i, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise ValueError(f"row {i} has {len(row)} entries, where {len(rows[0])} were expected, as in row 1")
    return rows


def _row(text: str, i: int) -> tuple[float, ...]:
    try:
        return _distribution(text)
    except ValueError as fault:
        raise ValueError(f"row {i}: {fault}") from None


def _wanted(text: str) -> tuple[Any, ...]:
    """Labels parted by commas, or rows of targets parted by semicolons."""
    if ";" in text or "." in text:
        return _rows(text)
    return tuple(_whole(entry, f"entry {i}") for i, entry in enumerate(text.split(","), 1))


def _whole(text: str, where: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text.strip(), re.ASCII):
        raise ValueError(f"{where} is {_quoted(text)}, where a whole number from 0 on was expected")
    return int(text)


def _wholes(text: str) -> tuple[int, ...]:
    return tuple(_whole(entry, f"entry {i}") for i, entry in enumerate(text.split(","), 1))


def _mask(text: str) -> tuple[bool, ...]:
    """1 for rows that count, 0 for padding: one at least counts."""
    counts = tuple(_flag(entry.strip()) for entry in text.split(","))
    if not any(counts):
        raise ValueError("no row counts, where at least one was expected")
    return counts


def _weights(text: str) -> tuple[float, ...]:
    weights = tuple(_number(entry, f"entry {i}") for i, entry in enumerate(text.split(","), 1))
    for i, weight in enumerate(weights, 1):
        if not 0 < weight <= 1e6:
            raise ValueError(f"entry {i} is {weight:g}, where a weight above 0 and up to 10⁶ was expected")
    return weights


def _class(text: str) -> int:
    label = _whole(text, "it")
    if label >= THOUSAND:
        raise ValueError(f"it is {label}, where a class from 0 to {THOUSAND - 1} was expected")
    return label


def _top(text: str) -> int:
    return int(one_of(map(str, range(TOP + 1)))(text))


def _identifier(text: str) -> str:
    """A name of a photo or network: which there are, the page knows."""
    if not re.fullmatch(r"[a-z0-9_]{1,40}", text):
        raise ValueError(f"it is {_quoted(text)}, where a name of small letters was expected")
    return text


def _taught(text: str) -> tuple[str, int, str, int]:
    """How the last layer was taught: photo, wanted class, loss and number of steps."""
    parts = text.split(",")
    if len(parts) != 4:
        raise ValueError(f"it is {_quoted(text)}, where photo, class, loss and steps were expected")
    steps = _whole(parts[3], "the number of steps")
    if not 0 < steps <= MOST_STEPS:
        raise ValueError(f"the number of steps is {steps}, where 1 to {MOST_STEPS} were expected")
    return _identifier(parts[0]), _class(parts[1]), one_of(LOSSES)(parts[2]), steps


def _flag(text: str) -> bool:
    return one_of(("0", "1"))(text) == "1"


def _whole_between(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text.strip(), re.ASCII) or not low <= int(text) <= high:
            raise ValueError(f"it is {_quoted(text)}, where a whole number from {low} to {high} was expected")
        return int(text)

    return read


def _start(text: str) -> str:
    """Where training starts: "zero", "sure:12" or "normal:5"."""
    kind, mark, value = text.partition(":")
    bounds = {"sure": training.CERTAINTIES, "normal": training.DEVIATIONS}
    if kind in bounds and mark:
        return f"{kind}:{_between(*bounds[kind])(value):.12g}"
    if text != "zero":
        raise ValueError(f"it is {_quoted(text)}, where zero, sure:12 or normal:5 was expected")
    return text


def _run(text: str) -> Training:
    """A whole run, its settings in their order parted by commas."""
    entries, expected = text.split(","), [setting for setting in SETTINGS if setting.record == "training"]
    if len(entries) != len(expected):
        given = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
        raise ValueError(f"it has {given}, where the {len(expected)} settings of a run were expected")
    values = {}
    for setting, entry in zip(expected, entries, strict=True):
        try:
            values[setting.field] = setting.read(entry)
        except ValueError as fault:
            raise ValueError(f"{setting.name}: {fault}") from None
    return Training(**values)


def _room(text: str) -> str:
    try:
        return read_code(text)
    except ValueError as fault:
        raise ValueError(f"it is {_quoted(text)}, where {fault}") from None


@dataclass(frozen=True)
class Setting:
    """One setting: its `name` in the address, the `field` of which record it is, how the browser writes it there, and
    how it is read. Its default is the record's.
    """

    name: str
    record: Literal["example", "view", "batch", "photo", "training", "played"]
    field: str
    written: Literal["numbers", "names", "list", "number", "text", "flag", "batch", "photo", "run"]
    read: Callable[[str], Any]
    length: int = PARAMETER_LENGTH


SETTINGS = (
    Setting("z", "example", "logits", "numbers", _logits),
    Setting("p", "example", "targets", "numbers", _distribution),
    Setting("t", "example", "temperature", "number", _between(*TEMPERATURES)),
    Setting("base", "example", "base", "text", one_of(BASES)),
    Setting("low", "example", "low", "number", _between(0, 1)),
    Setting("high", "example", "high", "number", _between(0, 1)),
    Setting("precision", "example", "precision", "text", one_of(PRECISIONS)),
    Setting("objective", "example", "objective", "text", one_of(OBJECTIVES)),
    Setting("rate", "example", "rate", "number", _between(*RATES)),
    Setting("names", "example", "names", "names", _names),
    Setting("rows", "batch", "probabilities", "batch", _rows, ROWS_LENGTH),
    Setting("y", "batch", "targets", "batch", _wanted, ROWS_LENGTH),
    Setting("mask", "batch", "counts", "batch", _mask),
    Setting("seq", "batch", "sequences", "batch", _wholes),
    Setting("w", "batch", "weights", "batch", _weights),
    Setting("photo", "photo", "photo", "photo", _identifier),
    Setting("network", "photo", "network", "photo", _identifier),
    Setting("wanted", "photo", "wanted", "photo", _class),
    Setting("top", "photo", "top", "photo", _top),
    Setting("moved", "photo", "moved", "photo", _logits),
    Setting("taught", "photo", "taught", "photo", _taught),
    Setting("train", "training", "loss", "text", one_of(training.LOSSES)),
    Setting("start", "training", "start", "text", _start),
    Setting("lr", "training", "rate", "number", _between(*training.RATES)),
    Setting("size", "training", "batch", "number", _whole_between(*training.SIZES)),
    Setting("reduction", "training", "reduction", "text", one_of(training.WAYS)),
    Setting("smoothing", "training", "smoothing", "number", _between(*training.SMOOTHINGS)),
    Setting("epochs", "training", "epochs", "number", _whole_between(*training.EPOCHS)),
    Setting("epoch", "played", "epoch", "number", _whole_between(0, training.EPOCHS[1])),
    Setting("last", "played", "last", "run", _run),
    Setting("step", "view", "step", "number", _step),
    Setting("show", "view", "show", "list", _columns),
    Setting("hide", "view", "hide", "flag", _flag),
    Setting("present", "view", "present", "flag", _flag),
    Setting("room", "view", "room", "text", _room),
)
_NAMES = {(setting.record, setting.field): setting.name for setting in SETTINGS}
