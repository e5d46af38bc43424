"""The Identify page: numbers and lines as they stand in a log, with and without the data they came from."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.parts.identify.asked import LONGEST_IN_LINK, card
from tests.pages.support import example, open_page, press, unfold


def look_up(text, app=None, *, classes=None, data=None, query=""):
    """The page after this was typed, and a number of classes or the data were chosen."""
    app = app or open_page("identify.py", query)
    app.text_area("loss").set_value(text)
    if data:
        app.segmented_control("data").set_value(data)
    if classes:
        app.number_input("classes").set_value(classes)
    app.run()
    assert not app.exception
    return app


def cards(app):
    """The answers shown, from the best on, as plain text."""
    return [text for text in told(app).split("\0") if "Next:" in text]


def told(app):
    """The Markdown on the page, and what its expanders are called, without signs."""
    texts = [*(element.value for element in app.markdown), *(box.label for box in app.expander)]
    return re.sub(r"\\|\*\*|`", "", "\0".join(texts))


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
    app.segmented_control("own_kind").set_value(kind)
    return press(app.run(), "Use this batch")


# Without data


@pytest.mark.parametrize(
    ("text", "sentence", "step"),
    [
        ("2.3026", "2.3026 is ln 10: all 10 classes are equally likely", "look for a learning rate"),
        ("6.908", "6.908 is ln 1,000: all 1,000 classes are equally likely", "In the first steps this is right"),
        ("5.909", "5.909 is ln(1 + 999/e), the floor of double softmax: softmax is applied twice", "Pass the logits"),
        ("16.118", "16.118 is −ln 1e-7: Keras’ clip at 1e-7 stops the loss", "it has no ceiling"),
        ("23.026", "23.026 is −ln 1e-10: the clip at 1e-10 of the classic TensorFlow 1 formula", "it has no ceiling"),
        ("100.00", "100.00 is 100: PyTorch’s binary_cross_entropy, whose logarithm ends at −100", "with_logits"),
        ("tensor(2.3026, grad_fn=<NllLossBackward0>)", "2.3026 is ln 10", "In the first steps"),
        ("Epoch 1 loss 2.3026 acc 0.10", "2.3026 is ln 10", "In the first steps"),
        ("0.69315", "0.69315 is ln 2: two outcomes are equally likely", "In the first steps"),
        ("14.5063", "14.5063 is 0.9 × 16.1181: Keras’ clip at 1e-7 holds 9 of 10 examples at", "it has no ceiling"),
    ],
)
def test_a_known_loss_is_told_with_its_cause_and_what_to_do(text, sentence, step):
    app = look_up(text)
    assert verdict(app).startswith(sentence)
    assert step in cards(app)[0]
    assert len(app.code) >= 1


def test_the_value_stands_in_full_with_what_chance_would_do_and_in_other_measures():
    app = look_up("2.3026")
    assert "2.302585093 rounds to 2.3026, 0.15 units of its last digit away. Of random numbers like it one in" in told(
        app
    )
    assert re.search("eᴸ.=.10 .*e⁻ᴸ.=.0.099999 .*L/ln.2.=.3.3219 .*L/ln.10.=.1", told(app))


def test_a_number_that_nothing_gives_is_said_to_be_so():
    app = look_up("0.153")
    assert verdict(app) == "Nothing known gives 0.153."
    assert cards(app) == []
    assert "e⁻ᴸ" in told(app)


def test_what_is_near_and_does_not_fit_is_told_apart():
    app = look_up("99.99")
    assert verdict(app) == "Nothing known gives 99.99, though 100 is near."
    assert "Near, and not it" in told(app)
    assert cards(app) == []


@pytest.mark.parametrize(
    ("text", "heading", "cause"),
    [
        ("nan", "nan most often means that a class with target 0", "0 · −∞ is nan"),
        ("inf", "inf most often means that the true class", "−log 0 is infinite"),
        ("-inf", "−inf most often means", "the minus sign before the logarithm is missing"),
        ("-0.3", "−0.3 is below 0: the minus sign is missing", "minus sign"),
        ("0.0", "A loss of 0.0: every prediction is right", "right"),
    ],
)
def test_nan_infinity_and_losses_below_0_are_told_with_what_makes_them(text, heading, cause):
    app = look_up(text)
    assert verdict(app).startswith(heading)
    assert cause in cards(app)[0]
    assert len(cards(app)) >= 2


def test_the_readers_number_of_classes_goes_before_the_common_ones():
    assert verdict(look_up("4.0431", classes=57)).startswith("4.0431 is ln 57")
    assert not verdict(look_up("2.3026", classes=57)).startswith("2.3026 is ln 10:")


def test_another_number_of_a_line_can_be_taken_and_is_in_the_link():
    line = "loss: 2.3026 - accuracy: 0.1000 - val_loss: 14.5063"
    app = look_up(line)
    (choice,) = [box for box in app.selectbox if box.label == "Taken of 2 numbers"]
    assert choice.options == ["loss: 2.3026", "val_loss: 14.5063"]
    choice.set_value("val_loss.only")
    app.run()
    assert verdict(app).startswith("14.5063 is 0.9 × 16.1181")
    linked = open_page("identify.py", f"loss={line}&take=val_loss.only")
    assert verdict(linked).startswith("14.5063 is 0.9 × 16.1181")


def test_what_the_numbers_say_together_is_told():
    app = look_up("\n".join(f"epoch {i} loss 2.3026 acc 0.1" for i in range(5)))
    assert "loss stays at 2.3026 in all 5 numbers" in told(app)
    assert "Known beside it: an accuracy of 0.1." in told(app)


# What is typed


@pytest.mark.parametrize("text", ["abc", "1e999", "1,000", "<b>bold</b>", "![a](http://b)", "loss"])
def test_what_has_no_number_gets_one_sentence_and_loses_nothing(text):
    app = look_up(text, query="z=5,1,2", data="example")
    assert len(app.error) == 1
    assert "expected" in app.error[0].value
    assert "![" not in app.error[0].value
    assert not app.header
    assert app.text_area("loss").value == text
    assert app.segmented_control("data").value == "example"
    assert example(app).logits == (5, 1, 2)


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_typed_is_no_error(text):
    app = look_up(text)
    assert not app.error
    assert not app.header


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"-?\d{0,3}\.?\d{0,4}(e-?\d{1,3})?", fullmatch=True))
def test_no_text_breaks_the_page(text):
    app = look_up(text, data="article")
    assert len(app.error) + len(app.header) + (not text.strip()) == 1


def test_the_number_and_the_data_are_there_after_a_visit_to_another_page():
    app = look_up("0.199", data="article")
    app.switch_page("softmax.py").run()
    app.switch_page("identify.py").run()
    assert app.text_area("loss").value == "0.199"
    assert app.segmented_control("data").value == "article"


def test_the_number_of_a_link_is_looked_up_with_what_the_link_says_beside_it():
    app = open_page("identify.py", "loss=18.42&n=10&m=8&dtype=float16&library=keras&smoothing=0.1&accumulation=4")
    assert app.text_area("loss").value == "18.42"
    assert app.number_input("classes").value == 10
    assert verdict(app).startswith("18.42 is 8 · ln 10")
    beside = "10 classes, a batch of 8, label smoothing 0.1, 4 accumulation steps or devices, float16 and Keras"
    assert f"Known beside it: {beside}." in told(app)


def test_what_a_link_says_wrongly_is_named_and_ignored():
    app = open_page("identify.py", "loss=2.3026&n=ten&dtype=float8")
    assert "n was ignored: expected a whole number from 1" in app.warning[0].value.replace("\\", "")
    assert "dtype was ignored" in app.warning[0].value.replace("\\", "")
    assert verdict(app).startswith("2.3026 is ln 10")


def test_a_shared_link_says_the_answer_in_its_title_and_description():
    assert card({"loss": "14.5063"}) == (
        "14.5063 = 0.9 × 16.1181",
        "14.5063 is 0.9 × 16.1181: Keras’ clip at 1e-7 holds 9 of 10 examples at −ln 1e-7 = 16.1181, and the others "
        "cost nothing.",
    )
    assert card({"loss": "4.0431", "n": "57"})[0] == "4.0431 = ln 57"
    assert card({"loss": "0.153"}) == ("A loss of 0.153", "Nothing known gives 0.153.")
    assert card({"loss": "abc"}) is card({}) is None


@given(st.dictionaries(st.sampled_from(["loss", "n", "m", "dtype", "take", "smoothing"]), st.text(max_size=40)))
def test_no_link_breaks_its_card(query):
    told_by_it = card(query)
    assert told_by_it is None or all(told_by_it)


def test_a_long_log_is_not_in_the_link_but_its_number_is():
    from pages.parts.identify.asked import address
    from xent_core.identify import Context
    from xent_core.identify.choice import identify

    text = "\n".join(f"epoch {i} loss 2.3026" for i in range(200))
    assert len(text) > LONGEST_IN_LINK
    assert address(text, Context(), identify(text), "none")["loss"] == "2.3026"


# With data


@pytest.mark.parametrize("text", ["0.2", "0.3", "0.55", "0.19"])
def test_the_articles_numbers_are_found_on_its_batch_in_base_10(text):
    app = press(open_page("identify.py"), text)
    assert "in bans" in told(app)


def test_the_articles_mean_is_base_10():
    app = press(open_page("identify.py"), "0.2")
    assert "the mean of 2 rows, in bans, by hand" in verdict(app)
    assert "Multiply by ln 10 = 2.3026 to get nats" in cards(app)[0]


def test_a_number_with_one_digit_may_be_many_things():
    app = press(open_page("identify.py"), "0.2")
    assert "with digits so few that much else fits" in verdict(app)
    assert len(cards(app)) == 5
    assert "more" in app.expander[4].label


def test_the_mean_over_the_whole_matrix_is_found_with_its_call():
    best = cards(press(open_page("identify.py"), "0.1527"))[0]
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
    assert verdict(app).startswith("This data gives nan: a class has a logit of −∞")
    best = cards(app)[0]
    assert "a mask of −1e9" in best
    assert "On this data: tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits" in best
    assert "The same value: Keras, PyTorch, JAX and optax" in best


def test_data_that_gives_no_nan_still_gets_the_usual_sources():
    app = look_up("nan", data="article")
    assert verdict(app).startswith("nan most often means")
    assert len(cards(app)) == 5


def test_the_batch_of_the_batches_page_is_searched():
    app = open_page("batches.py")
    press(app, "One confidently wrong").switch_page("identify.py").run()
    app = look_up("0.5399", app, data="batch")  # 1.6197 / 3
    assert "The mean is taken over all m·n entries" in cards(app)[0]


def test_the_articles_batch_is_searched_without_putting_it_in_the_place_of_the_batch():
    app = open_page("batches.py")
    press(app, "One confidently wrong").switch_page("identify.py").run()
    assert "mean of 2 rows" in told(press(app, "0.2"))
    assert "mean of 6 rows" in told(look_up("1.6197", app, data="batch"))


@pytest.mark.parametrize("targets", ["0, 1", b"0\n1\n"])
def test_numbers_pasted_or_uploaded_are_searched(targets):
    app = use(look_up("1.0986"), "[[0, 0, 0], [1, 1, 1]]", targets)
    assert "every loss of them is tried" in app.success[0].value
    app = look_up("2.1972", app)
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
    assert cards(app)
    assert app.text_area("loss").value == "2.1972"


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
