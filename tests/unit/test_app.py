"""What the server puts on its answers."""

import asyncio
import tomllib
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.routing import Mount, Route

import app as server_module
from app import HEADERS, with_headers
from pages.parts.page.contents import CONTENTS
from pages.parts.page.modules import PATH
from pages.parts.photos.ready import PATH as PHOTOS
from tests.run import ROOT


def sent(*messages):
    """What a client gets when the server behind the middleware sends these messages."""
    received = []

    async def server(_scope, _receive, send):
        for message in messages:
            await send(message)

    async def keep(message):
        received.append(message)

    with ThreadPoolExecutor(1) as other:  # a browser in use keeps this thread from running a loop of its own
        other.submit(asyncio.run, with_headers(server)({}, None, keep)).result()
    return received


def test_every_response_keeps_its_headers_and_says_what_a_page_may_do():
    start, body = sent(
        {"type": "http.response.start", "status": 200, "headers": [(b"etag", b"1")]},
        {"type": "http.response.body", "body": b"x"},
    )
    assert start == {"type": "http.response.start", "status": 200, "headers": [(b"etag", b"1"), *HEADERS]}
    assert body == {"type": "http.response.body", "body": b"x"}


@pytest.mark.parametrize("message", [{"type": "websocket.accept"}, {"type": "websocket.send", "bytes": b"x"}])
def test_what_is_no_response_passes_as_it_is(message):
    assert sent(message) == [message]


def test_a_page_uses_its_own_server_alone_and_others_may_frame_it():
    policy = b"; ".join(value for name, value in HEADERS if name == b"content-security-policy").decode()
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    assert directives.keys() == {"default-src", "object-src", "base-uri", "form-action"}
    assert not any("http" in sources or "*" in sources for sources in directives.values())


def test_the_server_has_a_route_for_every_page_for_the_modules_photos_runs_calls_saved_pages_and_rooms():
    made = server_module.routes()
    expected = {f"/{entry.path}" for entry in CONTENTS}
    expected |= {f"/{PATH}/run", f"/{PATH}/calls", f"/{PATH}/take/{{page}}", f"/{PHOTOS}/{{name}}", "/lesson"}
    expected |= {"/rooms/{act}"}
    assert {route.path for route in made if isinstance(route, Route)} == expected
    assert [route.path for route in made if isinstance(route, Mount)] == [f"/{PATH}"]


def test_the_server_stays_a_page_that_is_read_at_a_glance():
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 60


def test_a_session_runs_one_script_at_a_time_so_that_no_two_write_its_state():
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["fastReruns"] is False
