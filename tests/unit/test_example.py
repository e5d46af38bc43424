"""The example: what an address and a commit make of it."""

import math
import string
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.parts.stage.example import COLUMNS, PARAMETER_LENGTH, Example, Held, change, commit, read_query

KNOWN = ("z", "q", "p", "t", "base", "low", "high", "precision", "names", "show", "present")


def read(**query):
    return read_query(query)


def test_an_empty_address_is_the_seed_example():
    example, faults = read()
    assert faults == []
    assert example == Example()
    assert [round(math.exp(z), 12) for z in example.logits] == [0.5, 0.2, 0.3]
    assert example.targets == (1, 0, 0)


def test_q_in_place_of_z_gives_its_logarithms_and_minus_infinity_for_0():
    example, faults = read(q="0.5,0,0.5")
    assert faults == []
    assert example.logits == (math.log(0.5), -math.inf, math.log(0.5))


def test_q_beside_z_is_named_and_ignored():
    example, faults = read(q="0.5,0.5", z="1,2")
    assert example.logits == (1, 2)
    assert faults == ["q was ignored: z gives the logits already."]


def test_commas_and_backslashes_in_names_are_escaped():
    assert read(names="a\\,b,c\\\\,d").__getitem__(0).names == ("a,b", "c\\", "d")


def test_what_is_left_out_takes_its_default_for_the_number_of_classes():
    example, faults = read(p="0,0,0,1")
    assert faults == []
    assert example.logits == (0, 0, 0, 0)
    assert example.names == ("cat", "dog", "fox", "owl")


def test_a_length_that_differs_from_the_logits_is_named_and_ignored_alone():
    example, faults = read(z="1,2,3", p="0.5,0.5", names="a,b,c")
    assert faults == ["p was ignored: it has 2 entries, but z gives 3 classes."]
    assert example.logits == (1, 2, 3)
    assert example.names == ("a", "b", "c")
    assert example.targets == (1, 0, 0)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("z", "1", "it has 1 entry, where 2 to 10 were expected"),
        ("z", ",".join("1" * 11), "it has 11 entries, where 2 to 10 were expected"),
        ("z", "-inf,-inf", "every entry is -inf, where at least one finite logit was expected"),
        ("z", "1,inf", "entry 2 is “inf”, where a finite number was expected"),
        ("z", "1,2e6", "entry 2 is “2e6”, where a logit from −10⁶ to 10⁶ was expected"),
        ("z", "1,1_0", "entry 2 is “1_0”, where a finite number was expected"),
        ("z", "1," + "9" * 40, "entry 2 is “99999999999999999999…”, where a logit from −10⁶ to 10⁶ was expected"),
        ("q", "0.5,0.4", "its entries sum to 0.9, where a sum of 1 was expected"),
        ("p", "1.5,-0.5", "entry 1 is 1.5, where a number from 0 to 1 was expected"),
        ("t", "nan", "it is “nan”, where a finite number was expected"),
        ("t", "21", "it is “21”, where a number from 0.05 to 20 was expected"),
        ("low", "-1", "it is “-1”, where a number from 0 to 1 was expected"),
        ("precision", "bfloat16", "it is “bfloat16”, where one of float16, float32, float64 was expected"),
        ("present", "yes", "it is “yes”, where one of 0, 1 was expected"),
        ("names", "a,b\x00", "entry 2 is “b\x00”, where 1 to 24 printable characters were expected"),
        ("names", "x" * 2001, "it is 2,001 characters long, and at most 2,000 were expected"),
        ("show", "logit,loss", "it is “loss”, where one of " + ", ".join(COLUMNS) + " was expected"),
    ],
)
def test_a_bad_parameter_is_named_with_what_was_expected_and_the_rest_works(name, text, said):
    example, faults = read(**{name: text, "base": "10"})
    assert faults == [f"{name} was ignored: {said}."]
    assert example == Example(base="10")


def test_parameters_of_others_pass_in_silence():
    assert read(utm_source="x", embed="true") == (Example(), [])


scrap = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=string.digits + ".,-+eEinfa∞\\ ", max_size=40),
    st.lists(st.floats(), max_size=12).map(lambda values: ",".join(map(str, values))),
    st.sampled_from(["", ",", "1e999,1", "nan,nan", "-inf,-inf,-inf", "<b>,c", "1,2,3", "1,0", "e", "\\", "0,1" * 50]),
    st.just("9" * (PARAMETER_LENGTH + 1)),
)


@settings(max_examples=3000)
@given(st.dictionaries(st.sampled_from(KNOWN), scrap))
def test_no_address_breaks_the_example(query):
    example, faults = read_query(query)
    assert len(example.names) == len(example.logits) == len(example.targets)
    assert 2 <= len(example.names) <= 10
    assert math.isfinite(max(example.logits))
    assert math.fsum(example.targets) == pytest.approx(1, abs=1e-9)
    assert 0 <= example.low < example.high <= 1
    assert all("was ignored" in fault or "were ignored" in fault for fault in faults)


HELD = Held("me", Example(), revision=3)


def message(session="me", revision=3, query="z=1,2"):
    return {"session": session, "revision": revision, "query": query}


def test_a_commit_of_this_session_is_adopted_and_leaves_the_revision():
    assert commit(HELD, message()) == (Held("me", read(z="1,2")[0], revision=3), [])


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
    assert change(HELD, base="2") == Held("me", Example(base="2"), revision=4)
