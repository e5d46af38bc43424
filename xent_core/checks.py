"""What every function asks of its arguments, and the one sentence said when it isn't so."""

import math
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]


def as_floats(values: ArrayLike, name: str, axis: int = -1) -> Floats:
    """`values` as a floating array with at least one class along `axis`; integers and booleans become float64."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name}: expected an array of numbers, got rows of different lengths") from None
    if array.dtype.kind in "iub":
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        raise ValueError(f"{name}: expected an array of real numbers, got dtype {array.dtype}")
    if not -array.ndim <= axis < array.ndim or array.shape[axis] == 0:
        raise ValueError(f"{name}: expected at least one class along axis {axis}, got shape {array.shape}")
    return array


def as_exponents(values: ArrayLike, name: str, axis: int = -1) -> Floats:
    """`values` as a floating array of numbers that are finite or −inf."""
    array = as_floats(values, name, axis)
    _refuse_unless(array < np.inf, array, name, "a finite number or -inf")
    return array


def as_logits(logits: ArrayLike, axis: int = -1) -> Floats:
    """Logits as a floating array: finite or −inf, and at least one finite along `axis`."""
    array = as_exponents(logits, "logits", axis)
    nothing_left = np.isneginf(array.max(axis=axis))
    if nothing_left.any():
        place = _place(nothing_left, along=axis % array.ndim)
        raise ValueError(f"logits{place} is all -inf: expected at least one finite logit")
    return array


def as_probabilities(values: ArrayLike, name: str = "probabilities") -> Floats:
    """`values` as a floating array of numbers from 0 to 1; their sum is not looked at."""
    array = as_floats(values, name)
    _refuse_unless((array >= 0) & (array <= 1), array, name, "a finite number from 0 to 1")
    return array


def as_distributions(values: ArrayLike, name: str) -> Floats:
    """Probabilities whose rows sum to 1 within 1e-6, or within ten roundings where their dtype is coarser."""
    array = as_probabilities(values, name)
    tolerance = max(1e-6, 10 * float(np.finfo(array.dtype).eps))
    sums = array.sum(axis=-1, dtype=np.float64)
    off = np.abs(sums - 1) > tolerance
    if off.any():
        place = _place(off, along=array.ndim - 1)
        raise ValueError(f"{name}{place} sums to {sums[off].flat[0]:.10g}: expected 1, within {tolerance:.1g}")
    return array


def as_logits_and_targets(logits: ArrayLike, targets: ArrayLike) -> tuple[Floats, Floats]:
    """Logits, and targets from 0 to 1 of the same shape, rounded to the dtype of the logits."""
    logits = as_logits(logits)
    return logits, as_targets(targets, logits, "logits")


def as_probabilities_and_targets(probabilities: ArrayLike, targets: ArrayLike) -> tuple[Floats, Floats]:
    """Probabilities, and targets from 0 to 1 of the same shape, rounded to the dtype of the probabilities."""
    probabilities = as_probabilities(probabilities)
    return probabilities, as_targets(targets, probabilities, "probabilities")


def as_targets(targets: ArrayLike, prediction: Floats, name: str) -> Floats:
    """Targets from 0 to 1 of the shape of `prediction`, which errors call `name`, rounded to its dtype."""
    targets = as_probabilities(targets, "targets")
    if targets.shape != prediction.shape:
        raise ValueError(f"targets has shape {targets.shape}: expected {prediction.shape}, the shape of {name}")
    return targets.astype(prediction.dtype, copy=False)


def temperature_in(dtype: np.dtype, temperature: float) -> np.floating:
    """The temperature rounded to `dtype`, where it must still be finite and above 0."""
    rounded = _rounded(temperature, dtype)
    if not 0 < rounded < np.inf:
        raise ValueError(f"temperature is {short(temperature)}: expected a finite number above 0 in {dtype}")
    return rounded


def log_of_base(dtype: np.dtype, base: float) -> np.floating:
    """ln(base) rounded to `dtype`: base is finite, above 0 and not 1."""
    valid = isinstance(base, Real) and 0 < base < math.inf
    rounded = _rounded(math.log(base), dtype) if valid else dtype.type(0)
    if rounded == 0:
        raise ValueError(f"base is {short(base)}: expected a finite number above 0 whose logarithm is not 0 in {dtype}")
    return rounded


def bounds_in(dtype: np.dtype, low: float, high: float) -> tuple[np.floating, np.floating]:
    """Clip bounds rounded to `dtype`, where 0 ≤ low ≤ high ≤ 1 before rounding."""
    for name, bound in (("low", low), ("high", high)):
        if not (isinstance(bound, Real) and 0 <= bound <= 1):
            raise ValueError(f"{name} is {short(bound)}: expected a finite number from 0 to 1")
    if low > high:
        raise ValueError(f"low is {low}: expected at most high, which is {high}")
    return _rounded(low, dtype), _rounded(high, dtype)


def _rounded(value: float, dtype: np.dtype) -> np.floating:
    """A scalar in `dtype`: nan if it is no real number, inf where it overflows."""
    with np.errstate(all="ignore"):
        try:
            return dtype.type(float(value) if isinstance(value, Real) else math.nan)
        except OverflowError:  # an integer beyond float64
            return dtype.type(math.inf)


def short(value: object) -> str:
    """A value as a sentence can hold it."""
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _refuse_unless(good: NDArray[np.bool_], array: Floats, name: str, expected: str) -> None:
    if not good.all():
        value = array[~good].flat[0]
        raise ValueError(f"{name}{_place(~good)} is {value}: expected {expected}")


def _place(bad: NDArray[np.bool_], along: int | None = None) -> str:
    """Where `bad` is first true: an index such as `[1, 2]`; an axis taken `along` shows as in `[1, :]`."""
    index = [str(i) for i in np.unravel_index(np.argmax(bad), np.shape(bad))]
    if along is not None:
        index.insert(along, ":")
    return f"[{', '.join(index)}]"
