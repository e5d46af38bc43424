"""Which convention gives a number on given data: each library's loss with every reduction and base."""

import math

import numpy as np
import pytest

from xent_core.conventions import CONVENTIONS, compare
from xent_core.identify import Status, candidates, identify_loss
from xent_core.identify.causes import Cause
from xent_core.identify.data import ASKED, Rank, Reduction
from xent_core.identify.number import read_number
from xent_core.identify.words import told
from xent_core.libraries.convention import Form

SEED = np.log([[0.5, 0.2, 0.3], [0.8, 0.1, 0.1]])
FIRST = np.eye(3)[[0, 0]]
OF_SEED = candidates(SEED, FIRST)


def of_data(text, data=OF_SEED):
    """The answers that the data gives, best first."""
    return [answer for answer in identify_loss(text, data).answers if answer.candidates]


def meaning(candidate_answer, text="0.5"):
    return told(candidate_answer, identify_loss(text, OF_SEED)).claim


@pytest.mark.parametrize("kind", ["logits", "probabilities"])
@pytest.mark.parametrize(
    ("text", "reduction", "form"),
    [
        ("0.2", Reduction.ROWS, Form.CATEGORICAL),
        ("0.3", Reduction.ROW, Form.CATEGORICAL),
        ("0.1", Reduction.ROW, Form.CATEGORICAL),
        ("0.55", Reduction.ROW, Form.BERNOULLI),
        ("0.19", Reduction.ROW, Form.BERNOULLI),
    ],
)
def test_the_articles_own_numbers_are_base_10_in_one_of_the_three_best_answers(text, reduction, form, kind):
    data = OF_SEED if kind == "logits" else candidates(np.exp(SEED), FIRST, kind)
    best = [one for answer in of_data(text, data)[:3] for one in answer.candidates]
    assert (10, reduction, form) in [(one.base, one.reduction, one.convention.form) for one in best]


def test_with_its_four_digits_the_articles_mean_is_base_10_and_nothing_else():
    found = identify_loss("0.1990", OF_SEED)
    assert found.status is Status.IDENTIFIED
    assert found.answers[0].conventions[0].id == "mistake_base_10"
    assert told(found.answers[0], found).next_step.startswith("Multiply by ln 10 = 2.3026")


def test_a_number_with_one_digit_is_not_identified():
    assert identify_loss("0.2", OF_SEED).status is Status.POSSIBLE


def batches():
    """100 random batches: 1 to 8 rows of 2 to 12 classes, labels or not, logits or probabilities, both precisions."""
    rng = np.random.default_rng(7)
    for index in range(100):
        m, n = int(rng.integers(1, 9)), int(rng.integers(2, 13))
        predictions = rng.normal(0, rng.choice([0.5, 2, 6]), (m, n))
        targets = np.eye(n)[rng.integers(0, n, m)] if index % 3 else rng.dirichlet(np.ones(n), m)
        kind = "logits" if index % 4 else "probabilities"
        if kind == "probabilities":
            predictions = rng.dirichlet(np.ones(n), m)
        yield predictions.astype(np.float32 if index % 5 == 0 else np.float64), targets, kind


def test_every_convention_is_among_the_answers_for_its_own_number_to_four_digits():
    asked, found = dict.fromkeys(ASKED, 0), dict.fromkeys(ASKED, 0)
    for predictions, targets, kind in batches():
        data = candidates(predictions, targets, kind)
        compared = compare(predictions, targets, kind, ASKED)
        losses = {one.convention: one.loss for one in compared}
        for text in {f"{loss:.4g}" for loss in losses.values()}:
            identified = {c for answer in identify_loss(text, data).answers for c in answer.conventions}
            for convention, loss in losses.items():
                asked[convention] += f"{loss:.4g}" == text
                found[convention] += f"{loss:.4g}" == text and convention in identified
    assert min(asked.values()) >= 40
    assert all(found[convention] >= 0.99 * asked[convention] for convention in ASKED)


def test_random_numbers_with_four_decimals_are_hardly_ever_identified_on_data():
    drawn = np.random.default_rng(8).uniform(0.3, 13, 500)
    found = [identify_loss(f"{value:.4f}", OF_SEED).status for value in drawn]
    assert found.count(Status.IDENTIFIED) + found.count(Status.SEVERAL) <= 5


def test_every_answer_of_the_data_prints_as_the_number():
    for text in ("0.2", "0.46", "1.273", "0.1527", "0.9163"):
        low, high = read_number(text).reach
        assert of_data(text)
        assert all(low <= answer.value <= high for answer in of_data(text))


@pytest.mark.parametrize(("text", "known"), [("2.3026", ()), ("16.118", ()), ("0.1527", OF_SEED)])
def test_four_digits_of_a_known_loss_are_far_better_than_chance(text, known):
    assert identify_loss(text, known).answers[0].chance < 0.004


def test_a_row_alone_is_explained_by_that_row():
    data = candidates([[0, 0.7, 0.3], [0.8, 0.1, 0.1]], FIRST, "probabilities")
    found = identify_loss("0.2231", data)
    assert told(found.answers[0], found).claim == "the plain cross-entropy of row 2 alone"
    clipped = [
        one
        for one in data
        if one.convention.id == "tf1_manual_clip_persample" and one.reduction is Reduction.ROW and one.base == math.e
    ]
    assert [one.reasons()[0].reason.name for one in clipped] == ["CLIPS_LOW", "EQUAL"]


def test_among_origins_of_one_value_the_plain_form_leads():
    for text in ("0.4581", "0.6931", "0.30103", "1.2730"):
        lead = of_data(text)[0].candidates[0]
        assert lead.is_plain
        assert not lead.convention.clip


def test_the_libraries_that_agree_are_one_answer():
    answer = identify_loss("0.4581", OF_SEED).answers[0]
    assert {str(convention.library) for convention in answer.conventions} == {
        "By hand", "TensorFlow", "Keras", "PyTorch", "JAX and optax", "scikit-learn", "SciPy"
    }  # fmt: skip
    assert meaning(answer) == "the plain cross-entropy"


@pytest.mark.parametrize(
    ("text", "meaning", "next_step"),
    [
        ("0.1527", "the mean is taken over all m·n entries", "Sum over the classes first"),
        ("0.9163", "the rows are added up where their mean was meant", "Divide by the number of rows"),
        ("0.8534", "the binary form is applied to the softmax", "Use the categorical form"),
        ("0.8148", "softmax is applied twice", "Pass the logits"),
        (
            "0.2203",
            "the plain cross-entropy averaged over all 6 entries, with logarithms to base 2",
            "Multiply by n = 3",
        ),
        ("0.6931", "the plain cross-entropy of row 1 alone", "Take the mean over the batch"),
        ("1.2730", "it adds (1 − p) log(1 − q) for every class", ""),
    ],
)
def test_an_answer_says_what_it_means_and_what_to_do(text, meaning, next_step):
    found = identify_loss(text, OF_SEED)
    words = [told(answer, found) for answer in found.answers]
    for answer in found.answers:
        words += [told(type(answer)(1.0, 1.0, answer.fit, candidates=(one,)), found) for one in answer.candidates]
    assert any(one.claim.startswith(meaning) and one.next_step.startswith(next_step) for one in words)


def test_with_data_the_number_of_classes_is_theirs():
    known = [answer.origin.classes for answer in identify_loss("1.0986", OF_SEED).answers if answer.origin]
    assert known[0] == 3


def test_single_rows_are_tried_in_small_batches_only():
    rng = np.random.default_rng(5)
    for rows, tried in ((20, True), (21, False)):
        data = candidates(rng.normal(0, 1, (rows, 3)), np.eye(3)[rng.integers(0, 3, rows)])
        assert any(candidate.reduction is Reduction.ROW for candidate in data) == tried


def test_candidates_come_best_first():
    ranks = [candidate.rank for candidate in OF_SEED]
    assert ranks == sorted(ranks)
    assert ranks[0] is Rank.USUAL


# nan and infinity on data.


MASKED = [2.0, 1.0, -math.inf]


def causes(text, predictions, targets, kind="logits"):
    """The cause of each answer that the data gives, and the ids of the conventions under it."""
    found = of_data(text, candidates(predictions, targets, kind))
    return [(answer.cause, {convention.id for convention in answer.conventions}) for answer in found]


@pytest.mark.parametrize(
    ("text", "predictions", "targets", "kind", "cause", "ids"),
    [
        ("inf", MASKED, [0, 0, 1], "logits", Cause.MASKED_LABEL, {"numpy_naive", "torch_cross_entropy.index"}),
        ("inf", MASKED, [1, 0, 0], "logits", Cause.SMOOTHED_MASK, {"torch_cross_entropy.index.ls01"}),
        ("inf", [0.5, 0.5, 0], [0, 0, 1], "probabilities", Cause.LOG_ZERO, {"numpy_naive", "torch_nll_of_log"}),
        ("inf", [-800.0, 0], [1, 0], "logits", Cause.LOG_ZERO, {"numpy_naive", "numpy_naive_softmax"}),
        ("inf", np.float16([1, 0.5]), [0, 1], "probabilities", Cause.LOG_ZERO, {"keras_binary_probs"}),
        ("inf", np.float16([-6e4, 6e4]), [1, 0], "logits", Cause.SUM_OVERFLOW, {"torch_cross_entropy.index"}),
        ("nan", MASKED, [1, 0, 0], "logits", Cause.MASKED_CLASS, {"torch_cross_entropy.soft", "numpy_naive"}),
        ("nan", [0.5, 0.5, 0], [1, 0, 0], "probabilities", Cause.ZERO_TIMES_LOG_ZERO, {"numpy_naive"}),
        ("nan", [1000.0, 990], [1, 0], "logits", Cause.EXP_OVERFLOW, {"numpy_naive_softmax"}),
        ("nan", [0.5, 0.5], [0, 0], "probabilities", Cause.ROW_OF_ZEROS, {"scipy_entropy_p"}),
        ("-inf", [0.5, 0.5, 0], [0, 0, 1], "probabilities", Cause.LOG_ZERO_WITHOUT_MINUS, {"mistake_sign"}),
    ],
)
def test_nan_and_infinity_are_told_by_their_cause_with_what_gives_them(text, predictions, targets, kind, cause, ids):
    (lead, found), *others = causes(text, predictions, targets, kind)
    assert lead is cause
    assert ids <= found
    assert all(not CONVENTIONS[each].mistake for each in found - {"mistake_sign"})
    assert lead not in [other for other, _ in others]


def test_a_call_that_skips_targets_of_0_does_not_give_nan():
    assert not any("optax_safe_softmax_xent" in ids for _, ids in causes("nan", MASKED, [1.0, 0, 0]))


def test_a_cause_that_the_data_shows_is_not_told_twice():
    found = identify_loss("nan", candidates([0.5, 0.5, 0], [1.0, 0, 0], "probabilities"))
    told_causes = [answer.cause for answer in found.answers if answer.cause]
    assert told_causes[0] is Cause.ZERO_TIMES_LOG_ZERO
    assert len(set(told_causes)) == len(told_causes) == 7


def test_a_mistake_explains_nan_or_infinity_only_where_the_loss_is_finite_without_it():
    (_, _), (cause, ids) = causes("inf", [0.5, 0.5, 0], [0, 0, 1], "probabilities")
    assert cause is None
    assert ids == {"mistake_clip_discarded"}
    ((cause, ids),) = causes("nan", [1.0, -2.0, 3.0], [1, 0, 0])
    assert ids == {"mistake_logits_as_probabilities"}


def test_a_mistake_that_alone_gives_nan_explains_it_wherever_the_loss_is_infinite():
    assert any("mistake_logits_as_probabilities" in ids for _, ids in causes("nan", [-1.0, 0], [0.5, 0.5]))
