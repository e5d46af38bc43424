"""What a story asks, answers and wants done; and how one goes through it and back."""

import math

import pytest
from playwright.sync_api import expect

from tests.browser.support import (
    STAGES,
    TABLES,
    act,
    box,
    drag,
    each_state,
    everything,
    expect_step,
    number,
    numbers,
    press,
    slider,
    stage,
    steps,
    turn_to,
    type_in,
    visit_stage,
    waits,
)

VERDICT = "[data-part=loss] .verdict"


@pytest.mark.parametrize("path", STAGES)
def test_each_step_shows_the_same_forward_backward_and_by_its_link(laptop_page, server, path):
    page = laptop_page
    visit_stage(page, server.url + path)
    shown = {}
    asked = []
    for step, waiting in each_state(page):
        asked += [step] * waiting
        shown[step, waiting] = everything(page)
    assert 1 not in asked
    assert len(asked) <= 3
    for step in range(steps(page) - 1, 0, -1):
        press(page, "back", step)
        assert everything(page) == shown[step, False], f"back at step {step}"
    for step in (asked or [2])[:1]:
        visit_stage(page, f"{server.url}{path}?step={step}")
        expect_step(page, step, waiting=step in asked)
        assert everything(page) == shown[step, step in asked]


def test_a_question_waits_on_the_state_before_and_next_plays_it_then_goes_on(open_stage):
    page = open_stage("/clipping?step=2")
    act(page, "next")
    expect_step(page, 3, waiting=True)
    assert number(page, "gap") == pytest.approx(-20)
    assert number(page, "clipped_gradient") == pytest.approx(-1)
    expect(page.locator(VERDICT)).to_have_count(0)
    act(page, "next")
    expect_step(page, 3, waiting=False)
    assert number(page, "clipped_gradient") == 0
    expect(page.locator(VERDICT)).to_contain_text("0")
    act(page, "next")
    expect_step(page, 4, waiting=False)
    act(page, "back")
    expect_step(page, 3, waiting=False)
    act(page, "back")
    expect_step(page, 2)
    act(page, "next")  # skipped is not answered
    expect_step(page, 3, waiting=True)


@pytest.mark.parametrize("answer", [0, 1, 2])
def test_a_choice_plays_the_step_and_stays_the_readers_own(open_stage, answer):
    page = open_stage("/?step=2")
    page.locator(f"[data-choice='{answer}']").click()
    expect_step(page, 2, waiting=False)
    assert number(page, "probability", 1) == pytest.approx(0.3, rel=1e-12)
    for _ in range(2):
        chosen, right = page.locator(".guess[data-choice]"), page.locator(".truth[data-choice]")
        expect(chosen).to_have_attribute("data-choice", str(answer))
        expect(right).to_have_attribute("data-choice", "0")
        expect(page.locator("[data-choice]").first).to_be_disabled()
        expect(page.locator(VERDICT)).to_be_visible()
        act(page, "next")
        act(page, "back")
        expect_step(page, 2, waiting=False)
    act(page, "back")
    act(page, "next")
    expect_step(page, 2, waiting=False)  # it was answered: it asks no more


def test_the_order_of_choices_is_the_same_after_a_reload(open_stage):
    page = open_stage("/?step=2")
    order = "all => all.map(one => one.dataset.choice)"
    before = page.locator("[data-choice]").evaluate_all(order)
    page.reload()
    expect_step(page, 2, waiting=True)
    assert page.locator("[data-choice]").evaluate_all(order) == before


def test_a_number_is_typed_and_stands_beside_the_truth(open_stage):
    page = open_stage("/?step=5")
    guess = page.get_by_label("Your guess")
    guess.fill("3")
    expect(page.locator("[data-chart=cost] text", has_text="you say 3")).to_be_visible()
    guess.press("Enter")
    expect_step(page, 5, waiting=False)
    assert number(page, "categorical") == pytest.approx(-math.log(0.01), rel=1e-9)
    expect(page.locator(VERDICT)).to_contain_text("You said 3.")
    expect(page.locator(VERDICT)).to_contain_text("4.6052")
    expect(page.locator("circle.guess.made")).to_be_visible()
    act(page, "next")
    act(page, "back")
    expect(page.locator(VERDICT)).to_contain_text("You said 3.")


def test_a_marker_is_dragged_to_a_guess_and_the_point_stays(open_stage):
    page = open_stage("/?step=5")
    before = numbers(page, "logit")
    handle = page.locator("circle.guess.handle")
    where = handle.bounding_box()
    x, y = where["x"] + where["width"] / 2, where["y"] + where["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60)
    page.mouse.up()
    guess = float(page.get_by_label("Your guess").input_value())
    assert guess > 1.6
    assert numbers(page, "logit") == before
    assert waits(page)
    page.locator("[data-act=see]").click()
    expect_step(page, 5, waiting=False)
    expect(page.locator(VERDICT)).to_contain_text(f"You said {guess:g}.")


def test_a_guess_near_the_truth_is_as_good_as_it(open_stage):
    page = open_stage("/clipping?step=5")
    guess = page.get_by_label("Your guess")
    guess.fill("16")
    guess.press("Enter")
    expect(page.locator(VERDICT)).to_contain_text("as you said")


def test_what_would_give_the_answer_away_is_held_back_until_then(open_stage):
    page = open_stage("/clipping")
    title = page.get_by_role("heading", level=1)
    secret = "by switching learning off"
    for step, waiting in each_state(page):
        told = step > 3 or (step == 3 and not waiting)
        (expect(title).to_contain_text if told else expect(title).not_to_contain_text)(secret)
        dead = page.locator("[data-chart=loss] rect.dead")
        if not told:
            expect(dead).to_have_count(0)
            assert page.locator("[data-chart=loss] mask").count() == 1  # the curve is not drawn to its end
        if told:
            expect(dead).to_have_count(1)
            break


@pytest.mark.parametrize("path", TABLES)
def test_the_last_step_is_a_task_that_no_step_link_or_undo_solves(open_stage, path):
    page = open_stage(path)
    page.keyboard.press("End")
    expect_step(page, steps(page))
    task = page.locator("[data-part=task]")
    expect(task).to_have_attribute("data-done", "false")
    SOLVE[path](page)
    expect(task).to_have_attribute("data-done", "true")
    expect(page.locator(VERDICT)).to_be_visible()
    act(page, "undo")
    expect(task).to_have_attribute("data-done", "false")
    act(page, "redo")  # its state comes back by a button, not by a hand
    act(page, "reset")
    page.keyboard.press("End")
    expect(task).to_have_attribute("data-done", "false")


def three_steps_downhill(page):
    type_in(page, "learning rate", "3.45")
    for _ in range(3):
        act(page, "downhill-1")


SOLVE = {
    "/": lambda page: type_in(page, "logit of cat", "0.5"),
    "/softmax": lambda page: drag(page, "logit of cat", 1),
    "/two-forms": lambda page: type_in(page, "logit of cat", "-30"),
    "/clipping": lambda page: drag(page, "logit gap of the target", 0.1),
    "/gradients": three_steps_downhill,
}


def test_a_link_that_brings_the_solution_does_not_solve_the_task(open_stage):
    page = open_stage("/clipping?step=9&z=-20,0,-1&low=1e-3")
    assert number(page, "clipped_gradient") == 0
    task = page.locator("[data-part=task]")
    expect(task).to_have_attribute("data-done", "false")
    type_in(page, "logit of cat", "-21")
    expect(task).to_have_attribute("data-done", "true")


def by_the_curve(page):
    line = page.locator("[data-chart=slope] path.line").first.bounding_box()
    y = line["y"] + line["height"] / 2
    page.mouse.move(line["x"] + line["width"] * 0.7, y)
    page.mouse.down()
    page.mouse.move(line["x"] + line["width"] * 0.3, y)
    page.mouse.up()


def by_a_key(page):
    slider(page, "logit of cat").focus()
    page.keyboard.press("Home")


@pytest.mark.parametrize("solve", [by_the_curve, by_a_key])
def test_a_task_is_done_by_the_point_on_the_curve_and_by_a_key(open_stage, solve):
    page = open_stage("/clipping?step=9")
    solve(page)
    expect(page.locator("[data-part=task]")).to_have_attribute("data-done", "true")


def test_the_wrong_slider_does_not_halve_the_loss(open_stage):
    page = open_stage("/?step=8")
    type_in(page, "logit of dog", "-6")
    expect(page.locator("[data-part=task]")).to_have_attribute("data-done", "false")


def test_after_a_change_by_hand_the_text_stays_and_one_goes_back_to_the_step(open_stage):
    page = open_stage("/?step=3")
    text, home = page.locator("[data-part=story] .text"), page.locator("[data-act=return]")
    before, said = numbers(page, "logit"), text.inner_text()
    expect(home).to_be_hidden()
    drag(page, "logit of cat", 0.2)
    expect(text).to_have_text(said)
    expect_step(page, 3)
    home.click()
    expect_step(page, 3)
    expect(home).to_be_hidden()
    assert numbers(page, "logit") == before


def test_undo_and_redo_walk_through_every_change(open_stage):
    page = open_stage()
    seen = [numbers(page, "logit")]
    act(page, "next")
    page.locator("[data-choice='1']").click()
    expect_step(page, 2, waiting=False)
    drag(page, "logit of fox", 0.7)
    seen.append(numbers(page, "logit"))
    type_in(page, "logit of cat", "2")
    seen.append(numbers(page, "logit"))
    page.get_by_role("button", name="dog", exact=True).click()
    assert numbers(page, "target") == [0, 1, 0]
    act(page, "undo")
    assert numbers(page, "target") == [1, 0, 0]
    act(page, "undo")
    assert numbers(page, "logit") == seen[1]
    act(page, "undo")
    expect_step(page, 2, waiting=False)
    act(page, "undo")
    expect_step(page, 2, waiting=True)
    act(page, "undo")
    expect_step(page, 1)
    assert numbers(page, "logit") == seen[0]
    expect(page.locator("[data-act=undo]")).to_be_disabled()
    for _ in range(4):
        act(page, "redo")
    assert numbers(page, "logit") == seen[2]
    act(page, "reset")
    expect_step(page, 1)
    assert numbers(page, "logit") == seen[0]
    act(page, "undo")
    assert numbers(page, "logit") == seen[2]


def test_one_drag_is_one_change(open_stage):
    page = open_stage()
    before = numbers(page, "logit")
    drag(page, "logit of cat", 0.9)
    act(page, "undo")
    assert numbers(page, "logit") == before
    expect(page.locator("[data-act=undo]")).to_be_disabled()


def test_exploring_folds_the_story_away_and_brings_it_back(open_stage):
    page = open_stage()
    story, explore = page.locator("[data-part=story]"), page.locator("[data-act=explore]")
    wide = page.locator("[data-part=picture]").bounding_box()["width"]
    explore.click()
    expect(story).to_be_hidden()
    assert page.locator("[data-part=picture]").bounding_box()["width"] >= wide
    explore.click()
    expect(story).to_be_visible()


def test_the_dots_jump_to_their_steps(open_stage):
    page = open_stage()
    dots = page.get_by_role("group", name="Steps").get_by_role("button")
    expect(dots).to_have_count(steps(page))
    dots.nth(4).click()
    expect_step(page, 5, waiting=True)
    expect(dots.nth(4)).to_have_attribute("aria-current", "step")


def test_what_was_answered_is_still_answered_after_another_page(open_stage):
    page = open_stage("/?step=2")
    page.locator("[data-choice='2']").click()
    expect_step(page, 2, waiting=False)
    turn_to(page, "Softmax")
    expect_step(page, 1)
    page.go_back()
    expect_step(page, 2, waiting=False)
    expect(page.locator(".guess[data-choice]")).to_have_attribute("data-choice", "2")
    assert box(page, "logit of cat").count() == 1
    assert stage(page).get_attribute("data-page") == "start"
