"""The app in Firefox, against Chromium."""

import pytest

from tests.browser.support import stage, visit_stage
from tests.browser.test_along import WALK, agree

STEP = "stage => Number(stage.dataset.step)"
LOGIT = """stage => {
  const slider = stage.querySelector("input[type=range].logit");
  slider.focus();
  return [slider.value, stage.querySelector("[data-quantity=logit]").dataset.value].map(Number);
}"""


@pytest.mark.parametrize("path", ["/", "/softmax"])
def test_a_story_says_and_shows_the_same_and_keys_walk_it_and_move_a_slider(firefox_page, page, server, path):
    firefox_page.open(server.url + path)
    assert firefox_page.on_stage(STEP) == 1
    for key, step in [("PageDown", 2), ("PageUp", 1)]:
        firefox_page.press(key)
        assert firefox_page.on_stage(STEP) == step
    visit_stage(page, server.url + path)
    agree(firefox_page.on_stage(WALK), stage(page).evaluate(WALK))
    before = firefox_page.on_stage(LOGIT)
    firefox_page.press("ArrowRight")
    assert firefox_page.on_stage(LOGIT) == pytest.approx([before[0] + 0.01] * 2)
