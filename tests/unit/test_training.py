import math
from dataclasses import fields
from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from xent_core import one_hot, smooth_targets
from xent_core.digits import SOURCE, digits
from xent_core.training import OBJECTIVES, train

TRAIN, TEST = digits()
trained = cache(train)  # a run is asked for by several tests


def accuracy_after(run, *epochs):
    return [round(float(run.test_accuracy[epoch]), 3) for epoch in epochs]


# The digits


def test_the_digits_are_1437_to_train_on_and_360_others():
    assert (TRAIN.pixels.shape, TEST.pixels.shape) == ((1437, 64), (360, 64))
    rows = {row.tobytes() for row in np.concatenate([TRAIN.pixels, TEST.pixels])}
    assert len(rows) == 1797
    assert set(np.unique(TRAIN.pixels * 16)) == set(range(17))
    assert set(TRAIN.labels) == set(TEST.labels) == set(range(10))


def test_the_digits_are_shared_and_cannot_be_changed():
    assert digits()[0] is TRAIN
    with pytest.raises(ValueError, match="read-only"):
        TRAIN.pixels[0, 0] = 1


def test_the_source_of_the_digits_is_named_with_its_doi():
    assert "10.24432/C50P49" in SOURCE


# What the page says of the runs: test accuracy after so many epochs

SAID = [
    ("cross_entropy", "zero", {5: 0.939, 20: 0.981, 100: 0.983}),
    ("cross_entropy", ("sure", 12), {1: 0.864, 5: 0.939, 20: 0.975, 100: 0.983}),
    ("squared_error", "zero", {100: 0.986}),
    ("squared_error", ("sure", 12), {1: 0.108, 5: 0.108, 20: 0.108, 100: 0.967}),
    ("squared_error", ("sure", 15), {1: 0.108, 5: 0.108, 20: 0.108, 100: 0.108}),
    ("clipped", ("sure", 23.0), {1: 0.814, 100: 0.975}),
    ("clipped", ("sure", 23.1), {1: 0.108, 5: 0.108, 20: 0.108, 100: 0.108}),
    ("cross_entropy", ("normal", 5), {100: 0.944}),
    ("clipped", ("normal", 5), {100: 0.669}),
    ("squared_error", ("normal", 5), {100: 0.256}),
    ("double_softmax", "zero", {5: 0.761, 100: 0.978}),
]


@pytest.mark.parametrize(("loss", "start", "said"), SAID)
def test_the_accuracy_after_each_epoch_is_the_one_that_is_said(loss, start, said):
    assert accuracy_after(trained(loss, start=start), *said) == list(said.values())


def test_at_zero_weights_the_loss_is_ln_10():
    run = trained("cross_entropy")
    assert_allclose([run.train_loss[0], run.test_loss[0]], math.log(10), rtol=1e-15)


def test_beyond_the_clip_nine_in_ten_examples_have_no_gradient_and_before_it_none():
    stuck = trained("clipped", start=("sure", 23.1)).stuck
    assert_allclose(stuck, (TRAIN.labels != 0).mean())
    assert_allclose(stuck, 0.903, atol=0.0005)
    assert not trained("clipped", start=("sure", 23.0)).stuck.any()


def test_a_clipped_loss_sure_by_less_than_the_clip_learns_as_cross_entropy_does():
    clipped = trained("clipped", start=("sure", 23.0))
    fused = trained("cross_entropy", start=("sure", 23.0))
    assert_allclose(clipped.train_loss, fused.train_loss, rtol=1e-6)


def test_softmax_twice_looks_stuck_just_above_its_floor():
    run = trained("double_softmax")
    assert round(float(run.train_loss[100]), 2) == 1.51
    assert run.train_loss.min() > math.log(1 + 9 / math.e)
    assert round(math.log(1 + 9 / math.e), 4) == 1.4612


def test_at_a_high_rate_the_test_loss_rises_again_and_the_accuracy_stays():
    run = train("cross_entropy", learning_rate=2, epochs=600)
    lowest = int(run.test_loss.argmin())
    assert lowest == 172
    assert run.test_loss[[172, 600]].round(4).tolist() == [0.0544, 0.0674]
    assert accuracy_after(run, 172, 600) == [0.978, 0.975]


# Reduction, smoothing, seed


def test_over_all_entries_ten_times_the_rate_gives_the_same_run():
    mean = trained("cross_entropy", epochs=20)
    entries = trained("cross_entropy", reduction="all entries", learning_rate=5.0, epochs=20)
    for field in fields(mean):
        of_mean, of_entries = getattr(mean, field.name), getattr(entries, field.name)
        if field.name in ("train_loss", "test_loss"):
            of_entries = of_entries * 10
        assert_allclose(of_entries, of_mean, rtol=1e-13, atol=1e-15, err_msg=field.name)


def test_over_all_entries_the_same_rate_is_ten_times_smaller():
    entries = trained("cross_entropy", reduction="all entries", epochs=3)
    slow = trained("cross_entropy", learning_rate=0.05, epochs=3)
    assert_allclose(entries.weights, slow.weights, rtol=1e-12, atol=1e-15)


def test_with_smoothing_the_loss_trained_has_a_floor_and_the_cross_entropy_is_of_the_labels():
    run = train("cross_entropy", smoothing=0.1, epochs=20)
    p = smooth_targets(one_hot(0, 10), 0.1)
    assert run.train_loss.min() > -(p * np.log(p)).sum()
    assert run.train_cross_entropy[20] < run.train_loss[20]


@pytest.mark.parametrize("start", ["zero", ("normal", 1)])
def test_a_seed_gives_the_same_run_again_and_another_seed_another_one(start):
    first, again, other = (train("bernoulli", start=start, epochs=2, seed=seed) for seed in (0, 0, 1))
    for field in fields(first):
        assert_array_equal(getattr(first, field.name), getattr(again, field.name))
    assert (first.weights[2] != other.weights[2]).any()


@pytest.mark.parametrize("batch", [1, 7, 1437, 10**400])
def test_any_batch_size_sees_every_example_once_an_epoch(batch):
    run = train("cross_entropy", batch=batch, epochs=1, learning_rate=0.01)
    assert run.train_loss[1] < run.train_loss[0]


def test_a_batch_of_everything_takes_one_step_down_the_mean_gradient():
    run = train("cross_entropy", batch=1437, epochs=1)
    residual = 0.1 - one_hot(TRAIN.labels, 10)
    assert_allclose(run.weights[1], -0.5 * TRAIN.pixels.T @ residual / 1437, atol=1e-15)
    assert_allclose(run.biases[1], -0.5 * residual.mean(axis=0), atol=1e-15)


# Shapes and gradients


def test_a_run_holds_one_figure_for_the_start_and_for_each_epoch():
    run = train("cross_entropy", epochs=3)
    shapes = {field.name: getattr(run, field.name).shape for field in fields(run)}
    assert shapes.pop("weights") == (4, 64, 10)
    assert shapes.pop("biases") == (4, 10)
    assert set(shapes.values()) == {(4,)}
    assert {getattr(run, field.name).dtype for field in fields(run)} == {np.dtype(np.float64)}


def test_no_epochs_are_the_start_alone():
    run = train("cross_entropy", start=("sure", 2), epochs=0)
    assert run.biases.tolist() == [[2.0] + [0.0] * 9]
    assert not run.weights.any()


@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("smoothing", [0, 0.1])
def test_every_gradient_is_the_slope_of_its_loss(name, smoothing):
    loss, gradient = OBJECTIVES[name]
    draw = np.random.default_rng(0)
    logits = draw.normal(0, 2, (20, 10))
    targets = smooth_targets(one_hot(draw.integers(0, 10, 20), 10), smoothing)
    step = 1e-5
    slopes = [
        (loss(logits + nudge, targets) - loss(logits - nudge, targets)) / (2 * step) for nudge in step * np.eye(10)
    ]
    assert_allclose(gradient(logits, targets), np.stack(slopes, axis=-1), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("start", ["zero", ("sure", 1e6), ("sure", -1e6), ("normal", 1e6)])
def test_no_start_and_no_rate_leads_out_of_the_numbers(name, start):
    run = train(name, start=start, learning_rate=1e6, epochs=2, smoothing=0.3)
    assert all(np.isfinite(getattr(run, field.name)).all() for field in fields(run))


# Progress


def test_progress_is_told_once_an_epoch():
    told = []
    train("cross_entropy", epochs=4, progress=told.append)
    assert told == [1, 2, 3, 4]


def test_what_progress_raises_ends_the_run():
    def cancel(epoch):
        if epoch == 2:
            raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        train("cross_entropy", epochs=10**4, progress=cancel)


# Refusals

WRONG = [
    (
        {"loss": "hinge"},
        "loss is hinge: expected one of cross_entropy, clipped, squared_error, bernoulli, double_softmax",
    ),
    ({"loss": []}, "loss is []: expected one of"),
    ({"reduction": "sum"}, "reduction is sum: expected one of mean, all entries"),
    ({"learning_rate": -1}, "learning_rate is -1: expected a number from 0 to 1e6"),
    ({"learning_rate": math.nan}, "learning_rate is nan: expected"),
    ({"learning_rate": 1e7}, "learning_rate is 10000000.0: expected"),
    ({"learning_rate": "1"}, "learning_rate is 1: expected"),
    ({"batch": 0}, "batch is 0: expected an integer from 1 on"),
    ({"batch": 2.5}, "batch is 2.5: expected an integer from 1 on"),
    ({"epochs": -1}, "epochs is -1: expected an integer from 0 on"),
    ({"epochs": True}, "epochs is True: expected an integer from 0 on"),
    ({"seed": -1}, "seed is -1: expected an integer from 0 on"),
    ({"smoothing": 1.5}, "smoothing is 1.5: expected a number from 0 to 1"),
    ({"start": "one"}, 'start is one: expected "zero", ("sure", nats) or ("normal", std), numbers up to 1e6'),
    ({"start": ("sure", math.inf)}, "start is ('sure', inf): expected"),
    ({"start": ("normal", -1)}, "start is ('normal', -1): expected"),
    ({"start": ("sure",)}, "start is ('sure',): expected"),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG)
def test_a_wrong_argument_is_refused_with_what_was_expected(wrong, sentence):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the sentence is compared below
        train(**{"loss": "cross_entropy", "epochs": 1, **wrong})
    assert str(refused.value).startswith(sentence)
