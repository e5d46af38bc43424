import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from tests.unit import strategies
from xent_core import labels_of, one_hot, smooth_targets

amounts = st.floats(0, 1)


@given(st.lists(st.integers(0, 4)))
def test_one_hot_is_1_at_the_label_and_0_elsewhere(labels):
    targets = one_hot(np.array(labels, int), 5)
    assert targets.shape == (len(labels), 5)
    assert targets.dtype == np.float64
    assert_array_equal(targets.argmax(axis=-1), labels)
    assert_array_equal(np.sort(targets, axis=-1), np.tile([0, 0, 0, 0, 1], (len(labels), 1)))


def test_one_hot_puts_the_classes_after_the_labels_axes():
    assert one_hot(np.zeros((2, 3), int), 4).shape == (2, 3, 4)
    assert_array_equal(one_hot(1, 3), [0, 1, 0])


@given(arrays(np.int64, array_shapes(min_dims=0, max_dims=3, min_side=0), elements=st.integers(0, 4)))
def test_the_labels_of_one_hot_targets_are_the_labels_that_they_were_made_of(labels):
    for dtype in (np.float64, np.float16, np.int64, bool):
        assert_array_equal(labels_of(one_hot(labels, 5).astype(dtype)), labels)


@pytest.mark.parametrize("row", [[0.5, 0.5], [0, 0], [1, 1], [2, 0], [1, 1e-300], [np.nan, 1], [-1, 0], [0.999999, 0]])
def test_targets_with_a_row_that_is_not_one_hot_have_no_labels(row):
    assert labels_of(row) is None
    assert labels_of([[1, 0], row]) is None
    assert labels_of([row, [1, 1], [0, 0]]) is None


@pytest.mark.parametrize(
    ("labels", "num_classes", "sentence"),
    [
        ([0, 3], 3, r"labels\[1\] is 3: expected 0 to 2"),
        ([[0, 1], [0, -1]], 3, r"labels\[1, 1\] is -1: expected 0 to 2"),
        (1000, 1000, r"labels is 1000: expected 0 to 999"),
        ([0.0, 1.0], 3, r"labels: expected integers, got dtype float64"),
        ([0, 1], 0, r"num_classes is 0: expected an integer above 0"),
        ([0, 1], 2.5, r"num_classes is 2.5: expected an integer above 0"),
    ],
)
def test_bad_labels_are_refused_with_argument_position_and_value(labels, num_classes, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        one_hot(labels, num_classes)


@given(st.data(), amounts)
def test_smoothed_distributions_still_sum_to_1(data, amount):
    targets = data.draw(strategies.distributions(data.draw(strategies.shapes())))
    assert_allclose(smooth_targets(targets, amount).sum(axis=-1), 1, rtol=1e-15)


@given(st.integers(1, 10), amounts)
def test_smoothing_gives_every_class_the_nth_part_of_the_amount(n, amount):
    smoothed = smooth_targets(one_hot(0, n), amount)
    assert_allclose(smoothed[1:], amount / n, rtol=1e-15)
    assert_allclose(smoothed[0], 1 - amount + amount / n, rtol=1e-15)


def test_smoothing_by_0_changes_nothing_and_by_1_leaves_nothing():
    targets = np.array([0.9, 0.1, 0.0])
    assert_array_equal(smooth_targets(targets, 0), targets)
    assert_array_equal(smooth_targets(targets, 1), [1 / 3] * 3)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_smoothing_keeps_the_dtype(dtype):
    assert smooth_targets(np.array([1, 0], dtype), np.float64(0.1)).dtype == dtype
    assert smooth_targets([1, 0], 0.1).dtype == np.float64


@pytest.mark.parametrize("amount", [-0.1, 1.5, np.nan, "much"])
def test_an_amount_outside_0_to_1_is_refused(amount):
    with pytest.raises(ValueError, match=f"^amount is {amount}: expected a finite number from 0 to 1$"):
        smooth_targets([1, 0], amount)


def test_targets_outside_0_to_1_are_refused():
    with pytest.raises(ValueError, match=r"^targets\[1\] is 2.0: expected a finite number from 0 to 1$"):
        smooth_targets([0, 2], 0.1)


@given(st.data(), amounts)
def test_distributions_smoothed_over_the_others_still_sum_to_1(data, amount):
    targets = data.draw(strategies.distributions(data.draw(strategies.shapes(min_classes=2))))
    assert_allclose(smooth_targets(targets, amount, over_others=True).sum(axis=-1), 1, rtol=1e-15)


@given(st.integers(2, 10), amounts)
def test_smoothing_over_the_others_gives_them_all_of_the_amount(n, amount):
    smoothed = smooth_targets(one_hot(0, n), amount, over_others=True)
    assert_allclose(smoothed[1:], amount / (n - 1), rtol=1e-15)
    assert smoothed[0] == 1 - amount


@given(st.integers(2, 10), amounts)
def test_smoothing_over_the_others_is_smoothing_over_all_by_a_larger_amount(n, amount):
    over_others = smooth_targets(one_hot(0, n), amount * (n - 1) / n, over_others=True)
    assert_allclose(over_others, smooth_targets(one_hot(0, n), amount), rtol=1e-14)


def test_a_single_class_has_no_others_to_smooth_over():
    with pytest.raises(
        ValueError, match=r"^targets has a single class: expected at least 2 to share the amount over the others$"
    ):
        smooth_targets([[1.0]], 0.1, over_others=True)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_smoothing_over_the_others_keeps_the_dtype(dtype):
    assert smooth_targets(np.array([1, 0], dtype), np.float64(0.1), over_others=True).dtype == dtype
