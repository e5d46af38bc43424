"""Functions and sums that are computed wide and rounded once, to the dtype given.

NumPy's own float32 exp, log and log1p are up to 4 units in the last place from the nearest number, and differ from
one processor to the next; a sum differs with the order it is added up in, and in float16 a thousand small terms stop
counting. Computed in float64 and rounded once, each is the nearest number, on every machine and in a browser.
"""

import numpy as np

from xent_core.checks import Floats


def exp(values: Floats) -> Floats:
    """The exponential of `values` in their dtype; NumPy's warning where it overflows."""
    return np.exp(values, dtype=wide(values)).astype(values.dtype, copy=False)


def log(values: Floats) -> Floats:
    """The natural logarithm of `values` in their dtype; NumPy's warning for 0 and below."""
    return np.log(values, dtype=wide(values)).astype(values.dtype, copy=False)


def log1p(values: Floats) -> Floats:
    """log(1 + values) in their dtype, keeping the digits of small ones; NumPy's warning for −1 and below."""
    return np.log1p(values, dtype=wide(values)).astype(values.dtype, copy=False)


def total(values: Floats, axis: int = -1, *, keepdims: bool = False) -> Floats:
    """Σ values along `axis` in their dtype; inf where it overflows."""
    with np.errstate(over="ignore"):
        return values.sum(axis=axis, dtype=wide(values), keepdims=keepdims).astype(values.dtype, copy=False)


def wide(values: Floats) -> np.dtype:
    """The dtype to compute in: float64, or that of `values` if it is wider still."""
    return np.result_type(values.dtype, np.float64)
