import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given
from numpy.testing import assert_allclose, assert_array_equal

from tests.unit import exact, strategies
from xent_core import (
    exponentials,
    group_others,
    log_odds,
    log_one_minus_softmax,
    log_softmax,
    logsumexp,
    naive_softmax,
    one_minus_softmax,
    shifted_exponentials,
    softmax,
    softmax_log_odds,
)

DTYPES = [np.float16, np.float32, np.float64]
WITH_TEMPERATURE = [
    softmax,
    log_softmax,
    one_minus_softmax,
    log_one_minus_softmax,
    shifted_exponentials,
    softmax_log_odds,
]
OF_LOGITS = [*WITH_TEMPERATURE, naive_softmax, logsumexp, exponentials]


@given(st.data(), strategies.dtypes)
def test_softmax_sums_to_1(data, dtype):
    q = softmax(data.draw(strategies.logits(dtype=dtype)))
    # each of the n ≤ 6 entries is off by at most about two roundings of a number below 1
    assert_allclose(q.sum(axis=-1, dtype=np.float64), 1, rtol=0, atol=6 * np.finfo(dtype).eps)


@given(strategies.grid_logits(), st.integers(-(10**6), 10**6))
def test_adding_a_constant_to_all_logits_changes_no_bit(logits, constant):
    for function in WITH_TEMPERATURE:
        assert_array_equal(function(logits + constant), function(logits))


@given(strategies.grid_logits(), st.integers(-(10**6), 10**6))
def test_adding_a_constant_to_all_values_adds_it_to_logsumexp(logits, constant):
    assert_allclose(logsumexp(logits + constant), logsumexp(logits) + constant, rtol=1e-15, atol=1e-13)


@given(strategies.logits(), st.randoms())
def test_permuting_the_logits_permutes_the_probabilities(logits, random):
    order = random.sample(range(logits.shape[1]), logits.shape[1])
    for function in WITH_TEMPERATURE:
        # the order of a sum of n ≤ 6 terms is worth a few roundings of q, and of 1 in the logarithm of what is near 1
        absolute = 1e-15 if "log" in function.__name__ else 1e-300
        assert_allclose(function(logits[:, order]), function(logits)[:, order], rtol=1e-14, atol=absolute)


@given(st.integers(1, 20), st.floats(-1e4, 1e4))
def test_equal_logits_share_equally(n, logit):
    assert_allclose(softmax(np.full(n, logit)), np.full(n, 1 / n), rtol=1e-15)
    assert_allclose(log_softmax(np.full(n, logit)), np.full(n, -math.log(n)), rtol=1e-15)


@given(strategies.logits(bound=1e4), st.sampled_from([0.05, 1.0, 3.0]))
def test_log_softmax_is_exact_to_1e_12_for_logits_up_to_1e4(logits, temperature):
    expected = exact.log_softmax(logits, logits, temperature)
    got = log_softmax(logits, temperature=temperature)
    # numbers below 1e-300 are no longer stored with all their digits
    assert_allclose(got, expected, rtol=1e-12, atol=1e-300)
    assert_allclose(softmax(logits, temperature=temperature), np.exp(expected), rtol=1e-10, atol=1e-300)


@given(strategies.logits(bound=1e4, min_classes=2), st.sampled_from([0.05, 1.0, 3.0]))
def test_one_minus_softmax_keeps_its_digits_on_both_sides_of_a_half(logits, temperature):
    expected = exact.log_one_minus_softmax(logits, logits, temperature)
    got = log_one_minus_softmax(logits, temperature=temperature)
    assert_allclose(got, expected, rtol=1e-12, atol=1e-300)
    rest = one_minus_softmax(logits, temperature=temperature)
    assert_allclose(rest, np.exp(expected), rtol=1e-10, atol=1e-300)


def test_a_nearly_certain_class_keeps_its_digits():
    assert_allclose(log_softmax([0.0, -50.0])[0], -math.exp(-50), rtol=1e-15)
    assert_allclose(one_minus_softmax([0.0, -50.0])[0], math.exp(-50), rtol=1e-15)
    assert_allclose(log_one_minus_softmax([0.0, -50.0])[1], -math.exp(-50), rtol=1e-15)
    assert log_one_minus_softmax([0.0, -1000.0, -1000.0])[0] == pytest.approx(-1000 + math.log(2), rel=1e-15)


@pytest.mark.parametrize("dtype", DTYPES)
def test_above_a_half_the_log_of_one_minus_softmax_is_taken_from_the_others(dtype):
    q = np.random.default_rng(5).uniform(0.5, 0.9, 2000)
    logits = np.stack([np.log(q / (1 - q)), np.zeros_like(q)], axis=1).astype(dtype)
    expected, got = exact.log_one_minus_softmax(logits, logits)[:, 0], log_one_minus_softmax(logits)[:, 0]
    # in units in the last place; log1p(−q) is off by 3 to 5, as q is rounded more coarsely than 1 − q would be
    assert (np.abs(got - expected) <= 1.5 * np.spacing(np.abs(got)).astype(float)).all()


def test_logsumexp_has_its_closed_forms():
    assert logsumexp([1000.0, 1000.0]) == pytest.approx(1000 + math.log(2), rel=1e-15)
    assert logsumexp([-1000.0] * 8) == pytest.approx(-1000 + math.log(8), rel=1e-15)
    assert logsumexp([0.0, -50.0]) == pytest.approx(math.exp(-50), rel=1e-15, abs=0)
    assert logsumexp([3.25]) == 3.25


def test_logsumexp_of_nothing_but_minus_infinity_is_minus_infinity():
    assert_array_equal(logsumexp([[-np.inf, -np.inf], [0.0, -np.inf]]), [-np.inf, 0.0])


@given(strategies.logits())
def test_log_softmax_is_the_logit_minus_logsumexp(logits):
    gap = logits - logsumexp(logits)[:, np.newaxis]
    assert_allclose(log_softmax(logits), gap, rtol=1e-13, atol=1e-13)  # the gap cancels, log_softmax does not


@given(strategies.logits(), st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_temperature_divides_the_logits(logits, temperature):
    for function in WITH_TEMPERATURE:  # a power of two divides without rounding, so no bit may differ
        assert_array_equal(function(logits, temperature=temperature), function(logits / temperature))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_small_temperature_overflows_nowhere(dtype):
    logits = np.array([1e4, -1e4, 0], dtype)
    assert_array_equal(softmax(logits, temperature=0.05), [1, 0, 0])
    assert log_softmax(logits, temperature=0.05)[0] == 0
    assert log_softmax(logits, temperature=0.05)[1] < -60000


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_largest_finite_logits_overflow_nowhere(dtype):
    largest = np.finfo(dtype).max
    assert_array_equal(softmax(np.array([largest, -largest], dtype)), [1, 0])
    assert logsumexp(np.array([largest, -largest], dtype)) == largest


@pytest.mark.parametrize(("dtype", "largest"), [(np.float16, 6e4), (np.float32, 3e38)])
def test_a_gap_too_large_for_the_dtype_is_divided_by_the_temperature_before_it_overflows(dtype, largest):
    logits = np.array([largest, -largest], dtype)
    assert log_softmax(logits, temperature=20)[1] == pytest.approx(-largest / 10, rel=2 * float(np.finfo(dtype).eps))
    assert log_softmax(logits)[1] == -np.inf


@given(strategies.logits())
def test_a_logit_of_minus_infinity_is_a_class_that_is_not_there(logits):
    absent = np.full((len(logits), 1), -np.inf)
    with_it = np.hstack([absent, logits])
    assert_array_equal(logsumexp(with_it), logsumexp(logits))
    for function, value in [(softmax, 0), (log_softmax, -np.inf), (one_minus_softmax, 1)]:
        assert_array_equal(function(with_it), np.hstack([np.full_like(absent, value), function(logits)]))


@pytest.mark.parametrize("axis", [-1, 0])
def test_a_sum_in_float16_counts_every_one_of_5000_terms(axis):
    logits = np.zeros((5000, 2) if axis == 0 else (2, 5000), np.float16)
    assert_allclose(softmax(logits, axis=axis).astype(np.float64), 1 / 5000, rtol=1e-3)
    assert logsumexp(logits, axis)[0] == pytest.approx(math.log(5000), rel=1e-3)


@pytest.mark.parametrize("function", [logsumexp, *WITH_TEMPERATURE], ids=lambda f: f.__name__)
def test_the_axis_may_be_any(function):
    logits = np.random.default_rng(0).normal(size=(2, 3, 4))
    moved = function(np.moveaxis(logits, 1, -1))
    along_1 = function(logits, axis=1)
    assert_allclose(along_1, moved if function is logsumexp else np.moveaxis(moved, -1, 1), rtol=1e-14)


@given(strategies.logits(bound=300))
def test_naive_softmax_is_softmax_where_nothing_overflows(logits):
    # exp(z) itself is off by |z| roundings; below 1e-250 a quotient may have lost digits to underflow
    assert_allclose(naive_softmax(logits), softmax(logits), rtol=1e-12, atol=1e-250)


@pytest.mark.parametrize(
    ("dtype", "below", "above"),
    [(np.float16, 11.08, 11.10), (np.float32, 88.72, 88.73), (np.float64, 709.78, 709.79)],
)
def test_naive_softmax_overflows_past_the_logarithm_of_the_largest_number(dtype, below, above):
    assert naive_softmax(np.array([below, 0], dtype))[0] == 1
    assert_array_equal(naive_softmax(np.array([above, 0], dtype)), [np.nan, 0])


def test_naive_softmax_divides_zero_by_zero_where_all_underflow():
    assert_array_equal(naive_softmax([-800.0, -900.0]), [np.nan, np.nan])


@pytest.mark.parametrize("function", OF_LOGITS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_dtype_that_goes_in_comes_out(function, dtype):
    assert function(np.array([1, 2, 3], dtype)).dtype == dtype
    assert function(np.array([[1, 2, 3]], dtype)).dtype == dtype
    if function in WITH_TEMPERATURE:
        assert function(np.array([1, 2, 3], dtype), temperature=np.float64(2)).dtype == dtype


@pytest.mark.parametrize("function", OF_LOGITS, ids=lambda f: f.__name__)
def test_integers_become_float64(function):
    assert function([1, 2, 3]).dtype == np.float64
    assert_array_equal(function([1, 2, 3]), function([1.0, 2.0, 3.0]))


@pytest.mark.parametrize("function", OF_LOGITS, ids=lambda f: f.__name__)
def test_the_input_is_left_as_it_was(function):
    logits = np.array([[1.0, 2.0, -np.inf]])
    function(logits)
    assert_array_equal(logits, [[1.0, 2.0, -np.inf]])


@pytest.mark.parametrize("function", OF_LOGITS, ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("logits", "sentence"),
    [
        ([[0, 1], [np.nan, 2]], r"\[1, 0\] is nan: expected a finite number or -inf"),
        ([0, np.inf], r"\[1\] is inf: expected a finite number or -inf"),
        (3.0, r": expected at least one class along axis -1, got shape \(\)"),
        ([[], []], r": expected at least one class along axis -1, got shape \(2, 0\)"),
        (["1", "2"], r": expected an array of real numbers, got dtype <U1"),
        ([1j, 2], r": expected an array of real numbers, got dtype complex128"),
        ([[1], [2, 3]], r": expected an array of numbers, got rows of different lengths"),
    ],
)
def test_bad_logits_are_refused_with_argument_position_and_value(function, logits, sentence):
    name = "values" if function is logsumexp else "logits"
    with pytest.raises(ValueError, match=f"^{name}{sentence}$"):
        function(logits)


@pytest.mark.parametrize("function", [f for f in OF_LOGITS if f is not logsumexp], ids=lambda f: f.__name__)
def test_logits_that_are_all_minus_infinity_are_refused_with_their_row(function):
    with pytest.raises(ValueError, match=r"^logits\[1, :\] is all -inf: expected at least one finite logit$"):
        function([[0, -np.inf], [-np.inf, -np.inf]])


def test_logits_that_are_all_minus_infinity_are_refused_with_their_column():
    with pytest.raises(ValueError, match=r"^logits\[:, 0\] is all -inf"):
        softmax([[-np.inf, 0], [-np.inf, 0]], axis=0)


def test_an_axis_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"^logits: expected at least one class along axis 2, got shape \(2,\)$"):
        softmax([0, 1], axis=2)


@pytest.mark.parametrize("function", WITH_TEMPERATURE, ids=lambda f: f.__name__)
@pytest.mark.parametrize("temperature", [0, -1.0, math.nan, math.inf, "hot", None])
def test_a_temperature_that_is_not_finite_and_above_0_is_refused(function, temperature):
    with pytest.raises(ValueError, match=f"^temperature is {temperature}: expected a finite number above 0"):
        function([0.0, 1.0], temperature=temperature)


@pytest.mark.parametrize("temperature", [1e-9, 1e9])
def test_a_temperature_that_float16_cannot_hold_is_refused(temperature):
    with pytest.raises(ValueError, match="expected a finite number above 0 in float16"):
        softmax(np.array([0, 1], np.float16), temperature=temperature)


@given(strategies.logits(bound=20), strategies.temperatures)
def test_exponentials_over_their_sum_are_softmax_shifted_or_not(logits, temperature):
    for function in (exponentials, shifted_exponentials):
        powers = function(logits, temperature=temperature)
        expected = softmax(logits, temperature=temperature)
        assert_allclose(powers / powers.sum(axis=-1, keepdims=True), expected, rtol=1e-12)


@given(strategies.logits(bound=1e4))
def test_shifted_exponentials_are_1_at_the_largest(logits):
    assert_array_equal(shifted_exponentials(logits).max(axis=-1), 1)


def test_exponentials_overflow_as_written():
    assert_array_equal(exponentials(np.array([11.0, 12.0], np.float16)), [np.float16(math.exp(11)), np.inf])
    assert_array_equal(exponentials([0.0, 100.0], temperature=0.05), [1, np.inf])


@given(strategies.logits(bound=20), strategies.temperatures)
def test_log_odds_are_those_of_softmax(logits, temperature):
    q = softmax(logits, temperature=temperature)
    kept = (q > 1e-300) & (q < 0.999)  # beyond, q has lost digits of 1 - q
    found = softmax_log_odds(logits, temperature=temperature)
    assert_allclose(found[kept], log_odds(q)[kept], rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("gap", [-1e4, -40, 0, 1e-9, 40, 1e4])
def test_with_two_classes_the_log_odds_are_the_gap_of_the_logits(gap):
    assert_allclose(softmax_log_odds([gap, 0.0], temperature=2), [gap / 2, -gap / 2], rtol=1e-14, atol=1e-15)


def test_log_odds_are_infinite_where_a_class_is_certain():
    assert_array_equal(log_odds([0.0, 1.0]), [-np.inf, np.inf])
    assert_array_equal(softmax_log_odds([0.0, -np.inf]), [np.inf, -np.inf])
    with pytest.raises(ValueError, match=r"^probabilities\[0\] is 1.5: expected a finite number from 0 to 1$"):
        log_odds([1.5])


# Grouped classes


@given(strategies.logits(), st.randoms())
def test_grouping_the_others_changes_no_probability_of_those_that_are_kept(logits, random):
    n = logits.shape[1]
    assume(n > 1)
    kept = random.sample(range(n), random.randint(1, n - 1))
    grouped = softmax(group_others(logits, kept))
    # a logsumexp of ≤ 6 logits is off by a few roundings of its own size, which exp multiplies
    size = 1 + np.abs(logits[np.isfinite(logits)]).max()
    assert_allclose(grouped[:, :-1], softmax(logits)[:, kept], rtol=1e-14 * size, atol=1e-300)


def test_grouped_others_stand_at_their_logsumexp_and_at_minus_infinity_where_they_are_impossible():
    assert group_others([0.0, 1.0, 1.0], [0]).tolist() == [0.0, pytest.approx(1 + math.log(2))]
    assert group_others([0.0, -math.inf, -math.inf], [0]).tolist() == [0.0, -math.inf]


@pytest.mark.parametrize("kept", [[], [0, 1, 2], [0, 0], [3], [-1], [[0]]])
def test_what_are_no_classes_to_keep_is_refused(kept):
    with pytest.raises(ValueError, match="kept: expected"):
        group_others([0.0, 1.0, 2.0], kept)
