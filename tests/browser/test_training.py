"""Training: runs come from Python and are played here; a setting by hand is another run, which link and server keep."""

import pytest
from playwright.sync_api import expect

from pages.parts.training.settings import Training
from tests.browser.support import (
    act,
    address,
    connected,
    everything,
    expect_step,
    number,
    query,
    stage,
    stage_is_there,
    turn_to,
    visit_stage,
)
from tests.browser.test_motion import LEAST, MOST, PLAYS, film

TASK = "[data-part=task]"

# The addresses that were given up while their answer was on its way.
FOLLOW_ABORTED = """() => {
  window.aborted = [];
  const real = window.fetch;
  window.fetch = (url, options) => {
    options?.signal?.addEventListener("abort", () => window.aborted.push(String(url)));
    return real(url, options);
  };
}"""


def choose(page, name, value):
    """Choose by hand, and return when the new run has drawn itself."""
    page.get_by_role("combobox", name=name, exact=True).select_option(value)
    stage_is_there(page)


def type_in(page, name, text):
    place = page.get_by_label(name, exact=True)
    place.fill(text)
    place.press("Enter")
    stage_is_there(page)


def scrub(page, epoch):
    page.get_by_label("epoch", exact=True).fill(str(epoch))


def test_the_numbers_of_every_epoch_are_the_cores(open_stage):
    page = open_stage("/training?train=squared_error&start=sure:3&epochs=3&size=200&smoothing=0.1")
    run = Training("squared_error", "sure:3", batch=200, smoothing=0.1, epochs=3).run()
    for epoch in (3, 0, 2):
        scrub(page, epoch)
        for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
            assert number(page, name) == pytest.approx(getattr(run, name)[epoch], rel=1e-12)


def test_play_goes_on_to_the_end_pauses_and_begins_again(open_stage):
    page = open_stage("/training")
    slider = page.get_by_label("epoch", exact=True)
    assert slider.input_value() == "100"
    page.locator("[data-act=speed-4]").click()
    page.locator("[data-act=play]").click()
    page.locator("[data-act=pause]").click()
    expect(page.locator("[data-act=play]")).to_be_visible()
    epoch = int(slider.input_value())
    assert epoch < 100
    assert query(page) == {"train": "cross_entropy", "epoch": str(epoch)} | query(page)
    page.locator("[data-act=play]").click()
    expect(slider).to_have_value("100")
    expect(page.locator("[data-act=play]")).to_be_visible()


def test_a_step_ends_what_plays(open_stage):
    page = open_stage("/training")
    page.locator("[data-act=play]").click()
    act(page, "next")
    expect_step(page, 2, waiting=True)
    assert page.get_by_label("epoch", exact=True).input_value() == "0"
    page.wait_for_timeout(300)
    assert page.get_by_label("epoch", exact=True).input_value() == "0"


def test_a_step_draws_its_runs_in_half_a_second_and_every_frame_is_the_cores(moving_page, server):
    page = moving_page
    visit_stage(page, f"{server.url}/training?step=2")
    act(page, "back")
    act(page, "next")
    run = Training("squared_error", "sure:12", epochs=20).run()
    for press in ["next", "undo"] * PLAYS:
        frames, took = film(page, press)
        assert took >= LEAST
        for shot in frames:
            assert shot["train_loss total"] in run.train_loss.tolist()
        if took <= MOST:
            break
    assert took <= MOST


def test_the_epochs_are_moved_through_by_keys(open_stage):
    page = open_stage("/training")
    slider = page.get_by_label("epoch", exact=True)
    slider.focus()
    page.keyboard.press("Home")
    assert number(page, "test_accuracy") == pytest.approx(39 / 360)
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "epoch 1 ⁄ 100")
    expect_step(page, 1)


def test_that_nothing_pulls_is_said_only_after_the_question(open_stage):
    page = open_stage("/training?step=4")
    how = page.locator("[data-part=loss] .how")
    expect_step(page, 4, waiting=True)
    expect(how).to_have_text("after epoch 0, of 1437 digits")
    act(page, "next")
    expect(how).to_have_text("90.3 % of the digits: gradient 0")


def test_the_rate_times_ten_is_the_same_run_to_the_last_digit(open_stage):
    page = open_stage("/training?step=5")
    assert number(page, "test_cross_entropy", 0) == number(page, "test_cross_entropy", 1)
    assert number(page, "test_cross_entropy", 0) != number(page, "test_cross_entropy", 2)
    main = page.locator("[data-chart=learning] path.run-0.train").get_attribute("d")
    assert page.locator("[data-chart=learning] path.run-1.train").get_attribute("d") == main


@pytest.mark.parametrize(
    "solve",
    [
        lambda page: choose(page, "Loss", "cross_entropy"),
        lambda page: type_in(page, "Rate", "5"),
    ],
    ids=["loss", "rate"],
)
def test_the_last_step_is_a_task_that_a_hand_solves_and_no_link_or_undo(open_stage, solve):
    page = open_stage("/training")
    page.keyboard.press("End")
    expect_step(page, 8)
    expect(page.locator(TASK)).to_have_attribute("data-done", "false")
    choose(page, "Start from", "zero")
    expect(page.locator(TASK)).to_have_attribute("data-done", "false")
    act(page, "undo")
    solve(page)
    expect(page.locator(TASK)).to_have_attribute("data-done", "true")
    expect(page.locator("[data-part=loss] .verdict")).to_be_visible()
    link = address(page)
    act(page, "reset")
    visit_stage(page, link)
    assert number(page, "test_accuracy") >= 0.97
    expect(page.locator(TASK)).to_have_attribute("data-done", "false")


def test_a_new_run_lies_over_the_last_one_and_undo_brings_that_back(open_stage):
    page = open_stage("/training?step=8")
    before = everything(page)
    choose(page, "Loss", "cross_entropy")
    names = page.locator(".legend .run-name")
    expect(names).to_have_text(["cross-entropy", "squared error"])
    assert number(page, "test_accuracy", 1) == pytest.approx(39 / 360)
    act(page, "undo")
    assert everything(page) == before


def test_a_setting_survives_a_reload_another_page_and_back(open_stage):
    page = open_stage("/training?step=8")
    choose(page, "Loss", "bernoulli")
    type_in(page, "Epochs", "7")
    scrub(page, 5)
    shown = everything(page)
    page.reload()
    stage_is_there(page, 8)
    assert everything(page) == shown
    turn_to(page, "Gradients")
    expect(stage(page)).to_have_attribute("data-page", "gradients")
    page.go_back()
    stage_is_there(page, 8)
    assert everything(page) == shown


def test_what_was_typed_and_cannot_be_is_said_and_changes_nothing(open_stage):
    page = open_stage("/training?step=3")
    before = everything(page)
    type_in(page, "Batch", "7.5")
    fault = page.locator("[data-part=loss] .fault")
    expect(fault).to_have_text("“7.5” was not taken. Expected a whole number from 8 to 1437.")
    assert everything(page) == before
    assert page.get_by_label("Batch", exact=True).input_value() == "32"


def test_a_bad_setting_of_a_link_is_one_sentence_and_the_step_is_shown(open_stage):
    page = open_stage("/training?step=3&train=hinge&lr=x")
    expect(page.locator(".notice p")).to_have_count(2)
    expect_step(page, 3)
    assert number(page, "test_accuracy") == pytest.approx(355 / 360)


def test_a_run_shows_how_far_it_is_and_is_given_up_for_another(new_page, server):
    page = new_page()
    visit_stage(page, f"{server.url}/training?step=8")
    page.evaluate(FOLLOW_ABORTED)
    page.get_by_role("combobox", name="Loss", exact=True).select_option("cross_entropy")
    stage_is_there(page)
    epochs = page.get_by_label("Epochs", exact=True)
    size = page.get_by_label("Batch", exact=True)
    size.fill("8")
    size.press("Enter")
    epochs.fill("600")
    epochs.press("Enter")
    progress = page.locator("progress")
    expect(progress).to_be_visible()
    page.wait_for_function("one => one.value > 0", arg=progress.element_handle())
    expect(stage(page)).to_have_attribute("data-moving", "true")
    epochs.fill("2")
    epochs.press("Enter")
    stage_is_there(page)
    expect(progress).to_be_hidden()
    expect(page.locator(".legend .run-name")).to_have_count(2)
    assert any("epochs=600" in url for url in page.evaluate("aborted"))


def test_a_run_is_given_up_by_whoever_leaves_the_page(page, server):
    visit_stage(page, f"{server.url}/training?step=8")
    page.evaluate(FOLLOW_ABORTED)
    page.get_by_label("Epochs", exact=True).fill("599")
    page.get_by_label("Epochs", exact=True).press("Enter")
    expect(page.locator("progress")).to_be_visible()
    turn_to(page, "Gradients")
    expect(stage(page)).to_have_attribute("data-page", "gradients")
    assert any("epochs=599" in url for url in page.evaluate("aborted"))


@pytest.mark.kills_server
def test_a_killed_server_takes_nothing_from_the_screen_and_trains_again_when_it_is_back(fresh_server, page):
    visit_stage(page, fresh_server.url + "/training?step=8")
    choose(page, "Loss", "cross_entropy")
    scrub(page, 9)
    shown = everything(page)
    fresh_server.kill()
    assert everything(page) == shown
    act(page, "back")
    act(page, "undo")
    assert everything(page) == shown
    type_in(page, "Rate", "1.25")
    expect(page.locator("[data-act=retry]")).to_be_visible()
    fresh_server.start()
    connected(page)
    expect(page.locator("[data-act=retry]")).to_be_visible()
    page.locator("[data-act=retry]").click()
    stage_is_there(page, 8)
    assert number(page, "test_accuracy") > 0.9
    act(page, "undo")
    assert everything(page) == shown
    expect_step(page, 8)
