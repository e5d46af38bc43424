"""The Batches page in a browser: its picture, typing into its table, and files in and out."""

import io
import time
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import TimeoutError, expect

from tests.browser.support import address, expect_no_sideways_scroll, expect_query, settle, visit
from xent_core.photos import labelled_photos

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
MILLISECONDS_TO_APPEAR = 5000
DARK = {**DESKTOP, "color_scheme": "dark"}


def losses(page):
    """The numbers beside the rows, as drawn."""
    return page.locator(".js-plotly-plot").first.locator(".trace.scatter").first.locator(".textpoint")


def middle(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"] / 2


def bottom(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"]


def expect_soon(page, measure, pixels, tolerance):
    """Wait until a measure of what is drawn is as expected: the grid and the chart measure themselves after a run."""
    deadline = time.monotonic() + MILLISECONDS_TO_APPEAR / 1000
    while abs(measure() - pixels) > tolerance and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert measure() == pytest.approx(pixels, abs=tolerance)


def press(page, name):
    page.get_by_role("button", name=name).click()
    settle(page)


def type_into(page, row, column, text):
    """Type into a cell of the editor, whose rows are 35 pixels high; columns are counted from the label on.

    The canvas says to screen readers which cell is selected. Only then is Enter for that cell; a second Enter, sent
    before a slow machine has shown the field, would close it.
    """
    editor = page.locator("[data-testid=stDataFrame]").first
    selected = editor.locator(f"#glide-cell-{column + 1}-{row}[aria-selected=true]")  # column 0 selects the row
    field = page.locator(".gdg-input")
    for _ in range(5):  # the grid may be drawn anew between the click and the key
        # What is in view for Playwright may lie under the bar at the top, which then takes the click.
        editor.evaluate("editor => editor.scrollIntoView({ block: 'center' })")
        left, top = editor.bounding_box()["x"], editor.bounding_box()["y"]
        page.mouse.click(left + 80 + 115 * column, top + 35 * (row + 1.5))
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


@pytest.mark.parametrize(("query", "row"), [("", 35), ("?present=1", 44)])
def test_each_loss_stands_at_the_height_of_its_row(new_page, server, query, row):
    page = new_page(**DESKTOP)
    visit(page, f"{server.url}/batches{query}")
    numbers = losses(page)
    expect(numbers).to_have_count(2)
    table = page.locator("[data-testid=stDataFrame]")
    for i in range(2):  # from below, where there is a row to add: the header's height is the grid's own
        expect_soon(page, lambda i=i: bottom(table) - middle(numbers.nth(i)), row * (2.5 - i), 3)


def test_on_a_phone_the_losses_stand_below_the_whole_table(new_page, server):
    page = new_page(**PHONE)
    visit(page, f"{server.url}/batches")
    expect(losses(page)).to_have_count(2)
    table = page.locator("[data-testid=stDataFrame]").bounding_box()
    assert table["width"] > 340
    chart = page.locator(".js-plotly-plot").first.bounding_box()
    assert chart["y"] > table["y"] + table["height"]
    assert page.locator(".js-plotly-plot .main-svg").first.bounding_box()["width"] <= chart["width"] + 1


def test_the_answer_to_a_pasted_batch_stays_in_sight(open_page):
    page = open_page("/batches")
    page.get_by_text("Your own numbers").click()
    page.get_by_label("Predictions: paste numbers").fill("-inf 0\n1 2")
    page.get_by_label("Targets: the rows’ labels").fill("0 1")
    press(page, "Use this batch")
    expect(page.get_by_text("one ∞ makes the mean ∞")).to_be_visible()
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
    page = open_page("/batches?base=2")
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
    expect(losses(page).locator("tspan").first).to_have_css("fill", tint)


@pytest.mark.parametrize("name", ["One confidently wrong", "Log of zero", "Real photos"])
def test_on_a_phone_nothing_scrolls_sideways(new_page, server, name):
    page = new_page(**PHONE)
    visit(page, f"{server.url}/batches")
    press(page, name)
    page.get_by_text("Your own numbers").click()
    expect_no_sideways_scroll(page)


def test_a_ready_batch_has_a_link_until_a_cell_is_edited(open_page):
    page = open_page("/batches")
    press(page, "Real photos")
    expect_query(page, {"batch": "photos"})
    page.get_by_role("link", name="Softmax").first.click()
    settle(page)
    expect_query(page, {})
    page.get_by_role("link", name="Batches").first.click()
    settle(page)
    expect_query(page, {"batch": "photos"})
    visit(page, address(page))
    expect(losses(page)).to_have_count(8)
    press(page, "Log of zero")
    expect_query(page, {"batch": "zero"})
    type_into(page, 0, 0, "1")
    expect(losses(page).first).to_have_text("1.6094")
    expect_query(page, {})


@pytest.mark.kills_server
def test_a_restarted_server_is_told_the_ready_batch(fresh_server, page):
    visit(page, fresh_server.url + "/batches")
    press(page, "One confidently wrong")
    fresh_server.kill()
    fresh_server.start()
    press(page, "Projector view")
    expect(losses(page)).to_have_count(6)
    expect_query(page, {"batch": "wrong", "present": "1"})


@pytest.mark.parametrize(("name", "count", "row"), [("One confidently wrong", 6, 44), ("Real photos", 8, 52)])
def test_rows_and_losses_stay_side_by_side_in_a_projectors_window_that_grows(new_page, server, name, count, row):
    page = new_page(**DESKTOP)
    visit(page, f"{server.url}/batches")
    press(page, name)
    press(page, "Projector view")
    table = page.locator("[data-testid=stDataFrame]")
    expect(losses(page)).to_have_count(count)
    line = row if name == "One confidently wrong" else 0  # to add a row
    # The header is of the view's type, for the grid is made anew.
    height = 2.1875 * 0.0205 * 900 + 2 + count * row + line
    expect_soon(page, lambda: table.bounding_box()["height"], height, 2)
    page.set_viewport_size({"width": 1920, "height": 1080})
    settle(page)
    for i in range(count):
        above = line + row * (count - i - 0.5)
        expect_soon(page, lambda i=i: bottom(table) - middle(losses(page).nth(i)), above, 3)


def test_a_small_projector_shows_the_table_both_means_and_the_buttons(new_page, server):
    page = new_page(viewport={"width": 1280, "height": 720})
    visit(page, f"{server.url}/batches?present=1")
    expect(losses(page)).to_have_count(2)
    for card in page.get_by_test_id("stMetric").all():
        below = card.locator("xpath=ancestor::*[@data-testid='stVerticalBlock'][1]").bounding_box()
        assert below["y"] + below["height"] <= 720
    expect(page.get_by_role("button", name="Real photos")).to_be_in_viewport(ratio=1)


def test_a_change_of_base_goes_into_the_address(open_page):
    page = open_page("/batches")
    page.get_by_role("radio", name="bans").click()
    settle(page)
    expect_query(page, {"base": "10"})
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
