"""A page saved as one file, opened from a disk without a network, against the same page on its server."""

import re

import pytest

from pages.parts.page.modules import PATH
from pages.parts.take.along import BY_PAGE
from tests.browser.support import (
    box,
    everything,
    expect_step,
    frame,
    number,
    stage,
    stage_is_there,
    type_in,
    visit_stage,
)
from tests.unit.test_along import HOSTILE, MOST

# Goes through the story by Next, as each_state does: at each state what the story says, and every number, as it is
# shown and in full precision.
WALK = """
async stage => {
  const frame = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const story = stage.querySelector("[data-part=story]"), seen = [];
  for (;;) {
    do await frame(); while (stage.dataset.moving === "true");
    const { step, steps, waiting } = stage.dataset;
    const numbers = [...stage.querySelectorAll("[data-quantity]")]
      .map(({ dataset, textContent }) => [dataset.quantity, dataset.row, textContent, dataset.value]);
    seen.push([step, waiting, story.textContent, numbers]);
    if (step === steps && waiting === "false") return seen;
    stage.querySelector("[data-act=next]").click();
  }
}
"""


def agree(seen, expected):
    """Fail unless two walks met the same steps, words and numbers as they are shown; values may differ by rounding.

    Each browser has an exponential and a logarithm of its own, whose last digits no standard settles.
    """
    shown, values = zip(*(parted(walk) for walk in (seen, expected)), strict=True)
    assert shown[0] == shown[1]
    assert values[0] == pytest.approx(values[1], rel=1e-12, abs=1e-15, nan_ok=True)


def parted(walk):
    """What a walk saw as it is shown, and apart from it all values in full precision."""
    shown = [[*state, [number[:-1] for number in numbers]] for *state, numbers in walk]
    return shown, [float(value or "nan") for *_, numbers in walk for *_, value in numbers]


@pytest.fixture
def offline_page(browser):
    """A page without a network; it may ask for nothing but its own file, and log no error."""
    context = browser.new_context(offline=True, reduced_motion="reduce")
    asked, wrongs = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: wrongs.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: wrongs.append(str(error.error)))
    page = context.new_page()
    yield page
    assert not [url for url in asked if not re.match("file:.*html|data:|blob:", url)]
    assert sum(url.startswith("file:") for url in asked) == 1
    assert not wrongs
    context.close()


def open_saved(page, path, query=""):
    page.goto(path.as_uri() + query)
    stage_is_there(page)


@pytest.fixture(scope="module")
def kept():
    """What `saved` made before."""
    return {}


@pytest.fixture
def saved(page, server, kept, tmp_path_factory):
    """Walk through a page on its server and save it: what it said and showed, and the file."""

    def walk_and_save(name):
        if name not in kept:
            visit_stage(page, f"{server.url}/{BY_PAGE[name].path}")
            walked = stage(page).evaluate(WALK)
            answer = page.request.get(f"{server.url}/{PATH}/take/{name}")
            assert answer.ok, answer.text()
            file = tmp_path_factory.mktemp("saved") / "saved page.html"
            file.write_bytes(answer.body())
            kept[name] = walked, file
        return kept[name]

    return walk_and_save


@pytest.mark.parametrize("name", BY_PAGE)
def test_at_every_step_a_saved_page_says_and_shows_what_the_page_on_its_server_does(saved, offline_page, name):
    expected, file = saved(name)
    assert file.stat().st_size <= MOST
    open_saved(offline_page, file)
    assert stage(offline_page).evaluate(WALK) == expected
    assert len(expected) >= 8


@pytest.mark.parametrize("name", BY_PAGE)
def test_in_firefox_a_saved_page_says_and_shows_the_same(saved, firefox_page, name):
    expected, file = saved(name)
    firefox_page.open(file.as_uri())
    agree(firefox_page.on_stage(WALK), expected)
    firefox_page.leave()
    assert not firefox_page.asked


def test_a_page_is_saved_with_the_step_and_the_example_on_screen(page, offline_page, server, tmp_path):
    visit_stage(page, f"{server.url}/clipping?step=4&q=0.5,0.2,0.3&names=Hüte,b,{HOSTILE}")
    type_in(page, "logit of b", "-2.5")
    page.locator("[data-act=share]").click()
    with page.expect_download() as download:
        page.locator("[data-act=save]").click()
    assert download.value.suggested_filename == "cross-entropy-clipping.html"
    download.value.save_as(tmp_path / "clipping.html")
    open_saved(offline_page, tmp_path / "clipping.html")
    expect_step(offline_page, 4)
    assert everything(offline_page) == everything(page)
    assert number(offline_page, "logit", 1) == -2.5
    assert offline_page.get_by_text(HOSTILE, exact=True).count()
    assert not offline_page.locator("img").count()


def test_a_saved_page_has_its_sliders_keys_task_and_projector_view(offline_page, server, page, tmp_path):
    visit_stage(page, server.url)
    (tmp_path / "start.html").write_bytes(page.request.get(f"{server.url}/{PATH}/take/start?step=7").body())
    open_saved(offline_page, tmp_path / "start.html")
    offline_page.keyboard.press("PageDown")
    expect_step(offline_page, 8)
    for _ in range(2):
        offline_page.keyboard.press("PageDown")
        expect_step(offline_page, 8)
    type_in(offline_page, "logit of cat", "2")
    assert offline_page.locator("[data-part=task]").get_attribute("data-done") == "true"
    offline_page.keyboard.press("Escape")
    box(offline_page, "logit of cat").evaluate("box => box.blur()")
    offline_page.keyboard.press("p")
    frame(offline_page)
    assert "projected" in offline_page.evaluate("document.documentElement.className")
    assert not offline_page.get_by_text("About this file").is_visible()


def test_a_link_to_a_saved_page_may_name_a_step(offline_page, page, server, tmp_path):
    visit_stage(page, f"{server.url}/softmax")
    (tmp_path / "softmax.html").write_bytes(page.request.get(f"{server.url}/{PATH}/take/softmax").body())
    open_saved(offline_page, tmp_path / "softmax.html", "?step=3&present=1")
    expect_step(offline_page, 3)
    assert "projected" in offline_page.evaluate("document.documentElement.className")


def test_a_saved_page_fills_a_laptops_window_and_does_not_scroll(offline_page, saved):
    offline_page.set_viewport_size({"width": 1280, "height": 800})
    open_saved(offline_page, saved("clipping")[1])
    assert offline_page.evaluate("document.documentElement.scrollHeight") == 800
