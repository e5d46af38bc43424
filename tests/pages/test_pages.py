"""Every page opens, takes what a link holds, and computes nothing that is folded."""

import contextlib
import io
import math
import re

import pytest

from pages.parts.page.contents import CONTENTS
from pages.parts.stage.example import Example
from tests.pages.support import example, open_page, press, words

PAGES = [entry.file for entry in CONTENTS]
STAGED = [entry.file for entry in CONTENTS if entry.staged]
EXAMPLE_PAGES = [page for page in STAGED if page != "batches.py"]
PLAIN = [entry.file for entry in CONTENTS if not entry.staged]


def opened(page, *keys, query=""):
    """A page whose expanders of these keys are open."""
    app = open_page(page, query)
    for key in keys:
        app.session_state[key] = True
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("page", PLAIN)
def test_a_page_without_a_stage_has_its_claim_as_title_and_links_to_its_neighbours(page):
    app = open_page(page)
    assert len(app.title) == 1
    assert len(app.page_link) == 1 + (PAGES.index(page) < len(PAGES) - 1)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_it_says_in_150_words(page):
    text = re.sub(r":[\w/]+(\[([^\]]*)\])?|\|.*\|", r"\2", words(open_page(page)))  # without colours, icons, tables
    assert len(re.findall(r"[A-Za-z’]{2,}", text)) <= 150


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_every_parameter_of_a_link(page):
    app = open_page(
        page,
        "z=1,2,-inf,0&p=0.25,0.25,0.5,0&t=2&base=2&low=1e-7&high=0.9&precision=float16&objective=clipped&rate=3"
        "&names=a,b\\,c,<i>,d&show=logit,target&hide=1&step=3",
    )
    assert not app.warning
    assert example(app) == Example(
        names=("a", "b,c", "<i>", "d"),
        logits=(1, 2, -math.inf, 0),
        targets=(0.25, 0.25, 0.5, 0),
        temperature=2,
        base="2",
        low=1e-7,
        high=0.9,
        precision="float16",
        objective="clipped",
        rate=3,
    )
    view = app.session_state["held"].view
    assert (view.show, view.hide, view.step) == (("logit", "target"), True, 3)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("z=1,x,3", "entry 2 is “x”"),
        ("base=7", "one of e, 2, 10 was expected"),
        ("t=0", "a number from 0.05 to 20 was expected"),
        ("low=0.5&high=0.1", "the lower bound 0.5 must be below the upper bound 0.1"),
        ("step=x", "it is “x”, where the number of a step was expected"),
        ("z=![a](http://b),1", "entry 1 is “![a](http://b)”"),
    ],
)
def test_a_fault_of_the_address_is_one_notice_in_plain_text(query, said):
    app = open_page(query=query)
    (fault,) = app.session_state["faults"]
    assert said in fault
    warnings = open_page("frameworks.py", query).warning
    assert not any("![" in warning.value for warning in warnings)


@pytest.mark.parametrize("page", PLAIN)
def test_the_projector_view_keeps_the_claim_and_leaves_again(page):
    app = press(open_page(page), "Projector view")
    assert len(app.title) == 1
    assert not app.expander
    press(app, "Leave the projector view")
    assert not app.session_state["held"].view.present


@pytest.mark.parametrize("page", PAGES)
def test_nothing_that_is_folded_is_computed(page):
    assert not open_page(page).code


@pytest.mark.parametrize("page", PAGES)
def test_the_code_behind_a_page_is_the_cores_own(page):
    code = "\n".join(block.value for block in opened(page, "code behind").code)
    assert "def " in code
    assert '"""' in code


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", ["z=1000000,-1000000,0", "z=-inf,0,-inf", "z=65504,65520,1", "t=0.05&z=9000,0,0"])
@pytest.mark.parametrize("precision", ["float16", "float64"])
def test_a_page_bears_the_extremes_with_its_program_open(page, query, precision):
    opened(page, "copy as code", query=f"{query}&precision={precision}&low=0&high=0.5&base=2")


def program(app):
    return next(block.value for block in app.code if "import numpy" in block.value)


def test_copied_code_prints_what_the_page_is_about():
    code = program(opened("softmax.py", "copy as code", query="z=2,1,0.1"))
    assert code.endswith("print(q.tolist())  # [0.659001, 0.242433, 0.0985659]")
    app = opened("two_forms.py", "copy as code", query="z=2,1,0.1")
    for loss, number in (("categorical", "0.41703"), ("bernoulli", "0.798442")):
        app.segmented_control[0].set_value(loss).run()
        assert program(app).endswith(f"# {number} nats")


def test_copied_code_prints_the_loss_on_screen():
    code = program(opened("start.py", "copy as code", query="z=2,1,0.1&base=2"))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert float(printed.getvalue().split()[-1]) == pytest.approx(
        math.log2(1 + math.exp(-1) + math.exp(-1.9)), rel=1e-12
    )


@pytest.mark.parametrize("page", EXAMPLE_PAGES)
def test_the_program_carries_the_mark_of_the_example_that_it_prints(page):
    app = opened(page, "copy as code")
    marks = [element.proto.body for element in app.get("html") if "data-drawn" in element.proto.body]
    assert marks == [f'<i data-drawn="{app.session_state["held"].mark}"></i>']
