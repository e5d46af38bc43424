"""What an address says: each setting is read, refused in a sentence, or left to others."""

import math
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.parts.stage.address import PARAMETER_LENGTH, SETTINGS, read_query
from pages.parts.stage.example import COLUMNS, Example, View

KNOWN = ("q", *(setting.name for setting in SETTINGS))


def read(**query):
    """The example that a link brings, and the sentences on what was ignored."""
    asked = read_query(query)
    return asked.example, asked.faults


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
        ("rate", "0", "it is “0”, where a number from 0.01 to 100 was expected"),
        (
            "objective",
            "hinge",
            "it is “hinge”, where one of cross_entropy, clipped, squared_error, bernoulli was expected",
        ),
        ("step", "x", "it is “x”, where the number of a step was expected"),
        ("step", "1.5", "it is “1.5”, where the number of a step was expected"),
        ("step", "1e9", "it is “1e9”, where the number of a step was expected"),
        ("hide", "", "it is “”, where one of 0, 1 was expected"),
        ("show", "logit,loss", "it is “loss”, where one of " + ", ".join(COLUMNS) + " was expected"),
    ],
)
def test_a_bad_parameter_is_named_with_what_was_expected_and_the_rest_works(name, text, said):
    example, faults = read(**{name: text, "base": "10"})
    assert faults == [f"{name} was ignored: {said}."]
    assert example == Example(base="10")


def test_parameters_of_others_pass_in_silence():
    assert read(utm_source="x", embed="true") == (Example(), [])


@pytest.mark.parametrize(("text", "step"), [("3", 3), ("0", 1), ("-3", 1), ("99", 99), (" 2 ", 2)])
def test_a_step_is_a_whole_number_and_the_first_is_the_least(text, step):
    assert read_query({"step": text}).view.step == step


def test_what_is_looked_at_is_not_part_of_the_example():
    asked = read_query({"step": "2", "show": "target,logit", "hide": "1", "present": "1"})
    assert asked.example == Example()
    assert asked.view == View(step=2, show=("logit", "target"), hide=True, present=True)


@pytest.mark.parametrize("query", [{"z": "1,2"}, {"q": "0.5,0.5"}, {"base": "2"}, {"names": "a,b"}])
def test_a_link_with_any_setting_of_the_example_brings_one_of_its_own(query):
    assert read_query(query).own


@pytest.mark.parametrize("query", [{}, {"step": "3"}, {"z": "x"}, {"present": "1", "hide": "1"}, {"course": "ml"}])
def test_a_link_without_brings_none(query):
    assert not read_query(query).own


def test_each_setting_is_declared_once_and_is_a_field_of_its_record():
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    for setting in SETTINGS:
        if setting.record != "batch":
            assert setting.field in vars({"example": Example(), "view": View()}[setting.record])
    declared = {setting.field for setting in SETTINGS}
    assert {*vars(Example()), *vars(View())} <= declared


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
    asked = read_query(query)
    example, faults = asked.example, asked.faults
    assert asked.view.step >= 1
    assert len(example.names) == len(example.logits) == len(example.targets)
    assert 2 <= len(example.names) <= 10
    assert math.isfinite(max(example.logits))
    assert math.fsum(example.targets) == pytest.approx(1, abs=1e-9)
    assert 0 <= example.low < example.high <= 1
    assert all("was ignored" in fault or "were ignored" in fault for fault in faults)
