import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal

from tests.unit import strategies
from xent_core import (
    bernoulli_cross_entropy,
    categorical_cross_entropy,
    categorical_terms,
    clip_probabilities,
    clipped_bernoulli_cross_entropy,
    clipped_cross_entropy,
    clipped_terms,
    softmax,
)

DTYPES = [np.float16, np.float32, np.float64]
lows = st.sampled_from([1e-15, 1e-10, 1e-7, 0.01])


@given(st.data(), strategies.dtypes, st.floats(0, 0.5), st.floats(0.5, 1))
def test_clipping_brings_probabilities_within_the_bounds_and_leaves_those_within(data, dtype, low, high):
    q = data.draw(strategies.distributions(data.draw(strategies.shapes()), dtype=dtype))
    clipped = clip_probabilities(q, low, high)
    assert ((clipped >= dtype(low)) & (clipped <= dtype(high))).all()
    within = (q >= dtype(low)) & (q <= dtype(high))
    assert_array_equal(clipped[within], q[within])
    assert_array_equal(clip_probabilities(clipped, low, high), clipped)


@given(strategies.logits_and_targets(bound=1e4), lows, strategies.bases.filter(lambda base: base > 1))
def test_clipping_caps_the_loss_at_minus_log_low(pair, low, base):
    logits, targets = pair
    cap = -math.log(low) / math.log(base)
    assert (clipped_cross_entropy(softmax(logits), targets, low, base=base) <= cap * (1 + 1e-14)).all()


@pytest.mark.parametrize(("low", "plateau"), [(1e-10, 23.03), (1e-7, 16.12)])
@pytest.mark.parametrize("gap", [30, 300, 3000])
def test_beyond_the_threshold_the_loss_stays_on_its_plateau(low, plateau, gap):
    assert clipped_cross_entropy(softmax([-gap, 0.0]), [1, 0], low).round(2) == plateau


@given(strategies.predictions_and_targets(), strategies.bases)
def test_a_loss_within_the_bounds_is_not_changed_by_clipping(pair, base):
    unclipped = categorical_cross_entropy(*pair, base=base)
    assert_allclose(clipped_cross_entropy(*pair, 1e-4, base=base), unclipped, rtol=1e-14)  # q ≥ 1 / 6000


@given(strategies.predictions_and_targets(smallest=0), lows, strategies.bases)
def test_the_clipped_loss_is_the_categorical_form_of_clipped_probabilities(pair, low, base):
    q, p = pair
    terms = categorical_terms(clip_probabilities(q, low), p, base=base)
    assert_allclose(clipped_terms(q, p, low, base=base), terms, rtol=1e-15)
    assert_allclose(clipped_cross_entropy(q, p, low, base=base), terms.sum(axis=-1), rtol=1e-14)


def test_an_upper_bound_of_1_has_no_effect_and_any_lower_one_costs_a_right_prediction():
    assert_array_equal(clip_probabilities([0.3, 1.0], high=1.0), [0.3, 1.0])
    assert clipped_cross_entropy([1.0, 0.0], [1, 0], high=1 - 1e-7) == pytest.approx(1e-7, rel=1e-6)


def test_the_upper_bound_decides_whether_the_bernoulli_form_is_finite():
    wrong = np.array([1.0, 0.0])
    assert bernoulli_cross_entropy(clip_probabilities(wrong, high=1.0), [0, 1]) == np.inf
    capped = bernoulli_cross_entropy(clip_probabilities(wrong, high=1 - 1e-10), [0, 1])
    assert capped == pytest.approx(2 * -math.log(1e-10), rel=1e-6)


def test_in_float32_an_upper_bound_of_1_minus_1e_10_is_1():
    assert_array_equal(clip_probabilities(np.array([1, 0.5], np.float32), high=1 - 1e-10), [1, 0.5])


def test_in_float16_a_lower_bound_of_1e_10_is_0_and_even_a_right_prediction_gives_nan():
    q = np.array([1, 0], np.float16)
    assert_array_equal(clip_probabilities(q, 1e-10), [1, 0])
    assert_array_equal(clipped_terms(q, [1, 0], 1e-10), [0, np.nan])
    assert np.isnan(clipped_cross_entropy(q, [1, 0], 1e-10))
    assert clipped_cross_entropy(q, [0.5, 0.5], 1e-10) == np.inf
    assert clipped_cross_entropy(q, [1, 0], 1e-7) == 0


def test_no_clipped_term_is_minus_zero():
    assert not np.signbit(clipped_terms([1.0, 0.0], [1, 0])).any()
    assert not np.signbit(clipped_terms([1.0, 0.0], [1, 0], base=0.5)).any()


@pytest.mark.parametrize("dtype", DTYPES)
def test_clipping_keeps_the_dtype(dtype):
    q = np.array([1, 0], dtype)
    for result in (clip_probabilities(q), clipped_terms(q, [1, 0]), clipped_cross_entropy(q, [1, 0])):
        assert result.dtype == dtype
    assert clip_probabilities(q, np.float64(0.1), np.float64(0.9)).dtype == dtype
    assert clipped_terms(q, [1, 0], base=np.float64(2)).dtype == dtype
    assert clip_probabilities([1, 0]).dtype == np.float64


@pytest.mark.parametrize(
    ("q", "low", "high", "sentence"),
    [
        ([0.5, 2], 0, 1, r"probabilities\[1\] is 2.0: expected a finite number from 0 to 1"),
        ([0.5, np.nan], 0, 1, r"probabilities\[1\] is nan: expected a finite number from 0 to 1"),
        ([0.5, 0.5], -1e-10, 1, "low is -1e-10: expected a finite number from 0 to 1"),
        ([0.5, 0.5], np.nan, 1, "low is nan: expected a finite number from 0 to 1"),
        ([0.5, 0.5], "0", 1, "low is 0: expected a finite number from 0 to 1"),
        ([0.5, 0.5], 0, 1.1, "high is 1.1: expected a finite number from 0 to 1"),
        ([0.5, 0.5], 0.6, 0.4, "low is 0.6: expected at most high, which is 0.4"),
    ],
)
def test_bad_probabilities_and_bounds_are_refused(q, low, high, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        clip_probabilities(q, low, high)
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        clipped_terms(q, [1, 0], low, high)


def test_shapes_that_differ_and_a_bad_base_are_refused():
    with pytest.raises(ValueError, match=r"^targets has shape \(3,\): expected \(2,\), the shape of probabilities$"):
        clipped_terms([0.5, 0.5], [1, 0, 0])
    with pytest.raises(ValueError, match=r"^base is 1: expected"):
        clipped_cross_entropy([0.5, 0.5], [1, 0], base=1)


@given(strategies.predictions_and_targets(min_classes=2), strategies.bases)
def test_within_the_bounds_the_clipped_bernoulli_form_is_the_plain_one(pair, base):
    q, p = pair
    assert_allclose(
        clipped_bernoulli_cross_entropy(q, p, 1e-10, 1 - 1e-10, base=base),
        bernoulli_cross_entropy(q, p, base=base),
        rtol=1e-12,
        atol=1e-12,
    )


def test_in_float32_an_upper_bound_next_to_1_saves_the_bernoulli_form_from_nothing():
    q, p = np.array([1, 0], np.float32), [0, 1]
    assert clipped_bernoulli_cross_entropy(q, p, 1e-10, 1 - 1e-10) == np.inf
    assert np.isfinite(clipped_bernoulli_cross_entropy(q.astype(float), p, 1e-10, 1 - 1e-10))
