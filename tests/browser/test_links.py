"""An address holds the example and the step: it is read, written, and goes from page to page."""

import math
from dataclasses import asdict
from urllib.parse import parse_qsl

import numpy as np
import pytest
from playwright.sync_api import expect

from pages.parts.page.contents import CONTENTS
from pages.parts.stage.address import SETTINGS, read_query
from pages.parts.stage.example import BASES, COLUMNS, DEFAULT_NAMES, PRECISIONS, Example, View, default_logits
from pages.parts.stage.story import plain_example
from tests.browser.support import (
    STAGES,
    act,
    address,
    drag,
    expect_query,
    expect_step,
    number,
    numbers,
    open_settings,
    stage,
    stage_is_there,
    steps,
    turn_to,
    visit,
    visit_stage,
)

LINK = "z=2,1,0.1,-1&p=0,0.5,0.5,0&t=2&base=10&names=a,b%5C,c,d,e&show=logit,probability,target,categorical"
RETURN = "[data-act=return]"


def names(page):
    return page.locator("[data-part=picture] .name").all_inner_texts()


def turned_to(page, name):
    page.locator(f"[data-part=stage][data-page={name}][data-step][data-moving=false]").wait_for()


def test_a_deep_link_is_right_as_the_first_request_to_a_fresh_server(fresh_server, page):
    visit_stage(page, f"{fresh_server.url}/clipping?{LINK}&step=2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Clipping")
    links = page.get_by_test_id("stTopNavLink").locator("p").all_inner_texts()
    assert links == [entry.title for entry in CONTENTS]
    expect_step(page, 2)
    assert numbers(page, "logit") == [2, 1, 0.1, -1]
    assert names(page) == ["a", "b,c", "d", "e"]
    powers = [math.exp(z / 2) for z in (2, 1, 0.1, -1)]
    expected = math.log10(math.fsum(powers)) - 0.5 * math.log10(powers[1] * powers[2])
    assert number(page, "categorical") == pytest.approx(expected, rel=1e-12)


def test_the_step_is_in_the_address_and_nothing_of_what_it_shows(open_stage):
    page = open_stage("/clipping")
    expect_query(page, {})
    act(page, "next")
    expect_query(page, {"step": "2"})
    act(page, "back")
    expect_query(page, {})


@pytest.mark.parametrize(("asked", "step"), [("3", 3), ("0", 1), ("-4", 1), ("99", 8)])
def test_a_step_beyond_an_end_is_the_one_at_that_end(open_stage, asked, step):
    page = open_stage(f"/?step={asked}")
    expect_step(page, step)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_step_that_is_no_number_is_named_and_the_first_is_shown(open_stage):
    page = open_stage("/?step=x&base=10")
    expect(page.get_by_role("alert")).to_contain_text("step was ignored")
    expect_step(page, 1)
    expect(page.get_by_role("button", name="log₁₀ · bans")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("z", ["3,1,2", "1,2", "1,2,3,4,5,6,7,8,9,10"])
def test_a_link_shows_its_own_example_at_its_step_and_offers_the_way_back_to_the_step(open_stage, z):
    page = open_stage(f"/?step=3&z={z}")
    expect_step(page, 3)
    logits = [float(text) for text in z.split(",")]
    assert numbers(page, "logit") == logits
    expect_query(page, {"step": "3", "z": z})
    page.locator(RETURN).click()
    expect_step(page, 3)
    assert number(page, "probability", 0) == pytest.approx(0.8, rel=1e-12)
    expect(page.locator(RETURN)).to_be_hidden()
    expect_query(page, {"step": "3"})


@pytest.mark.parametrize("z", ["1,2", "1,2,3,4,5,6,7,8,9,10"])
def test_a_story_goes_on_from_any_number_of_classes(new_page, server, z):
    page = new_page()
    visit_stage(page, f"{server.url}/two-forms?step=2&z={z}")
    for step in range(3, steps(page) + 1):
        act(page, "next")
        if stage(page).get_attribute("data-waiting") == "true":
            act(page, "next")
        expect_step(page, step, waiting=False)


def test_a_hands_example_goes_along_to_the_next_page_and_is_shown_at_its_step_1(open_stage):
    page = open_stage(f"/?{LINK}&step=4")
    turn_to(page, "Softmax")
    turned_to(page, "softmax")
    expect_step(page, 1)
    assert numbers(page, "logit") == [2, 1, 0.1, -1]
    expect(page.locator(RETURN)).to_be_visible()
    expect_query(page, {"z": "2,1,0.1,-1", "p": "0,0.5,0.5,0", "t": "2", "base": "10", "names": "a,b\\,c,d,e"})
    drag(page, "logit of a", 0.9)
    logits = numbers(page, "logit")
    turn_to(page, "Clipping")
    turned_to(page, "clipping")
    assert numbers(page, "logit") == logits


def test_what_a_step_set_stays_with_its_page(open_stage):
    page = open_stage("/?step=6")
    assert number(page, "probability", 0) == 0
    turn_to(page, "Softmax")
    turned_to(page, "softmax")
    expect_step(page, 1)
    assert numbers(page, "probability") == pytest.approx([0.5, 0.2, 0.3], rel=1e-12)
    expect_query(page, {})


def test_back_after_drags_leads_to_the_page_and_the_step_before_with_the_same_example(open_stage):
    page = open_stage("/?step=3")
    turn_to(page, "Softmax")
    turned_to(page, "softmax")
    for share in (0.1, 0.9, 0.6):
        drag(page, "logit of cat", share)
    logits = numbers(page, "logit")
    page.go_back()
    turned_to(page, "start")
    expect_step(page, 3)
    assert numbers(page, "logit") == logits
    page.go_forward()
    turned_to(page, "softmax")
    assert numbers(page, "logit") == logits


def test_a_reload_shows_the_same_example_and_step(open_stage):
    page = open_stage("/?step=3")
    drag(page, "logit of fox", 0.83)
    logits = numbers(page, "logit")
    visit_stage(page, address(page))
    expect_step(page, 3)
    assert numbers(page, "logit") == logits


def test_a_link_may_give_probabilities_and_zero_among_them(open_stage):
    page = open_stage("/?q=0,0.7,0.3")
    assert numbers(page, "logit") == [-math.inf, math.log(0.7), math.log(0.3)]
    drag(page, "logit of fox", 0.5)
    assert "q=" not in address(page)
    visit_stage(page, address(page))
    assert number(page, "logit", 0) == -math.inf


@pytest.mark.parametrize("path", STAGES)
def test_every_page_takes_every_parameter_of_a_link(open_stage, path):
    page = open_stage(
        f"{path}?z=1,2,-inf,0&p=0.25,0.25,0.5,0&t=2&base=2&low=1e-7&high=0.9&precision=float16"
        "&names=a,b%5C,c,%3Ci%3E,d&show=logit,target&hide=1&step=2&present=1"
    )
    expect_step(page, 2)
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("z=1,2,3,4,5,6,7,8,9,10,11", "z was ignored: it has 11 entries, where 2 to 10 were expected."),
        ("z=1,2&p=1,0,0", "p was ignored: it has 3 entries, but z gives 2 classes."),
        ("z=nan,1,2", "z was ignored: entry 1 is “nan”, where a finite number was expected."),
        ("show=logit,<b>x</b>", "show was ignored: it is “<b>x</b>”, where one of logit, exp,"),
        ("names=a,,c", "names was ignored: entry 2 is “”, where 1 to 24 printable characters were expected."),
    ],
)
def test_a_bad_parameter_is_named_and_the_rest_of_the_link_works(open_stage, link, said):
    page = open_stage(f"/?base=10&{link}")
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("button", name="log₁₀ · bans")).to_have_attribute("aria-pressed", "true")


def test_a_parameter_of_50_kb_is_named_and_the_page_opens(open_stage):  # of 64 kB the server takes no request
    page = open_stage("/?names=" + "a" * 50_000)
    expect(page.get_by_role("alert")).to_contain_text("names was ignored: it is 50,000 characters long")
    assert number(page, "categorical") == math.log(2)
    expect_query(page, {})


def test_a_link_in_a_story_leads_to_its_page_within_the_session(open_stage):
    page = open_stage("/?step=4")
    page.evaluate("window.same = true")
    page.locator("[data-choice='0']").click()
    stage_is_there(page, 4)
    page.get_by_role("link", name="the 1000 of AlexNet and ResNet").filter(visible=True).first.click()
    page.locator("[data-part=stage][data-page=thousand_classes]").wait_for()
    assert page.evaluate("window.same === true")


def test_parameters_of_others_stay_in_the_address(open_stage):
    page = open_stage("/?course=ml1")
    page.get_by_role("button", name="log₂ · bits").click()
    stage_is_there(page)
    expect_query(page, {"course": "ml1", "base": "2", "z": ",".join(str(math.log(q)) for q in (0.5, 0.2, 0.3))})
    act(page, "reset")
    act(page, "next")
    expect_query(page, {"course": "ml1", "step": "2"})


def test_what_is_looked_at_is_in_the_address_and_comes_back(open_stage):
    page = open_stage("/?show=logit,gradient&hide=1&present=1")
    assert page.get_by_role("columnheader", name="gradient").count() == 1
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    expect_query(page, {"show": "logit,gradient", "hide": "1", "present": "1"})
    open_settings(page).get_by_role("button", name="target").click()
    expect_query(page, {"show": "logit,target,gradient", "hide": "1", "present": "1"})


def _random_example(rng):
    n = int(rng.integers(2, 11))
    logits = rng.normal(0, 10, n) * 10.0 ** rng.integers(-8, 4)
    logits[1:] = np.where(rng.random(n - 1) < 0.2, -math.inf, logits[1:])
    alphabet = list("abc,\\ &=%+#<>;'\"é猫?/")
    names = tuple(f"{i}" + "".join(rng.choice(alphabet, rng.integers(0, 8))) for i in range(n))
    low, high = np.sort(rng.random(2))
    return Example(
        names=tuple(name.strip() for name in names) if rng.random() < 0.7 else DEFAULT_NAMES[:n],
        logits=tuple(logits.tolist()) if rng.random() < 0.8 else default_logits(n),
        targets=tuple(rng.dirichlet(np.ones(n)).tolist()),
        temperature=float(rng.uniform(0.05, 20)),
        base=str(rng.choice(list(BASES))),
        low=float(low) * 1e-9,
        high=float(high),
        precision=str(rng.choice(PRECISIONS)),
    )


def _random_view(rng):
    return View(
        step=int(rng.integers(1, 10)),
        show=tuple(column for column in COLUMNS if rng.random() < 0.5),
        hide=bool(rng.random() < 0.5),
        present=bool(rng.random() < 0.5),
    )


WRITE = """
([pairs, settings, defaults, names]) => pairs.map(([example, view]) => {
  const own = loaded.revived(example), usual = loaded.usual_example(own, loaded.revived(defaults.example), names);
  return loaded.to_query({
    ...loaded.to_parameters(settings, "example", own, usual),
    ...loaded.to_parameters(settings, "view", view, defaults.view),
  });
})
"""


def test_every_address_that_the_browser_writes_is_read_back_as_the_same_example(load_module):
    rng = np.random.default_rng(7)
    pairs = [(Example(), View()), *((_random_example(rng), _random_view(rng)) for _ in range(500))]
    settings = [{key: vars(one)[key] for key in ("name", "record", "field", "written")} for one in SETTINGS]
    defaults = {"example": plain_example(Example()), "view": asdict(View())}
    plain = [[plain_example(example), asdict(view)] for example, view in pairs]
    queries = load_module("example/address.js").evaluate(WRITE, [plain, settings, defaults, DEFAULT_NAMES])
    assert queries[0] == ""
    for text, (example, view) in zip(queries, pairs, strict=True):
        asked = read_query(dict(parse_qsl(text, keep_blank_values=True)))
        assert asked.faults == []
        assert asked.example == example
        assert asked.view == view


def test_a_page_that_is_no_stage_keeps_the_example_in_its_address(open_page):
    page = open_page(f"/frameworks?{LINK}")
    visit(page, address(page))
    assert "z=2,1,0.1,-1" in address(page)
