"""The settings of a run: what an address spells is what the core trains, within bounds that the browser knows too."""

import json
import subprocess

import numpy as np
import pytest
from deno import find_deno_bin

from pages.parts.stage import address
from pages.parts.training import settings
from pages.parts.training.settings import Played, Training, start_of
from tests.run import ROOT
from xent_core.training import OBJECTIVES, REDUCTIONS, train


def test_the_defaults_are_the_cores():
    run, plain = Training(epochs=2).run(), train("cross_entropy", epochs=2)
    assert np.array_equal(run.weights, plain.weights)


@pytest.mark.parametrize(
    ("changes", "arguments"),
    [
        ({"loss": "squared_error"}, {}),
        ({"start": "sure:12"}, {"start": ("sure", 12)}),
        ({"start": "normal:5"}, {"start": ("normal", 5)}),
        ({"rate": 2.0}, {"learning_rate": 2.0}),
        ({"batch": 200}, {"batch": 200}),
        ({"reduction": "all entries"}, {"reduction": "all entries"}),
        ({"smoothing": 0.1}, {"smoothing": 0.1}),
        ({"epochs": 2}, {"epochs": 2}),
    ],
)
def test_each_setting_is_the_cores_argument(changes, arguments):
    run = Training(**{"epochs": 1, **changes}).run()
    same = train(changes.get("loss", "cross_entropy"), **{"epochs": 1, **arguments})
    assert np.array_equal(run.weights, same.weights)
    assert np.array_equal(run.train_loss, same.train_loss)


def test_a_start_is_spelled_as_an_address_has_it():
    assert [start_of(text) for text in ("zero", "sure:23.1", "normal:5")] == ["zero", ("sure", 23.1), ("normal", 5)]


def test_what_is_played_goes_down_as_json_with_its_epoch():
    played = Played((Training(epochs=20), Training("clipped")))
    sent = json.loads(json.dumps(played.plain()))
    assert (sent["epoch"], len(sent["runs"])) == (20, 2)
    assert Training(**sent["runs"][1]) == Training("clipped")
    assert Played((Training(),), 3).plain()["epoch"] == 3


def test_the_browser_knows_the_same_choices_and_bounds():
    module = (ROOT / "pages/parts/browser/training/settings.js").as_uri()
    script = f"import {{ LIMITS, LOSSES, WAYS, STARTS }} from {json.dumps(module)};" + (
        "console.log(JSON.stringify({ LIMITS, choices: [LOSSES, WAYS, STARTS].map(Object.keys) }))"
    )
    command = [find_deno_bin(), "eval", "--quiet", "--no-config", "--no-lock", "--ext=js", script]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert told["choices"] == [list(OBJECTIVES), list(REDUCTIONS), list(settings.STARTS)]
    assert told["LIMITS"] == {
        "rate": list(settings.RATES),
        "batch": list(settings.SIZES),
        "smoothing": list(settings.SMOOTHINGS),
        "epochs": list(settings.EPOCHS),
        "sure": list(settings.CERTAINTIES),
        "normal": list(settings.DEVIATIONS),
    }


@pytest.mark.parametrize("bound", [0, 1])
def test_the_bounds_are_taken_by_an_address_and_trained_without_a_warning(bound):
    run = Training(
        start=f"normal:{settings.DEVIATIONS[bound]:g}",
        rate=settings.RATES[bound],
        batch=settings.SIZES[bound],
        smoothing=settings.SMOOTHINGS[bound],
        epochs=1,
    )
    query = {"start": run.start, "lr": str(run.rate), "size": str(run.batch), "smoothing": str(run.smoothing)}
    asked = address.read_query(query | {"epochs": "1"})
    assert (asked.faults, asked.played) == ([], Played((run,)))
    assert np.isfinite(run.run().weights).all()
