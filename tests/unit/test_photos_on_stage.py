"""A photo on the stage: the same rows here and in the browser, lessons that are steps on the last layer, own photos."""

import json
import os
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from deno import find_deno_bin

from pages.parts.photos import reading
from pages.parts.photos.example import example_of, kept_classes, labelled
from pages.parts.photos.reading import read_own
from pages.parts.photos.ready import HASH, NETWORKS, PHOTOS, TAUGHT, TRAINED, files, networks
from pages.parts.stage.photo import Shown
from tests.run import ROOT
from xent_core import one_hot, softmax_cross_entropy, softmax_cross_entropy_gradient, squared_error_gradient
from xent_core.networks import example_photo, jpeg_of, load_network
from xent_core.networks.recorded import recorded

SHOWN = [
    *(labelled(photo, network, top=top) for photo in PHOTOS for network in NETWORKS for top in (0, 5)),
    *(Shown(photo, TAUGHT, wanted) for photo in PHOTOS for wanted in (0, 281, 999)),
]
STEPS, RATE = 25, 0.001
GRADIENTS = {"cross_entropy": softmax_cross_entropy_gradient, "squared_error": squared_error_gradient}
LESSONS = [(photo, wanted, loss) for photo in ("clock_motion", "coffee") for wanted in (0, 892) for loss in GRADIENTS]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    for name, (data, _) in files().items():
        (folder / name).write_bytes(data)
    taught = [Shown(photo, TAUGHT, wanted, taught=(photo, wanted, loss, STEPS)) for photo, wanted, loss in LESSONS]
    others = [
        Shown(other, TAUGHT, 0, taught=shown.taught) for shown in taught for other in PHOTOS if other != shown.photo
    ]
    asked = {"shown": [one.plain() for one in SHOWN], "taught": [one.plain() for one in (*taught, *others)]}
    (folder / "asked.json").write_text(json.dumps(asked))
    command = [find_deno_bin(), "run", "--quiet", "--no-config", "--no-lock", "--no-remote", "--allow-read"]
    settings = os.environ | {"DENO_DIR": str(folder), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    script = ROOT / "tests/unit/photos_twin.js"
    done = subprocess.run(
        [*command, script, folder / "asked.json", folder], capture_output=True, text=True, env=settings
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) | {"taught": [*taught, *others]}


def test_the_rows_of_a_photo_are_the_same_here_and_in_the_browser(browser):
    for shown, found in zip(SHOWN, browser["examples"], strict=True):
        example = example_of(shown)
        assert found["names"] == list(example.names)
        assert found["targets"] == list(example.targets)
        np.testing.assert_allclose(found["logits"], example.logits, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("shown", SHOWN[::9], ids=lambda shown: f"{shown.photo} {shown.network} {shown.top}")
def test_the_loss_of_the_rows_is_the_loss_of_1000_classes(shown):
    logits = recorded().logits[shown.network][PHOTOS.index(shown.photo)].astype(float)
    example = example_of(shown)
    whole = softmax_cross_entropy(logits, one_hot(shown.wanted, 1000))
    assert softmax_cross_entropy(example.logits, example.targets) == pytest.approx(whole, rel=1e-12)


def test_the_wanted_class_stands_where_it_ranks():
    assert kept_classes(np.array([0.0, 3.0, 1.0, 2.0, -1.0]), 4, 2) == [1, 3, 4]
    assert kept_classes(np.array([0.0, 3.0, 1.0, 2.0, -1.0]), 3, 2) == [1, 3]
    assert kept_classes(np.array([0.0, 3.0, 1.0, 2.0, -1.0]), 0, 0) == [0]


def taught_by_steps_on_the_layer(photo, wanted, loss):
    """The logits of all photos after gradient descent on the last layer's own weights and biases, [8, 1000]."""
    features, logits = recorded().features.astype(float), recorded().logits[TAUGHT].astype(float)
    k, weight, bias = PHOTOS.index(photo), np.zeros((1280, 1000)), np.zeros(1000)
    for _ in range(STEPS):
        now = logits[k] + features[k] @ weight + bias
        gradient = GRADIENTS[loss](now, one_hot(wanted, 1000))
        weight -= RATE * np.outer(features[k], gradient)
        bias -= RATE * gradient
    return logits + features @ weight + bias


def test_a_lesson_is_gradient_descent_on_the_last_layer_and_moves_every_photo(browser):
    outputs = {lesson: taught_by_steps_on_the_layer(*lesson) for lesson in LESSONS}
    for shown, found in zip(browser["taught"], browser["outputs"], strict=True):
        expected = outputs[shown.taught[:3]][PHOTOS.index(shown.photo)]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_what_was_recorded_is_what_the_networks_say():
    for k, photo in enumerate(PHOTOS):
        crop = example_photo(photo)
        np.testing.assert_allclose(load_network(TAUGHT).features(crop), recorded().features[k], rtol=0, atol=1e-4)
        for name, tolerance in zip(TRAINED, (5e-3, 1e-4), strict=True):  # the first's were said before it was stored
            said = load_network(name).logits(crop)
            np.testing.assert_allclose(said, recorded().logits[name][k], rtol=0, atol=tolerance)


def test_networks_before_training_lose_about_ln_1000_plus_half_their_variance():
    for network in networks():
        if not network.trained and network.spread < 1:
            assert network.loss == pytest.approx(network.first, abs=0.35)


def test_what_is_served_is_small_and_named_by_its_content():
    assert all(len(data) <= 32_000 for data, _ in files().values())
    assert len(HASH) == 16


# The reader's own photo


@pytest.fixture
def forgotten():
    reading._outputs.clear()


def photo_bytes(seed=0):
    return jpeg_of(np.random.default_rng(seed).integers(0, 256, (240, 320, 3), np.uint8))


def test_an_own_photo_gives_what_the_networks_say_to_its_crop(forgotten):
    own = read_own(jpeg_of(example_photo("astronaut")))
    for name in TRAINED:
        np.testing.assert_allclose(own.outputs.logits[name], load_network(name).logits(own.crop), rtol=0, atol=1e-4)
    assert own.outputs.products.shape == (len(PHOTOS) + 1,)
    plain = own.plain
    assert plain["label"] is None
    assert plain["picture"].startswith("data:image/jpeg;base64,")
    assert len(json.dumps(plain)) < 30_000


def test_the_same_photo_is_passed_once(forgotten, monkeypatch):
    passes, passed = [], reading._passed
    monkeypatch.setattr(reading, "_passed", lambda crop: passes.append(1) or passed(crop))
    first, again = read_own(photo_bytes()), read_own(photo_bytes())
    assert first.outputs is again.outputs
    assert len(passes) == 1


def test_two_passes_run_at_a_time_however_many_wait(forgotten, monkeypatch):
    running, most, lock = 0, 0, threading.Lock()

    def pass_slowly(crop):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return crop

    monkeypatch.setattr(reading, "_passed", pass_slowly)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda seed: read_own(photo_bytes(seed)), range(16)))
    assert most == 2


def test_only_so_many_outputs_are_kept(forgotten, monkeypatch):
    monkeypatch.setattr(reading, "_passed", lambda crop: crop)
    monkeypatch.setattr(reading, "_KEPT", 3)
    for seed in range(5):
        read_own(photo_bytes(seed))
    assert len(reading._outputs) == 3


@pytest.mark.parametrize("data", [b"", b"abc", photo_bytes()[:500], b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_picture_is_refused_in_a_sentence(data):
    with pytest.raises(ValueError, match=r"^This .*[.]$"):
        read_own(data)
