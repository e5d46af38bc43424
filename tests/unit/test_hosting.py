"""What several processes are hosted with: the balancer's settings, and how soon each process answers."""

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pages.parts.rooms.store import SETTING
from tests.run import ROOT, find_haproxy

HOSTING = ROOT / ".hosting"
HAPROXY = find_haproxy()

_spec = importlib.util.spec_from_file_location("latency", HOSTING / "latency.py")
latency = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(latency)


@pytest.mark.skipif(HAPROXY is None, reason="HAProxy is not installed")
@pytest.mark.parametrize("tls", [False, True])
def test_haproxy_takes_its_settings(tmp_path, tls):
    settings = os.environ | {"STAYS_WHO_IT_IS": "1", "ADMIN": str(tmp_path / "admin")}
    if tls:
        settings |= {"LISTEN_TLS": "127.0.0.1:8443", "CERTIFICATE": str(certificate(tmp_path))}
    done = subprocess.run(
        [HAPROXY, "-c", "-f", HOSTING / "haproxy.cfg"], env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr


def certificate(folder):
    """One that nobody trusts, for this machine's own address; the test is skipped where openssl cannot make it."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, cert, both = (folder / name for name in ("key.pem", "cert.pem", "both.pem"))
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    subprocess.run([*make.split(), "-keyout", key, "-out", cert], capture_output=True, check=True)
    both.write_text(key.read_text() + cert.read_text())
    return both


def test_all_processes_of_a_machine_are_told_of_one_file_of_rooms():
    for name in ("Dockerfile", "cross-entropy@.service"):
        assert re.search(rf"{SETTING}=/\S+/rooms\.sqlite", (HOSTING / name).read_text()), name
    assert "volumes: [rooms:/rooms]" in (HOSTING / "compose.yaml").read_text()


def test_the_balancer_bounds_a_file_as_the_app_does():
    config = (ROOT / ".streamlit/config.toml").read_text()
    megabytes = int(re.search(r"^maxUploadSize = (\d+)", config, re.M)[1])
    assert f"gt {megabytes * 1024 * 1024} }}" in (HOSTING / "haproxy.cfg").read_text()


class Slow(BaseHTTPRequestHandler):
    def do_GET(self):
        assert self.path == "/_stcore/health"
        time.sleep(self.server.seconds)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def ask():
    """Ask an agent that knows of a process of that slowness, by its address or by another one."""
    running = []

    def start(server):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"127.0.0.1:{server.server_address[1]}"

    def answer(seconds, about=None):
        process = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
        process.seconds = seconds
        address = start(process)
        known = type("Known", (latency.Agent,), {"known": frozenset([address])})
        host, port = start(latency.Server(("127.0.0.1", 0), known)).split(":")
        with socket.create_connection((host, int(port)), timeout=10) as client:
            client.sendall(f"{about or address}\n".encode())
            return client.makefile().read()

    yield answer
    for server in running:
        server.shutdown()
        server.server_close()


def test_the_later_a_process_answers_the_fewer_newcomers_it_is_given(ask):
    told = [int(re.fullmatch("([0-9]+)%\n", ask(seconds))[1]) for seconds in (0, 0.3)]
    assert told[0] > told[1] > 1
    assert told[1] <= latency.weight(0.3) == 17
    assert latency.weight(0) == 100


def test_a_process_that_says_nothing_is_given_almost_none(monkeypatch):
    monkeypatch.setattr(latency, "SECONDS_AT_MOST", 0.1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert latency.slowest(f"127.0.0.1:{silent.getsockname()[1]}") == 0.1
    assert latency.weight(2.0) == 2


def test_nobody_learns_of_an_address_that_was_not_named(ask):
    assert ask(0, about="127.0.0.1:22") == ""
