"""Runs under way: computed once for all who wait, kept for those who come later, stopped when nobody waits."""

import threading
import time

import pytest

from pages.parts.training.jobs import Jobs, Left
from pages.parts.training.settings import Training

SECONDS = 20
ONE, OTHER = Training(), Training("clipped")


class Computer:
    """Stands in for the training: goes on when it is let."""

    def __init__(self):
        self.calls = []
        self.go_on = threading.Event()
        self.stopped = threading.Event()

    def __call__(self, training, progress):
        self.calls.append(training)
        try:
            progress(1)
            self.go_on.wait(SECONDS)
            progress(2)
        except Left:
            self.stopped.set()
            raise
        return training.loss.encode()


@pytest.fixture
def computer():
    made = Computer()
    yield made
    made.go_on.set()


def until(holds):
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_two_who_wait_for_the_same_run_share_it_and_who_comes_later_has_it_at_once(computer):
    jobs = Jobs(computer)
    with jobs.waiting(ONE) as first, jobs.waiting(ONE) as second:
        assert first is second
        until(lambda: first.done == 1)
        computer.go_on.set()
        assert first.future.result(SECONDS) == b"cross_entropy"
    with jobs.waiting(ONE) as third:
        assert third.future.done()
    assert computer.calls == [ONE]


def test_a_run_that_everybody_has_left_stops_at_its_next_epoch_and_is_begun_anew_for_the_next(computer):
    jobs = Jobs(computer)
    with jobs.waiting(ONE) as job:
        until(lambda: job.done == 1)
    computer.go_on.set()
    assert computer.stopped.wait(SECONDS)
    with jobs.waiting(ONE) as job:
        assert job.future.result(SECONDS) == b"cross_entropy"
    assert computer.calls == [ONE, ONE]


def test_a_run_goes_on_while_one_is_left_who_waits(computer):
    jobs = Jobs(computer)
    with jobs.waiting(ONE) as job:
        with jobs.waiting(ONE):
            until(lambda: job.done == 1)
        computer.go_on.set()
        assert job.future.result(SECONDS) == b"cross_entropy"


def test_a_run_that_waits_for_its_turn_is_never_begun_once_it_is_left(computer):
    jobs = Jobs(computer)
    with jobs.waiting(ONE), jobs.waiting(OTHER):
        until(lambda: len(computer.calls) == 2)
        with jobs.waiting(Training(epochs=3)):
            pass
        computer.go_on.set()
    with jobs.waiting(OTHER) as job:
        job.future.result(SECONDS)
    assert Training(epochs=3) not in computer.calls


def test_only_the_runs_asked_for_last_are_kept(computer):
    computer.go_on.set()
    jobs = Jobs(computer, keeps=2)
    for training in (ONE, OTHER, ONE, Training(epochs=3), ONE):
        with jobs.waiting(training) as job:
            job.future.result(SECONDS)
    assert computer.calls == [ONE, OTHER, Training(epochs=3)]
    with jobs.waiting(OTHER) as job:
        job.future.result(SECONDS)
    assert computer.calls[-1] == OTHER


def test_where_many_wait_another_run_is_refused_and_one_that_is_under_way_is_not(computer):
    jobs = Jobs(computer, takes=1)
    assert not jobs.refuses(ONE)
    with jobs.waiting(ONE):
        assert jobs.refuses(OTHER)
        assert not jobs.refuses(ONE)
    assert not jobs.refuses(OTHER)
