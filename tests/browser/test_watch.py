"""What every page is watched for is heard of."""

import pytest

from tests.browser.support import watch


@pytest.fixture
def watched(browser):
    context = browser.new_context()
    wrongs = watch(context)
    yield context.new_page(), wrongs
    context.close()


@pytest.mark.parametrize("url", ["https://example.com/a.js", "http://192.0.2.1/", "http://localhost:1/"])
@pytest.mark.parametrize(
    "ask",
    [
        "url => fetch(url, { mode: 'no-cors' }).catch(() => {})",
        "url => { navigator.sendBeacon(url, 'told'); }",
        "url => new Promise(done => Object.assign(new Image(), { onerror: done, src: url }))",
        "url => import(url).catch(() => {})",
    ],
)
def test_a_request_to_another_server_is_heard_of_and_reaches_nobody(watched, ask, url):
    page, wrongs = watched
    with page.expect_event("requestfailed"):
        page.evaluate(ask, url)
    assert f"asked another server: {url}" in wrongs


def test_an_error_logged_and_one_uncaught_are_heard_of(watched):
    page, wrongs = watched
    with page.expect_event("console"):
        page.evaluate("console.error('said')")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw Error('thrown'); })")
    said, thrown = wrongs
    assert said.startswith("logged an error: said")
    assert thrown.startswith("left an exception uncaught: thrown")
