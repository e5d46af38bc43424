"""Two processes behind HAProxy, as .hosting/ sets it up: a page whose process is gone goes on at the other."""

import http.client
import json
import os
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.browser.support import (
    ROOT,
    Server,
    act,
    connected,
    drag,
    expect_step,
    numbers,
    settle,
    turn_to,
    visit_stage,
)
from tests.run import find_haproxy
from tests.unit.test_hosting import certificate

HAPROXY = find_haproxy()
SECONDS_TO_START = 15
NAMES = ["one", "two"]
LOGITS, LABELS = ({"name": "own.csv", "mimeType": "text/csv", "buffer": text} for text in (b"1,2,3\n3,2,1", b"2,0"))
NO_FILES = "your browser sends no files"
pytestmark = [
    pytest.mark.kills_server,
    pytest.mark.skipif(HAPROXY is None, reason="HAProxy is not installed, and could not be fetched"),
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Hosting:
    """Two processes, and the balancer in front of them."""

    def __init__(self, folder):
        self._port, self._tls, nobody = free_port(), free_port(), f"127.0.0.1:{free_port()}"
        self.url, self.tls = f"http://127.0.0.1:{self._port}", f"https://127.0.0.1:{self._tls}"
        self._admin = folder / "admin"
        self.processes = dict(zip(NAMES, (Server(), Server()), strict=True))
        self._settings = {
            "LISTEN": f"127.0.0.1:{self._port}",
            "LISTEN_TLS": f"127.0.0.1:{self._tls}",
            "CERTIFICATE": str(certificate(folder)),
            "ADMIN": str(self._admin),
            "STAYS_WHO_IT_IS": "1",
            "PROCESS_1": self.processes["one"].url.removeprefix("http://"),
            "PROCESS_2": self.processes["two"].url.removeprefix("http://"),
            "PROCESS_3": nobody,
            "PROCESS_4": nobody,
        }

    def __enter__(self):
        with ExitStack() as stack:
            with ThreadPoolExecutor() as both:
                for started in both.map(Server.__enter__, self.processes.values()):
                    stack.push(started)
            command = [HAPROXY, "-f", str(ROOT / ".hosting/haproxy.cfg")]
            balancer = stack.enter_context(subprocess.Popen(command, env=os.environ | self._settings))
            stack.callback(balancer.kill)
            self._stack = stack.pop_all()
        self._until(lambda: self._states() == ["UP", "UP", "DOWN", "DOWN"])
        return self

    def __exit__(self, *_error):
        self._stack.close()

    def ask(self, method, path, headers, body=b""):
        """The status of an answer, its headers and what it holds."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        connection.putrequest(method, path)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        told = answer.status, answer.headers, answer.read()
        connection.close()
        return told

    def given(self, path, name=""):
        """To which process an answer sticks a browser that was stuck to the one of that name, or to none."""
        _, headers, _ = self.ask("GET", path, {"Cookie": f"process={name}"} if name else {})
        return headers.get("Set-Cookie", "").partition(";")[0].removeprefix("process=")

    def room(self, name, act, **request):
        """What the process of that name answers to a request for a room."""
        body = json.dumps(request).encode()
        status, _, told = self.ask(
            "POST", f"/rooms/{act}", {"Cookie": f"process={name}", "Content-Length": len(body)}, body
        )
        assert status == 200, told
        return json.loads(told)

    def tell(self, command):
        """What HAProxy answers to a command."""
        with socket.socket(socket.AF_UNIX) as admin:
            admin.connect(str(self._admin))
            admin.sendall(f"{command}\n".encode())
            return admin.makefile().read()

    def _states(self):
        rows = [line.split(",") for line in self.tell("show stat app 4 -1").splitlines() if line.startswith("app,")]
        return [row[17].split()[0] for row in rows]

    def _until(self, reached):
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                if reached():
                    return
            except OSError:
                pass  # it does not listen yet
            assert time.monotonic() < deadline, f"HAProxy was not ready after {SECONDS_TO_START} s."
            time.sleep(0.05)


@pytest.fixture(scope="module")
def hosting(tmp_path_factory):
    with Hosting(tmp_path_factory.mktemp("hosting")) as running:
        yield running


def upload(place):
    """Give the Batches page, or a frame with it, two files: the second once the first is read."""
    place.locator("[data-part=stage][data-step]").wait_for()
    place.get_by_test_id("stExpander").filter(has_text="Your own numbers").locator("summary").click()
    for i, file in enumerate([LOGITS, LABELS]):
        place.locator("input[type=file]").nth(i).set_input_files(file)
        expect(place.get_by_placeholder("The file is read.")).to_have_count(i + 1)


@pytest.fixture
def own_page(browser):
    """Make a page that shares no cookie with another."""
    contexts = []

    def make(**options):
        contexts.append(browser.new_context(reduced_motion="reduce", ignore_https_errors=True, **options))
        contexts[-1].set_default_timeout(15_000)
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/_stcore/health", {}, 200),
        ("GET", "/_stcore/metrics", {}, 404),
        ("GET", "/_stcore/%6Detrics?families=session_stats", {}, 404),
        ("PUT", "/_stcore/upload_file/a/b", {"Content-Length": str(24 * 2**20 + 1)}, 413),
        ("PUT", "/_stcore/upload_file/a/b", {"Transfer-Encoding": "chunked"}, 411),
        ("POST", "/rooms/open", {"Content-Length": "65537"}, 413),
    ],
)
def test_what_is_nobodys_business_or_too_large_does_not_reach_a_process(hosting, method, path, headers, status):
    assert hosting.ask(method, path, headers)[0] == status


def test_a_room_is_the_same_at_every_process(hosting):
    question = {"choices": ["yes", "no"], "range": [0, 0]}
    room = hosting.room("one", "open", page="clipping", step=3, question=question)
    code, secret = room["room"], room["secret"]
    hosting.room("two", "vote", room=code, round=1, voter="a", answer=1)
    assert hosting.room("one", "hear", room=code, version=0, secret=secret)["answered"] == 1


def test_newcomers_are_kept_from_a_process_that_is_drained_and_its_own_pages_stay(hosting):
    hosting.tell("set server app/one state drain")
    assert [hosting.given("/") for _ in range(4)] == ["two"] * 4
    assert hosting.given("/", "one") == ""  # nothing new: it is there still
    hosting.tell("set server app/one state ready")
    assert {hosting.given("/") for _ in range(4)} == set(NAMES)


def test_in_a_frame_on_another_site_a_file_is_taken_where_there_is_tls(hosting, own_page):
    page = own_page()
    page.set_content(f'<iframe src="{hosting.tls}/batches?embed=true" width="1200" height="800"></iframe>')
    frame = page.frame_locator("iframe")
    upload(frame)
    expect(frame.get_by_text(NO_FILES)).to_be_hidden()
    assert {cookie["sameSite"] for cookie in page.context.cookies()} == {"None"}


def test_a_process_reads_its_pages_files_and_once_it_is_killed_example_and_step_are_still_there(hosting, own_page):
    page = own_page()
    visit_stage(page, f"{hosting.url}/batches?step=2")
    upload(page)
    page.get_by_role("button", name="Use this batch").click()
    expect(page.get_by_text("Read 2 × 3 logits")).to_be_visible()
    turn_to(page, "Start")
    act(page, "next")
    drag(page, "logit of cat", 0.9)
    mine = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "process")
    hosting.processes[mine].kill()
    drag(page, "logit of dog", 0.3)
    connected(page)
    drag(page, "logit of fox", 0.7)
    logits = numbers(page, "logit")
    settle(page)
    expect_step(page, 2)
    assert numbers(page, "logit") == logits
    turn_to(page, "Two forms")
    assert numbers(page, "logit") == logits
    assert hosting.given("/", mine) not in ("", mine)
