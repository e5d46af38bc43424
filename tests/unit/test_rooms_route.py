"""The routes of rooms: what is heard and when, and what a hostile student meets: one sentence."""

import asyncio
import json
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from pages.parts.page import shell
from pages.parts.rooms import route, store
from pages.parts.rooms.gate import AT_ONCE
from pages.parts.rooms.hearing import Hearing
from pages.parts.rooms.route import _ACTS, MOST_BYTES, PATH, Desk

QUESTION = {"page": "clipping", "step": 3, "question": {"choices": ["0", "−1", "−28"]}}
MEGABYTE = "B" * 1_000_000


@dataclass
class Answer:
    status: int
    content: str
    taken: int

    @property
    def json(self) -> Any:
        return json.loads(self.content)


async def send(application, act, body, headers=(), address="198.51.100.1"):
    """The answer to one request, whose body comes in parts of 1000 bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    parts = [content[i : i + 1000] for i in range(0, len(content), 1000)] or [b""]
    taken, sent = 0, []

    async def receive():
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": parts[taken - 1], "more_body": taken < len(parts)}

    async def keep(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": f"/{PATH}/{act}", "root_path": "", "query_string": b""}
    scope |= {"headers": [(name.encode(), value.encode()) for name, value in headers], "client": (address, 1)}
    await application(scope, receive, keep)
    return Answer(sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode(), taken)


def run(work):
    with ThreadPoolExecutor(1) as other:  # a browser in use keeps this thread from running a loop of its own
        return other.submit(asyncio.run, work).result()


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Ask a desk of the test's own."""
    monkeypatch.setenv(store.SETTING, str(tmp_path / "rooms.sqlite"))
    application = Starlette(routes=[Route(f"/{PATH}/{{act}}", Desk().answer, methods=["POST"])])
    asked = lambda *arguments, **named: run(send(application, *arguments, **named))  # noqa: E731
    asked.application = application
    return asked


@pytest.fixture
def opened(ask):
    """A room's code and secret."""
    answer = ask("open", QUESTION).json
    return answer["room"], answer["secret"]


def hear(ask, room, **more):
    return ask("hear", {"room": room, "version": 0, **more}).json


def vote(ask, room, answer, voter="a", **named):
    return ask("vote", {"room": room, "round": 1, "voter": voter, "answer": answer}, **named)


def refusal(answer, status):
    assert answer.status == status, answer.content
    assert answer.content.endswith(".")
    assert answer.content.count(". ") == 0
    assert len(answer.content) < 120
    return answer.content


def test_a_vote_is_counted_and_told_to_the_teacher_alone_who_reveals_it(ask, opened):
    room, secret = opened
    assert vote(ask, room.lower().replace("-", " "), 2).json == {"counted": True}
    assert vote(ask, room, 1).json == {"counted": True}
    assert hear(ask, room).keys().isdisjoint({"answered", "votes", "secret"})
    assert hear(ask, room, secret=secret)["answered"] == 1
    assert hear(ask, room, secret=secret)["votes"] == []
    assert ask("turn", {**QUESTION, "room": room, "secret": secret, "waits": False}).status == 200
    assert hear(ask, room, secret=secret)["votes"] == [{"round": 1, "counts": [0, 1, 0]}]
    assert (hear(ask, room)["asking"], hear(ask, room)["round"]) == (False, 1)
    sheet = ask("votes", {"room": room, "secret": secret}).content
    assert sheet.splitlines() == ["vote,page,step,voter,answer", "1,clipping,3,1,−1"]


def test_who_waits_hears_within_two_seconds_the_student_of_the_step_and_the_teacher_of_each_vote(ask, opened):
    room, secret = opened
    version = hear(ask, room)["version"]

    async def lesson():
        waiting = [
            asyncio.create_task(send(ask.application, "hear", {"room": room, "version": version, **own}))
            for own in ({}, {"secret": secret, "answered": 0})
        ]
        await asyncio.sleep(0.05)
        began = perf_counter()
        await send(ask.application, "vote", {"room": room, "round": 1, "voter": "a", "answer": 1})
        teacher = await waiting[1]
        assert perf_counter() - began < 2
        assert not waiting[0].done()
        await send(ask.application, "follow", {"room": room, "secret": secret, "follow": False})
        student = await waiting[0]
        assert perf_counter() - began < 4
        return student.json, teacher.json

    student, teacher = run(lesson())
    assert (student["follow"], teacher["answered"]) == (False, 1)


@pytest.mark.parametrize("news", [{}, {"BCDF-GHJK": (2, 0)}, OSError("gone")])
def test_nobody_waits_on_when_the_server_ends_or_the_room_or_its_file_is_gone(news):
    async def look(_codes):
        if isinstance(news, OSError):
            raise news
        return news

    async def wait():
        began = perf_counter()
        await Hearing(look, lambda: news == {"BCDF-GHJK": (2, 0)}).news("BCDF-GHJK", 2, None, 20)
        return perf_counter() - began

    assert run(wait()) < 2


def test_that_the_server_ends_is_known_from_who_handles_the_signal(monkeypatch):
    class Server:
        should_exit = False

        def handle_exit(self, number, frame):
            self.should_exit = True

    server = Server()
    monkeypatch.setattr(route.signal, "getsignal", {signal.SIGTERM: server.handle_exit}.__getitem__)
    assert not route.server_ends()
    server.handle_exit(signal.SIGTERM, None)
    assert route.server_ends()
    monkeypatch.setattr(route.signal, "getsignal", {signal.SIGTERM: signal.SIG_DFL}.__getitem__)
    assert not route.server_ends()


def test_it_is_served_under_a_base_path_too_and_by_post_alone(monkeypatch):
    monkeypatch.setattr(shell.st, "get_option", {"server.baseUrlPath": "a/b"}.__getitem__)
    (made,) = [one for one in shell.routes() if getattr(one, "path", "").endswith("{act}")]
    assert (made.path, made.methods) == (f"/a/b/{PATH}/{{act}}", {"POST"})


@pytest.mark.parametrize("act", ["turn", "follow", "close", "votes", "hear"])
def test_nobody_is_the_teacher_without_the_secret(ask, opened, act):
    room, _secret = opened
    other = ask("open", QUESTION).json["secret"]
    before = hear(ask, room)
    for secret in ("guessed", other, "<script>"):
        body = {**QUESTION, "room": room, "secret": secret, "version": 0, "follow": False, "waits": False}
        assert refusal(ask(act, body), 403) == "Only the teacher who opened this room may do that."
    if act != "hear":
        refusal(ask(act, {**QUESTION, "room": room}), 400)
    assert hear(ask, room) == before


def test_votes_for_what_is_not_there_are_refused(ask, opened):
    room, secret = opened
    assert refusal(vote(ask, room, 3), 400) == "There are 3 choices, from 0 to 2."
    refusal(vote(ask, room, "<img src=x onerror=alert(1)>"), 400)
    refusal(vote(ask, room, 0, voter=""), 400)
    refusal(vote(ask, room, 0, voter="v" * 101), 400)
    refusal(ask("vote", {"room": room, "round": 2, "voter": "a", "answer": 0}), 409)
    refusal(vote(ask, "BBBB-BBBB", 0), 404)
    assert hear(ask, room, secret=secret)["answered"] == 0


def test_of_a_megabyte_only_the_beginning_is_read(ask, opened):
    for body in (MEGABYTE.encode(), {"room": MEGABYTE}, {"room": opened[0], "voter": MEGABYTE}):
        answer = ask("hear", body)
        assert "holds at most" in refusal(answer, 413)
        assert answer.taken * 1000 <= MOST_BYTES + 1000
    refusal(ask("hear", {"room": MEGABYTE[:5000], "version": 0}), 400)


def test_a_page_of_another_site_is_refused_behind_a_proxy_too(ask, opened):
    room, _secret = opened
    body = {"room": room, "version": 0}
    host = ("host", "class.example")
    refused = [
        [host, ("sec-fetch-site", "cross-site")],
        [host, ("sec-fetch-site", "same-site"), ("origin", "https://class.example")],
        [host, ("origin", "https://evil.example")],
        [host, ("origin", "null")],
        [host, ("origin", "https://class.example.evil.example")],
    ]
    allowed = [
        [host, ("sec-fetch-site", "same-origin"), ("origin", "https://another.example")],
        [host, ("origin", "https://class.example")],
        [("host", "127.0.0.1:8501"), ("x-forwarded-host", "class.example"), ("origin", "https://class.example")],
        [host],
    ]
    for headers in refused:
        assert refusal(ask("hear", body, headers), 403) == "A room is asked by its own page alone."
    for headers in allowed:
        assert ask("hear", body, headers).status == 200


def test_thousands_of_guesses_are_refused_unread_and_block_nobody_who_has_the_code(ask):
    room = ask("open", QUESTION, address="203.0.113.1").json["room"]
    hidden = ask("open", QUESTION, address="203.0.113.2").json["room"]
    assert ask("hear", {"room": room, "version": 0}, address="203.0.113.4").status == 200
    letters = "BCDFGHJKMNPRSTWX"
    guesses = [f"BBBB-{a}{b}{c}B" for a in letters for b in letters[:8] for c in letters[:8]]

    async def attack(address):
        bodies = [{"room": guess, "version": 0} for guess in guesses]
        return [(await send(ask.application, "hear", body, (), address)).status for body in bodies]

    for address in ("203.0.113.1", "203.0.113.4"):  # the teacher's, and that of a student
        statuses = run(attack(address))
        assert statuses[:AT_ONCE] == [404] * AT_ONCE
        assert statuses.count(404) <= AT_ONCE + 5
        assert set(statuses) == {404, 429}
        assert refusal(ask("hear", {"room": hidden, "version": 0}, address=address), 429)
        assert vote(ask, room, 0, "of the same classroom", address=address).status == 200
    assert vote(ask, hidden, 0, address="203.0.113.3").status == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["room", "secret", "version", "answered", "round", "voter", "answer", "page", "step", "question", "waits"]
BODIES = st.dictionaries(st.sampled_from(FIELDS), JSON) | JSON


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.sampled_from([*_ACTS, "x"]), BODIES, st.sets(st.sampled_from(["room", "secret", "page", "step", "question"])))
def test_whatever_is_sent_is_answered_or_refused_in_a_sentence(ask, opened, monkeypatch, act, body, true):
    monkeypatch.setattr(route, "SECONDS_TO_HEAR", (0, 0))
    if isinstance(body, dict):
        right = {**QUESTION, "room": opened[0], "secret": opened[1]}
        body = body | {name: right[name] for name in true}
    answer = ask(act, body, address="2001:db8::1")
    assert answer.status in (200, 400, 403, 404, 409, 413, 429, 503)
    if answer.status != 200:
        refusal(answer, answer.status)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"1" * 5000, b"[" * 5000, b'{"room": "\\ud800"}'])
def test_what_is_no_json_is_refused(ask, body):
    refusal(ask("hear", body), 400)


def test_where_no_file_can_be_kept_a_sentence_says_so(ask, monkeypatch):
    monkeypatch.setenv(store.SETTING, "/dev/null/rooms.sqlite")
    assert refusal(ask("open", QUESTION), 503) == "Rooms cannot be kept on this server just now."


def test_a_choice_that_a_spreadsheet_would_run_is_written_as_text(ask):
    asked = {**QUESTION, "question": {"choices": ["=1+1", "-2"]}}
    room, secret = ask("open", asked).json.values()
    vote(ask, room, 0)
    vote(ask, room, 1, "b")
    ask("turn", {**asked, "room": room, "secret": secret, "waits": False})
    assert {line.split(",")[-1] for line in ask("votes", {"room": room, "secret": secret}).content.split()[1:]} == {
        "'=1+1",
        "-2",
    }
