"""The Identify page: numbers as they stand in a log, with and without the data they came from."""

import re
from html import unescape

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.parts.identify.lookup import number_line
from tests.pages.support import example, open_page, press, unfold
from xent_core.identify import TypedNumber


def look_up(text, app=None, *, classes=None, data=None, query=""):
    """The page after this was typed, and a number of classes or the data were chosen."""
    app = app or open_page("identify.py", query)
    app.text_input("loss").set_value(text)
    if data:
        app.segmented_control("data").set_value(data)
    if classes:
        app.number_input("classes").set_value(classes)
    app.run()
    assert not app.exception
    return app


def cards(app):
    """The answers shown, from the best on: what stands beside each value, as plain text."""
    return [text for text in told(app).split("\0") if "Next:" in text]


def told(app):
    """The Markdown on the page without its signs."""
    return re.sub(r"\\|\*\*|`", "", "\0".join(element.value for element in app.markdown))


def verdict(app):
    return app.header[0].value.replace("\\", "") if len(app.header) else ""


def use(app, predictions, targets, kind="logits"):
    """Choose the reader's own numbers, paste texts or upload bytes, and press the button."""
    app.segmented_control("data").set_value("own").run()
    for part, source in (("predictions", predictions), ("targets", targets)):
        if isinstance(source, str):
            app.text_area(f"{part} text").set_value(source)
        else:
            app.file_uploader(f"{part} file").upload("file.csv", source, "text/csv")
    app.segmented_control("own kind").set_value(kind)
    return press(app.run(), "Use this batch")


# Without data


@pytest.mark.parametrize(
    ("text", "title", "cause", "step"),
    [
        ("2.3026", "ln 10", "All 10 classes are equally likely", "look for a learning rate"),
        ("6.908", "ln 1,000", "untrained", "In the first steps this is right"),
        ("5.909", "ln(1 + 999/e), the floor of double softmax", "Softmax is applied twice", "Pass the logits"),
        ("16.118", "−ln 1e-7", "Keras' clip stops the loss", "it has no ceiling"),
        ("23.026", "−ln 1e-10", "the clip of the classic TensorFlow 1 formula", "it has no ceiling"),
        ("100.0", "100, PyTorch's ceiling of the binary loss", "An entry is exactly wrong", "with_logits"),
        ("tensor(2.3026, grad_fn=<NllLossBackward0>)", "ln 10", "equally likely", "In the first steps"),
    ],
)
def test_a_known_loss_is_told_with_its_cause_and_what_to_do(text, title, cause, step):
    app = look_up(text)
    best = cards(app)[0]
    assert best.startswith(title)
    assert cause in best
    assert step in best
    assert verdict(app) == "One value fits"


def test_the_value_stands_in_full_beside_what_the_digits_leave_open():
    app = look_up("2.3026")
    assert "2.3026 is any number from 2.30255 to 2.30265" in told(app)
    assert "2.302585092994046" in told(app)
    assert "matches by chance: under 0.001" in told(app)


def test_a_loss_that_several_things_give_is_told_with_each():
    (best,) = cards(look_up("0.69315"))
    assert "ln 2\0" not in best
    assert best.startswith("ln 2")
    assert "ln 2 per entry" in best
    assert "Every sigmoid is at ½" in best


def test_a_number_that_nothing_gives_is_said_to_be_so_beside_the_nearest_three():
    app = look_up("0.153")
    assert verdict(app) == "Nothing known gives 0.153"
    assert "0.153 is any number from 0.1525 to 0.1535" in told(app)
    assert len(cards(app)) == 3
    assert "0.0455 above" in told(app)
    assert "weak]" not in told(app)


@pytest.mark.parametrize(
    ("text", "heading", "source"),
    [
        ("nan", "Where nan comes from", "0 · −∞ is nan"),
        ("inf", "Where inf comes from", "−log 0 is infinite"),
        ("-inf", "Where -inf comes from", "the minus sign before the logarithm is missing"),
        ("-0.3", "A loss below 0", "the minus sign is missing"),
    ],
)
def test_nan_infinity_and_losses_below_0_are_told_with_what_makes_them(text, heading, source):
    app = look_up(text)
    assert verdict(app) == heading
    assert source in cards(app)[0]
    assert len(cards(app)) >= 2


def test_the_readers_number_of_classes_is_searched_in_place_of_the_common_ones():
    assert verdict(look_up("4.0431")) == "Nothing known gives 4.0431"
    assert cards(look_up("4.0431", classes=57))[0].startswith("ln 57")
    assert verdict(look_up("2.3026", classes=57)) == "Nothing known gives 2.3026"


# What is typed


@pytest.mark.parametrize("text", ["abc", "1e999", "0.1 0.2", "1,000", "<b>2.3</b> 1", "![a](http://b)", "1.2.3"])
def test_what_is_not_one_number_gets_one_sentence_and_loses_nothing(text):
    app = look_up(text, query="z=5,1,2", data="example")
    assert len(app.error) == 1
    assert "expected" in app.error[0].value
    assert "![" not in app.error[0].value
    assert not app.header
    assert app.text_input("loss").value == text
    assert app.segmented_control("data").value == "example"
    assert example(app).logits == (5, 1, 2)


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_typed_is_no_error(text):
    app = look_up(text)
    assert not app.error
    assert "Type one number, such as 2.3026" in told(app)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"-?\d{0,3}\.?\d{0,4}(e-?\d{1,3})?", fullmatch=True))
def test_no_text_breaks_the_page(text):
    app = look_up(text, data="article")
    assert len(app.error) + len(app.header) + (not text.strip()) == 1


def test_the_number_and_the_data_are_there_after_a_visit_to_another_page():
    app = look_up("0.199", data="article")
    app.switch_page("softmax.py").run()
    app.switch_page("identify.py").run()
    assert app.text_input("loss").value == "0.199"
    assert app.segmented_control("data").value == "article"


def test_the_number_of_a_link_is_looked_up():
    app = open_page("identify.py", "loss=2.3026")
    assert app.text_input("loss").value == "2.3026"
    assert cards(app)[0].startswith("ln 10")


def test_the_number_of_a_link_is_text_and_as_long_as_what_can_be_typed():
    app = open_page("identify.py", "loss=" + "<script>" * 100)
    assert len(app.text_input("loss").value) == 200
    assert len(app.error) == 1


def test_what_was_typed_stands_escaped_in_the_picture():
    text = 'loss"><img src=x onerror=alert(1)> 2'
    picture = number_line(TypedNumber(text, 2.0, 1.5, 2.5), [1.0, 2.0], [2.0])
    assert "<img" not in picture
    assert f"around {text}:" in unescape(re.search('aria-label="([^"]*)"', picture)[1])


# With data


@pytest.mark.parametrize("text", ["0.2", "0.3", "0.55", "0.19"])
def test_the_articles_numbers_are_found_on_its_batch_in_base_10(text):
    app = press(open_page("identify.py"), text)
    assert "with 2 × 3 probabilities" in told(app)
    assert "in bans" in told(app)


def test_the_articles_mean_is_base_10():
    best = cards(press(open_page("identify.py"), "0.2"))[0]
    assert best.startswith("By hand: mean of 2 rows, in bans")
    assert "Multiply by ln 10 = 2.3026 to get nats" in best


def test_a_number_with_one_digit_is_called_weak():
    app = press(open_page("identify.py"), "0.2")
    assert verdict(app) == "14 values fit, none better than chance"
    assert told(app).count("weak]") == 5
    assert len(cards(app)) == 5
    assert app.expander[0].label == "9 more"
    assert told(app).count("\n- ") == 8  # each but the first on a line of its own


def test_the_mean_over_the_whole_matrix_is_found_with_its_call():
    (best,) = cards(press(open_page("identify.py"), "0.1527"))
    assert "The mean is taken over all m·n entries, not over the m rows." in best
    assert "-tf.reduce_mean(p * tf.math.log(tf.clip_by_value(q, 1e-10, 1.0)))" in best
    assert "The same value: Keras, PyTorch" in best


def test_the_example_is_searched_as_it_is_on_screen():
    query = "z=2,1,0.1&t=2"
    q = np.exp(np.array([2, 1, 0.1]) / 2)
    (best, *_) = cards(look_up(f"{-np.log(q[0] / q.sum()):.6f}", query=query, data="example"))
    assert "The plain cross-entropy." in best


def test_nan_on_data_is_what_that_data_makes_nan():
    app = look_up("nan", query="q=0.5,0.5,0", data="example")
    assert verdict(app) == "This data gives nan"
    best = cards(app)[0]
    assert best.startswith("A masked class")
    assert "a mask of −1e9" in best
    assert "On this data: tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits" in best
    assert "The same value: Keras, PyTorch, JAX and optax." in best
    assert [box.label for box in app.expander][:1] == ["Where else nan comes from"]


def test_data_that_gives_no_nan_still_gets_the_usual_sources():
    app = look_up("nan", data="article")
    assert verdict(app) == "Where nan comes from"
    assert len(cards(app)) == 7


def test_the_batch_of_the_batches_page_is_searched():
    app = open_page("batches.py")
    press(app, "One confidently wrong").switch_page("identify.py").run()
    app = look_up("0.5399", app, data="batch")  # 1.6197 / 3
    assert "with 6 × 3 probabilities" in told(app)
    assert "The mean is taken over all m·n entries" in cards(app)[0]


def test_the_articles_batch_is_searched_without_putting_it_in_the_place_of_the_batch():
    app = open_page("batches.py")
    press(app, "One confidently wrong").switch_page("identify.py").run()
    assert "with 2 × 3 probabilities" in told(press(app, "0.2"))
    assert "with 6 × 3 probabilities" in told(look_up("0.2", app, data="batch"))


@pytest.mark.parametrize("targets", ["0, 1", b"0\n1\n"])
def test_numbers_pasted_or_uploaded_are_searched(targets):
    app = use(look_up("1.0986"), "[[0, 0, 0], [1, 1, 1]]", targets)
    assert "every loss of them is tried" in app.success[0].value
    app = look_up("2.1972", app)
    assert "with 2 × 3 logits" in told(app)
    assert "The rows are added up where their mean was meant." in cards(app)[0]


@pytest.mark.parametrize(
    ("predictions", "targets", "expected"),
    [
        ("1 2 x\n3 4 5", "0, 1", "Line 1"),
        ("", "0, 1", "expected"),
        (b"PK\x03\x04", "0, 1", "expected text saved as UTF-8"),
        (b"\x93NUMPY\x01\x00junk", "0, 1", "NPY header"),
        ("1 2 3\n4 5 6", "0, 3", "a label from 0 to 2"),
        ("1 2 3\n4 5 6", b"\xff\xfe0\x00", "UTF-16"),
    ],
)
def test_numbers_that_cannot_be_read_leave_the_last_ones_searched(predictions, targets, expected):
    app = use(look_up("2.1972"), "[[0, 0, 0], [1, 1, 1]]", "0, 1")
    app = use(app, predictions, targets)
    assert len(app.error) == 1
    assert expected in app.error[0].value.replace("\\", "")
    assert "with 2 × 3 logits" in told(app)
    assert cards(app)
    assert app.text_input("loss").value == "2.1972"


@pytest.mark.parametrize(("text", "printed"), [("0.1990", 0.19897000433601880), ("0.4581", 0.45814536593707755)])
def test_copied_code_prints_the_loss_that_was_found(text, printed, capsys):
    app = look_up(text, data="article")
    exec(unfold(app).code[0].value, {})
    assert float(capsys.readouterr().out.split()[-1]) == pytest.approx(printed, rel=1e-12)


def test_looking_up_again_computes_nothing_again():
    app = look_up("0.2", data="article")
    before = app.session_state["known"][1]
    assert look_up("0.3", app).session_state["known"][1] is before
    assert look_up("0.3", app, data="example").session_state["known"][1] is not before
