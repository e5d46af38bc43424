"""A small batch in an address: it is read, refused in a sentence, and shown as it was given."""

import math
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.batch.batch import READY, ReadyBatch, from_stage
from pages.parts.stage.address import read_query
from pages.parts.stage.held import Held, commit
from pages.parts.stage.rows import MAX_ROWS, Rows, wants


def read(query):
    return read_query(dict(parse_qsl(query, keep_blank_values=True)))


def test_rows_and_labels_make_a_batch():
    rows = read("rows=0.5,0.2,0.3;0.8,0.1,0.1&y=0,2").rows
    assert rows.probabilities == ((0.5, 0.2, 0.3), (0.8, 0.1, 0.1))
    assert rows.targets == ((1, 0, 0), (0, 0, 1))


def test_without_labels_the_first_class_is_wanted():
    assert read("rows=0.5,0.5").rows.targets == ((1, 0),)


def test_targets_may_be_rows_and_rows_may_be_masked_sequenced_and_weighted():
    rows = read("rows=0.5,0.5;0.9,0.1&y=0.5,0.5;0,1.0&mask=1,0&seq=1,2&w=1,5").rows
    assert rows.targets == ((0.5, 0.5), (0, 1))
    assert (rows.counts, rows.sequences, rows.weights) == ((True, False), (1, 2), (1, 5))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("rows=0.5,0.6", "rows was ignored: row 1: its entries sum to 1.1, where a sum of 1 was expected."),
        ("rows=0.5,0.5;1", "rows was ignored: row 2: it has 1 entry, where 2 to 10 were expected."),
        (
            "rows=0.5,0.5;0.2,0.3,0.5",
            "rows was ignored: row 2 has 3 entries, where 2 were expected, as in row 1.",
        ),
        ("rows=" + ";".join(["1,0"] * 13), "rows was ignored: it has 13 rows, where 1 to 12 were expected."),
        ("rows=1,0&y=2", "y was ignored: entry 1 is 2, where a label from 0 to 1 was expected."),
        ("rows=1,0&y=-1", "y was ignored: entry 1 is “-1”, where a whole number from 0 on was expected."),
        ("rows=1,0&y=0,1", "y was ignored: it has 2 entries, but there are 1 rows."),
        ("rows=1,0&mask=0", "mask was ignored: no row counts, where at least one was expected."),
        ("rows=1,0&w=1", "w was ignored: it has 1 entries, but there are 2 classes."),
        ("rows=1,0&w=0,1", "w was ignored: entry 1 is 0, where a weight above 0 and up to 10⁶ was expected."),
        ("y=0", "y was ignored: it goes with rows, and there are none."),
    ],
)
def test_what_does_not_fit_is_named_and_the_rest_is_shown(query, said):
    asked = read(query)
    assert asked.faults == [said]
    assert (asked.rows is None) == (said.startswith("rows") or "none" in said.split(": ")[1])


@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=20))
def test_hostile_rows_end_in_a_batch_or_a_sentence(rows, labels, mask):
    asked = read_query({"rows": rows, "y": labels, "mask": mask, "seq": labels, "w": mask})
    assert asked.rows is not None or asked.faults
    if asked.rows:
        assert all(math.fsum(row) == pytest.approx(1) for row in asked.rows.probabilities + asked.rows.targets)


def test_a_commit_of_a_batch_is_held_and_one_of_an_example_alone_leaves_it():
    held, _ = commit(Held("s"), {"session": "s", "revision": 0, "query": "rows=0.5,0.5&y=1"})
    assert held.rows == Rows(((0.5, 0.5),), ((0, 1),), ("cat", "dog"))
    after, _ = commit(held, {"session": "s", "revision": 0, "query": "base=2"})
    assert after.rows == held.rows


def test_a_commit_names_a_ready_batch():
    held, faults = commit(Held("s"), {"session": "s", "revision": 0, "query": "batch=photos"})
    assert (held.ready, faults) == ("photos", [])


def test_the_mark_is_another_when_the_batch_is():
    held, _ = commit(Held("s"), {"session": "s", "revision": 0, "query": "rows=0.5,0.5"})
    assert held.mark != Held("s").mark


@given(st.integers(1, MAX_ROWS), st.integers(2, 10), st.integers(0, 2**32 - 1))
def test_a_small_batch_goes_to_the_stage_and_comes_back_as_it_was(rows, classes, seed):
    rng = np.random.default_rng(seed)
    batch = ReadyBatch(rng.dirichlet(np.ones(classes), rows), rng.integers(0, classes, rows))
    back = from_stage(batch.on_stage)
    assert (back.matrix == batch.matrix).all()
    assert (back.targets == batch.targets).all()


def test_soft_targets_go_to_the_stage_as_rows():
    batch = ReadyBatch(np.array([[0.5, 0.5]]), np.array([[0.25, 0.75]]))
    assert batch.on_stage.targets == ((0.25, 0.75),)


def test_of_a_large_batch_the_stage_shows_the_worst_rows_and_the_mean_of_all():
    rng = np.random.default_rng(0)
    batch = ReadyBatch(rng.normal(0, 3, (40, 17)), rng.integers(0, 17, 40), "logits")
    rows = batch.on_stage
    losses = [-math.log(q[0]) for q in rows.probabilities]
    assert min(losses) >= np.sort(batch.nats)[-MAX_ROWS] - 1e-12
    loss, count, right = rows.others
    assert (sum(losses) + loss) / (len(losses) + count) == pytest.approx(batch.nats.mean(), rel=1e-12)
    assert sum(rows.right) + right == batch.right
    assert all(math.fsum(q) == pytest.approx(1, abs=1e-12) for q in rows.probabilities)


def test_of_the_photos_the_stage_tells_titles_and_what_was_read():
    rows = READY["photos"]().on_stage
    assert rows.classes == 1000
    assert rows.titles[0] == "Chelsea the cat"
    assert rows.segments[0] == ("tabby", "tiger cat", "the rest")
    assert sum(rows.right) == 5


def test_wants_is_one_hot():
    assert wants([2, 0], 3) == ((0, 0, 1), (1, 0, 0))
