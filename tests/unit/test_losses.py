import math

import hypothesis.strategies as st
import mpmath
import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal

from tests.unit import exact, strategies
from xent_core import (
    bernoulli_cross_entropy,
    bernoulli_terms,
    categorical_cross_entropy,
    categorical_terms,
    entropy,
    kl_divergence,
    log_softmax,
    naive_cross_entropy,
    parts,
    sigmoid_cross_entropy,
    smooth_targets,
    softmax,
    softmax_bernoulli_cross_entropy,
    softmax_bernoulli_terms,
    softmax_cross_entropy,
    softmax_cross_entropy_terms,
)

DTYPES = [np.float16, np.float32, np.float64]
FROM_PROBABILITIES = [categorical_terms, bernoulli_terms, categorical_cross_entropy, bernoulli_cross_entropy]
FROM_LOGITS = [softmax_cross_entropy, softmax_bernoulli_cross_entropy, sigmoid_cross_entropy]
WITH_TEMPERATURE = [softmax_cross_entropy, softmax_bernoulli_cross_entropy]

Q1, Q2, CAT = [0.5, 0.2, 0.3], [0.8, 0.1, 0.1], [1, 0, 0]


def name(function):
    return function.__name__


def binary_entropy(p):
    return entropy(np.stack([p, 1 - p], axis=-1))


# The seed example: what the app opens with, to the four digits that it prints.


@pytest.mark.parametrize(
    ("base", "categorical", "bernoulli", "mean", "mean_of_entries"),
    [
        (10, [0.3010, 0.0969], [0.5528, 0.1884], 0.1990, 0.0663),
        (math.e, [0.6931, 0.2231], [1.2730, 0.4339], 0.4581, 0.1527),
        (2, [1.0000, 0.3219], [1.8365, 0.6259], 0.6610, 0.2203),
    ],
)
def test_the_seed_example_gives_its_table(base, categorical, bernoulli, mean, mean_of_entries):
    batch, targets = np.array([Q1, Q2]), np.array([CAT, CAT])
    assert_array_equal(categorical_cross_entropy(batch, targets, base=base).round(4), categorical)
    assert_array_equal(bernoulli_cross_entropy(batch, targets, base=base).round(4), bernoulli)
    assert categorical_cross_entropy(batch, targets, base=base).mean().round(4) == mean
    assert categorical_terms(batch, targets, base=base).mean().round(4) == mean_of_entries
    assert_array_equal(softmax_cross_entropy(np.log(batch), targets, base=base).round(4), categorical)
    assert_array_equal(softmax_bernoulli_cross_entropy(np.log(batch), targets, base=base).round(4), bernoulli)


# Zeros and ones


def test_zero_times_log_zero_is_zero():
    assert_array_equal(categorical_terms([1.0, 0.0], [1, 0]), [0, 0])
    assert_array_equal(bernoulli_terms([1.0, 0.0], [1, 0]), [0, 0])
    assert softmax_cross_entropy([0.0, -np.inf], [1, 0]) == 0
    assert softmax_bernoulli_cross_entropy([0.0, -np.inf], [1, 0]) == 0
    assert sigmoid_cross_entropy([800.0, -np.inf], [1, 0]) == 0


def test_a_target_above_0_on_a_probability_of_0_costs_infinity():
    assert_array_equal(categorical_terms([0.0, 1.0], [0.5, 0.5]), [np.inf, 0])
    assert_array_equal(bernoulli_terms([0.0, 1.0], [0.5, 0.5]), [np.inf, np.inf])
    for function in FROM_LOGITS:
        assert function([-np.inf, 0.0], [0.5, 0.5]) == np.inf


@pytest.mark.parametrize("base", [math.e, 0.5])
def test_no_loss_or_term_is_minus_zero(base):
    certain, right = np.array([[1.0, 0.0]]), [[1, 0]]
    for function in FROM_PROBABILITIES:
        assert not np.signbit(function(certain, right, base=base)).any()
    for function in FROM_LOGITS:
        assert not np.signbit(function([[1000.0, -1000.0]], right, base=base)).any()
    assert not np.signbit(entropy(certain, base=base)).any()
    assert not np.signbit(kl_divergence(certain, certain, base=base)).any()
    assert not np.signbit(naive_cross_entropy([[0.0]], [[1]])).any()


# Laws of information


@given(strategies.predictions_and_targets(), strategies.bases)
def test_cross_entropy_is_entropy_plus_kl_divergence(pair, base):
    q, p = pair
    cross = categorical_cross_entropy(q, p, base=base)
    assert_allclose(cross, entropy(p, base=base) + kl_divergence(p, q, base=base), rtol=1e-14, atol=1e-14)


@given(strategies.predictions_and_targets(smallest=0))
def test_the_floor_of_the_categorical_form_is_the_entropy_of_the_targets(pair):
    q, p = pair
    assert (categorical_cross_entropy(q, p) >= entropy(p) - 1e-14).all()
    assert_array_equal(categorical_cross_entropy(p, p), entropy(p))


@given(strategies.predictions_and_targets(smallest=0))
def test_the_floor_of_the_bernoulli_form_is_the_sum_of_binary_entropies(pair):
    q, p = pair
    floor = binary_entropy(p).sum(axis=-1)
    assert (bernoulli_cross_entropy(q, p) >= floor - 1e-14).all()
    assert_allclose(bernoulli_cross_entropy(p, p), floor, rtol=1e-14, atol=1e-15)


@given(strategies.predictions_and_targets(smallest=0))
def test_kl_divergence_is_never_negative_and_0_from_a_distribution_to_itself(pair):
    q, p = pair
    assert (kl_divergence(p, q) >= 0).all()
    assert_array_equal(kl_divergence(p, p), np.zeros(len(p)))


def test_rounding_does_not_make_a_kl_divergence_negative():
    p = np.array([0.1, 0.2, 0.7])
    q = np.array([0.1, 0.2 + 3e-17, 0.7 + 1e-16])
    assert kl_divergence(p, q) == 0


@given(st.integers(1, 20), strategies.bases)
def test_entropy_of_equal_probabilities_is_log_n(n, base):
    assert_allclose(entropy(np.full(n, 1 / n), base=base), math.log(n) / math.log(base), rtol=1e-14)


@given(strategies.logits_and_targets(hard=True, bound=1e4))
def test_on_hard_targets_the_bernoulli_form_is_between_once_and_twice_the_categorical(pair):
    categorical, bernoulli = softmax_cross_entropy(*pair), softmax_bernoulli_cross_entropy(*pair)
    assert (categorical <= bernoulli * (1 + 1e-14)).all()
    assert (bernoulli <= 2 * categorical * (1 + 1e-14)).all()


@given(strategies.logits_and_targets(hard=True, bound=1e4, min_classes=2, max_classes=2))
def test_with_two_classes_the_bernoulli_form_is_exactly_twice_the_categorical(pair):
    assert_allclose(softmax_bernoulli_cross_entropy(*pair), 2 * softmax_cross_entropy(*pair), rtol=1e-14)


@given(st.integers(1, 20), st.floats(-1e4, 1e4), st.data())
def test_equal_logits_cost_log_n_whatever_the_targets(n, logit, data):
    targets = data.draw(strategies.distributions((1, n)))
    assert_allclose(softmax_cross_entropy(np.full((1, n), logit), targets), math.log(n), rtol=1e-14)


# Two routes to the same number


@given(strategies.logits_and_targets(bound=300))
def test_the_fused_loss_is_the_unfused_one_where_that_is_finite(pair):
    logits, targets = pair
    unfused = categorical_cross_entropy(softmax(logits), targets)
    # a softmax value near 1 is rounded before its logarithm is taken: 1e-15 absolute
    assert_allclose(softmax_cross_entropy(logits, targets), unfused, rtol=1e-13, atol=1e-15)


@given(strategies.logits_and_targets(bound=5, min_classes=2))
def test_the_fused_bernoulli_loss_is_the_unfused_one_where_nothing_saturates(pair):
    logits, targets = pair
    unfused = bernoulli_cross_entropy(softmax(logits), targets)
    # 1 − q is at least 4e-5 here, so the unfused form loses up to five of sixteen digits
    assert_allclose(softmax_bernoulli_cross_entropy(logits, targets), unfused, rtol=1e-10)


@given(strategies.logits_and_targets(bound=1e4), st.sampled_from([0.05, 1.0, 3.0]))
def test_the_fused_loss_is_exact_to_1e_12_for_logits_up_to_1e4(pair, temperature):
    got = softmax_cross_entropy(*pair, temperature=temperature)
    assert_allclose(got, exact.categorical(*pair, temperature), rtol=1e-12, atol=1e-300)


@given(
    st.one_of(strategies.logits_and_targets(bound=1e4, hard=hard, min_classes=2) for hard in (False, True)),
    st.sampled_from([0.05, 1.0, 3.0]),
)
def test_the_bernoulli_loss_is_exact_to_1e_12_where_softmax_saturates(pair, temperature):
    got = softmax_bernoulli_cross_entropy(*pair, temperature=temperature)
    assert_allclose(got, exact.bernoulli(*pair, temperature), rtol=1e-12, atol=1e-300)


@given(strategies.logits_and_targets(bound=1e4, max_classes=1))
def test_one_sigmoid_is_a_softmax_over_the_logit_and_0(pair):
    logit, target = pair[0], smooth_targets(pair[1], 0.25)
    target[-1] *= 0.3
    as_softmax = softmax_cross_entropy(np.hstack([logit, np.zeros_like(logit)]), np.hstack([target, 1 - target]))
    assert_allclose(sigmoid_cross_entropy(logit, target), as_softmax, rtol=1e-14)


@given(strategies.logits_and_targets())
def test_sigmoid_losses_of_the_classes_add_up(pair):
    one_by_one = [sigmoid_cross_entropy(z[:, None], p[:, None]).sum() for z, p in zip(*pair, strict=True)]
    assert_allclose(sigmoid_cross_entropy(*pair), one_by_one, rtol=1e-14)


def test_sigmoids_may_all_be_0_as_no_class_needs_another():
    assert_array_equal(sigmoid_cross_entropy([[-np.inf, -np.inf]] * 2, [[0, 0], [1, 0]]), [0, np.inf])


@given(strategies.predictions_and_targets(smallest=0), strategies.bases)
def test_the_terms_add_up_to_the_loss(pair, base):
    for terms, loss in [
        (categorical_terms, categorical_cross_entropy),
        (bernoulli_terms, bernoulli_cross_entropy),
    ]:
        assert_allclose(terms(*pair, base=base).sum(axis=-1), loss(*pair, base=base), rtol=1e-14)


@given(strategies.predictions_and_targets())
def test_a_bernoulli_term_is_the_categorical_loss_of_yes_and_no(pair):
    q, p = pair
    yes_or_no = categorical_cross_entropy(np.stack([q, 1 - q], axis=-1), np.stack([p, 1 - p], axis=-1))
    assert_allclose(bernoulli_terms(q, p), yes_or_no, rtol=1e-12)  # log(1 − q) against log1p(−q), q ≥ 1e-4


# Invariances and parameters


@given(strategies.grid_logits(), st.integers(-(10**6), 10**6), st.data())
def test_adding_a_constant_to_all_logits_changes_no_bit_of_the_loss(logits, constant, data):
    targets = data.draw(strategies.distributions(logits.shape))
    for function in WITH_TEMPERATURE:
        assert_array_equal(function(logits + constant, targets), function(logits, targets))


@given(strategies.logits_and_targets(), st.randoms())
def test_permuting_the_classes_does_not_change_the_loss(pair, random):
    order = random.sample(range(pair[0].shape[1]), pair[0].shape[1])
    for function in FROM_LOGITS:
        assert_allclose(function(*(a[:, order] for a in pair)), function(*pair), rtol=1e-13, atol=1e-300)


@given(strategies.logits_and_targets(), strategies.bases)
def test_the_base_divides_the_loss_by_its_logarithm(pair, base):
    for function in FROM_LOGITS:
        assert_allclose(function(*pair, base=base), function(*pair) / math.log(base), rtol=1e-15)
    of_probabilities = [*FROM_PROBABILITIES, lambda q, p, base=math.e: entropy(q, base=base)]
    of_probabilities += [lambda q, p, base=math.e: kl_divergence(p, q, base=base)]
    for function in of_probabilities:
        expected = function(softmax(pair[0]), pair[1]) / math.log(base)
        assert_allclose(function(softmax(pair[0]), pair[1], base=base), expected, rtol=1e-15)


@given(strategies.logits_and_targets(), st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_temperature_divides_the_logits_of_the_loss(pair, temperature):
    for function in WITH_TEMPERATURE:  # a power of two divides without rounding, so no bit may differ
        divided = function(pair[0] / temperature, pair[1])
        assert_array_equal(function(*pair, temperature=temperature), divided)


def test_targets_need_not_sum_to_1():
    z, multi_hot = np.array([0.3, -1.0, 2.0]), np.array([1.0, 0.0, 1.0])
    assert softmax_cross_entropy(z, multi_hot) == pytest.approx(-log_softmax(z)[[0, 2]].sum(), rel=1e-15)
    assert categorical_cross_entropy([0.5, 0.2, 0.27], multi_hot) == pytest.approx(-math.log(0.5 * 0.27))


def test_a_single_class_is_certain():
    assert softmax_bernoulli_cross_entropy([3.0], [1.0]) == 0
    assert softmax_bernoulli_cross_entropy([3.0], [0.5]) == np.inf


# The naive formula


@given(strategies.logits_and_targets(bound=300))
def test_the_naive_loss_is_the_fused_one_where_nothing_overflows(pair):
    # exp(z) is off by |z| ≤ 300 roundings
    assert_allclose(naive_cross_entropy(*pair), softmax_cross_entropy(*pair), rtol=1e-12, atol=2e-13)


def test_the_naive_loss_is_nan_where_log_0_meets_a_target_of_0_though_the_prediction_is_right():
    assert np.isnan(naive_cross_entropy([0.0, -800.0], [1, 0]))
    assert naive_cross_entropy([0.0, -800.0], [0.5, 0.5]) == np.inf


@pytest.mark.parametrize(("dtype", "logit"), [(np.float16, 12), (np.float32, 89), (np.float64, 710)])
def test_the_naive_loss_is_nan_where_exp_overflows(dtype, logit):
    assert np.isnan(naive_cross_entropy(np.array([logit, 0], dtype), [1, 0]))


# Arguments


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(2,), (1, 2), (3, 2, 2)])
def test_the_dtype_of_the_prediction_comes_out_without_the_axis_of_classes(dtype, shape):
    probabilities, targets = np.full(shape, 0.5, dtype), np.full(shape, 0.5)
    for function in [*FROM_PROBABILITIES, *FROM_LOGITS, naive_cross_entropy]:
        how = {} if function is naive_cross_entropy else {"base": np.float64(2)}
        result = function(probabilities, targets, **how)
        assert result.dtype == dtype
        assert result.shape == (shape if function in (categorical_terms, bernoulli_terms) else shape[:-1])
    for result in (entropy(probabilities), kl_divergence(targets, probabilities)):
        assert result.dtype == dtype
        assert result.shape == shape[:-1]


def test_integers_become_float64_losses():
    for function in [*FROM_PROBABILITIES, *FROM_LOGITS, naive_cross_entropy]:
        assert function([1, 0], [1, 0]).dtype == np.float64


def test_an_empty_batch_has_no_losses():
    empty = np.zeros((0, 3))
    for function in [*FROM_PROBABILITIES, *FROM_LOGITS, naive_cross_entropy]:
        assert function(empty, empty).shape[0] == 0


@pytest.mark.parametrize("function", [*FROM_PROBABILITIES, *FROM_LOGITS, naive_cross_entropy], ids=name)
def test_the_arguments_are_left_as_they_were(function):
    prediction, targets = np.array([[0.0, 1.0]]), np.array([[0.0, 1.0]])
    function(prediction, targets)
    assert_array_equal([prediction, targets], [[[0, 1]], [[0, 1]]])


@pytest.mark.parametrize("function", FROM_PROBABILITIES, ids=name)
@pytest.mark.parametrize(("value", "shown"), [(1.5, "1.5"), (-0.1, "-0.1"), (np.nan, "nan"), (np.inf, "inf")])
def test_a_probability_outside_0_to_1_is_refused_with_its_position(function, value, shown):
    good, bad = [[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5], [0.5, value]]
    with pytest.raises(ValueError, match=rf"^probabilities\[1, 1\] is {shown}: expected a finite number from"):
        function(bad, good)
    with pytest.raises(ValueError, match=rf"^targets\[1, 1\] is {shown}: expected a finite number from 0 to 1$"):
        function(good, bad)


@pytest.mark.parametrize("function", [*FROM_LOGITS, naive_cross_entropy], ids=name)
def test_bad_logits_and_targets_of_a_loss_are_refused_with_their_position(function):
    with pytest.raises(ValueError, match=r"^logits\[0\] is nan: expected a finite number or -inf$"):
        function([np.nan, 0], [1, 0])
    if function is not sigmoid_cross_entropy:
        with pytest.raises(ValueError, match=r"^logits\[:\] is all -inf: expected at least one finite logit$"):
            function([-np.inf, -np.inf], [1, 0])
    with pytest.raises(ValueError, match=r"^targets\[1\] is 1.01: expected a finite number from 0 to 1$"):
        function([1, 0], [0, 1.01])


@pytest.mark.parametrize("function", [*FROM_PROBABILITIES, *FROM_LOGITS, naive_cross_entropy], ids=name)
@pytest.mark.parametrize("targets", [[1, 0, 0], [[1, 0]], [[1], [0]], [1]])
def test_shapes_that_differ_are_refused_even_where_numpy_would_broadcast(function, targets):
    shape = ", ".join(map(str, np.shape(targets)))
    with pytest.raises(ValueError, match=rf"^targets has shape \({shape},?\): expected \(2,\), the shape of "):
        function([1, 0], targets)


@pytest.mark.parametrize("base", [0, 1, -2, math.inf, math.nan, "e", None])
def test_a_base_without_a_finite_logarithm_other_than_0_is_refused(base):
    for function in [*FROM_PROBABILITIES, *FROM_LOGITS, kl_divergence]:
        with pytest.raises(ValueError, match=f"^base is {base}: expected a finite number above 0"):
            function([1.0, 0.0], [1, 0], base=base)


def test_a_base_so_near_1_that_float16_cannot_divide_by_its_logarithm_is_refused_there():
    assert categorical_cross_entropy([0.5, 0.5], [1, 0], base=1 + 1e-9) == pytest.approx(math.log(2) * 1e9, rel=1e-6)
    with pytest.raises(ValueError, match="whose logarithm is not 0 in float16"):
        categorical_cross_entropy(np.array([0.5, 0.5], np.float16), [1, 0], base=1 + 1e-9)


@pytest.mark.parametrize("temperature", [0, -1, math.inf, math.nan])
@pytest.mark.parametrize("function", WITH_TEMPERATURE, ids=name)
def test_a_bad_temperature_of_a_loss_is_refused(function, temperature):
    with pytest.raises(ValueError, match=f"^temperature is {temperature}: expected a finite number above 0"):
        function([1.0, 0.0], [1, 0], temperature=temperature)


def test_entropy_and_kl_divergence_refuse_sums_other_than_1_and_name_the_row():
    good, bad = [[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.47]]
    with pytest.raises(ValueError, match=r"^probabilities\[1, :\] sums to 0.97: expected 1, within 1e-06$"):
        entropy(bad)
    with pytest.raises(ValueError, match=r"^targets\[1, :\] sums to 0.97: expected 1"):
        kl_divergence(bad, good)
    with pytest.raises(ValueError, match=r"^probabilities\[1, :\] sums to 0.97: expected 1"):
        kl_divergence(good, bad)


@given(st.data(), strategies.dtypes)
def test_a_softmax_in_any_dtype_sums_closely_enough_to_1_for_entropy(data, dtype):
    entropy(softmax(data.draw(strategies.logits(dtype=dtype, max_classes=30))))


def exact_divergence(p, q):
    """Σ p log(p / q) of two rows to 40 digits."""
    with mpmath.workdps(40):
        pairs = [(mpmath.mpf(float(a)), mpmath.mpf(float(b))) for a, b in zip(p, q, strict=True)]
        return float(mpmath.fsum(a * mpmath.log(a / b) for a, b in pairs if a))


@given(strategies.distributions((1, 4)), strategies.distributions((1, 4), smallest=1), st.floats(0, 1))
def test_a_divergence_is_exact_from_far_to_close(p, away, share):
    q = p + share**4 * (away - p)
    # rounded entries need not sum to 1 exactly, and the divergence is off by as much as they are
    assert kl_divergence(p, q)[0] == pytest.approx(exact_divergence(p[0], q[0]), rel=1e-12, abs=4e-16)


@pytest.mark.parametrize("step", [1e-3, 1e-5, 1e-8])
def test_a_small_divergence_keeps_its_digits(step):
    p, q = np.array([0.3, 0.7]), np.array([0.3 + step, 0.7 - step])
    assert float(kl_divergence(p, q)) == pytest.approx(exact_divergence(p, q), rel=1e-7, abs=0)


@pytest.mark.parametrize(("dtype", "tiny"), [(np.float16, 6e-6), (np.float32, 1e-40), (np.float64, 1e-310)])
def test_a_divergence_is_finite_where_q_over_p_overflows(dtype, tiny):
    divergence = kl_divergence(np.array([tiny, 1], dtype), np.array([0.5, 0.5], dtype))
    assert divergence.dtype == dtype
    assert divergence == pytest.approx(math.log(2), rel=1e-3)


def test_a_number_too_long_for_a_sentence_is_shortened():
    with pytest.raises(ValueError, match=r"^temperature is 10{38}…: expected"):
        softmax_cross_entropy([1.0, 2.0], [1, 0], temperature=10**400)


def test_a_sum_that_is_not_1_is_told_in_the_digits_that_show_it():
    with pytest.raises(ValueError, match=r"sums to 1\.0000012"):
        entropy([0.5, 0.5000012])


# Terms and parts of the fused losses


@given(strategies.logits_and_targets(bound=1e3), strategies.temperatures, strategies.bases)
def test_the_terms_of_a_fused_loss_add_up_to_it(pair, temperature, base):
    how = {"temperature": temperature, "base": base}
    for terms, loss in [
        (softmax_cross_entropy_terms, softmax_cross_entropy),
        (softmax_bernoulli_terms, softmax_bernoulli_cross_entropy),
    ]:
        assert terms(*pair, **how).shape == pair[0].shape
        assert_allclose(terms(*pair, **how).sum(axis=-1), loss(*pair, **how), rtol=1e-14)


@given(strategies.logits_and_targets(bound=20), strategies.bases)
def test_the_terms_of_a_fused_loss_are_those_of_softmax(pair, base):
    logits, p = pair
    q = softmax(logits)
    assert_allclose(softmax_cross_entropy_terms(*pair, base=base), categorical_terms(q, p, base=base), atol=1e-14)
    with_rest = q < 0.99  # beyond, bernoulli_terms has lost digits of 1 - q
    ours, theirs = softmax_bernoulli_terms(*pair, base=base), bernoulli_terms(q, p, base=base)
    assert_allclose(ours[with_rest], theirs[with_rest], atol=1e-13)


@given(
    strategies.logits_and_targets(bound=1e3, min_classes=2), strategies.temperatures, st.sampled_from([2, 10, math.e])
)
def test_a_floor_and_what_is_above_it_add_up_to_the_loss(pair, temperature, base):
    how = {"temperature": temperature, "base": base}
    found = parts(*pair, **how)
    assert_allclose(found.entropy + found.divergence, softmax_cross_entropy(*pair, **how), rtol=1e-12, atol=1e-15)
    assert_allclose(found.floor + found.excess, softmax_bernoulli_cross_entropy(*pair, **how), rtol=1e-12, atol=1e-15)
    assert (found.divergence >= 0).all()
    assert (found.excess >= found.divergence).all()


@given(strategies.logits_and_targets(bound=20), st.sampled_from([2, 10, math.e]))
def test_the_parts_are_the_entropy_the_divergence_and_the_binary_entropies(pair, base):
    found, (logits, p) = parts(*pair, base=base), pair
    assert_allclose(found.entropy, entropy(p, base=base), rtol=1e-14)
    assert_allclose(found.divergence, kl_divergence(p, softmax(logits), base=base), rtol=1e-12, atol=1e-14)
    assert_allclose(found.floor * math.log(base), binary_entropy(p).sum(axis=-1), rtol=1e-12, atol=1e-14)


def test_the_parts_of_a_prediction_that_equals_its_target_are_floors_alone():
    p = np.array([0.7, 0.2, 0.1])
    found = parts(np.log(p), p)
    assert 0 <= found.divergence <= found.excess < 1e-30


@pytest.mark.parametrize("tiny", [1e-300, 5e-324])
def test_a_target_far_below_its_probability_overflows_nothing(tiny):
    assert parts([0.0, 0.0], [1, tiny]).divergence == pytest.approx(math.log(2))


def test_a_divergence_is_infinite_where_the_prediction_rules_the_target_out():
    found = parts([0.0, -np.inf], [0.5, 0.5])
    assert found.divergence == found.excess == np.inf
    assert np.isfinite([found.entropy, found.floor]).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_parts_have_the_dtype_of_the_logits(dtype):
    found = parts(np.zeros(2, dtype), [0.5, 0.5])
    assert {found.entropy.dtype, found.divergence.dtype, found.floor.dtype, found.excess.dtype} == {np.dtype(dtype)}


def test_parts_of_targets_that_do_not_sum_to_1_are_refused():
    with pytest.raises(ValueError, match=r"^targets\[:\] sums to 0.9: expected 1, within 1e-06$"):
        parts([0.0, 0.0], [0.5, 0.4])
