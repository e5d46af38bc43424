"""Training: the runs come by a route of their own, so that the page itself is small, and a link's settings go down."""

import json

import pytest

from pages.parts.training import encoded
from tests.pages.support import open_page, unfold, words

LARGEST = 30_000  # bytes that a page's first run may put on the socket


def test_opening_the_page_trains_nothing_and_sends_little(sent, monkeypatch):
    monkeypatch.setattr(encoded, "arrays_of", lambda _: pytest.fail("a run was computed for the script"))
    open_page("training.py")
    assert len(json.dumps(sent[-1])) < LARGEST
    assert sent[-1]["training"] is None
    assert sent[-1]["story"]["trains"]


def test_a_links_run_goes_down_with_its_epoch_and_the_run_before(sent):
    open_page("training.py", "train=clipped&start=sure:23.1&epoch=7&last=cross_entropy,zero,0.5,32,mean,0,100")
    training = sent[-1]["training"]
    assert [run["loss"] for run in training["runs"]] == ["clipped", "cross_entropy"]
    assert (training["runs"][0]["start"], training["epoch"]) == ("sure:23.1", 7)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("train=hinge", "train was ignored: it is “hinge”"),
        ("epochs=0", "epochs was ignored: it is “0”"),
        ("start=<img src=x>", "start was ignored: it is “<img src=x>”"),
        ("lr=nan", "lr was ignored: it is “nan”"),
    ],
)
def test_a_bad_setting_is_one_sentence_and_the_rest_of_the_link_works(sent, query, said):
    open_page("training.py", f"{query}&step=4&smoothing=0.1")
    (fault,) = sent[0]["faults"]  # of the session's first page, as every page reads them
    assert fault.startswith(said)
    assert (sent[-1]["view"]["step"], sent[-1]["training"]["runs"][0]["smoothing"]) == (4, 0.1)


def test_source_and_doi_of_the_digits_stand_on_the_page():
    told = words(open_page("training.py")).replace("\\", "")
    assert "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits" in told
    assert "doi:10.24432/C50P49" in told


def test_the_code_behind_is_the_training_itself():
    code = "\n".join(block.value for block in unfold(open_page("training.py")).code)
    assert "def train(" in code
    assert "def double_softmax_gradient(" in code


def test_for_a_projector_there_is_the_stage_alone():
    assert not open_page("training.py", "present=1").expander
