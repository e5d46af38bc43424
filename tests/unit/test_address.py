"""What an address says: each setting read, refused in a sentence, and never trusted."""

import math
import re
import string
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.parts.stage.address import PARAMETER_LENGTH, SETTINGS, read_query
from pages.parts.stage.example import COLUMNS, OBJECTIVES, Example, View
from pages.parts.training.settings import LOSSES, WAYS, Played, Training, start_of

KNOWN = ("q", *(setting.name for setting in SETTINGS))


def read(**query):
    return read_query(query)


def sound(**query):
    """What a link without a fault asks for."""
    asked = read_query(query)
    assert asked.faults == []
    return asked


def test_an_empty_address_is_the_seed_example():
    asked = sound()
    example = asked.example
    assert (asked.view, asked.own, asked.rows) == (View(), False, None)
    assert example == Example()
    assert [round(math.exp(z), 12) for z in example.logits] == [0.5, 0.2, 0.3]
    assert example.targets == (1, 0, 0)


def test_q_in_place_of_z_gives_its_logarithms_and_minus_infinity_for_0():
    assert sound(q="0.5,0,0.5").example.logits == (math.log(0.5), -math.inf, math.log(0.5))


def test_q_beside_z_is_named_and_ignored():
    asked = read(q="0.5,0.5", z="1,2")
    assert asked.example.logits == (1, 2)
    assert asked.faults == ["q was ignored: z gives the logits already."]


def test_commas_and_backslashes_in_names_are_escaped():
    assert sound(names="a\\,b,c\\\\,d").example.names == ("a,b", "c\\", "d")


def test_what_is_left_out_takes_its_default_for_the_number_of_classes():
    example = sound(p="0,0,0,1").example
    assert example.logits == (0, 0, 0, 0)
    assert example.names == ("cat", "dog", "fox", "owl")


def test_a_length_that_differs_from_the_logits_is_named_and_ignored_alone():
    asked = read(z="1,2,3", p="0.5,0.5", names="a,b,c")
    example = asked.example
    assert asked.faults == ["p was ignored: it has 2 entries, but z gives 3 classes."]
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
        ("rate", "0", "it is “0”, where a number from 0.01 to 100 was expected"),
        ("objective", "hinge", "it is “hinge”, where one of " + ", ".join(OBJECTIVES) + " was expected"),
        ("step", "x", "it is “x”, where the number of a step was expected"),
        ("step", "", "it is “”, where the number of a step was expected"),
        ("step", "1e9", "it is “1e9”, where the number of a step was expected"),
        ("step", "2.5", "it is “2.5”, where the number of a step was expected"),
        ("step", "9" * 4000, "it is 4,000 characters long, and at most 2,000 were expected"),
        ("step", "9" * 400, "it is “99999999999999999999…”, where the number of a step was expected"),
        ("hide", "true", "it is “true”, where one of 0, 1 was expected"),
        ("present", "yes", "it is “yes”, where one of 0, 1 was expected"),
        ("names", "a,b\x00", "entry 2 is “b\x00”, where 1 to 24 printable characters were expected"),
        ("names", "x" * 2001, "it is 2,001 characters long, and at most 2,000 were expected"),
        ("train", "hinge", "it is “hinge”, where one of " + ", ".join(LOSSES) + " was expected"),
        ("start", "sure", "it is “sure”, where zero, sure:12 or normal:5 was expected"),
        ("start", "sure:inf", "it is “inf”, where a finite number was expected"),
        ("start", "normal:-1", "it is “-1”, where a number from 0 to 100 was expected"),
        ("lr", "0", "it is “0”, where a number from 0.001 to 100 was expected"),
        ("size", "7", "it is “7”, where a whole number from 8 to 1437 was expected"),
        ("size", "32.5", "it is “32.5”, where a whole number from 8 to 1437 was expected"),
        ("reduction", "sum", "it is “sum”, where one of mean, all entries was expected"),
        ("smoothing", "1", "it is “1”, where a number from 0 to 0.9 was expected"),
        ("epochs", "601", "it is “601”, where a whole number from 1 to 600 was expected"),
        ("epochs", "٣", "it is “٣”, where a whole number from 1 to 600 was expected"),
        ("epoch", "-1", "it is “-1”, where a whole number from 0 to 600 was expected"),
        ("epoch", "5", "it goes with a run, and there is none"),
        ("last", "clipped", "it has 1 entry, where the 7 settings of a run were expected"),
        ("last", "clipped,zero,0.5,32,mean,0,0", "epochs: it is “0”, where a whole number from 1 to 600 was expected"),
        ("room", "BCDF", "it is “BCDF”, where a code such as BCDF-GHJK was expected, of eight letters without vowels"),
        ("room", "<b>", "it is “<b>”, where a code such as BCDF-GHJK was expected, of eight letters without vowels"),
        ("show", "logit,loss", "it is “loss”, where one of " + ", ".join(COLUMNS) + " was expected"),
    ],
)
def test_a_bad_parameter_is_named_with_what_was_expected_and_the_rest_works(name, text, said):
    asked = read(**{"base": "10", "step": "4", name: text})
    assert asked.faults == [f"{name} was ignored: {said}."]
    assert asked.example == Example(base="10")
    assert asked.view == View(step=1 if name == "step" else 4)


def test_parameters_of_others_pass_in_silence():
    assert read(utm_source="x", embed="true") == read()


@pytest.mark.parametrize(
    ("text", "step"), [("0", 1), ("-3", 1), ("1", 1), ("3", 3), ("+3", 3), (" 3 ", 3), ("99", 99), ("٣", 3)]
)
def test_a_step_is_the_first_at_least_and_any_digits_count(text, step):
    assert sound(step=text).view.step == step


@pytest.mark.parametrize(("text", "value"), [("0", False), ("1", True)])
@pytest.mark.parametrize("name", ["hide", "present"])
def test_a_flag_is_0_or_1(name, text, value):
    assert sound(**{name: text}).view == View(**{name: value})


def test_columns_stand_in_the_tables_order_whatever_the_links():
    assert sound(show="target, logit,logit").view.show == ("logit", "target")


# For each setting what a link may say, what that means, and the field's default.
READ = {
    "z": ("1,-inf,2", (1, -math.inf, 2), (math.log(0.5), math.log(0.2), math.log(0.3))),
    "p": ("0.5,0,0.5", (0.5, 0, 0.5), (1, 0, 0)),
    "t": ("2", 2, 1),
    "base": ("10", "10", "e"),
    "low": ("1e-7", 1e-7, 1e-10),
    "high": ("0.9", 0.9, 1),
    "precision": ("float16", "float16", "float64"),
    "objective": ("bernoulli", "bernoulli", "cross_entropy"),
    "rate": ("3.5", 3.5, 1),
    "names": ("a,b,c", ("a", "b", "c"), ("cat", "dog", "fox")),
    "step": ("3", 3, 1),
    "show": ("logit", ("logit",), ()),
    "hide": ("1", True, False),
    "present": ("1", True, False),
    "room": ("bcdf ghjk", "BCDF-GHJK", ""),
}
RECORDS = {"example": Example, "view": View}
EVERYWHERE = [setting for setting in SETTINGS if setting.record in RECORDS]


@pytest.mark.parametrize("setting", EVERYWHERE, ids=lambda setting: setting.name)
def test_a_setting_changes_its_own_field_alone_and_has_a_default(setting):
    text, value, default = READ[setting.name]
    plain, asked = sound(), sound(**{setting.name: text})
    for record in ("example", "view"):
        before, after = vars(getattr(plain, record)), vars(getattr(asked, record))
        assert after == (before | {setting.field: value} if record == setting.record else before)
    assert getattr(RECORDS[setting.record](), setting.field) == default


def test_every_field_of_example_and_view_is_a_setting_once():
    for record in RECORDS | {"training": Training}:
        declared = [setting.field for setting in SETTINGS if setting.record == record]
        assert sorted(declared) == sorted(field.name for field in fields((RECORDS | {"training": Training})[record]))
    named = [setting.name for setting in SETTINGS]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("name", [name for name in KNOWN if name != "q"])
def test_a_link_is_of_its_own_where_it_brings_something_of_the_example(name):
    text = READ[name][0] if name in READ else "1,2"
    own = {setting.name for setting in SETTINGS if setting.record == "example"}
    assert read(**{name: text}).own == (name in own)
    assert not read(**{name: "?"}).own


def test_probabilities_make_a_link_its_own():
    assert sound(q="0.5,0.5").own


def test_the_settings_of_a_run_make_it_whatever_of_them_a_link_gives():
    assert sound().played is None
    for name, text, changes in [
        ("train", "squared_error", {"loss": "squared_error"}),
        ("start", "sure:12", {"start": "sure:12"}),
        ("lr", "2", {"rate": 2}),
        ("size", "64", {"batch": 64}),
        ("reduction", "all entries", {"reduction": "all entries"}),
        ("smoothing", "0.1", {"smoothing": 0.1}),
        ("epochs", "20", {"epochs": 20}),
    ]:
        assert sound(**{name: text}).played == Played((Training(**changes),))


def test_a_link_brings_the_epoch_on_screen_and_the_run_before():
    asked = sound(train="clipped", epoch="7", last="squared_error,sure:12,0.5,32,all entries,0,20")
    before = Training("squared_error", "sure:12", reduction="all entries", epochs=20)
    assert asked.played == Played((Training("clipped"), before), 7)
    assert not asked.own


def test_an_epoch_beyond_the_runs_last_is_named_and_ignored():
    asked = read(train="clipped", epochs="20", epoch="21")
    assert asked.faults == ["epoch was ignored: it is 21, where one from 0 to 20 was expected."]
    assert asked.played == Played((Training("clipped", epochs=20),))


scrap = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=string.digits + ".,-+eEinfa∞\\ ", max_size=40),
    st.lists(st.floats(), max_size=12).map(lambda values: ",".join(map(str, values))),
    st.sampled_from(
        [
            "",
            ",",
            "1e999,1",
            "sure:5",
            "normal:1e3",
            "clipped,zero,1,8,mean,0,9",
            "clipped",
            "nan,nan",
            "-inf,-inf,-inf",
            "<b>,c",
            "1,2,3",
            "1,0",
            "e",
            "\\",
            "0,1" * 50,
        ]
    ),
    st.just("9" * (PARAMETER_LENGTH + 1)),
)


@settings(max_examples=3000)
@given(st.dictionaries(st.sampled_from(KNOWN), scrap))
def test_no_address_breaks_the_example(query):
    asked = read_query(query)
    example, view = asked.example, asked.view
    assert len(example.names) == len(example.logits) == len(example.targets)
    assert 2 <= len(example.names) <= 10
    assert math.isfinite(max(example.logits))
    assert math.fsum(example.targets) == pytest.approx(1, abs=1e-9)
    assert 0 <= example.low < example.high <= 1
    assert 1 <= view.step < 10**9
    assert set(view.show) <= set(COLUMNS)
    for run in asked.played.runs if asked.played else ():
        assert run.loss in LOSSES
        assert run.reduction in WAYS
        assert 1 <= run.epochs <= 600
        assert start_of(run.start) == "zero" or 0 <= start_of(run.start)[1] <= 100
    assert all("was ignored" in fault or "were ignored" in fault for fault in asked.faults)
    assert len(asked.faults) <= len(query) + 1


def written(example, view):
    """As the browser writes an address: tests/unit/address.test.js holds the twin of this."""
    names = ",".join(re.sub(r"([\\\\,])", r"\\\1", name) for name in example.names)
    numbers = {field: ",".join(map(repr, getattr(example, field))) for field in ("logits", "targets")}
    values = {**vars(example), **vars(view), **numbers, "names": names, "show": ",".join(view.show)}
    texts = {s.name: str(int(v) if isinstance(v := values[s.field], bool) else v) for s in EVERYWHERE}
    texts = {
        s.name: str(int(v) if isinstance(v := values[s.field], bool) else v) for s in SETTINGS if s.record in RECORDS
    }
    return {name: text for name, text in texts.items() if text}


@st.composite
def examples(draw):
    n = draw(st.integers(2, 10))
    logits = draw(st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(-math.inf)), min_size=n - 1, max_size=n - 1))
    weights = [1, *draw(st.lists(st.integers(0, 9), min_size=n - 1, max_size=n - 1))]
    letters = st.characters(categories=["L", "N", "P", "S"])
    names = draw(st.lists(st.text(letters, min_size=1, max_size=24), min_size=n, max_size=n))
    low, high = sorted(draw(st.lists(st.floats(0, 1), min_size=2, max_size=2, unique=True)))
    return Example(
        tuple(names),
        (draw(st.floats(-1e6, 1e6)), *logits),
        tuple(weight / sum(weights) for weight in weights),
        draw(st.floats(0.05, 20)),
        draw(st.sampled_from(["e", "2", "10"])),
        low,
        high,
        draw(st.sampled_from(["float16", "float32", "float64"])),
        draw(st.sampled_from(OBJECTIVES)),
        draw(st.floats(0.01, 100)),
    )


views = st.builds(
    View,
    st.integers(1, 10**8),
    st.lists(st.sampled_from(COLUMNS), unique=True).map(lambda chosen: tuple(c for c in COLUMNS if c in chosen)),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=500)
@given(examples(), views)
def test_what_is_written_reads_back_the_same(example, view):
    asked = read_query(written(example, view))
    assert (asked.faults, asked.example, asked.view) == ([], example, view)
