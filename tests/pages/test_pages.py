"""Every page opens, keeps the example, and does what its buttons say."""

import contextlib
import io
import math
import re

import pytest

from pages.parts.stage.example import Example
from tests.pages.support import example, open_page, press, words
from xent_core import softmax

PAGES = ["start.py", "softmax.py", "two_forms.py", "clipping.py", "batches.py", "frameworks.py", "identify.py"]
WITH_A_TABLE = PAGES[:4]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_its_claim_as_title_and_links_to_its_neighbours(page):
    app = open_page(page)
    assert len(app.title) == 1
    i = PAGES.index(page)
    assert len(app.page_link) == (i > 0) + (i < len(PAGES) - 1)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_it_says_in_150_words(page):
    text = re.sub(r":[\w/]+(\[([^\]]*)\])?|\|.*\|", r"\2", words(open_page(page)))  # without colours, icons, tables
    assert len(re.findall(r"[A-Za-z’]{2,}", text)) <= 150


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_every_parameter_of_a_link(page):
    query = (
        "z=1,2,-inf,0&p=0.25,0.25,0.5,0&t=2&base=2&low=1e-7&high=0.9&precision=float16"
        "&names=a,b\\,c,<i>,d&show=logit,target&present=1"
    )
    app = open_page(query=query)
    if page != "start.py":
        app.switch_page(page).run()
    assert not app.exception
    assert not app.warning
    held = example(app)
    assert held.logits == (1, 2, -math.inf, 0)
    assert held.targets == (0.25, 0.25, 0.5, 0)
    assert (held.temperature, held.base, held.low, held.high, held.precision) == (2, "2", 1e-7, 0.9, "float16")
    assert held.names == ("a", "b,c", "<i>", "d")
    assert held.present


def test_columns_of_a_link_go_back_to_the_pages_own_on_a_change_of_page():
    app = open_page(query="show=logit,target&base=2")
    assert example(app).show == ("logit", "target")
    app.switch_page("softmax.py").run()
    assert example(app) == Example(base="2")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("z=1,x,3", "entry 2 is “x”"),
        ("base=7", "one of e, 2, 10 was expected"),
        ("t=0", "a number from 0.05 to 20 was expected"),
        ("low=0.5&high=0.1", "the lower bound 0.5 must be below the upper bound 0.1"),
        ("names=![a](http://b),c,d", ""),
        ("z=![a](http://b),1", "entry 1 is “!\\[a\\]\\(http\\:\\/\\/b\\)”"),
    ],
)
def test_a_fault_of_the_address_is_one_notice_in_plain_text(query, said):
    app = open_page(query=query)
    assert [said.replace("\\", "") in warning.value.replace("\\", "") for warning in app.warning] == [True] * bool(said)
    for warning in app.warning:
        assert "![" not in warning.value


@pytest.mark.parametrize(
    ("label", "probabilities"),
    [
        ("q1", (0.5, 0.2, 0.3)),
        ("q2", (0.8, 0.1, 0.1)),
        ("Unsure", (1 / 3, 1 / 3, 1 / 3)),
        ("Confidently wrong", (0.01, 0.98, 0.01)),
        ("Log of zero", (0, 0.7, 0.3)),
    ],
)
def test_a_preset_shows_its_probabilities_on_whatever_was_there(label, probabilities):
    app = press(open_page(query="z=5,1,2,3,4&p=0,0,0,0,1&names=a,b,c,d,e&t=3"), label)
    held = example(app)
    assert softmax(held.logits) == pytest.approx(probabilities, abs=1e-15)
    assert held.targets == (1, 0, 0)
    assert app.session_state["held"].revision == 1


@pytest.mark.parametrize("page", WITH_A_TABLE)
def test_every_button_of_a_page_sets_an_example_that_holds_together(page):
    labels = [button.label for button in open_page(page, "z=1,2,3,4").button]
    for label in labels:
        held = example(press(open_page(page, "z=1,2,3,4"), label))
        assert len(held.names) == len(held.logits) == len(held.targets)
        assert math.fsum(held.targets) == pytest.approx(1)


@pytest.mark.parametrize("page", PAGES)
def test_the_projector_view_keeps_the_claim_and_leaves_again(page):
    app = press(open_page(page), "Projector view")
    assert len(app.title) == 1
    assert not app.expander
    press(app, "Leave the projector view")
    assert not example(app).present


def solved(page, query):
    return ":green[" in words(open_page(page, query))


@pytest.mark.parametrize(
    ("page", "unsolved", "solution"),
    [
        ("start.py", "", "z=0.5,-1.6094379124341003,-1.2039728043259361"),
        ("start.py", "z=5,5,5", "q=0,1,0"),
        ("softmax.py", "z=1,2,3", f"z={math.log(0.5) + 5},{math.log(0.2) + 5},{math.log(0.3) + 5}"),
        ("two_forms.py", "", "z=1,2&p=0,1"),
        ("clipping.py", "", "z=-30,0,0"),
    ],
)
def test_a_question_is_answered_once_the_reader_is_there(page, unsolved, solution):
    assert not solved(page, unsolved)
    assert solved(page, solution)


def test_the_printed_numbers_of_the_article_stand_beside_the_computed_ones():
    shown = words(open_page("two_forms.py"))
    for row in (
        "| categorical, q1 | 0.3 | 0.3010 | 0.6931 |",
        "| categorical, q2 | 0.1 | 0.0969 | 0.2231 |",
        "| Bernoulli, q1 | 0.55 | 0.5528 | 1.2730 |",
        "| Bernoulli, q2 | 0.19 | 0.1884 | 0.4339 |",
    ):
        assert row in shown


@pytest.mark.parametrize("page", PAGES)
def test_the_code_behind_a_page_is_the_cores_own(page):
    code = "\n".join(block.value for block in open_page(page).code)
    assert "def " in code
    assert '"""' in code


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", ["z=1000000,-1000000,0", "z=-inf,0,-inf", "z=65504,65520,1", "t=0.05&z=9000,0,0"])
@pytest.mark.parametrize("precision", ["float16", "float64"])
def test_a_page_bears_the_extremes(page, query, precision):
    open_page(page, f"{query}&precision={precision}&low=0&high=0.5&base=2")


def test_copied_code_prints_what_the_page_is_about():
    code = [block.value for block in open_page("softmax.py", "z=2,1,0.1").code if "import numpy" in block.value]
    assert code[0].endswith("print(q.tolist())  # [0.659001, 0.242433, 0.0985659]")
    app = open_page("two_forms.py", "z=2,1,0.1")
    for loss, number in (("categorical", "0.41703"), ("bernoulli", "0.798442")):
        app.segmented_control[0].set_value(loss).run()
        (code,) = (block.value for block in app.code if "import numpy" in block.value)
        assert code.endswith(f"# {number} nats")


def test_copied_code_prints_the_loss_on_screen():
    app = open_page(query="z=2,1,0.1&base=2")
    code = next(block.value for block in app.code if "import numpy" in block.value)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert float(printed.getvalue().split()[-1]) == pytest.approx(
        math.log2(1 + math.exp(-1) + math.exp(-1.9)), rel=1e-12
    )
