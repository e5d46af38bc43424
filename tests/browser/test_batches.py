"""The Batches page in a browser: its picture, typing into its table, and files in and out."""

import io
import math
import time
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import TimeoutError, expect

from tests.browser.support import (
    act,
    address,
    expect_no_sideways_scroll,
    expect_query,
    number,
    settle,
    stage,
    stage_is_there,
    visit,
    visit_stage,
)
from xent_core.photos import labelled_photos

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
MILLISECONDS_TO_APPEAR = 5000
DARK = {**DESKTOP, "color_scheme": "dark"}


def losses(page):
    """The numbers beside the rows, as drawn."""
    return page.locator(".losses .lines > b")


def middle(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"] / 2


def bottom(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"]


def expect_soon(page, measure, pixels, tolerance):
    """Wait until a measure of what is drawn is as expected: the grid measures itself after a run."""
    deadline = time.monotonic() + MILLISECONDS_TO_APPEAR / 1000
    while abs(measure() - pixels) > tolerance and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert measure() == pytest.approx(pixels, abs=tolerance)


def press(page, name):
    button = page.get_by_role("button", name=name, exact=True)
    button.evaluate("button => button.scrollIntoView({ block: 'center' })")  # clear of a phone's sheet
    button.click()
    settle(page)


def type_into(page, row, column, text):
    """Type into a cell of the editor, whose rows are 35 pixels high; columns are counted from the label on.

    The canvas says to screen readers which cell is selected. Only then is Enter for that cell; a second Enter, sent
    before a slow machine has shown the field, would close it.
    """
    editor = page.locator("[data-testid=stDataFrame]").first
    first, selected = (
        editor.locator(f"#glide-cell-{x + 1}-{y}[aria-selected=true]")  # column 0 selects the row
        for x, y in ((0, 0), (column, row))
    )
    field = page.locator(".gdg-input")
    for _ in range(5):  # the grid may be drawn anew between the click and the key
        # What is in view for Playwright may lie under the bar at the top, which then takes the click.
        editor.evaluate("editor => editor.scrollIntoView({ block: 'center' })")
        where = editor.bounding_box()
        page.mouse.click(where["x"] + 80, where["y"] + 35 * 1.5)
        if appears(first):
            for key in ["ArrowDown"] * row + ["ArrowRight"] * column:
                page.keyboard.press(key)
            if appears(selected):
                page.keyboard.press("Enter")
                if appears(field):
                    break
        page.keyboard.press("Escape")
    field.fill(text)
    field.press("Enter")
    settle(page)


def appears(locator):
    """Whether it is there before long."""
    try:
        locator.wait_for(state="attached", timeout=MILLISECONDS_TO_APPEAR)
    except TimeoutError:
        return False
    return True


def test_each_loss_stands_at_the_height_of_its_row(new_page, server):
    page = new_page(**DESKTOP)
    visit(page, f"{server.url}/batches")
    numbers = losses(page)
    expect(numbers).to_have_count(2)
    table = page.locator("[data-testid=stDataFrame]")
    for i in range(2):  # from below, where there is a row to add: the header's height is the grid's own
        expect_soon(page, lambda i=i: bottom(table) - middle(numbers.nth(i)), 35 * (2.5 - i), 3)


def test_on_a_phone_the_losses_stand_below_the_whole_table(new_page, server):
    page = new_page(**PHONE)
    visit(page, f"{server.url}/batches")
    expect(losses(page)).to_have_count(2)
    table = page.locator("[data-testid=stDataFrame]").bounding_box()
    assert table["width"] > 340
    assert page.locator(".losses").bounding_box()["y"] > table["y"] + table["height"]
    expect_no_sideways_scroll(page)


def test_the_answer_to_a_pasted_batch_stays_in_sight(open_page):
    page = open_page("/batches")
    page.get_by_text("Your own numbers").click()
    page.get_by_label("Predictions: paste numbers").fill("-inf 0\n1 2")
    page.get_by_label("Targets: the rows’ labels").fill("0 1")
    press(page, "Use this batch")
    expect(page.locator("[data-quantity=mean]")).to_have_text("∞")
    expect(page.get_by_text("Read 2 × 2 logits")).to_be_visible()


def test_a_cell_takes_a_number_as_one_writes_it(open_page):
    page = open_page("/batches")
    page.get_by_text("logits z", exact=True).click()
    settle(page)
    type_into(page, 0, 1, "1e-3")
    type_into(page, 0, 2, "−∞")
    expect(losses(page).first).to_have_text("0.2621")  # ln(1 + e^(ln 0.3 − 0.001))


def test_a_photo_stands_beside_its_loss(open_page):
    page = open_page("/batches")
    press(page, "Real photos")
    numbers = losses(page)
    expect(numbers).to_have_count(8)
    table = page.locator("[data-testid=stDataFrame]")
    expect_soon(page, lambda: table.bounding_box()["height"], 35 + 8 * 52, 4)
    expect_soon(page, lambda: middle(numbers.nth(7)) - table.bounding_box()["y"], 35 + 52 * 7.5, 3)


def test_what_is_typed_into_a_cell_changes_its_loss_once_the_row_sums_to_1(open_page):
    page = open_page("/batches?base=2&rows=0.5,0.2,0.3;0.8,0.1,0.1&y=0,0")
    expect(losses(page)).to_have_count(2)
    type_into(page, 0, 1, "0.25")
    expect(page.get_by_text("found a row with the sum 0.75")).to_be_visible()
    expect(losses(page)).to_have_text(["1.0000", "0.3219"])
    type_into(page, 0, 2, "0.45")
    expect(page.get_by_text("found a row with")).to_have_count(0)
    expect(losses(page)).to_have_text(["2.0000", "0.3219"])


@pytest.mark.parametrize(("options", "tint"), [(DESKTOP, "rgb(173, 68, 0)"), (DARK, "rgb(255, 140, 85)")])
def test_the_losses_are_written_in_the_tint_of_the_theme(new_page, server, options, tint):
    page = new_page(**options)
    visit(page, f"{server.url}/batches")
    expect(losses(page).first).to_have_css("color", tint)


@pytest.mark.parametrize("name", ["One confidently wrong", "Log of zero", "Real photos"])
def test_on_a_phone_nothing_scrolls_sideways(new_page, server, name):
    page = new_page(**PHONE)
    visit_stage(page, f"{server.url}/batches")
    page.get_by_label("Fold or open the story").tap()
    press(page, name)
    page.get_by_text("Your own numbers").click()
    expect_no_sideways_scroll(page)


def test_a_ready_batch_has_its_name_in_the_link_and_an_edited_one_its_rows(open_page):
    page = open_page("/batches")
    press(page, "Real photos")
    expect_query(page, {"batch": "photos"})
    page.get_by_role("link", name="Softmax", exact=True).first.click()
    settle(page)
    expect_query(page, {})
    page.get_by_role("link", name="Batches", exact=True).first.click()
    settle(page)
    expect_query(page, {"batch": "photos"})
    visit(page, address(page))
    expect(losses(page)).to_have_count(8)
    press(page, "Log of zero")
    expect_query(page, {"batch": "zero"})
    type_into(page, 0, 0, "1")
    expect(losses(page).first).to_have_text("1.6094")
    expect_query(page, {"rows": "0.5,0.2,0.3;0.8,0.1,0.1;0,0.7,0.3", "y": "1,0,0"})


@pytest.mark.kills_server
def test_a_restarted_server_is_told_the_ready_batch(fresh_server, page):
    visit_stage(page, fresh_server.url + "/batches")
    press(page, "One confidently wrong")
    fresh_server.kill()
    fresh_server.start()
    page.get_by_role("button", name="log₂ · bits").click()
    expect(losses(page).nth(4)).to_have_text("13.2877")
    expect(losses(page)).to_have_count(6)
    expect_query(page, {"batch": "wrong", "base": "2"})


def border(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def test_the_picture_and_the_table_show_the_same_batch(open_stage):
    page = open_stage("/batches")
    press(page, "One confidently wrong")
    stage_is_there(page)
    shown = [number(page, "loss", i) for i in range(6)]
    assert max(shown) == shown[4] == pytest.approx(-math.log(1e-4))
    expect(losses(page)).to_have_text([f"{loss:.4f}" for loss in shown])
    type_into(page, 0, 0, "1")
    expect(losses(page).first).not_to_have_text(f"{shown[0]:.4f}")
    page.wait_for_function(
        "([stage, before]) => Number(stage.querySelector('[data-quantity=loss][data-row=\"0\"]').dataset.value) !== "
        "before",
        arg=[stage(page).element_handle(), shown[0]],
    )


def test_a_border_is_dragged_and_moved_by_keys_and_the_table_follows(open_stage):
    page = open_stage("/batches")
    first = border(page, "border of cat and dog, example 1")
    where = first.bounding_box()
    row = page.locator(".probabilities").first.bounding_box()
    y = where["y"] + where["height"] / 2
    page.mouse.move(where["x"] + where["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(row["x"] + row["width"] * 0.65, y)
    assert stage(page).get_attribute("data-moving") == "false"
    page.mouse.move(row["x"] + row["width"] * 0.6, y)
    page.mouse.up()
    assert number(page, "probability-0", 0) == pytest.approx(0.6, abs=0.01)
    assert number(page, "loss", 0) == pytest.approx(-math.log(number(page, "probability-0", 0)), rel=1e-9)
    expect(losses(page).first).to_have_text(f"{number(page, 'loss', 0):.4f}")
    before = number(page, "probability-0", 0)
    first.focus()
    page.keyboard.press("ArrowRight")
    assert number(page, "probability-0", 0) == pytest.approx(before + 0.01, abs=1e-4)
    act(page, "undo")
    act(page, "undo")
    assert number(page, "probability-0", 0) == 0.5


def test_a_press_on_a_class_makes_it_the_wanted_one(open_stage):
    page = open_stage("/batches")
    page.locator("button.segment").nth(1).click()
    assert number(page, "loss", 0) == pytest.approx(-math.log(0.2))
    expect(losses(page).first).to_have_text("1.6094")


def test_the_sure_mistake_is_put_right_by_hand_only(open_stage):
    page = open_stage("/batches?step=3")
    task = page.locator("[data-part=task]")
    expect(task).to_have_attribute("data-done", "false")
    where = border(page, "border of dog and fox, example 5").bounding_box()
    row = page.locator(".probabilities").nth(4).bounding_box()
    y = where["y"] + where["height"] / 2
    page.mouse.move(where["x"] + where["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(row["x"] + row["width"] * 0.05, y)
    page.mouse.up()
    expect(task).to_have_attribute("data-done", "true")


def test_a_batch_made_by_hand_has_a_link_that_shows_it_again(open_stage):
    page = open_stage("/batches")
    page.locator("button.segment").nth(1).click()
    loss = number(page, "loss", 0)
    visit_stage(page, address(page))
    assert number(page, "loss", 0) == loss
    expect(losses(page).first).to_have_text(f"{loss:.4f}")


def test_a_change_of_base_goes_into_the_address(open_page):
    page = open_page("/batches")
    page.get_by_role("button", name="log₁₀ · bans").click()
    settle(page)
    expect_query(page, {"base": "10", "rows": "0.5,0.2,0.3;0.8,0.1,0.1", "y": "0,0"})
    expect(losses(page)).to_have_text(["0.3010", "0.0969"])


def test_real_files_go_in_and_their_losses_come_out(open_page):
    page = open_page("/batches")
    page.get_by_text("Your own numbers").click()
    arrays = labelled_photos()
    for place, array in enumerate((arrays.logits, arrays.labels)):
        file = io.BytesIO()
        np.save(file, array)
        named = {"name": "array.npy", "mimeType": "application/octet-stream", "buffer": file.getvalue()}
        page.locator("input[type=file]").nth(place).set_input_files(named)
        expect(page.get_by_placeholder("The file is read.")).to_have_count(place + 1)
    press(page, "Use this batch")
    expect(page.get_by_text("Read 8 × 1,000 logits")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Losses as CSV").click()
    names, *lines = Path(download.value.path()).read_text().splitlines()
    assert names == "row,label,loss (nats)"
    assert np.mean([float(line.split(",")[2]) for line in lines]) == pytest.approx(1.2693288670, abs=1e-9)


def test_where_another_sites_frame_keeps_files_back_the_page_says_so_and_takes_pasted_numbers(new_page, server):
    page = new_page(viewport={"width": 1300, "height": 850})  # of its own: a page that was used keeps the app's policy
    page.set_content(f'<iframe src="{server.url}/batches?embed=true" width="1200" height="800"></iframe>')
    frame = page.frame_locator("iframe")
    frame.locator("[data-part=stage][data-step]").wait_for()
    frame.get_by_test_id("stExpander").filter(has_text="Your own numbers").locator("summary").click()
    expect(frame.get_by_text("In a frame on another site your browser sends no files. Paste")).to_be_visible()
    frame.get_by_label("Predictions: paste").fill("1,2,3\n3,2,1")
    frame.get_by_label("Targets: ").fill("2,0")
    frame.get_by_role("button", name="Use this batch").click()
    expect(frame.get_by_text("Read 2 × 3 logits")).to_be_visible()
    page.goto(f"{server.url}/batches")
    stage_is_there(page)
    page.get_by_test_id("stExpander").filter(has_text="Your own numbers").locator("summary").click()
    expect(page.get_by_label("Targets: ")).to_be_visible()
    expect(page.get_by_text("your browser sends no files")).to_be_hidden()
