"""A run on its way to the browser: small, exact where numbers are shown, and read there as it was packed."""

import gzip
import json
import os
import subprocess

import numpy as np
import pytest
from deno import find_deno_bin

from pages.parts.training.encoded import CURVES, KEPT, SHOWN, WORST, arrays_of, encoded, packed
from pages.parts.training.settings import Training
from tests.run import ROOT
from xent_core import softmax, softmax_cross_entropy
from xent_core.digits import digits
from xent_core.training import train

MOST = 100_000  # bytes


@pytest.fixture(scope="module")
def run():
    return train("cross_entropy", start=("normal", 1), epochs=150, batch=400)


@pytest.fixture(scope="module")
def arrays(run):
    return arrays_of(run)


def test_the_curves_are_those_of_every_epoch_exactly(run, arrays):
    assert arrays["curves"].shape == (7, 151)
    for name, curve in zip(CURVES, arrays["curves"], strict=True):
        assert np.array_equal(curve, getattr(run, name))


def test_at_most_a_hundred_epochs_beside_the_start_are_kept_the_first_and_the_last_among_them(arrays):
    kept = arrays["kept"].tolist()
    assert len(kept) == KEPT + 1
    assert (kept[0], kept[-1]) == (0, 150)
    assert kept == sorted(set(kept))
    assert arrays_of(train("cross_entropy", epochs=3, batch=400))["kept"].tolist() == [0, 1, 2, 3]


def test_the_weights_come_back_within_half_a_step_of_their_scale(run, arrays):
    weights = run.weights[arrays["kept"]].transpose(0, 2, 1)
    back = arrays["weights"] / 127 * arrays["scale"][:, None, None]
    assert np.all(np.abs(back - weights) <= arrays["scale"][:, None, None] / 127 / 2 * (1 + 1e-9))


def test_weights_of_0_have_no_scale_and_stay_0():
    first = arrays_of(train("cross_entropy", epochs=1, batch=400))
    assert first["scale"][0] == 0
    assert not first["weights"][0].any()


def test_the_probabilities_of_the_four_digits_are_the_runs(run, arrays):
    _, test = digits()
    k = 60
    epoch = arrays["kept"][k]
    expected = softmax(test.pixels[list(SHOWN)] @ run.weights[epoch] + run.biases[epoch])
    assert arrays["shown"][k] == pytest.approx(expected, abs=1e-6)
    assert arrays["labels"][arrays["shown_at"]].tolist() == test.labels[list(SHOWN)].tolist()
    assert np.array_equal(arrays["pixels"][arrays["shown_at"]], test.pixels[list(SHOWN)] * 16)


def test_the_worst_digits_are_those_that_cost_most_and_the_misread_are_counted(run, arrays):
    _, test = digits()
    k = 60
    logits = test.pixels @ run.weights[arrays["kept"][k]] + run.biases[arrays["kept"][k]]
    losses = np.array([softmax_cross_entropy(z, np.eye(10)[y]) for z, y in zip(logits, test.labels, strict=True)])
    order = np.argsort(-losses)[:WORST]
    assert arrays["worst_loss"][k] == pytest.approx(losses[order], rel=1e-6)
    assert arrays["labels"][arrays["worst"][k]].tolist() == test.labels[order].tolist()
    assert arrays["read"][k].tolist() == logits.argmax(axis=1)[order].tolist()
    assert arrays["misread"][k] == (logits.argmax(axis=1) != test.labels).sum()


@pytest.mark.parametrize(
    "training",
    [Training(), Training(start="normal:5", rate=2.0), Training(start="normal:1", batch=1437, rate=5.0, epochs=600)],
)
def test_a_run_takes_less_than_100_kb(training):
    assert len(encoded(training)) < MOST


def test_the_same_settings_are_the_same_bytes():
    assert encoded(Training(epochs=1)) == encoded(Training(epochs=1))


def test_the_browser_reads_what_was_packed(arrays, tmp_path):
    file = tmp_path / "run"
    file.write_bytes(gzip.decompress(gzip.compress(packed(arrays))))
    script = ROOT / "tests/unit/unpacked_run.js"
    command = [find_deno_bin(), "run", "--quiet", "--no-config", "--no-lock", "--allow-read", script, file]
    settings = os.environ | {"DENO_DIR": str(tmp_path), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=settings)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["epochs"] == 150
    assert list(told["curves"]) == list(CURVES)
    for name, curve in zip(CURVES, arrays["curves"], strict=True):
        assert told["curves"][name] == curve.tolist()
    for name, values in told["arrays"].items():
        assert np.array_equal(np.array(values), arrays[name].ravel()), name
    kept = arrays["kept"].tolist()
    assert told["places"] == [max(k for k, epoch in enumerate(kept) if epoch <= now) for now in range(151)]
