"""On a phone: the sheet, the tabs, a finger, and the way from page to page."""

import pytest
from playwright.sync_api import expect

from tests.browser.support import (
    TABLES,
    act,
    expect_no_sideways_scroll,
    expect_step,
    frame,
    number,
    open_settings,
    slider,
    stage,
    visit,
    visit_stage,
)

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone(new_page):
    return new_page(**PHONE)


def swipe(page, start, by):
    """A finger comes down at `start`, moves by so many pixels, and goes up."""
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": start[0], "y": start[1]}]})
    for k in range(1, 11):
        point = {"x": start[0] + by[0] * k / 10, "y": start[1] + by[1] * k / 10}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    frame(page)


def middle(locator, share=0.5):
    box = locator.bounding_box()
    return box["x"] + box["width"] * share, box["y"] + box["height"] / 2


def test_the_sheet_folds_and_opens_and_leaves_its_buttons_in_reach(phone, server):
    visit_stage(phone, server.url + "/clipping")
    story, fold = phone.locator("[data-part=story]"), phone.get_by_label("Fold or open the story")
    fold.tap()
    expect(story).to_be_hidden()
    expect(phone.locator("[data-act=next]")).to_be_in_viewport(ratio=1)
    fold.tap()
    expect(story).to_be_visible()


def test_a_tab_shows_its_picture_and_a_step_the_one_it_is_about(phone, server):
    visit_stage(phone, server.url + "/clipping")
    loss, slope = phone.locator("[data-chart=loss].chart"), phone.locator("[data-chart=slope].chart")
    expect(loss).to_be_visible()
    expect(slope).to_be_hidden()
    phone.get_by_role("tab", name="Gradient").tap()
    expect(slope).to_be_visible()
    expect(loss).to_be_hidden()
    expect(phone.get_by_role("tab", name="Gradient")).to_have_attribute("aria-selected", "true")
    act(phone, "next")
    expect(loss).to_be_visible()
    act(phone, "next")
    expect_step(phone, 3)
    expect(slope).to_be_visible()


def test_a_finger_drags_a_slider(phone, server):
    visit_stage(phone, server.url + "/clipping")
    gap = slider(phone, "logit gap of the target")
    before = number(phone, "gap")
    share = float(gap.evaluate("s => (s.value - s.min) / (s.max - s.min)"))
    swipe(phone, middle(gap, share), (-60, 0))
    assert number(phone, "gap") < before - 1


def test_a_finger_on_the_curve_takes_the_point_along_sideways(phone, server):
    visit_stage(phone, server.url + "/clipping")
    before = number(phone, "gap")
    swipe(phone, middle(phone.locator(".chart.looked-at svg")), (-80, 0))
    assert number(phone, "gap") < before - 1


@pytest.mark.parametrize("of", [".chart.looked-at svg", "input[type=range].logit >> nth=0"])
def test_a_finger_that_scrolls_the_page_changes_nothing(phone, server, of):
    visit_stage(phone, server.url + "/clipping")
    phone.get_by_label("Fold or open the story").tap()
    target = phone.locator(of)
    target.scroll_into_view_if_needed()
    before = number(phone, "logit", 0)
    swipe(phone, middle(target, 0.3), (0, -130))
    assert number(phone, "logit", 0) == before
    expect(phone.locator("[data-act=undo]")).to_be_disabled()


@pytest.mark.parametrize("path", TABLES)
def test_nothing_scrolls_sideways_and_the_loss_stays_in_view_while_sliders_scroll(phone, server, path):
    visit_stage(phone, server.url + path)
    expect_no_sideways_scroll(phone)
    phone.locator("input[type=range].logit").last.scroll_into_view_if_needed()
    expect(phone.locator("[data-part=loss]")).to_be_in_viewport(ratio=0.99)
    panel = open_settings(phone)
    expect(panel).to_be_in_viewport(ratio=0.99)
    expect_no_sideways_scroll(phone)


def test_after_an_answer_the_reason_stands_in_the_sheet_in_place_of_the_text(phone, server):
    visit_stage(phone, server.url + "/?step=2")
    phone.locator("[data-choice='0']").tap()
    expect_step(phone, 2, waiting=False)
    expect(phone.locator("[data-part=story] .verdict")).to_be_visible()
    expect(phone.locator("[data-part=story] .text")).to_be_hidden()
    expect(phone.locator("[data-part=loss] .verdict")).to_be_hidden()


def test_after_the_last_step_the_next_page_opens_on_a_phone_too(phone, server):
    visit_stage(phone, server.url)
    phone.get_by_role("group", name="Steps").get_by_role("button").last.tap()
    expect_step(phone, int(stage(phone).get_attribute("data-steps")))
    phone.locator("[data-act=next]").tap()
    expect(stage(phone)).to_have_attribute("data-page", "softmax")
    expect_step(phone, 1)


def test_the_pages_are_behind_the_menu(phone, server):
    visit(phone, server.url)
    phone.get_by_test_id("stExpandSidebarButton").tap()
    expect(phone.get_by_role("link", name="Clipping")).to_be_in_viewport()
