"""What the stories say: every figure is the core's, every name one that the modules know, every page within bounds."""

import json
import math
import os
import re
import subprocess
from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest
from deno import find_deno_bin

from pages.parts.batch.batch import READY
from pages.parts.page.contents import CONTENTS
from pages.parts.photos.ready import files
from pages.parts.rooms.question import read_question
from pages.parts.stage import address, component
from pages.parts.stage.example import BASES, COLUMNS, OBJECTIVES, Q1, Q2
from pages.parts.stage.story import GOALS, Choice, Number, Task
from pages.parts.training.settings import Training
from tests.pages.support import open_page
from tests.run import ROOT
from xent_core import (
    bernoulli_cross_entropy,
    categorical_cross_entropy,
    clipped_cross_entropy,
    clipped_cross_entropy_gradient,
    descend,
    entropy,
    log_odds,
    logsumexp,
    one_hot,
    routes,
    smooth_targets,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
    squared_error_gradient,
)
from xent_core import parts as parts_of
from xent_core.digits import digits
from xent_core.networks.recorded import recorded
from xent_core.photos import labelled_photos

BROWSER = ROOT / "pages/parts/browser"
ROUTES = routes((0.0, 1.0), (1.0, 0.0))
PARTS = {field.name for field in fields(parts_of((0.0, 1.0), (1.0, 0.0)))}
PAGES = [entry.name for entry in CONTENTS if entry.staged]


@cache
def drawn():
    """Each page's story and what else it names, as the page hands it to the stage; nothing is drawn."""
    kept, real = {}, component.stage
    component.stage = lambda page, story, **parts: kept.update({page: (story, parts)})
    try:
        for page in PAGES:
            open_page(f"{page}.py")
    finally:
        component.stage = real
    return kept


def story(page):
    return drawn()[page][0]


def parts(page):
    return drawn()[page][1]


def step(page, number):
    return story(page).steps[number - 1]


def numbered(kind=object):
    """(page, number) of each step, or of those that ask so."""
    return [
        (page, number)
        for page in PAGES
        for number, told in enumerate(story(page).steps, 1)
        if kind is object or isinstance(getattr(told, "ask", None), kind)
    ]


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """What the browser's modules know, and what they make of these stories."""
    folder = tmp_path_factory.mktemp("deno")
    stories = folder / "stories.json"
    stories.write_text(json.dumps({page: story(page).plain() for page in PAGES}))
    for name, (data, _) in files().items():
        (folder / name).write_bytes(data)
    script = ROOT / "tests/unit/story_texts.js"
    command = [find_deno_bin(), "run", "--quiet", "--no-config", "--no-lock", "--no-remote", "--allow-read"]
    settings = os.environ | {"DENO_DIR": str(folder), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    done = subprocess.run([*command, script, stories, folder], capture_output=True, text=True, env=settings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# Figures: what a text prints, and the core's own number


def example(page, number, begins=False):
    told = step(page, number)
    return told.begins if begins else told.shows


def q(page, number, i=0, begins=False):
    shown = example(page, number, begins)
    return softmax(shown.logits, temperature=shown.temperature)[i]


def loss(page, number, base=math.e, begins=False):
    shown = example(page, number, begins)
    return softmax_cross_entropy(shown.logits, shown.targets, temperature=shown.temperature, base=base)


def bernoulli(probabilities, base=math.e):
    return bernoulli_cross_entropy(probabilities, (1, 0, 0), base=base)


def categorical(probabilities, base=math.e):
    return categorical_cross_entropy(probabilities, (1, 0, 0), base=base)


def doubled_floor(n):
    return math.log(1 + (n - 1) / math.e)


def after(gradient, logits, steps, rate=1.0):
    targets = (1.0, 0.0, 0.0)
    return float(softmax_cross_entropy(descend(lambda z: gradient(z, targets), logits, rate, steps)[-1], targets))


def needed_rate(limit, logits, steps):
    """The least rate of two decimals by which so many steps bring the loss below the limit."""
    rates = (k / 100 for k in range(1, 1000))
    return next(r for r in rates if after(softmax_cross_entropy_gradient, logits, steps, r) < limit)


def rise_that_halves(logits):
    """By how much the first logit rises until the loss is half of what it was, up to the next hundredth."""
    half = categorical(softmax(logits)) / 2
    return next(k / 100 for k in range(1000) if categorical(softmax(np.add(logits, (k / 100, 0, 0)))) <= half)


SEED = np.log(Q1)
WRONG = np.log((0.01, 0.98, 0.01))


def share_of_worst():
    losses = READY["wrong"]().losses(math.e)
    return 100 * losses.max() / losses.sum()


def epoch_loss():
    rows = step("batches", 4).batch
    return categorical_cross_entropy(rows.probabilities, rows.targets).max()


CLOCK = 6  # among the photos


def said(network):
    """What a network says to the photos, [8, 1000]."""
    return recorded().logits[network].astype(float)


def photos_loss(network):
    return float(softmax_cross_entropy(said(network), one_hot(labelled_photos().labels, 1000)).mean())


def before_the_clock(logits):
    return (logits > logits[labelled_photos().labels[CLOCK]]).sum()


def played(number, k=0, begins=False):
    """The settings of the run that a step of Training shows, or of the k-th one beside it."""
    told = step("training", number)
    return (told.begins_training if begins else told.training).runs[k]


trained = cache(Training.run)


def after_epoch(number, name, k=0, epoch=-1, times=1.0):
    """A number of a run of Training after its last epoch, or after another."""
    return times * getattr(trained(played(number, k)), name)[epoch]


def right(number, k=0, epoch=-1):
    """Of the unseen digits the share that is read right, in per cent."""
    return after_epoch(number, "test_accuracy", k, epoch, times=100)


def of_start(number, k=0):
    return float(played(number, k).start.partition(":")[2])


# (page, step) → what is printed there → the number that it is. Where a figure is a choice of the page itself (a q that
# is shown, a bound that is set) it is read from what the page shows, so that text and picture can't part.
FIGURES = {
    ("start", 1): {"0.5": lambda: q("start", 1)},
    ("start", 2): {"0.1": lambda: q("start", 2, 1) - q("start", 1, 1), "0.5": lambda: q("start", 2)},
    ("start", 3): {"0.8": lambda: q("start", 3), "0.6931": lambda: loss("start", 2)},
    ("start", 4): {
        "1.0986": lambda: loss("start", 4),
        "2.303": lambda: math.log(10),
        "6.908": lambda: math.log(1000),
        "0.3333": lambda: q("start", 4),
        "1000": lambda: READY["photos"]().matrix.shape[1],
    },
    ("start", 5): {
        "0.98": lambda: q("start", 5, 1),
        "0.01": lambda: q("start", 5),
        "2.303": lambda: loss("start", 5) / 2,
    },
    ("start", 7): {"0.3": lambda: categorical(Q1, 10), "0.6931": lambda: categorical(Q1)},
    ("start", 8): {
        "0.5": lambda: q("start", 8),
        "0.6931": lambda: loss("start", 8),
        "0.89": lambda: rise_that_halves(example("start", 8).logits),
        "0.625": lambda: softmax((*SEED[:1], -math.inf, *SEED[2:]))[0],
    },
    ("softmax", 1): {"0.5": lambda: Q1[0], "0.2": lambda: q("softmax", 1, 1), "0.3": lambda: q("softmax", 1, 2)},
    ("softmax", 2): {"148": lambda: math.exp(example("softmax", 2).logits[0] - example("softmax", 1).logits[0])},
    ("softmax", 3): {"0.5": lambda: q("softmax", 3, begins=True)},
    ("softmax", 4): {
        "20": lambda: example("softmax", 4).temperature,
        "1.0986": lambda: math.log(3),
        "0.05": lambda: address.TEMPERATURES[0],
    },
    ("softmax", 5): {
        "1000": lambda: example("softmax", 5).logits[0],
        "999": lambda: example("softmax", 5).logits[1],
        "998": lambda: example("softmax", 5).logits[2],
        "88.72": lambda: math.log(np.finfo("float32").max),
    },
    ("softmax", 6): {
        "0.576": lambda: softmax((1, 0, 0))[0],
        "5.91": lambda: doubled_floor(1000),
        "1000": lambda: 1000,
    },
    ("softmax", 7): {
        "0.00009": lambda: categorical(softmax((10, 0, 0))),
        "0.5515": lambda: categorical(softmax(softmax((10, 0, 0)))),
        "0.5514": lambda: doubled_floor(3),
        "0.551": lambda: doubled_floor(3),
        "1.461": lambda: doubled_floor(10),
        "5.909": lambda: doubled_floor(1000),
        "1000": lambda: 1000,
    },
    ("two_forms", 2): {"0.2": lambda: q("two_forms", 2, 1)},
    ("two_forms", 3): {
        "0.1": lambda: q("two_forms", 3, 1) - q("two_forms", 3, 1, begins=True),
        "0.5": lambda: q("two_forms", 3),
        "0.3": lambda: q("two_forms", 3, 1),
        "0.2": lambda: q("two_forms", 3, 2),
        "1.3863": lambda: bernoulli((0.5, 0.5, 0)),
    },
    ("two_forms", 4): {
        "0.55": lambda: bernoulli(Q1, 10),
        "0.19": lambda: bernoulli(Q2, 10),
        "0.1884": lambda: bernoulli(Q2, 10),
        "0.8": lambda: Q2[0],
        "0.1": lambda: categorical(Q2, 10),
        "0.3": lambda: categorical(Q1, 10),
    },
    ("two_forms", 6): {
        "0.1": lambda: 3 * example("two_forms", 6).targets[1],
        "0.933": lambda: smooth_targets((1, 0, 0), 0.1)[0],
        "0.033": lambda: smooth_targets((1, 0, 0), 0.1)[2],
    },
    ("two_forms", 7): {"1.1": lambda: 1.1},  # the goal's own: tests/unit/goals.test.js
    ("clipping", 1): {"1e-10": lambda: example("clipping", 1).low},
    ("clipping", 2): {"20": lambda: clipped(2)},
    ("clipping", 3): {
        "28": lambda: -example("clipping", 3).logits[0],
        "5.1e-13": lambda: q("clipping", 3),
        "1e-10": lambda: example("clipping", 3).low,
    },
    ("clipping", 4): {
        "28.31": lambda: loss("clipping", 4),
        "13.19": lambda: after(softmax_cross_entropy_gradient, example("clipping", 4).logits, step("clipping", 4).walk),
    },
    ("clipping", 5): {
        "1e-7": lambda: example("clipping", 5).low,
        "1e-10": lambda: example("clipping", 4).low,
        "16.118": lambda: clipped(5),
    },
    ("clipping", 6): {"23.03": lambda: clipped(6)},
    ("clipping", 8): {"1e-10": lambda: example("clipping", 8).low},
    ("clipping", 9): {
        "1e-3": lambda: example("clipping", 9).low,
        "6.91": lambda: -log_odds([example("clipping", 9).low])[0],
        "6.908": lambda: -math.log(example("clipping", 9).low),
    },
    ("batches", 1): {
        "0.1990": lambda: categorical_cross_entropy((Q1, Q2), ((1, 0, 0),) * 2, base=10).mean(),
        "0.2": lambda: categorical_cross_entropy((Q1, Q2), ((1, 0, 0),) * 2, base=10).mean(),
    },
    ("batches", 3): {"95": share_of_worst, "0.2": lambda: 0.2},  # the goal's own
    ("batches", 4): {"7.6": epoch_loss},
    ("batches", 6): {"100": lambda: 100},  # PyTorch's ignore_index
    ("batches", 9): {"1000": lambda: READY["photos"]().matrix.shape[1]},
    ("gradients", 1): {
        "0.5": lambda: -pull(1)[0],
        "0.2": lambda: pull(1)[1],
        "0.3": lambda: pull(1)[2],
    },
    ("gradients", 2): {"0.6931": lambda: loss("gradients", 2)},
    ("gradients", 3): {
        "0.98": lambda: q("gradients", 3, 1),
        "0.01": lambda: q("gradients", 3),
        "0.99": lambda: -pull(3)[0],
        "0.0194": lambda: -squared_error_gradient(example("gradients", 3).logits, (1, 0, 0))[0],
        "0.02": lambda: -squared_error_gradient(example("gradients", 3).logits, (1, 0, 0))[0],
    },
    ("gradients", 4): {
        "4.6052": lambda: loss("gradients", 4),
        "4.01": lambda: after(squared_error_gradient, WRONG, step("gradients", 4).walk),
        "0.0736": lambda: after(softmax_cross_entropy_gradient, WRONG, step("gradients", 4).walk),
        "0.07": lambda: after(softmax_cross_entropy_gradient, WRONG, step("gradients", 4).walk),
        "2.3": lambda: loss("gradients", 4) / 2,
    },
    ("gradients", 5): {
        "28": lambda: -example("gradients", 5).logits[0],
        "1e-10": lambda: example("gradients", 5).low,
    },
    ("gradients", 6): {
        "0.05": lambda: q("gradients", 6),
        "0.8": lambda: q("gradients", 6, 1),
        "0.15": lambda: q("gradients", 6, 2),
    },
    ("gradients", 7): {"0.25": lambda: -pull(7)[0]},
    ("gradients", 8): {
        "3.5": lambda: 3.5,  # the goal's own
        "0.05": lambda: 0.05,  # the goal's own
        "3.37": lambda: needed_rate(0.05, WRONG, 3),
        "0.7": lambda: 0.7,  # a proposal
        "0.2": lambda: 0.2,
        "0.1": lambda: 0.1,
    },
    ("thousand_classes", 1): {
        "0.001": lambda: softmax(said("alexnet_untrained")).max(),
        "6.9078": lambda: math.log(1000),
        "1000": lambda: said("alexnet_untrained").shape[1],
    },
    ("thousand_classes", 2): {"1.2693": lambda: photos_loss("efficientnet_lite0")},
    ("thousand_classes", 3): {
        "4.6": lambda: said("alexnet_he_untrained").std(),
        "16.5": lambda: photos_loss("alexnet_he_untrained"),
        "16.46": lambda: photos_loss("alexnet_he_untrained"),
        "6.9": lambda: math.log(1000),
    },
    ("thousand_classes", 4): {
        "50": lambda: 50,  # a name
        "48.53": lambda: photos_loss("resnet50_eval_untrained"),
        "23.03": lambda: -math.log(1e-10),
        "1e-10": lambda: 1e-10,
    },
    ("thousand_classes", 5): {
        "999": lambda: 1000 - 1,
        "9.7": lambda: logsumexp(np.delete(said("efficientnet_lite0")[CLOCK], labelled_photos().labels[CLOCK])),
    },
    ("thousand_classes", 7): {"100": lambda: step("thousand_classes", 7).photo.taught[3]},
    ("thousand_classes", 8): {
        "1000": lambda: said("squeezenet_1_1").shape[1],
        "6.9078": lambda: math.log(1000),
        "9.90": lambda: loss("thousand_classes", 8),
        "132": lambda: before_the_clock(said("squeezenet_1_1")[CLOCK]),
    },
    ("training", 1): {
        "64": lambda: digits()[0].pixels.shape[1],
        "1437": lambda: len(digits()[0].labels),
        "360": lambda: len(digits()[1].labels),
        "2.3026": lambda: after_epoch(1, "train_loss", epoch=0),
        "100": lambda: played(1).epochs,
        "98.3": lambda: right(1),
    },
    ("training", 2): {
        "10.8": lambda: right(2),
        "97.5": lambda: right(2, 1),
        "20": lambda: played(2).epochs,
    },
    ("training", 3): {
        "98.6": lambda: right(3),
        "98.3": lambda: right(3, 1),
        "100": lambda: played(3).epochs,
    },
    ("training", 4): {
        "1e-10": lambda: address.Example.low,
        "23.1": lambda: of_start(4),
        "23.0": lambda: of_start(4, 1),
        "23.03": lambda: -math.log(1e-10),
        "97.5": lambda: right(4, 1),
        "90.3": lambda: after_epoch(4, "stuck", times=100),
    },
    ("training", 5): {
        "100": lambda: played(5).epochs,
        "96.4": lambda: right(5, 2),
        "98.3": lambda: right(5, 1),
    },
    ("training", 6): {
        "1.51": lambda: after_epoch(6, "train_loss"),
        "1.4612": lambda: doubled_floor(10),
        "97.8": lambda: right(6),
        "76": lambda: right(6, epoch=5),
        "94": lambda: right(6, 1, epoch=5),
    },
    ("training", 7): {
        "600": lambda: played(7).epochs,
        "172": lambda: np.argmin(trained(played(7)).test_loss),
        "0.0544": lambda: np.min(trained(played(7)).test_loss),
        "0.0674": lambda: after_epoch(7, "test_loss"),
        "97.8": lambda: right(7, epoch=172),
        "97.5": lambda: right(7),
    },
    ("training", 8): {
        "20": lambda: played(8).epochs,
        "97": lambda: 97,  # the goal's own: tests/unit/training.test.js
    },
}


def clipped(number):
    shown = example("clipping", number)
    return clipped_cross_entropy(softmax(shown.logits), shown.targets, shown.low, shown.high)


def pull(number):
    shown = example("gradients", number)
    return softmax_cross_entropy_gradient(shown.logits, shown.targets, temperature=shown.temperature)


FIGURE = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?(?:e-\d+)?(?![\d.]*\d)")


def texts_of(told):
    """All that a step says by itself; what it leaves to the browser to fill in is not printed by it."""
    plain = told.plain()
    ask = plain["ask"] or {}
    choices = [text for choice in ask.get("choices", []) for text in choice.values()]
    said = [plain["title"], plain["text"], plain.get("why", ""), plain.get("todo", ""), ask.get("question", "")]
    return [re.sub(r"\{[^}]*\}|`[^`]*`", " ", text) for text in [*said, ask.get("why", ""), *choices]]


def figures_of(told):
    """What needs an account: decimals, powers of ten, and numbers from 20 on."""
    found = {figure for text in texts_of(told) for figure in FIGURE.findall(text)}
    return {figure for figure in found if "." in figure or "e" in figure or int(figure) >= 20}


@pytest.mark.parametrize(("page", "number"), numbered())
def test_every_figure_of_a_story_is_accounted_for(page, number):
    assert figures_of(step(page, number)) <= FIGURES.get((page, number), {}).keys()


@pytest.mark.parametrize(
    ("page", "number", "figure"), [(*where, figure) for where, figures in FIGURES.items() for figure in figures]
)
def test_a_figure_is_what_the_core_computes(page, number, figure):
    value = float(FIGURES[page, number][figure]())
    mantissa = figure.split("e")[0]
    digits = len(mantissa.partition(".")[2])
    assert float(f"{value:.{digits}{'e' if 'e' in figure else 'f'}}") == float(figure)


def test_figures_are_found_in_a_text():
    assert FIGURE.findall("−0.5, (0.1, 5.1e-13) 148-fold; 16.118. float32 1e-10 95 % q1") == [
        "0.5",
        "0.1",
        "5.1e-13",
        "148",
        "16.118",
        "1e-10",
        "95",
    ]


# Questions: the right answer is written first


def same(page, number, compute):
    return compute(example(page, number, begins=True).logits) == pytest.approx(compute(example(page, number).logits))


def clipped_gradient(number):
    shown = example("clipping", number)
    return clipped_cross_entropy_gradient(shown.logits, shown.targets, shown.low, shown.high)


def discarded(number):
    shown = example("clipping", number)
    return routes(shown.logits, shown.targets, shown.low, shown.high)["discarded"].categorical


def mean(rows):
    return categorical_cross_entropy(rows.probabilities, rows.targets).mean()


def both_forms(logits):
    return np.array([categorical(softmax(logits)), bernoulli(softmax(logits))])


RIGHT = {
    ("start", 2): ("It stays", lambda: same("start", 2, lambda z: categorical(softmax(z)))),
    ("start", 4): ("1.0986", lambda: round(float(loss("start", 4)), 4) == 1.0986),
    ("softmax", 2): ("Nothing", lambda: same("softmax", 2, softmax)),
    ("softmax", 3): ("It grows", lambda: q("softmax", 3) > q("softmax", 3, begins=True)),
    ("two_forms", 3): ("Neither", lambda: same("two_forms", 3, both_forms)),
    ("two_forms", 5): (
        "2, always",
        lambda: all(
            bernoulli_cross_entropy((q, 1 - q), (1, 0))
            == pytest.approx(2 * categorical_cross_entropy((q, 1 - q), (1, 0)))
            for q in (0.01, 0.4, 0.6, 0.7, 0.99)
        ),
    ),
    ("clipping", 3): ("0", lambda: not clipped_gradient(3).any()),
    ("clipping", 6): ("∞", lambda: discarded(6) == math.inf),
    ("batches", 2): ("A third", lambda: len(step("batches", 2).batch.names) == 3),
    ("batches", 4): ("Yes", lambda: mean(step("batches", 4).batch) > mean(step("batches", 4).begins_batch)),
    ("gradients", 3): (
        "Cross-entropy",
        lambda: abs(pull(3)[0]) > 10 * abs(squared_error_gradient(example("gradients", 3).logits, (1, 0, 0))[0]),
    ),
    ("thousand_classes", 3): ("About 16.5", lambda: round(photos_loss("alexnet_he_untrained"), 1) == 16.5),
    ("thousand_classes", 8): ("More than 6.9078", lambda: loss("thousand_classes", 8) > math.log(1000)),
    ("gradients", 4): ("4.01", lambda: round(after(squared_error_gradient, WRONG, 10), 2) == 4.01),
    ("training", 2): ("Still at 10.8", lambda: right(2) == right(2, epoch=0) and played(2).loss == "squared_error"),
    ("training", 4): ("From 23.0", lambda: right(4) == right(4, epoch=0) and right(4, 1) > 97 and of_start(4, 1) == 23),
}


@pytest.mark.parametrize(("page", "number"), numbered(Choice))
def test_the_choice_that_is_written_first_is_right(page, number):
    text, holds = RIGHT[page, number]
    assert next(iter(step(page, number).ask.choices)).startswith(text)
    assert holds()


@pytest.mark.parametrize(("page", "number"), numbered((Choice, Number)))
def test_a_class_can_vote_on_every_question(page, number):
    ask = step(page, number).ask
    given = {"choices": list(ask.choices)} if isinstance(ask, Choice) else {"range": list(ask.range)}
    assert len(read_question(given).choices) == len(given.get("choices", ()))


@pytest.mark.parametrize(("page", "number"), numbered(Number))
def test_a_number_asked_for_is_within_reach_and_not_given_away(modules, page, number):
    ask, truth = step(page, number).ask, modules["texts"][page][number - 1]["truth"]
    low, high = ask.range
    assert low <= truth <= high
    assert low <= ask.start <= high
    assert abs(ask.start - truth) > 0.05 * (high - low)


# Shape


@pytest.mark.parametrize("page", PAGES)
def test_a_story_has_5_to_9_steps_of_which_2_or_3_ask(page):
    steps = story(page).steps
    assert 5 <= len(steps) <= 9
    assert 2 <= sum(bool(getattr(told, "ask", None)) for told in steps) <= 3


@pytest.mark.parametrize("page", PAGES)
def test_the_last_step_is_a_task_where_the_page_has_one_to_end_with(page):
    tasks = [isinstance(told, Task) for told in story(page).steps]
    assert sum(tasks) == 1
    assert tasks[-1] or page in ("batches", "thousand_classes")


def words(text):
    return len(re.findall(r"[^\s]*\w[^\s]*", text))


@pytest.mark.parametrize(("page", "number"), numbered())
def test_a_step_says_what_it_says_in_45_words(modules, page, number):
    told = modules["texts"][page][number - 1]
    for text in [told["text"], *told["whys"]]:
        assert words(text) <= 45, text


@pytest.mark.parametrize(("page", "number"), numbered())
def test_every_number_that_a_text_leaves_to_the_browser_is_one(modules, page, number):
    told, plain = modules["texts"][page][number - 1], json.dumps(step(page, number).plain())
    for text in [told["text"], *told["whys"]]:
        assert not re.search(r"[{}]|undefined|NaN", text), text
    of_example = {*COLUMNS, *ROUTES, *PARTS, "doubled"}
    known = NUMBERS.get(page, of_example)
    assert {name for _, name in re.findall(r"\{(begins\.)?([a-z_]+)[^}\"]*\}", plain)} <= known


@pytest.mark.parametrize(("page", "number"), numbered())
def test_a_step_that_asks_has_something_to_begin_with_and_plays_in_one_piece(page, number):
    told = step(page, number)
    if not getattr(told, "ask", None):
        return
    assert told.begins is not None
    assert (told.begins_batch is None) == (told.batch is None)
    assert (told.begins_training is None) == (told.training is None)
    assert isinstance(told.ask, Number) or 2 <= len(told.ask.choices) <= 3
    assert len(told.begins.logits) == len(told.shows.logits), "motion would be a jump"


@pytest.mark.parametrize("page", PAGES)
def test_what_a_story_holds_back_has_a_teaser_and_a_step_that_asks_for_it(page):
    told = story(page)
    assert bool(told.held_back) == bool(told.short_held_back) == bool(told.teaser) == bool(told.until)
    if told.until:
        assert step(page, told.until).ask


def test_no_task_is_done_before_a_hand_has_begun(modules):
    assert not any(told["done"] for texts in modules["texts"].values() for told in texts)


# Names: a typo in a page fails here, and not in a browser


def keys(file, name):
    """The keys of an object of constants that a module keeps to itself."""
    text = re.sub(r"//.*|\"[^\"]*\"|`[^`]*`|/[^/\n]+/g", "", (BROWSER / file).read_text(encoding="utf-8"))
    body = re.search(rf"const {name} = (\{{.*?\n?\}});", text, re.DOTALL)[1]
    return set(re.findall(r"[{,]\s*(\w+)\s*(?=[:,}])", body))


NUMBERS = {
    "batches": keys("batch/numbers.js", "WORDS"),
    "training": keys("training/numbers.js", "WORDS"),
}


@pytest.mark.parametrize("page", PAGES)
def test_every_part_that_a_page_names_is_in_the_modules(modules, page):
    names, drawn_parts = modules["names"], parts(page)
    assert set(drawn_parts["columns"]) <= set(names["columns"])
    assert set(drawn_parts["charts"]) <= set(names["charts"])
    assert set(drawn_parts["controls"]) <= set(names["controls"])
    assert drawn_parts.get("remark", "") in {"", *names["remarks"]}
    assert drawn_parts.get("beside", "") in {"", *keys("stage.js", "BESIDE")}
    known = NUMBERS.get(page, keys("table/losses.js", "WORDS"))
    assert set(drawn_parts["losses"]) <= known
    assert story(page).axis in {"", *keys("screen/hands.js", "AXES")}
    assert story(page).formula in {"", "logits"}


@pytest.mark.parametrize(("page", "number"), numbered())
def test_every_part_that_a_step_names_is_in_the_modules(modules, page, number):
    told, names = step(page, number), modules["names"]
    shown = {*(told.charts or parts(page)["charts"]), parts(page).get("beside", "")}
    assert set(told.charts) <= set(names["charts"])
    assert told.look in {"", *shown}
    if isinstance(told, Task):
        assert told.goal in names["goals"]
        return
    if page == "batches":
        assert set(told.losses) <= NUMBERS[page]
    if isinstance(told.ask, Number):
        assert told.ask.chart in {"", *shown}


def test_every_picture_has_a_word_for_its_tab(modules):
    assert keys("screen/tabs.js", "WORDS") >= {*modules["names"]["charts"], *keys("stage.js", "BESIDE")}


def test_columns_are_the_same_in_the_same_order_here_and_there(modules):
    assert modules["names"]["columns"] == list(COLUMNS)


def test_goals_objectives_bases_and_limits_are_the_same_here_and_there(modules):
    names, limits = modules["names"], modules["limits"]
    assert sorted(names["goals"]) == sorted(GOALS)
    assert names["objectives"] == list(OBJECTIVES)
    assert sorted(names["bases"]) == sorted(BASES)
    assert limits == {
        "logit": address.LOGIT_LIMIT,
        "temperature": list(address.TEMPERATURES),
        "rate": list(address.RATES),
        "name": address.NAME_LENGTH,
        "classes": address.MAXIMUM_CLASSES,
    }


def test_every_way_a_setting_is_written_is_known_in_the_browser():
    apart = {"batch", "photo", "played"}  # written by batch/edits.js, photos/address.js and training/settings.js
    written = {setting.written for setting in address.SETTINGS if setting.record not in apart}
    assert written <= keys("example/address.js", "WRITERS")


def test_keys_of_a_module_are_read_off_its_text():
    assert keys("stage.js", "BESIDE") == {"routes", "worst"}
    assert keys("table/losses.js", "WORDS") == {"categorical", "bernoulli", "clipped", "doubled"}
    assert {"mean", "accuracy", "weighted_rows"} <= keys("batch/numbers.js", "WORDS")


# What the texts say in words


def test_the_batches_hold_what_their_texts_say_in_words():
    before, after_it = step("batches", 4).begins_batch, step("batches", 4).batch
    right = [sum(np.argmax(b.probabilities, 1) == np.argmax(b.targets, 1)) for b in (before, after_it)]
    assert right == [2, 5]
    wrong, photos = READY["wrong"](), READY["photos"]()
    assert (len(wrong.matrix), wrong.right) == (6, 5)
    assert int(np.argmax(wrong.losses(math.e))) == 4
    assert (len(photos.matrix), photos.right) == (8, 5)


def test_what_the_steps_of_training_say_in_words_holds():
    assert trained(played(5)).weights.tobytes() == trained(played(5, 1)).weights.tobytes()
    assert [played(5, k).rate for k in (0, 1, 2)] == [5, 0.5, 0.5]
    assert after_epoch(2, "train_cross_entropy", epoch=0) == after_epoch(2, "train_cross_entropy", 1, epoch=0)
    assert (played(7).rate, played(7).epochs) == (2, 600)
    known, test = trained(played(7)), digits()[1]
    lowest, last = (
        softmax_cross_entropy(test.pixels @ known.weights[k] + known.biases[k], np.eye(10)[test.labels])
        for k in (172, 600)
    )
    assert last.max() > 1.2 * lowest.max()
    zeros = digits()[0].labels == 0
    assert after_epoch(4, "stuck") == pytest.approx(1 - zeros.mean())
    assert after_epoch(4, "stuck", 1) == 0


@pytest.mark.parametrize(
    ("changes", "solves"),
    [
        ({}, False),
        ({"loss": "cross_entropy"}, True),
        ({"loss": "bernoulli"}, True),
        ({"rate": 5.0}, True),
        ({"start": "zero"}, False),
    ],
)
def test_the_task_of_training_is_solved_by_what_its_answer_names(changes, solves):
    run = replace(played(8), **changes)
    assert (trained(run).test_accuracy[run.epochs] >= 0.97) == solves


def test_the_page_of_two_forms_names_the_floors_that_its_step_shows():
    p = example("two_forms", 6).targets
    assert softmax(example("two_forms", 6).logits) == pytest.approx(p)
    assert entropy(p) == pytest.approx(0.2911, abs=5e-5)


def test_the_bound_that_keras_clips_at_is_its_own():
    assert example("clipping", 5).low == 1e-7  # keras.config.epsilon()
