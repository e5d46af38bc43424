"""A step plays in half a second, every frame in between is true, and a ghost of what was stays behind."""

import math

import pytest
from playwright.sync_api import expect

from tests.browser.support import (
    act,
    drag,
    dragging,
    expect_step,
    frame,
    number,
    stage,
    stage_is_there,
    visit_stage,
)

LEAST, MOST = 400, 600  # milliseconds that a step's motion takes
PLAYS = 6  # on a busy machine a frame may come late: of so many plays one is in time

# Presses a button; in every frame until it is over the numbers on screen, and at last how long it took.
FILM = """
([stage, act]) => new Promise(done => {
  const read = () => Object.fromEntries([...stage.querySelectorAll("[data-quantity]")].map(one =>
    [`${one.dataset.quantity} ${one.dataset.row}`, one.dataset.value]));
  const frames = [];
  let began = 0;
  new MutationObserver((_, observer) => {
    if (stage.dataset.moving === "true") return;
    observer.disconnect();
    done({ frames, took: performance.now() - began });
  }).observe(stage, { attributeFilter: ["data-moving"] });
  const follow = () => {
    if (stage.dataset.moving !== "true") return;
    frames.push(read());
    requestAnimationFrame(follow);
  };
  began = performance.now();
  stage.querySelector(`[data-act=${act}]`).click();
  requestAnimationFrame(follow);
})
"""


@pytest.fixture
def page(moving_page):
    """Steps play on the pages of this file."""
    return moving_page


def film(page, press):
    """The frames of what a button plays, each with its numbers, and the milliseconds that it took."""
    told = page.evaluate(FILM, [stage(page).element_handle(), press])
    frames = [{name: float(value or "nan") for name, value in one.items()} for one in told["frames"]]
    return frames, told["took"]


def of_classes(shot, quantity):
    return [value for name, value in shot.items() if name.startswith(f"{quantity} ") and not name.endswith("total")]


def test_a_step_plays_in_half_a_second(open_stage):
    page = open_stage("/?step=3")
    act(page, "back")
    times = []
    for press in ["next", "undo"] * PLAYS:
        times.append(film(page, press)[1])
        if LEAST <= times[-1] <= MOST:
            break
    assert min(times) >= LEAST
    assert min(times) <= MOST


def test_every_frame_between_two_steps_is_true(open_stage):
    page = open_stage("/?step=4")
    before = number(page, "categorical")
    frames, _ = film(page, "next")  # to one third each
    after = number(page, "categorical")
    losses = [shot["categorical total"] for shot in frames]
    assert losses == sorted(losses)
    assert any(before + 0.01 < loss < after - 0.01 for loss in losses)
    for shot in frames:
        q = of_classes(shot, "probability")
        powers = [math.exp(z) for z in of_classes(shot, "logit")]
        assert q == pytest.approx([power / math.fsum(powers) for power in powers], rel=1e-12)
        assert math.fsum(q) == pytest.approx(1, abs=1e-12)
        assert shot["categorical total"] == pytest.approx(-math.log(q[0]), rel=1e-12)


def test_while_a_bound_and_a_logit_move_both_losses_are_those_of_the_frame(open_stage):
    page = open_stage("/clipping?step=5")
    frames, _ = film(page, "next")  # the lower bound goes from 1e-10 to 1e-7
    frames += film(page, "back")[0]
    assert len({shot["low total"] for shot in frames}) > 3
    for shot in frames:
        q = of_classes(shot, "probability")[0]
        assert shot["clipped total"] == pytest.approx(-math.log(max(q, shot["low total"])), rel=1e-12)
        assert shot["categorical total"] == pytest.approx(-math.log(q), rel=1e-9)


def test_what_cannot_move_changes_at_the_end_and_what_can_moves(open_stage):
    page = open_stage("/?step=5")
    act(page, "next")
    frames, _ = film(page, "next")  # to a logit of −∞
    assert all(math.isfinite(shot["categorical total"]) for shot in frames)
    assert len({shot["logit 1"] for shot in frames}) > 1
    assert number(page, "categorical") == math.inf


def test_with_reduced_motion_a_step_is_one_frame(laptop_page, server):
    visit_stage(laptop_page, server.url + "/?step=2")
    stage(laptop_page).evaluate(
        """stage => {
            window.moved = false;
            new MutationObserver(() => { window.moved ||= stage.dataset.moving === "true"; })
                .observe(stage, { attributeFilter: ["data-moving"] });
            stage.querySelector("[data-act=next]").click();
            stage.querySelector("[data-act=next]").click();
        }"""
    )
    expect_step(laptop_page, 3)
    assert number(laptop_page, "probability", 0) == pytest.approx(0.8, rel=1e-12)
    assert not laptop_page.evaluate("moved")
    expect(laptop_page.locator("[data-part=loss] .was").first).to_have_text("was 0.6931")


def test_a_ghost_of_what_was_stays_until_a_hand_changes_something(open_stage):
    page = open_stage("/?step=3")
    was, hollow = page.locator("[data-part=loss] .was"), page.locator("[data-chart=cost] circle.ghost")
    outline = page.locator(".axis .old").filter(visible=True)
    expect(was).to_have_text("")
    act(page, "next")
    act(page, "next")
    expect(was).to_have_text("was 0.2231")
    expect(hollow).to_have_count(1)
    expect(outline).to_have_count(3)
    assert page.locator(".ghost[data-quantity], .old[data-quantity], .was[data-quantity]").count() == 0
    with dragging(page, "logit of cat") as to:
        to(0.5)
        expect(was).to_have_text("")
        expect(hollow).to_have_count(0)
        expect(outline).to_have_count(0)


def test_a_hand_ends_a_motion_at_once_and_what_it_set_stays(open_stage):
    page = open_stage("/?step=3")
    stage(page).evaluate("stage => stage.querySelector('[data-act=back]').click()")
    drag(page, "logit of dog", 0.75)
    dog = number(page, "logit", 1)
    assert stage(page).get_attribute("data-moving") == "false"
    for _ in range(3):
        frame(page)
        assert number(page, "logit", 1) == dog


def test_presses_in_a_row_end_where_the_last_one_leads(open_stage):
    page = open_stage()
    stage(page).evaluate(
        "stage => ['next', 'next', 'next', 'back'].forEach(act => stage.querySelector(`[data-act=${act}]`).click())"
    )
    stage_is_there(page, 2)
    assert number(page, "probability", 1) == pytest.approx(0.3, rel=1e-12)
    assert number(page, "categorical") == pytest.approx(math.log(2), rel=1e-12)


def test_the_steps_of_a_walk_downhill_leave_a_trail_and_the_clipped_loss_where_it_was(open_stage):
    page = open_stage("/clipping?step=4")
    assert number(page, "clipped") == pytest.approx(-math.log(1e-10), rel=1e-12)
    assert number(page, "categorical") < 14
    expect(page.locator("[data-chart=loss] circle.trail")).to_have_count(11)
