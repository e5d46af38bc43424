"""A class of learners at once: each lets go of a slider every three seconds."""

import asyncio
import random
import statistics

from tests.benchmarks.common import LEARN_PAGES, told
from tests.benchmarks.learner import Learner
from tests.browser.support import Server

BAR = 0.5  # seconds, for 95 of 100 runs
LEARNERS = 100
SECONDS_TO_ARRIVE = 10
RELEASES = 10
SECONDS_BETWEEN = 3


async def learn(url: str, number: int) -> list[float]:
    """One learner's lesson: the seconds that each run after a release took."""
    await asyncio.sleep(number * SECONDS_TO_ARRIVE / LEARNERS)
    async with Learner(url, LEARN_PAGES[number % len(LEARN_PAGES)]) as learner:
        await learner.run()
        await asyncio.sleep(random.uniform(0, SECONDS_BETWEEN))
        seconds = []
        for _ in range(RELEASES):
            seconds.append(await learner.release())
            await asyncio.sleep(max(0, SECONDS_BETWEEN - seconds[-1]))
    return seconds


async def lesson(url: str) -> tuple[list[float], list[BaseException]]:
    """All learners' seconds, and the errors of those who met one."""
    results = await asyncio.gather(*(learn(url, i) for i in range(LEARNERS)), return_exceptions=True)
    errors = [result for result in results if isinstance(result, BaseException)]
    return [second for result in results if isinstance(result, list) for second in result], errors


def main() -> None:
    """Measure and tell."""
    with Server() as app:
        seconds, errors = asyncio.run(lesson(app.url))
    print(f"{LEARNERS} learners, {len(seconds)} runs, {len(errors)} learners with an error")
    for error in errors[:5]:
        print(f"  {type(error).__name__}: {error}")
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    print(f"median {cuts[49]:.3g} s, 95th of 100 {told(cuts[94], BAR)} s, longest {max(seconds):.3g} s")


if __name__ == "__main__":
    main()
