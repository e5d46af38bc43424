"""CSV, nested lists and printouts → float64 [m, n], with the place of every entry in the text.

A row is parsed in C; only one that fails is looked at number by number, to say what is wrong where.
Possessive quantifiers (`*+`) in the patterns keep the time linear, whatever the text. One match after the other is
looked at, in Python: a list of millions takes gigabytes, and C code that makes it stops every other thread.
"""

import math
import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from itertools import islice
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

# (row, column) from 0 → where that entry stood and what stood there: ("Line 3, column 12", "“1e999”").
Locate = Callable[[int, int], tuple[str, str]]

MAX_ROWS = 2_000_000  # some three seconds
MAX_COLUMNS = MAX_ROWS  # the labels of as many rows may stand on one line

# A row of a text: its offset, its text and what separates its numbers, where " " means any white space.
Row = tuple[int, str, str]

NUMBER = re.compile(
    r"\s*+[-+]?+(?:(?:\d++\.?+\d*+|\.\d++)(?:e[-+]?+\d++)?+|nan|inf(?:inity)?+|∞)\s*+", re.ASCII | re.IGNORECASE
)
FIELD = {
    " ": re.compile(r"(\S++)", re.ASCII),
    **{mark: re.compile(rf"(?:\A|{mark})[ \n]*+([^{mark}]*+)") for mark in ",;\t"},
}
INFINITE = re.compile("inf|∞", re.IGNORECASE)
LINE = re.compile(r"[^\n]++")
EXCEL_ERROR = r"#(?:N/?[AV]\b|[^\s,;]++(?<=[!?]))"  # #N/A, #NV, #DIV/0!, #NAME?
HEAD = re.compile(rf"(?:\s*+(?!{EXCEL_ERROR})#[^\n]*+)*+")
COMMENT = re.compile(r"^[ \t]*+#(?=[\s#]|\Z).*+", re.MULTILINE)
NO_NAME = re.compile(
    rf"{EXCEL_ERROR}|N/?A|None|null|[!-/:-@\[-`{{-~–—]++"
    r"|[-+]?+\d*+\.\d.*+|[^/%]*+(?:(?<=\d)|(?<=\d )|(?=.\d))[/%].*+",  # 0.5f, 1/2, 50 %
    re.IGNORECASE,
)
EXCELS_SEPARATOR = re.compile(r"\s*+sep=([,;\t])\s*?$", re.MULTILINE | re.IGNORECASE)
QUOTED_LINE = re.compile(r'^[ \t]*+"[^",;\t\n]*+[,;\t][^"\n]*+"[ \t]*+$', re.MULTILINE)  # a spreadsheet's one column
QUOTED_COMMA = re.compile(r'((?:^|,)[ \t]*+")([^",\n]*+,[^"\n]*+)(?=")', re.MULTILINE)
THOUSANDS = re.compile(r"[-+]?+[1-9]\d{0,2}(?:,\d{3})++")
UNLIKE_THOUSANDS = "a number whose comma can't stand for thousands"
NUMPY_SCALAR = re.compile(r"\b(np\.\w++\()([-+.\w]*+)\)")  # a list of them prints as [np.float64(0.5), …]
BEFORE_ROWS = re.compile(
    r"\s*+(?:[A-Za-z_]\w*+\s*+[=:]\s*+)?+"  # logits =
    r"(?:Parameter containing:\s*+|<tf\.[^\[\]<>]*numpy=\s*+)?+"
    r"(?:[A-Za-z_][\w.]*+\(\s*+)?+"  # array( torch.tensor( tf.Tensor(
)
OUTER_LIST = re.compile(r"\s*+(\[?+)\s*+")
BRACKETED_ROW = re.compile(r"\[([^\[\]]*+)\]")
BETWEEN_ROWS = re.compile(r"\s*+,?+\s*+")
AFTER_ROWS = re.compile(
    # , dtype=float32, shape=(2, 3), device='cuda:0', grad_fn=<AddBackward0>)
    r"(?:\s*+,?+\s*+\w++=(?:[\w.]++|\([\d, ]*+\)|'[^']*+'|<[^<>]*+>))*+\s*+\)?+\s*+>?+[\s,;]*+"
)


class ReadingError(ValueError):
    """What was given can't be read."""

    def __init__(self, where: str, found: str, expected: str) -> None:
        """The three make one sentence for the reader, plain text and not markup."""
        super().__init__(f"{where}: found {found}, expected {expected}.")


def read_text(text: str) -> tuple[NDArray[np.float64], Locate]:
    """The numbers of a text, and where each stood.

    The text is edited on the way, but never in length: a place in it is the reader's own line and column.
    """
    text = one_newline(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    text = text.replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", " ")
    head = _after(HEAD, text)
    text = _blank(text[:head]) + text[head:]
    if "#" in text:
        text = _edited(text, COMMENT, lambda match: " " * len(match[0]))
    if "np." in text:
        text = _edited(text, NUMPY_SCALAR, lambda match: " " * len(match[1]) + match[2] + " ")
    if "[" not in text and text.lstrip().startswith("("):
        text = text.translate({ord("("): "[", ord(")"): "]"})
    text = _without_frame(text)
    rows_of = _bracketed_rows if "[" in text else _csv_rows

    def locate(row: int, column: int) -> tuple[str, str]:
        offset, content, mark = next(islice(rows_of(text), row, None))
        field = next(field for i, field in enumerate(FIELD[mark].finditer(content)) if i == column)
        return place(text, offset + field.start(1)), quote(field[1])

    values = _matrix(text, rows_of(text))
    if np.isneginf(values).any():
        _refuse_overflow(text, rows_of(text), np.isneginf(values))
    return values, locate


def read_number(text: str, where: str) -> float:
    """One number: with a decimal point or comma, in any notation, or −∞; `where` tells its place in a refusal."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    number = plain.replace(",", ".", 1)
    if not NUMBER.fullmatch(number) or "nan" in plain.lower():
        raise ReadingError(where, quote(text), "a number such as 0.25, 1e-3 or −∞")
    if THOUSANDS.fullmatch(plain):
        raise ReadingError(where, quote(text), UNLIKE_THOUSANDS)
    value = float(number.replace("∞", "inf"))
    if math.isinf(value) and (value > 0 or not INFINITE.search(plain)):
        raise ReadingError(where, quote(text), "a finite number up to ±1.8e308, or −∞")
    return value


def one_newline(text: str) -> str:
    """The text with line feeds at the end of its lines, whatever system it comes from."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def place(text: str, offset: int) -> str:
    """Where a character of a text is, as an editor counts."""
    start_of_line = text.rfind("\n", 0, offset) + 1
    return f"Line {text.count(chr(10), 0, offset) + 1}, column {offset - start_of_line + 1}"


def quote(found: str) -> str:
    """The start of what was found, safe to show on one line."""
    shown = found.strip()
    shown = shown if len(shown) <= 20 else f"{shown[:19]}…"
    return f"“{''.join(c if c.isprintable() else '�' for c in shown)}”" if shown else "nothing"


def count(number: int, thing: str) -> str:
    """1 row, 2 rows."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _after(pattern: re.Pattern[str], text: str, start: int = 0) -> int:
    """Where the text goes on after what a pattern skips, which may be nothing."""
    skipped = pattern.match(text, start)
    return skipped.end() if skipped else start


def _blank(text: str) -> str:
    """Spaces in place of everything but line feeds and tabs, which may separate."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    blank = np.full(len(points), ord(" "), np.uint8)
    for kept in "\n\t":
        blank[points == ord(kept)] = ord(kept)
    return blank.tobytes().decode()


def _edited(text: str, pattern: re.Pattern[str], edit: Callable[[re.Match[str]], str]) -> str:
    """`pattern.sub(edit, text)` for an edit that keeps the length: without the list of pieces that `sub` makes."""
    edited = None
    for match in pattern.finditer(text):
        edited = edited or StringIO(text, newline="")
        edited.seek(match.start())
        edited.write(edit(match))
    return edited.getvalue() if edited else text


def _without_frame(text: str) -> str:
    """A single number without what the libraries print around it, as in tensor(1)."""
    start = _after(BEFORE_ROWS, text)
    number = NUMBER.match(text, start)
    if number is None or not start or _after(AFTER_ROWS, text, number.end()) < len(text):
        return text
    return _blank(text[:start]) + number[0]


def _matrix(text: str, rows: Iterable[Row]) -> NDArray[np.float64]:
    numbers, width = array("d"), 0
    for row in rows:
        parsed = _numbers(text, row)
        width = width or len(parsed)
        if len(parsed) != width:
            found = f"a row of {count(len(parsed), 'number')}"
            raise ReadingError(place(text, row[0]), found, f"{width:,} as in the first row")
        if len(numbers) == MAX_ROWS * width:
            raise ReadingError(place(text, row[0]), f"row {MAX_ROWS + 1:,}", f"at most {MAX_ROWS:,} rows")
        numbers.frombytes(parsed.tobytes())
    if not numbers:
        raise ReadingError("Line 1, column 1", "no numbers", "at least one row of them")
    return np.frombuffer(numbers).reshape(-1, width)


def _numbers(text: str, row: Row) -> NDArray[np.float64]:
    offset, content, mark = row
    _refuse_too_wide(text, row)
    try:
        numbers = np.fromstring(content.replace("∞", "inf"), sep=mark)
    except ValueError:
        numbers = np.empty(0)
    if not numbers.size:
        fields = FIELD[mark].finditer(content)
        bad = next((field for field in fields if not NUMBER.fullmatch(field[1])), None)
        _refuse(text, offset + bad.start(1) if bad else offset, bad[1] if bad else "", "a number")
    return numbers


def _refuse_too_wide(text: str, row: Row) -> None:
    offset, content, mark = row
    if len(content) >= MAX_COLUMNS and _columns(content, mark) > MAX_COLUMNS:
        found, expected = f"more than {MAX_COLUMNS:,} columns", f"one for each class, at most {MAX_COLUMNS:,}"
        raise ReadingError(place(text, offset), found, expected)


def _columns(content: str, mark: str) -> int:
    """How many fields a row has; of white space's, which are slow to count, at most one too many."""
    if mark == " ":
        return sum(1 for _ in islice(FIELD[mark].finditer(content), MAX_COLUMNS + 1))
    return content.count(mark) + 1


def _refuse_overflow(text: str, rows: Iterable[Row], infinite: NDArray[np.bool_]) -> None:
    """Refuse −1e999: a logit is −∞ only where the text says -inf."""
    for (offset, content, mark), columns in zip(rows, infinite, strict=True):
        if columns.any():
            for field, column in zip(FIELD[mark].finditer(content), columns, strict=False):
                if column and not INFINITE.search(field[1]):
                    _refuse(text, offset + field.start(1), field[1], "a finite number down to -1.8e308")


def _refuse(text: str, offset: int, found: str, expected: str) -> NoReturn:
    if found.startswith(("...", "…")):
        expected = (
            "the whole array, printed with np.set_printoptions(threshold=np.inf) "
            "or torch.set_printoptions(profile='full')"
        )
    elif re.match(r"\d++ ++\d", found):
        expected += " (decimal commas need semicolons or tabs between the numbers)"
    elif re.match(rf"(?!{EXCEL_ERROR})#", found):
        expected += " (“# ” starts a comment)"
    raise ReadingError(place(text, offset), quote(found), expected)


def _refuse_rest(text: str, offset: int, expected: str) -> NoReturn:
    rest = LINE.match(text, offset)
    _refuse(text, offset, rest[0] if rest else "", expected)


# Nested lists and printouts


def _bracketed_rows(text: str) -> Iterator[Row]:
    """The innermost lists, with nothing around them but one outer list and what the libraries print."""
    position = _after(BEFORE_ROWS, text)
    row = BRACKETED_ROW.search(text, position)
    if row is None:
        _refuse_rest(text, text.rfind("["), "a list that ends with “]”")
    before = OUTER_LIST.fullmatch(text, position, row.start())
    if before is None:
        _refuse_rest(text, position, "a list of numbers or one list of such rows")
    outer = before[1]
    while row:
        yield row.start(1), row[1], "," if "," in row[1] else " "
        position = _after(BETWEEN_ROWS, text, row.end())
        row = BRACKETED_ROW.match(text, position)
    if outer and text[position : position + 1] != "]":
        _refuse_rest(text, position, "a row or “]”")
    position = _after(AFTER_ROWS, text, position + len(outer))
    if position < len(text):
        _refuse_rest(text, position, "the end of the numbers")


# CSV


def _csv_rows(text: str) -> Iterator[Row]:
    """The lines of numbers, after a line of names if there is one."""
    text, mark = _without_quotes(text)
    first = next(_lines(text), None)
    if first is None:
        return
    _refuse_too_wide(text, (first.start(), first[0], mark))
    named = not any(NUMBER.fullmatch(name[1].replace(",", ".")) for name in FIELD[mark].finditer(first[0]))
    start = first.end() if named else first.start()
    below = next(_lines(text, first.end()), None)
    if not named:
        _refuse_column_numbers(text, first, mark)
    else:
        _check_names(text, first, below, mark)
    if mark in ";\t":
        text, mark = _with_commas(text, start, mark), ","
    for line in _lines(text, start):
        yield line.start(), line[0], mark


def _without_quotes(text: str) -> tuple[str, str]:
    """The text without quotes and Excel's sep=, and what separates its numbers; a comma in quotes is a decimal one."""
    told = EXCELS_SEPARATOR.match(text)
    if told:
        text = _blank(told[0]) + text[told.end() :]
    if '"' in text:
        text = _edited(text, QUOTED_LINE, lambda match: match[0].replace('"', " "))
    first = next(_lines(text), [""])[0]
    if '"' in first:
        first = _edited(first, QUOTED_COMMA, lambda match: match[1] + " " * len(match[2]))
    mark = told[1] if told else next((mark for mark in ";\t," if mark in first), " ")
    if mark == "," and '"' in text:
        _refuse_thousands(text)
        text = _edited(text, QUOTED_COMMA, lambda match: match[1] + match[2].replace(",", "."))
    return text.replace('"', " "), mark


def _refuse_thousands(text: str) -> None:
    """Refuse “1,000” in quotes, unless another number shows that these commas are decimal ones."""
    first = None
    for match in filter(lambda match: NUMBER.fullmatch(match[2].replace(",", "")), QUOTED_COMMA.finditer(text)):
        if not THOUSANDS.fullmatch(match[2].strip()):
            return
        first = first or match
    if first:
        _refuse(text, first.start(2), first[2], UNLIKE_THOUSANDS)


def _lines(text: str, start: int = 0) -> Iterator[re.Match[str]]:
    return (line for line in LINE.finditer(text, start) if not line[0].isspace())


def _check_names(text: str, line: re.Match[str], below: re.Match[str] | None, mark: str) -> None:
    """Refuse names that are not one for each column, as where the rows are numbered, and what is rather a row."""
    if below is None or all(NO_NAME.fullmatch(name[1].strip()) for name in FIELD[mark].finditer(line[0])):
        expected = "a number" if below else "a number, or rows of numbers under a line of names"
        first = next(FIELD[mark].finditer(line[0]))
        _refuse(text, line.start() + first.start(1), first[1], expected)
    _refuse_too_wide(text, (below.start(), below[0], mark))
    names, columns = _columns(line[0], mark), _columns(below[0], mark)
    if names != columns:
        found = f"{count(names, 'name')} above {count(columns, 'column')}"
        raise ReadingError(place(text, line.start()), found, "a name for each column")
    for name in FIELD[mark].finditer(line[0]):
        if not name[1].strip():
            _refuse(text, line.start() + name.start(1), "", "a name (row numbers are not read)")


def _refuse_column_numbers(text: str, line: re.Match[str], mark: str) -> None:
    """Refuse a first line 0,1,2,… above decimal fractions: nobody can tell pandas' names from scores."""
    if "." not in text or _columns(line[0], mark) <= 2:
        return
    if all(field[1].strip() == str(i) for i, field in enumerate(FIELD[mark].finditer(line[0]))):
        expected = "names or numbers (0.0 in place of 0 says that they are numbers)"
        raise ReadingError(place(text, line.start()), "what may be column numbers, 0, 1, 2…", expected)


def _with_commas(text: str, start: int, mark: str) -> str:
    """From `start` on, decimal commas as points and `mark` as commas; 1,000.5 is refused as ambiguous."""
    comma = text.find(",", start)
    if comma >= 0 and text.find(".", start) >= 0:
        _refuse_rest(text, comma, "a decimal point, as elsewhere in the text")
    return text[:start] + text[start:].replace(",", ".").replace(mark, ",")
