"""The Batches page: its table, its means, and what is pasted and uploaded."""

import io
import json
import math
import pickle
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.parts.batch.batch import seed
from pages.parts.drawing.numbers import shown
from pages.parts.stage.held import commit
from tests.pages.support import open_page, press, unfold, words
from xent_core.photos import labelled_photos

EDITOR = "cells 0"  # the key of the first table's editor


def open_batches(query="base=10"):
    return open_page("batches.py", query)


def means(app):
    """The mean of the column, and that of the whole matrix."""
    return re.findall(r"Σ L / \S.*? = \*\*(.*?)\*\*", words(app))


def column(app):
    """The losses beside the table."""
    markup = next(html.value for html in app.get("html") if "class=losses" in html.value)
    return re.findall("<b>(.*?)</b><i", markup)


def edit(app, key=EDITOR, **edits):
    """Do to the table what its editor would report."""
    app.session_state[key] = {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **edits}
    app.run()
    assert not app.exception
    return app


def use(app, predictions=None, targets=None, kind="logits"):
    """Paste texts or upload bytes (with a name), and press the button."""
    unfold(app)
    for part, source in (("predictions", predictions), ("targets", targets)):
        if isinstance(source, str):
            app.text_area(f"{part} text").set_value(source)
        elif source:
            app.file_uploader(f"{part} file").upload(*source)
    app.segmented_control("own_kind").set_value(kind)
    return press(app.run(), "Use this batch")


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def npz(array):
    file = io.BytesIO()
    np.savez(file, array)
    return file.getvalue()


# What is on screen


@pytest.mark.parametrize(
    ("base", "losses", "both"),
    [
        ("10", ["0.3010", "0.0969"], ["0.1990", "0.0663"]),
        ("e", ["0.6931", "0.2231"], ["0.4581", "0.1527"]),
        ("2", ["1.0000", "0.3219"], ["0.6610", "0.2203"]),
    ],
)
def test_the_seed_batch_is_on_screen_in_each_base(base, losses, both):
    app = open_batches(f"base={base}")
    assert column(app) == losses
    assert means(app) == both


def test_the_gradients_beside_the_means_differ_by_n_as_well():
    text = words(open_batches("base=e"))
    assert ":violet[(q − p) / m = **−0.2500**]" in text
    assert ":violet[(q − p) / (m n) = **−0.0833**]" in text


def test_the_articles_0_2_is_its_mean_in_base_10():
    app = press(open_batches("base=10&batch=wrong"), "The article’s batch")
    assert means(app) == ["0.1990", "0.0663"]


def test_one_confidently_wrong_row_rules_the_mean():
    app = press(open_batches("base=e"), "One confidently wrong")
    assert column(app)[4] == "9.2103"
    assert means(app)[0] == "1.6197"
    assert "5 of 6 put their label first" in words(app)
    assert words(app).count("at the label of row 5, the worst") == 1


def test_an_infinite_loss_shows_as_infinite():
    app = press(open_batches(), "Log of zero")
    assert column(app) == ["0.3010", "0.0969", "∞"]
    assert means(app) == ["∞", "∞"]


def test_the_photos_lose_1_2693_nats_and_everyone_is_credited():
    app = unfold(press(open_batches("base=e"), "Real photos"))
    assert means(app) == ["1.2693", "0.0012693"]
    told = app.dataframe[0].value
    data = labelled_photos()
    assert told["shows"].tolist() == [photo.title for photo in data.photos]
    assert told["label"].tolist() == [data.class_names[label] for label in data.labels]
    assert told["prediction"].tolist()[0] == "tiger cat"
    text = words(app).replace("\\", "")
    for photo in data.photos:
        assert f"{photo.title}: {photo.credit}, {photo.licence}" in text
    assert "a conversion of Google’s checkpoint" in text
    assert data.model["licence"] in text
    assert data.class_names_source in text


@pytest.mark.parametrize(
    ("name", "mean"), [("article", "0.4581"), ("wrong", "1.6197"), ("zero", "∞"), ("photos", "1.2693")]
)
def test_a_link_opens_a_ready_batch(name, mean):
    app = open_batches(f"batch={name}")
    assert means(app)[0] == mean
    assert not app.warning


def test_an_unknown_batch_of_a_link_is_named_and_the_articles_is_there():
    app = open_batches("batch=![a](http://b)")
    (fault,) = app.session_state["faults"]
    assert fault == "batch was ignored: it is “![a](http://b)”, where one of article, wrong, zero, photos was expected."
    assert means(app)[0] == "0.4581"


def test_a_batch_of_a_link_is_in_the_table_and_in_the_means():
    app = open_batches("base=e&rows=0.5,0.5;0.9,0.1;0.2,0.8&y=0,1,1")
    assert column(app) == ["0.6931", "2.3026", "0.2231"]
    assert means(app) == ["1.0730", "0.5365"]


def test_what_the_stage_commits_is_in_the_table_and_what_the_table_holds_is_on_the_stage():
    app = open_batches("base=e")
    held = app.session_state["held"]
    app.session_state["held"], faults = commit(
        held, {"session": held.session, "revision": held.revision, "query": "rows=0.25,0.75;0.5,0.5&y=1,0"}
    )
    assert not faults
    app.run()
    assert column(app) == ["0.2877", "0.6931"]
    edit(app, "cells 1", edited_rows={0: {"0": "0.5", "1": "0.5"}})
    assert column(app) == ["0.6931", "0.6931"]
    assert app.session_state["held"].rows.probabilities == ((0.5, 0.5), (0.5, 0.5))
    assert app.session_state["held"].revision > held.revision


def test_the_label_stands_first_where_a_phone_shows_it():
    assert list(open_batches().data_editor[0].proto.column_order) == ["3", "0", "1", "2"]


def test_a_new_table_has_the_size_asked_for_and_knows_nothing():
    app = unfold(open_batches("base=e"))
    app.number_input[0].set_value(5)
    app.number_input[1].set_value(10)
    app = press(app.run(), "Make it")
    assert column(app) == ["2.3026"] * 5  # ln 10
    assert app.data_editor[0].value.shape == (5, 11)


def test_the_projector_view_is_the_stage_alone():
    app = open_batches("present=1")
    assert not app.data_editor
    assert not means(app)
    assert not app.file_uploader


def test_the_program_to_copy_prints_the_mean_on_screen(capsys):
    app = press(open_batches("base=2"), "One confidently wrong")
    exec(next(block.value for block in unfold(app).code if block.value.startswith("import")), {})
    printed = float(capsys.readouterr().out.split()[-1])
    assert printed == pytest.approx(app.session_state["batch"].batch.losses(2).mean())


# Editing


def test_an_edited_row_changes_its_loss_and_the_mean():
    app = edit(open_batches("base=2"), edited_rows={0: {"0": "0.25", "1": "0,45"}})
    assert column(app) == ["2.0000", "0.3219"]
    assert means(app)[0] == "1.1610"


def test_rows_are_added_and_deleted():
    app = edit(
        open_batches("base=2"), added_rows=[{"0": "0.5", "1": "2.5e-1", "2": "0.25", "3": "2"}], deleted_rows=[0]
    )
    assert column(app) == ["0.3219", "2.0000"]


@pytest.mark.parametrize(
    ("edits", "fault"),
    [
        ({"0": "1.5"}, "Row 1, column 1: found 1.5, expected a probability from 0 to 1."),
        ({"1": None}, "Row 1, column 2: found an empty cell, expected a number."),
        ({"2": "0.4"}, "Row 1, column 1: found a row with the sum 1.1, expected probabilities with the sum 1."),
        ({"3": "3"}, "Row 1, label: found 3, expected a class from 0 to 2."),
        ({"3": "1.5"}, "Row 1, label: found 1.5, expected a class from 0 to 2."),
        ({"0": "half"}, "Row 1, column 1: found “half”, expected a number such as 0.25, 1e-3 or −∞."),
        ({"0": "nan"}, "Row 1, column 1: found “nan”, expected a number such as 0.25, 1e-3 or −∞."),
        ({"0": "1,000"}, "Row 1, column 1: found “1,000”, expected a number whose comma can't stand for thousands."),
        ({"0": "1e999"}, "Row 1, column 1: found “1e999”, expected a finite number up to ±1.8e308, or −∞."),
        ({"0": "-1e999"}, "Row 1, column 1: found “-1e999”, expected a finite number up to ±1.8e308, or −∞."),
        ({"3": None}, "Row 1, label: found an empty cell, expected a number."),
    ],
)
def test_a_bad_cell_gives_one_sentence_and_the_losses_stay(edits, fault):
    app = edit(open_batches(), edited_rows={0: edits})
    assert [error.value.replace("\\", "") for error in app.error] == [
        fault + " Until then the losses stay as they were."
    ]
    assert column(app) == ["0.3010", "0.0969"]
    app = edit(app)
    assert not app.error


def test_a_logit_is_typed_as_a_small_number_or_as_minus_infinity():
    app = open_batches("base=e")
    app.segmented_control("Predictions").set_value("logits").run()
    cells = {"0": "1e-3", "1": "−∞", "2": "-inf"}
    app = edit(app, "cells 1", edited_rows={0: cells, 1: {"0": "−0,5", "1": "-.5", "2": "-∞"}})
    assert column(app) == ["0", "0.6931"]
    assert app.session_state["batch"].batch.matrix[0].tolist() == [1e-3, -math.inf, -math.inf]


def test_what_is_not_typed_keeps_the_digits_that_a_cell_does_not_show():
    app = open_batches()
    app.segmented_control("Predictions").set_value("logits").run()
    as_shown = {"0": "-0.69314718", "1": "3"}
    app = edit(app, "cells 1", edited_rows={0: as_shown, 1: {"0": "5"}}, deleted_rows=[1])
    assert app.session_state["batch"].batch.matrix.tolist() == [[math.log(0.5), 3, math.log(0.3)]]


def test_a_row_with_a_fault_is_counted_as_it_stands_after_others_were_deleted():
    app = edit(open_batches(), edited_rows={1: {"0": "x"}}, deleted_rows=[0])
    assert "Row 1, column 1: found “x”" in app.error[0].value.replace("\\", "")


def test_without_rows_the_losses_stay_and_one_sentence_says_why():
    for view in (False, True):
        app = open_batches()
        app.segmented_control("Targets").set_value(view).run()
        app = edit(app, f"cells {int(view)}", deleted_rows=[0, 1])
        assert [error.value.replace("\\", "") for error in app.error] == [
            "The table: found 0 rows, expected 1 to 50. Until then the losses stay as they were."
        ]
        assert column(app) == ["0.3010", "0.0969"]


def test_a_row_off_its_sum_is_mended_by_a_button():
    app = press(edit(open_batches("base=2"), edited_rows={0: {"0": "1"}}), "Divide each row by its sum")
    assert not app.error
    assert column(app) == ["0.5850", "0.3219"]  # 1 of 1.5


def test_the_table_is_shown_as_logits_and_target_rows_without_moving_a_loss():
    app = open_batches()
    app.segmented_control("Predictions").set_value("logits").run()
    app.segmented_control("Targets").set_value(True).run()
    first = app.data_editor[0].value.to_numpy()[0].tolist()
    assert first == ["-0.69314718", "-1.6094379", "-1.2039728", "1", "0", "0"]
    app.segmented_control("Predictions").set_value("probabilities").run()
    assert app.data_editor[0].value.to_numpy()[0].tolist() == ["0.5", "0.2", "0.3", "1", "0", "0"]
    assert column(app) == ["0.3010", "0.0969"]


def test_edits_survive_a_change_of_page_and_another_view():
    app = edit(open_batches("base=2"), edited_rows={0: {"0": "0.25", "1": "0,45"}})
    app.switch_page("start.py").run()
    app.switch_page("batches.py").run()
    assert column(app) == ["2.0000", "0.3219"]
    app.segmented_control("Predictions").set_value("logits").run()
    assert column(app) == ["2.0000", "0.3219"]


# Pasting and uploading

PRINTOUTS = {
    "numbers": "2.0 1.0 0.1\n0.3 2.2 0.5",
    "NumPy": "array([[2. , 1. , 0.1],\n       [0.3, 2.2, 0.5]], dtype=float32)",
    "PyTorch": "tensor([[2.0000, 1.0000, 0.1000],\n        [0.3000, 2.2000, 0.5000]], device='cuda:0')",
}


@pytest.mark.parametrize("printed", PRINTOUTS)
@pytest.mark.parametrize("targets", ["0, 1", "[1 0 0]\n[0 1 0]"])
def test_a_pasted_printout_becomes_the_table_and_stays_in_its_box(printed, targets):
    targets = targets if targets == "0, 1" else f"[{targets}]"
    app = use(open_batches("base=e"), PRINTOUTS[printed], targets)
    assert not app.error
    assert app.data_editor[0].value.to_numpy().tolist() == [["2", "1", "0.1", "0"], ["0.3", "2.2", "0.5", "1"]]
    assert column(app) == ["0.4170", "0.2869"]
    assert app.text_area("predictions text").value == PRINTOUTS[printed]
    assert "Read 2 × 3 logits" in app.success[0].value


def test_a_batch_that_was_read_is_not_praised_beside_the_fault_of_the_next():
    app = use(open_batches(), "1 2\n3 4", "0 1")
    assert app.success
    app = use(app, "1 2\n3 4", "0 2")
    assert app.error
    assert not app.success
    assert use(app, "1 2\n3 4", "0 1").success


def test_what_was_pasted_survives_a_change_of_page():
    app = unfold(open_batches())
    app.text_area("predictions text").set_value("1 2\n3 x").run()
    app.switch_page("start.py").run()
    unfold(app.switch_page("batches.py").run())
    assert app.text_area("predictions text").value == "1 2\n3 x"


def test_soft_targets_are_shown_as_rows():
    app = use(open_batches("base=2"), "0.5 0.5", "0.25 0.75", kind="probabilities")
    assert app.data_editor[0].value.to_numpy().tolist() == [["0.5", "0.5", "0.25", "0.75"]]
    assert column(app) == ["1.0000"]


def test_probabilities_given_as_logits_are_warned_of():
    app = use(open_batches("base=e"), "0.5 0.2 0.3\n0.8 0.1 0.1", "0 0")
    assert "through softmax twice" in app.warning[0].value
    assert not use(app, kind="probabilities").warning


PHOTOS = labelled_photos()
ROWS = [",".join(map(str, row)) for row in PHOTOS.logits.tolist()]
LABELS = ",".join(map(str, PHOTOS.labels.tolist()))
RIGHT = "\n".join(ROWS).encode()


def with_entry(text):
    """The photos' CSV, with another entry in line 3."""
    return "\n".join([*ROWS[:2], text + ROWS[2][ROWS[2].index(",") :], *ROWS[3:]]).encode()


@pytest.mark.parametrize("source", [("photos.csv", RIGHT), ("photos.npy", npy(PHOTOS.logits))])
@pytest.mark.parametrize(
    "targets", [LABELS, ("y.npy", npy(PHOTOS.labels)), ("y.npy", npy(np.eye(1000)[PHOTOS.labels]))]
)
def test_the_real_batch_uploaded_loses_1_2693_nats(source, targets):
    app = use(open_batches("base=e"), source, targets)
    assert not app.error
    assert means(app)[0] == "1.2693"


BROKEN = {
    "a letter": (with_entry("a"), LABELS, "Line 3, column 1: found “a”, expected a number."),
    "a short row": (
        "\n".join([*ROWS[:4], ROWS[4].rsplit(",", 1)[0], *ROWS[5:]]).encode(),
        LABELS,
        "Line 5, column 1: found a row of 999 numbers, expected 1,000 as in the first row.",
    ),
    "nan": (with_entry("nan"), LABELS, "Line 3, column 1: found “nan”, expected a finite number"),
    "1e999": (with_entry("1e999"), LABELS, "Line 3, column 1: found “1e999”, expected a finite number"),
    "a label of 1000": (RIGHT, LABELS.replace("892", "1000"), "found “1000”, expected a label from 0 to 999"),
    "no rows": (b"\n\n", LABELS, "Line 1, column 1: found no numbers, expected at least one row of them."),
    "UTF-16": (
        RIGHT.decode().encode("utf-16"),
        LABELS,
        "found what looks like UTF-16 text, expected text saved as UTF-8",
    ),
    "a pickle": (pickle.dumps(PHOTOS.logits), LABELS, "found what looks like a pickle, expected text saved as UTF-8"),
    "an NPZ": (npz(PHOTOS.logits), LABELS, "found what looks like a zip archive (NPZ"),
    "a pickle inside an NPY": (npy(np.array([{}])), LABELS, "NPY header: found Python objects, as in a pickle"),
    "an abridged printout": (repr(PHOTOS.logits).encode(), LABELS, "expected the whole array, printed with np.set"),
    "a label too few": (RIGHT, LABELS[4:], "Targets: found 1 row of 7 numbers, expected 8 labels or 8 rows of 1,000"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_file_gives_one_clear_sentence_and_the_table_stays(broken):
    data, labels, sentence = BROKEN[broken]
    app = press(open_batches("base=e"), "Real photos")
    app = use(app, ("photos", data), labels)
    (error,) = app.error
    assert sentence in error.value.replace("\\", "")
    assert error.value.count("found") == 1
    assert len(error.value) < 400
    assert means(app)[0] == "1.2693"
    assert app.text_area("targets text").value == labels
    mended = use(app, ("photos", RIGHT), LABELS)
    assert not mended.error


def test_a_fault_quotes_what_was_pasted_as_plain_text():
    app = use(open_batches(), "[1, **b** <b>x</b> ![a](http://b)]", "0")
    assert not re.search(r"(?<!\\)[*<!\[]", app.error[0].value)


@settings(max_examples=20)
@given(st.text(max_size=40), st.text(max_size=10))
def test_hostile_pastes_end_in_a_sentence_or_a_batch_and_never_in_a_traceback(predictions, targets):
    app = use(open_batches(), predictions, targets)
    assert app.error or app.success
    assert app.text_area("predictions text").value == predictions


def test_5000_rows_of_1000_classes_are_summarised():
    draw = np.random.default_rng(0)
    logits, labels = draw.normal(size=(5000, 1000)).astype(np.float32), draw.integers(0, 1000, 5000)
    app = unfold(open_batches("base=e"))
    app.file_uploader("predictions file").upload("logits.npy", npy(logits))
    app.file_uploader("targets file").upload("labels.npy", npy(labels))
    app.run()
    press(app, "Use this batch")
    assert not app.data_editor
    assert "5,000 rows × 1,000 classes" in words(app).replace("\\", "")
    batch = app.session_state["batch"].batch
    assert batch.matrix.dtype == np.float32
    assert batch.targets.shape == (5000,)
    worst = app.dataframe[0].value["row"].tolist()
    assert worst == (np.argsort(-batch.nats)[:10] + 1).tolist()
    (chart,) = app.get("plotly_chart")
    (line,) = json.loads(chart.proto.spec)["layout"]["shapes"]
    assert line["x0"] == pytest.approx(batch.nats.mean())  # of all rows, not of those told
    app.segmented_control("Rows").set_value("first").run()
    assert app.dataframe[0].value["row"].tolist() == list(range(1, 11))
    assert column(app) == [shown(loss) for loss in batch.nats[:10]]
    assert press(app, "The article’s batch").session_state["batch"].batch.nats == pytest.approx(seed().nats)
