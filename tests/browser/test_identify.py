"""The Identify page in a browser: typing, the address, and what is in view together."""

import pytest
from playwright.sync_api import expect

from tests.browser.support import OF_COLOURS, expect_no_sideways_scroll, expect_query, settle, violations, visit

BOX = "The loss in your log, or whole lines of it"


def look_up(page, text):
    """Type or paste into the box, as a hand does, and press Ctrl and Enter."""
    box = page.get_by_label(BOX)
    box.fill(text)
    box.press("Control+Enter")
    settle(page)


def answer(page, place):
    """One of the answers, 1 the best."""
    return page.locator(f".st-key-answer-{place}")


def verdict(page):
    """The sentence above the answers."""
    return page.locator(".st-key-verdict")


def test_a_number_typed_is_answered_and_kept_in_the_address(open_page):
    page = open_page("/identify?z=3,1,2")
    look_up(page, "2.3026")
    expect(verdict(page)).to_contain_text("2.3026 is ln 10: all 10 classes are equally likely")
    expect(answer(page, 1)).to_contain_text("ln 10")
    expect_query(page, {"z": "3,1,2", "loss": "2.3026"})
    page.reload()
    expect(page.get_by_label(BOX)).to_have_value("2.3026")
    expect(answer(page, 1)).to_contain_text("ln 10")


def test_enter_alone_takes_one_line_and_begins_another_with_shift(open_page):
    page = open_page("/identify")
    page.wait_for_load_state("networkidle")
    box = page.get_by_label(BOX)
    box.fill("14.5063")
    box.press("Enter")
    expect(verdict(page)).to_contain_text("14.5063 is 0.9 × 16.1181")
    box.press("Shift+Enter")
    expect(box).to_have_value("14.5063\n")


def test_a_number_taken_back_leaves_the_address_and_a_change_of_page_drops_it(open_page):
    page = open_page("/identify?z=3,1,2&loss=0.5")
    look_up(page, "")
    expect_query(page, {"z": "3,1,2"})
    look_up(page, "tensor(nan, grad_fn=<A>)&x=1#")
    expect_query(page, {"z": "3,1,2", "loss": "tensor(nan, grad_fn=<A>)&x=1#"})
    page.get_by_role("link", name="Softmax").first.click()
    settle(page)
    expect_query(page, {"z": "3,1,2"})


@pytest.mark.kills_server
def test_a_restarted_server_is_told_the_number_and_the_data(fresh_server, page):
    visit(page, fresh_server.url + "/identify?loss=5.909")
    page.get_by_text("What else you know", exact=False).click()
    page.get_by_text("The article’s batch", exact=True).click()
    expect_query(page, {"loss": "5.909", "data": "article"})
    settle(page)
    fresh_server.kill()
    fresh_server.start()
    look_up(page, "0.4581")
    expect_query(page, {"loss": "0.4581", "data": "article"})
    expect(verdict(page)).to_contain_text("the plain cross-entropy")
    expect(page.get_by_label(BOX)).to_have_value("0.4581")


def test_markup_that_is_typed_stays_text(open_page):
    page = open_page("/identify")
    look_up(page, "<img src=x onerror=alert()> **bold**")
    alert = page.get_by_role("alert")
    assert "<img src=x" in alert.inner_text()
    assert alert.locator("img, strong").count() == 0
    look_up(page, "<img src=x onerror=alert()> <b>my</b>_loss 2.3026 **acc** 0.1")
    expect(verdict(page)).to_contain_text("2.3026 is ln 10")
    assert page.locator("[data-testid=stMain] img[src=x]").count() == 0


LINE = "loss: 2.3026 - accuracy: 0.1000 - val_loss: 14.5063"


def test_a_pasted_line_says_which_number_was_taken_and_another_can_be(open_page):
    page = open_page("/identify")
    look_up(page, LINE)
    expect(verdict(page)).to_contain_text("2.3026 is ln 10")
    page.get_by_label("Taken of 2 numbers").click()
    page.get_by_role("option", name="val_loss: 14.5063").click()
    settle(page)
    expect(verdict(page)).to_contain_text("14.5063 is 0.9 × 16.1181")
    expect_query(page, {"loss": LINE, "take": "val_loss.only"})
    page.reload()
    expect(verdict(page)).to_contain_text("14.5063 is 0.9 × 16.1181")


def test_lines_are_pasted_whole(open_page):
    page = open_page("/identify")
    look_up(page, "step 0 loss 10.95\nstep 100 loss nan")
    expect(verdict(page)).to_contain_text("nan most often means")
    expect(page.get_by_text("loss becomes nan in line 2")).to_be_visible()


@pytest.mark.parametrize("text", ["14.5063", LINE, "0.153", "nan"])
def test_on_a_phone_the_number_and_the_verdict_are_in_view_together(open_page, text):
    page = open_page("/identify")
    page.set_viewport_size({"width": 390, "height": 844})
    look_up(page, text)
    box, said = page.get_by_label(BOX).bounding_box(), verdict(page).bounding_box()
    assert box["y"] > 0
    assert said["y"] + said["height"] < 844


def test_the_tab_is_called_after_the_answer(open_page):
    page = open_page("/identify?loss=14.5063")
    expect(page).to_have_title("14.5063 = 0.9 × 16.1181 · Identify a loss")


@pytest.mark.parametrize(("button", "width"), [("0.2", 390), ("nan", 1280)])
def test_answers_have_no_violation_and_fit_the_screen(open_page, button, width):
    page = open_page("/identify")
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("button", name=button, exact=True).click()
    settle(page)
    for summary in page.locator("[data-testid=stExpander] summary").all():
        summary.click()
    assert violations(page, "light") == []
    assert violations(page, "dark", options=OF_COLOURS) == []
    expect_no_sideways_scroll(page)
