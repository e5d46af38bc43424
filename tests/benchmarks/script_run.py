"""How long the server works after a release: every Learn page against the one-chart page, in one run."""

import asyncio
from collections import defaultdict
from contextlib import AsyncExitStack

from tests.benchmarks.common import LEARN_PAGES, one_chart_server, print_ratios
from tests.benchmarks.learner import Learner
from tests.browser.support import Server

BAR = 0.5
ROUNDS = 40
WARM_UP = 5


async def measure(app: str, chart: str) -> dict[str, list[float]]:
    """Seconds by page; they take turns, so that whatever slows the machine slows all."""
    seconds = defaultdict(list)
    async with AsyncExitStack() as stack:
        reference = await stack.enter_async_context(Learner(chart))
        learners = {path: await stack.enter_async_context(Learner(app, path)) for path in LEARN_PAGES}
        for learner in (reference, *learners.values()):
            await learner.run()
        for _ in range(WARM_UP + ROUNDS):
            seconds["one chart"].append(await reference.run())
            for path, learner in learners.items():
                seconds[path].append(await learner.release())
    return {name: values[WARM_UP:] for name, values in seconds.items()}


def main() -> None:
    """Measure and tell."""
    with Server() as app, one_chart_server() as chart:
        print_ratios(asyncio.run(measure(app.url, chart.url)), "one chart", BAR)


if __name__ == "__main__":
    main()
