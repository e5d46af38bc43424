"""The routes of rooms: each takes one small JSON by POST, and answers with JSON or with one sentence.

No code and no secret stands in an address, where a log or a neighbour would read it.
"""

import asyncio
import csv
import io
import json
import random
import signal
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from pages.parts.page.contents import CONTENTS
from pages.parts.rooms.codes import read_code
from pages.parts.rooms.gate import Guesses, check_origin, whole_address
from pages.parts.rooms.hearing import Hearing, Marks
from pages.parts.rooms.question import read_question
from pages.parts.rooms.refused import Refused
from pages.parts.rooms.store import Rooms, place

PATH = "rooms"
MOST_BYTES = 8192  # of a request
MOST_STEPS = 1000
LONGEST = 100  # characters of a code, a secret, a voter
SECONDS_TO_HEAR = 15.0, 25.0  # then an answer without news: no proxy hangs up so early, and a class not all at once
_PAGES = frozenset(entry.name for entry in CONTENTS)
_HEADERS = {"Cache-Control": "no-store"}
T = TypeVar("T")


class Desk:
    """What answers: one thread that alone touches the file, so that Streamlit's own loop never waits for it."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._thread = ThreadPoolExecutor(1, "rooms")
        self._rooms: Rooms | None = None
        self._guesses = Guesses()
        self._hearing = Hearing(self._marks, server_ends)

    async def answer(self, request: Request) -> Response:
        """The answer to a request for one of `ACTS`."""
        try:
            check_origin(request.headers)
            act = _ACTS.get(request.path_params["act"])
            if act is None:
                raise Refused(404, f"A room can be asked for {', '.join(_ACTS)}.")
            return await act(self, await _body(request), whole_address(request.client.host if request.client else ""))
        except Refused as refused:
            return PlainTextResponse(refused.sentence, refused.status, _HEADERS)
        except (sqlite3.Error, OSError):
            return PlainTextResponse("Rooms cannot be kept on this server just now.", 503, _HEADERS)

    async def _do(self, what: Callable[[Rooms], T]) -> T:
        """Do something with the rooms, in their own thread."""

        def act() -> T:
            if self._rooms is None:
                self._rooms = Rooms(place())
            return what(self._rooms)

        return await asyncio.get_running_loop().run_in_executor(self._thread, act)

    async def _marks(self, codes: Any) -> Marks:
        return await self._do(lambda rooms: rooms.marks(codes))

    async def _within(self, body: dict[str, Any], address: str, what: Callable[[Rooms, str], T]) -> T:
        """Do something in the room whose code the body holds: wrong codes are counted, right ones let in."""
        try:
            code = read_code(_text(body, "room"))
        except ValueError as fault:
            raise Refused(400, f"{str(fault)[0].upper()}{str(fault)[1:]}.") from None

        def act(rooms: Rooms) -> T:
            if not rooms.has_entered(code, address):
                self._guesses.check(address)
                try:
                    rooms.room(code)
                except Refused:
                    self._guesses.wrong(address)
                    raise
                rooms.enter(code, address)
            return what(rooms, code)

        return await self._do(act)

    async def _open(self, body: dict[str, Any], address: str) -> Response:
        page, step, question = _page(body), _step(body), read_question(body.get("question"))
        code, secret = await self._do(lambda rooms: rooms.open(page, step, question, address))
        return _json({"room": code, "secret": secret})

    async def _hear(self, body: dict[str, Any], address: str) -> Response:
        version, answered, secret = _whole(body, "version"), body.get("answered"), body.get("secret")

        def look(rooms: Rooms, code: str) -> dict[str, Any]:
            own = {} if secret is None else rooms.results(code, _text(body, "secret"))
            return rooms.room(code).plain() | own

        now = await self._within(body, address, look)
        if now["version"] == version and (secret is None or now["answered"] == answered):
            await self._hearing.news(now["code"], version, now.get("answered"), random.uniform(*SECONDS_TO_HEAR))
            now = await self._within(body, address, look)
        return _json(now)

    async def _vote(self, body: dict[str, Any], address: str) -> Response:
        number, voter = _whole(body, "round"), _text(body, "voter")
        await self._within(body, address, lambda rooms, code: rooms.vote(code, number, voter, body.get("answer")))
        return _json({"counted": True})

    async def _turn(self, body: dict[str, Any], address: str) -> Response:
        page, step, secret = _page(body), _step(body), _text(body, "secret")
        question = read_question(body["question"]) if body.get("question") is not None else None
        waits, again = body.get("waits") is True, body.get("again") is True
        await self._within(
            body,
            address,
            lambda rooms, code: rooms.turn(code, secret, page, step, question, waits=waits, again=again),
        )
        return _json({"turned": True})

    async def _follow(self, body: dict[str, Any], address: str) -> Response:
        secret, follow = _text(body, "secret"), body.get("follow") is True
        await self._within(body, address, lambda rooms, code: rooms.let_follow(code, secret, follow))
        return _json({"follow": follow})

    async def _close(self, body: dict[str, Any], address: str) -> Response:
        secret = _text(body, "secret")
        await self._within(body, address, lambda rooms, code: rooms.end(code, secret))
        return _json({"closed": True})

    async def _votes(self, body: dict[str, Any], address: str) -> Response:
        secret = _text(body, "secret")
        rows = await self._within(body, address, lambda rooms, code: rooms.all_votes(code, secret))
        written = io.StringIO()
        sheet = csv.writer(written)
        sheet.writerow(["vote", "page", "step", "voter", "answer"])
        sheet.writerows((*row[:-1], _inert(row[-1])) for row in rows)
        return Response(written.getvalue(), 200, _HEADERS, "text/csv; charset=utf-8")


_ACTS = {
    "open": Desk._open,
    "hear": Desk._hear,
    "vote": Desk._vote,
    "turn": Desk._turn,
    "follow": Desk._follow,
    "close": Desk._close,
    "votes": Desk._votes,
}


async def _body(request: Request) -> dict[str, Any]:
    """The request's JSON, of which not more is read than a request may hold."""
    read = b""
    async for part in request.stream():
        read += part
        if len(read) > MOST_BYTES:
            raise Refused(413, f"A request to a room holds at most {MOST_BYTES:,} bytes.")
    try:
        body = json.loads(read)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refused(400, 'JSON such as {"room": "BCDF-GHJK"} was expected.')
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise Refused(400, f"A text of 1 to {LONGEST} characters was expected as {name}.")
    return value


def _whole(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**9:
        raise Refused(400, f"A whole number from 0 on was expected as {name}.")
    return value


def _step(body: dict[str, Any]) -> int:
    step = _whole(body, "step")
    if not 1 <= step <= MOST_STEPS:
        raise Refused(400, f"A step from 1 to {MOST_STEPS} was expected.")
    return step


def _page(body: dict[str, Any]) -> str:
    page = body.get("page")
    if not isinstance(page, str) or page not in _PAGES:
        raise Refused(400, "The name of a page was expected, such as start.")
    return page


def server_ends() -> bool:
    """Whether uvicorn was told to end: it then waits for every answer under way, and nobody needs news any more.

    The signal's handler is a method of its server, which knows; under another server nobody is known to end.
    """
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return bool(getattr(server, "should_exit", False))


def _inert(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+@" or (text[:1] == "-" and not text[1:2].isdigit()) else text


def _json(content: object) -> Response:
    return JSONResponse(content, headers=_HEADERS)


_DESK = Desk()
answer = _DESK.answer
