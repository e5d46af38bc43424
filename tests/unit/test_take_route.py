"""The route by which a page is saved."""

import pytest

from pages.parts.page.modules import PATH
from pages.parts.stage.component import LESSONS
from pages.parts.take import along, route
from pages.parts.take.files import Refused
from tests.unit.test_shell import ask


@pytest.fixture(autouse=True)
def _drawn():
    along.draw("clipping")


def test_a_saved_page_comes_as_a_file_of_its_own_name():
    answer = ask("a/b", f"{PATH}/take/clipping?step=3")
    assert answer.status == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="cross-entropy-clipping.html"'
    assert answer.text == along.saved("clipping", {"step": "3"})


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("frameworks", 404, "No such page."),
        ("clipping?z=1,a", 400, "z was ignored: entry 2 is “a”, where a finite number was expected."),
        ("softmax", 409, "This server was just started. Reload the page, then save it again."),
    ],
)
def test_what_cannot_be_saved_is_told_in_a_sentence(monkeypatch, address, status, sentence):
    monkeypatch.delitem(LESSONS, "softmax", raising=False)
    answer = ask("", f"{PATH}/take/{address}")
    assert (answer.status, answer.text) == (status, sentence)


def test_where_too_many_runs_wait_that_is_said(monkeypatch):
    def refuse(*_):
        raise Refused("Too many.")

    monkeypatch.setattr(route, "saved", refuse)
    answer = ask("", f"{PATH}/take/clipping")
    assert (answer.status, answer.text) == (503, "Too many.")
