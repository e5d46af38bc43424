"""A number as it stands in a log, and what its digits leave open."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from xent_core.checks import short

FLOAT32_ROUNDING = 5e-7
"""Digits beyond this relative size are not trusted: logs print means of float32 losses with a float64's digits."""
LARGEST = 1e300
"""Beyond it, differences of two numbers may overflow."""

NUMERAL = r"[-+]?(?:nan|inf(?:inity)?|(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:e[-+]?[0-9]{1,3})?)"
_NUMBER = re.compile(rf"(?<![\w.]){NUMERAL}(?!\w|\.[0-9])", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"(?<![^\s:=])([-+]?[0-9]+),([0-9]+)(?=e[-+]?[0-9]|(?!\w|[.,][0-9]))", re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}")
_GROUPED = re.compile(
    r"(?:(?<=[ \t:=])|\A(?!.*\n))[-+]?[1-9][0-9]{0,2}"
    r"(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,}|(?:\.[0-9]{3}){2,},[0-9]+)"
    r"(?!\w|[.,][0-9])"
)
"""Thousands that are divided beyond doubt: twice, or before the decimals; and in no row of a table."""
_COLOUR = re.compile(r"\x1b\[[0-9;:?]*[A-Za-z]")
_MINUS = re.compile(r"[−﹣－]|(?<![\w.)\]])[‐‑‒–](?=[0-9.])")
"""Signs that stand for a minus: dashes only where no range from number to number is meant."""
_MICROSOFTS = re.compile(r"1\.#(?:(INF)|QNAN|SNAN|IND)0*", re.IGNORECASE)
_BESIDE_A_TENSOR = re.compile(r"\bdevice='[^']*'|\b(?:shape|size)=\([0-9, ]*\)|\bgrad_fn=<\w*>")


class Fit(Enum):
    """How a value stands to the digits typed."""

    ROUNDED = auto()
    CUT_OFF = auto()
    """It prints so only if the digits after the last were thrown away: 2.302 of ln 10."""
    NO = auto()


@dataclass(frozen=True)
class TypedNumber:
    """A number as it stands in a log, and the interval that its digits leave open."""

    text: str
    value: float
    low: float
    high: float
    unit: float
    """One unit of the last digit typed; 0 for nan and infinity."""

    def fit(self, value: float) -> Fit:
        """Whether a value prints as this number, rounded or cut off."""
        if math.isnan(self.value):
            return Fit.ROUNDED if math.isnan(value) else Fit.NO
        if self.low <= value <= self.high:
            return Fit.ROUNDED
        cut_off = value * self.value > 0 and abs(self.value) <= abs(value) < abs(self.value) + self.unit
        return Fit.CUT_OFF if cut_off else Fit.NO

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the greatest value that fit, cut off or rounded."""
        if self.value < 0:
            return min(self.low, self.value - self.unit), self.high
        return self.low, max(self.high, self.value + self.unit)

    def units_above(self, value: float) -> float:
        """How far the number lies above a value, in units of its last digit."""
        return (self.value - value) / self.unit if self.unit else 0.0


def read_number(text: str) -> TypedNumber:
    """The one number in a text, and the interval that rounds to its digits.

    The interval is never narrower than float32's rounding, nor empty.
    A comma may stand for the decimal point, except where it may as well divide the thousands, as in 2,302.
    Raises: `ValueError` unless there is exactly one number, of at most 1e300.

    >>> number = read_number("loss: 2.3026")
    >>> number.value, number.unit
    (2.3026, 0.0001)
    """
    found = numerals(text)
    if len(found) != 1:
        raise ValueError(f"{short(text)!r}: expected one number, such as 2.3026, 1e-7, nan or -inf")
    return typed(found[0])


def numerals(text: str) -> list[str]:
    """Every number in a text, as it is written there.

    Raises: `ValueError` for a comma that may divide the thousands or be a decimal point.
    """
    return _NUMBER.findall(with_points(in_pythons_notation(text)))


def typed(numeral: str) -> TypedNumber:
    """One numeral in Python's notation, with the interval that rounds to its digits.

    Raises: `ValueError` beyond 1e300.
    """
    written = numeral.lower()
    if written.lstrip("+-").isalpha():
        value = float(written)
        return TypedNumber(written, value, value, value, 0.0)
    decimal = Decimal(written)
    value = float(decimal)
    if not abs(value) <= LARGEST:
        raise ValueError(f"{short(written)}: expected a number of at most 1e300")
    exponent = int(decimal.as_tuple().exponent)
    unit = float(Decimal(1).scaleb(exponent if value else min(exponent, 0)))
    open_by = max(unit / 2 * (1 + 1e-9), abs(value) * FLOAT32_ROUNDING, math.ulp(0))
    return TypedNumber(written, value, value - open_by, value + open_by, unit)


def in_pythons_notation(text: str) -> str:
    r"""The text with Python's minus, nan and inf, no marks in its thousands, and no colours of a terminal.

    Also without what tensors print beside their values.

    >>> in_pythons_notation("\x1b[1mloss\x1b[0m: −12,345.67")
    'loss: -12345.67'
    """
    text = _MINUS.sub("-", _COLOUR.sub("", text)).replace("∞", "inf")
    text = _GROUPED.sub(_ungrouped, _BESIDE_A_TENSOR.sub("", text))
    return _MICROSOFTS.sub(lambda found: "inf" if found[1] else "nan", text)


def with_points(text: str) -> str:
    """The text with decimal points in the place of decimal commas.

    Raises: `ValueError` for one that may divide the thousands as well.
    """
    return _DECIMAL_COMMA.sub(_with_point, text)


def _ungrouped(found: re.Match[str]) -> str:
    marks = [sign for sign in found[0] if sign in ",."]
    whole, *decimals = found[0].rsplit(marks[-1], 1) if marks[-1] != marks[0] else [found[0]]
    return ".".join((whole.replace(marks[0], ""), *decimals))


def _with_point(found: re.Match[str]) -> str:
    if _THOUSANDS.fullmatch(found[0]):
        raise ValueError(f"{found[0]}: expected a decimal point, for this may be {found[0].replace(',', '')} as well")
    return f"{found[1]}.{found[2]}"
