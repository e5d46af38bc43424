"""Which convention gives a number: the digits typed, known fingerprints, and the data it was computed on."""

import contextlib
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from xent_core.conventions import CONVENTIONS, compare
from xent_core.fingerprints import COMMON_SIZES, fingerprints, in_half_precision
from xent_core.identify import candidates, identify_loss, read_number

SEED = np.log([[0.5, 0.2, 0.3], [0.8, 0.1, 0.1]])
FIRST = np.eye(3)[[0, 0]]
OF_SEED = candidates(SEED, FIRST)


def titles(found):
    return [answer.title for answer in found.answers]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("0.153", 0.1525, 0.1535),
        ("0.1530", 0.15295, 0.15305),
        ("100.0", 99.95, 100.05),
        ("2", 1.5, 2.5),
        ("1.2e-7", 1.15e-7, 1.25e-7),
        ("-0.25", -0.255, -0.245),
        (".5", 0.45, 0.55),
        ("12e3", 11_500, 12_500),
    ],
)
def test_the_tolerance_comes_from_the_digits_typed(text, low, high):
    number = read_number(text)
    assert (number.low, number.high) == (pytest.approx(low, rel=1e-8), pytest.approx(high, rel=1e-8))
    assert number.low <= low
    assert number.high >= high


@given(st.floats(1e-6, 1e6), st.integers(1, 12))
def test_every_value_fits_the_number_it_prints_as(value, digits):
    assert read_number(f"{value:.{digits}g}").fits(np.array([value])).all()


def test_digits_beyond_float32_are_not_trusted():
    ln_10_in_float32 = float(np.float32(math.log(10)))
    assert repr(ln_10_in_float32) == "2.3025851249694824"
    assert titles(identify_loss(repr(ln_10_in_float32), num_classes=10))[0] == "ln 10"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("loss: 2.3026", 2.3026),
        ("loss=0.25,", 0.25),
        ("tensor(2.3026, grad_fn=<NllLossBackward0>)", 2.3026),
        ("tensor(0.1990, dtype=torch.float64)", 0.199),
        ("np.float32(0.5)", 0.5),
        ("[1.5e-03]", 0.0015),
        ("−0.5", -0.5),
        ("∞", math.inf),
        ("-Infinity", -math.inf),
        (" 7. ", 7.0),
        ("tensor(2.3026, device='cuda:0', grad_fn=<NllLossBackward0>)", 2.3026),
        ("tensor(0.5, device='mps:0', dtype=torch.float16)", 0.5),
        ("2,3026", 2.3026),
        (" −0,153", -0.153),
        ("1.#INF", math.inf),
        ("-1.#INF000", -math.inf),
    ],
)
def test_a_number_is_read_as_it_stands_in_a_log(text, value):
    assert read_number(text).value == value


@pytest.mark.parametrize(
    "text", ["", "loss", "1 2", "epoch 3: 0.4", "1.2.3", "1,000", "0,1,2", "1e9999", "x" * 10_000, "9" * 500]
)
def test_a_text_without_exactly_one_number_is_refused(text):
    with pytest.raises(ValueError, match="expected") as refused:
        read_number(text)
    assert len(str(refused.value)) < 150


@given(st.text(max_size=300))
def test_no_text_does_worse_than_be_refused(text):
    with contextlib.suppress(ValueError):
        assert identify_loss(text).status in ("identified", "weak", "nothing")


@pytest.mark.parametrize("text", ["1e-400", "0e-999", "-4e-324"])
def test_a_number_that_float64_holds_as_0_or_almost_leaves_an_interval_open(text):
    assert read_number(text).low < read_number(text).high
    assert not identify_loss(text, OF_SEED).answers[1:]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("2.3026", "ln 10"),
        ("6.908", "ln 1,000"),
        ("10.825", "ln 50,257"),
        ("0.5514", "ln(1 + 2/e), the floor of double softmax"),
        ("1.461", "ln(1 + 9/e), the floor of double softmax"),
        ("5.909", "ln(1 + 999/e), the floor of double softmax"),
        ("16.118", "−ln 1e-7"),
        ("18.421", "−ln 1e-8"),
        ("23.026", "−ln 1e-10"),
        ("27.631", "−ln 1e-12"),
        ("34.539", "−ln 1e-15"),
        ("15.942", "−ln float32's machine epsilon"),
        ("36.044", "−ln float64's machine epsilon"),
        ("100.0", "100, PyTorch's ceiling of the binary loss"),
        ("87.337", "−ln of the smallest normal float32"),
        ("103.279", "−ln of the smallest float32"),
        ("0.6931", "ln 2 per entry"),
        ("0.5003", "Floor of label smoothing 0.1 with 10 classes"),
        ("0.19852", "Floor of the binary form with label smoothing 0.1"),
        ("1.1921e-07", "1.19e-7, float32's machine epsilon"),
        ("0.000000", "0"),
    ],
)
def test_a_fingerprint_is_known_without_data(text, title):
    found = identify_loss(text)
    assert found.status == "identified"
    assert title in [origin.title for answer in found.answers for origin in answer.origins]


@given(st.integers(2, 10**9))
def test_of_n_classes_that_are_equally_likely_ln_n_is_found_if_n_is_given(n):
    assert titles(identify_loss(f"{math.log(n):.4f}", num_classes=n))[0] == f"ln {n:,}"


@given(st.integers(2, 1000), st.data())
def test_double_softmax_stays_between_its_two_fingerprints(n, data):
    draw = np.random.default_rng(data.draw(st.integers(0, 99)))
    z, y = draw.normal(0, 10, (1, n)), np.eye(n)[[draw.integers(n)]]
    loss = next(c.loss for c in compare(z, y) if c.convention.id == "torch_double_softmax")
    floor, ceiling = (f.value for f in fingerprints(n) if "double softmax" in f.title)
    assert floor - 1e-12 <= loss <= ceiling + 1e-12


def test_a_floor_of_label_smoothing_is_the_loss_of_the_smoothed_targets_themselves():
    smoothed = np.full((1, 10), 0.01) + 0.9 * np.eye(10)[:1]
    loss = next(c.loss for c in compare(np.log(smoothed), np.eye(10)[:1]) if c.convention.id.endswith("soft.ls01"))
    assert loss == pytest.approx(next(f.value for f in fingerprints(10) if "label smoothing 0.1 with" in f.title))


def test_where_n_is_not_given_only_common_sizes_are_tried():
    assert 57 not in COMMON_SIZES
    assert identify_loss(f"{math.log(57):.4f}").status == "nothing"
    assert identify_loss(f"{math.log(57):.4f}", num_classes=57).status == "identified"


@pytest.mark.parametrize("text", ["nan", "inf", "-inf"])
def test_where_nan_and_infinity_come_from_is_known_without_data(text):
    found = identify_loss(text)
    assert found.status == "identified"
    assert all(source.meaning and source.next_step for source in found.sources)


def test_nan_with_data_is_what_the_data_makes_nan_for_one_reason_each():
    found = identify_loss("nan", candidates([[2.0, 1.0, -math.inf], [0.0, 1.0, 2.0]], [[1.0, 0, 0], [0, 1.0, 0]]))
    origins = [origin for answer in found.answers for origin in answer.origins]
    assert all(origin.reduction == origin.convention.divides_by for origin in origins)
    reasons = {answer.meaning: {convention.id for convention in answer.conventions} for answer in found.answers}
    zero = "A class with target 0 has a probability of exactly 0, and 0 · log 0 is nan."
    assert {"numpy_naive", "torch_cross_entropy.soft", "tf_softmax_xent"} <= reasons[zero]
    assert not any("optax_safe_softmax_xent" in ids for ids in reasons.values())


def test_a_loss_below_0_comes_with_what_makes_losses_negative():
    assert identify_loss("-3.2").sources[0].title == "No minus sign"
    assert identify_loss("3.2").sources == ()


@pytest.mark.parametrize("text", ["0.2", "0.3", "0.55", "0.19"])
def test_the_articles_own_numbers_are_found_on_the_seed_batch_as_base_10(text):
    answers = identify_loss(text, OF_SEED).answers
    assert any(
        origin.base == 10 and origin.convention.form in ("categorical", "Bernoulli")
        for answer in answers
        for origin in answer.origins
        if hasattr(origin, "convention")
    )


def test_with_its_four_digits_the_articles_mean_is_base_10_and_nothing_else():
    (answer,) = identify_loss("0.1990", OF_SEED).answers
    assert answer.conventions[0].id == "mistake_base_10"
    assert answer.origins[0].next_step.startswith("Multiply by ln 10 = 2.3026")
    assert not answer.weak


def test_a_number_with_one_digit_is_weak():
    found = identify_loss("0.2", OF_SEED)
    assert found.status == "weak"
    assert all(answer.weak and answer.chance >= 0.5 for answer in found.answers)


def batches():
    """200 random batches: 1 to 8 rows of 2 to 12 classes, labels or not, logits or probabilities, both precisions."""
    rng = np.random.default_rng(7)
    for index in range(200):
        m, n = int(rng.integers(1, 9)), int(rng.integers(2, 13))
        predictions = rng.normal(0, rng.choice([0.5, 2, 6]), (m, n))
        targets = np.eye(n)[rng.integers(0, n, m)] if index % 3 else rng.dirichlet(np.ones(n), m)
        kind = "logits" if index % 4 else "probabilities"
        if kind == "probabilities":
            predictions = rng.dirichlet(np.ones(n), m)
        yield predictions.astype(np.float32 if index % 5 == 0 else np.float64), targets, kind


def test_every_convention_is_among_the_answers_for_its_own_number_to_four_digits():
    asked, found = dict.fromkeys(CONVENTIONS, 0), dict.fromkeys(CONVENTIONS, 0)
    for predictions, targets, kind in batches():
        known = candidates(predictions, targets, kind)
        losses = {compared.convention.id: compared.loss for compared in compare(predictions, targets, kind)}
        for text in {f"{loss:.4g}" for loss in losses.values()}:
            identified = {c.id for answer in identify_loss(text, known).answers for c in answer.conventions}
            for convention, loss in losses.items():
                asked[convention] += f"{loss:.4g}" == text
                found[convention] += f"{loss:.4g}" == text and convention in identified
    assert min(asked.values()) >= 90
    assert all(found[convention] >= 0.99 * asked[convention] for convention in CONVENTIONS)


def test_a_number_that_fits_nothing_is_not_identified_and_gets_the_nearest_three():
    rng = np.random.default_rng(3)
    values = np.array([candidate.value for candidate in OF_SEED] + [known.value for known in fingerprints(3)])
    for value in rng.uniform(0.01, 30, 300):
        number = read_number(f"{value:.4g}")
        found = identify_loss(number.text, OF_SEED)
        if not number.fits(values).any():
            assert found.status == "nothing"
            assert len(found.nearest) == 3
            distances = [abs(answer.value - number.value) for answer in found.nearest]
            assert distances == sorted(distances)


def test_random_numbers_are_matched_as_often_as_chance_says():
    rng = np.random.default_rng(4)
    # typed near 0.5 with three digits, where the candidates lie most densely
    trials = [identify_loss(f"{value:.3f}", OF_SEED) for value in rng.uniform(0.3, 0.7, 400)]
    matches = sum(len(found.answers) for found in trials)
    width, values = 0.001, {f"{c.value:.6g}" for c in (*OF_SEED, *fingerprints(3)) if 0.3 <= c.value <= 0.7}
    assert matches == pytest.approx(400 * len(values) * width / 0.4, rel=0.25)
    said = [answer.chance for found in trials for answer in found.answers if answer.origins[0].rank == 5]
    assert np.mean(said) == pytest.approx(len(values) * width / 0.4, rel=0.25)


@pytest.mark.parametrize("text", ["0.2", "0.46", "1.2", "0.1990"])
def test_the_chance_of_an_answer_counts_the_values_nearby_that_are_as_plausible(text):
    found = identify_loss(text, OF_SEED)
    number = found.number
    width = number.high - number.low
    reach = max(number.value / 2, 10 * width)
    nearby = [o for o in (*OF_SEED, *fingerprints(3)) if number.value - reach <= o.value <= number.value + reach]
    for answer in found.answers:
        values = {f"{o.value:.6g}" for o in nearby if o.rank <= answer.origins[0].rank}
        assert answer.chance == pytest.approx(len(values) * width / (2 * reach), rel=1e-12)


def test_answers_better_than_chance_come_first_by_rank_and_nearer_ones_among_equals():
    for text in ("0.2", "0.3", "0.46", "1.2"):
        found = identify_loss(text, OF_SEED)
        strong = [answer for answer in found.answers if not answer.weak]
        assert found.answers[: len(strong)] == tuple(strong)
        order = [(answer.origins[0].rank, abs(answer.value - found.number.value)) for answer in strong]
        assert order == sorted(order)


@pytest.mark.parametrize(("text", "value"), [("0.2", 0.19897), ("0.3", 0.30103), ("0.1", 0.09691), ("0.19", 0.18842)])
def test_of_weak_answers_the_simplest_is_first_so_the_article_is_found_as_base_10(text, value):
    best = identify_loss(text, OF_SEED).answers[0]
    assert best.weak
    assert best.value == pytest.approx(value, abs=1e-5)
    assert best.origins[0].base == 10


@pytest.mark.parametrize("value", [math.log(10), math.log(2), math.log1p(2 / math.e)])
def test_a_usual_loss_is_known_as_half_precision_prints_it(value):
    text = str(float(np.float16(value)))
    found = identify_loss(text)
    assert found.status == "identified"
    assert found.answers[0].title.endswith(", in float16")


def test_with_few_digits_half_precision_is_not_tried():
    assert titles(identify_loss("2.2969")) == []


def test_bfloat16_keeps_eight_binary_digits():
    found = {one.title: one.value for one in in_half_precision(fingerprints(10))}
    assert found["ln 10, in bfloat16"] == 2.296875
    assert found["ln 2 per entry, in bfloat16"] == 0.69140625


@pytest.mark.parametrize(("text", "n"), [("2.31", 10), ("10.95", 50_257)])
def test_a_number_just_above_ln_n_is_where_training_starts(text, n):
    nearest = identify_loss(text, num_classes=n).nearest[0]
    assert nearest.title == f"ln {n:,}"
    assert nearest.meaning.startswith("A fresh network starts a little above this")
    assert not identify_loss("2.29", num_classes=10).nearest[0].meaning.startswith("A fresh")


def test_a_usual_loss_below_0_lacks_its_minus_sign():
    found = identify_loss("-2.3026")
    assert titles(found) == ["Minus ln 10"]
    assert found.answers[0].meaning.startswith("The minus sign is missing.")


def test_a_metrics_ceiling_is_not_called_a_dead_gradient():
    for text in ("36.04", "15.9424"):
        (answer,) = identify_loss(text).answers
        assert "gradient" not in answer.origins[0].next_step
        assert answer.origins[0].next_step.startswith("log_loss only measures")


def test_a_row_alone_is_explained_by_itself():
    known = candidates([[0, 0.7, 0.3], [0.8, 0.1, 0.1]], FIRST, "probabilities")
    assert identify_loss("0.2231", known).answers[0].meaning == "The plain cross-entropy of row 2 alone."


@pytest.mark.parametrize("text", ["inf", "nan"])
def test_a_loss_that_the_data_make_infinite_has_something_to_repair(text):
    target = np.eye(3)[[0 if text == "inf" else 1]]
    found = identify_loss(text, candidates([[-math.inf, 0.0, 1.0]], target))
    assert all(answer.origins[0].rank == 0 for answer in found.answers)  # no mistake is needed
    assert found.answers[0].meaning.startswith("A target above 0" if text == "inf" else "A class with target 0")
    assert found.answers[0].origins[0].next_step.startswith("Check the masks against the targets")


@pytest.mark.parametrize(
    ("title", "loss"),
    [
        ("Binary form at 1/5", lambda p, q: -np.sum(p * np.log(q) + (1 - p) * np.log(1 - q))),
        ("Binary form at 1/5, averaged", lambda p, q: -np.mean(p * np.log(q) + (1 - p) * np.log(1 - q))),
        ("ln 5 / 5", lambda p, q: -np.mean(p * np.log(q))),
        ("log₂ 5", lambda p, q: -np.sum(p * np.log2(q))),
    ],
)
def test_the_losses_of_equal_classes_are_those_of_equal_classes(title, loss):
    known = {one.title: one.value for one in fingerprints(5)}
    assert known[title] == pytest.approx(loss(np.eye(5)[0], np.full(5, 0.2)), rel=1e-12)


def test_the_log_loss_that_adds_1e_7_falls_below_0():
    added = -math.log(1 + float(np.float32(1) + np.float32(1e-7)) - 1)
    assert next(one.value for one in fingerprints() if one.title.startswith("−1.19e-7")) == pytest.approx(
        added, rel=1e-6
    )


def test_a_number_halfway_between_two_fits_both():
    number = read_number("0.15")
    assert number.fits(np.array([0.145, 0.155])).all()
    assert not number.fits(np.array([0.1449999, 0.1550001])).any()


def test_the_libraries_that_agree_are_one_answer():
    (answer,) = identify_loss("0.4581", OF_SEED).answers
    assert {convention.library for convention in answer.conventions} == {
        "By hand", "TensorFlow", "Keras", "PyTorch", "JAX and optax", "scikit-learn", "SciPy"
    }  # fmt: skip
    assert answer.meaning == "The plain cross-entropy."


@pytest.mark.parametrize(
    ("text", "meaning", "next_step"),
    [
        ("0.1527", "The mean is taken over all m·n entries", "Sum over the classes first"),
        ("0.9163", "The rows are added up where their mean was meant.", "Divide by the number of rows"),
        ("0.8534", "The binary form is applied to the softmax", "Use the categorical form"),
        ("0.8148", "Softmax is applied twice", "Pass the logits"),
        (
            "0.2203",
            "The plain cross-entropy averaged over all 6 entries, with logarithms to base 2.",
            "Multiply by n = 3",
        ),
        ("0.6931", "The plain cross-entropy of row 1 alone.", "Take the mean over the batch"),
        ("1.2730", "It adds (1 − p) log(1 − q) for every class.", ""),
    ],
)
def test_an_answer_says_what_it_means_and_what_to_do(text, meaning, next_step):
    origins = [origin for answer in identify_loss(text, OF_SEED).answers for origin in answer.origins]
    assert any(o.meaning.startswith(meaning) and o.next_step.startswith(next_step) for o in origins)


def test_every_answer_has_a_title_a_meaning_and_a_next_step():
    for origin in (*OF_SEED, *fingerprints(), *fingerprints(5), *identify_loss("nan").sources):
        assert origin.title
        assert origin.meaning.endswith(".")
        assert origin.next_step.endswith(".")


def test_with_data_the_number_of_classes_is_theirs():
    assert titles(identify_loss("1.0986", OF_SEED))[0] == "ln 3"
    assert "ln 10" not in titles(identify_loss("2.3026", OF_SEED))


def test_single_rows_are_tried_in_small_batches_only():
    rng = np.random.default_rng(5)
    for rows, tried in ((20, True), (21, False)):
        known = candidates(rng.normal(0, 1, (rows, 3)), np.eye(3)[rng.integers(0, 3, rows)])
        assert any(candidate.reduction == "row" for candidate in known) == tried


@pytest.mark.parametrize("num_classes", [0, -1, 2.5, 10**9 + 1])
def test_a_number_of_classes_out_of_range_is_refused(num_classes):
    with pytest.raises(ValueError, match="num_classes"):
        identify_loss("1.0", num_classes=num_classes)
