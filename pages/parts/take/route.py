"""The route by which a page is saved: one HTML file of it, with what the address asks for on its stage."""

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from pages.parts.page.origin import origin_of, reaches_others
from pages.parts.stage.address import read_query
from pages.parts.stage.component import LESSONS
from pages.parts.take.along import BY_PAGE, saved
from pages.parts.take.files import Refused

_AT_ONCE = asyncio.Semaphore(4)  # the others wait: a page with runs that nobody has seen yet takes seconds


async def answer(request: Request) -> Response:
    """The file of a page, or a sentence that says why there is none."""
    page = request.path_params["page"]
    if page not in BY_PAGE:
        return PlainTextResponse("No such page.", 404)
    if page not in LESSONS:
        return PlainTextResponse("This server was just started. Reload the page, then save it again.", 409)
    if faults := read_query(request.query_params).faults:
        return PlainTextResponse(" ".join(faults), 400)
    path = BY_PAGE[page].path
    try:
        async with _AT_ONCE:
            text = await run_in_threadpool(saved, page, request.query_params, _home(request, path))
    except Refused as refused:
        return PlainTextResponse(str(refused), 503)
    name = f"cross-entropy-{path or 'start'}.html"
    return HTMLResponse(text, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _home(request: Request, path: str) -> str:
    """Where the page itself is, unless only this machine knows it by that name."""
    origin = origin_of(request)
    return f"{origin}/{path}{'?' if request.url.query else ''}{request.url.query}" if reaches_others(origin) else ""
