"""Log lines, dictionaries, progress bars and tables: the numbers in them by name, and what is said beside them."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from itertools import islice, pairwise
from types import MappingProxyType

from xent_core.checks import short
from xent_core.identify.context import NOTHING, Context, Measure, Precision
from xent_core.identify.number import NUMERAL, TypedNumber, in_pythons_notation, typed, with_points
from xent_core.libraries.convention import Library

LONGEST = 2_000_000
"""Characters of a text that are read."""
MOST_NUMBERS = 200_000
MOST_HEADS = 20
"""Lines that may be the head of a table, of which the first that is one is taken."""
SPARSE, WINDOW = 400, 80
"""Where numbers are further apart than this, only so many characters before each are searched for its name."""


class Role(Enum):
    """What a name in a log stands for."""

    LOSS = auto()
    PERPLEXITY = auto()
    BITS = auto()
    ACCURACY = auto()
    TIME = auto()
    """Step or iteration."""
    EPOCH = auto()
    CLASSES = auto()
    BATCH = auto()
    SMOOTHING = auto()
    ACCUMULATION = auto()
    ANOTHER_LOSS = auto()
    """A loss that is no cross-entropy by its name: of distances, boxes or overlaps."""
    GRADIENT = auto()
    OTHER = auto()


class Split(Enum):
    """Which examples a number is of."""

    TRAIN = auto()
    HELD_OUT = auto()


@dataclass(frozen=True)
class Series:
    """The numbers under one name, in their order."""

    name: str
    role: Role
    split: Split
    texts: tuple[str, ...]
    """As they are written, in Python's notation."""
    places: tuple[int, ...]
    """Where each stands in the text: the number of its line, from 1."""
    named: bool = True
    """Whether the text itself gives the name."""

    @property
    def measure(self) -> Measure:
        """What its numbers measure."""
        return {Role.PERPLEXITY: Measure.PERPLEXITY, Role.BITS: Measure.BITS}.get(self.role, Measure.NATS)

    def number(self, index: int) -> TypedNumber:
        """One of the numbers, with what its digits leave open."""
        return typed(self.texts[index])

    def values(self) -> list[float]:
        """All the numbers."""
        return [float(text) for text in self.texts]


@dataclass(frozen=True)
class Log:
    """What was found in a text."""

    losses: tuple[Series, ...]
    """The series that are losses, or measure the same; a text without names has one, without a name."""
    accuracies: tuple[Series, ...] = ()
    times: tuple[Series, ...] = ()
    gradients: tuple[Series, ...] = ()
    """The norms of gradients."""
    said: Context = field(default=NOTHING)
    """What the text says beside the numbers."""
    lines: int = 1


_WORD = r"(?!(?:nan|inf)\b)[A-Za-z][\w/.@'’-]*+"
_PAIR = re.compile(
    rf"(?<![\w./@])(?P<name>{_WORD}(?: {_WORD}){{0,2}})"
    r"(?:\s*\[0\])?[\"'’]?\)?[ \t]*(?:[:=|│≈~]|->|→)?[ \t]*(?:[↓↑][ \t]*\|)?[ \t]*[\"'(\[]*"
    r"(?:tensor\(|array\(|np\.float\d+\(|\$)?[ \t]*"
    rf"(?P<value>{NUMERAL})(?P<after>\s?%|/[0-9]+)?(?![\w]|\.[0-9])",
    re.IGNORECASE,
)
_LIST = re.compile(rf"[\"']?({_WORD}(?: {_WORD}){{0,2}})[\"']?\s*[:=]\s*\[([^\[\]]*)\]")
_SCALAR = re.compile(rf"(?<![\w.])({NUMERAL})(?!\w|\.[0-9])", re.IGNORECASE)
_EUROPEAN = re.compile(r"[0-9],[0-9]")
_EUROPEAN_CELL = re.compile(r"[-+]?[0-9]+,[0-9]+")
_AMERICAN = re.compile(r"[0-9]\.[0-9]|(?<![0-9,])[0-9]++e-?[0-9]", re.IGNORECASE)

_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.SMOOTHING, r"label.?smooth"),
        (Role.ACCUMULATION, r"grad\w*.?acc|accum\w*.?(steps|iter)|world.?size|num.?gpus|n_?gpu"),
        (Role.CLASSES, r"(num|n)_?.?(class|label)|vocab|^classes$|^n$"),
        (Role.BATCH, r"batch.?size|^bs$|^bsz$"),
        (Role.GRADIENT, r"grad\w*.?norm|^gnorm$"),
        (
            Role.OTHER,
            r"loss.{0,2}(scale|scaling|weight|fn|ratio|coef)|scale|weight|lr\b|learning|grad|norm|\btime\b|time$|runtime|per_second"
            r"|\bmem|momentum|temperature|\btau\b|memory|\beta\b|speed|/s$|delta|threshold|patience|seed|param|samples|tokens",
        ),
        (Role.PERPLEXITY, r"ppl|perplex"),
        (Role.BITS, r"bits|\bbp[bcdt]\b|_bp[bcdt]$|^bp[bcdt]_"),
        (
            Role.ANOTHER_LOSS,
            r"^(?=.*loss)(?!.*(?:(?:^|[^a-z])b?ce(?:[^a-z]|$)|entropy|nll))(.*[^a-z0-9])?(mse|mae|rmse|huber|l[12]|dice|jaccard|tversky|[cdg]?iou|b?box|loc|moe|z|hinge|triplet"
            r"|balanc\w*|commit\w*)([^a-z0-9]|loss|$)",
        ),
        (
            Role.LOSS,
            r"loss|nll|x-?ent|cross.?entropy|(^|[^a-z])(b?ce|kld?|kl_div|cost|objective|deviance)($|[^a-z])|log.?likelihood|^learn$|^value$",
        ),
        (Role.ACCURACY, r"acc\w*(@|$|[^a-z])|top.?1|acc@1|accuracy|prec@1"),
        (Role.EPOCH, r"epoch"),
        (Role.TIME, r"step|iter|batch|^it$|^i$|\bround\b|update"),
    )
)
_LOSSES = (Role.LOSS, Role.PERPLEXITY, Role.BITS)
_SETTINGS = (Role.TIME, Role.EPOCH, Role.ACCURACY, Role.CLASSES, Role.BATCH, Role.SMOOTHING, Role.ACCUMULATION)
_UNIT = re.compile(
    rf"(?<![\w.])(?P<value>{NUMERAL})[ \t]*\(?(?P<unit>bits(?:[ /]per[ /]\w+|/\w+)?|bp[bcd]|ppl|perplexity|classes)\b",
    re.IGNORECASE,
)
_IN_BITS = re.compile(r"[ \t]?\(?(?:bits(?:[ /]per[ /]\w+|/\w+)?|bp[bcd])\b", re.IGNORECASE)
_FROM_TO = re.compile(
    r"(?:[ \t](?:improved|decreased|increased|dropped|fell|rose|went))?[ \t]?(?:\(|\bfrom[ \t])"
    rf"(?P<old>{NUMERAL})[ \t]?(?:to|-+>|→)[ \t]?(?P<new>{NUMERAL})(?!\w|\.[0-9])\)?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:over|after|for|in|of|every|last|first)[ \t][0-9][0-9,]*[ \t]"
    r"(?:steps?|epochs?|iterations?|iters|batch(?:es)?|updates|samples|examples|tokens|rounds|times|seconds|minutes|hours)\b",
    re.IGNORECASE,
)
_LOSS_WORD = re.compile(r"loss|nll|cross.?entropy|perplexity", re.IGNORECASE)
_HELD_OUT = re.compile(r"val|test|eval|dev\b|held.?out|wiki", re.IGNORECASE)
_PRECISIONS: tuple[tuple[Precision, re.Pattern[str]], ...] = tuple(
    (precision, re.compile(pattern, re.IGNORECASE))
    for precision, pattern in (
        (Precision.BFLOAT16, r"\bbf(loat)?16\b|bf16.?mixed|bf16=true"),
        (Precision.FLOAT16, r"(?<!b)\bfp?16\b|\bfloat16\b|\bhalf\b|16-mixed|GradScaler|\bAMP\b"),
        (Precision.FLOAT64, r"\bfloat64\b|\bfp64\b"),
    )
)
_LIBRARIES: tuple[tuple[Library, re.Pattern[str]], ...] = tuple(
    (library, re.compile(pattern))
    for library, pattern in (
        (Library.KERAS, r"ms/step|[0-9]s/epoch|\[=+[>.]*\]|━━|keras"),
        (Library.PYTORCH, r"grad_fn|torch|device='cuda|'eval_loss'|grad_norm|it/s.*v_num|CrossEntropyLoss"),
        (Library.TENSORFLOW, r"tf\.Tensor|tensorflow|INFO:tensorflow"),
        (Library.SCIKIT_LEARN, r"log_loss\(|sklearn"),
        (Library.OPTAX, r"\boptax\b|jax\.Array|\bjnp\."),
    )
)
_BESIDE = MappingProxyType(
    {
        Role.CLASSES: "classes",
        Role.BATCH: "batch",
        Role.SMOOTHING: "smoothing",
        Role.ACCUMULATION: "accumulation",
    }
)


def read_log(text: str) -> Log:
    """The losses in a text, and what it says beside them.

    It may be a number, a line or many of any logger, a dictionary, a tensor, a table or CSV. Numbers without names are
    losses if nothing in the text has the name of one.
    Raises: `ValueError` for a text without a number, or too long.

    >>> log = read_log("Epoch 1 loss 2.3026 acc 0.10")
    >>> [(series.name, series.texts) for series in log.losses], log.accuracies[0].values()
    ([('loss', ('2.3026',))], [0.1])
    """
    if len(text) > LONGEST:
        raise ValueError(f"The text has {len(text):,} characters: expected at most {LONGEST:,}")
    plain = in_pythons_notation(text).replace("}, {", "},\n{")
    if not _SCALAR.search(plain):
        raise ValueError(f"{short(plain)!r}: expected a number, such as 2.3026, 1e-7, nan or -inf")
    if _EUROPEAN.search(plain) and not _AMERICAN.search(plain):
        plain = with_points(plain) if plain.count("\n") < 2 else plain
    plain = _FROM_TO.sub(_from_to, plain)
    plain = rest if _SCALAR.search(rest := _COUNTED.sub("", plain)) else plain
    series = _named(plain)
    if not any(one.role in (*_LOSSES, Role.ANOTHER_LOSS) for one in series):
        series = _tabled(plain) or series
    losses = tuple(one for one in series if one.role in _LOSSES)
    losses = losses or tuple(one for one in series if one.role is Role.ANOTHER_LOSS)
    losses = losses or _nameless_columns(plain) or (_unnamed(plain),)
    accuracies = tuple(one for one in series if one.role is Role.ACCURACY)
    times = tuple(one for one in series if one.role in (Role.TIME, Role.EPOCH))
    gradients = tuple(one for one in series if one.role is Role.GRADIENT)
    return Log(losses, accuracies, times, gradients, _said(text, series), text.count("\n") + 1)


def _from_to(found: re.Match[str]) -> str:
    """Both numbers of a change as a list, or the new one: the best so far is infinite at first."""
    old, new = found["old"], found["new"]
    return f": [{old}, {new}]" if math.isfinite(float(old)) else f": {new}"


def _unnamed(plain: str) -> Series:
    """All numbers of a text in which none has the name of a loss, but those that say what stands beside it."""
    measure = _UNIT.search(plain)
    role = role_of(measure["unit"]) if measure else Role.LOSS
    if measure and role in (Role.PERPLEXITY, Role.BITS):
        return Series(measure["unit"], role, Split.TRAIN, (_checked(measure["value"]),), (1,))
    rest = _PAIR.sub(lambda found: "" if role_of(_cleaned(found["name"])) in _SETTINGS else found[0], plain)
    rest = _UNIT.sub(lambda unit: "" if role_of(unit["unit"]) in _SETTINGS else unit[0], rest)
    found = _SCALAR.findall(rest) or _SCALAR.findall(plain)
    texts = tuple(_checked(text) for text in found[:MOST_NUMBERS])
    return Series("", Role.LOSS, Split.TRAIN, texts, tuple(range(1, len(texts) + 1)))


def _checked(text: str) -> str:
    """The numeral, if it is no larger than any number may be."""
    typed(text)
    return text.lower()


@lru_cache(maxsize=4096)
def role_of(name: str) -> Role:
    """What a name stands for.

    >>> role_of("val_loss"), role_of("train/ppl"), role_of("Acc@1"), role_of("loss scale")
    (<Role.LOSS: 1>, <Role.PERPLEXITY: 2>, <Role.ACCURACY: 4>, <Role.OTHER: 13>)
    """
    small = name.lower()
    return next((role for role, pattern in _ROLES if pattern.search(small)), Role.OTHER)


@lru_cache(maxsize=4096)
def _split_of(name: str) -> Split:
    return Split.HELD_OUT if _HELD_OUT.search(name) else Split.TRAIN


# Names and numbers.


class _Gathered:
    """Numbers by name, as they come."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.places: dict[str, list[int]] = {}

    def add(self, name: str, text: str, place: int) -> None:
        self.texts.setdefault(name, []).append(text.lower())
        self.places.setdefault(name, []).append(place)

    def series(self) -> list[Series]:
        """Each name's numbers, without those that no float64 holds."""
        found = []
        for name, texts in self.texts.items():
            kept = [(text, place) for text, place in zip(texts, self.places[name], strict=True) if _is_held(text)]
            if kept:
                numbers, places = zip(*kept, strict=True)
                found.append(Series(name, role_of(name), _split_of(name), numbers, places))
        return found


def _is_held(text: str) -> bool:
    return not abs(float(text)) > 1e300 or text.lstrip("+-")[:3] == "inf"


def _named(plain: str) -> list[Series]:
    """The series of names followed by a number, or by a list of numbers."""
    gathered = _Gathered()
    for number, whole in enumerate(plain.splitlines(), 1):
        rest = line = _around_numbers(whole)
        if "[" in line and _LIST.search(line):
            for name, listed in _LIST.findall(line):
                texts = _SCALAR.findall(listed)
                if len(texts) > 1:
                    for text in texts:
                        gathered.add(_cleaned(name), text, number)
                    rest = rest.replace(listed, "", 1)
        names = []
        for found in _PAIR.finditer(rest):
            name = _cleaned(found["name"])
            if role_of(name) is Role.LOSS and _IN_BITS.match(rest, found.end()):
                name = f"{name}, bits"
            names.append(name)
            gathered.add(name, _valued(found["value"], found["after"], name), number)
        if not any(role_of(name) in (*_LOSSES, Role.ANOTHER_LOSS) for name in names) and (
            loss := _said_of_a_loss(rest)
        ):
            gathered.add("loss", loss, number)
        for found in _UNIT.finditer(rest):
            if role_of(found["unit"]) is Role.CLASSES:
                gathered.add(found["unit"], found["value"], number)
    return gathered.series()


def _around_numbers(line: str) -> str:
    """The line, or of a long one with few numbers what stands before each: time is not spent on text."""
    if len(line) < SPARSE:
        return line
    ends = [found.end() for found in _SCALAR.finditer(line)]
    if SPARSE * len(ends) > len(line):
        return line
    begins = [0, *ends]
    windows = [line[max(begin, end - WINDOW) : end + 1] for begin, end in zip(begins, ends, strict=False)]
    return "\t".join(windows)


def _said_of_a_loss(line: str) -> str:
    """The first number of a line after its word for a loss: `Training loss (for one batch) at step 0: 134.3`."""
    named = _LOSS_WORD.search(line)
    if not named:
        return ""
    rest = _PAIR.sub(lambda pair: "" if role_of(_cleaned(pair["name"])) in _SETTINGS else pair[0], line[named.end() :])
    rest = _UNIT.sub(lambda unit: "" if role_of(unit["unit"]) in _SETTINGS else unit[0], rest)
    numbers = _SCALAR.findall(rest)
    return numbers[0] if numbers else ""


@lru_cache(maxsize=4096)
def _cleaned(name: str) -> str:
    """The last of the words in front of a number that make a name: of "Test set Average loss" all, of "m loss" loss."""
    words = name.strip(" .-/'’").split(" ")
    while len(words) > 1 and words[-1].lower() in _NO_NAMES:
        words = words[:-1]
    while len(words) > 1 and ((len(words[0]) < 2 and words[0] not in _ADVERSARIES) or words[0].lower() in _NO_NAMES):
        words = words[1:]
    if len(words) > 1 and role_of(words[-1]) in (Role.TIME, Role.EPOCH, Role.OTHER) and words[-1].lower() in _MOMENTS:
        return words[-1]
    for start in range(len(words)):
        if role_of(" ".join(words[start:])) is role_of(" ".join(words)) and start and len(words) - start == 1:
            told = _HELD_OUT.search(" ".join(words[:start])) or words[0].lower() in _QUALIFIES
            alone = told or words[0] in _ADVERSARIES
            return " ".join(words) if alone else words[start]
    return " ".join(words)


_ADVERSARIES = frozenset("DG")
_MOMENTS = frozenset(("epoch", "step", "iter", "iteration", "batch", "line"))
_NO_NAMES = frozenset(
    ("and", "the", "with", "was", "got", "at", "vs", "then", "a", "my", "is", "of", "now", "its", "to", "about")
)
_QUALIFIES = frozenset(("train", "training", "average", "avg", "mean", "lm", "total", "word", "byte", "bits", "final"))


def _valued(text: str, after: str | None, name: str) -> str:
    """The number; of an accuracy the share that it means."""
    if role_of(name) is not Role.ACCURACY or not after:
        return text
    after = after.strip()
    whole = 100.0 if after == "%" else float(after[1:])
    return repr(float(text) / whole) if whole else text


# Tables.


def _tabled(plain: str) -> list[Series]:
    """The columns of the first table whose head names a loss: CSV, tabs, bars, or columns of spaces."""
    lines = plain.splitlines()
    heads = ((i, _fields(line, _mark(line))) for i, line in enumerate(lines[:200]))
    named = ((i, names) for i, names in heads if any(role_of(name) in _LOSSES for name in names))
    for i, names in islice(named, MOST_HEADS):
        if any(_SCALAR.fullmatch(name) for name in names):
            continue
        gathered, mark = _Gathered(), _mark(lines[i])
        for number, row in enumerate(lines[i + 1 :], i + 2):
            for name, cell in zip(names, _cells(row, mark, len(names)), strict=False):
                if _SCALAR.fullmatch(cell):
                    gathered.add(name, cell, number)
        if found := gathered.series():
            return found
    return []


def _nameless_columns(plain: str) -> tuple[Series, ...]:
    """The columns of rows of numbers that have no head, but those that count the rows; none where there are no rows."""
    rows = [(number, _fields(line, _mark(line))) for number, line in enumerate(plain.splitlines(), 1)]
    rows = [(number, [cell for cell in cells if cell]) for number, cells in rows]
    rows = [(number, cells) for number, cells in rows if any(map(_SCALAR.search, cells))]
    if len(rows) < 3 or not all(map(_SCALAR.fullmatch, (cell for _, cells in rows for cell in cells))):
        return ()
    places, cells = zip(*rows[:MOST_NUMBERS], strict=True)
    if len({len(row) for row in cells}) > 1 or len(cells[0]) < 2:
        return ()
    columns = [
        Series(f"column {i}", Role.LOSS, Split.TRAIN, tuple(map(_checked, column)), places, named=False)
        for i, column in enumerate(zip(*cells, strict=True), 1)
    ]
    return tuple(one for one in columns if not _counts(one.texts))


def _counts(texts: Sequence[str]) -> bool:
    """Whether numbers only count: whole, each as far above the last as the one before."""
    if not all(text.isdigit() for text in texts):
        return False
    steps = {int(after) - int(before) for before, after in pairwise(texts)}
    return len(steps) == 1 and steps.pop() > 0


def _mark(line: str) -> str:
    """What stands between the cells of a line; empty: any space."""
    return next((mark for mark in (",", "\t", "|", ";", "  ") if mark in line.strip().strip("|")), "")


def _fields(line: str, mark: str) -> list[str]:
    """The cells of a line."""
    line = line.strip().strip("|")
    if not mark.strip(" "):
        return re.split(r"\s{2,}", line) if mark else line.split()
    cells = [cell.strip(" '\"") for cell in line.split(mark)]
    return [cell.replace(",", ".") if _EUROPEAN_CELL.fullmatch(cell) else cell for cell in cells]


def _cells(line: str, mark: str, count: int) -> list[str]:
    """The cells of a row beneath `count` names: without a number of the row before them, or a progress bar after."""
    cells = _fields(line, mark)
    if len(cells) == count + 1 and cells[0].isdigit():
        return cells[1:]
    if len(cells) == count or (mark == "  " and len(cells) > count):
        return cells[:count]
    cells = _fields(line, _mark(line))
    return cells if len(cells) == count else []


# What is said beside the numbers.


def _said(text: str, series: Sequence[Series]) -> Context:
    head = text[:20_000]
    said: dict[str, object] = {}
    for one in series:
        name = _BESIDE.get(one.role)
        if name and name not in said:
            value = float(one.texts[0])
            if one.role is Role.SMOOTHING and 0 <= value < 1:
                said[name] = value
            elif one.role is not Role.SMOOTHING and value == int(value) and 1 <= value <= 10**9:
                said[name] = int(value)
    said["precision"] = next((one for one, pattern in _PRECISIONS if pattern.search(head)), None)
    said["library"] = next((one for one, pattern in _LIBRARIES if pattern.search(head)), None)
    return Context(**said)  # type: ignore[arg-type]


def pairs_of(series: Series, others: Sequence[Series]) -> Iterator[tuple[int, float]]:
    """For the numbers of a series that share a line with one of another: their index, and the other's value."""
    by_place: Mapping[int, float] = {
        place: float(text) for one in reversed(others) for place, text in zip(one.places, one.texts, strict=True)
    }
    for index, place in enumerate(series.places):
        if place in by_place:
            yield index, by_place[place]
