"""How long a number takes to identify among every way to compute a loss of a batch, beside comparing the libraries."""

import statistics
import time
from collections.abc import Callable

import numpy as np

from tests.benchmarks.common import told
from xent_core.conventions import compare
from xent_core.identify import candidates, identify_loss

BAR = 1
ROUNDS = 10
SHAPE = 64, 1000  # examples, classes
NUMBER = "9.123"


def seconds_of(act: Callable[[], object]) -> float:
    """Seconds for doing it once."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main() -> None:
    """Measure and tell; the two take turns."""
    draw = np.random.default_rng(0)
    logits = draw.normal(0, 3, SHAPE)
    targets = np.eye(SHAPE[1])[draw.integers(0, SHAPE[1], SHAPE[0])]
    turns = [
        (
            seconds_of(lambda: identify_loss(NUMBER, candidates(logits, targets))),
            seconds_of(lambda: compare(logits, targets)),
        )
        for _ in range(ROUNDS)
    ]
    answer, comparison = map(statistics.median, zip(*turns, strict=True))
    ratio = told(answer / comparison, BAR)
    print(f"an answer {answer * 1000:.1f} ms, compare {comparison * 1000:.1f} ms, ratio {ratio}")


if __name__ == "__main__":
    main()
