"""The lesson sheet: its links, questions, answers and figures are those of the stories."""

import re
from html import unescape

import pytest

from pages.parts.page.contents import CONTENTS
from pages.parts.page.shell import LESSON
from pages.parts.stage.story import Choice, Number, Task
from tests.unit.test_shell import ask
from tests.unit.test_stories import step
from xent_core import clipped_cross_entropy, softmax, softmax_cross_entropy

TEXT = LESSON.read_text(encoding="utf-8")
PAGES = {entry.path: entry for entry in CONTENTS}
LINK = re.compile(r'<a href="\./([a-z-]*)\?step=(\d+)&present=1">(.*?) (\d+): (.*)</a>')
LOSSES = {
    "categorical": lambda z, p, _: softmax_cross_entropy(z, p),
    "doubled": lambda z, p, _: softmax_cross_entropy(softmax(z), p),
    "clipped": lambda z, p, low: clipped_cross_entropy(softmax(z), p, low=low),
}


def rows(lesson):
    body = TEXT.partition(f'<table id="{lesson}">')[2].partition("</table>")[0]
    return [re.findall("<td>(.*?)</td>", unescape(row)) for row in body.split("<tr>")[2:]]


ROWS = [*rows("minutes-20"), *rows("minutes-45")]


def told(row):
    """The step that a row is about."""
    path, number, _, _, _ = LINK.fullmatch(row[1]).groups()
    return step(PAGES[path].name, int(number))


def figures(text):
    return set(re.findall(r"(?<![\w.])[−]?\d+(?:\.\d+)?(?:e-\d+)?", text))


def words(one):
    """All that a step says, its answer and its numbers among it."""
    texts = [one.title, one.text]
    if isinstance(one, Task):
        texts += [one.why, one.todo]
    elif isinstance(one.ask, Choice):
        texts += [one.ask.question, *one.ask.choices, *one.ask.choices.values()]
    elif isinstance(one.ask, Number):
        texts += [one.ask.question, one.ask.why, answer(one)]
    return " ".join(texts)


def answer(one):
    example = one.shows
    return f"{float(LOSSES[one.ask.quantity](example.logits, example.targets, example.low)):.4f}"


@pytest.mark.parametrize("minutes", [20, 45])
def test_a_lesson_takes_its_minutes(minutes):
    assert sum(int(row[0]) for row in rows(f"minutes-{minutes}")) == minutes


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1][9:40])
def test_a_row_leads_to_its_step_in_the_projector_view_by_its_name(row):
    path, number, page, same, title = LINK.fullmatch(row[1]).groups()
    assert (page, same) == (PAGES[path].title, number)
    assert title == told(row).title


@pytest.mark.parametrize("row", [row for row in ROWS if getattr(told(row), "ask", None)], ids=lambda row: row[2])
def test_a_question_that_a_step_asks_is_asked_in_its_words_and_has_its_answer(row):
    ask = told(row).ask
    asked = re.sub(r":\w+\[(.*?)\]", r"\1", ask.question).partition("? ")[0].rstrip("?") + "?"
    assert row[2] == asked
    assert row[3] == (next(iter(ask.choices)) if isinstance(ask, Choice) else answer(told(row)))
    quoted = re.findall("“(.*?)”", row[4])
    if isinstance(ask, Choice):
        assert quoted
        assert set(quoted) <= set(list(ask.choices)[1:])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[5])
def test_every_figure_is_one_of_its_step(row):
    own = figures(words(told(row)).replace("ten", "10"))
    # What any reader knows: the ends of a probability and of the loss, and how a loss of 1 ⁄ q would come to 100.
    known = {"0", "1", "100", "1000", "2"}
    assert figures(f"{row[3]} {row[5]}") <= own | known, figures(f"{row[3]} {row[5]}") - own
    assert figures(row[4]) <= own | known | {"23.03"}, figures(row[4]) - own


def test_the_lessons_have_an_address_of_their_own():
    answer = ask("a/b", "lesson")
    assert answer.text == TEXT
    assert not re.search(r"""(?:href|src)=["'](?:/|https?:)""", TEXT)
