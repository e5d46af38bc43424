"""From a number to ranked answers: the numbers of real logs, what chance gives, and what is known beside a number."""

import contextlib
import io
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xent_core.conventions import compare
from xent_core.identify import Context, Measure, Moment, Precision, Status, identify_loss
from xent_core.identify import words as in_words
from xent_core.identify.causes import Cause
from xent_core.identify.decode import decode
from xent_core.identify.number import read_number
from xent_core.identify.origins import Kind
from xent_core.identify.programs import program
from xent_core.identify.sizes import SIZES, is_common
from xent_core.libraries.convention import Library
from xent_core.losses import bernoulli_cross_entropy, categorical_cross_entropy

BITS, PERPLEXITY = Context(measure=Measure.BITS), Context(measure=Measure.PERPLEXITY)


def title(text, context=Context()):  # noqa: B008 (frozen)
    """The first answer in a few words; empty where nothing is known."""
    found = identify_loss(text, (), context)
    return in_words.told(found.answers[0], found).title if found.answers else ""


FIRST_ANSWERS = [
    # What people asked about in public threads, and what it was.
    ("6.9063", Context(accuracy=0.001), "about ln 1,000"),
    ("6.90727", Context(), "about ln 1,000"),
    ("6.90977", Context(accuracy=0.001), "about ln 1,000"),
    ("2.30258", Context(), "ln 10"),
    ("2.30264", Context(), "about ln 10"),
    ("87.3365", Context(accuracy=0.1), "−ln 1.18e-38"),
    ("87.3365", Context(accuracy=1.0), "−ln 1.18e-38"),
    ("16.11809539794922", Context(), "−ln 1e-7"),
    ("26.12726483737188", Context(), ""),
    ("14.506287", Context(), "0.9 × 16.1181"),
    ("287.1078", Context(), "A gap between logits"),
    (".693", Context(), "ln 2"),
    (".6932", Context(), "about ln 2"),
    (".69", Context(), "ln 2"),
    ("1.39", Context(), "ln 4"),
    ("16", Context(), "−ln 1e-7"),
    (".5514", Context(), "ln(1 + 2/e), the floor of double softmax"),
    (".7437", Context(), "ln(1 + 3/e), the floor of double softmax"),
    ("1.46115", Context(), "ln(1 + 9/e), the floor of double softmax"),
    ("3.62221", Context(), "ln(1 + 99/e), the floor of double softmax"),
    ("5.90947", Context(), "ln(1 + 999/e), the floor of double softmax"),
    ("nan", Context(zero_beside=True), "The mean of nothing"),
    ("-2.2593", Context(), "No minus sign"),
    ("11.6250", Context(), "a multiple of 1/16, bfloat16’s step there"),
    ("9.3750", Context(), "a multiple of 1/16, bfloat16’s step there"),
    ("4.8438", Context(), "a multiple of 1/32, bfloat16’s step there"),
    ("11.6275", Context(), ""),
    ("2.70805", Context(), "ln 15"),
    ("33.271", Context(), "4 · ln 4,096"),
    ("1.52118264e11", Context(), "A gap between logits"),
    ("1.0598", Context(), ""),
    (".6053", Context(), ""),
    ("-1.0001e-12", Context(), "−1e-12, what is left of 0"),
    ("100", Context(), "100"),
    ("15.942385", Context(), "−ln 1.19e-7"),
    ("23.025851", Context(), "−ln 1e-10"),
    ("27.631", Context(), "−ln 1e-12"),
    ("34.5388", Context(), "−ln 1e-15"),
    ("36.0437", Context(), "−ln 2.22e-16"),
    ("1.1920929e-07", Context(), "1.19e-7, what is left of 0"),
    ("10.5949", Context(), ""),
    # What a practitioner typed to try the page.
    ("0.6931", Context(), "ln 2"),
    ("2.302", Context(), "ln 10"),
    ("2.303", Context(), "ln 10"),
    ("10.82", Context(), "ln 50,257"),
    ("10.8249", Context(), "ln 50,257"),
    ("10.95", Context(), "about ln 50,257"),
    ("4.605", Context(), "ln 100"),
    ("4.605", Context(classes=100), "ln 100"),
    ("11.76", Context(), "ln 128,000"),
    ("11.7618", Context(), "ln 128,256"),
    ("50257", PERPLEXITY, "the perplexity of 50,257 equally likely classes"),
    ("50257", Context(), "the perplexity of 50,257 equally likely classes"),
    ("-0.83", Context(), "No minus sign"),
    ("1.0986", Context(), "ln 3"),
    ("0.000335", Context(), ""),
    ("6.9", Context(), "ln 1,000"),
    ("1.386", Context(), "ln 4"),
    ("nan", Context(precision=Precision.FLOAT16), "Overflow"),
    ("0.97", BITS, ""),
    ("18.42", Context(), "−ln 1e-8"),
    ("18.42", Context(batch=8), "8 · ln 10"),
    ("18.42", Context(classes=10), "−ln 1e-8"),
    ("18.42", Context(classes=10, batch=8), "8 · ln 10"),
    ("14.5063", Context(), "0.9 × 16.1181"),
    ("8.0590", Context(), "0.5 × 16.1181"),
    ("7.9712", Context(), "0.5 × 15.9424"),
    ("50.0", Context(), "0.5 × 100"),
    ("15.4249", Context(), "−ln 2e-7"),
    ("15.3332", Context(), "−ln 2.19e-7"),
    ("3.2958", Context(), "ln 27"),
    ("4.1744", Context(), "ln 65"),
    ("5.545", Context(), "ln 256"),
    ("5.545", Context(classes=2), "8 · ln 2"),
    ("6.2383", Context(), "ln 512"),
    ("8.3178", Context(), "ln 4,096"),
    ("9.0109", Context(), "ln 8,192"),
    ("3.0445", Context(), "ln 21"),
    ("4.615", Context(), "ln 101"),
    ("5.01", Context(), "ln 150"),
    ("2.3026", Context(), "ln 10"),
    ("0.6932", Context(), "about ln 2"),
    ("99.99", Context(), ""),
    ("6.9315", Context(), "ln 1,024"),
    ("6.9315", Context(classes=2), "10 · ln 2"),
    ("543.4272", Context(), "784 · ln 2"),
    ("9.992007221626413e-16", Context(), "9.99e-16, what is left of 0"),
    ("2.220446049250313e-16", Context(), "2.22e-16, what is left of 0"),
    ("6.91", Context(accuracy=0.001), "ln 1,000"),
    ("0.1733", Context(), "(1 − 1/2)^2 · ln 2, a focal loss at its start"),
    ("1.4609", Context(), "ln(1 + 9/e), the floor of double softmax, in bfloat16"),
]


@pytest.mark.parametrize(("text", "context", "first"), FIRST_ANSWERS, ids=lambda value: str(value)[:40])
def test_the_numbers_of_real_logs_are_answered_rightly_or_said_to_be_nothing(text, context, first):
    assert title(text, context) == first


@pytest.mark.parametrize(
    ("text", "context", "first"),
    [
        ("13.8155", Context(accuracy=0.1429), "6/7 × 16.1181"),
        ("15.1107", Context(batch=16), "15/16 × 16.1181"),
        ("4.0295", Context(), "0.25 × 16.1181"),
        ("78.6029", Context(accuracy=0.1), "0.9 × 87.3365"),
        ("36.8414", Context(classes=10, batch=16), "16 · ln 10"),
        ("0.2303", Context(classes=10), "ln 10 / 10"),
        ("0.07196", Context(classes=10, batch=32), "ln 10 / 32"),
        ("21.6498", Context(accumulation=2, classes=50257), "2 · ln 50,257"),
        ("21.0899", Context(accumulation=2, classes=32000), "2 · about ln 32,000"),
        ("1.1513", Context(accumulation=2, classes=10), "ln 10 / 2"),
        ("4.7549", BITS, "log₂ 27"),
        ("8.0000", BITS, "log₂ 256"),
        ("6.0224", Context(), "log₂ 65"),
        ("1.0000", Context(classes=10), "log₁₀ 10"),
        ("27.0", PERPLEXITY, "the perplexity of 27 equally likely classes"),
        ("2.0794", Context(), "ln 8"),
        ("1.3863", Context(), "ln 4"),
        ("1.3863", Context(classes=2), "the binary form at 1/2"),
        ("6.2364", Context(), "ln 511"),
        ("11.0904", Context(), "ln 65,537"),
        ("5.2933", Context(batch=100), "ln 199"),
        ("6.8024", Context(batch=900), "ln 900"),
        ("11.0193", Context(), "ln 30,522 + ln 2"),
        ("-2.3026", Context(), "−ln 10"),
        ("-16.118", Context(), "−(−ln 1e-7)"),
        ("2.296875", Context(), "ln 10, in bfloat16"),
        ("2.3027344", Context(), "ln 10, in float16"),
        ("0.5003", Context(), "the floor of label smoothing 0.1 with 10 classes"),
        (
            "0.5448",
            Context(smoothing=0.1, classes=10),
            "the floor of label smoothing 0.1 with 10 classes, spread over the ",
        ),
        ("0.19852", Context(), "the floor of the binary form with label smoothing 0.1"),
        ("0.3133", Context(), "ln(1 + 1/e), the floor of double softmax"),
        ("3.2508", Context(classes=10), "the binary form at 1/10"),
        ("0.32508", Context(classes=10), "the binary form at 1/10 / 10"),
        ("103.279", Context(), "−ln 1.4e-45"),
        ("6.93147", Context(classes=2), "10 · ln 2"),
        ("3.7612", Context(), "ln 43"),
        ("5.7038", Context(), "ln 300"),
        ("6.0234", Context(), "ln 413"),
    ],
)
def test_shares_sums_means_floors_and_measures_are_decoded(text, context, first):
    assert title(text, context).startswith(first)


@given(st.integers(2, 10**6))
def test_any_whole_number_of_classes_is_found_if_it_is_known(n):
    found = identify_loss(f"{math.log(n):.4f}", (), Context(classes=n))
    assert found.answers[0].origin.classes == n
    assert found.answers[0].origin.kind in (Kind.UNIFORM, Kind.HALF)


@given(st.integers(2, 400))
def test_any_whole_number_of_classes_is_the_first_answer_from_six_decimals(n):
    found = identify_loss(f"{math.log(n):.6f}")
    uniform = [a.origin for a in found.answers if a.origin and a.origin.kind in (Kind.UNIFORM, Kind.HALF)]
    assert any(origin.nats == pytest.approx(math.log(n)) or origin.classes == n for origin in uniform)


@given(st.integers(1, 128), st.data())
def test_k_of_a_known_batch_at_the_ceiling_are_counted(batch, data):
    wrong = data.draw(st.integers(1, batch))
    found = identify_loss(f"{16.11809565 * wrong / batch:.4f}", (), Context(batch=batch))
    shares = [answer.origin.share for answer in found.answers if answer.origin and answer.origin.ceiling]
    assert any(share * batch == wrong for share in shares)


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (0, 5), (0.3, 13), (0, 20)], ids=["below 1", "below 5", "0.3 to 13", "below 20"]
)
def test_of_500_random_numbers_with_four_decimals_at_most_1_percent_are_called_identified(seed, low, high):
    drawn = np.random.default_rng(seed).uniform(low, high, 500)
    statuses = [identify_loss(f"{value:.4f}").status for value in drawn]
    assert statuses.count(Status.IDENTIFIED) + statuses.count(Status.SEVERAL) <= 5


@pytest.mark.parametrize(
    ("text", "first"), [("2.3026", Status.IDENTIFIED), ("2.3", Status.POSSIBLE), ("2", Status.NOTHING)]
)
def test_the_fewer_digits_are_typed_the_less_is_known(text, first):
    assert identify_loss(text).status is first


def test_chance_is_told_as_often_as_it_is_met():
    """Of numbers drawn at random, a share of c meets something whose chance is told as c or less."""
    drawn = np.random.default_rng(5).uniform(1, 12, 2000)
    first = [next(iter(identify_loss(f"{x:.4f}").answers), None) for x in drawn]
    chances = [1.0 if answer is None or answer.is_near else answer.chance for answer in first]
    for chance in (0.01, 0.05):
        assert np.mean(np.array(chances) <= chance) < 1.5 * chance


def test_probabilities_fall_and_sum_to_at_most_1():
    for text in ("2.3", "0.69", "14.5", "11.76", "18.42"):
        told = [answer.probability for answer in identify_loss(text).answers if answer.origin]
        assert told == sorted(told, reverse=True)
        assert sum(told) <= 1 + 1e-12


def test_ln_10_goes_before_the_share_of_a_ceiling_that_has_the_same_value():
    assert -math.log(1e-7) / 7 == pytest.approx(math.log(10))
    assert title("2.302585") == "ln 10"


@pytest.mark.parametrize("text", ["2.31", "2.34", "2.38"])
def test_a_little_above_ln_n_is_where_a_fresh_network_starts(text):
    found = identify_loss(text, (), Context(classes=10))
    assert found.status is Status.START
    assert "where a fresh network starts" in in_words.verdict(found)


@pytest.mark.parametrize("text", ["2.29", "2.52", "1.9"])
def test_below_ln_n_or_far_above_it_is_no_start(text):
    assert identify_loss(text, (), Context(classes=10)).status is not Status.START


@pytest.mark.parametrize(
    ("text", "context", "sentence"),
    [
        ("1000.2", PERPLEXITY, "0.2 above 1,000, the perplexity of 1,000 equally likely classes, within the noise"),
        ("53000", PERPLEXITY, "2,743 above 50,257, the perplexity of 50,257 equally likely classes, where a fresh"),
        ("14.961", BITS, "0.0048 below log₂ 32,000 = 14.9658, within the noise"),
        ("21.66", Context(accumulation=2, classes=50257), "0.01 above 2 · ln 50,257 = 21.6498, within the noise"),
        ("-4.606", Context(), "0.00083 below −ln 100 = −4.60517, within the noise"),
        ("2.34", Context(classes=10), "0.037 above ln 10 = 2.30259, where a fresh network starts"),
    ],
)
def test_what_lies_near_a_start_is_told_in_one_sentence_and_its_own_unit(text, context, sentence):
    found = identify_loss(text, (), replace(context, moment=Moment.FIRST))
    assert found.status is Status.START
    assert f" lies {sentence}" in in_words.verdict(found)


@pytest.mark.parametrize(
    ("text", "context", "first"),
    [
        ("23.2535", BITS, "−log₂ 1e-7"),
        ("20.9281", BITS, "0.9 × 23.2535"),
        ("129.843", BITS, "0.9 × 144.27"),
    ],
)
def test_a_ceiling_is_told_in_the_base_of_the_loss(text, context, first):
    found = identify_loss(text, (), context)
    assert in_words.told(found.answers[0], found).title == first
    assert first.removeprefix("0.9 × ") in in_words.verdict(found)


def test_the_entropy_of_a_base_rate_is_told_as_such():
    for text, rate in (("0.6365", "1 positive in 3"), ("0.5623", "1 positive in 4"), ("0.325083", "1 positive in 10")):
        found = identify_loss(text)
        assert rate in in_words.told(found.answers[0], found).more


def test_a_librarys_own_ceiling_is_in_nats():
    assert identify_loss("7.0000").answers[0].origin.ceiling is None


def test_the_first_number_of_a_log_is_more_likely_a_start():
    unknown, first = (identify_loss("10.9886", (), Context(moment=moment)) for moment in (Moment.UNKNOWN, Moment.FIRST))
    assert unknown.status is Status.NOTHING
    assert first.status is Status.START


def test_what_is_near_and_does_not_fit_is_told_as_such():
    found = identify_loss("99.99")
    assert found.status is Status.NOTHING
    (origin,) = found.near
    assert in_words.distance(origin, found) == "100, 1.0 units of the last digit above 99.99"
    assert in_words.verdict(found) == "Nothing known gives 99.99, though 100 is near."


def test_nothing_far_away_is_told():
    for text in ("0.153", "26.1273", "10.5949"):
        assert identify_loss(text).near == ()


@given(st.floats(-1e300, 1e300) | st.floats(-30, 30), st.integers(1, 12))
def test_every_known_value_that_is_an_answer_prints_as_the_number(value, digits):
    number = read_number(f"{value:.{digits}g}")
    for answer in identify_loss(number.text).answers:
        if answer.origin and not answer.is_near:
            low, high = number.reach
            assert low <= answer.value <= high


# Against something else: the losses themselves.


@given(st.integers(2, 1000), st.data())
def test_double_softmax_stays_between_its_floor_and_its_ceiling(n, data):
    draw = np.random.default_rng(data.draw(st.integers(0, 99)))
    z, y = draw.normal(0, 10, (1, n)), np.eye(n)[[draw.integers(n)]]
    loss = next(c.loss for c in compare(z, y) if c.convention.id == "torch_double_softmax")
    assert math.log1p((n - 1) / math.e) - 1e-12 <= loss <= math.log(math.e + n - 1) + 1e-12


@pytest.mark.parametrize("n", [2, 3, 10, 57, 1000])
def test_values_of_equal_probabilities_are_the_losses_of_equal_probabilities(n):
    q, p, context = np.full(n, 1 / n), np.eye(n)[0], Context(classes=n)
    binary = float(bernoulli_cross_entropy(q, p))
    for value in (binary, binary / n) if n > 2 else (binary,):
        assert Kind.BINARY_UNIFORM in {origin.kind for origin in decode(read_number(f"{value:.9g}"), context)}
    for base in (2, 10):
        text = f"{float(categorical_cross_entropy(q, p, base=base)):.9g}"
        assert n in {origin.classes for origin in decode(read_number(text), context)}


def test_a_floor_of_label_smoothing_is_the_loss_of_the_smoothed_targets_themselves():
    smoothed = np.full((1, 10), 0.01) + 0.9 * np.eye(10)[:1]
    loss = next(c.loss for c in compare(np.log(smoothed), np.eye(10)[:1]) if c.convention.id.endswith("soft.ls01"))
    assert title(f"{loss:.6f}") == "the floor of label smoothing 0.1 with 10 classes"


@pytest.mark.parametrize(
    ("convention", "dtype"),
    [("keras_categorical_probs", "f4"), ("keras_categorical_probs", "f8"), ("tf_compat_v1_log_loss", "f4")],
)
def test_a_perfect_prediction_costs_what_the_floors_say(convention, dtype):
    right = np.eye(3, dtype=dtype)
    (loss,) = (c.loss for c in compare(right, right, "probabilities") if c.convention.id == convention)
    floors = [a.value for a in identify_loss(f"{loss:.4g}").answers if a.origin and a.origin.kind is Kind.FLOOR]
    assert min(abs(floor - loss) for floor in floors) < 1e-5 * abs(loss)


NUMBERS = [text for text, context, first in FIRST_ANSWERS if first and context.measure is Measure.NATS]


@pytest.mark.parametrize("text", NUMBERS)
def test_the_program_of_an_answer_prints_its_value(text):
    found = identify_loss(text)
    for answer in found.answers[:3]:
        with np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(program(answer, found), {})
        if answer.origin and answer.origin.kind is Kind.START:
            assert float(printed.getvalue()) == pytest.approx(answer.value, rel=0.02)
        elif answer.origin:
            assert float(printed.getvalue()) == pytest.approx(answer.value, rel=1e-6)


# nan, infinity, 0, and losses below 0.


@pytest.mark.parametrize(
    ("text", "context", "first"),
    [
        ("nan", Context(), Cause.ZERO_TIMES_LOG_ZERO),
        ("nan", Context(precision=Precision.FLOAT16), Cause.EXP_OVERFLOW),
        ("nan", Context(precision=Precision.BFLOAT16), Cause.DIVERGED),
        ("nan", Context(zero_beside=True), Cause.MEAN_OF_NOTHING),
        ("nan", Context(library=Library.PYTORCH), Cause.DIVERGED),
        ("inf", Context(), Cause.LOG_ZERO),
        ("inf", Context(precision=Precision.FLOAT16), Cause.SUM_OVERFLOW),
        ("-inf", Context(), Cause.LOG_ZERO_WITHOUT_MINUS),
        ("0.0", Context(), Cause.SURE),
        ("0.0", Context(nan_beside=True), Cause.HIDDEN_NAN),
        ("-5.96e-08", Context(), Cause.ABOVE_ONE),
        ("-2e-9", Context(), Cause.ABOVE_ONE),
        ("0", Context(precision=Precision.FLOAT16), Cause.UNDERFLOW),
        ("-3.2", Context(), Cause.NO_MINUS),
        ("1e12", Context(), Cause.LARGE_LOGITS),
    ],
)
def test_what_is_no_ordinary_number_has_its_likeliest_cause_first(text, context, first):
    found = identify_loss(text, (), context)
    assert found.status is Status.CAUSES
    assert found.answers[0].cause is first
    assert len(found.answers) >= 2


def test_every_cause_and_every_known_value_is_told_in_whole_sentences():
    for cause in Cause:
        told = in_words.OF_CAUSE[cause]
        assert told.title
        assert told.next_step.endswith(".")
        assert not told.claim.endswith(".")
    for n in SIZES:
        found = identify_loss(f"{math.log(n):.8f}")
        for answer in found.answers:
            told = in_words.told(answer, found)
            assert "{" not in f"{told}"
            assert told.next_step.endswith(".")
            assert in_words.verdict(found).endswith(".")


def test_common_sizes_are_those_one_meets():
    assert all(is_common(n) for n in (2, 10, 27, 65, 100, 1000, 30_522, 32_000, 50_257, 128_256))
    assert not is_common(57)


@pytest.mark.parametrize("field", ["classes", "batch", "accumulation"])
@pytest.mark.parametrize("value", [0, -1, 2.5, 10**9 + 1])
def test_a_context_out_of_range_is_refused(field, value):
    with pytest.raises(ValueError, match=field):
        Context(**{field: value})


@settings(max_examples=300)
@given(st.text(max_size=300))
def test_no_text_does_worse_than_be_refused(text):
    with contextlib.suppress(ValueError):
        assert in_words.verdict(identify_loss(text)).endswith(".")
