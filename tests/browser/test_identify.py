"""The Identify page in a browser: typing, the address, and the picture of the digits."""

import pytest
from playwright.sync_api import expect

from tests.browser.support import expect_no_sideways_scroll, expect_query, settle, violations, visit


def look_up(page, text):
    """Type a number in the box, as a hand does, and press Enter."""
    box = page.get_by_label("The loss in your log")
    box.fill(text)
    box.press("Enter")
    settle(page)


def answers(page):
    """The titles of the answers, from the best on."""
    return page.locator("[data-testid=stColumn]:last-child p strong:first-child")


def test_a_number_typed_is_answered_and_kept_in_the_address(open_page):
    page = open_page("/identify?z=3,1,2")
    look_up(page, "2.3026")
    expect(answers(page).first).to_have_text("ln 10")
    expect_query(page, {"z": "3,1,2", "loss": "2.3026"})
    page.reload()
    expect(page.get_by_label("The loss in your log")).to_have_value("2.3026")
    expect(page.get_by_text("ln 10", exact=True)).to_be_visible()


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
    page.get_by_text("The article’s batch", exact=True).click()
    settle(page)
    fresh_server.kill()
    fresh_server.start()
    look_up(page, "0.4581")
    expect_query(page, {"loss": "0.4581"})
    expect(page.get_by_text("The plain cross-entropy", exact=False).first).to_be_visible()
    expect(page.get_by_label("The loss in your log")).to_have_value("0.4581")


def test_markup_that_is_typed_stays_text(open_page):
    page = open_page("/identify")
    look_up(page, "<img src=x onerror=alert(1)> **1** 2")
    alert = page.get_by_role("alert")
    assert "<img src=x" in alert.inner_text()
    assert alert.locator("img, strong").count() == 0


def test_the_band_holds_the_values_that_fit_and_no_other(open_page):
    page = open_page("/identify")
    page.get_by_role("button", name="0.2", exact=True).click()
    settle(page)
    band = page.locator(".line u").bounding_box()

    def inside(tick):
        return band["x"] - 3 <= tick["x"] + tick["width"] / 2 <= band["x"] + band["width"] + 3

    red = [tick.bounding_box() for tick in page.locator(".line b").all()]
    assert len(red) == 14
    assert all(map(inside, red))
    covered = [round(tick["x"]) for tick in red]
    grey = [tick.bounding_box() for tick in page.locator(".line i").all()]
    assert all(min(abs(tick["x"] - x) for x in covered) < 4 for tick in grey if inside(tick))


@pytest.mark.parametrize(("button", "width"), [("0.2", 390), ("nan", 1280)])
def test_answers_have_no_violation_and_fit_the_screen(open_page, button, width):
    page = open_page("/identify")
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("button", name=button, exact=True).click()
    settle(page)
    for summary in page.locator("[data-testid=stExpander] summary").all():
        summary.click()
    for scheme in ("light", "dark"):
        assert violations(page, scheme) == []
    expect_no_sideways_scroll(page)
