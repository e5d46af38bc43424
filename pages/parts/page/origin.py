"""Where this app is, as the reader's browser knows it: what a link from elsewhere begins with."""

import re
from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import Request

_HOST = re.compile(r"[a-zA-Z0-9.-]+(:\d{1,5})?|\[[0-9a-fA-F:]+\](:\d{1,5})?")


def base_path() -> str:
    """The path that the server is run under: empty, or from its slash on."""
    return f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/")


def origin_of(request: Request) -> str:
    """Scheme, host and base path, by the request and by what a proxy in front says; empty where it names no host."""
    host = request.headers.get("host", "")
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
    if not _HOST.fullmatch(host) or scheme not in ("http", "https"):
        return ""
    return f"{scheme}://{host}{base_path()}"


def reaches_others(origin: str) -> bool:
    """Whether another machine could follow a link to there."""
    host = urlsplit(origin).hostname or ""
    return bool(host) and host not in ("localhost", "::1") and not host.startswith("127.")
