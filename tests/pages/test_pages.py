"""Every page opens, keeps the example of its link, and draws nothing below the stage that nobody looks at."""

import contextlib
import io
import math
import re

import pytest

from pages.parts.page.contents import CONTENTS
from pages.parts.stage.example import Example, View
from pages.parts.stage.held import commit
from tests.pages.support import example, open_page, press, unfold, words

PAGES = [entry.file for entry in CONTENTS]
STAGED = [entry.file for entry in CONTENTS if entry.staged]
PLAIN = [page for page in PAGES if page not in STAGED]
WITH_AN_EXAMPLE = [page for page in STAGED if page not in ("batches.py", "training.py")]
EVERYTHING = (
    "z=1,2,-inf,0&p=0.25,0.25,0.5,0&t=2&base=2&low=1e-7&high=0.9&precision=float16&objective=clipped&rate=3"
    "&names=a,b\\,c,<i>,d&step=4&show=logit,target&hide=1&present=1&room=bcdfghjk"
)


@pytest.mark.parametrize("page", PLAIN)
def test_a_page_without_a_stage_opens_with_its_claim_as_title_and_links_to_its_neighbours(page):
    app = open_page(page)
    assert len(app.title) == 1
    i = PAGES.index(page)
    assert len(app.page_link) == (i > 0) + (i < len(PAGES) - 1)


@pytest.mark.parametrize("page", STAGED)
def test_a_page_with_a_stage_leaves_title_story_and_neighbours_to_it(page, sent):
    app = open_page(page)
    assert not app.title
    assert not app.page_link
    assert sent[-1]["page"] == page.removesuffix(".py")
    assert sent[-1]["story"]["title"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_it_says_in_150_words(page):
    text = re.sub(r":[\w/]+(\[([^\]]*)\])?|\|.*\|", r"\2", words(open_page(page)))  # without colours, icons, tables
    assert len(re.findall(r"[A-Za-z’]{2,}", text)) <= 150


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_every_parameter_of_a_link(page, sent):
    app = open_page(page, EVERYTHING)
    assert not app.warning
    held = app.session_state["held"]
    assert held.example == Example(
        ("a", "b,c", "<i>", "d"),
        (1, 2, -math.inf, 0),
        (0.25, 0.25, 0.5, 0),
        2,
        "2",
        1e-7,
        0.9,
        "float16",
        "clipped",
        3,
    )
    assert held.view == View(4, ("logit", "target"), hide=True, present=True, room="BCDF-GHJK")
    assert held.own
    assert sent[-1]["example"]["logits"] == ["1.0", "2.0", "-inf", "0.0"]
    assert sent[-1]["view"] == {
        "step": 4,
        "show": ["logit", "target"],
        "hide": True,
        "present": True,
        "room": "BCDF-GHJK",
    }


def test_an_example_goes_along_to_every_page(sent):
    app = open_page(query="z=3,2,1&base=2")
    for page in PAGES[1:]:
        app.switch_page(page).run()
        assert not app.exception
        assert sent[-1]["example"]["logits"] == ["3.0", "2.0", "1.0"]
        assert sent[-1]["own"]


def test_a_page_says_which_session_and_revision_it_was_drawn_by_and_of_which_example(sent):
    app = open_page("clipping.py", "z=3,2,1")
    held = app.session_state["held"]
    assert (sent[-1]["session"], sent[-1]["revision"], sent[-1]["mark"]) == (held.session, 0, held.mark)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("z=1,x,3", "entry 2 is “x”"),
        ("base=7", "one of e, 2, 10 was expected"),
        ("t=0", "a number from 0.05 to 20 was expected"),
        ("low=0.5&high=0.1", "the lower bound 0.5 must be below the upper bound 0.1"),
        ("step=x", "the number of a step was expected"),
        ("names=![a](http://b),c,d", ""),
        ("z=![a](http://b),1", "entry 1 is “![a](http://b)”"),
    ],
)
def test_a_fault_of_the_address_is_one_notice_in_plain_text(query, said, sent):
    told = [True] * bool(said)
    app = open_page("start.py", query)
    assert [said in fault for fault in sent[-1]["faults"]] == told
    faults = app.session_state["faults"]
    assert app.switch_page("identify.py").run().session_state["faults"] == []  # over on the next page
    app.session_state["faults"] = faults
    assert [said in warning.value.replace("\\", "") for warning in app.run().warning] == told
    assert not any("![" in warning.value for warning in app.warning)


@pytest.mark.parametrize("page", PLAIN)
def test_the_projector_view_keeps_the_claim_and_leaves_again(page):
    app = press(open_page(page), "Projector view")
    assert len(app.title) == 1
    assert not app.expander
    assert app.session_state["held"].view.present
    press(app, "Leave the projector view")
    assert not app.session_state["held"].view.present


@pytest.mark.parametrize("page", PAGES)
def test_a_folded_page_computes_no_code(page):
    assert not open_page(page).code


@pytest.mark.parametrize("page", WITH_AN_EXAMPLE)
def test_the_browser_tells_of_each_change_only_where_a_program_follows_it(page, sent):
    app = open_page(page)
    assert not sent[-1]["listening"]
    unfold(app)
    assert sent[-1]["listening"]


@pytest.mark.parametrize("page", PAGES)
def test_the_code_behind_a_page_is_the_cores_own(page):
    code = "\n".join(block.value for block in unfold(open_page(page)).code)
    assert "def " in code
    assert '"""' in code


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", ["z=1000000,-1000000,0", "z=-inf,0,-inf", "z=65504,65520,1", "t=0.05&z=9000,0,0"])
@pytest.mark.parametrize("precision", ["float16", "float64"])
def test_a_page_bears_the_extremes(page, query, precision):
    unfold(open_page(page, f"{query}&precision={precision}&low=0&high=0.5&base=2"))


def programs(app):
    return [block.value for block in app.code if "import numpy" in block.value]


@pytest.mark.parametrize("page", WITH_AN_EXAMPLE)
def test_a_program_ends_with_the_mark_of_the_example_that_it_is_of(page):
    app = unfold(open_page(page, "z=2,1,0.1"))
    marks = re.findall('data-drawn="(.*?)"', "".join(str(block.proto) for block in app.get("html")).replace("\\", ""))
    assert marks == [app.session_state["held"].mark]


def test_copied_code_prints_what_the_page_is_about():
    (code,) = programs(unfold(open_page("softmax.py", "z=2,1,0.1")))
    assert code.endswith("print(q.tolist())  # [0.659001, 0.242433, 0.0985659]")
    app = unfold(open_page("two_forms.py", "z=2,1,0.1"))
    for loss, number in (("categorical", "0.41703"), ("bernoulli", "0.798442")):
        app.segmented_control[0].set_value(loss).run()
        (code,) = programs(app)
        assert code.endswith(f"# {number} nats")


def printed(program):
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(program, {})
    return float(told.getvalue().split()[-1])


def test_copied_code_prints_the_loss_on_screen():
    (code,) = programs(unfold(open_page(query="z=2,1,0.1&base=2")))
    assert printed(code) == pytest.approx(math.log2(1 + math.exp(-1) + math.exp(-1.9)), rel=1e-12)


def test_copied_code_follows_what_the_browser_commits():
    app = unfold(open_page(query="z=2,1,0.1"))
    held = app.session_state["held"]
    message = {"session": held.session, "revision": held.revision, "query": "z=0,0,0"}
    app.session_state["held"], _ = commit(held, message)
    app.run()
    assert printed(programs(app)[0]) == pytest.approx(math.log(3), rel=1e-12)
    assert example(app).logits == (0, 0, 0)
