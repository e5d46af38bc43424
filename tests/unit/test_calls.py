"""Every row of the comparison against what its library returned (tests/golden/README.md): losses and gradients."""

import json
from pathlib import Path

import pytest

from tests.golden.calls import difference, tolerances
from tests.golden.inputs import batches
from xent_core.conventions import CONVENTIONS

FILE = Path(__file__).parents[1] / "golden/calls.json"
CALLS = json.loads(FILE.read_text(encoding="utf-8"))
BATCHES = dict(batches())


def as_floats(values):
    """Numbers, nested as they are; the file spells nan and inf as strings."""
    return [as_floats(value) for value in values] if isinstance(values, list) else float(values)


def ids():
    return sorted(CALLS)


def test_every_call_was_run_on_every_input_that_it_fits():
    assert CALLS.keys() == CONVENTIONS.keys()
    for id, call in CALLS.items():
        assert call["results"].keys() == {name for name, batch in BATCHES.items() if batch.suits(CONVENTIONS[id])}
    assert sum(len(call["results"]) for call in CALLS.values()) > 5000


@pytest.mark.parametrize("id", ids())
def test_a_row_returns_what_its_library_returned(id):
    for name, (loss, _) in CALLS[id]["results"].items():
        batch, convention = BATCHES[name], CONVENTIONS[id]
        bounds = tolerances(convention, batch.predictions.dtype.name)
        assert difference(batch.loss(convention), float(loss), *bounds) <= 1, name


@pytest.mark.parametrize("id", [id for id in ids() if CONVENTIONS[id].gradient])
def test_a_rows_gradient_is_that_of_its_librarys_differentiation(id):
    for name, (_, gradient) in CALLS[id]["results"].items():
        if gradient is not None:
            batch, convention = BATCHES[name], CONVENTIONS[id]
            bounds = tolerances(convention, batch.predictions.dtype.name)
            assert difference(batch.gradient(convention), as_floats(gradient), *bounds) <= 1, name


@pytest.mark.parametrize("id", ids())
def test_the_library_that_computed_it_is_one_that_the_row_holds_for(id):
    version = CALLS[id]["by"].split()[1].split("+")[0]
    assert CONVENTIONS[id].holds_in(tuple(int(number) for number in version.split(".")[:3]))


@pytest.mark.parametrize(
    ("ours", "theirs", "apart"),
    [
        ([1.0, float("nan")], [1.0, float("nan")], 0),
        ([float("inf")], [float("inf")], 0),
        ([0.0], [float("nan")], float("inf")),
        ([1.0], [1.0, 1.0], float("inf")),
        ([1.03], [1.0], 2),
    ],
)
def test_nan_and_infinity_are_right_only_where_the_library_has_them(ours, theirs, apart):
    assert difference(ours, theirs, 0.01, 0.005) == pytest.approx(apart)
