"""How long the server works after a change: every page against a hello-world page, in one run, in processor time."""

import asyncio
from collections import defaultdict
from contextlib import AsyncExitStack

from tests.benchmarks.common import ALL_PAGES, HEAVY_PAGES, TOOLS, hello_server, print_ratios, processor_seconds
from tests.benchmarks.learner import Learner
from tests.browser.support import Server

BAR, HEAVY_BAR = 2.5, 5.0
ROUNDS = 12
RUNS = 10  # in each round, for one alone is shorter than the clock is fine
WARM_UP = 2


async def measure(app: Server, hello: Server) -> dict[str, list[float]]:
    """Seconds of processor time for one run, by page; they take turns, so that whatever slows the machine slows all."""
    seconds = defaultdict(list)
    async with AsyncExitStack() as stack:
        reference = await stack.enter_async_context(Learner(hello.url))
        learners = {path: await stack.enter_async_context(Learner(app.url, path)) for path in ALL_PAGES}
        for learner in (reference, *learners.values()):
            await learner.run()
        for _ in range(WARM_UP + ROUNDS):
            began = processor_seconds(hello)
            for _ in range(RUNS):
                await reference.run()
            seconds["hello world"].append((processor_seconds(hello) - began) / RUNS)
            for path, learner in learners.items():
                began = processor_seconds(app)
                for _ in range(RUNS):
                    await learner.release()
                seconds[path].append((processor_seconds(app) - began) / RUNS)
    return {name: values[WARM_UP:] for name, values in seconds.items()}


def bar(path: str) -> float:
    """How many times the hello-world page's time a page may take."""
    return HEAVY_BAR if path in HEAVY_PAGES + TOOLS else BAR


def main() -> None:
    """Measure and tell."""
    with Server() as app, hello_server() as hello:
        print_ratios(asyncio.run(measure(app, hello)), "hello world", bar)


if __name__ == "__main__":
    main()
