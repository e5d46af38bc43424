"""The route of runs: dots while it is computed, then the run; a bad address is one sentence; who hangs up is heard."""

import asyncio
import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pages.parts.page.modules import PATH
from pages.parts.training import route
from pages.parts.training.encoded import arrays_of, packed
from pages.parts.training.jobs import Jobs
from pages.parts.training.settings import Training
from tests.unit.test_shell import ask

SECONDS = 20


def test_a_run_comes_after_a_line_of_dots_as_gzip():
    answer = ask("", f"{PATH}/run?train=cross_entropy&epochs=2&size=400")
    assert (answer.status, answer.headers["content-encoding"]) == (200, "identity")
    dots, _, run = answer.content.partition(b"\n")
    assert set(dots) <= set(b".")
    assert len(dots) <= 100
    length = int.from_bytes(gzip.decompress(run)[:4], "little")
    assert b"weights" in gzip.decompress(run)[4 : 4 + length]
    assert gzip.decompress(run)[: 4 + length] == packed(arrays_of(Training(epochs=2, batch=400).run()))[: 4 + length]


def test_it_is_served_under_a_base_path_too():
    assert ask("a/b", f"{PATH}/run?train=cross_entropy&epochs=1&size=1437").status == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "No run was asked for."),
        ("train=hinge", "train was ignored: it is “hinge”"),
        ("train=cross_entropy&epochs=99999", "epochs was ignored: it is “99999”"),
        ("train=cross_entropy&start=<b>", "start was ignored: it is “<b>”"),
    ],
)
def test_a_bad_address_is_refused_in_a_sentence(query, said):
    answer = ask("", f"{PATH}/run?{query}")
    assert answer.status == 400
    assert answer.text.startswith(said)
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_run_is_stopped_when_its_reader_hangs_up(monkeypatch):
    begun, stopped = threading.Event(), threading.Event()

    def compute(training, progress):
        begun.set()
        try:
            while True:
                progress(1)
                threading.Event().wait(0.01)
        finally:
            stopped.set()

    monkeypatch.setattr(route, "JOBS", Jobs(compute))

    class Reader:
        async def is_disconnected(self):
            return begun.is_set()

    async def read():
        return [part async for part in route._told(Reader(), Training())]

    with ThreadPoolExecutor(1) as thread:  # in this one a browser's own loop may be running
        parts = thread.submit(lambda: asyncio.run(asyncio.wait_for(read(), SECONDS))).result()
    assert b"\n" not in b"".join(parts)
    assert stopped.wait(SECONDS)
