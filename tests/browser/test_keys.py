"""Keys, which are what a teacher's remote sends, do what the buttons do."""

import pytest
from playwright.sync_api import expect

from tests.browser.support import (
    drag,
    expect_query,
    expect_step,
    number,
    numbers,
    slider,
    stage,
    steps,
    visit_stage,
)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def on(page, name):
    """Wait until the stage of that page is there."""
    page.locator(f"[data-part=stage][data-page={name}][data-step][data-moving=false]").wait_for()


@pytest.mark.parametrize(("onward", "back"), [("PageDown", "PageUp"), ("ArrowRight", "ArrowLeft"), (" ", "ArrowLeft")])
def test_a_key_goes_on_and_one_goes_back(open_stage, onward, back):
    page = open_stage()
    press(page, onward)
    expect_step(page, 2, waiting=True)
    press(page, onward)
    expect_step(page, 2, waiting=False)
    press(page, onward)
    expect_step(page, 3)
    press(page, back)
    expect_step(page, 2, waiting=False)
    press(page, back)
    expect_step(page, 1)


def test_home_and_end_go_to_the_first_and_the_last_step(open_stage):
    page = open_stage()
    press(page, "End")
    expect_step(page, steps(page))
    press(page, "Home")
    expect_step(page, 1)


def test_h_hides_the_loss_b_and_the_full_stop_blank_the_picture_and_p_projects(open_stage):
    page = open_stage()
    press(page, "h")
    expect(page.locator("[data-quantity=categorical][data-row=total]")).to_have_text("?")
    expect_query(page, {"hide": "1"})
    press(page, "h")
    expect_query(page, {})
    picture = page.locator("[data-part=picture]")
    shown = "one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true })"
    for key in ("b", "."):
        press(page, key)
        assert not picture.evaluate(shown)
        press(page, key)
        assert picture.evaluate(shown)
    press(page, "p")
    expect_query(page, {"present": "1"})
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    press(page, "p")
    expect_query(page, {})
    expect(page.get_by_test_id("stHeader")).to_be_visible()


def test_the_question_mark_lists_the_keys_and_takes_them_away(open_stage):
    page = open_stage()
    keys = page.get_by_role("dialog", name="Keys")
    press(page, "?")
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("PageDown")
    press(page, "?")
    expect(keys).to_be_hidden()


def test_control_z_takes_back_and_with_shift_does_again(open_stage):
    page = open_stage()
    before = numbers(page, "logit")
    drag(page, "logit of cat", 0.9)
    after = numbers(page, "logit")
    press(page, "Control+z")
    expect_step(page, 1)
    assert numbers(page, "logit") == before
    press(page, "Control+Shift+z")
    expect_step(page, 1)
    assert numbers(page, "logit") == after


def test_a_slider_or_a_box_that_has_the_focus_keeps_its_keys(open_stage):
    page = open_stage("/?z=0,0,0")
    slider(page, "logit of cat").focus()
    press(page, "ArrowRight", "ArrowRight", "ArrowLeft", "PageUp")
    assert number(page, "logit", 0) > 0.01
    page.get_by_label("logit of dog, typed").focus()
    press(page, "ArrowRight", "Home", "End", "PageDown", "b", "?")
    assert stage(page).get_attribute("data-step") == "1"
    expect(page.locator(".stage.blank")).to_have_count(0)
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_in_the_projector_view_a_remote_steps_even_from_a_slider(open_stage):
    page = open_stage("/?present=1")
    slider(page, "logit of cat").focus()
    before = number(page, "logit", 0)
    press(page, "PageDown")
    expect_step(page, 2)
    assert number(page, "logit", 0) == before
    slider(page, "logit of cat").focus()
    press(page, "ArrowRight")
    assert number(page, "logit", 0) != before
    expect_step(page, 2)


def test_space_on_a_button_presses_it_and_does_no_more(open_stage):
    page = open_stage("/?step=3")
    page.locator("[data-act=back]").focus()
    press(page, " ")
    expect_step(page, 2)


def test_on_after_the_last_step_opens_the_next_page_and_back_the_page_before_at_its_last(open_stage):
    page = open_stage()
    last = steps(page)
    press(page, "End")
    expect_step(page, last)
    press(page, "PageDown")
    on(page, "softmax")
    expect_step(page, 1)
    press(page, "PageUp")
    on(page, "start")
    expect_step(page, last)
    press(page, "PageUp")
    expect_step(page, last - 1)


def test_back_before_the_first_step_of_the_first_page_stays_there(open_stage):
    page = open_stage()
    press(page, "PageUp", "PageDown")
    expect_step(page, 2)


def test_a_remote_alone_leads_through_a_lesson(new_page, server):
    page = new_page(viewport={"width": 1280, "height": 720})
    visit_stage(page, server.url + "/?present=1")
    names = ["start", "softmax", "two_forms", "clipping"]
    seen = []
    while True:
        at = stage(page).evaluate("({ dataset }) => [dataset.page, Number(dataset.step), dataset.waiting]")
        seen.append(tuple(at))
        if at[0] == names[-1] and at[1] == steps(page) and at[2] == "false":
            break
        press(page, "PageDown")
        page.wait_for_function(
            """([page, step, waiting]) => {
                const stages = [...document.querySelectorAll("*")].map(one => one.shadowRoot?.querySelector(".stage"));
                const now = stages.find(Boolean)?.dataset;
                return now?.step && now.moving === "false" && [now.page, Number(now.step), now.waiting].join()
                  !== [page, step, waiting].join();
            }""",
            arg=at,
        )
    assert len(seen) == len(set(seen))
    assert [name for name, step, _ in seen if step == 1] == names
    expect_query(page, {"step": str(steps(page)), "present": "1"})
