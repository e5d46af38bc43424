"""Numbers as a reader sees them, written as the live table writes them."""

import math

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def shown(value: float, digits: int = 4) -> str:
    """A number to `digits` decimals; a very small or large one as a power of ten, so that only 0 shows as 0."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if 10**-digits * 0.9999 <= abs(value) < 1e6:
        return f"{value:.{digits}f}".replace("-", "−")
    return power_of_ten(value)


def power_of_ten(value: float) -> str:
    """A number with three digits, as in 1.27·10⁻³."""
    mantissa, power = f"{value:.2e}".split("e")
    return f"{mantissa}·10{str(int(power)).translate(_SUPERSCRIPTS)}".replace("-", "−")


def subscripted(sign: str, number: int) -> str:
    """A sign with an index: q₀, z₁₂."""
    return sign + str(number).translate(_SUBSCRIPTS)
