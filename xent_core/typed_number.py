"""A number as it stands in a log, and what its digits leave open."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from xent_core.checks import short

LONGEST_TEXT = 200
FLOAT32_ROUNDING = 2.0**-22
"""Digits beyond this relative size are not trusted: logs print float32 losses with a float64's digits."""

_NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:nan|inf(?:inity)?|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]{1,3})?)(?!\w|\.[0-9])",
    re.IGNORECASE,
)
_DECIMAL_COMMA = re.compile(r"(?<![^\s:=])([-+]?[0-9]+),([0-9]+)(?=e[-+]?[0-9]|(?!\w|[.,][0-9]))", re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}")
_MICROSOFTS = re.compile(r"1\.#(?:(INF)|QNAN|SNAN|IND)0*", re.IGNORECASE)
_BESIDE_A_TENSOR = re.compile(r"\bdevice='[^']*'|\bshape=\([0-9, ]*\)")


@dataclass(frozen=True)
class TypedNumber:
    """A number as it stands in a log, and the interval that its digits leave open."""

    text: str
    value: float
    low: float
    high: float

    def fits(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which values print as this number."""
        if math.isnan(self.value):
            return np.isnan(values)
        return (values >= self.low) & (values <= self.high)


def read_number(text: str) -> TypedNumber:
    """The one number in a text, and the interval that rounds to its digits.

    The interval is never narrower than float32's rounding, nor empty.
    A comma may stand for the decimal point, except where it may as well divide the thousands, as in 2,302.
    Raises: `ValueError` unless there is exactly one number.
    """
    found = _NUMBER.findall(_in_pythons_notation(text[:LONGEST_TEXT]))
    if len(found) != 1 or len(text) > LONGEST_TEXT:
        raise ValueError(f"{short(text)!r}: expected one number, such as 2.3026, 1e-7, nan or -inf")
    written = found[0].lower()
    if written.lstrip("+-").isalpha():
        value = float(written)
        return TypedNumber(written, value, value, value)
    decimal = Decimal(written)
    value = float(decimal)
    if not math.isfinite(value):
        raise ValueError(f"{short(text)!r}: expected a number that a float64 can hold")
    last_digit = int(decimal.as_tuple().exponent)
    half = float(Decimal(5).scaleb(last_digit - 1))
    open_by = max(half * (1 + 1e-9), abs(value) * FLOAT32_ROUNDING, math.ulp(0))
    return TypedNumber(written, value, value - open_by, value + open_by)


def _in_pythons_notation(text: str) -> str:
    """The text with Python's minus, decimal point, nan and inf, and without what tensors print beside their values."""
    text = _BESIDE_A_TENSOR.sub("", text.replace("−", "-").replace("∞", "inf"))
    text = _MICROSOFTS.sub(lambda found: "inf" if found[1] else "nan", text)
    return _DECIMAL_COMMA.sub(_with_point, text)


def _with_point(found: re.Match[str]) -> str:
    if _THOUSANDS.fullmatch(found[0]):
        raise ValueError(f"{found[0]}: expected a decimal point, for this may be {found[0].replace(',', '')} as well")
    return f"{found[1]}.{found[2]}"
