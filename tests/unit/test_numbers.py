"""Numbers as a reader sees them."""

import math
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.drawing.numbers import power_of_ten, shown, subscripted


@given(st.floats(1e-4, 999999.5, exclude_max=True), st.sampled_from([1, -1]))
def test_a_number_of_usual_size_is_right_to_the_last_of_four_decimals_or_seven_figures(size, sign):
    text = shown(sign * size).replace("−", "-")
    decimals = len(text.split(".")[1])
    assert text == str(Decimal(sign * size).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    assert decimals == 4 or sum(sign.isdigit() for sign in text) in (7, 8)  # 8 where 9.99… became 10


@given(st.floats(allow_nan=False).filter(bool))
def test_only_0_shows_as_0(value):
    assert any(digit in shown(value) for digit in "123456789∞")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "nan"),
        (23.025850929940457, "23.0259"),
        (1.9e-22, "1.90·10⁻²²"),
        (0.00006, "6.00·10⁻⁵"),
        (-2e6, "−2.00·10⁶"),
        (59872.0, "59872.00"),
        (-123456.7891, "−123456.8"),
        (0.03125, "0.0313"),
    ],
)
def test_the_ends_of_the_scale_are_written_as_the_live_table_writes_them(value, text):
    assert shown(value) == text


def test_what_was_divided_by_a_thousand_keeps_its_digits_with_three_more():
    assert shown(1.2693288 / 1000, digits=7) == "0.0012693"


def test_powers_of_ten_have_three_digits():
    assert power_of_ten(-0.0000529) == "−5.29·10⁻⁵"


def test_an_index_is_written_small():
    assert [subscripted("q", 0), subscripted("z", 19)] == ["q₀", "z₁₉"]
