"""Rooms as they are kept: who votes, what is counted, what is told and when, who may do what, and for how long."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.rooms import store
from pages.parts.rooms.codes import LETTERS, new_code, read_code
from pages.parts.rooms.gate import AT_ONCE, SECONDS_A_CODE, Guesses, whole_address
from pages.parts.rooms.question import Question, read_question
from pages.parts.rooms.refused import Refused
from pages.parts.rooms.store import HOURS, Rooms

CHOICES = Question(choices=("0", "−1", "−28"))
NUMBER = Question(range=(0, 40))
HERE = ("clipping", 3)


class Clock:
    now = 1e9

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rooms(tmp_path, clock):
    opened = Rooms(tmp_path / "rooms.sqlite", clock)
    yield opened
    opened.close()


def reveal(rooms, code, secret, question=CHOICES):
    rooms.turn(code, secret, *HERE, question, waits=False, again=False)
    return [vote["counts"] for vote in rooms.results(code, secret)["votes"]]


def refused(status, call, *arguments, **named):
    with pytest.raises(Refused) as caught:
        call(*arguments, **named)
    assert caught.value.status == status, caught.value.sentence
    return caught.value.sentence


def test_each_browser_has_one_vote_and_its_last_one_counts(rooms):
    code, secret = rooms.open(*HERE, CHOICES, "teacher")
    for voter, answer in [("a", 0), ("b", 2), ("a", 1), ("a", 1), ("c", 1)]:
        rooms.vote(code, 1, voter, answer)
    assert rooms.room(code).answered == 3
    assert reveal(rooms, code, secret) == [[0, 2, 1]]


def test_until_it_is_revealed_nobody_is_told_how_the_class_votes(rooms):
    code, secret = rooms.open(*HERE, CHOICES, "teacher")
    rooms.vote(code, 1, "a", 2)
    assert rooms.results(code, secret) == {"answered": 1, "votes": []}
    assert "answered" not in rooms.room(code).plain()
    assert rooms.all_votes(code, secret) == []


@pytest.mark.parametrize("answer", [-1, 3, 0.5, 1e300, float("nan"), "0", "<b>", None, True, [0], 10**400])
def test_a_vote_for_what_is_no_choice_is_refused_and_leaves_no_trace(rooms, answer):
    code, secret = rooms.open(*HERE, CHOICES, "teacher")
    refused(400, rooms.vote, code, 1, "a", answer)
    assert rooms.room(code).answered == 0
    assert reveal(rooms, code, secret) == []


def test_numbers_are_counted_in_tenths_of_the_range_and_beyond_it_at_its_ends(rooms):
    code, secret = rooms.open(*HERE, NUMBER, "teacher")
    for voter, answer in enumerate([-5, 0, 3.9, 4, 16, 19.9, 39, 40, 1e9]):
        rooms.vote(code, 1, str(voter), answer)
    refused(400, rooms.vote, code, 1, "x", 1.1e9)
    assert reveal(rooms, code, secret, NUMBER) == [[3, 1, 0, 0, 2, 0, 0, 0, 0, 3]]


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.lists(st.floats(-1e9, 1e9), max_size=5))
def test_every_number_is_counted_once_in_any_range(low, high, answers):
    if low < high:
        counts = Question(range=(low, high)).counted([NUMBER.take(answer) for answer in answers])
        assert (len(counts), sum(counts)) == (10, len(answers))


def test_a_vote_is_over_once_it_is_revealed_or_begun_again_or_the_teacher_has_gone_on(rooms):
    code, secret = rooms.open(*HERE, CHOICES, "teacher")
    rooms.turn(code, secret, *HERE, CHOICES, waits=True, again=True)
    refused(409, rooms.vote, code, 1, "a", 0)
    rooms.vote(code, 2, "a", 0)
    reveal(rooms, code, secret)
    refused(409, rooms.vote, code, 2, "a", 1)
    rooms.turn(code, secret, "clipping", 4, None, waits=False, again=False)
    refused(409, rooms.vote, code, 2, "a", 1)
    refused(409, rooms.vote, code, 0, "a", 1)
    assert rooms.room(code).round == 0


@pytest.mark.parametrize("revealed_between", [False, True])
def test_after_talking_a_class_votes_again_and_both_votes_are_told(rooms, revealed_between):
    code, secret = rooms.open(*HERE, CHOICES, "teacher")
    rooms.vote(code, 1, "a", 2)
    if revealed_between:
        assert reveal(rooms, code, secret) == [[0, 0, 1]]
    rooms.turn(code, secret, *HERE, CHOICES, waits=True, again=not revealed_between)
    assert rooms.results(code, secret) == {"answered": 0, "votes": []}
    rooms.vote(code, 2, "a", 0)
    rooms.vote(code, 2, "b", 0)
    assert reveal(rooms, code, secret) == [[0, 0, 1], [2, 0, 0]]


def test_what_the_teacher_tells_twice_changes_nothing(rooms):
    code, secret = rooms.open(*HERE, CHOICES, "teacher")
    rooms.vote(code, 1, "a", 2)
    before = rooms.room(code)
    rooms.turn(code, secret, *HERE, CHOICES, waits=True, again=False)
    assert rooms.room(code) == before
    reveal(rooms, code, secret)
    before = rooms.room(code)
    reveal(rooms, code, secret)
    assert rooms.room(code) == before


def test_back_at_a_question_its_votes_are_told_again_without_those_that_nobody_took_part_in(rooms):
    code, secret = rooms.open(*HERE, CHOICES, "teacher")
    rooms.vote(code, 1, "a", 2)
    rooms.turn(code, secret, *HERE, CHOICES, waits=True, again=True)
    reveal(rooms, code, secret)
    rooms.turn(code, secret, "softmax", 1, None, waits=False, again=False)
    assert rooms.results(code, secret) == {"answered": 0, "votes": []}
    assert reveal(rooms, code, secret) == [[0, 0, 1]]


def test_only_who_holds_the_secret_is_the_teacher(rooms):
    code, secret = rooms.open(*HERE, CHOICES, "teacher")
    _code, another = rooms.open(*HERE, CHOICES, "teacher")
    rooms.vote(code, 1, "a", 2)
    before = rooms.room(code)
    for wrong in ("", another, secret[:-1], "\ud800"):
        refused(403, rooms.turn, code, wrong, *HERE, CHOICES, waits=False, again=False)
        refused(403, rooms.let_follow, code, wrong, False)
        refused(403, rooms.end, code, wrong)
        refused(403, rooms.results, code, wrong)
        refused(403, rooms.all_votes, code, wrong)
    assert rooms.room(code) == before


def test_a_closed_room_takes_nothing_but_gives_its_teacher_the_votes(rooms):
    code, secret = rooms.open(*HERE, CHOICES, "teacher")
    rooms.vote(code, 1, "a", 1)
    rooms.end(code, secret)
    refused(409, rooms.vote, code, 1, "b", 1)
    refused(409, rooms.turn, code, secret, *HERE, CHOICES, waits=True, again=True)
    assert rooms.all_votes(code, secret) == [(1, *HERE, 1, "−1")]


def test_the_votes_name_the_choice_and_a_voter_by_a_number_that_is_the_same_in_every_round(rooms):
    code, secret = rooms.open(*HERE, CHOICES, "teacher")
    rooms.vote(code, 1, "a", 1)
    rooms.turn(code, secret, "softmax", 6, NUMBER, waits=True, again=False)
    rooms.vote(code, 2, "a", 2.5)
    rooms.turn(code, secret, "softmax", 6, NUMBER, waits=False, again=False)
    assert rooms.all_votes(code, secret) == [(1, *HERE, 1, "−1"), (2, "softmax", 6, 1, "2.5")]


def test_a_room_ends_after_three_hours_and_is_forgotten_when_the_next_one_opens(rooms, clock):
    code, secret = rooms.open(*HERE, CHOICES, "teacher")
    rooms.vote(code, 1, "a", 1)
    clock.now += HOURS * 3600 - 1
    assert rooms.room(code).asking
    clock.now += 1
    refused(404, rooms.room, code)
    refused(404, rooms.vote, code, 1, "b", 1)
    refused(404, rooms.all_votes, code, secret)
    assert rooms.marks([code]) == {}
    rooms.open(*HERE, CHOICES, "teacher")
    for table in ("rooms", "rounds", "entered"):
        assert rooms._base.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)
    assert rooms._base.execute("SELECT count(*) FROM votes").fetchone() == (0,)


def test_several_processes_share_the_file_and_one_that_is_killed_loses_nothing(tmp_path):
    first, second = Rooms(tmp_path / "rooms.sqlite"), Rooms(tmp_path / "rooms.sqlite")
    code, secret = first.open(*HERE, CHOICES, "teacher")
    second.vote(code, 1, "a", 1)
    first.vote(code, 1, "b", 1)
    third = Rooms(tmp_path / "rooms.sqlite")  # the others never let go of the file
    third.vote(code, 1, "c", 0)
    assert reveal(third, code, secret) == reveal(first, code, secret) == [[1, 2, 0]]
    for one in (first, second, third):
        one.close()


def test_the_file_holds_no_secret_no_voter_and_no_address(tmp_path):
    kept = Rooms(tmp_path / "rooms.sqlite")
    code, secret = kept.open(*HERE, CHOICES, "203.0.113.7")
    kept.enter(code, "203.0.113.8")
    kept.vote(code, 1, "browser-of-somebody", 1)
    kept.close()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert code.encode() in written
    for hidden in (secret, "203.0.113", "browser-of-somebody"):
        assert hidden.encode() not in written


def test_rooms_rounds_and_voters_are_bounded(rooms, monkeypatch):
    monkeypatch.setattr(store, "MOST_ROOMS_EACH", 2)
    monkeypatch.setattr(store, "MOST_ROOMS", 3)
    monkeypatch.setattr(store, "MOST_ROUNDS", 2)
    monkeypatch.setattr(store, "MOST_VOTERS", 2)
    code, secret = rooms.open(*HERE, CHOICES, "one")
    rooms.open(*HERE, CHOICES, "one")
    refused(503, rooms.open, *HERE, CHOICES, "one")
    rooms.open(*HERE, CHOICES, "two")
    refused(503, rooms.open, *HERE, CHOICES, "three")
    rooms.vote(code, 1, "a", 0)
    rooms.vote(code, 1, "b", 0)
    refused(409, rooms.vote, code, 1, "c", 0)
    rooms.vote(code, 1, "a", 1)
    rooms.turn(code, secret, *HERE, CHOICES, waits=True, again=True)
    refused(409, rooms.turn, code, secret, *HERE, CHOICES, waits=True, again=True)
    assert (rooms.room(code).round, rooms.room(code).asking) == (2, True)


@pytest.mark.parametrize(
    "given",
    [
        None,
        {},
        {"choices": ["a"]},
        {"choices": ["a"] * 11},
        {"choices": ["a", 1]},
        {"choices": ["a", ""]},
        {"choices": ["a", "b\n"]},
        {"choices": ["a", "b" * 301]},
        {"range": [1, 1]},
        {"range": [0, float("nan")]},
        {"range": [0, 1e10]},
        {"range": ["0", "1"]},
        {"range": [0]},
    ],
)
def test_a_question_is_a_few_texts_or_a_range(given):
    refused(400, read_question, given)


def test_a_code_is_eight_letters_without_a_vowel_and_is_read_as_people_type_it():
    assert not set(LETTERS) & set("AEIOULQVZY")
    code = new_code()
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f" {code} "):
        assert read_code(typed) == code
    for typed in ("", "BCDF", f"{code}B", "BCDF-GHJA", "<b>BCDFGH", "B" * 1_000_000, "ＢＣＤＦ-ＧＨＪＫ"):
        with pytest.raises(ValueError, match="a code such as BCDF-GHJK was expected"):
            read_code(typed)


def test_wrong_codes_are_slowed_by_address_and_allowed_again_with_time():
    clock = Clock()
    guesses = Guesses(clock)
    for _ in range(AT_ONCE):
        guesses.check("one")
        guesses.wrong("one")
    assert "wait a minute" in refused(429, guesses.check, "one")
    guesses.check("two")
    clock.now += SECONDS_A_CODE
    guesses.check("one")
    guesses.wrong("one")
    refused(429, guesses.check, "one")


@pytest.mark.parametrize(
    ("host", "whole"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("a socket", "a socket"),
    ],
)
def test_an_address_is_what_one_household_holds(host, whole):
    assert whole_address(host) == whole


def test_the_file_is_where_the_setting_says_or_in_a_folder_that_only_this_user_reads(monkeypatch, tmp_path):
    monkeypatch.setenv(store.SETTING, str(tmp_path / "here.sqlite"))
    assert store.place() == tmp_path / "here.sqlite"
    monkeypatch.delenv(store.SETTING)
    monkeypatch.setattr(store.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = store.place().parent
    assert folder.parent == tmp_path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
