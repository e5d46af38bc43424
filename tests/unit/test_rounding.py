"""What a narrow dtype holds is the nearest number to the truth."""

import mpmath
import numpy as np
import pytest

from xent_core.rounding import exp, log, log1p, total

NARROW = [np.float16, np.float32]


def _draw(dtype, low, high):
    return np.random.default_rng(4).uniform(low, high, 3000).astype(dtype)


@pytest.mark.parametrize("dtype", NARROW)
@pytest.mark.parametrize(
    ("ours", "truth", "low", "high"),
    [(exp, mpmath.exp, -9, 9), (log, mpmath.log, 1e-3, 9), (log1p, mpmath.log1p, -0.99, 9)],
)
def test_a_function_is_within_half_a_unit_in_the_last_place(dtype, ours, truth, low, high):
    values = _draw(dtype, low, high)
    found = ours(values)
    assert found.dtype == dtype
    with mpmath.workdps(40):
        errors = [abs(mpmath.mpf(float(one)) - truth(float(x))) for one, x in zip(found, values, strict=True)]
    # A tie in float64 may go either way: 1e-6 of a unit.
    assert (np.array(errors, float) <= np.spacing(np.abs(found)).astype(float) * (0.5 + 1e-6)).all()


@pytest.mark.parametrize("dtype", NARROW)
def test_a_sum_is_the_same_in_any_order_and_nearest_to_the_truth(dtype):
    values = _draw(dtype, -2, 3)
    expected = dtype(mpmath.fsum(map(float, values)))
    assert total(values) == total(values[::-1]) == total(np.sort(values)) == expected


def test_ten_thousand_small_terms_all_count_in_float16():
    assert total(np.full(10_000, 1e-3, np.float16)) == pytest.approx(10, abs=0.01)


def test_a_sum_that_overflows_is_inf():
    assert total(np.full(3, 4e4, np.float16)) == np.inf
