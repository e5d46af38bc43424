"""What the benchmarks share: the pages, what they are measured against, and how a result is told."""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.browser.support import PAGES, ROOT, Server

HERE = Path(__file__).parent
ALL_PAGES = PAGES
HEAVY_PAGES = ["/batches", "/training", "/thousand-classes"]
TOOLS = ["/frameworks", "/identify"]
TICK = 0.005  # seconds
# Of the stage, or the page's own.
PICTURE = '[data-part=stage] [data-quantity], .calls summary, [aria-label^="The loss in your log"]'


def one_chart_server() -> Server:
    """A server of the one-chart page, as it comes; only Streamlit's usage statistics are off."""
    return Server(HERE / "one_chart_page.py", "--browser.gatherUsageStats=false")


def hello_server() -> Server:
    """A server of the hello-world page, with the start and the settings of the app."""
    return Server(HERE / "hello_app.py", folder=ROOT)


def processor_seconds(server: Server) -> float:
    """Seconds of processor time that a server has taken since it started, in all its threads (Linux)."""
    return time.clock_gettime((~server.pid << 3) | 2)  # the clock of another process, as clock_getcpuclockid gives it


def told(value: float, bar: float) -> str:
    """A measured value beside its bar, which it may not exceed."""
    return f"{value:.3g} (bar {bar:g}: {'reached' if value <= bar else 'MISSED'})"


def print_ratios(seconds: dict[str, Sequence[float]], reference: str, bar: Callable[[str], float]) -> None:
    """One line for each thing measured: its median, and that as a ratio to the reference's median."""
    usual = statistics.median(seconds[reference])
    print(f"{reference:17} {usual * 1000:8.1f} ms")
    for name, values in seconds.items():
        if name != reference:
            median = statistics.median(values)
            print(f"{name:17} {median * 1000:8.1f} ms   ratio {told(median / usual, bar(name))}")


class Waits(threading.Thread):
    """Another learner's thread: how long it had to wait for its turn, at the longest."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.longest = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        last = time.perf_counter()
        while not self._over.wait(TICK):
            now = time.perf_counter()
            self.longest, last = max(self.longest, now - last - TICK), now

    def stop(self) -> float:
        self._over.set()
        self.join()
        return self.longest
