"""A server of the app, a browser, and pages that may do nothing wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from pages.parts.page.modules import PATH
from pages.parts.rooms.store import SETTING
from tests.browser.firefox import Firefox
from tests.browser.support import Server, launch, visit, visit_stage, watch
from tests.run import find_firefox

expect.set_options(timeout=15_000)  # milliseconds: a shared machine may be slow at any moment


@pytest.fixture(scope="session", autouse=True)
def rooms_of_our_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Rooms that are opened here are no others'."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTING, str(tmp_path_factory.mktemp("rooms") / "rooms.sqlite"))
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The app, running for all tests of the session; it may log no traceback."""
    with Server() as running:
        yield running
        assert "Traceback" not in running.output(), running.output()


@pytest.fixture
def fresh_server() -> Iterator[Server]:
    """The app on a server of the test's own, which nobody has visited: the test may kill and restart it."""
    with Server() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Firefox as it is installed, started once."""
    program = find_firefox()
    if program is None:
        pytest.skip("Firefox is not installed, and could not be fetched")
    with Firefox(program, tmp_path_factory.mktemp("firefox")) as running:
        yield running


@pytest.fixture
def firefox_page(firefox: Firefox) -> Iterator[Firefox]:
    """Its page, which may log no error, and ask no server for anything but the app's."""
    yield firefox
    firefox.leave()
    assert not firefox.wrongs
    assert not [url for url in firefox.asked if urlsplit(url).hostname != "127.0.0.1"]


@dataclass
class Windows:
    """A context: how its pages are when they are new, what they did wrong so far, and those that nobody uses."""

    context: BrowserContext
    options: dict[str, Any]
    wrongs: list[str]
    free: list[Page] = field(default_factory=list)

    def page(self) -> Page:
        """A page without a past: one that was used before opens in half the processor time.

        In front, for behind another a page that turns to a new address draws one frame a second.
        """
        page = self.free.pop() if self.free else self.context.new_page()
        page.bring_to_front()
        return page

    def take_back(self, page: Page) -> None:
        """Leave nothing of what a test did to its page; one that a test closed is gone."""
        if page.is_closed():
            return
        page.mouse.up()
        page.unroute_all()
        if page.url.startswith("http"):
            page.evaluate("sessionStorage.clear()")
        page.goto("about:blank")
        page.set_viewport_size(self.options.get("viewport", {"width": 1280, "height": 720}))
        page.emulate_media(color_scheme=self.options.get("color_scheme", "light"))
        self.free.append(page)


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[Callable[..., Windows]]:
    """A context for each set of options: one that is warm has the scripts."""
    known: dict[str, Windows] = {}

    def windows(**options) -> Windows:
        key = repr(sorted(options.items()))
        if key not in known:
            context = browser.new_context(**options)
            context.set_default_timeout(15_000)
            known[key] = Windows(context, options, watch(context))
        return known[key]

    yield windows
    for one in known.values():
        one.context.close()


@pytest.fixture
def new_page(contexts: Callable[..., Windows], request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Make pages with the options of a context given; `watch` says what they may not do.

    Their readers want no motion, unless an option says otherwise: each step is there at once.

    Under the marker `kills_server` they may log errors: that nobody answers is no fault of theirs.
    """
    pages, seen = [], {}

    def make(**options) -> Page:
        windows = contexts(**{"reduced_motion": "reduce"} | options)
        seen.setdefault(id(windows), (windows.wrongs, len(windows.wrongs)))
        pages.append((windows, windows.page()))
        return pages[-1][1]

    yield make
    for windows, page in pages:
        windows.take_back(page)
    wrongs = [wrong for wrongs, before in seen.values() for wrong in wrongs[before:]]
    if request.node.get_closest_marker("kills_server"):
        wrongs = [wrong for wrong in wrongs if not wrong.startswith("logged an error")]
    assert not wrongs, "The page " + "\nand ".join(wrongs)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page of its own for a test."""
    return new_page()


@pytest.fixture
def moving_page(new_page: Callable[..., Page]) -> Page:
    """One on which steps play."""
    return new_page(reduced_motion="no-preference")


@pytest.fixture
def open_page(page: Page, server: Server) -> Callable[[str], Page]:
    """Open a path of the app, such as "/softmax?z=2,1", in `page`; return it when its script has run."""

    def open_path(path: str = "/") -> Page:
        visit(page, server.url + path)
        return page

    return open_path


@pytest.fixture
def open_stage(page: Page, server: Server) -> Callable[..., Page]:
    """Open a path of a page with a stage in `page`; return it when its story is there."""

    def open_path(path: str = "/") -> Page:
        visit_stage(page, server.url + path)
        return page

    return open_path


@pytest.fixture
def laptop_page(new_page: Callable[..., Page]) -> Page:
    """A page in a laptop's window."""
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def load_module(page: Page, server: Server) -> Callable[[str], Page]:
    """Load one of the browser's modules, such as "example/address.js", as `loaded` in a page that holds nothing."""

    def load(name: str) -> Page:
        page.goto(f"{server.url}/_stcore/health")
        page.evaluate("async path => { window.loaded = await import(path); }", f"/{PATH}/{name}")
        return page

    return load
