"""What a session of the server holds: adopted from the browser, changed by Python, and never the older of two."""

from dataclasses import replace
from urllib.parse import quote

import pytest

from pages.parts.stage.address import read_query
from pages.parts.stage.example import Example, View
from pages.parts.stage.held import Held, change, commit

HELD = Held("me", Example(), revision=3)


def message(session="me", revision=3, query="z=1,2"):
    return {"session": session, "revision": revision, "query": query}


def test_a_commit_of_this_session_is_adopted_and_leaves_the_revision():
    assert commit(HELD, message()) == (Held("me", read_query({"z": "1,2"}).example, revision=3), [])


def test_a_commit_made_before_pythons_newest_change_is_ignored():
    assert commit(HELD, message(revision=2)) == (HELD, [])


def test_a_commit_of_another_session_is_ignored():
    assert commit(HELD, message(session="you")) == (HELD, [])


@pytest.mark.parametrize("bad", [None, {}, [], "z=1,2", 5, message(revision="3"), message(query=None)])
def test_what_is_no_commit_is_ignored(bad):
    assert commit(HELD, bad) == (HELD, [])


def test_a_commit_with_a_fault_leaves_the_example_and_calls_the_browser_back_to_it():
    after, faults = commit(HELD, message(query="z=1,x&base=2"))
    assert after == Held("me", HELD.example, revision=4)
    assert faults == ["z was ignored: entry 2 is “x”, where a finite number was expected."]


def test_a_commit_spells_names_as_an_address_does():
    names = "a\\,b,<c>,&d="
    assert commit(HELD, message(query=f"names={quote(names)}"))[0].example.names == ("a,b", "<c>", "&d=")


def test_a_change_by_python_is_one_revision_on():
    assert change(HELD, example=Example(base="2")) == Held("me", Example(base="2"), revision=4)
    assert change(HELD, view=View(present=True)).view.present


def test_a_commit_brings_how_the_page_is_looked_at():
    assert commit(HELD, message(query="present=1&hide=1"))[0].view == View(hide=True, present=True)


@pytest.mark.parametrize(
    "fields", [{"base": "2"}, {"logits": (1.0, 2.0, 3.0)}, {"names": ("a", "b", "c")}, {"rate": 2.0}, {"low": 1e-7}]
)
def test_the_mark_is_another_exactly_when_the_example_is(fields):
    other = replace(HELD, example=replace(HELD.example, **fields))
    assert other.mark != HELD.mark
    assert replace(other, example=Example()).mark == HELD.mark
    assert replace(HELD, view=View(step=4), revision=9).mark == HELD.mark
