"""Sixteen learners who give a photo of their own at once: how long they wait, and how long others wait for these."""

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as the server sets it, before NumPy loads

import numpy as np

from pages.parts.photos.reading import read_own
from tests.benchmarks.common import Waits, told
from xent_core.networks import jpeg_of

LEARNERS = 16
ROUNDS = 5
BAR, OTHERS_BAR = 1.0, 0.1  # seconds


def photos(seed: int) -> list[bytes]:
    """As many photos, as a phone would send them: each one new."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (LEARNERS, 30, 40, 3), np.uint8)
    return [jpeg_of(one.repeat(40, axis=0).repeat(40, axis=1)) for one in coarse]


def seconds_to_read(photo: bytes) -> float:
    """Seconds from giving a photo until what the networks say is there."""
    began = time.perf_counter()
    read_own(photo)
    return time.perf_counter() - began


def main() -> None:
    """Measure and tell."""
    seconds_to_read(photos(ROUNDS)[0])  # the weights are loaded once
    longest, others = [], []
    for round_number in range(ROUNDS):
        given, waits = photos(round_number), Waits()
        waits.start()
        with ThreadPoolExecutor(LEARNERS) as pool:
            longest.append(max(pool.map(seconds_to_read, given)))
        others.append(waits.stop())
    print(f"{LEARNERS} photos at once: the last is answered after {told(statistics.median(longest), BAR)} s")
    print(f"Another thread waits at most {told(statistics.median(others), OTHERS_BAR)} s for its turn")


if __name__ == "__main__":
    main()
