"""A batch: its losses, what is told about them, and what an edit of its table makes of it."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.batch import table as tables
from pages.parts.batch.batch import (
    READY,
    ROWS_AT_ONCE,
    ReadyBatch,
    compact,
    facts,
    knows_nothing,
    log_of_zero,
    losses_csv,
    one_confidently_wrong,
    read_batch,
    real_photos,
    reductions,
    seed,
    worst_rows,
)
from pages.parts.batch.table import Table
from tests.unit.strategies import distributions, logits_and_targets, shapes
from xent_core import categorical_terms, one_hot, softmax, softmax_cross_entropy

BASES = [math.e, 2.0, 10.0]
CELLS = st.sampled_from([0.0, 0.25, 0.5, 1.0, 2.0]) | st.floats()
LABELS = st.sampled_from([0.0, 1.0, 2.0]) | st.floats()


@st.composite
def batches(draw):
    """Small batches of both kinds, with labels or distributions as targets."""
    logits, targets = draw(logits_and_targets(min_classes=2))
    if draw(st.booleans()):
        return ReadyBatch(logits, compact(targets), "logits")
    return ReadyBatch(draw(distributions(logits.shape)), compact(targets))


# Losses


@pytest.mark.parametrize(
    ("base", "losses", "mean", "whole"),
    [
        (10.0, [0.3010, 0.0969], 0.1990, 0.0663),
        (math.e, [0.6931, 0.2231], 0.4581, 0.1527),
        (2.0, [1.0, 0.3219], 0.6610, 0.2203),
    ],
)
def test_the_seed_batch_has_the_losses_and_means_that_the_article_should_have_printed(base, losses, mean, whole):
    batch = seed()
    assert batch.losses(base).round(4).tolist() == losses
    assert round(batch.losses(base).mean(), 4) == mean
    every_entry = categorical_terms(batch.matrix, batch.distributions(), base=base)
    assert round(every_entry.mean(), 4) == whole


def test_the_trained_network_loses_1_2693_nats_on_the_photos():
    batch = real_photos()
    assert batch.matrix.shape == (8, 1000)
    assert batch.nats.mean() == pytest.approx(1.269328867052679, rel=1e-12)  # the same, computed with torch
    assert batch.right == 5


@given(rows=st.integers(1, 3 * ROWS_AT_ONCE), seed=st.integers(0, 99))
def test_a_large_batch_has_the_losses_that_its_rows_have_one_by_one(rows, seed):
    draw = np.random.default_rng(seed)
    logits, labels = draw.normal(size=(rows, 4)).astype(np.float32), draw.integers(0, 4, rows)
    together = ReadyBatch(logits, labels, "logits").nats
    alone = [softmax_cross_entropy(row, one_hot(y, 4)) for row, y in zip(logits.astype(float), labels, strict=True)]
    assert together.tolist() == alone


@given(batches(), st.sampled_from(BASES))
def test_a_change_of_base_divides_every_loss_by_one_number(batch, base):
    assert batch.losses(base) == pytest.approx(batch.losses(math.e) / math.log(base), rel=1e-15)


@given(logits_and_targets(min_classes=2, bound=10), st.sampled_from(BASES))
def test_both_means_are_those_of_the_losses_and_their_gradients_the_slopes_at_the_worst_rows_label(case, base):
    logits, targets = case
    batch = ReadyBatch(logits, compact(targets), "logits")
    row = worst_rows(batch, 1)[0]

    def means(step):
        moved = logits.copy()
        moved[row, batch.wanted[row]] += step
        terms = categorical_terms(softmax(moved), targets, base=base)
        return terms.sum(axis=1).mean(), terms.mean()

    for now, above, below, told in zip(means(0), means(1e-5), means(-1e-5), reductions(batch, base), strict=True):
        assert told.loss == pytest.approx(now, rel=1e-9, abs=1e-12)
        assert told.gradient == pytest.approx((above - below) / 2e-5, abs=1e-6)  # h² and rounding / h


def test_one_confident_mistake_is_95_percent_of_the_mean_of_six():
    batch = one_confidently_wrong()
    assert batch.right == 5
    assert batch.nats.max() / batch.nats.sum() == pytest.approx(0.95, abs=0.005)


def test_a_label_of_probability_0_loses_infinitely_and_so_does_the_mean():
    assert log_of_zero().nats.tolist()[2] == math.inf
    assert log_of_zero().nats.mean() == math.inf


@given(st.integers(1, 50), st.integers(2, 20))
def test_who_knows_nothing_loses_ln_n(rows, classes):
    assert knows_nothing(rows, classes).nats == pytest.approx(math.log(classes))


def test_a_row_without_a_single_first_class_does_not_put_its_label_first():
    assert knows_nothing(3, 2).right == 0
    assert ReadyBatch(np.array([[0.6, 0.4], [0.6, 0.4]]), np.array([0, 1])).right == 1


def test_a_ready_batch_has_the_name_that_an_address_gives_it_but_for_the_one_that_is_there_unasked():
    assert {key: make().name for key, make in READY.items()} == {key: key for key in READY} | {"article": ""}


@pytest.mark.parametrize("make", [one_confidently_wrong, log_of_zero])
def test_a_ready_batch_keeps_its_name_however_it_is_shown_and_loses_it_by_an_edit(make):
    table = tables.turn(tables.put_up(Table(), make()), "logits", True)
    assert table.batch.name
    cells = tables.cells_of(table)
    cells[0, 0] += 1
    assert not tables.edit(table, cells).batch.name


# Targets


@given(batches())
def test_one_hot_targets_are_kept_as_labels_and_all_targets_stay_what_they_were(batch):
    again = compact(batch.distributions().astype(np.float64))
    assert (again.ndim == 1) == batch.hard
    assert ReadyBatch(batch.matrix, again, batch.kind).distributions().tolist() == batch.distributions().tolist()


def test_targets_are_kept_in_float32_only_where_that_loses_nothing():
    halves = np.full((2, 4), 0.25)
    assert compact(halves).dtype == np.float32
    assert compact(np.array([[0.1, 0.9]])).dtype == np.float64


def test_a_distribution_with_a_1_and_more_is_no_label():
    assert compact(np.array([[1.0, 0.0005]])).ndim == 2


# What is told


@given(batches())
def test_the_worst_rows_are_told_from_the_largest_loss_on(batch):
    losses = batch.nats[worst_rows(batch, 3)].tolist()
    assert losses == sorted(batch.nats.tolist(), reverse=True)[:3]


def test_a_row_is_told_by_its_number_from_1_and_the_names_of_its_classes():
    told = facts(real_photos(), np.array([6, 0]))
    assert told["row"] == [7, 1]
    assert told["label"] == ["wall clock", "tabby"]
    assert told["prediction"] == ["bubble", "tiger cat"]
    assert told["q_of_label"] == pytest.approx([0.0258, 0.1672], abs=5e-5)


@given(batches(), st.sampled_from(BASES))
def test_the_downloaded_losses_read_back_as_they_were(batch, base):
    names, *lines = csv.reader(losses_csv(batch, base, "bans").splitlines())
    assert names == (["row", "label", "loss (bans)"] if batch.hard else ["row", "loss (bans)"])
    assert [float(line[-1]) for line in lines] == batch.losses(base).tolist()
    assert [int(line[0]) for line in lines] == list(range(1, len(lines) + 1))


# Reading


def test_numbers_and_labels_make_a_batch_of_the_kind_asked_for():
    batch, faults = read_batch("logits", "[[2, 1, 0.1], [0.3, 2.2, 0.5]]", "0 1")
    assert not faults
    assert batch.kind == "logits"
    assert batch.targets.tolist() == [0, 1]


def test_a_fault_is_told_for_the_part_that_has_it():
    assert read_batch("logits", "1 2\n3 x", "0 1") == (
        None,
        {"predictions": "Line 2, column 3: found “x”, expected a number."},
    )
    batch, faults = read_batch("logits", "1 2\n3 4", "0 2")
    assert batch is None
    assert faults == {"targets": "Line 1, column 3: found “2”, expected a label from 0 to 1 (2 classes)."}


def test_probabilities_are_refused_where_they_stand():
    _, faults = read_batch("probabilities", "0.5 0.5\n0.5 1.5", "0 1")
    assert faults == {"predictions": "Line 2, column 5: found “1.5”, expected a probability from 0 to 1."}


def test_logits_that_look_like_probabilities_are_noticed():
    assert ReadyBatch(seed().matrix, seed().targets, "logits").looks_like_probabilities
    assert not real_photos().looks_like_probabilities


# The table


@given(batches(), st.sampled_from(["probabilities", "logits"]), st.booleans())
def test_a_table_that_nobody_edits_keeps_its_very_batch_however_it_is_shown(batch, kind, as_rows):
    table = tables.turn(tables.put_up(Table(), batch), kind, as_rows)
    assert tables.edit(table, tables.cells_of(table)).batch is batch


@given(batches(), st.sampled_from(["probabilities", "logits"]))
def test_a_table_shown_as_the_other_kind_has_the_same_losses(batch, kind):
    table = tables.turn(tables.put_up(Table(), batch), kind, False)
    cells = tables.cells_of(table)
    cells[0, 0] = np.nextafter(cells[0, 0], 0)  # an edit that hardly changes anything
    edited = tables.edit(table, cells)
    assert not edited.fault
    finite = np.isfinite(batch.nats)
    assert edited.batch.nats[finite] == pytest.approx(batch.nats[finite], rel=1e-9, abs=1e-9)


def test_an_edit_makes_a_batch_of_what_the_table_holds():
    table = tables.edit(Table(), np.array([[0.25, 0.5, 0.25, 1.0], [0.2, 0.2, 0.6, 2.0], [1.0, 0.0, 0.0, 0.0]]))
    assert not table.fault
    assert table.batch.targets.tolist() == [1, 2, 0]
    assert table.batch.nats == pytest.approx([math.log(2), -math.log(0.6), 0])


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ([math.nan, 0.2, 0.3, 0], "Row 2, column 1: found an empty cell, expected a number."),
        ([0.5, 0.2, 0.3, math.nan], "Row 2, label: found an empty cell, expected a number."),
        ([1.5, 0.2, 0.3, 0], "Row 2, column 1: found 1.5, expected a probability from 0 to 1."),
        ([0.5, 0.2, 0.4, 0], "Row 2, column 1: found a row with the sum 1.1, expected probabilities with the sum 1."),
        ([0.5, 0.2, 0.3, math.inf], "Row 2, label: found inf, expected a class from 0 to 2."),
        ([0.5, 0.2, 0.3, 3], "Row 2, label: found 3, expected a class from 0 to 2."),
        ([0.5, 0.2, 0.3, -1], "Row 2, label: found -1, expected a class from 0 to 2."),
        ([0.5, 0.2, 0.3, 0.5], "Row 2, label: found 0.5, expected a class from 0 to 2."),
    ],
)
def test_a_bad_cell_is_named_and_the_batch_stays(row, fault):
    table = tables.edit(Table(), np.array([[0.5, 0.2, 0.3, 0], row]))
    assert table.fault == fault
    assert table.batch.nats == pytest.approx(seed().nats)
    mended = tables.edit(table, np.array([[0.5, 0.2, 0.3, 0]]))
    assert (mended.fault, len(mended.batch.matrix)) == ("", 1)


@pytest.mark.parametrize("row", [[math.inf, 0, 0, 0], [-math.inf, -math.inf, -math.inf, 0]])
def test_logits_that_no_softmax_can_take_are_a_fault(row):
    table = tables.edit(tables.turn(Table(), "logits", False), np.array([row]))
    assert "finite" in table.fault
    assert table.batch.nats == pytest.approx(seed().nats)


def test_a_bad_target_row_is_named_as_target():
    table = tables.edit(Table(as_rows=True), np.array([[0.5, 0.2, 0.3, 0.5, 0.6, 0.0]]))
    assert table.fault == "Row 1, target 1: found a row with the sum 1.1, expected probabilities with the sum 1."


def test_a_table_without_rows_and_one_with_too_many_are_refused():
    for rows in (0, 51):
        fault = tables.edit(Table(), np.tile([0.5, 0.2, 0.3, 0], (rows, 1))).fault
        assert fault == f"The table: found {rows} rows, expected 1 to 50."


def test_a_row_off_its_sum_can_be_divided_by_it():
    table = tables.edit(Table(), np.array([[0.6, 0.2, 0.4, 0], [0.8, 0.1, 0.1, 0]]))
    assert table.mended.matrix.tolist() == [pytest.approx([0.5, 1 / 6, 1 / 3]), [0.8, 0.1, 0.1]]


@pytest.mark.parametrize("row", [[-0.5, 1, 0.6, 0], [0, 0, 0, 0], [0.5, 0.2, 0.4, 7], [math.nan, 1, 1, 0]])
def test_what_a_division_by_the_sum_does_not_mend_is_not_offered_to_be(row):
    table = tables.edit(Table(), np.array([row]))
    assert table.fault
    assert table.mended is None


@pytest.mark.parametrize("kind", ["probabilities", "logits"])
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, LABELS), max_size=3))
def test_whatever_the_cells_hold_there_are_losses_and_a_fault_where_they_stayed(kind, rows):
    before = tables.turn(Table(), kind, False)
    cells = np.array(rows).reshape(-1, 4)
    after = tables.edit(before, cells)
    assert (after.batch is before.batch) == bool(after.fault)
    assert not np.isnan(after.batch.nats).any()


@given(shapes(min_classes=2))
def test_soft_targets_are_shown_as_rows_even_if_labels_are_asked_for(shape):
    soft = ReadyBatch(np.full(shape, 1 / shape[1]), np.full(shape, 1 / shape[1]))
    table = tables.turn(Table(soft), "logits", False)
    assert table.as_rows
    assert tables.cells_of(table).shape == (shape[0], 2 * shape[1])


@pytest.mark.parametrize(("shape", "small"), [((50, 20), True), ((51, 20), False), ((50, 21), False)])
def test_up_to_50_rows_and_20_classes_are_edited(shape, small):
    assert tables.editable(ReadyBatch(np.zeros(shape), np.zeros(shape[0], int), "logits")) is small
