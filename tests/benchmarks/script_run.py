"""How long a script run takes: every page, all folded, against a page with one slider and one number."""

import asyncio
from collections import defaultdict
from contextlib import AsyncExitStack

from tests.benchmarks.common import LEARN_PAGES, hello_world_server, print_ratios
from tests.benchmarks.learner import Learner
from tests.browser.support import Server

BAR, HEAVY_BAR = 2.5, 5
ROUNDS = 40
WARM_UP = 5


async def measure(app: str, hello: str) -> dict[str, list[float]]:
    """Seconds by page; they take turns, so that whatever slows the machine slows all."""
    seconds = defaultdict(list)
    async with AsyncExitStack() as stack:
        reference = await stack.enter_async_context(Learner(hello))
        learners = {path: await stack.enter_async_context(Learner(app, path)) for path in LEARN_PAGES}
        for learner in (reference, *learners.values()):
            await learner.run()
        for _ in range(WARM_UP + ROUNDS):
            seconds["hello world"].append(await reference.run())
            for path, learner in learners.items():
                seconds[path].append(await learner.run())
    return {name: values[WARM_UP:] for name, values in seconds.items()}


def main() -> None:
    """Measure and tell."""
    with Server() as app, hello_world_server() as hello:
        print_ratios(asyncio.run(measure(app.url, hello.url)), "hello world", BAR, HEAVY_BAR)


if __name__ == "__main__":
    main()
