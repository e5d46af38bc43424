"""A server that was killed, or another in its place, is told by the browser: nothing on screen is lost."""

import pytest
from playwright.sync_api import expect

from tests.browser.support import (
    act,
    address,
    connected,
    drag,
    expect_query,
    expect_step,
    numbers,
    settle,
    stage,
    turn_to,
    unfold,
    visit_stage,
)
from tests.browser.test_ownership import expect_true_program

pytestmark = pytest.mark.kills_server


def restart(server):
    server.kill()
    server.start()


def test_drags_made_before_meanwhile_and_after_a_restart_all_stay(fresh_server, page):
    visit_stage(page, fresh_server.url + "/?step=3")
    drag(page, "logit of cat", 0.9)
    fresh_server.kill()
    drag(page, "logit of dog", 0.3)
    fresh_server.start()
    connected(page)
    drag(page, "logit of fox", 0.7)
    logits = numbers(page, "logit")
    settle(page)
    expect_step(page, 3)
    assert numbers(page, "logit") == logits
    visit_stage(page, address(page))
    expect_step(page, 3)
    assert numbers(page, "logit") == logits


def test_after_a_restart_the_next_page_shows_the_same_example(fresh_server, page):
    visit_stage(page, fresh_server.url + "/?step=2")
    drag(page, "logit of cat", 0.9)
    logits = numbers(page, "logit")
    restart(fresh_server)
    connected(page)
    turn_to(page, "Two forms")
    expect(stage(page)).to_have_attribute("data-page", "two_forms")
    expect_step(page, 1)
    settle(page)
    assert numbers(page, "logit") == logits


def test_after_a_restart_a_story_goes_on_where_it_was(fresh_server, page):
    visit_stage(page, fresh_server.url + "/?step=2")
    page.locator("[data-choice='1']").click()
    expect_step(page, 2, waiting=False)
    restart(fresh_server)
    connected(page)
    expect_step(page, 2, waiting=False)
    expect(page.locator(".guess[data-choice]")).to_have_attribute("data-choice", "1")
    act(page, "next")
    unfold(page, "Copy as code")
    expect_true_program(page)
    expect_step(page, 3)
    expect_query(page, {"step": "3"})


def test_after_a_restart_a_program_that_was_open_is_true_again(fresh_server, page):
    visit_stage(page, fresh_server.url)
    unfold(page, "Copy as code")
    expect_true_program(page)
    restart(fresh_server)
    connected(page)
    drag(page, "logit of cat", 0.8)
    logits = numbers(page, "logit")
    expect_true_program(page)
    settle(page)
    assert numbers(page, "logit") == logits


def test_after_a_restart_the_expander_opens_at_once_with_the_example_on_screen(fresh_server, page):
    visit_stage(page, fresh_server.url + "/softmax")
    drag(page, "logit of dog", 0.9)
    logits = numbers(page, "logit")
    restart(fresh_server)
    connected(page)
    unfold(page, "Copy as code")
    expect_true_program(page)
    settle(page)
    assert numbers(page, "logit") == logits
