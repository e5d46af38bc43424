"""The browser owns the example: what is sent when, and nothing that Python drew shows an example that is gone."""

import pytest
from playwright.sync_api import expect

from tests.browser.support import (
    MILLISECONDS_TO_COME,
    TABLES,
    act,
    drag,
    expect_step,
    numbers,
    settle,
    stage,
    turn_to,
    type_in,
    unfold,
    visit_stage,
)

PROGRAM = "[class*=st-key-drawn] code"

# Notes each frame in which a program can be read whose logits are not those on the stage at rest.
WATCH = """
stage => {
  window.lies = [];
  const look = () => {
    const program = document.querySelector("[class*=st-key-drawn] code");
    const shown = program?.checkVisibility({ visibilityProperty: true }) && stage.dataset.moving === "false";
    const logits = [...stage.querySelectorAll("[data-quantity=logit]")].map(one => one.dataset.value);
    if (shown && !logits.every(z => program.textContent.includes(z.replace("Infinity", "inf"))))
      lies.push([logits, program.textContent.match(/z = .*/)?.[0]]);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""


class Traffic:
    """The messages that a page sends on its websocket, and the bytes that it gets."""

    def __init__(self, page):
        self.sent, self.got = 0, 0
        page.on("websocket", self._follow)

    def _follow(self, socket):
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._got)

    def _sent(self, _frame):
        self.sent += 1

    def _got(self, frame):
        self.got += len(frame)

    def forget(self):
        self.sent = self.got = 0


def expect_true_program(page):
    """Wait until a program can be read that holds the logits on the stage."""
    page.wait_for_function(
        """stage => {
            const program = document.querySelector("[class*=st-key-drawn] code");
            return program?.checkVisibility({ visibilityProperty: true })
              && [...stage.querySelectorAll("[data-quantity=logit]")]
                .every(one => program.textContent.includes(one.dataset.value.replace("Infinity", "inf")));
        }""",
        arg=stage(page).element_handle(),
        timeout=MILLISECONDS_TO_COME,
    )


@pytest.mark.parametrize("path", TABLES)
def test_the_first_run_is_small_and_a_release_with_everything_folded_sends_nothing(page, server, path):
    traffic = Traffic(page)
    visit_stage(page, server.url + path)
    assert traffic.got <= 30_000
    settle(page)
    traffic.forget()
    drag(page, "logit of dog", 0.8)
    act(page, "next")
    type_in(page, "logit of cat", "1.5")
    act(page, "undo")
    settle(page)
    assert (traffic.sent, traffic.got) == (0, 0)


def test_with_a_program_open_a_release_sends_one_message_and_gets_little_back(page, server):
    traffic = Traffic(page)
    visit_stage(page, server.url)
    unfold(page, "Copy as code")
    expect_true_program(page)
    settle(page)
    traffic.forget()
    drag(page, "logit of dog", 0.8)
    settle(page)
    expect_true_program(page)
    assert traffic.sent == 1
    assert 0 < traffic.got <= 16_000


def by_drag(page):
    drag(page, "logit of dog", 0.8)


def by_bare_click(page):
    page.locator("[data-act=next]").evaluate("button => button.click()")
    expect_step(page, 4)


def by_keyboard(page):
    page.locator("[data-act=back]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_step(page, 4)


def by_undo(page):
    drag(page, "logit of dog", 0.8)
    act(page, "undo")


@pytest.mark.parametrize("change", [by_drag, by_bare_click, by_keyboard, by_undo])
def test_a_program_on_screen_is_never_that_of_an_example_that_is_gone(open_stage, change):
    page = open_stage("/?step=3")
    unfold(page, "Copy as code")
    expect_true_program(page)
    stage(page).evaluate(WATCH)
    change(page)
    expect_true_program(page)
    settle(page)
    assert page.evaluate("lies") == []


def summary(page):
    return page.get_by_test_id("stExpander").filter(has_text="Copy as code").locator("summary")


def by_the_enter_key(page):
    summary(page).focus()
    page.keyboard.press("Enter")


OPENINGS = {
    "by pointer": lambda page: summary(page).click(),
    "by keyboard": by_the_enter_key,
    "by a bare click": lambda page: summary(page).evaluate("one => one.click()"),
}


@pytest.mark.parametrize("way", OPENINGS)
def test_a_program_that_is_opened_is_that_of_the_example_on_screen(open_stage, way):
    page = open_stage("/?step=3")
    stage(page).evaluate(WATCH)
    drag(page, "logit of cat", 0.9)
    OPENINGS[way](page)
    expect_true_program(page)
    OPENINGS[way](page)
    expect(page.locator(PROGRAM)).to_be_hidden()
    drag(page, "logit of cat", 0.3)
    OPENINGS[way](page)
    expect_true_program(page)
    settle(page)
    assert page.evaluate("lies") == []


def test_on_the_way_to_another_page_with_a_program_open_the_example_goes_along(open_stage):
    page = open_stage("/")
    unfold(page, "Copy as code")
    expect_true_program(page)
    drag(page, "logit of cat", 0.9)
    logits = numbers(page, "logit")
    turn_to(page, "Softmax")
    expect(stage(page)).to_have_attribute("data-page", "softmax")
    assert numbers(page, "logit") == logits
    settle(page)
    expect(stage(page)).to_have_attribute("data-page", "softmax")
    page.go_back()
    expect(stage(page)).to_have_attribute("data-page", "start")
    assert numbers(page, "logit") == logits


def test_two_tabs_hold_an_example_each(new_page, server):
    first = new_page()
    visit_stage(first, server.url)
    second = first.context.new_page()
    visit_stage(second, server.url + "/softmax")
    for page, share in ((first, 0.9), (second, 0.2)):
        drag(page, "logit of cat", share)
        unfold(page, "Copy as code")
    for page in (first, second):
        expect_true_program(page)
    assert numbers(first, "logit") != numbers(second, "logit")
