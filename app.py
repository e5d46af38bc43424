"""The server: Streamlit on pages/router.py, with what is done once at start and on every response."""

import gc
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

import pages.parts.frame  # noqa: F401  what the pages import, so that the freeze below covers it

# The page may use what this server sends and nothing else; Streamlit needs inline styles, evaluated scripts and blobs.
HEADERS = [
    (b"content-security-policy", b"default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; object-src 'none'"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]


class ResponseHeaders:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self.app(scope, receive, send_with_headers)


@asynccontextmanager
async def lifespan(_app):
    """Streamlit collects garbage after every run; what lives as long as the server need not be walked each time."""
    gc.collect()
    gc.freeze()
    yield


app = st.App(Path(__file__).parent / "pages" / "router.py", lifespan=lifespan, middleware=[Middleware(ResponseHeaders)])
