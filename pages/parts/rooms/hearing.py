"""Who waits for news of a room: the file is looked at once in a while for all of them together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

SECONDS_BETWEEN_LOOKS = 0.3

Marks = dict[str, tuple[int, int]]


class Hearing:
    """All who wait in this process.

    `look` tells of rooms, by code, their version and how many have answered; `ends` whether the server is to end.
    """

    def __init__(self, look: Callable[[Sequence[str]], Awaitable[Marks]], ends: Callable[[], bool]) -> None:
        self._look = look
        self._ends = ends
        self._waiting: set[_Waiter] = set()
        self._looking: asyncio.Task[None] | None = None

    async def news(self, code: str, version: int, answered: int | None, seconds: float) -> None:
        """Return when the room is no longer at this version, or another number have answered (unless it is None)."""
        waiter = _Waiter(code, version, answered)
        self._waiting.add(waiter)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_on())
        try:
            async with asyncio.timeout(seconds):
                await waiter.woken.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(waiter)

    async def _look_on(self) -> None:
        while self._waiting:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            try:
                marks = await self._look(sorted({waiter.code for waiter in self._waiting}))
            except Exception:  # the file may be locked or gone for a while: they ask again
                marks = {}
            for waiter in self._waiting:
                waiter.hear(None if self._ends() else marks.get(waiter.code))


class _Waiter:
    def __init__(self, code: str, version: int, answered: int | None) -> None:
        self.code = code
        self.woken = asyncio.Event()
        self._version = version
        self._answered = answered

    def hear(self, mark: tuple[int, int] | None) -> None:
        if mark is None or mark[0] != self._version or self._answered not in (None, mark[1]):
            self.woken.set()
