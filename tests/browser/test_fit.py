"""Every step of every story fits its window: story, loss and picture together, at every size."""

from urllib.parse import urlencode

import pytest

from tests.browser.support import (
    PAGES,
    STAGES,
    TABLES,
    each_state,
    expect_no_sideways_scroll,
    resize,
    stage,
    visit_stage,
)

LAPTOP = {"viewport": {"width": 1280, "height": 800}}
PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALLEST = 12  # px, of type that is read near by

# For each part its name and the share of it that can be seen: in the window, and with nothing over it.
SEEN = """
stage => {
  const root = stage.getRootNode(), width = document.documentElement.clientWidth, found = {};
  const free = (part, x, y) => {
    if (x < 0 || y < 0 || x >= width || y >= innerHeight) return false;
    const hit = root.elementFromPoint(x, y), own = part.closest("[data-part=picture]") ?? part;
    return hit !== null && (own.contains(hit) || hit.contains(own));
  };
  for (const name of ["story", "loss", "picture", "curve"]) {
    const part = stage.querySelector(name === "curve" ? ".chart.looked-at" : `[data-part=${name}]`);
    const box = part?.getBoundingClientRect();
    if (!box?.height) continue;
    const along = [...Array(21).keys()].map(k => k / 20);
    const rows = along.map(y => [0.02, 0.5, 0.98].every(x =>
      free(part, box.left + x * box.width, box.top + 1 + y * (box.height - 2))));
    found[name] = rows.filter(Boolean).length / rows.length;
  }
  return found;
}
"""

# What is cut: text wider or higher than its place, a table's columns, buttons beyond an edge, and numbers in boxes.
CUT = """
stage => {
  const width = document.documentElement.clientWidth, told = [];
  const name = one => one.dataset.act ?? one.dataset.part ?? one.textContent.slice(0, 30);
  const story = stage.querySelector("[data-part=story]");
  if (story.scrollHeight > story.clientHeight + 1) told.push("the story is cut by its own height");
  for (const one of stage.querySelectorAll(".table, .how")) {
    if (one.scrollWidth > one.clientWidth + 1) told.push(`${one.className} is cut: ${one.textContent.slice(0, 60)}`);
  }
  for (const one of stage.querySelectorAll("button, h1, h2, p, [data-quantity], .go")) {
    const box = one.getBoundingClientRect();
    if (box.width && !one.closest(".tools, .spoken") && (box.left < -1 || box.right > width + 1)) {
      told.push(`${name(one)} is cut by the window's edge`);
    }
  }
  for (const box of stage.querySelectorAll("input:not([type=range])")) {
    if (box.scrollWidth > box.clientWidth) told.push(`the box “${box.ariaLabel}” cuts ${box.value}`);
  }
  return told;
}
"""

SMALLEST_TYPE = """
stage => {
  const texts = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT), sizes = [];
  while (texts.nextNode()) {
    const { parentElement: parent, data } = texts.currentNode, style = getComputedStyle(parent);
    if (data.trim() && parent.checkVisibility({ visibilityProperty: true }) && !parent.closest(".spoken, sup, option"))
      sizes.push([parseFloat(style.fontSize), data.trim()]);
  }
  return sizes.reduce((least, one) => one[0] < least[0] ? one : least);
}
"""


def faults(page, wanted, smallest):
    """What is wrong at this size: a part of which less than the wanted share is seen, what is cut, and small type."""
    for part, share in stage(page).evaluate(SEEN).items():
        if share < wanted.get(part, 0):
            yield f"{share:.0%} of {part}, not {wanted[part]:.0%}"
    yield from stage(page).evaluate(CUT)
    size, text = stage(page).evaluate(SMALLEST_TYPE)
    if size < smallest:
        yield f"{text} is written in {size} px, not {smallest}"


def walk(page, url, sizes, wanted):
    """The faults of each step at each size, which is given with its smallest type."""
    visit_stage(page, url)
    found = []
    for step, waiting in each_state(page):
        for width, height, smallest in sizes:
            resize(page, width, height)
            where = f"step {step}{', waiting' if waiting else ''} at {width} × {height}"
            found += [f"{where}: {fault}" for fault in faults(page, wanted, smallest)]
        sizes = sizes[::-1]  # the next step begins at the size where this one ends
    return found


@pytest.mark.parametrize("path", STAGES)
@pytest.mark.parametrize(
    ("options", "view", "sizes", "wanted"),
    [
        (LAPTOP, {}, [(1280, 800, SMALLEST), (1024, 768, SMALLEST)], {"story": 1, "loss": 1, "picture": 1}),
        (PROJECTOR, {"present": "1"}, [(1280, 720, 14), (1920, 1080, 18)], {"story": 1, "loss": 1, "picture": 1}),
        (PHONE, {}, [(390, 844, SMALLEST), (375, 667, SMALLEST)], {"story": 1, "loss": 1, "curve": 0.6}),
    ],
    ids=["laptop", "projector", "phone"],
)
def test_at_every_step_story_loss_and_picture_are_in_the_window_and_type_is_large_enough(
    new_page, server, path, options, view, sizes, wanted
):
    page = new_page(**options)
    found = walk(page, f"{server.url}{path}?{urlencode(view)}", sizes, wanted)
    assert not found, "\n".join(found)
    expect_no_sideways_scroll(page)


def test_no_page_hides_in_the_navigation_at_1280(new_page, server):
    page = new_page(**LAPTOP)
    visit_stage(page, server.url)
    links = page.get_by_test_id("stTopNavLink").filter(visible=True)
    assert links.evaluate_all("all => all.map(link => new URL(link.href).pathname)") == PAGES


@pytest.mark.parametrize("path", TABLES)
def test_ten_classes_and_all_columns_do_not_scroll_the_window_sideways(new_page, server, path):
    page = new_page()
    visit_stage(page, f"{server.url}{path}?z={','.join('1234567890')}&show=logit,probability,target,gradient")
    for width in (1000, 1280, 700):
        resize(page, width, 800)
        expect_no_sideways_scroll(page)
