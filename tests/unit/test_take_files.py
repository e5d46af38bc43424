"""The files that a saved page brings along: photos, and runs with fewer of their epochs."""

import gzip

import numpy as np
import pytest

from pages.parts.photos.ready import PHOTOS
from pages.parts.stage.photo import Shown
from pages.parts.take import files
from pages.parts.training import encoded
from pages.parts.training.jobs import Jobs
from pages.parts.training.settings import Training
from xent_core.networks.recorded import recorded


@pytest.fixture(scope="module")
def runs():
    """A run's arrays as they are sent, and as a saved page has them."""
    whole = encoded.encoded(Training(epochs=30, batch=400))
    return [encoded.unpacked(gzip.decompress(run)) for run in (whole, files.thinned(whole))]


def test_a_saved_run_has_all_its_curves_and_every_tenth_part_of_its_weights_and_digits(runs):
    whole, brief = runs
    assert np.array_equal(brief["curves"], whole["curves"])
    assert brief["kept"].tolist() == [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30]
    for name in ("weights", "scale", "biases", "shown", "worst_loss", "misread", "read"):
        assert np.array_equal(brief[name], whole[name][::3])


def test_its_digits_are_the_same_ones_though_fewer_are_known(runs):
    whole, brief = runs
    assert len(brief["labels"]) < len(whole["labels"])
    for known in ("pixels", "labels"):
        assert np.array_equal(brief[known][brief["worst"]], whole[known][whole["worst"][::3]])
        assert np.array_equal(brief[known][brief["shown_at"]], whole[known][whole["shown_at"]])


@pytest.mark.parametrize(
    ("run", "spelled"),
    [
        (Training(), "train=cross_entropy"),
        (Training("squared_error", "sure:12", 5.0, epochs=20), "train=squared_error&start=sure%3A12&lr=5&epochs=20"),
        (
            Training(reduction="all entries", smoothing=0.00005, batch=100),
            "train=cross_entropy&size=100&reduction=all%20entries&smoothing=0.00005",
        ),
    ],
)
def test_a_run_is_found_under_the_address_by_which_the_modules_ask_for_it(run, spelled):
    assert files.spelled(run) == spelled


def test_a_run_that_the_server_refuses_is_said_to_be(monkeypatch):
    monkeypatch.setattr(files.route, "JOBS", Jobs(lambda *_: b"", takes=0))
    with pytest.raises(files.Refused, match="Too many runs wait already"):
        list(files.brief([Training()]))


def test_a_network_that_a_story_shows_with_one_photo_says_nothing_of_the_others():
    network, story = "resnet18_untrained", {"steps": [], "photos": True, "trains": False}
    pairs = files.shown(story, Shown(PHOTOS[2], network, 0))
    logits = np.frombuffer(files._logits(network, pairs), "<f4").reshape(len(PHOTOS), 1000)
    assert np.array_equal(logits[2], recorded().logits[network][2])
    assert np.isnan(np.delete(logits, 2, axis=0)).all()
