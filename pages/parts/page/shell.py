"""What the server itself answers beside Streamlit: each page's HTML with its title, and the browser's modules."""

import html
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from pages.parts.frameworks import route as calls
from pages.parts.page.contents import CONTENTS, Entry
from pages.parts.page.modules import BROWSER, MODULES, PATH
from pages.parts.page.origin import base_path, origin_of
from pages.parts.photos.ready import PATH as PHOTOS
from pages.parts.photos.ready import files
from pages.parts.rooms import route as rooms
from pages.parts.take import route as take
from pages.parts.training import route as training

STREAMLITS_PAGE = Path(st.__file__).parent / "static/index.html"
LESSON = Path(__file__).parent / "lesson.html"
FOR_EVER = "public, immutable, max-age=31536000"
LARGE = '<meta name="twitter:card" content="summary_large_image">'
STYLES = ("frame.css", "frameworks.css")


def routes() -> list[BaseRoute]:
    """The routes of every page and of the modules, under the base path that the server is run with."""
    base = base_path()
    pages = [Route(f"{base}/{entry.path}", _answer(entry)) for entry in CONTENTS]
    photos = Route(f"{base}/{PHOTOS}/{{name}}", _photo_file)
    run = Route(f"{base}/{PATH}/run", training.answer)
    numbers = Route(f"{base}/{PATH}/calls", calls.respond)
    save = Route(f"{base}/{PATH}/take/{{page}}", take.answer)
    lesson = Route(f"{base}/lesson", lambda _: FileResponse(LESSON, headers={"Cache-Control": "no-cache"}))
    votes = Route(f"{base}/{rooms.PATH}/{{act}}", rooms.answer, methods=["POST"])
    return [*pages, photos, run, numbers, save, lesson, votes, Mount(f"{base}/{PATH}", _Kept(directory=BROWSER))]


@lru_cache(maxsize=64)
def page_of(entry: Entry, said: tuple[str, str] | None = None, origin: str = "") -> str:
    """Streamlit's page, with this page's title and description or those given, and the modules asked for at once.

    Links are relative, as Streamlit's own: they hold under any base path. Only the picture of a shared link is taken by
    its whole address, which begins with the `origin`, where that is known.
    """
    own, sentence = said or ("", entry.description)
    title, description = html.escape(f"{own} · {entry.heading}" if own else entry.heading), html.escape(sentence)
    picture = f"{origin}/{PATH}/cards/{entry.card_file}"
    head = [
        f"<title>{title}</title>",
        f'<meta name="description" content="{description}">',
        f'<meta property="og:title" content="{title}">',
        f'<meta property="og:description" content="{description}">',
        '<meta property="og:type" content="website">',
        *([f'<meta property="og:image" content="{picture}">', LARGE] if origin else []),
        *(f'<link rel="stylesheet" href="./{PATH}/{style}">' for style in STYLES),
    ]
    modules = [f'<link rel="modulepreload" crossorigin href="./{PATH}/{module}">' for module in MODULES]
    page = STREAMLITS_PAGE.read_text(encoding="utf-8").replace("<title>Streamlit</title>", "\n".join(head), 1)
    return page.replace("</head>", "\n".join([*modules, "</head>"]), 1)  # after Streamlit's own, needed first


def _answer(entry: Entry) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        said = entry.card(request.query_params) if entry.card else None
        return HTMLResponse(page_of(entry, said, origin_of(request)), headers={"Cache-Control": "no-cache"})

    return answer


async def _photo_file(request: Request) -> Response:
    known = files().get(request.path_params["name"])
    if known is None:
        return Response(status_code=404)
    return Response(known[0], media_type=known[1], headers={"Cache-Control": FOR_EVER})


class _Kept(StaticFiles):
    """Files that a browser may keep for ever: the path names their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOR_EVER
        return response
