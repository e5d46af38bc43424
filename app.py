"""The server: Streamlit on pages/router.py, with what is done once at start and on every response."""

import gc
import os
from contextlib import asynccontextmanager
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy loads: one learner’s photo takes one core

import streamlit as st
from starlette.middleware import Middleware

import pages.parts.preload  # noqa: F401
from pages.parts.page.shell import routes
from pages.parts.page.sockets import answer_at_once

# A page loads from this server and sends to it, no other; Streamlit itself needs inline styles, eval and blobs.
HEADERS = [
    (b"content-security-policy", b"default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; object-src 'none'"),
    (b"content-security-policy", b"base-uri 'self'; form-action 'self'"),  # others may frame it: teachers embed pages
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]


def with_headers(app):
    async def respond(scope, receive, send):
        async def send_more(message):
            more = {"headers": [*message["headers"], *HEADERS]} if message["type"] == "http.response.start" else {}
            await send(message | more)

        await app(scope, receive, send_more)

    return respond


@asynccontextmanager
async def lifespan(_app):
    answer_at_once()
    gc.collect()
    gc.freeze()  # what lives as long as the server need not be walked by each collection
    yield


app = st.App(
    Path(__file__).parent / "pages/router.py",
    lifespan=lifespan,
    routes=routes(),
    middleware=[Middleware(with_headers)],
)
