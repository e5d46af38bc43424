"""The calls of Frameworks are searched and opened, and the example moved, in the browser alone."""

import math
import re

import pytest
from playwright.sync_api import expect

from pages.parts.frameworks.comparison import PRESETS
from tests.browser.support import (
    box,
    dragging,
    expect_no_sideways_scroll,
    expect_query,
    frame,
    number,
    query,
    settle,
    visit,
)

ROW = ".calls details:not([hidden])"


def open_rows(page):
    return page.locator(f"{ROW}[open] > summary code").all_inner_texts()


def test_a_row_opens_to_its_formula_and_stays_open_alone_whatever_is_filtered(open_page):
    page = open_page("/frameworks")
    page.locator(ROW, has_text="torch.nn.functional.cross_entropy(z, p)").first.locator("summary").click()
    opened = page.locator(f"{ROW}[open]")
    expect(opened.locator(".katex").first).to_be_visible()
    expect(opened.locator("dl")).to_contain_text("aten/src/ATen/native/LossNLL.cpp")
    assert open_rows(page) == ["cross_entropy(z, p)"]
    page.get_by_label("Library").select_option("PyTorch")  # rows above it go
    page.get_by_text("Soft targets", exact=True).click()
    settle(page)
    assert open_rows(page) == ["cross_entropy(z, p)"]


def test_each_input_says_what_to_look_for(open_page):
    page = open_page("/frameworks")
    expect(page.locator(".summary > p").first).to_contain_text("The example that the lessons share.")
    for preset in (*PRESETS.values(), PRESETS["zero"]):
        page.get_by_role("radio", name=preset.name, exact=True).click()
        expect(page.locator(".summary > p").first).to_contain_text(preset.look)


def test_a_row_opens_by_the_keyboard(open_page):
    page = open_page("/frameworks")
    page.locator(f"{ROW} > summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{ROW}[open] dl")).to_be_visible()


def seen(page):
    return page.locator(ROW).filter(visible=True).locator("summary code").all_inner_texts()


def test_a_search_leaves_the_calls_it_finds_and_is_in_the_address(open_page):
    page = open_page("/frameworks")
    everything = seen(page)
    page.get_by_label("Search the calls").fill("label smoothing")
    expect(page.get_by_text(f" of {len(everything)} calls")).to_be_visible()
    assert 0 < len(seen(page)) < len(everything)
    assert any("label_smoothing" in call for call in seen(page))
    assert not any("focal" in call for call in seen(page))
    page.get_by_label("Library").select_option("Keras")
    expect(page.get_by_role("heading", name="PyTorch")).to_be_hidden()
    assert query(page) == {"find": "label smoothing", "framework": "KERAS"}
    few = seen(page)
    page.reload()
    expect(page.get_by_text(f"{len(few)} of {len(everything)} calls")).to_be_visible()
    assert seen(page) == few
    page.get_by_role("button", name="Show all").click()
    assert seen(page) == everything
    assert query(page) == {}


def test_a_search_that_finds_nothing_says_so(open_page):
    page = open_page("/frameworks?find=<b>nothing</b>")
    expect(page.get_by_text(re.compile("^None of [0-9]+ calls$"))).to_be_visible()
    assert seen(page) == []


def test_a_filter_that_is_not_there_is_named_and_the_rest_of_the_link_works(open_page):
    page = open_page("/frameworks?framework=caffe&find=smoothing")
    expect(page.get_by_role("alert")).to_contain_text("framework was ignored: it is “caffe”")
    assert 0 < len(seen(page)) < 20


def test_what_is_drawn_again_stays_filtered(open_page):
    page = open_page("/frameworks?only=mistakes")
    before = seen(page)
    assert before
    box(page, "logit of cat").fill("3")
    box(page, "logit of cat").press("Enter")
    settle(page)
    assert seen(page) == before


def test_a_dragged_logit_moves_the_loss_at_once_and_the_calls_follow(open_page):
    page = open_page("/frameworks?output=probabilities")
    told = page.locator("[data-quantity=from_logits]")
    row = page.locator(".call-keras_categorical_logits-fed_probs .loss")
    before = float(told.get_attribute("data-value"))
    expect(row).to_have_text(f"{before:.4f}")
    with dragging(page, "logit of cat") as to:
        to(1)
        frame(page)
        now = float(told.get_attribute("data-value"))
        floor = math.log(1 + 2 / math.e)
        assert floor < now < floor + 1e-3 < before
        expect(row).to_have_text(f"{now:.4f}")
        expect(row).to_be_visible()


def test_no_number_of_an_example_that_is_gone_is_shown(open_page):
    page = open_page("/frameworks")
    row = page.locator(".call-torch_cross_entropy-index .loss")
    expect(row).to_be_visible()
    page.route("**/calls?*", lambda route: None)  # no answer comes
    box(page, "logit of cat").fill("3")
    box(page, "logit of cat").press("Enter")
    expect(row).to_be_hidden()
    expect(page.get_by_text("Plain cross-entropy: ")).to_be_hidden()


@pytest.mark.kills_server  # as if: its route is away
def test_where_the_server_is_away_the_page_says_so(open_page):
    page = open_page("/frameworks")
    page.route("**/calls?*", lambda route: route.abort())
    box(page, "logit of cat").fill("3")
    box(page, "logit of cat").press("Enter")
    expect(page.get_by_text("The calls’ numbers did not come")).to_be_visible()


def test_each_way_to_set_from_logits_has_its_own_loss(open_page):
    page = open_page("/frameworks")
    expected = {
        ("logits z", "True"): -math.log(0.5),
        ("softmax q", "False"): -math.log(0.5),
        ("softmax q", "True"): math.log(1 + sum(math.exp(other - 0.5) for other in (0.2, 0.3))),
        ("logits z", "False"): -math.log(math.log(0.5) / math.log(0.03)),
    }
    for (output, told), loss in expected.items():
        page.get_by_role("button", name=output).click()
        page.get_by_role("button", name=told).click()
        assert number(page, "from_logits") == pytest.approx(loss, rel=1e-12), (output, told)


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_every_switch_is_seen_whole(new_page, server, width):
    page = new_page(viewport={"width": width, "height": 700}, has_touch=True)
    visit(page, server.url + "/frameworks")
    controls = page.locator(".stage :is(button, select, .find), [data-testid=stButtonGroup] button").filter(
        visible=True
    )
    expect(controls.first).to_be_visible()
    boxes = [control.bounding_box() for control in controls.all()]
    assert max(box["x"] + box["width"] for box in boxes) <= width - 15
    assert min(box["x"] for box in boxes) >= 15


def test_on_a_phone_nothing_scrolls_sideways_with_every_row_open(new_page, server):
    page = new_page(viewport={"width": 320, "height": 700}, has_touch=True)
    visit(page, server.url + "/frameworks?z=-1234.5678,65432.1,0.001,-1e-9,1e6,-1e6,3,4,5,6&t=0.07")
    page.wait_for_function(
        """() => {
            const rows = [...document.querySelectorAll('.calls details')];
            rows.forEach(row => { row.open = true; });
            return rows.length > 0 && document.querySelectorAll('.calls .katex').length >= rows.length;
        }"""
    )
    expect(page.locator(f"{ROW} .katex").last).to_be_visible()
    expect_no_sideways_scroll(page)


def test_the_address_keeps_the_example(open_page):
    page = open_page("/frameworks?z=2,1,0.1&base=2")
    page.get_by_text("Multi-hot", exact=True).click()
    settle(page)
    expect_query(page, {"z": "2,1,0.1", "base": "2"})
