"""The browser's modules come from the server's own route, once, under any base path."""

import pytest

from pages.parts.page.modules import PATH
from tests.browser.support import APP, Server, act, drag, expect_step, numbers, turn_to, unfold, visit_stage
from tests.browser.test_ownership import expect_true_program


@pytest.fixture(scope="module")
def based_server():
    with Server(APP, "--server.baseUrlPath=a/b") as running:
        yield running


def test_modules_may_be_kept_for_ever_and_a_second_visit_asks_for_none(new_page, server):
    page = new_page()
    answers = []
    page.context.on("response", lambda answer: answers.append(answer) if f"/{PATH}/" in answer.url else None)
    visit_stage(page, server.url)
    assert any(answer.url.endswith("/stage.js") for answer in answers)
    for answer in answers:
        assert answer.status == 200, answer.url
        assert "immutable" in answer.headers["cache-control"], answer.url
    urls = [answer.url for answer in answers]
    assert len(urls) == len(set(urls)), "a module came twice"
    visit_stage(page, server.url + "/clipping")
    travelled = page.evaluate(
        """path => performance.getEntriesByType("resource")
            .filter(one => one.name.includes(path)).map(one => [one.name, one.transferSize])""",
        f"/{PATH}/",
    )
    assert travelled
    assert all(size == 0 for _, size in travelled), travelled


def test_under_a_base_path_pages_modules_and_links_work(new_page, based_server):
    page = new_page()
    base = based_server.url + "/a/b"
    visit_stage(page, base + "/clipping?step=2&z=1,2,3")
    expect_step(page, 2)
    assert numbers(page, "logit") == [1, 2, 3]
    drag(page, "logit of cat", 0.9)
    logits = numbers(page, "logit")
    unfold(page, "Copy as code")
    expect_true_program(page)
    turn_to(page, "Softmax")
    page.locator("[data-part=stage][data-page=softmax][data-step]").wait_for()
    assert page.evaluate("location.pathname") == "/a/b/softmax"
    assert numbers(page, "logit") == logits
    page.keyboard.press("End")
    act(page, "next")
    page.locator("[data-part=stage][data-page=two_forms][data-step]").wait_for()
