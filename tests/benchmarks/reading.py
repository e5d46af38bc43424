"""Whether the time to read a text grows with its length and no faster, whatever is repeated in it."""

import contextlib
import time

from tests.benchmarks.common import told
from tests.unit.test_reading import REPEATED, long_texts
from xent_core.reading import ReadingError, read_matrix

BAR = 3  # of collecting garbage some are slower when long; quadratic time would give 8
LENGTHS = 25_000, 200_000
ROUNDS = 3
NOISE = 0.01  # seconds: what is faster than this counts as this


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


def main() -> None:
    """Measure and tell the worst."""
    grown = {
        f"{short[:12]!r} … {short[-12:]!r}": growth(short, long)
        for unit in REPEATED
        for short, long in zip(*(long_texts(unit, length) for length in LENGTHS), strict=True)
    }
    worst = max(grown, key=grown.get)
    print(f"{LENGTHS[1] // LENGTHS[0]} times the length, per character: ratio {told(grown[worst], BAR)} for {worst}")


if __name__ == "__main__":
    main()
