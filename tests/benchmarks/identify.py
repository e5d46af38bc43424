"""How long a number takes to identify among every way to compute a loss of a batch, beside comparing the libraries."""

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from tests.benchmarks.common import told
from xent_core.conventions import compare
from xent_core.identify import candidates, identify_loss
from xent_core.identify.choice import identify

BAR = 1
ROUNDS = 10
SHAPE = 64, 1000  # examples, classes
NUMBER = "9.123"
NUMBERS = ("2.3026", "0.2", "2", "11.76", "1.4609", "50257", "0", "-3", "1e-30", "0.99999")


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
    slowest = max(seconds_of(partial(identify_loss, number)) for number in NUMBERS)
    log = "\n".join(f"Epoch [{i}/10000], Loss: {2.3 + 1 / (i + 1):.4f}, acc: {i / 1e4:.3f}" for i in range(10_000))
    whole_log = seconds_of(lambda: identify(log))
    answer, comparison = map(statistics.median, zip(*turns, strict=True))
    ratio = told(answer / comparison, BAR)
    print(f"the slowest of {len(NUMBERS)} numbers without data {slowest:.3f} s, 10,000 lines {whole_log:.2f} s")
    print(f"an answer {answer * 1000:.1f} ms, compare {comparison * 1000:.1f} ms, ratio {ratio}")


if __name__ == "__main__":
    main()
