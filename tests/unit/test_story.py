"""A story as data: what a page writes goes down as JSON, and comes out as it was meant."""

import json
import math

import pytest

from pages.parts.stage.example import DEFAULT_NAMES, Example
from pages.parts.stage.story import GOALS, Choice, Number, Step, Story, Task, plain_example, shows

PLAIN = Step("a", "b", shows((0.5, 0.5)))
TASK = Task("a", "b", shows((0.5, 0.5)), goal=GOALS[0], why="c")


def test_a_step_shows_probabilities_as_their_logits_and_wants_the_first_class():
    assert shows((0.5, 0, 0.5)) == Example(logits=(math.log(0.5), -math.inf, math.log(0.5)))
    assert shows((0.25,) * 4).names == DEFAULT_NAMES[:4]
    assert shows((0.25,) * 4).targets == (1, 0, 0, 0)


def test_a_step_shows_logits_targets_and_settings_as_given():
    shown = shows(z=(1, 2), p=(0.5, 0.5), base="2", low=1e-7)
    assert shown == Example(("cat", "dog"), (1.0, 2.0), (0.5, 0.5), base="2", low=1e-7)
    assert all(isinstance(value, float) for value in (*shown.logits, *shown.targets))


def test_an_example_goes_down_as_json_and_comes_back_with_its_minus_infinity():
    example = Example(logits=(0.1 + 0.2, -math.inf, -1e-7))
    sent = json.loads(json.dumps(plain_example(example), allow_nan=False))
    assert tuple(map(float, sent["logits"])) == example.logits
    assert {**sent, "logits": 0} == {**json.loads(json.dumps(vars(example))), "logits": 0}


def test_every_step_and_task_sends_the_same_fields_so_that_none_is_undefined():
    task_alone = {"goal", "why", "todo"}
    assert TASK.plain().keys() - task_alone | {"losses"} == PLAIN.plain().keys()


def test_a_choice_sends_its_answers_in_the_order_written():
    plain = Choice("?", {"x": "because", "y": "but"}).plain()
    assert plain["choices"] == [{"text": "x", "why": "because"}, {"text": "y", "why": "but"}]
    assert plain["kind"] == "choice"


@pytest.mark.parametrize(("chart", "kind"), [("", "number"), ("cost", "marker")])
def test_a_number_with_a_chart_is_a_marker_too(chart, kind):
    plain = Number("?", "categorical", 1.0, (0, 6), "w", chart=chart).plain()
    assert (plain["kind"], plain["range"], plain["quantity"]) == (kind, (0, 6), "categorical")


def test_a_task_whose_goal_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="goal is 'world peace': expected one of halved_by_one_slider, "):
        Task("a", "b", shows((0.5, 0.5)), goal="world peace", why="c")


def test_a_story_goes_down_as_json():
    story = Story("t", "s", (PLAIN, TASK), reveal=-22)
    sent = json.loads(json.dumps(story.plain(), allow_nan=False))
    assert [step["title"] for step in sent["steps"]] == ["a", "a"]
    assert (sent["reveal"], sent["batches"]) == (-22, False)
