"""Classes that vote at once, in one room and in twenty; then a server that is killed while they vote.

Each student is a connection that hears of the room, as the page does, and another one that votes.
"""

import asyncio
import contextlib
import json
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pages.parts.rooms.store import SETTING
from tests.benchmarks.common import told
from tests.browser.support import Server

STUDENTS = 100  # in each room
ROOMS = 20
SECONDS_TO_COME = 8  # when the room was opened
SECONDS_OF_A_CLASS = 5  # in which twenty classes vote; one class votes at the same moment
BAR = 0.5  # seconds, for 95 of 100 votes
SECONDS_TO_COUNT = 2.0
QUESTION = {"page": "clipping", "step": 3, "question": {"choices": ["0", "−1", "−28"]}}


class Line:
    """One connection that is kept open, and opened again after the server was gone."""

    def __init__(self, url: str) -> None:
        self._host, self._port = urlsplit(url).hostname, urlsplit(url).port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, act: str, body: dict[str, Any]) -> tuple[int, Any]:
        """The status and what came; status 0 where nobody answers."""
        content = json.dumps(body).encode()
        head = f"POST /rooms/{act} HTTP/1.1\r\nHost: {self._host}\r\nContent-Length: {len(content)}\r\n\r\n"
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection(self._host, self._port)
            reader, writer = self._streams
            writer.write(head.encode() + content)
            status = int((await reader.readline()).split()[1])
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
            length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length"))
            answer = (await reader.readexactly(length)).decode()
        except (OSError, IndexError, asyncio.IncompleteReadError):
            self.hang_up()
            return 0, None
        return status, json.loads(answer) if status == 200 else answer

    def hang_up(self) -> None:
        """Close it."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


@dataclass
class Class:
    """One room: its teacher, and its students' choices and the seconds that their votes took."""

    url: str
    room: str = ""
    secret: str = ""
    answers: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    last: float = 0.0
    counted: float = 0.0
    heard: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    async def open(self) -> None:
        """Open the room."""
        line = Line(self.url)
        _status, answer = await line.post("open", QUESTION)
        self.room, self.secret = answer["room"], answer["secret"]
        line.hang_up()

    async def student(self, at: float) -> None:
        """One student votes, again if nobody answered."""
        line, voter = Line(self.url), f"{random.getrandbits(128):032x}"
        await asyncio.sleep(at)
        choice, began, status = random.randrange(3), time.perf_counter(), 0
        while status == 0:
            body = {"room": self.room, "round": 1, "voter": voter, "answer": choice}
            status, answer = await line.post("vote", body)
            if status == 0:
                await asyncio.sleep(0.5)
        if status != 200:
            raise RuntimeError(f"{status}: {answer}")
        self.seconds.append(time.perf_counter() - began)
        self.answers[voter] = choice
        self.last = time.perf_counter()
        line.hang_up()

    async def hear(self, here: asyncio.Event, at: float) -> None:
        """A student's page, which is opened and then waits for the teacher, until the answer is revealed."""
        line, news = Line(self.url), {"version": 0, "asking": True}
        await asyncio.sleep(at)
        while news["asking"]:
            status, answer = await line.post("hear", {"room": self.room, "version": news["version"]})
            news = answer if status == 200 else news
            here.set()
            await asyncio.sleep(0.2 if news["asking"] else 0)
        self.heard.append(time.perf_counter())
        line.hang_up()

    async def teach(self, students: int) -> None:
        """The teacher's page, until all are counted."""
        line, known = Line(self.url), {"version": 0, "answered": -1}
        while known["answered"] < students:
            status, news = await line.post("hear", {"room": self.room, "secret": self.secret, **known})
            if status == 200:
                known = {"version": news["version"], "answered": news["answered"]}
            await asyncio.sleep(0.2 if status == 200 else 1)
        self.counted = time.perf_counter()
        line.hang_up()

    async def reveal(self) -> None:
        """The teacher reveals how many gave each choice."""
        line = Line(self.url)
        body = {"room": self.room, "secret": self.secret}
        await line.post("turn", body | QUESTION | {"waits": False})
        _status, news = await line.post("hear", body | {"version": 0})
        line.hang_up()
        self.counts = news["votes"][0]["counts"]


async def lesson(server: Server, rooms: int, spread: float, killed_at: float | None = None) -> list[Class]:
    """Let classes vote within `spread` seconds; the server may be killed meanwhile, and started again."""
    classes = [Class(server.url) for _ in range(rooms)]
    for one in classes:
        await one.open()
    here = [asyncio.Event() for _ in range(rooms * STUDENTS)]
    listeners = [
        asyncio.create_task(classes[i // STUDENTS].hear(event, random.uniform(0, SECONDS_TO_COME)))
        for i, event in enumerate(here)
    ]
    await asyncio.gather(*(event.wait() for event in here))
    await asyncio.sleep(1)  # all wait for news now
    teachers = [asyncio.create_task(one.teach(STUDENTS)) for one in classes]
    votes = [one.student(random.uniform(0, spread)) for one in classes for _ in range(STUDENTS)]
    if killed_at is None:
        await asyncio.gather(*votes, *teachers)
    else:
        await asyncio.gather(restart(server, killed_at), *votes, *teachers)
    began = time.perf_counter()
    await asyncio.gather(*(one.reveal() for one in classes), *listeners)
    for one in classes:
        one.heard = [heard - began for heard in one.heard]
    return classes


async def restart(server: Server, at: float) -> None:
    """Kill the server, and start it again."""
    await asyncio.sleep(at)
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)


def tell(name: str, classes: list[Class], *, timed: bool = True) -> None:
    """Print what was measured, and that every vote is counted once."""
    wrong = 0
    for one in classes:
        answers = list(one.answers.values())
        wrong += one.counts != [answers.count(choice) for choice in range(3)] or len(answers) != STUDENTS
    print(f"{name}: {len(classes) * STUDENTS} votes; rooms where a vote is missing or too many: {wrong}")
    if timed:
        seconds = [second for one in classes for second in one.seconds]
        cuts = statistics.quantiles(seconds, n=100, method="inclusive")
        late = max(one.counted - one.last for one in classes)
        print(f"  median {cuts[49]:.3g} s, 95th of 100 {told(cuts[94], BAR)} s, longest {max(seconds):.3g} s")
        print(f"  the projector’s count is right {told(late, SECONDS_TO_COUNT)} s after the last vote")
        heard = max(max(one.heard) for one in classes)
        print(f"  all pages have heard {heard:.3g} s after all teachers revealed at once")


@contextlib.contextmanager
def rooms_of_our_own() -> Iterator[None]:
    """A file for this benchmark alone, and as many connections as the system allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as folder:
        os.environ[SETTING] = str(Path(folder) / "rooms.sqlite")
        yield


def main() -> None:
    """Measure and tell."""

    async def measure(server: Server) -> None:
        tell("one room at one moment", await lesson(server, 1, 0))
        tell(f"{ROOMS} rooms in {SECONDS_OF_A_CLASS} s", await lesson(server, ROOMS, SECONDS_OF_A_CLASS))
        name = "killed and started again among the votes"
        tell(name, await lesson(server, 1, 4, killed_at=2), timed=False)

    with rooms_of_our_own(), Server() as server:
        asyncio.run(measure(server))


if __name__ == "__main__":
    main()
