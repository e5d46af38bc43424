"""The Frameworks page: one input through every library's loss, told as the core computes it."""

import json
import math
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from pages.parts.batch.batch import ReadyBatch
from pages.parts.batch.table import Table
from pages.parts.drawing.numbers import shown
from pages.parts.frameworks.comparison import ENTRIES, OLDER, PRESETS, lines, of_batch, of_example
from pages.parts.frameworks.route import answer_to, respond
from pages.parts.frameworks.rows import formulas
from pages.parts.stage.address import TEMPERATURES
from pages.parts.stage.example import PRECISIONS, Example
from tests.pages.support import example, open_page, press, unfold, words
from xent_core import entropy, softmax, softmax_cross_entropy
from xent_core.conventions import CONVENTIONS, NEWEST, compare

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/golden.json").read_text(encoding="utf-8"))
IDS = {f"call-{id.replace('.', '-')}": id for id in CONVENTIONS}
FIGURES = ("loss", "difference", "bar", "badge", "why", "words", "slopes", "due", "differing")
SOURCES = ["example", "batch", *PRESETS]
FUSED = ("tf_softmax_xent", "keras_categorical_logits")


@dataclass
class Row:
    """What stands in one row once the browser has put its figures in: its summary, and the facts that it opens to."""

    figures: dict
    call: str
    facts: dict[str, str]

    @property
    def loss(self):
        return self.figures["loss"]

    @property
    def difference(self):
        return self.figures["difference"]

    @property
    def summary(self):
        return " ".join([self.call, self.figures["badge"], self.figures["why"]])


def text_of(html):
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def find(pattern, html):
    return text_of(re.search(pattern, html, re.DOTALL)[1])


def markup(app):
    return next((element.value for element in app.markdown if element.allow_html), "")


def answer(app):
    """What goes into the rows: what was sent, or what the browser asks for of the example."""
    return sent(app)["answer"] or answer_to(example(app))


def sent(app):
    """What the page sends to the browser's modules."""
    return json.loads(app.get("bidi_component")[0].proto.bytes)


def rows(app):
    """The rows on screen by the ids of their conventions."""
    told = answer(app)
    found, figures = {}, dict(told["figures"])
    for html in re.findall(r"<details(?! hidden).*?</details>", markup(app), re.DOTALL):
        name = re.match(r'<details class="(\S+)', html)[1]
        if name not in figures:
            continue
        row = dict(zip(FIGURES, figures.pop(name), strict=True))
        facts = {text_of(name): text_of(fact) for name, fact in re.findall("<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", html)}
        facts[f"Gradient by {told['sign']}"] = " ".join([row["words"], *row["slopes"], *row["due"]]).strip()
        found[IDS[name]] = Row(row, find("<summary>(.*?)</summary>", html), facts)
    assert not figures  # each has its row
    return found


def newest(app):
    """Those that are on screen unless an older release is asked for."""
    return {id: row for id, row in rows(app).items() if not CONVENTIONS[id].until}


def given_to(app, source):
    """The input that the calls of the page were given."""
    if source in PRESETS:
        return PRESETS[source].given
    return of_example(example(app)) if source == "example" else app.session_state.given[1]


def open_frameworks(source="example", query=""):
    app = open_page("frameworks.py", query)
    return choose(app, "Input", source)


def choose(app, label, option):
    next(control for control in app.segmented_control if control.label == label).set_value(option).run()
    assert not app.exception
    return app


def golden(case, key, row):
    """What a library computed for one row of a case, as `shown`; its mean if it gives a number for each entry."""
    results = next(case_of["results"] for case_of in GOLDEN if case_of["name"] == case)
    value = np.array(results[key][row], float)
    return shown(float(value.mean()))


# Every row


@pytest.mark.parametrize("source", SOURCES)
def test_every_call_that_the_input_fits_stands_there_once_with_what_it_returns(source):
    app = open_frameworks(source, "z=2,1,-0.5&p=0.2,0.5,0.3")
    input_ = given_to(app, source).batch
    expected = compare(input_.predictions, input_.targets, input_.kind, CONVENTIONS.values())
    found = rows(app)
    assert {id: row.loss for id, row in found.items()} == {one.convention.id: shown(one.loss) for one in expected}
    assert len(re.findall("<details", markup(app))) == len(CONVENTIONS)  # each has its place, though it be empty
    for one in expected:
        row = found[one.convention.id]
        assert one.why in row.summary or one.difference == 0
        assert row.difference == ("+" * (one.difference > 0) + shown(one.difference) if one.difference else "equal")
        assert row.facts["Note"] == one.convention.note
        assert row.facts["Source"] == f"{one.convention.version}, {one.convention.source}"
        assert row.facts.get("Instead", "") == one.convention.fix


@pytest.mark.parametrize("source", SOURCES)
def test_calls_that_do_not_fit_are_only_counted_with_the_reason(source):
    app = open_frameworks(source, "z=2,1,-0.5&p=0.2,0.5,0.3")
    text = " ".join(answer(app)["left_out"])
    counted = sum(int(count) for count in re.findall(r"(\d+) calls? (?:are|is) left out", text))
    assert len(newest(app)) + counted == len(NEWEST)
    assert ("for want of labels" in text) == (source in ("example", "soft", "multi-hot"))
    assert ("for want of logits" in text) == (source in ("batch", "zero", "sum"))


def test_the_number_of_different_numbers_is_that_on_screen():
    app = open_frameworks()
    found = newest(app).values()
    different = len({row.loss for row in found})
    assert (answer(app)["calls"], answer(app)["different"]) == (len(found), different)


# The presets


@pytest.mark.parametrize(
    ("id", "key"),
    [
        ("torch_nll_of_log", "torch_nll_of_log.none"),
        ("tf_softmax_xent.of_log", "tf_softmax_xent.of_log.none"),
        ("keras_categorical_probs", "keras_categorical_probs.none"),
        ("tf1_manual_clip_persample", "tf1_manual_clip_persample.none"),
        ("torch_bce", "torch_bce.none"),
    ],
)
def test_a_zero_gives_what_the_libraries_gave(id, key):
    assert rows(open_frameworks("zero"))[id].loss == golden("probs_exact_0_1_float64", key, 1)


def test_a_zero_gives_infinity_nan_every_ceiling_and_dead_gradients():
    found = rows(open_frameworks("zero"))
    losses = {row.loss for row in found.values()}
    assert {
        "∞",
        "nan",
        shown(-math.log(1e-7)),
        shown(-math.log(1e-10)),
        shown(-math.log(2**-52)),
        shown(200 / 3),
    } <= losses
    dead = {id for id, row in found.items() if "gradient exactly 0" in row.summary}
    assert {"tf1_manual_clip_persample", "torch_clamp_persample", "keras_categorical_probs"} <= dead
    assert found["keras_categorical_probs"].facts["Gradient by q"] == "Exactly 0. (0, 0, 0)"
    assert "gradient nan" in found["tf_softmax_xent.of_log"].summary
    assert found["sklearn_log_loss"].facts["Gradient by q"] == "The library has none."


def test_probabilities_that_sum_to_097_part_those_that_divide_by_the_sum_from_those_that_do_not():
    found = rows(open_frameworks("sum"))
    for id, row in found.items():
        convention = CONVENTIONS[id]
        if convention.form == "categorical" and not (convention.mistake or convention.smoothing or convention.extras):
            assert row.loss == shown(-math.log(0.5 / 0.97) if convention.renormalises else -math.log(0.5))


def test_on_soft_targets_the_divergences_are_less_by_the_entropy():
    found = rows(open_frameworks("soft"))
    floor = float(entropy([0.7, 0.2, 0.1]))
    assert f"H(p) = {floor:.4f}" in PRESETS["soft"].look
    for id in ("optax_kl_divergence", "scipy_entropy_kl", "scipy_rel_entr", "scipy_kl_div"):
        assert found[id].difference == shown(-floor)


def test_on_multi_hot_targets_tensorflow_and_keras_have_the_loss_of_pytorch_and_another_gradient():
    found = rows(open_frameworks("multi-hot"))
    q = softmax([2, 1, 0.1])
    for id in FUSED:
        assert found[id].loss == found["torch_cross_entropy.soft"].loss
        assert "another gradient" in found[id].summary
        wrong, due = re.findall(r"\((.*?)\)", found[id].facts["Gradient by z"])
        for text, expected in ((wrong, q - [1, 1, 0]), (due, 2 * q - [1, 1, 0])):
            assert [float(x.replace("−", "-")) for x in text.split(", ")] == pytest.approx(expected, abs=6e-5)
    assert "gradient" not in found["torch_cross_entropy.soft"].summary


def test_with_logits_of_50_fused_losses_say_50_and_clipped_ones_stop():
    found = rows(open_frameworks("large"))
    assert {found[id].loss for id in (*FUSED, "torch_cross_entropy.index", "optax_softmax_xent")} == {"50.0000"}
    for id in ("keras_categorical_probs", "tf1_manual_clip_persample", "torch_cross_entropy.soft"):
        both = [
            next(c for c in GOLDEN if c["name"] == "extreme_50_float64")["results"][f"{id}.none"][i] for i in (0, 1)
        ]
        assert found[id].loss == shown(sum(both) / 2)
    assert "gradient exactly 0" in found["keras_categorical_probs"].summary
    assert "gradient 0 in some rows" in found["tf1_manual_clip_persample"].summary


@pytest.mark.parametrize(("source", "query"), [("large", ""), *(("example", f"precision={p}") for p in PRECISIONS)])
def test_rounding_does_not_make_another_gradient(source, query):
    found = rows(open_frameworks(source, f"z=2,1,-0.3&p=0,0,1&{query}"))
    for id in (*FUSED, "torch_cross_entropy.index", "numpy_naive_softmax", "optax_safe_softmax_xent"):
        assert "gradient" not in found[id].summary


@pytest.mark.parametrize("source", ["sum", "batch"])
def test_of_probabilities_no_gradient_is_called_another(source):
    assert "another gradient" not in markup(open_frameworks(source))  # to divide by the sum has its own, rightly


def test_a_bar_is_its_share_of_the_longest():
    app = open_frameworks()
    differences = {line.convention.id: line.difference for line in lines(given_to(app, "example"))}
    longest = max(abs(difference) for difference in differences.values() if math.isfinite(difference))
    for id, row in rows(app).items():
        bar = row.figures["bar"]
        if math.isinf(differences[id]):
            assert bar == "endless"
        elif math.isnan(differences[id]):
            assert bar is None
        else:
            assert bar == pytest.approx(differences[id] / longest, abs=6e-4)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_says_what_to_look_for(preset):
    assert sent(open_frameworks(preset))["look"] == PRESETS[preset].look


# What the search and its filters, which run in the browser, tell a row by


def test_a_row_is_marked_with_its_library_what_it_takes_and_whether_it_is_a_mistake():
    found = re.findall(r'<details class="call-(\S+) (.*?)">', markup(open_frameworks()))
    by_name = {id.replace(".", "-"): convention for id, convention in CONVENTIONS.items()}
    assert len(found) > 50
    for name, marks in found:
        convention, told = by_name[name], marks.split()
        assert {f"library-{convention.library.name}", f"takes-{convention.takes}"} <= set(told)
        assert ("mistake" in told) == (convention.mistake is not None)


def test_an_older_release_shows_what_it_computed_in_the_place_of_the_newest():
    app = open_frameworks("large")
    marks = {IDS[name]: told.split() for name, told in re.findall(r'<details class="(\S+) (.*?)">', markup(app))}
    for name, (library, release, _) in OLDER.items():
        told = {id for id, marked in marks.items() if f"release-{name}" in marked}
        of_library = {id for id in marks if CONVENTIONS[id].library is library}
        assert told == {id for id in of_library if CONVENTIONS[id].holds_in(release)}
        assert told != {id for id in of_library if not CONVENTIONS[id].until}, name
    assert {id for id, marked in marks.items() if "old" in marked} == marks.keys() - {one.id for one in NEWEST}


def test_a_row_differs_by_its_loss_or_its_gradient():
    app = open_frameworks()
    found = rows(app)
    expected = {line.convention.id for line in lines(given_to(app, "example")) if line.differs}
    assert {id for id, row in found.items() if row.figures["differing"]} == expected
    assert expected > {id for id, row in found.items() if row.difference != "equal"}


def test_an_equal_loss_with_another_gradient_differs():
    found = rows(open_frameworks("multi-hot"))
    assert all(found[id].figures["differing"] for id in FUSED)
    assert not found["torch_cross_entropy.soft"].figures["differing"]


def test_an_equal_loss_whose_gradient_is_nan_differs():
    ruled_out = of_batch(ReadyBatch(np.array([[0.7, 0.3, 0.0]]), np.array([0])))
    by_id = {line.convention.id: line for line in lines(ruled_out)}
    assert by_id["torch_nll_of_log"].difference == 0
    assert by_id["torch_nll_of_log"].differs
    assert not by_id["torch_clamp_persample"].differs


# The input


def test_the_example_is_divided_by_its_temperature():
    app = open_frameworks(query="z=2,1,0.1&t=2")
    loss = float(softmax_cross_entropy([2, 1, 0.1], [1, 0, 0], temperature=2))
    assert rows(app)["torch_cross_entropy.soft"].loss == shown(loss)
    assert "Gradient by z/T" in rows(app)["torch_cross_entropy.soft"].facts


def test_the_examples_precision_is_that_of_the_calls():
    app = open_frameworks(query="q=1,0,0&p=0,1,0&precision=float16")
    assert rows(app)["sklearn_log_loss"].loss == shown(float(np.float16(-math.log(2**-10))))


@pytest.mark.parametrize("logits", ["60000,-1", "-60000,-60000"])
def test_logits_that_overflow_when_divided_are_taken_in_float64(logits):
    app = open_frameworks(query=f"z={logits}&t=0.05&precision=float16")
    assert given_to(app, "example").batch.predictions.dtype == np.float64


def test_a_nan_says_where_it_comes_from():
    row = rows(open_frameworks(query="z=0,-inf,1"))["tf_softmax_xent"]
    assert (row.loss, row.difference) == ("nan", "nan")
    assert "0 · log 0 is nan" in row.summary


def test_names_of_classes_do_not_come_near_the_markup():
    app = open_frameworks(query="names=<img src=x>,$x$,<script>")
    assert "img" not in markup(app) + words(app)
    assert "script" not in markup(app) + words(app)


def test_the_batch_is_that_of_the_batches_page():
    app = press(open_page("batches.py"), "One confidently wrong")
    app.switch_page("frameworks.py").run()
    app = choose(app, "Input", "batch")
    assert rows(app)["torch_nll_of_log"].loss == "1.6197"
    assert "6 rows × 3 classes" in words(app)


def test_a_choice_of_input_outlives_a_change_of_page():
    app = open_frameworks("multi-hot")
    app.switch_page("start.py").run()
    app.switch_page("frameworks.py").run()
    assert sent(app)["look"] == PRESETS["multi-hot"].look


def test_a_large_batch_is_told_by_its_first_rows():
    matrix = np.random.default_rng(0).normal(size=(100, 1000))
    part = of_batch(ReadyBatch(matrix, np.arange(100), "logits"))
    assert part.batch.predictions.shape == (ENTRIES // 1000, 1000)
    assert part.rows == 100
    assert all(line.gradient is None or line.gradient.size < 20 for line in lines(part))  # not kept for a session
    assert of_batch(ReadyBatch(np.zeros((2, 2 * ENTRIES)), np.arange(2), "logits")).batch.predictions.shape == (
        1,
        2 * ENTRIES,
    )


@pytest.mark.parametrize(("rows", "told"), [(2, "batch"), (100, "first 32 rows of the batch")])
def test_what_is_compared_of_the_batch_is_said_beside_its_loss(rows, told):
    app = open_frameworks()
    batch = ReadyBatch(np.random.default_rng(0).normal(size=(rows, 1000)), np.arange(rows), "logits")
    app.session_state["batch"] = Table(batch, "logits")
    choose(app, "Input", "batch")
    mean = softmax_cross_entropy(batch.matrix[:32], batch.distributions()[:32]).mean()
    assert sent(app)["look"] == f"The {told} of the page Batches."
    assert answer(app)["plain"] == shown(mean)


def test_calls_of_a_batch_run_again_only_for_another_one():
    app = press(open_page("batches.py"), "One confidently wrong")
    app.switch_page("frameworks.py").run()
    before = choose(app, "Input", "batch").session_state["answer"]
    assert app.run().session_state["answer"] is before
    app.session_state["batch"] = Table(ReadyBatch(np.zeros((2, 2)), np.arange(2), "logits"), "logits")
    assert answer(app.run())["plain"] == shown(math.log(2))


# The route


def ask(**query):
    return respond(Request({"type": "http", "query_string": urlencode(query).encode(), "headers": []}))


def test_the_route_answers_for_the_example_of_a_link():
    told = ask(z="2,1,0.1", p="0,1,0", t="2", precision="float32")
    told = json.loads(told.body)
    loss = float(softmax_cross_entropy(np.array([1, 0.5, 0.05], np.float32), np.array([0, 1, 0], np.float32)))
    assert told["plain"] == shown(loss)
    assert told["figures"]["call-torch_cross_entropy-soft"][0] == shown(loss)
    assert told["sign"] == "z/T"


@pytest.mark.parametrize(
    "query", [{"z": "1,nan"}, {"z": "1"}, {"p": "2,-1,0"}, {"precision": "float8"}, {"z": "1," * 5000}, {"t": "<b>"}]
)
def test_what_is_no_example_gets_one_sentence(query):
    response = ask(**query)
    assert response.status_code == 400
    assert "was ignored" in response.body.decode()
    assert response.headers["content-type"].startswith("text/plain")


def test_copied_code_is_offered_where_the_predictions_have_logits():
    assert any("import numpy" in block.value for block in unfold(open_frameworks("zero")).code)
    assert not any("import numpy" in block.value for block in unfold(open_frameworks("sum")).code)


@st.composite
def examples(draw):
    count = draw(st.integers(2, 10))
    logit = st.floats(-1e6, 1e6) | st.sampled_from([-math.inf, 0.0, 65504.0, 1e6, -1e6])
    logits = draw(st.lists(logit, min_size=count, max_size=count).filter(lambda logits: max(logits) > -math.inf))
    weights = draw(st.lists(st.sampled_from([0, 1, 3]), min_size=count, max_size=count).filter(any))
    return Example(
        names=("x",) * count,
        logits=tuple(logits),
        targets=tuple(weight / sum(weights) for weight in weights),
        temperature=draw(st.sampled_from(TEMPERATURES) | st.floats(*TEMPERATURES)),
        precision=draw(st.sampled_from(PRECISIONS)),
    )


@settings(max_examples=100, deadline=None)
@given(examples())
def test_every_example_that_a_link_can_hold_passes_through_every_call(asked):
    one = of_example(asked)
    told = lines(one)
    assert len(told) >= 49
    assert one.batch.plain == pytest.approx(
        float(softmax_cross_entropy(one.batch.predictions, one.batch.targets)[0]), rel=1e-12, nan_ok=False
    )
    for line in told:
        assert math.isnan(line.loss) <= math.isnan(line.difference)
        assert line.why


# A row that is opened


@given(st.lists(st.sampled_from(sorted(IDS)), unique=True))
def test_the_formula_is_drawn_of_each_call_that_was_opened_and_of_no_other(names):
    drawn = dict(re.findall(r'<div class="(call-\S+)">\n\n\$(.*)\$\n\n</div>', formulas(names)))
    assert drawn == {name: CONVENTIONS[IDS[name]].formula for name in names}


def test_what_is_no_call_draws_nothing():
    assert formulas(["call-<script>", ""]) == formulas([])
