"""The conventions against what the real libraries compute (tests/golden/README.md), and what `compare` says of them."""

import json
import math
import re
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from tests.golden.calls import installed, run
from tests.unit import strategies
from xent_core import log_softmax, softmax
from xent_core.conventions import CONVENTIONS, NEWEST, RELEASES, as_batch, compare
from xent_core.libraries.convention import Extra, Library, Mistake, Need, Task
from xent_core.libraries.reasons import EXTRAS, Reason
from xent_core.libraries.words import DIVISORS, MISTAKES, NEEDS, SENTENCES, TASKS, VERBS, releases

FILE = Path(__file__).parents[1] / "golden/golden.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))

# The golden file names gradients after what was differentiated; ours belong to the convention.
DIFFERENTIATED = {
    "grad.torch_fused_ce": "torch_cross_entropy.soft",
    "grad.tf_fused_ce": "tf_softmax_xent",
    "grad.optax_fused_ce": "optax_softmax_xent",
    "grad.tf_clip_ce": "tf1_manual_clip_mean",
    "grad.tf_clip_ce_persample": "tf1_manual_clip_persample",
    "grad.torch_clamp_ce_persample": "torch_clamp_persample.before_2_14",
    "grad.keras_categorical_probs_of_softmax": "keras_categorical_probs",
    "grad.keras_binary_probs_of_softmax": "keras_binary_probs",
    "grad.torch_bce_of_softmax": "torch_bce",
    "grad.torch_nll_of_log_softmax_unclipped": "torch_nll_of_log",
}
BASES = {"base_e": math.e, "base_2": 2.0, "base_10": 10.0}
CANCELLING = ("grad.torch_bce_of_softmax", "grad.keras_binary_probs_of_softmax")

# float16 overflows or underflows inside the library in another place than in NumPy.
ELSEWHERE_IN_FLOAT16 = {
    ("extreme_10000_float16", "torch_cross_entropy.index.ls01.mean"),  # torch adds up all logarithms first: inf
    ("extreme_10000_float16", "torch_cross_entropy.index.ls01.sum"),
    ("probs_exact_0_1_float16", "gradq.tf_compat_v1_log_loss"),  # 8e5 is cast back to float16: inf
}


def library_results():
    """Every case and id that a library computed; `truth.*` are compared with the core in test_golden.py."""
    return [
        pytest.param(case, key, id=f"{case['name']}-{key}")
        for case in CASES
        for key in case["results"]
        if not key.startswith("truth.") and (case["name"], key) not in ELSEWHERE_IN_FLOAT16
    ]


def as_floats(values):
    """Numbers, nested as they are; the file spells nan and inf as strings."""
    return [as_floats(value) for value in values] if isinstance(values, list) else float(values)


def given_data(case):
    return (np.asarray(case[key], case["dtype"]) for key in (case["kind"], "targets"))


def ours(case, key):
    predictions, targets = given_data(case)
    temperature = np.ones((), case["dtype"])
    if key.startswith("temperature.T"):
        number, key = re.fullmatch(r"temperature\.T([\d.]+)\.(.*)", key).groups()
        temperature = temperature * float(number)
    kind = "logits" if case["kind"] == "logits" else "probabilities"
    batch = as_batch(predictions / temperature, targets, kind)
    with np.errstate(all="ignore"):
        if key.startswith("grad"):
            convention = DIFFERENTIATED.get(key, key.split(".", 1)[1])
            return batch.gradient(CONVENTIONS[convention]) / temperature
        if key.endswith("_log_softmax"):
            return log_softmax(batch.predictions)
        if key in ("tf_softmax", "torch_softmax"):
            return softmax(batch.predictions)
        if key in CONVENTIONS:
            return batch.loss(CONVENTIONS[key])
        convention, reduction = key.rsplit(".", 1)
        losses = batch.unreduced(CONVENTIONS[convention])
        if reduction in BASES:
            return losses / math.log(BASES[reduction])
        return {"none": losses, "mean": losses.mean(), "sum": losses.sum()}[reduction]


def tolerance(case, key):
    dtypes = (case["dtype"], case.get("result_dtype", {}).get(key))
    if key in CANCELLING:
        return 4e-2 if "float16" in dtypes else 2e-4  # 1 − q cancels near q = 1, in the library as here
    if "float16" in dtypes:
        return 4e-3
    return 2e-5 if "float32" in dtypes or "v1_log_loss" in key else 1e-11


@pytest.mark.parametrize(("case", "key"), library_results())
def test_a_convention_reproduces_the_librarys_number(case, key):
    expected = np.array(as_floats(case["results"][key]))
    relative = tolerance(case, key)
    assert np.shape(ours(case, key)) == expected.shape
    # below 1/100 of the tolerance an entry is rounding, in sums near 1
    assert_allclose(np.asarray(ours(case, key), np.float64), expected, rtol=relative, atol=relative / 100)


def test_all_results_of_all_libraries_are_compared():
    keys = {key for case in CASES for key in case["results"] if not key.startswith("truth.")}
    assert (len(library_results()) + len(ELSEWHERE_IN_FLOAT16), len(keys)) == (2635, 113)


SMOOTH = np.random.default_rng(1).uniform(0.1, 0.9, (3, 4))  # inside every clip, and fit to be passed as probabilities
HARD = np.eye(4)[[2, 0, 3]]
SOFT = np.random.default_rng(2).dirichlet(np.ones(4), 3)


def smooth_batch(convention, kind):
    return as_batch(SMOOTH, HARD if convention.targets == "labels" else SOFT, kind)


DIFFERENTIABLE = [
    pytest.param(convention, kind, id=f"{convention.id}-{kind}")
    for convention in CONVENTIONS.values()
    for kind in ("logits", "probabilities")
    # in float32 differences would be rounding
    if convention.gradient and not convention.dtype and smooth_batch(convention, kind).suits(convention)
]


@pytest.mark.parametrize(("convention", "kind"), DIFFERENTIABLE)
def test_the_gradient_is_the_derivative_of_the_loss_where_the_loss_is_smooth(convention, kind):
    batch = smooth_batch(convention, kind)
    step, differences = 1e-6, np.empty_like(SMOOTH)
    for index in np.ndindex(SMOOTH.shape):
        up, down = SMOOTH.copy(), SMOOTH.copy()
        up[index] += step
        down[index] -= step
        rise = as_batch(up, batch.targets, kind).loss(convention) - as_batch(down, batch.targets, kind).loss(convention)
        differences[index] = rise / (2 * step)
    # the differences are rounded at 1e-16 of a loss near 10, over 2e-6
    assert_allclose(batch.gradient(convention), differences, rtol=1e-6, atol=2e-9)


@pytest.mark.parametrize(
    "name", ["torch_nll_of_log", "torch_cross_entropy.soft.of_log", "optax_softmax_xent_integer.of_log"]
)
def test_a_gradient_is_divided_by_the_rows_before_it_can_overflow(name):
    q = np.float16([[2e-5, 0.99998]] * 4)
    gradient = as_batch(q, np.eye(2)[[0] * 4], "probabilities").gradient(CONVENTIONS[name])
    assert_allclose(gradient[:, 0], -1 / (4 * q[:, 0].astype(float)), rtol=2e-3)
    q = np.float16([[1e-6, 1.0]] * 4)  # −1 / (4 q) is beyond 65,504 too
    assert np.isinf(as_batch(q, np.eye(2)[[0] * 4], "probabilities").gradient(CONVENTIONS[name])[:, 0]).all()


RIGHT_IN_FLOAT16 = np.array([[0, -11.5]], np.float16), [[1, 0]]  # 1/q of the second class is beyond 65,504


@pytest.mark.parametrize(
    ("name", "gradient"),
    [
        ("tf1_manual_clip_persample", [math.nan, math.nan]),
        ("tf1_manual_clip_mean", [math.nan, math.nan]),
        ("mistake_clip_discarded", [math.nan, math.nan]),
        ("tf_softmax_xent.of_log", [-math.inf, math.nan]),
        ("keras_categorical_probs", [math.nan, math.nan]),
        ("keras_categorical_probs.ls01", [math.nan, math.nan]),
        ("keras_categorical_probs.mean_default_class", [-1.0133e-5, 1.0133e-5]),  # in float32
        ("keras_sparse_categorical.probs", [-math.inf, math.nan]),
        ("keras_binary_probs", [math.nan, math.nan]),
        ("tf_softmax_xent", [-1.0133e-5, 1.0133e-5]),  # in float32
        ("torch_clamp_persample", [0, 0]),
        ("torch_nll_of_log", [0, 1.0133e-5]),
    ],
)
def test_in_float16_tensorflow_multiplies_by_a_reciprocal_that_overflows(name, gradient):
    # what TensorFlow 2.21, Keras 3.15, torch 2.14 give
    assert_allclose(by_id(*RIGHT_IN_FLOAT16)[name].gradient, [gradient], rtol=2e-3)


def by_id(predictions, targets, kind="logits"):
    return {compared.convention.id: compared for compared in compare(predictions, targets, kind)}


SEED = np.log([[0.5, 0.2, 0.3], [0.8, 0.1, 0.1]])
FIRST = np.eye(3)[[0, 0]]
ONE_HOT = np.eye(3)[[0]]


def test_on_the_seed_batch_every_number_of_the_article_is_there():
    seed = by_id(SEED, FIRST)
    assert round(seed["mistake_base_10"].loss, 4) == 0.1990
    assert round(seed["tf1_manual_clip_mean"].loss, 4) == 0.1527
    assert round(seed["mistake_base_2"].loss, 4) == 0.6610
    assert round(seed["torch_cross_entropy.index"].loss, 4) == 0.4581


@given(strategies.logits_and_targets(min_classes=2))
def test_every_proper_cross_entropy_from_logits_gives_the_same(drawn):
    compared = by_id(*drawn)
    for name in ("tf_softmax_xent", "keras_categorical_logits", "torch_cross_entropy.soft", "optax_softmax_xent"):
        assert compared[name].difference == 0
        assert compared[name].why == "Equal to the plain cross-entropy."


def test_the_difference_is_taken_from_the_plain_cross_entropy_in_nats():
    seed = by_id(SEED, FIRST)
    plain = -math.log(0.5 * 0.8) / 2
    assert seed["mistake_sum"].difference == pytest.approx(plain, rel=1e-12)
    assert seed["mistake_base_2"].difference == pytest.approx(plain / math.log(2) - plain, rel=1e-12)


def test_a_target_probability_of_zero_is_infinite_or_clipped_or_added_to():
    zero = by_id([[0, 0.7, 0.3]], ONE_HOT, "probabilities")
    assert zero["torch_nll_of_log"].loss == math.inf
    assert zero["torch_nll_of_log"].difference == 0  # the plain cross-entropy is infinite too
    assert zero["keras_categorical_probs"].loss == pytest.approx(-math.log(1e-7), rel=1e-12)
    assert zero["tf1_manual_clip_persample"].loss == pytest.approx(-math.log(1e-10), rel=1e-12)
    assert zero["sklearn_log_loss"].loss == pytest.approx(52 * math.log(2), rel=1e-12)
    assert zero["torch_bce"].loss == pytest.approx((100 - math.log(0.3 * 0.7)) / 3, rel=1e-12)
    assert zero["tf1_manual_clip_persample"].why == "It counts probabilities below 1e-10 as 1e-10."


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("tf1_manual_clip_persample", "zero"),
        ("torch_clamp_persample", "zero"),
        ("keras_categorical_probs", "zero"),
        ("torch_nll_of_log", "nan"),
        ("optax_safe_softmax_xent.of_log", "nan"),
        ("torch_cross_entropy.index", "finite"),
        ("torch_double_softmax", "finite"),
        ("scipy_entropy_kl", "none"),
    ],
)
def test_which_gradients_are_exactly_zero_or_nan_when_a_probability_underflows(name, status):
    # [0, 30, −800]: q of the target is 9e-14, below the clips; q of the last underflows to 0
    assert by_id([[0, 30, -800]], ONE_HOT)[name].gradient_status == status


def test_a_gradient_that_is_zero_in_some_rows_only_is_called_partly_zero():
    compared = by_id([[0, 30, 1], [1, 0, 0]], FIRST)["tf1_manual_clip_persample"]
    assert compared.gradient_status == "partly_zero"
    assert not compared.gradient[0].any()
    assert compared.gradient[1].all()


def test_tensorflow_alone_has_another_gradient_where_targets_do_not_sum_to_1():
    z, multi_hot = np.array([[0.5, -0.2, 0.1]]), np.array([[1.0, 1.0, 0.0]])
    compared = by_id(z, multi_hot)
    assert compared["tf_softmax_xent"].loss == compared["torch_cross_entropy.soft"].loss
    assert_allclose(compared["torch_cross_entropy.soft"].gradient, 2 * softmax(z) - multi_hot, rtol=1e-12)
    assert_allclose(compared["tf_softmax_xent"].gradient, softmax(z) - multi_hot, rtol=1e-12)


def test_renormalising_conventions_differ_where_probabilities_sum_to_less_than_1():
    short = by_id(np.array([[0.5, 0.2, 0.27]]), ONE_HOT, "probabilities")
    for name, compared in short.items():
        smoothed = compared.convention.smoothing
        convention = compared.convention
        if convention.form == "categorical" and not (convention.mistake or smoothed or convention.extras):
            renormalised = convention.renormalises
            expected = math.log(0.97) if renormalised else 0
            assert compared.difference == pytest.approx(expected, abs=2e-7), name  # float32 in one of them
            assert ("divides the probabilities by their sum" in compared.why) == renormalised


@pytest.mark.parametrize(
    ("predictions", "targets", "kind", "name", "why"),
    [
        (SEED, FIRST, "logits", "mistake_clip_discarded", "No difference here, but the result of the clip is thrown "),
        (SEED, FIRST, "logits", "torch_double_softmax", "Softmax is applied twice: "),
        (SEED, FIRST, "logits", "torch_cross_entropy.soft.ls01", "It moves a share of 0.1 of the targets to all "),
        (SEED, FIRST, "logits", "keras_categorical_probs.mean_default_class", "It computes in float32."),
        (SEED, FIRST, "logits", "keras_binary_probs", "It adds (1 − p) log(1 − q) for every class and divides by all "),
        (SEED, FIRST, "logits", "scipy_entropy_p", "It is the entropy of the targets alone."),
        (SEED, FIRST, "logits", "mistake_logits_as_probabilities", "A logit below 0 was passed as a probability"),
        (SEED, [[0.5, 0.5, 0], [1, 0, 0]], "logits", "optax_kl_divergence", "It leaves out H(p), the entropy of "),
        (
            [[0.5, 0.5, 0]],
            ONE_HOT,
            "probabilities",
            "numpy_naive",
            "A class with target 0 has a probability of exactly",
        ),
        ([[1.0, 0, 0]], ONE_HOT, "probabilities", "mistake_binary_on_one_hot", "A class with target 0 has a "),
        ([[800.0, 0, 0]], ONE_HOT, "logits", "numpy_naive_softmax", "exp overflows past 709.78 in float64, and inf / "),
        ([[0.3, 0.3, 0.4]], [[0.0, 0, 0]], "probabilities", "scipy_entropy_kl", "A row sums to 0, and 0 / 0 is nan."),
        ([[0.5, 0.3, 0.1]], ONE_HOT, "probabilities", "scipy_kl_div", "It adds Σq − Σp."),
        ([[0.5, 0.2, 0.27]], ONE_HOT, "probabilities", "scipy_entropy_p", "It is the entropy of the targets alone."),
        ([[0, -math.inf, 1]], ONE_HOT, "logits", "tf_sigmoid_xent", "A logit of −∞ makes 0 · ∞ or ∞ − ∞ in this "),
        ([[0, -math.inf, 1]], ONE_HOT, "logits", "torch_bce_with_logits", "A logit of −∞ makes 0 · ∞ or ∞ − ∞ in "),
        (
            [[30.0, 0, 0]],
            ONE_HOT,
            "logits",
            "keras_categorical_probs",
            "It counts probabilities above 1 − 1e-7 as that.",
        ),
    ],
)
def test_why_names_what_matters_on_this_input(predictions, targets, kind, name, why):
    assert by_id(predictions, targets, kind)[name].why.startswith(why)


OTHERS = np.eye(3)[[1, 2]]


@pytest.mark.parametrize(
    ("targets", "name", "why"),
    [
        (
            OTHERS,
            "torch_cross_entropy.weighted",
            "It weighs class j by j and divides by the sum of the ",
        ),
        (FIRST, "torch_cross_entropy.weighted", "Equal to the plain cross-entropy."),
        (
            OTHERS,
            "torch_cross_entropy.soft.weighted",
            "It weighs class j by j and divides by 2 rows, not by ",
        ),
        (OTHERS, "keras_sparse_categorical.sample_weight", "It weighs class j by j and divides by 2 rows, not by "),
        (FIRST, "keras_sparse_categorical.sample_weight", "It computes in float32."),
        (FIRST, "torch_cross_entropy.ignored", "Every row is left out, and 0 / 0 is nan."),
        (OTHERS, "torch_cross_entropy.ignored", "Equal to the plain cross-entropy."),
        (np.eye(3)[[0, 1]], "torch_cross_entropy.ignored", "It leaves out the rows with label 0."),
        (FIRST, "torch_cross_entropy.ignored.sum", "It leaves out the rows with label 0 and adds the rows up."),
        (OTHERS, "torch_cross_entropy.ignored.sum", "It adds the rows up."),
        (OTHERS, "transformers_causal", "It compares each row with the label of the next and leaves out the last."),
        (np.eye(3)[[0, 1]], "torch_in_batch", "Equal to the plain cross-entropy."),
        (FIRST, "torch_in_batch", "It takes column i for the right one of row i."),
        (FIRST, "torch_distillation.without_t_squared", "The factor T² is missing: the gradient shrinks as 1/T²."),
    ],
)
def test_why_names_weights_and_masks_only_where_they_matter(targets, name, why):
    assert by_id(SEED, targets)[name].why.startswith(why)


def test_two_ways_to_smooth_only_the_other_classes_are_one():
    log_q = log_softmax(SMOOTH)
    label, every, classes = log_q[HARD == 1], log_q.sum(axis=1), SMOOTH.shape[1]
    of_each = 0.1 / (classes - 1)
    fairseq = -((1 - 0.1 - of_each) * label + of_each * every).mean()
    share = 0.1 * classes / (classes - 1)
    megatron = -((1 - share) * label + share * every / classes).mean()
    ours = by_id(SMOOTH, HARD)["torch_cross_entropy.others_smoothed"].loss
    assert (ours, ours) == (pytest.approx(fairseq, rel=1e-14), pytest.approx(megatron, rel=1e-14))


def test_a_clip_that_is_thrown_away_is_what_makes_the_nan():
    discarded = by_id([[1.0, 0, 0]], [[0, 0, 1]], "probabilities")["mistake_clip_discarded"]
    assert discarded.why == (
        "The result of the clip is thrown away, so nothing is clipped. "
        "A class with target 0 has a probability of exactly 0, and 0 · log 0 is nan."
    )
    in_float16 = by_id(np.float16([[1, 0, 0]]), [[0, 0, 1]], "probabilities")["mistake_clip_discarded"]
    assert in_float16.why.startswith("A class with target 0")  # 1e-10 is 0 there: no clip would help


def test_all_ignored_is_nan_by_mean_and_0_by_sum_and_0_in_keras():
    padding = {one.convention.id: one for one in compare(SEED, FIRST, among=CONVENTIONS.values())}
    assert math.isnan(padding["torch_cross_entropy.ignored"].loss)
    assert padding["torch_cross_entropy.ignored.sum"].loss == 0
    assert padding["keras_sparse_categorical.ignored"].loss == 0
    assert math.isnan(padding["keras_sparse_categorical.ignored.before_3"].loss)


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_at_the_start_a_contrastive_loss_is_the_logarithm_of_the_columns(rows):
    compared = by_id(np.zeros((rows, 5)), np.eye(5)[:rows])
    for name in ("torch_in_batch", "torch_first_column"):
        assert compared[name].loss == pytest.approx(math.log(5), rel=1e-15)
    assert ("transformers_clip" in compared) == (rows == 5)


@pytest.mark.parametrize("rows", range(1, 8))
@pytest.mark.parametrize("classes", [1, 2, 3, 10])
def test_a_row_stands_for_every_input_that_has_what_it_needs(rows, classes):
    batch = as_batch(np.zeros((rows, classes)), np.eye(classes)[[0] * rows])
    fitting = {one.convention for one in compare(batch.predictions, batch.targets, among=CONVENTIONS.values())}
    has = {
        None: True,
        Need.TWO_CLASSES: classes > 1,
        Need.TWO_ROWS: rows > 1,
        Need.A_COLUMN_EACH: rows <= classes,
        Need.A_SQUARE: rows == classes,
    }
    assert fitting == {convention for convention in CONVENTIONS.values() if has[convention.needs]}
    assert batch.lacks(CONVENTIONS["torch_in_batch"]) is (None if rows <= classes else Need.A_COLUMN_EACH)


def test_a_reader_of_an_older_release_finds_its_rows():
    assert RELEASES[Library.PYTORCH] == ((2, 14),)
    assert RELEASES[Library.SCIKIT_LEARN] == ((1, 2), (1, 5))
    assert RELEASES[Library.SCIPY] == ()
    log_losses = [convention for id, convention in CONVENTIONS.items() if id.startswith("sklearn_log_loss")]
    for version, ids in {
        (1, 1, 3): {"sklearn_log_loss.before_1_2"},
        (1, 4): {"sklearn_log_loss.before_1_5"},
        (1, 9): {"sklearn_log_loss", "sklearn_log_loss.sample_weight"},
    }.items():
        assert {convention.id for convention in log_losses if convention.holds_in(version)} == ids
    assert releases(CONVENTIONS["sklearn_log_loss.before_1_5"]) == "scikit-learn 1.2 and newer, before 1.5"
    assert releases(CONVENTIONS["keras_binary_probs.before_3"]) == "Keras before 3.0"
    assert releases(CONVENTIONS["numpy_naive"]) == ""


def test_unless_others_are_asked_only_the_newest_releases_are():
    zero = [1.0, 0, 0], [0, 0, 1], "probabilities"
    assert {one.convention for one in compare(*zero)} < set(NEWEST)
    old = ("torch_clamp_persample.before_2_14", "torch_clamp_persample")
    before, since = compare([1.0, 0, 0], ONE_HOT[0], "probabilities", [CONVENTIONS[id] for id in old])
    assert (before.gradient[0, 0], since.gradient[0, 0]) == (-1, 0)
    (epsilon,) = compare(*zero, [CONVENTIONS["sklearn_log_loss.before_1_2"]])
    assert epsilon.loss == pytest.approx(15 * math.log(10))
    (added,) = compare(*zero, [CONVENTIONS["keras_binary_probs.before_3"]])
    assert added.loss == pytest.approx(2 * -math.log(2e-7) / 3, rel=1e-6)


@given(strategies.logits_and_targets(min_classes=2, bound=60), st.sampled_from(["logits", "probabilities"]))
def test_a_loss_is_called_equal_exactly_where_the_difference_is_zero(drawn, kind):
    predictions, targets = drawn
    for compared in compare(predictions if kind == "logits" else softmax(predictions), targets, kind):
        says_equal = compared.why.startswith(("Equal", "No difference"))
        assert says_equal == (compared.difference == 0), compared.convention.id


def sure(dtype, *logits):
    """One row whose first class is the target, by id."""
    return by_id(np.array([logits], dtype), ONE_HOT)


@pytest.mark.parametrize(
    ("dtype", "logits"),
    [
        (np.float16, (4, 0, 0)),
        (np.float32, (14, 0, 0)),
        (np.float32, (20, 0, -5)),
        (np.float64, (33, 0, 0)),
        (np.float64, (50, 0, 0)),
    ],
)
def test_however_small_a_loss_another_formula_is_not_called_equal(dtype, logits):
    compared = sure(dtype, *logits)
    for name in (
        "mistake_base_2",
        "mistake_base_10",
        "mistake_sign",
        "mistake_whole_matrix_mean",
        "mistake_binary_on_one_hot",
        "tf1_manual_clip_mean",
        "torch_bce",
        "keras_binary_probs",
    ):
        assert compared[name].difference != 0, name
        assert not compared[name].why.startswith(("Equal", "No difference")), name
    # the plain formula on a probability rounded to 1 is still the plain formula
    for name in ("numpy_naive", "torch_nll_of_log", "torch_cross_entropy.index", "scipy_rel_entr"):
        assert compared[name].why == "Equal to the plain cross-entropy.", name
    assert compared["mistake_clip_discarded"].why.startswith("No difference here")
    assert compared["mistake_sum"].why.startswith("No difference here")


def test_a_loss_clipped_off_its_floor_is_not_called_equal():
    compared = sure(np.float32, 20, 0, -5)["keras_categorical_probs"]
    assert compared.loss == pytest.approx(2**-23, rel=1e-6)
    assert compared.why == "It counts probabilities above 1 − 1.19e-7 as that."


def test_in_a_coarse_precision_another_formula_must_be_close_in_float64_too():
    near = sure(np.float16, 0.1, 0, 0)["torch_cross_entropy.soft.ls01"]  # 1.039 for 1.033: six steps of float16
    assert near.difference > 0
    assert near.why == "It moves a share of 0.1 of the targets to all classes."


def test_what_one_formula_loses_to_rounding_is_called_rounding_only_if_it_shows():
    batch = np.array([[-50, 50, 0], [-50, 0, 50]], np.float32), np.eye(3)[[1, 0]]
    of_denormal = by_id(*batch)["torch_nll_of_log"]  # 3.8e-44 has few binary digits left
    assert of_denormal.loss == pytest.approx(49.99155, rel=1e-6)
    assert of_denormal.why == "It is rounded differently."


def test_a_sum_that_is_off_by_more_than_rounding_is_a_cause():
    row = np.array([[0.5, 0.2, 0.3 - 1e-13]])
    assert by_id(row, ONE_HOT, "probabilities")["torch_cross_entropy.soft.of_log"].why.startswith("It divides the ")


DENORMAL = np.array([[-90, 0, 1]], np.float32)  # softmax: 2.2e-40 first


@pytest.mark.parametrize("name", ["scipy_rel_entr", "scipy_entropy_kl", "scipy_kl_div", "scipy_cross_entropy"])
def test_scipy_computes_in_float64_so_a_denormal_probability_keeps_its_logarithm(name):
    assert by_id(DENORMAL, ONE_HOT)[name].loss == pytest.approx(91.31326, rel=1e-6)


def test_of_scipys_functions_only_kl_div_overflows_where_p_over_q_does():
    compared = by_id([[1e-310, 1.0]], [[1, 0]], "probabilities")
    for name in ("scipy_rel_entr", "scipy_entropy_kl", "scipy_cross_entropy"):
        assert compared[name].loss == pytest.approx(310 * math.log(10), rel=1e-12)
    assert compared["scipy_kl_div"].loss == math.inf


TAKES_DENORMALS_FOR_0 = [
    "mistake_clip_discarded",
    "tf_softmax_xent.of_log",
    "optax_softmax_xent.of_log",
    "optax_safe_softmax_xent.of_log",
    "optax_softmax_xent_integer.of_log",
    "optax_kl_divergence",
]


@pytest.mark.parametrize("name", TAKES_DENORMALS_FOR_0)
@pytest.mark.parametrize("logits", [DENORMAL, np.array([[-710.0, 0, 1]])], ids=["float32", "float64"])
def test_tensorflow_and_jax_take_a_denormal_probability_for_0(name, logits):
    compared = by_id(logits, ONE_HOT)[name]
    assert compared.loss == math.inf
    assert compared.gradient_status == "nan"
    smallest = "1.18e-38" if logits.dtype == np.float32 else "2.23e-308"
    if not compared.convention.mistake:
        assert f"below {smallest}, which counts as 0 there, and −log 0 is infinite" in compared.why
    of_another_target = by_id(logits, np.eye(3)[[1]])[name]
    if name.startswith(("optax_safe", "optax_softmax_xent_integer")):
        assert math.isfinite(of_another_target.loss)
    else:
        assert math.isnan(of_another_target.loss)
        assert "which counts as 0 there, and 0 · log 0 is nan" in of_another_target.why


def test_the_others_and_float16_keep_denormal_probabilities():
    for name in ("numpy_naive", "torch_nll_of_log", "torch_cross_entropy.soft.of_log"):
        assert by_id(DENORMAL, ONE_HOT)[name].loss == pytest.approx(91.31326, rel=1e-6)
    in_float16 = by_id(np.array([[-12, 0, 0.5]], np.float16), ONE_HOT)
    for name in TAKES_DENORMALS_FOR_0:
        assert in_float16[name].loss == pytest.approx(12.97, rel=4e-3)


def test_a_call_keeps_the_dtype_of_its_input_unless_its_constants_say_otherwise():
    certain = by_id(np.array([[1, 0, 0]], np.float32), ONE_HOT, "probabilities")
    assert certain["keras_categorical_probs"].loss == pytest.approx(2**-23, rel=1e-6)
    assert not any("dtype" in convention.call for convention in CONVENTIONS.values())


PROBABILITIES = [0.0, 1.0, 0.5, 1e-300, 1e-8, 1 - 1e-9]
EXTREMES = {"logits": [*PROBABILITIES, 50.0, -50.0, 800.0, -1e4, 1e300, -math.inf], "probabilities": PROBABILITIES}


@given(st.sampled_from(list(EXTREMES)), st.sampled_from([np.float32, np.float64]), strategies.shapes(3, 3), st.data())
def test_no_input_makes_it_warn_or_fail_once_it_is_accepted(kind, dtype, shape, data):
    predictions = data.draw(arrays(np.float64, shape, elements=st.sampled_from(EXTREMES[kind])))
    targets = data.draw(arrays(np.float64, shape, elements=st.sampled_from([0.0, 0.0, 0.5, 1.0])))
    try:
        batch = as_batch(np.minimum(predictions, np.finfo(dtype).max).astype(dtype), targets, kind)
    except ValueError:
        return
    for compared in compare(batch.predictions, batch.targets, kind):
        assert compared.why
        assert compared.gradient is None or compared.gradient.shape == predictions.shape


def test_labels_are_asked_for_only_where_every_row_is_one_hot():
    soft = by_id(SEED, SOFT[:2, :3] / SOFT[:2, :3].sum(axis=1, keepdims=True))
    assert "torch_cross_entropy.index" not in soft
    assert "torch_cross_entropy.soft" in soft


def test_probabilities_are_never_turned_into_logits():
    assert {c.convention.takes for c in compare(softmax(SEED), FIRST, "probabilities")} == {"probabilities"}


def test_one_example_is_a_batch_of_one():
    single = by_id(SEED[0], FIRST[0])
    assert single["mistake_base_2"].loss == pytest.approx(1.0, rel=1e-15)
    assert single["mistake_base_2"].gradient.shape == (1, 3)


def test_float32_stays_float32():
    for compared in compare(SEED.astype(np.float32), FIRST):
        assert np.float32(compared.loss) == compared.loss or math.isnan(compared.loss)
        assert compared.gradient is None or compared.gradient.dtype == np.float32


@pytest.mark.parametrize(
    ("predictions", "targets", "kind", "message"),
    [
        ([[1.0, 2.0]], [[1.0, 0.0, 0.0]], "logits", "targets has shape"),
        ([[1.2, 0.0]], [[1.0, 0.0]], "probabilities", r"probabilities\[0, 0\] is 1.2"),
        ([[0.5, 0.5], [0.0, 0.0]], [[1.0, 0.0]] * 2, "probabilities", r"probabilities\[1, :\] is all 0"),
        ([[[1.0, 2.0]]], [[[1.0, 0.0]]], "logits", r"logits has shape \(1, 1, 2\): expected rows of classes"),
        (np.empty((0, 2)), np.empty((0, 2)), "logits", r"logits has shape \(0, 2\): expected rows of classes"),
    ],
)
def test_what_is_refused_is_named(predictions, targets, kind, message):
    with pytest.raises(ValueError, match=message):
        compare(predictions, targets, kind)


@pytest.mark.parametrize("convention", CONVENTIONS.values(), ids=CONVENTIONS)
def test_a_convention_says_all_that_the_page_shows(convention):
    assert CONVENTIONS[convention.id] is convention
    compile(convention.call.split("; ")[-1], convention.id, "eval")
    assert convention.formula.count("{") == convention.formula.count("}")
    assert convention.formula.count(r"\left") == convention.formula.count(r"\right")
    assert "$" not in convention.formula
    assert re.search(r"\d", convention.version)
    assert convention.source
    assert bool(convention.mistake) == bool(convention.fix) == bool(convention.went_wrong)
    for sentence in filter(None, (convention.note, convention.went_wrong, convention.fix)):
        assert sentence[-1] == "."
        assert "  " not in sentence


def test_the_libraries_and_the_classic_mistakes_are_all_there():
    libraries = {convention.library for convention in CONVENTIONS.values()}
    assert libraries == set(Library)
    assert {convention.task for convention in CONVENTIONS.values()} == set(Task)
    assert {convention.mistake for convention in CONVENTIONS.values()} == {None, *Mistake}
    assert {extra for convention in CONVENTIONS.values() for extra in convention.extras} == set(Extra)
    assert {convention.needs for convention in CONVENTIONS.values()} == {None, *Need} - {Need.LOGITS, Need.LABELS}


def test_whatever_a_page_asks_for_has_its_words():
    assert (set(TASKS), set(MISTAKES), set(NEEDS)) == (set(Task), set(Mistake), set(Need))
    assert set(DIVISORS) == {convention.divides_by for convention in CONVENTIONS.values()}
    assert {*SENTENCES, *VERBS} | {Reason.MISTAKE, Reason.EQUAL_HERE} == set(Reason)
    assert set(EXTRAS) | {Extra.OTHERS_SMOOTHED} == set(Extra)


def called(convention, batch):
    """What the library itself returns for the call as it is written."""
    library = installed(convention.library)
    if library is None or not convention.holds_in(library[1]):
        pytest.skip(f"{releases(convention) or convention.library} is not installed")
    return run(convention, batch, pytest.importorskip)[0]


@pytest.mark.parametrize("convention", CONVENTIONS.values(), ids=CONVENTIONS)
def test_the_call_as_written_gives_the_number_where_the_library_is_installed(convention):
    for predictions in (SMOOTH, 4 * SMOOTH, SMOOTH + 0.1):
        batch = as_batch(predictions, HARD if convention.targets == "labels" else SOFT)
        relative = 1e-6 if convention.dtype else 1e-12
        assert called(convention, batch) == pytest.approx(batch.loss(convention), rel=relative)


@pytest.mark.parametrize("convention", CONVENTIONS.values(), ids=CONVENTIONS)
def test_the_call_as_written_gives_the_number_where_float32_ends(convention):
    denormal = as_batch(np.array([[-90, 0, 1, 2, 3, -89, 4, 5, 6, -95]], np.float32), np.eye(10)[[0]])
    certain = as_batch(np.array([[1, 0, 0]], np.float32), ONE_HOT, "probabilities")
    for batch in filter(lambda batch: batch.suits(convention), (denormal, certain)):
        with np.errstate(all="ignore"):
            number = called(convention, batch)
        assert number == pytest.approx(batch.loss(convention), rel=2e-5, abs=2e-7, nan_ok=True)
