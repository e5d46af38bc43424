"""An address holds the whole example: it is read, written, and outlives the server."""

import math
from urllib.parse import parse_qsl

import numpy as np
import pytest
from playwright.sync_api import expect
from tests.browser.test_live_table import dragging

from pages.parts.stage.example import BASES, COLUMNS, DEFAULT_NAMES, PRECISIONS, Example, default_logits, read_query
from tests.browser.support import address, expect_query, number, settle, visit

LINK = "z=2,1,0.1,-1&p=0,0.5,0.5,0&t=2&base=10&names=a,b%5C,c,d,e&show=logit,probability,target,categorical"


def shown_logits(page):
    rows = page.locator(".classes tbody tr")
    expect(rows.first).to_be_visible()
    return [number(page, "logit", i) for i in range(rows.count())]


def press(page, name, answer):
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)
    expect(page.get_by_role("button", name=answer, exact=True)).to_be_visible()


def test_a_deep_link_is_right_as_the_first_request_to_a_fresh_server(fresh_server, page):
    visit(page, f"{fresh_server.url}/clipping?{LINK}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Clipping")
    links = [text.split(maxsplit=1)[1] for text in page.locator("[data-testid=stSidebarNavLink]").all_inner_texts()]
    assert links == ["Start", "Softmax", "Two forms", "Clipping", "Batches", "Frameworks", "Identify a loss"]
    assert shown_logits(page) == [2, 1, 0.1, -1]
    assert page.locator(".classes tbody th button").all_inner_texts() == ["a", "b,c", "d", "e"]
    powers = [math.exp(z / 2) for z in (2, 1, 0.1, -1)]
    expected = math.log10(sum(powers)) - 0.5 * math.log10(powers[1] * powers[2])
    assert number(page, "categorical") == pytest.approx(expected, rel=1e-12)


def test_the_example_goes_along_to_the_next_page_and_into_its_address(open_page):
    page = open_page(f"/?{LINK}")
    page.get_by_role("link", name="Softmax").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Softmax")
    settle(page)
    assert shown_logits(page) == [2, 1, 0.1, -1]
    expect_query(page, {"z": "2,1,0.1,-1", "p": "0,0.5,0.5,0", "t": "2", "base": "10", "names": "a,b\\,c,d,e"})


def test_back_after_five_drags_leads_to_the_page_before(open_page):
    page = open_page("/")
    page.get_by_role("link", name="Softmax").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Softmax")
    settle(page)
    for share in (0.1, 0.9, 0.3, 0.8, 0.6):
        with dragging(page, "logit of cat") as to:
            to(share)
        settle(page)
    logits = shown_logits(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cross-entropy")
    settle(page)
    assert shown_logits(page) == logits


def test_a_reload_shows_the_same_example(open_page):
    page = open_page("/")
    with dragging(page, "logit of fox") as to:
        to(0.83)
    settle(page)
    logits = shown_logits(page)
    visit(page, address(page))
    assert shown_logits(page) == logits


@pytest.mark.kills_server
def test_a_restarted_server_loses_nothing_not_even_a_drag_made_meanwhile(fresh_server, page):
    visit(page, fresh_server.url + "/?z=1,2,3")

    def restart_with_a_drag_between(share):
        fresh_server.kill()
        with dragging(page, "logit of cat") as to:
            to(share)
        logits = shown_logits(page)
        fresh_server.start()
        return logits

    for share in (0.9, 0.2):
        restart_with_a_drag_between(share)
        with dragging(page, "logit of dog") as to:
            to(1 - share)
        logits = shown_logits(page)
        settle(page)
        assert shown_logits(page) == logits
        # Python has it too: the answer of a page's question and a preset's revision come from there.
        press(page, "Projector view", "Leave the projector view")
        assert shown_logits(page) == logits
        press(page, "Leave the projector view", "Projector view")
        assert shown_logits(page) == logits

    logits = restart_with_a_drag_between(0.7)
    page.get_by_role("link", name="Two forms").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Two losses")
    settle(page)
    assert shown_logits(page) == logits
    visit(page, address(page))
    assert shown_logits(page) == logits


@pytest.mark.kills_server
def test_the_first_press_that_a_restarted_server_hears_of_is_done_on_what_was_on_screen(fresh_server, page):
    visit(page, fresh_server.url + "/?base=10")
    page.get_by_role("button", name="log₂ · bits").click()
    settle(page)
    fresh_server.kill()
    fresh_server.start()
    page.get_by_role("button", name="q2", exact=True).click()
    expect(page.locator(".loss")).to_have_text("lossL = 0.3219 bits")
    expect_query(page, {"base": "2", "z": "-0.2231435513142097,-2.3025850929940455,-2.3025850929940455"})


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("z=1,2,3,4,5,6,7,8,9,10,11", "z was ignored: it has 11 entries, where 2 to 10 were expected."),
        ("z=1,2&p=1,0,0", "p was ignored: it has 3 entries, but z gives 2 classes."),
        ("z=nan,1,2", "z was ignored: entry 1 is “nan”, where a finite number was expected."),
        ("z=1e999,1,2", "z was ignored: entry 1 is “1e999”, where a finite number was expected."),
        ("z=", "z was ignored: it has 1 entry, where 2 to 10 were expected."),
        ("p=0.5,0.2,0.2", "p was ignored: its entries sum to 0.9, where a sum of 1 was expected."),
        ("show=logit,<b>x</b>", "show was ignored: it is “<b>x</b>”, where one of logit, exp,"),
        ("names=a,,c", "names was ignored: entry 2 is “”, where 1 to 24 printable characters were expected."),
    ],
)
def test_a_bad_parameter_is_named_and_the_rest_of_the_link_works(open_page, link, said):
    page = open_page(f"/?base=10&{link}")
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_role("alert")).to_have_count(1)
    assert page.get_by_role("button", name="log₁₀ · bans").get_attribute("aria-pressed") == "true"


def test_a_parameter_of_100_kb_is_named_and_the_page_opens(open_page):
    page = open_page("/?names=" + "a" * 100_000)
    expect(page.get_by_role("alert")).to_contain_text("names was ignored: it is 100,000 characters long")
    assert number(page, "categorical") == math.log(2)
    expect_query(page, {})


def test_parameters_of_others_stay_in_the_address(open_page):
    page = open_page("/?course=ml1")
    page.get_by_role("button", name="log₂ · bits").click()
    settle(page)
    expect_query(page, {"course": "ml1", "base": "2"})


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
        show=tuple(column for column in COLUMNS if rng.random() < 0.5),
        present=bool(rng.random() < 0.5),
    )


def test_every_address_that_the_browser_writes_is_read_back_as_the_same_example(script_page):
    rng = np.random.default_rng(7)
    examples = [Example(), *(_random_example(rng) for _ in range(500))]
    plain = [{**vars(one)} for one in examples]
    queries = script_page.evaluate(
        "([examples, names]) => examples.map(one => live.to_query(live.to_parameters(one, examples[0], names)))",
        [plain, DEFAULT_NAMES],
    )
    assert queries[0] == ""
    for query, expected in zip(queries, examples, strict=True):
        found, faults = read_query(dict(parse_qsl(query, keep_blank_values=True)))
        assert faults == []
        assert found == expected
