"""Rooms and their votes, in one SQLite file that several processes share and that outlives them."""

import hashlib
import hmac
import json
import os
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pages.parts.rooms.codes import new_code
from pages.parts.rooms.question import Question
from pages.parts.rooms.refused import Refused

SETTING = "CROSS_ENTROPY_ROOMS"  # the environment variable that names the file
HOURS = 3  # that a room lasts
MOST_ROOMS = 1000
MOST_ROOMS_EACH = 200  # opened from one address
MOST_ROUNDS = 200  # of a room
MOST_VOTERS = 1000  # of a round
SECONDS_TO_WAIT = 5  # while another process writes

NO_ROOM = Refused(404, "No room has this code, or it has ended.")
NOT_YOURS = Refused(403, "Only the teacher who opened this room may do that.")
CLOSED = Refused(409, "This room is closed.")
OVER = Refused(409, "This vote is over.")

TABLES = """
CREATE TABLE IF NOT EXISTS rooms (
    code TEXT PRIMARY KEY, secret BLOB NOT NULL, opener BLOB NOT NULL, opened REAL NOT NULL,
    page TEXT NOT NULL, step INTEGER NOT NULL, follow INTEGER NOT NULL DEFAULT 1, closed INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1, round INTEGER NOT NULL DEFAULT 0, asking INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS rounds (
    code TEXT NOT NULL, number INTEGER NOT NULL, page TEXT NOT NULL, step INTEGER NOT NULL, question TEXT NOT NULL,
    PRIMARY KEY (code, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS votes (
    code TEXT NOT NULL, round INTEGER NOT NULL, voter BLOB NOT NULL, answer REAL NOT NULL,
    PRIMARY KEY (code, round, voter)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entered (code TEXT NOT NULL, address BLOB NOT NULL, PRIMARY KEY (code, address))
WITHOUT ROWID;
"""


def place() -> Path:
    """Where the file is: the setting's, or in a folder of this user's own beside the system's temporary files."""
    if named := os.environ.get(SETTING):
        return Path(named)
    user = os.getuid() if hasattr(os, "getuid") else "rooms"
    folder = Path(tempfile.gettempdir()) / f"cross-entropy-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} is another user's: name another place in {SETTING}")
    return folder / "rooms.sqlite"


@dataclass(frozen=True)
class Room:
    """What all who are in a room may know: the teacher's `page` and `step`, and whether pages `follow` it.

    `version` grows with everything that the teacher does. `round` is the number of the question's newest vote, 0 where
    the step has none, and `asking` whether it still takes answers.
    """

    code: str
    page: str
    step: int
    follow: bool
    closed: bool
    version: int
    round: int
    asking: bool
    answered: int

    def plain(self) -> dict[str, Any]:
        """As JSON, for those who are not the teacher: not how many have answered."""
        return {name: value for name, value in vars(self).items() if name != "answered"}


class Rooms:
    """The rooms in one file. For one thread: the first that calls a method."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """Rooms are kept in the file at `path`; `clock` tells seconds since 1970."""
        self._clock = clock
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path, timeout=SECONDS_TO_WAIT, isolation_level=None)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")  # a process may be killed at any time; so nothing is lost
        self._base.executescript(TABLES)

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    # ---------------------------------------------------------------- for everybody

    def room(self, code: str) -> Room:
        """The room with this code; `Refused` if there is none, or if it was opened three hours ago."""
        row = self._base.execute(
            "SELECT code, page, step, follow, closed, version, round, asking, answered FROM rooms"
            " WHERE code = ? AND opened > ?",
            (code, self._oldest()),
        ).fetchone()
        if row is None:
            raise NO_ROOM
        code, page, step, follow, closed, version, number, asking, answered = row
        return Room(code, page, step, bool(follow), bool(closed), version, number, bool(asking), answered)

    def marks(self, codes: Sequence[str]) -> dict[str, tuple[int, int]]:
        """For each of these rooms that is there its version and how many have answered."""
        found: dict[str, tuple[int, int]] = {}
        for first in range(0, len(codes), 500):
            some = codes[first : first + 500]
            rows = self._base.execute(
                f"SELECT code, version, answered FROM rooms WHERE code IN ({','.join('?' * len(some))}) AND opened > ?",
                (*some, self._oldest()),
            )
            found |= {code: (version, answered) for code, version, answered in rows}
        return found

    def vote(self, code: str, number: int, voter: str, answer: Any) -> None:
        """Count one answer in a round; a second one by the same voter takes the first one's place."""
        with self._writing():
            room = self.room(code)
            if room.closed or not room.asking or number != room.round:
                raise OVER
            taken = self._question(code, number).take(answer)
            before = self._base.execute(
                "SELECT 1 FROM votes WHERE code = ? AND round = ? AND voter = ?", (code, number, _mark(code, voter))
            ).fetchone()
            if before is None and room.answered >= MOST_VOTERS:
                raise Refused(409, f"At most {MOST_VOTERS} votes are counted.")
            self._base.execute(
                "INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?)", (code, number, _mark(code, voter), taken)
            )
            if before is None:
                self._base.execute("UPDATE rooms SET answered = answered + 1 WHERE code = ?", (code,))

    def has_entered(self, code: str, address: str) -> bool:
        """Whether the room was entered from this address before."""
        row = self._base.execute(
            "SELECT 1 FROM entered WHERE code = ? AND address = ?", (code, _mark(code, address))
        ).fetchone()
        return row is not None

    def enter(self, code: str, address: str) -> None:
        """The room is entered from this address."""
        with self._writing():
            self._base.execute("INSERT OR IGNORE INTO entered VALUES (?, ?)", (code, _mark(code, address)))

    # ---------------------------------------------------------------- for the teacher

    def open(self, page: str, step: int, question: Question, opener: str) -> tuple[str, str]:
        """Open a room at a step, and its first vote: the code, and the secret that makes one its teacher."""
        secret, mark = secrets.token_urlsafe(24), _mark("opener", opener)
        with self._writing():
            self._forget_old()
            (rooms,) = self._base.execute("SELECT count(*) FROM rooms").fetchone()
            (own,) = self._base.execute("SELECT count(*) FROM rooms WHERE opener = ?", (mark,)).fetchone()
            if rooms >= MOST_ROOMS or own >= MOST_ROOMS_EACH:
                raise Refused(503, "Too many rooms are open: try again in an hour.")
            code = new_code()
            self._base.execute(
                "INSERT INTO rooms (code, secret, opener, opened, page, step) VALUES (?, ?, ?, ?, ?, ?)",
                (code, _mark(code, secret), mark, self._clock(), page, step),
            )
            self._base.execute("INSERT INTO entered VALUES (?, ?)", (code, _mark(code, opener)))
            self._ask(code, 1, page, step, question)
        return code, secret

    def turn(
        self, code: str, secret: str, page: str, step: int, question: Question | None, *, waits: bool, again: bool
    ) -> None:
        """The teacher's page stands at this step, whose question, if it has one, still waits or was answered.

        A question that waits is voted on; `again` ends the vote under way and begins another one. A question that was
        answered is revealed. Told twice, it changes nothing.
        """
        with self._writing():
            room = self._own_open(code, secret)
            here = (room.page, room.step) == (page, step)
            rounds = self._rounds(code, page, step) if question else []
            if question and waits and (again or not (here and room.asking)):
                (last,) = self._base.execute("SELECT max(number) FROM rounds WHERE code = ?", (code,)).fetchone()
                if last >= MOST_ROUNDS:
                    raise Refused(409, f"A room has at most {MOST_ROUNDS} votes.")
                self._ask(code, last + 1, page, step, question)
                return
            number, asking = (rounds[-1] if rounds else 0), bool(question and waits)
            if here and (number, asking) == (room.round, room.asking):
                return
            (answered,) = self._base.execute(
                "SELECT count(*) FROM votes WHERE code = ? AND round = ?", (code, number)
            ).fetchone()
            self._base.execute(
                "UPDATE rooms SET page = ?, step = ?, round = ?, asking = 0, answered = ?, version = version + 1"
                " WHERE code = ?",
                (page, step, number, answered, code),
            )

    def let_follow(self, code: str, secret: str, follow: bool) -> None:
        """From now on pages follow the teacher's step, or do not."""
        with self._writing():
            self._own_open(code, secret)
            self._base.execute("UPDATE rooms SET follow = ?, version = version + 1 WHERE code = ?", (follow, code))

    def end(self, code: str, secret: str) -> None:
        """Close the room: nobody votes any more, and the teacher can still take the votes."""
        with self._writing():
            self._own(code, secret)
            self._base.execute("UPDATE rooms SET closed = 1, asking = 0, version = version + 1 WHERE code = ?", (code,))

    def results(self, code: str, secret: str) -> dict[str, Any]:
        """What the teacher sees: how many have answered, and once the question is revealed how, in its last two votes.

        {"answered": n, "votes": [{"round": number, "counts": [n, …]}, …]}
        """
        room = self._own(code, secret)
        numbers = self._rounds(code, room.page, room.step) if room.round and not room.asking else []
        given = [(n, self._answers(code, n)) for n in numbers]
        votes = [{"round": n, "counts": self._question(code, n).counted(answers)} for n, answers in given if answers]
        return {"answered": room.answered, "votes": votes[-2:]}

    def all_votes(self, code: str, secret: str) -> list[tuple[int, str, int, int, str]]:
        """Every vote, by round: its number, page, step, a number for the voter, the same in all rounds, and the answer.

        Those under way are left out.
        """
        room = self._own(code, secret)
        rows = self._base.execute(
            "SELECT round, page, step, voter, answer, question FROM votes JOIN rounds"
            " ON rounds.code = votes.code AND number = round WHERE votes.code = ? AND NOT (? AND round = ?)"
            " ORDER BY round, voter",
            (code, room.asking, room.round),
        ).fetchall()
        voters = {voter: i for i, voter in enumerate(sorted({row[3] for row in rows}), 1)}
        return [(n, page, step, voters[who], _said(text, answer)) for n, page, step, who, answer, text in rows]

    # ---------------------------------------------------------------- within

    def _own(self, code: str, secret: str) -> Room:
        room = self.room(code)
        (mark,) = self._base.execute("SELECT secret FROM rooms WHERE code = ?", (code,)).fetchone()
        if not hmac.compare_digest(mark, _mark(code, secret)):
            raise NOT_YOURS
        return room

    def _own_open(self, code: str, secret: str) -> Room:
        room = self._own(code, secret)
        if room.closed:
            raise CLOSED
        return room

    def _ask(self, code: str, number: int, page: str, step: int, question: Question) -> None:
        text = json.dumps({"choices": question.choices, "range": question.range})
        self._base.execute("INSERT INTO rounds VALUES (?, ?, ?, ?, ?)", (code, number, page, step, text))
        self._base.execute(
            "UPDATE rooms SET page = ?, step = ?, round = ?, asking = 1, answered = 0, version = version + 1"
            " WHERE code = ?",
            (page, step, number, code),
        )

    def _question(self, code: str, number: int) -> Question:
        (text,) = self._base.execute(
            "SELECT question FROM rounds WHERE code = ? AND number = ?", (code, number)
        ).fetchone()
        return _read(text)

    def _rounds(self, code: str, page: str, step: int) -> list[int]:
        rows = self._base.execute(
            "SELECT number FROM rounds WHERE code = ? AND page = ? AND step = ? ORDER BY number", (code, page, step)
        )
        return [number for (number,) in rows]

    def _answers(self, code: str, number: int) -> list[float]:
        rows = self._base.execute("SELECT answer FROM votes WHERE code = ? AND round = ?", (code, number))
        return [answer for (answer,) in rows]

    def _forget_old(self) -> None:
        old = [code for (code,) in self._base.execute("SELECT code FROM rooms WHERE opened <= ?", (self._oldest(),))]
        for code in old:
            for table in ("rooms", "rounds", "votes", "entered"):
                self._base.execute(f"DELETE FROM {table} WHERE code = ?", (code,))

    def _oldest(self) -> float:
        return self._clock() - HOURS * 3600

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")


def _mark(code: str, text: str) -> bytes:
    """What is kept of a secret, a voter or an address: it tells nobody which, and is another one in each room."""
    return hashlib.sha256(f"{code} {text}".encode(errors="surrogatepass")).digest()[:16]


def _read(text: str) -> Question:
    kept = json.loads(text)
    low, high = kept["range"]
    return Question(tuple(kept["choices"]), (low, high))


def _said(text: str, answer: float) -> str:
    choices = _read(text).choices
    return choices[int(answer)] if choices else f"{answer:.12g}"
