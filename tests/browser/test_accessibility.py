"""Every page and every step in light and dark: nothing that axe finds serious, and nothing at all on the stage."""

import re

import pytest

from tests.browser.support import (
    BUT_COLOURS,
    OF_COLOURS,
    PAGES,
    STAGES,
    act,
    each_state,
    stage,
    steps,
    violations,
    visit,
    visit_stage,
    waits,
)

OURS = re.compile(r"\.(stage|calls)\b|data-part|data-act|data-quantity|stBidiComponent")


def grave(found):
    """What may not be: of the stage and of what the app draws anything, of Streamlit's own the serious."""
    return [
        (one["id"], one["impact"], node["target"])
        for one in found
        for node in one["nodes"]
        # Streamlit's own data editor and menus have minor ones.
        if one["impact"] in ("serious", "critical") or OURS.search(str(node["target"]))
    ]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_unfolded_has_no_violation_in_light_or_dark(new_page, server, path):
    page = new_page(viewport={"width": 1280, "height": 800})
    (visit_stage if path in STAGES else visit)(page, server.url + path)
    for summary in page.locator("[data-testid=stExpander] summary").all():
        summary.click()
    page.evaluate("document.querySelectorAll('.calls details').forEach(row => row.open = true)")
    page.wait_for_function("!document.querySelector('.calls [open] > .formula:empty')")  # Python draws them now
    settings = page.locator("[data-act=settings]").filter(visible=True)
    if settings.count():
        settings.click()
    assert grave(violations(page, "light")) == []
    assert grave(violations(page, "dark", options=OF_COLOURS)) == []


# Marks the texts whose look was on no step before, and says whether there are any: to ask for the contrast of all of
# them at each step takes axe three times as long as all its other rules.
MARK_NEW_LOOKS = """
stage => {
  const texts = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT), known = window.looks ??= new Set();
  const up = one => one === stage ? [] : [one, ...up(one.parentElement)];
  stage.querySelectorAll("[data-new-look]").forEach(one => delete one.dataset.newLook);
  while (texts.nextNode()) {
    const { parentElement: parent, data } = texts.currentNode;
    if (!data.trim() || !parent.checkVisibility({ visibilityProperty: true })) continue;
    const look = up(parent).map(one => {
      const { color, backgroundColor } = getComputedStyle(one);
      return [one.tagName, one.getAttribute("class"), color, backgroundColor];
    }).join();
    if (!known.has(look)) parent.dataset.newLook = "";
    known.add(look);
  }
  return stage.querySelector("[data-new-look]") !== null;
}
"""
NEW_LOOKS = ".stage:not(:has([data-new-look])), [data-new-look]"  # all, where what was marked has been drawn anew


@pytest.mark.parametrize("path", STAGES)
def test_no_step_of_a_story_has_a_violation_in_light_or_dark(new_page, server, path):
    page = new_page(viewport={"width": 1280, "height": 800})
    visit_stage(page, server.url + path)
    found = []
    for step, waiting in each_state(page):
        wrong = violations(page, "light", ".stage", BUT_COLOURS)
        if stage(page).evaluate(MARK_NEW_LOOKS):
            for scheme in ("light", "dark"):
                wrong += violations(page, scheme, NEW_LOOKS, OF_COLOURS)
        found += [(step, waiting, *one) for one in grave(wrong)]
    assert found == []


def test_the_sheet_of_a_phone_has_no_violation(new_page, server):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visit_stage(page, server.url + "/clipping?step=3")
    assert waits(page)
    for scheme in ("light", "dark"):
        assert grave(violations(page, scheme)) == []
    act(page, "next")
    assert steps(page) > 3
    assert grave(violations(page, "dark")) == []
