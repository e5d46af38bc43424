"""A number as it stands in a log, and what its digits leave open."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from xent_core.identify import identify_loss
from xent_core.identify.number import Fit, read_number


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("0.153", 0.1525, 0.1535),
        ("0.1530", 0.15295, 0.15305),
        ("100.0", 99.95, 100.05),
        ("2", 1.5, 2.5),
        ("1.2e-7", 1.15e-7, 1.25e-7),
        ("-0.25", -0.255, -0.245),
        (".5", 0.45, 0.55),
        ("12e3", 11_500, 12_500),
    ],
)
def test_the_tolerance_comes_from_the_digits_typed(text, low, high):
    number = read_number(text)
    assert (number.low, number.high) == (pytest.approx(low, rel=1e-8), pytest.approx(high, rel=1e-8))
    assert number.low <= low
    assert number.high >= high


@given(st.floats(1e-6, 1e6), st.integers(1, 12))
@example(1.5e-5, 1)  # "2e-05": in floating point 2e-5 − 0.5e-5 is above 1.5e-5
def test_every_value_fits_the_number_it_prints_as(value, digits):
    assert read_number(f"{value:.{digits}g}").fit(value) is Fit.ROUNDED


@given(st.floats(1e-3, 1e3), st.integers(1, 6), st.sampled_from([1, -1]))
def test_every_value_fits_its_digits_cut_off(value, decimals, sign):
    whole, _, after = f"{value:.12f}".partition(".")
    text = f"{'-' * (sign < 0)}{whole}.{after[:decimals]}"
    assume(float(text))  # a 0.0 is not read as cut off
    assert read_number(text).fit(sign * float(f"{value:.12f}")) is not Fit.NO


def test_a_number_halfway_between_two_fits_both():
    number = read_number("0.15")
    assert number.fit(0.145) is number.fit(0.155) is Fit.ROUNDED
    assert number.fit(0.1449999) is Fit.NO
    assert number.fit(0.1550001) is Fit.CUT_OFF


def test_digits_beyond_float32_are_not_trusted():
    ln_10_in_float32 = float(np.float32(math.log(10)))
    assert repr(ln_10_in_float32) == "2.3025851249694824"
    assert identify_loss(repr(ln_10_in_float32)).answers[0].origin.classes == 10


def test_distances_are_told_in_units_of_the_last_digit():
    assert read_number("0.6932").units_above(0.6930) == pytest.approx(2)
    assert read_number("1.2e-7").units_above(1.5e-7) == pytest.approx(-3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("loss: 2.3026", 2.3026),
        ("loss=0.25,", 0.25),
        ("tensor(2.3026, grad_fn=<NllLossBackward0>)", 2.3026),
        ("tensor(0.1990, dtype=torch.float64)", 0.199),
        ("tensor(2.3026, device='cuda:0', grad_fn=<NllLossBackward0>)", 2.3026),
        ("tensor(2.3026, device='mps:0')", 2.3026),
        ("tensor(2.3026, device='cuda:0', dtype=torch.float64)", 2.3026),
        ("<tf.Tensor: shape=(1,), dtype=float32, numpy=array([2.3026], dtype=float32)>", 2.3026),
        ("2,3026", 2.3026),
        ("loss: −0,25", -0.25),
        ("0,153", 0.153),
        ("1,5e-3,", 0.0015),
        ("1.#INF", math.inf),
        ("loss = -1.#INF00", -math.inf),
        ("np.float32(0.5)", 0.5),
        ("[1.5e-03]", 0.0015),
        ("−0.5", -0.5),
        ("∞", math.inf),
        ("-Infinity", -math.inf),
        (" 7. ", 7.0),
        ("loss: 12,345.67", 12345.67),
        ("loss=-1,386.29", -1386.29),
        ("13,862,943.6", 13862943.6),
        ("loss 1.234.567,89", 1234567.89),
        ("loss –0.6931", -0.6931),
        ("loss: ﹣0.6931", -0.6931),
        ("\x1b[34mINFO\x1b[0m loss=\x1b[1m0.6931\x1b[0m", 0.6931),
    ],
)
def test_a_number_is_read_as_it_stands_in_a_log(text, value):
    assert read_number(text).value == value


@pytest.mark.parametrize("text", ["1.#QNAN", "-1.#IND", "1.#SNAN00", "-nan", "-nan(ind)", "NaN"])
def test_nan_is_read_as_any_system_writes_it(text):
    assert math.isnan(read_number(text).value)


def test_a_comma_that_may_divide_the_thousands_is_refused_by_name():
    with pytest.raises(ValueError, match="2,302: expected a decimal point, for this may be 2302 as well"):
        read_number("loss 2,302")


@pytest.mark.parametrize("text", ["", "loss", "1 2", "1.2.3", "1,000", "1e999", "1e307", "9" * 500, "1, 2", "x" * 999])
def test_a_text_without_exactly_one_number_of_at_most_1e300_is_refused(text):
    with pytest.raises(ValueError, match="expected") as refused:
        read_number(text)
    assert len(str(refused.value)) < 150


@pytest.mark.parametrize("text", ["1e-400", "0e-999", "-4e-324", "0e999", "1e300", "-1e300"])
def test_an_extreme_number_leaves_a_finite_interval_open(text):
    number = read_number(text)
    assert number.low < number.high
    assert number.high - number.low < math.inf
    assert identify_loss(text).status
