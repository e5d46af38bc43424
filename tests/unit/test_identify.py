"""Which convention gives a number: the digits typed, known fingerprints, and the data it was computed on."""

import contextlib
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given

from xent_core.conventions import CONVENTIONS, compare
from xent_core.fingerprints import COMMON_SIZES, fingerprints
from xent_core.identify import candidates, identify_loss
from xent_core.losses import bernoulli_cross_entropy, categorical_cross_entropy
from xent_core.typed_number import read_number

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
@example(1.5e-5, 1)  # "2e-05": in floating point 2e-5 − 0.5e-5 is above 1.5e-5
def test_every_value_fits_the_number_it_prints_as(value, digits):
    assert read_number(f"{value:.{digits}g}").fits(np.array([value])).all()


def test_a_number_halfway_between_two_fits_both():
    number = read_number("0.15")
    assert number.fits(np.array([0.145, 0.155])).all()
    assert not number.fits(np.array([0.1449999, 0.1550001])).any()


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
        ("tensor(2.3026, device='cuda:0', grad_fn=<NllLossBackward0>)", 2.3026),
        ("tensor(2.3026, device='mps:0')", 2.3026),
        ("tensor(2.3026, device='cuda:0', dtype=torch.float64)", 2.3026),
        ("<tf.Tensor: shape=(1,), dtype=float32, numpy=array([2.3026], dtype=float32)>", 2.3026),
        ("2,3026", 2.3026),
        ("loss: −0,25", -0.25),
        ("0,153", 0.153),
        ("1,5e-3,", 0.0015),
        ("1.#INF", math.inf),
        ("loss = -1.#INF00", -math.inf),
        ("np.float32(0.5)", 0.5),
        ("[1.5e-03]", 0.0015),
        ("−0.5", -0.5),
        ("∞", math.inf),
        ("-Infinity", -math.inf),
        (" 7. ", 7.0),
    ],
)
def test_a_number_is_read_as_it_stands_in_a_log(text, value):
    assert read_number(text).value == value


@pytest.mark.parametrize("text", ["1.#QNAN", "-1.#IND", "1.#SNAN00", "-nan", "-nan(ind)", "NaN"])
def test_nan_is_read_as_any_system_writes_it(text):
    assert math.isnan(read_number(text).value)


def test_a_comma_that_may_divide_the_thousands_is_refused_by_name():
    with pytest.raises(ValueError, match="2,302: expected a decimal point, for this may be 2302 as well"):
        read_number("loss 2,302")


@pytest.mark.parametrize(
    "text",
    [
        *("", "loss", "1 2", "epoch 3: 0.4", "1.2.3", "1,000", "1e9999", "x" * 10_000, "9" * 500),
        *("1,2,3", "[1,2]", "1.5,2", "1,2.5", "1, 2", "loss=0,5,1", "device='cuda:0'"),
    ],
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


@given(st.integers(2, 1000))
def test_fingerprints_of_equal_probabilities_are_the_losses_of_equal_probabilities(n):
    q, p = np.full(n, 1 / n), np.eye(n)[0]
    binary = bernoulli_cross_entropy(q, p)
    known = {fingerprint.title: fingerprint.value for fingerprint in fingerprints(n)}
    assert known[f"Binary form at 1/{n:,}"] == pytest.approx(binary, rel=1e-12)
    assert known[f"Binary form at 1/{n:,}, averaged"] == pytest.approx(binary / n, rel=1e-12)
    assert known[f"log₂ {n:,}"] == pytest.approx(categorical_cross_entropy(q, p, base=2), rel=1e-12)
    assert known[f"ln {n:,} / {n:,}"] == pytest.approx(categorical_cross_entropy(q, p) / n, rel=1e-12)


@pytest.mark.parametrize(
    ("convention", "dtype"),
    [("keras_categorical_probs", "f4"), ("keras_categorical_probs", "f8"), ("tf_compat_v1_log_loss", "f4")],
)
def test_a_perfect_prediction_costs_what_the_fingerprints_say(convention, dtype):
    right = np.eye(3, dtype=dtype)
    (loss,) = (c.loss for c in compare(right, right, "probabilities") if c.convention.id == convention)
    found = identify_loss(f"{loss:.4g}", num_classes=3)
    assert (loss < 0) == (convention == "tf_compat_v1_log_loss")
    assert found.answers[0].meaning.startswith("Every prediction is right and sure")
    assert found.answers[0].value == pytest.approx(loss, rel=1e-5)


@pytest.mark.parametrize("text", ["36.04", "15.9424", "34.539"])
def test_at_the_ceiling_of_a_metric_nobody_is_told_to_train_on_another_loss(text):
    step = identify_loss(text).answers[0].origins[0].next_step
    assert step.startswith("log_loss only measures: the model gave a true class the probability 0.")
    assert "gradient" not in step


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("2.3027344", "ln 10, in float16"),
        ("2.3027", "ln 10, in float16"),
        ("0.693359375", "ln 2, in float16"),
        ("2.296875", "ln 10, in bfloat16"),
        ("0.69140625", "ln 2, in bfloat16"),
        ("1.4609", "ln(1 + 9/e), the floor of double softmax, in float16"),
    ],
)
def test_a_fingerprint_is_known_in_half_precision_and_said_to_be(text, title):
    best = identify_loss(text).answers[0]
    assert best.title == title
    assert f"It was computed in {title.rsplit(' ', 1)[1]}, which holds" in best.meaning


@pytest.mark.parametrize("text", ["2.3", "2.297"])
def test_half_precision_needs_digits_that_tell_it_apart(text):
    assert not any(" in float16" in o.title or " in bfloat16" in o.title for o in identify_loss(text).tried)


@pytest.mark.parametrize("text", ["2.31", "2.34", "2.38"])
def test_slightly_above_ln_n_is_where_a_fresh_network_starts(text):
    best, *others = identify_loss(text, num_classes=10).nearest
    assert best.title == "ln 10"
    assert best.meaning.startswith("A fresh network starts a little above this")
    assert "fresh" not in others[0].meaning + others[1].meaning


@pytest.mark.parametrize(("text", "num_classes"), [("2.29", 10), ("2.42", 10)])
def test_below_ln_n_or_far_above_it_is_not(text, num_classes):
    found = identify_loss(text, num_classes=num_classes)
    assert not any("fresh" in answer.meaning for answer in found.nearest)


def test_gpt_2_starts_where_a_fresh_network_does():
    assert "fresh network" in identify_loss("10.95").nearest[0].meaning


@pytest.mark.parametrize(
    ("text", "title"), [("-2.3026", "Minus ln 10"), ("-16.118", "ln 1e-7"), ("-0.6931", "Minus ln 2")]
)
def test_a_known_loss_with_its_sign_turned_is_told_as_such(text, title):
    found = identify_loss(text)
    assert found.answers[0].title == title
    assert found.answers[0].meaning.startswith("The minus sign is missing, or the loss is maximised.")
    assert found.answers[0].origins[0].next_step.startswith("Put a minus sign before the sum.")
    assert found.sources[0].title == "No minus sign"


def test_where_n_is_not_given_only_common_sizes_are_tried():
    assert 57 not in COMMON_SIZES
    assert identify_loss(f"{math.log(57):.4f}").status == "nothing"
    assert identify_loss(f"{math.log(57):.4f}", num_classes=57).status == "identified"


@pytest.mark.parametrize("text", ["nan", "inf", "-inf"])
def test_where_nan_and_infinity_come_from_is_known_without_data(text):
    found = identify_loss(text)
    assert found.status == "identified"
    assert all(source.meaning and source.next_step for source in found.sources)


MASKED = [2.0, 1.0, -math.inf]


def told(text, predictions, targets, kind="logits"):
    """The titles of what leads each answer and the ids of the conventions under it."""
    found = identify_loss(text, candidates(predictions, targets, kind))
    return [(a.origins[0], {convention.id for convention in a.conventions}) for a in found.answers]


@pytest.mark.parametrize(
    ("text", "predictions", "targets", "kind", "title", "ids"),
    [
        ("inf", MASKED, [0, 0, 1], "logits", "A masked label", {"numpy_naive", "torch_cross_entropy.index"}),
        ("inf", MASKED, [1, 0, 0], "logits", "Label smoothing over a mask", {"torch_cross_entropy.index.ls01"}),
        ("inf", [0.5, 0.5, 0], [0, 0, 1], "probabilities", "log 0", {"numpy_naive", "torch_nll_of_log"}),
        ("inf", [-800.0, 0], [1, 0], "logits", "log 0", {"numpy_naive", "numpy_naive_softmax"}),
        ("inf", np.float16([1, 0.5]), [0, 1], "probabilities", "log 0", {"keras_binary_probs"}),
        ("inf", np.float16([-6e4, 6e4]), [1, 0], "logits", "Overflow", {"torch_cross_entropy.index"}),
        ("nan", MASKED, [1, 0, 0], "logits", "A masked class", {"torch_cross_entropy.soft", "numpy_naive"}),
        ("nan", [0.5, 0.5, 0], [1, 0, 0], "probabilities", "0 · log 0", {"numpy_naive", "optax_kl_divergence"}),
        ("nan", [1000.0, 990], [1, 0], "logits", "Overflow", {"numpy_naive_softmax"}),
        ("nan", [0.5, 0.5], [0, 0], "probabilities", "A row of zeros", {"scipy_entropy_p"}),
        ("-inf", [0.5, 0.5, 0], [0, 0, 1], "probabilities", "log 0 without the minus", {"mistake_sign"}),
    ],
)
def test_nan_and_infinity_are_told_by_their_source_with_what_gives_them(text, predictions, targets, kind, title, ids):
    (lead, found), *others = told(text, predictions, targets, kind)
    assert lead.title == title
    assert ids <= found
    assert all(not CONVENTIONS[each].mistake for each in found - {"mistake_sign"})
    assert not any(lead.title == other.title for other, _ in others)


def test_a_call_that_skips_targets_of_0_does_not_give_nan():
    assert not any("optax_safe_softmax_xent" in ids for _, ids in told("nan", MASKED, [1.0, 0, 0]))


def test_a_source_that_leads_an_answer_is_not_among_the_others():
    found = identify_loss("nan", candidates([0.5, 0.5, 0], [1.0, 0, 0], "probabilities"))
    assert found.answers[0].title == "0 · log 0"
    assert {source.title for source in identify_loss("nan").sources} - {s.title for s in found.sources} == {"0 · log 0"}


def test_a_mistake_explains_nan_or_infinity_only_where_the_loss_is_finite_without_it():
    (_, _), (lead, ids) = told("inf", [0.5, 0.5, 0], [0, 0, 1], "probabilities")
    assert ids == {"mistake_clip_discarded"}
    assert lead.next_step.startswith("Use what clip_by_value returns")
    ((lead, ids),) = told("nan", [1.0, -2.0, 3.0], [1, 0, 0])
    assert ids == {"mistake_logits_as_probabilities"}
    assert lead.next_step.startswith("Take the softmax first")


def test_a_mistake_that_alone_gives_nan_explains_it_wherever_the_loss_is_infinite():
    assert any("mistake_logits_as_probabilities" in ids for _, ids in told("nan", [-1.0, 0], [0.5, 0.5]))


def test_a_loss_below_0_comes_with_what_makes_losses_negative():
    assert identify_loss("-3.2").sources[0].title == "No minus sign"
    assert identify_loss("3.2").sources == ()


@pytest.mark.parametrize("kind", ["logits", "probabilities"])
@pytest.mark.parametrize(
    ("text", "reduction", "form"),
    [
        ("0.2", "rows", "categorical"),
        ("0.3", "row", "categorical"),
        ("0.1", "row", "categorical"),
        ("0.55", "row", "Bernoulli"),
        ("0.19", "row", "Bernoulli"),
    ],
)
def test_the_articles_own_numbers_are_base_10_in_one_of_the_two_best_answers(text, reduction, form, kind):
    known = OF_SEED if kind == "logits" else candidates(np.exp(SEED), FIRST, kind)
    first, *second = identify_loss(text, known).answers[:2]
    assert text == "0.55" or first.origins[0].base == 10
    best = [answer.origins[0] for answer in (first, *second)]
    assert (10, reduction, form) in [(o.base, o.reduction, o.convention.form) for o in best]


def test_among_answers_no_better_than_chance_plain_forms_come_first_and_the_nearest_of_them():
    for text in ("0.1", "0.2", "0.3", "0.5", "1", "2"):
        found = identify_loss(text, OF_SEED)
        weak = [answer for answer in found.answers if answer.weak]
        plain = [any(getattr(o, "is_plain", o.rank == 0) for o in answer.origins) for answer in weak]
        assert plain == sorted(plain, reverse=True)
        order = [
            (min(o.rank for o in a.origins), abs(a.value - found.number.value))
            for a, is_plain in zip(weak, plain, strict=True)
            if is_plain
        ]
        assert order == sorted(order)


def test_answers_better_than_chance_come_before_those_that_are_not():
    weak = [answer.weak for answer in identify_loss("0.55", OF_SEED).answers]
    assert weak == sorted(weak)
    assert not weak[0]
    assert weak[-1]


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
    nearby = [o for o in found.tried if number.value - reach <= o.value <= number.value + reach]
    for answer in found.answers:
        as_plausible = {f"{o.value:.6g}" for o in nearby if o.rank <= answer.origins[0].rank}
        assert f"{answer.value:.6g}" in as_plausible
        assert answer.chance == pytest.approx(len(as_plausible) * width / (2 * reach), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "num_classes", "chance"), [("2.3", 10, 0.1 / 2.3), ("0.69", 2, 0.01 / 0.69), ("100.0", None, 0.1 / 100)]
)
def test_a_value_without_neighbours_is_met_by_chance_as_often_as_its_digits_leave_room(text, num_classes, chance):
    (answer,) = identify_loss(text, num_classes=num_classes).answers
    assert answer.chance == pytest.approx(chance, rel=1e-6)
    assert not answer.weak


@pytest.mark.parametrize(("text", "known"), [("2.3026", ()), ("16.118", ()), ("0.1527", OF_SEED)])
def test_four_digits_of_a_known_loss_are_far_better_than_chance(text, known):
    assert identify_loss(text, known).answers[0].chance < 0.002


@pytest.mark.parametrize(("decimals", "num_classes", "most"), [(3, None, 30), (4, None, 6), (4, 10, 1)])
def test_numbers_drawn_at_random_are_hardly_ever_identified(decimals, num_classes, most):
    drawn = np.random.default_rng(8).uniform(0.3, 13, 1000)
    found = [identify_loss(f"{value:.{decimals}f}", num_classes=num_classes).status for value in drawn]
    assert found.count("identified") <= most


def test_answers_better_than_chance_are_sorted_by_what_is_usual():
    for text in ("0.153", "0.46", "1.273", "0.55"):
        strong = [answer for answer in identify_loss(text, OF_SEED).answers if not answer.weak]
        ranks = [min(origin.rank for origin in answer.origins) for answer in strong]
        assert strong
        assert ranks == sorted(ranks)


def test_a_row_alone_is_explained_by_that_row():
    known = candidates([[0, 0.7, 0.3], [0.8, 0.1, 0.1]], FIRST, "probabilities")
    best = identify_loss("0.2231", known).answers[0]
    assert best.meaning == "The plain cross-entropy of row 2 alone."
    clipped = [o for o in known if o.convention.id == "tf1_manual_clip_persample" and o.reduction == "row"]
    meanings = {o.row: o.meaning for o in clipped if o.base == math.e}
    assert meanings[0] == "It counts probabilities below 1e-10 as 1e-10. Here of row 1 alone."
    assert meanings[1] == "The plain cross-entropy of row 2 alone."


def test_among_origins_of_one_value_the_plain_form_leads():
    for text in ("0.4581", "0.6931", "0.30103", "1.2730"):
        lead = identify_loss(text, OF_SEED).answers[0].origins[0]
        assert lead.is_plain
        assert not set(dict(lead.convention.constants)) - {"base", "log low"}


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
