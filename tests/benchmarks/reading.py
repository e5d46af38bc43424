"""Whether a text, whatever is repeated in it, takes time as its length does, little memory, and no other's turn."""

import contextlib
import time

from tests.benchmarks.common import Waits, told
from tests.unit.test_reading import BYTES_A_CHARACTER, HUNGRY, REPEATED, long_texts, peak_of_reading
from xent_core.reading import MAX_LENGTH, ReadingError, read_matrix

BAR = 3  # of collecting garbage some are slower when long; quadratic time would give 8
LENGTHS = 25_000, 200_000
ROUNDS = 3
NOISE = 0.01  # seconds: what is faster than this counts as this
GOOD_ROW = ",".join(["0.5"] * 10) + "\n"
WAIT_BAR = 0.5  # of the time to read a good text as long: what another learner may wait because one text is read


def seconds_to_read(text: str) -> float:
    """Seconds of the processor to read a text or to refuse it."""
    began = time.process_time()
    with contextlib.suppress(ReadingError):
        read_matrix(text)
    return time.process_time() - began


def growth(short: str, long: str) -> float:
    """How many times as long a character of the longer text takes: the least of a few rounds."""
    seconds = [(max(seconds_to_read(short), NOISE), seconds_to_read(long)) for _ in range(ROUNDS)]
    return min(grown for _, grown in seconds) / min(usual for usual, _ in seconds) * len(short) / len(long)


def longest_wait(text: str) -> float:
    """Seconds for which reading a text, or refusing it, holds every other thread."""
    waits = Waits()
    waits.start()
    seconds_to_read(text)
    return waits.stop()


def filled(unit: str, length: int) -> str:
    """A text of that length which repeats a unit."""
    return unit * (length // len(unit))


def print_worst(what: str, ratios: dict[str, float], bar: float) -> None:
    """One line for the largest."""
    worst = max(ratios, key=ratios.get)
    print(f"{what}: {told(ratios[worst], bar)} for {worst!r}")


def main() -> None:
    """Measure and tell the worst."""
    good = seconds_to_read(filled(GOOD_ROW, MAX_LENGTH))
    waits = {unit: longest_wait(filled(unit, MAX_LENGTH)) / good for unit in HUNGRY}
    print_worst("Another's wait for the longest text, to the time a good one takes", waits, WAIT_BAR)
    peaks = {unit: peak_of_reading(filled(unit, LENGTHS[1])) / LENGTHS[1] for unit in HUNGRY}
    print_worst("Bytes taken for a character", peaks, BYTES_A_CHARACTER)
    grown = {
        f"{short[:12]!r} … {short[-12:]!r}": growth(short, long)
        for unit in REPEATED
        for short, long in zip(*(long_texts(unit, length) for length in LENGTHS), strict=True)
    }
    print_worst(f"{LENGTHS[1] // LENGTHS[0]} times the length, time per character", grown, BAR)


if __name__ == "__main__":
    main()
