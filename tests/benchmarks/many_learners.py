"""Several classes of learners at once: each opens another page every ten seconds; then all leave."""

import asyncio
import random
import statistics
from pathlib import Path

from tests.benchmarks.common import ALL_PAGES, told
from tests.benchmarks.learner import Learner
from tests.browser.support import Server

BAR = 0.5  # seconds, for 95 of 100 runs
LEARNERS = 400
SECONDS_TO_ARRIVE = 40
PAGES_EACH = 8
SECONDS_BETWEEN = 10
SECONDS_TO_FORGET = 300  # Streamlit keeps a session for two minutes after its learner has left
KEPT = 1.3  # times the memory before they came


def megabytes(server: Server) -> float:
    """The memory that a server holds (Linux)."""
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


async def learn(url: str, number: int) -> list[float]:
    """One learner's lesson: the seconds that each page took."""
    await asyncio.sleep(number * SECONDS_TO_ARRIVE / LEARNERS)
    seconds = []
    async with Learner(url, ALL_PAGES[number % len(ALL_PAGES)]) as learner:
        await learner.run()
        for _ in range(PAGES_EACH):
            await asyncio.sleep(max(0, SECONDS_BETWEEN - (seconds[-1] if seconds else random.uniform(0, 10))))
            seconds.append(await learner.turn_to(random.choice(ALL_PAGES)))
    return seconds


async def lesson(url: str) -> tuple[list[float], list[BaseException]]:
    """All learners' seconds, and the errors of those who met one."""
    results = await asyncio.gather(*(learn(url, i) for i in range(LEARNERS)), return_exceptions=True)
    errors = [result for result in results if isinstance(result, BaseException)]
    return [second for result in results if isinstance(result, list) for second in result], errors


async def forgotten(app: Server, bar: float) -> float:
    """The memory once it is back below a bar, or else what is held when the time is over."""
    for _ in range(SECONDS_TO_FORGET):
        if megabytes(app) <= bar:
            break
        await asyncio.sleep(1)
    return megabytes(app)


async def visit_every_page(url: str) -> None:
    """One learner sees all pages, so that what the server loads once is there."""
    async with Learner(url) as learner:
        for path in ALL_PAGES:
            await learner.turn_to(path)


def main() -> None:
    """Measure and tell."""
    with Server() as app:
        asyncio.run(visit_every_page(app.url))
        before = megabytes(app)
        seconds, errors = asyncio.run(lesson(app.url))
        most = megabytes(app)
        after = asyncio.run(forgotten(app, KEPT * before))
    print(f"{LEARNERS} learners, {len(seconds)} runs, {len(errors)} learners with an error")
    for error in errors[:5]:
        print(f"  {type(error).__name__}: {error}")
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    print(f"median {cuts[49]:.3g} s, 95th of 100 {told(cuts[94], BAR)} s, longest {max(seconds):.3g} s")
    print(f"memory {before:.0f} MB before, {most:.0f} MB at the end, {told(after, KEPT * before)} MB after they left")


if __name__ == "__main__":
    main()
