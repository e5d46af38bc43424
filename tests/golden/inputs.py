"""The inputs on which every call is run: where libraries part, and plain batches of one to six rows."""

from collections.abc import Iterator

import numpy as np

from xent_core.libraries.batch import Batch, as_batch

DTYPES = ("float64", "float32", "float16")
RANDOM = np.random.default_rng(3)
INFINITE = float("inf")


def _logits(rows: int, classes: int, spread: float) -> np.ndarray:
    return RANDOM.normal(0, spread, (rows, classes)).round(3)


def _shares(rows: int, classes: int) -> np.ndarray:
    return RANDOM.dirichlet(np.ones(classes), rows).round(3)


def _one_hot(classes: int, *labels: int) -> np.ndarray:
    return np.eye(classes)[list(labels)]


LOGITS = {
    "one row": ([[2, 1, 0.1]], _one_hot(3, 0)),
    "two classes": ([[0.3, -1.2], [1.5, 0.2]], _one_hot(2, 1, 0)),
    "four rows": (_logits(4, 3, 2), _one_hot(3, 0, 2, 1, 0)),
    "six rows": (_logits(6, 3, 1), _one_hot(3, 1, 2, 1, 2, 1, 1)),
    "square": (_logits(3, 3, 2), _one_hot(3, 2, 1, 2)),
    "ten classes": (_logits(2, 10, 3), _one_hot(10, 9, 4)),
    "all equal": (np.zeros((2, 4)), _one_hot(4, 0, 3)),
    "labels of 0": (_logits(2, 4, 2), _one_hot(4, 0, 0)),
    "soft": (_logits(3, 4, 2), _shares(3, 4)),
    "multi-hot": ([[2, 1, 0.1], [0.5, -1, 0]], [[1, 1, 0], [0, 0, 0]]),
    "fifty": ([[-50, 50, 0], [-50, 0, 50]], _one_hot(3, 1, 0)),
    "right by 11.5": ([[0, -11.5]], _one_hot(2, 0)),
    "wrong by 11.5": ([[0, -11.5]], _one_hot(2, 1)),
    "right by 12 of three": ([[0, -12, 0.5]], _one_hot(3, 0)),
    "gaps past 11": ([[0, -11, 0.5], [1, 0, -11.5], [0, 0, 1], [-11.2, 0, 0]], _one_hot(3, 0, 2, 1, 0)),
    "a masked class": ([[0, -INFINITE, 1], [1, 2, 0]], _one_hot(3, 0, 1)),
}
PROBABILITIES = {
    "a zero": ([[1, 0, 0]], _one_hot(3, 2)),
    "certain": ([[1, 0, 0], [0, 1, 0]], _one_hot(3, 0, 1)),
    "sum 0.97": ([[0.5, 0.2, 0.27]], _one_hot(3, 0)),
    "three rows": (_shares(3, 4), _one_hot(4, 1, 3, 0)),
    "soft shares": (_shares(3, 4), _shares(3, 4)),
    "tiny": ([[2e-5, 0.99998, 0], [1e-6, 0.4, 0.6]], _one_hot(3, 0, 1)),
}


def batches() -> Iterator[tuple[str, Batch]]:
    """Each input in each dtype, with its name."""
    for dtype in DTYPES:
        for name, (predictions, targets) in LOGITS.items():
            yield f"{name}, {dtype}", as_batch(np.array(predictions, dtype), np.array(targets, dtype))
        for name, (predictions, targets) in PROBABILITIES.items():
            batch = as_batch(np.array(predictions, dtype), np.array(targets, dtype), "probabilities")
            yield f"{name}, {dtype}", batch
