"""Numbers as a reader sees them, written as the live table writes them."""

import decimal
import math

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def shown(value: float, digits: int = 4) -> str:
    """A number to `digits` decimals and seven figures; a very small or large one as a power of ten.

    Only 0 shows as 0.
    """
    size = abs(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if 10**-digits <= size < 999999.5:
        decimals = min(digits, 6 - math.floor(math.log10(size)))
        return _rounded(value, f".{decimals}f").replace("-", "−")
    return power_of_ten(value)


def power_of_ten(value: float) -> str:
    """A number with three figures, as in 1.27·10⁻³."""
    mantissa, power = _rounded(value, ".2e").split("e")
    return f"{mantissa}·10{str(int(power)).translate(_SUPERSCRIPTS)}".replace("-", "−")


def _rounded(value: float, form: str) -> str:
    """Halves go away from 0, as in JavaScript; Python's own floats would go to the even one: 0.03125 to 0.0312."""
    with decimal.localcontext(rounding=decimal.ROUND_HALF_UP):
        return format(decimal.Decimal(float(value)), form)


def subscripted(sign: str, number: int) -> str:
    """A sign with an index: q₀, z₁₂."""
    return sign + str(number).translate(_SUBSCRIPTS)
