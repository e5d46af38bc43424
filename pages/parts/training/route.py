"""The route by which a run reaches the browser: a dot for each hundredth that is computed, then the run itself."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from pages.parts.stage.address import read_query
from pages.parts.training.encoded import encoded
from pages.parts.training.jobs import Jobs
from pages.parts.training.settings import Training

SECONDS_BETWEEN_LOOKS = 0.03
JOBS = Jobs(encoded)
# The run is compressed as it is; and no proxy may hold the dots back.
_HEADERS = {
    "Content-Encoding": "identity",
    "Cache-Control": "private, max-age=86400",
    "X-Accel-Buffering": "no",
}


async def answer(request: Request) -> Response:
    """The run that the address asks for, with the settings that links use."""
    asked = read_query(request.query_params)
    if asked.faults or asked.played is None:
        return PlainTextResponse(" ".join(asked.faults) or "No run was asked for.", 400)
    if JOBS.refuses(asked.played.runs[0]):
        return PlainTextResponse("Too many runs wait already: ask again in a minute.", 503)
    return StreamingResponse(_told(request, asked.played.runs[0]), 200, _HEADERS, "application/octet-stream")


async def _told(request: Request, training: Training) -> AsyncIterator[bytes]:
    """At most a hundred dots, a line's end, and the run; whoever hangs up waits no longer."""
    dots = 0
    with JOBS.waiting(training) as job:
        while not job.future.done():
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            if await request.is_disconnected():
                return
            done = 100 * job.done // training.epochs
            if done > dots:
                yield b"." * (done - dots)
                dots = done
        yield b"\n" + job.future.result()
