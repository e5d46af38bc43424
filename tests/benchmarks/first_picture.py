"""How long until the first picture, with an empty cache: every page against the one-chart page."""

import time
from collections import defaultdict

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.common import ALL_PAGES, HEAVY_PAGES, PICTURE, one_chart_server, print_ratios
from tests.browser.support import Server, launch

BAR, HEAVY_BAR = 1.0, 1.3
ROUNDS = 10
CHART = ".js-plotly-plot svg.main-svg"


# Asked in each frame: a locator looks but twice a second once it has waited for one.
IS_SEEN = """(picture) => {
    const hosts = [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")];
    const roots = [document, ...hosts.map(({shadowRoot}) => shadowRoot).filter(Boolean)];
    const found = roots.flatMap((root) => [...root.querySelectorAll(picture)]);
    return found.some((one) => one.checkVisibility({visibilityProperty: true}));
}"""


def seconds_to(browser: Browser, url: str, picture: str) -> float:
    """Seconds from asking for an address, with an empty cache, until the picture can be seen there."""
    with browser.new_context() as context:
        page = context.new_page()
        began = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.wait_for_function(IS_SEEN, arg=picture, polling="raf")
        return time.perf_counter() - began


def measure(browser: Browser, app: str, chart: str) -> dict[str, list[float]]:
    """Seconds by page; they take turns, so that whatever slows the machine slows all. The first warms up."""
    seconds = defaultdict(list)
    for _ in range(1 + ROUNDS):
        seconds["one chart"].append(seconds_to(browser, chart, CHART))
        for path in ALL_PAGES:
            seconds[path].append(seconds_to(browser, app + path, PICTURE))
    return {name: values[1:] for name, values in seconds.items()}


def bar(path: str) -> float:
    """How many times the one-chart page's time a page may take."""
    return HEAVY_BAR if path in HEAVY_PAGES else BAR


def main() -> None:
    """Measure and tell."""
    with Server() as app, one_chart_server() as chart, sync_playwright() as playwright:
        print_ratios(measure(launch(playwright), app.url, chart.url), "one chart", bar)


if __name__ == "__main__":
    main()
