"""What the benchmarks share: the pages, the page they are measured against, and how a result is told."""

import statistics
from collections.abc import Sequence
from pathlib import Path

from tests.browser.support import Server

LEARN_PAGES = ["/", "/softmax", "/two-forms", "/clipping", "/batches", "/frameworks", "/identify"]
# Of the live table, or the page's own.
PICTURE = (
    '[data-quantity]:visible, [data-testid="stDataFrame"] canvas:visible, .calls summary:visible, '
    '[aria-label="The loss in your log"]:visible'
)


def one_chart_server() -> Server:
    """A server of the one-chart page, as it comes; only Streamlit's usage statistics are off."""
    return Server(Path(__file__).parent / "one_chart_page.py", "--browser.gatherUsageStats=false")


def told(value: float, bar: float) -> str:
    """A measured value beside its bar, which it may not exceed."""
    return f"{value:.3g} (bar {bar:g}: {'reached' if value <= bar else 'MISSED'})"


def print_ratios(seconds: dict[str, Sequence[float]], reference: str, bar: float) -> None:
    """One line for each thing measured: its median, and that as a ratio to the reference's median."""
    usual = statistics.median(seconds[reference])
    print(f"{reference:12} {usual * 1000:8.1f} ms")
    for name, values in seconds.items():
        if name != reference:
            median = statistics.median(values)
            print(f"{name:12} {median * 1000:8.1f} ms   ratio {told(median / usual, bar)}")
