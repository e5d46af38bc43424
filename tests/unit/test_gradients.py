import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given
from numpy.testing import assert_allclose, assert_array_equal

from tests.unit import exact, strategies
from xent_core import (
    bernoulli_cross_entropy_gradient,
    clipped_cross_entropy,
    clipped_cross_entropy_gradient,
    descend,
    naive_cross_entropy,
    naive_cross_entropy_gradient,
    softmax,
    softmax_bernoulli_cross_entropy,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
    squared_error_gradient,
)

GRADIENTS = [
    softmax_cross_entropy_gradient,
    clipped_cross_entropy_gradient,
    bernoulli_cross_entropy_gradient,
    squared_error_gradient,
    naive_cross_entropy_gradient,
]
GAP_OF_1E_10 = math.log(1e10)  # 23.03: with two classes, the target's q is below 1e-10 beyond this gap


def name(function):
    return function.__name__


def central_differences(loss, logits, step=1e-5):
    """dL/dz of a loss per row, one column at a time: off by step² · L''' / 6, and by 1e-16 · L / step."""
    columns = [(loss(logits + nudge) - loss(logits - nudge)) / (2 * step) for nudge in step * np.eye(logits.shape[1])]
    return np.stack(columns, axis=-1)


def squared_error(logits, targets, temperature):
    return ((softmax(logits, temperature=temperature) - targets) ** 2).sum(axis=-1) / 2


# Against the losses they belong to


@given(
    strategies.logits_and_targets(bound=3),
    strategies.temperatures,
    strategies.bases,
    st.sampled_from(range(4)),
)
def test_every_gradient_is_the_slope_of_its_loss_at_any_temperature_and_in_any_base(pair, temperature, base, which):
    logits, p = pair
    gradient, loss = [
        (
            softmax_cross_entropy_gradient,
            lambda z: softmax_cross_entropy(z, p, temperature=temperature, base=base),
        ),
        (
            bernoulli_cross_entropy_gradient,
            lambda z: softmax_bernoulli_cross_entropy(z, p, temperature=temperature, base=base),
        ),
        (squared_error_gradient, lambda z: squared_error(z, p, temperature)),
        (
            naive_cross_entropy_gradient,
            lambda z: naive_cross_entropy(z / temperature, p) / math.log(base),
        ),
    ][which]
    expected = central_differences(loss, logits)
    assert_allclose(gradient(logits, p, temperature=temperature, base=base), expected, rtol=1e-6, atol=1e-7)


@given(strategies.logits_and_targets(bound=3), strategies.temperatures, strategies.bases)
def test_the_clipped_gradient_is_the_slope_of_the_clipped_loss_off_the_bounds(pair, temperature, base):
    logits, p = pair
    low, high = 0.05, 0.8
    q = softmax(logits, temperature=temperature)
    assume(np.abs(np.stack([q - low, q - high])).min() > 1e-3)  # the loss has a kink at each bound

    def loss(z):
        return clipped_cross_entropy(softmax(z, temperature=temperature), p, low, high, base=base)

    got = clipped_cross_entropy_gradient(logits, p, low, high, temperature=temperature, base=base)
    assert_allclose(got, central_differences(loss, logits), rtol=1e-6, atol=1e-7)


@given(strategies.logits_and_targets(bound=3, hard=True), strategies.temperatures)
def test_gradients_of_targets_that_do_not_sum_to_1_are_slopes_too(pair, temperature):
    logits, p = pair
    p = np.maximum(p, 0.3)
    for gradient, loss in [
        (softmax_cross_entropy_gradient, softmax_cross_entropy),
        (bernoulli_cross_entropy_gradient, softmax_bernoulli_cross_entropy),
    ]:
        expected = central_differences(lambda z, loss=loss: loss(z, p, temperature=temperature), logits)
        assert_allclose(gradient(logits, p, temperature=temperature), expected, rtol=1e-6, atol=1e-7)


# Against 60 digits, where float64 saturates


@given(
    st.one_of(strategies.logits_and_targets(bound=1e4, hard=hard, min_classes=2) for hard in (False, True)),
    st.sampled_from([0.05, 1.0, 3.0]),
)
def test_the_fused_gradient_is_exact_where_softmax_saturates(pair, temperature):
    got = softmax_cross_entropy_gradient(*pair, temperature=temperature) * temperature
    assert_allclose(got, exact.categorical_gradient(*pair, temperature), rtol=1e-12, atol=1e-15)


@given(
    st.one_of(strategies.logits_and_targets(bound=1e4, hard=hard, min_classes=2) for hard in (False, True)),
    st.sampled_from([0.05, 1.0, 3.0]),
)
def test_the_bernoulli_gradient_is_exact_where_softmax_saturates(pair, temperature):
    got = bernoulli_cross_entropy_gradient(*pair, temperature=temperature) * temperature
    assert_allclose(got, exact.bernoulli_gradient(*pair, temperature), rtol=1e-12, atol=2e-15)


@pytest.mark.parametrize("gap", [1, 40, 300])
def test_a_nearly_certain_right_prediction_keeps_the_digits_of_its_gradient(gap):
    z, p = np.array([gap, 0.0]), [1, 0]
    rest = math.exp(-gap) / (1 + math.exp(-gap))
    assert_allclose(softmax_cross_entropy_gradient(z, p), [-rest, rest], rtol=1e-14)
    assert_allclose(bernoulli_cross_entropy_gradient(z, p), [-2 * rest, 2 * rest], rtol=1e-14)


# Laws


@given(strategies.logits_and_targets(bound=1e3), strategies.temperatures, strategies.bases)
def test_every_gradient_sums_to_0_over_the_classes(pair, temperature, base):
    for function in GRADIENTS:
        gradient = function(*pair, temperature=temperature, base=base)
        finite = gradient[np.isfinite(gradient).all(axis=1)]
        assert_allclose(finite.sum(axis=1), 0, atol=1e-13)
        assert function is naive_cross_entropy_gradient or len(finite) == len(gradient)


@given(strategies.logits_and_targets(bound=30))
def test_the_fused_gradient_is_prediction_minus_target(pair):
    logits, p = pair
    assert_allclose(softmax_cross_entropy_gradient(logits, p), softmax(logits) - p, rtol=0, atol=1e-15)


@given(strategies.logits(bound=10))
def test_every_gradient_of_the_right_distribution_is_0(logits):
    for function in GRADIENTS:
        assert_allclose(function(logits, softmax(logits)), 0, atol=1e-14)


@given(strategies.grid_logits(), st.integers(-(10**6), 10**6), st.data())
def test_adding_a_constant_to_all_logits_changes_no_bit_of_a_gradient(logits, constant, data):
    targets = data.draw(strategies.distributions(logits.shape))
    for function in GRADIENTS:
        if function is not naive_cross_entropy_gradient:
            assert_array_equal(function(logits + constant, targets), function(logits, targets))


@given(strategies.logits_and_targets(bound=1e3), st.randoms())
def test_permuting_the_classes_permutes_the_gradient(pair, random):
    order = random.sample(range(pair[0].shape[1]), pair[0].shape[1])
    for function in GRADIENTS:
        permuted = function(*(a[:, order] for a in pair))
        assert_allclose(permuted, function(*pair)[:, order], rtol=1e-12, atol=1e-14)


@given(strategies.logits_and_targets(hard=True, bound=1e4, min_classes=2, max_classes=2))
def test_with_two_classes_the_bernoulli_gradient_is_twice_the_fused_one(pair):
    twice = 2 * softmax_cross_entropy_gradient(*pair)
    assert_allclose(bernoulli_cross_entropy_gradient(*pair), twice, rtol=1e-13)


def test_the_squared_error_has_no_base_and_forgives_a_sure_mistake():
    z, wrong = [0.0, 60.0, 0.0], [1, 0, 0]
    assert_array_equal(squared_error_gradient(z, wrong, base=10), squared_error_gradient(z, wrong))
    assert np.abs(squared_error_gradient(z, wrong)).max() < 1e-25
    assert_allclose(softmax_cross_entropy_gradient(z, wrong), [-1, 1, 0], atol=1e-25)


# Clipping


@given(st.floats(0.01, 1e3), strategies.temperatures, strategies.bases)
def test_beyond_the_threshold_the_clipped_gradient_is_exactly_0(excess, temperature, base):
    z = temperature * np.array([0, GAP_OF_1E_10 + excess])
    assert_array_equal(clipped_cross_entropy_gradient(z, [1, 0], temperature=temperature, base=base), [0, 0])


@given(st.floats(-20, 20), strategies.temperatures, strategies.bases)
def test_before_the_threshold_the_clipped_gradient_is_the_fused_one(gap, temperature, base):
    z, how = temperature * np.array([0, gap]), {"temperature": temperature, "base": base}
    fused = softmax_cross_entropy_gradient(z, [1, 0], **how)
    # as written, 1 − q cancels to one rounding of 1, before it is divided by T · ln b ≥ 0.12
    assert_allclose(clipped_cross_entropy_gradient(z, [1, 0], **how), fused, rtol=1e-13, atol=3e-15)


def test_a_probability_on_a_bound_passes_its_gradient():
    z, p = np.zeros(4), [1, 0, 0, 0]
    for low, high in [(0.25, 1), (0.1, 0.25)]:
        assert_allclose(clipped_cross_entropy_gradient(z, p, low, high), [-0.75, 0.25, 0.25, 0.25])
    for low, high in [(0.26, 1), (0.1, 0.24)]:
        assert_array_equal(clipped_cross_entropy_gradient(z, p, low, high), np.zeros(4))


def test_in_float16_the_clipped_gradient_is_nan_though_the_prediction_is_right():
    z = np.array([50, -50, 0], np.float16)
    assert np.isnan(clipped_cross_entropy_gradient(z, [1, 0, 0], 1e-10)).all()
    assert_array_equal(clipped_cross_entropy_gradient(z, [1, 0, 0], 1e-7), [0, 0, 0])


# The naive formula


@given(strategies.logits_and_targets(bound=100), strategies.temperatures, strategies.bases)
def test_the_naive_gradient_is_the_fused_one_where_nothing_overflows(pair, temperature, base):
    how = {"temperature": temperature, "base": base}
    # exp(z / T) is off by |z| / T ≤ 333 roundings; what is left is divided by T · ln b ≥ 0.12
    fused = softmax_cross_entropy_gradient(*pair, **how)
    assert_allclose(naive_cross_entropy_gradient(*pair, **how), fused, rtol=0, atol=2e-12)


@pytest.mark.parametrize(
    ("logits", "targets"),
    [
        ([0.0, -800.0, 1.0], [1, 0, 0]),
        ([0.0, -800.0, 1.0], [0, 1, 0]),
        ([710.0, 0.0, 0.0], [1, 0, 0]),
        ([-800.0, -900.0, -800.0], [1, 0, 0]),
        ([0.0, -np.inf, 1.0], [1, 0, 0]),
    ],
)
def test_the_naive_gradient_is_nan_for_the_whole_row_as_soon_as_one_probability_is_0(logits, targets):
    assert np.isnan(naive_cross_entropy_gradient(logits, targets)).all()


# Edges


def test_a_logit_of_minus_infinity_is_a_class_that_nothing_moves_unless_it_is_wanted():
    z = [0.0, -np.inf, 0.0]
    assert_array_equal(softmax_cross_entropy_gradient(z, [1, 0, 0]), [-0.5, 0, 0.5])
    assert_array_equal(softmax_cross_entropy_gradient(z, [0, 1, 0]), [0.5, -1, 0.5])
    assert_allclose(bernoulli_cross_entropy_gradient(z, [1, 0, 0]), [-1, 0, 1])
    assert_array_equal(squared_error_gradient(z, [1, 0, 0]), [-0.25, 0, 0.25])


@pytest.mark.parametrize(("rivals", "shares"), [(1, [1]), (2, [0.5, 0.5]), (4, [0.25] * 4)])
def test_rivals_at_minus_infinity_share_the_bernoulli_gradient_equally(rivals, shares):
    z, target = np.array([0.0] + [-np.inf] * rivals), np.eye(rivals + 1)[1]
    expected = np.array([1 + 1, *(-np.array(shares))]) - target  # fused [1, −1, 0 …], and 1 taken from the rivals
    assert_array_equal(bernoulli_cross_entropy_gradient(z, target), expected)
    almost = np.where(np.isneginf(z), -600, z)
    assert_allclose(bernoulli_cross_entropy_gradient(almost, target), expected, atol=1e-15)


def test_gaps_too_large_for_float16_are_divided_by_the_temperature_before_they_overflow():
    logits, target, temperature = np.array([6.1e4, 6e4, -6e4], np.float16), [0, 1, 0], float(np.float16(5e4))
    for function in (softmax_cross_entropy_gradient, bernoulli_cross_entropy_gradient, squared_error_gradient):
        expected = function(logits.astype(np.float64), target, temperature=temperature)
        # over T the entries are below 2^-14, where float16 is spaced by 6e-8
        assert_allclose(function(logits, target, temperature=temperature), expected, rtol=4e-3, atol=6e-8)


@pytest.mark.parametrize("function", GRADIENTS, ids=name)
def test_the_gradient_of_a_single_class_is_0(function):
    assert_array_equal(function([3.0], [1.0]), [0])
    assert_array_equal(function([3.0], [0.5]), [0])


@pytest.mark.parametrize("function", GRADIENTS, ids=name)
def test_no_gradient_is_minus_zero(function):
    for logits, targets in [([0.0, 30.0], [1, 0]), ([0.0, 1.0, 30.0], [0, 0, 1]), ([1.0], [1])]:
        for base in (math.e, 0.5):
            gradient = function(logits, targets, base=base)
            assert not np.signbit(gradient[gradient == 0]).any()


@pytest.mark.parametrize("function", GRADIENTS, ids=name)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_gradient_has_the_shape_and_dtype_of_the_logits(function, dtype):
    for shape in [(3,), (1, 3), (2, 1, 3), (0, 3)]:
        gradient = function(np.zeros(shape, dtype), np.full(shape, 1 / 3))
        assert gradient.dtype == dtype
        assert gradient.shape == shape
    assert function([1, 0], [1, 0]).dtype == np.float64


@pytest.mark.parametrize("function", GRADIENTS, ids=name)
@pytest.mark.parametrize(
    ("arguments", "how", "sentence"),
    [
        (([0, np.nan], [1, 0]), {}, r"logits\[1\] is nan: expected a finite number or -inf"),
        (([-np.inf] * 2, [1, 0]), {}, r"logits\[:\] is all -inf: expected at least one finite logit"),
        (([0, 1], [1, 1.5]), {}, r"targets\[1\] is 1.5: expected a finite number from 0 to 1"),
        (([0, 1], [[1, 0]]), {}, r"targets has shape \(1, 2\): expected \(2,\), the shape of logits"),
        (
            ([0, 1], [1, 0]),
            {"temperature": 0},
            "temperature is 0: expected a finite number above 0 in float64",
        ),
        (
            ([0, 1], [1, 0]),
            {"base": 1},
            "base is 1: expected a finite number above 0 whose logarithm is not 0 .*",
        ),
    ],
)
def test_bad_arguments_of_a_gradient_are_refused(function, arguments, how, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        function(*arguments, **how)


def test_bad_bounds_of_the_clipped_gradient_are_refused():
    with pytest.raises(ValueError, match=r"^low is 2: expected a finite number from 0 to 1$"):
        clipped_cross_entropy_gradient([0, 1], [1, 0], 2)


# The path downhill


@given(strategies.logits_and_targets(bound=5), strategies.temperatures)
def test_every_small_step_downhill_lowers_the_loss(pair, temperature):
    logits, p = pair
    path = descend(
        lambda z: softmax_cross_entropy_gradient(z, p, temperature=temperature), logits, temperature**2, steps=8
    )
    losses = np.stack([softmax_cross_entropy(z, p, temperature=temperature) for z in path])
    assert path.shape == (9, *logits.shape)
    assert_array_equal(path[0], logits)
    assert (np.diff(losses, axis=0) <= 1e-14).all()


def test_the_path_of_a_parabola_is_known():
    assert_allclose(descend(lambda z: z, [1.0, -2.0], 0.5, 3), [[1, -2], [0.5, -1], [0.25, -0.5], [0.125, -0.25]])


def test_a_logit_of_minus_infinity_stays_there():
    path = descend(lambda z: softmax_cross_entropy_gradient(z, [1, 0, 0]), [0.0, 0.0, -np.inf], 1, 3)
    assert_array_equal(path[:, 2], -np.inf)
    assert (np.diff(path[:, 0]) > 0).all()


def test_a_gradient_of_nan_ends_in_what_the_next_one_raises():
    def gradient(z):
        return naive_cross_entropy_gradient(z, [1, 0])

    assert np.isnan(descend(gradient, [0.0, 800.0], 1, 1)[1]).all()
    with pytest.raises(ValueError, match=r"^logits\[0\] is nan: expected a finite number or -inf$"):
        descend(gradient, [0.0, 800.0], 1, 2)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_path_keeps_the_dtype(dtype):
    assert descend(lambda z: z.astype(float), np.ones(2, dtype), np.float64(0.1), 2).dtype == dtype


@pytest.mark.parametrize(
    ("rate", "steps", "sentence"),
    [
        (np.inf, 1, "rate is inf: expected a finite number"),
        ("fast", 1, "rate is fast: expected a finite number"),
        (1, -1, "steps is -1: expected an integer from 0 on"),
        (1, 1.5, "steps is 1.5: expected an integer from 0 on"),
    ],
)
def test_a_rate_or_number_of_steps_out_of_range_is_refused(rate, steps, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        descend(lambda z: z, [0.0], rate, steps)
