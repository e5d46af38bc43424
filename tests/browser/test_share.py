"""What one hands on: a link to the step and the example on screen."""

from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import expect

from tests.browser.support import address, everything, expect_step, stage, turn_to, type_in, violations, visit_stage


def shared(page):
    """Open what is shared, and read the link."""
    page.locator("[data-act=share]").click()
    link = page.get_by_label("Link", exact=True)
    expect(link).to_be_visible()
    return link.input_value()


def test_a_copied_link_opens_the_step_and_the_example_that_were_on_screen(new_page, server):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    visit_stage(page, f"{server.url}/clipping?step=4&q=0.5,0.2,0.3&names=Hüte,a b,%3Ci%3E&utm_source=x&embed=true")
    link = shared(page)
    assert link == f"{server.url}/clipping?q=0.5,0.2,0.3&names=Hüte,a+b,%3Ci%3E&step=4"
    page.locator("[data-act=copy-link]").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.keyboard.press("Escape")
    type_in(page, "logit of a b", "-2.123456789")
    link = shared(page)
    other = new_page()
    visit_stage(other, link)
    expect_step(other, 4)
    assert everything(other) == everything(page)


def test_a_link_for_a_projector_opens_that_view(page, server):
    visit_stage(page, f"{server.url}/softmax?step=2")
    assert shared(page) == f"{server.url}/softmax?step=2"
    page.get_by_label("in the projector view").check()
    assert page.get_by_label("Link", exact=True).input_value() == f"{server.url}/softmax?step=2&present=1"


def test_a_link_to_a_batch_a_photo_or_a_run_holds_it_as_the_address_does(page, server):
    for query in (
        "/batches?batch=zero&step=5",
        "/training?train=clipped&lr=5&step=3",
        "/thousand-classes?photo=china&network=squeezenet_1_1&wanted=538&step=2",
    ):
        visit_stage(page, server.url + query)
        assert unquote_plus(shared(page)) == unquote_plus(address(page))
        assert query.partition("&")[0] in address(page)


def test_a_page_that_one_turned_to_shares_itself(page, server):
    visit_stage(page, f"{server.url}/softmax")
    turn_to(page, "Two forms")
    expect(stage(page)).to_have_attribute("data-page", "two_forms")
    assert shared(page) == f"{server.url}/two-forms"


def test_the_sheet_of_lessons_is_at_hand_and_its_links_open_their_steps(page, server):
    visit_stage(page, f"{server.url}/clipping")
    shared(page)
    sheet = page.get_by_text("Two lessons, as a sheet").get_attribute("href")
    assert sheet == f"{server.url}/lesson"
    page.goto(sheet)
    page.get_by_text("Knowing nothing").first.click()
    expect_step(page, 4, waiting=True)
    expect(stage(page)).to_have_attribute("data-page", "start")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_shared_is_told_to_all_readers(page, server, scheme):
    visit_stage(page, server.url)
    shared(page)
    assert not violations(page, scheme)
