"""What the benchmarks share: the pages, the page they are measured against, and how a result is told."""

import statistics
from collections.abc import Sequence
from pathlib import Path

from pages.parts.page.contents import CONTENTS
from tests.browser.support import Server

LEARN_PAGES = [f"/{entry.path}" for entry in CONTENTS]
HEAVY = ("/batches", "/frameworks", "/identify")  # more is computed there, and more is allowed
# Of the stage, or the page's own.
PICTURE = (
    '[data-quantity]:visible, [data-testid="stDataFrame"] canvas:visible, .calls summary:visible, '
    '[aria-label="The loss in your log"]:visible'
)


def one_chart_server() -> Server:
    """A server of the one-chart page, as it comes; only Streamlit's usage statistics are off."""
    return Server(Path(__file__).parent / "one_chart_page.py", "--browser.gatherUsageStats=false")


def hello_world_server() -> Server:
    """A server of a page with one slider and one number, run as the app is."""
    return Server(Path(__file__).parent / "hello_world_page.py", "--runner.postScriptGC=false")


def told(value: float, bar: float) -> str:
    """A measured value beside its bar, which it may not exceed."""
    return f"{value:.3g} (bar {bar:g}: {'reached' if value <= bar else 'MISSED'})"


def print_ratios(seconds: dict[str, Sequence[float]], reference: str, bar: float, heavy: float = 0) -> None:
    """One line for each thing measured: its median, and its ratio to the reference; `heavy` is HEAVY’s bar."""
    usual = statistics.median(seconds[reference])
    print(f"{reference:12} {usual * 1000:8.1f} ms")
    for name, values in seconds.items():
        if name != reference:
            median = statistics.median(values)
            own = heavy if heavy and name in HEAVY else bar
            print(f"{name:12} {median * 1000:8.1f} ms   ratio {told(median / usual, own)}")
