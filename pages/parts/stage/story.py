"""A story as a page writes it: steps with what each shows, what it asks, and what is to be done by hand.

Texts are plain, with `:q[…]`, `:p[…]`, `:loss[…]` and `:gradient[…]` for a symbol in the colour of its quantity, and
`**…**` and backticks; `{categorical}`, `{probability.0}` or `{fused.gradient}` stand for that number of the example
shown, and `{begins.…}` for that of the one before. The browser computes them.
"""

from dataclasses import dataclass
from typing import Any

from pages.parts.stage.example import DEFAULT_NAMES, Example, logits_of
from pages.parts.stage.photo import Shown
from pages.parts.stage.rows import Rows
from pages.parts.training.settings import Played

GOALS = (
    "halved_by_one_slider",
    "logit_pushed_to_10",
    "forms_almost_equal",
    "gradient_is_dead",
    "below_in_three_steps",
    "batch_put_right",
    "likelier_than_all_others",
    "learns_in_20_epochs",
)


def shows(
    q: tuple[float, ...] = (), *, z: tuple[float, ...] = (), p: tuple[float, ...] = (), **settings: Any
) -> Example:
    """The example of a step: its probabilities `q` or logits `z`, its targets `p` (by default all on the first class),
    and other fields of the example by name.
    """
    logits = tuple(map(float, z)) or logits_of(q)
    targets = tuple(map(float, p)) or tuple(float(i == 0) for i in range(len(logits)))
    return Example(names=DEFAULT_NAMES[: len(logits)], logits=logits, targets=targets, **settings)


@dataclass(frozen=True)
class Choice:
    """A question with a few answers, each with its reason: the right one first (it is shown elsewhere)."""

    question: str
    choices: dict[str, str]

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        choices = [{"text": text, "why": why} for text, why in self.choices.items()]
        return {"kind": "choice", "question": self.question, "choices": choices}


@dataclass(frozen=True)
class Number:
    """A question whose answer is typed: the `quantity` of what the step shows, such as "categorical" or "twice.0".

    With a `chart` it is also dragged there, as a marker at the place where the step will put the point.
    """

    question: str
    quantity: str
    start: float
    range: tuple[float, float]
    why: str
    chart: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "marker" if self.chart else "number", **vars(self)}


@dataclass(frozen=True)
class Step:
    """One state of the story: what it says, and what it `shows`.

    With a question (`ask`) it waits on `begins` until the answer plays what it shows. `reveal` is how far to the left
    the curves are drawn from here on; `look` the picture that a phone shows; `charts` the pictures in place of the
    page's own; `walk` lets each loss take that many steps downhill from what the step shows. On a page of batches it
    shows a `batch`, and the numbers called `losses` in place of the page's own; on a page of photos a `photo`, on the
    page of training a `training`.
    """

    title: str
    text: str
    shows: Example
    begins: Example | None = None
    ask: Choice | Number | None = None
    reveal: float | None = None
    look: str = ""
    charts: tuple[str, ...] = ()
    walk: int = 0
    batch: Rows | None = None
    begins_batch: Rows | None = None
    losses: tuple[str, ...] = ()
    photo: Shown | None = None
    begins_photo: Shown | None = None
    training: Played | None = None
    begins_training: Played | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "title": self.title,
            "text": self.text,
            "shows": plain_example(self.shows),
            "begins": plain_example(self.begins) if self.begins else None,
            "ask": self.ask.plain() if self.ask else None,
            "reveal": self.reveal,
            "look": self.look,
            "charts": self.charts or None,
            "walk": self.walk,
            "batch": self.batch.plain() if self.batch else None,
            "begins_batch": self.begins_batch.plain() if self.begins_batch else None,
            "losses": self.losses or None,
            "photo": self.photo.plain() if self.photo else None,
            "begins_photo": self.begins_photo.plain() if self.begins_photo else None,
            "training": self.training.plain() if self.training else None,
            "begins_training": self.begins_training.plain() if self.begins_training else None,
        }


@dataclass(frozen=True)
class Task:
    """Something to be done by hand, from what it `shows`: `goal` (of GOALS) decides when, then `why` is said."""

    title: str
    text: str
    shows: Example
    goal: str
    why: str
    todo: str = "By hand: a slider, a number, or the point on the curve."
    look: str = ""
    charts: tuple[str, ...] = ()
    batch: Rows | None = None
    photo: Shown | None = None
    training: Played | None = None

    def __post_init__(self) -> None:
        """A goal that nobody knows would never be reached."""
        if self.goal not in GOALS:
            raise ValueError(f"goal is {self.goal!r}: expected one of {', '.join(GOALS)}")

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **vars(self),
            "shows": plain_example(self.shows),
            "begins": None,
            "ask": None,
            "reveal": None,
            "charts": self.charts or None,
            "walk": 0,
            "batch": self.batch.plain() if self.batch else None,
            "begins_batch": None,
            "losses": None,
            "photo": self.photo.plain() if self.photo else None,
            "begins_photo": None,
            "training": self.training.plain() if self.training else None,
            "begins_training": None,
        }


@dataclass(frozen=True)
class Story:
    """A page's claim and its steps; `short` is the claim on a phone.

    `held_back` is the second half of the title, where that would answer a question: until step `until` is revealed the
    `teaser` stands in its place, and on a phone `short` in place of `short_held_back`. The curves are drawn from
    `reveal` on at first; `axis` is what they stand on.
    """

    title: str
    short: str
    steps: tuple[Step | Task, ...]
    held_back: str = ""
    short_held_back: str = ""
    teaser: str = ""
    until: int = 0
    axis: str = ""
    reveal: float | None = None
    formula: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON; `batches`, `photos` and `trains` say what its steps show."""
        kinds = {"batches": "batch", "photos": "photo", "trains": "training"}
        shown = {name: any(getattr(step, field) for step in self.steps) for name, field in kinds.items()}
        return {**vars(self), "steps": [_without_gaps(step.plain()) for step in self.steps], **shown}


def _without_gaps(step: dict[str, Any]) -> dict[str, Any]:
    """What a step has: what it has not need not go down in every run."""
    return {name: value for name, value in step.items() if value is not None}


def plain_example(example: Example) -> dict[str, Any]:
    """The example as JSON can hold it: logits as text, for JSON has no -inf."""
    return {**vars(example), "logits": [str(logit) for logit in example.logits]}
