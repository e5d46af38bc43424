"""Runs under way: each is computed once, however many wait for it, and stopped when nobody does any more."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock

from pages.parts.training.settings import Training


class Left(Exception):
    """Nobody waits for this run any more."""


class Job:
    """One run: how many of its epochs are `done`, and its bytes in `future`."""

    def __init__(self) -> None:
        self.done = 0
        self.waiting = 0
        self.future: Future[bytes]

    def advance(self, epochs: int) -> None:
        """Heard after each epoch."""
        if not self.waiting:
            raise Left
        self.done = epochs


class Jobs:
    """What computes runs, two at a time, and keeps the last ones asked for."""

    def __init__(
        self, compute: Callable[[Training, Callable[[int], object]], bytes], keeps: int = 64, takes: int = 64
    ) -> None:
        """`compute` makes a run's bytes; `keeps` runs are kept, and `takes` are taken on before the first are done."""
        self._compute = compute
        self._keeps = keeps
        self._takes = takes
        self._jobs: OrderedDict[Training, Job] = OrderedDict()
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(2, "training")

    def refuses(self, training: Training) -> bool:
        """Whether so many runs wait already that no other is taken on."""
        with self._lock:
            under_way = sum(not job.future.done() for job in self._jobs.values())
            return training not in self._jobs and under_way >= self._takes

    @contextmanager
    def waiting(self, training: Training) -> Iterator[Job]:
        """The run with these settings, for as long as one waits for it."""
        job = self._join(training)
        try:
            yield job
        finally:
            self._leave(training, job)

    def _join(self, training: Training) -> Job:
        with self._lock:
            job = self._jobs.get(training)
            if job is None or (job.future.done() and job.future.exception()):
                job = self._jobs[training] = Job()
                job.waiting = 1
                job.future = self._threads.submit(self._compute, training, job.advance)
            else:
                job.waiting += 1
            self._jobs.move_to_end(training)
            idle = [known for known, other in self._jobs.items() if not other.waiting]
            for known in idle[: max(0, len(self._jobs) - self._keeps)]:
                del self._jobs[known]
            return job

    def _leave(self, training: Training, job: Job) -> None:
        with self._lock:
            job.waiting -= 1
            if not job.waiting and not job.future.done():
                job.future.cancel()
                if self._jobs.get(training) is job:
                    del self._jobs[training]
