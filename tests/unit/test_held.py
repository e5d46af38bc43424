"""What a session holds, and what a commit from the browser makes of it."""

from dataclasses import fields, replace
from urllib.parse import quote

import pytest

from pages.parts.stage.address import SETTINGS, read_query
from pages.parts.stage.example import Example, View
from pages.parts.stage.held import Held, change, commit
from pages.parts.stage.rows import Rows

HELD = Held("me", Example(), revision=3)
ROWS = Rows(((0.5, 0.5),), ((1.0, 0.0),), ("cat", "dog"))


def message(session="me", revision=3, query="z=1,2"):
    return {"session": session, "revision": revision, "query": query}


def test_a_commit_of_this_session_is_adopted_and_leaves_the_revision():
    after, faults = commit(HELD, message(query="z=1,2&hide=1"))
    assert faults == []
    assert after == replace(HELD, example=read_query({"z": "1,2"}).example, view=View(hide=True))


def test_a_commit_made_before_pythons_newest_change_is_ignored():
    assert commit(HELD, message(revision=2)) == (HELD, [])


def test_a_commit_of_another_session_is_ignored():
    assert commit(HELD, message(session="you")) == (HELD, [])


@pytest.mark.parametrize(
    "bad", [None, {}, [], "z=1,2", 5, message(revision="3"), message(query=None), message(session=None), {"query": ""}]
)
def test_what_is_no_commit_is_ignored(bad):
    assert commit(HELD, bad) == (HELD, [])


def test_a_commit_with_a_fault_leaves_the_example_and_calls_the_browser_back_to_it():
    after, faults = commit(HELD, message(query="z=1,x&base=2"))
    assert after == Held("me", HELD.example, revision=4)
    assert faults == ["z was ignored: entry 2 is “x”, where a finite number was expected."]


def test_a_commit_spells_names_as_an_address_does():
    names = "a\\,b,<c>,&d="
    assert commit(HELD, message(query=f"names={quote(names)}"))[0].example.names == ("a,b", "<c>", "&d=")


def test_a_commit_taken_twice_is_as_if_taken_once():
    once, _ = commit(HELD, message())
    assert commit(once, message()) == (once, [])


def test_a_commit_of_rows_or_of_a_ready_batch_takes_the_place_of_the_other():
    with_rows, _ = commit(HELD, message(query="rows=0.5,0.5"))
    assert (with_rows.rows.probabilities, with_rows.ready) == (((0.5, 0.5),), "")
    ready, _ = commit(with_rows, message(query="batch=wrong"))
    assert (ready.rows, ready.ready) == (None, "wrong")


def test_a_commit_without_a_batch_leaves_the_batch():
    held = replace(HELD, rows=ROWS)
    assert commit(held, message())[0].rows == ROWS


def test_a_change_by_python_is_one_revision_on():
    assert change(HELD, example=Example(base="2")) == Held("me", Example(base="2"), revision=4)
    assert change(HELD) == replace(HELD, revision=4)


OTHER = {
    "names": ("a", "b", "c"),
    "logits": (1.0, 2.0, 3.0),
    "targets": (0.0, 1.0, 0.0),
    "temperature": 2.0,
    "base": "2",
    "low": 1e-7,
    "high": 0.9,
    "precision": "float16",
    "objective": "clipped",
    "rate": 2.0,
}


def test_the_mark_is_another_exactly_where_the_example_or_the_batch_is():
    others = [HELD, *(replace(HELD, example=replace(Example(), **{name: value})) for name, value in OTHER.items())]
    others += [replace(HELD, rows=ROWS), replace(HELD, ready="wrong")]
    assert OTHER.keys() == {field.name for field in fields(Example)}
    assert len({held.mark for held in others}) == len(others)


def test_the_mark_is_the_same_for_the_same_example_however_it_is_held_or_looked_at():
    assert {replace(HELD, **how).mark for how in ({}, {"session": "you"}, {"revision": 9}, {"own": True})} == {
        HELD.mark
    }
    assert replace(HELD, view=View(3, ("logit",), hide=True, present=True)).mark == HELD.mark


def test_the_mark_survives_the_way_through_an_address():
    text = "&".join(f"{s.name}={v}" for s, v in ((s, {"t": "2.0", "base": "10"}.get(s.name)) for s in SETTINGS) if v)
    committed, _ = commit(HELD, message(query=text))
    assert committed.mark == replace(HELD, example=Example(temperature=2.0, base="10")).mark
