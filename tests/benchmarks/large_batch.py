"""How long the Batches page takes to put up the largest batch, uploaded, beside the fused loss of it alone."""

import io
import statistics
import time

import numpy as np

from tests.benchmarks.common import told
from tests.pages.support import open_page, press
from xent_core import one_hot, softmax_cross_entropy

BAR = 2
ROUNDS = 10
SHAPE = 5000, 1000  # examples, classes


def npy(array: np.ndarray) -> bytes:
    """The array as a file."""
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def main() -> None:
    """Measure and tell; the two take turns."""
    draw = np.random.default_rng(0)
    logits, labels = draw.normal(size=SHAPE).astype(np.float32), draw.integers(0, SHAPE[1], SHAPE[0])
    targets = one_hot(labels, SHAPE[1])
    app = open_page("batches.py")
    app.file_uploader("predictions file").upload("logits.npy", npy(logits))
    app.file_uploader("targets file").upload("labels.npy", npy(labels))
    app.run()
    page, alone = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        press(app, "Use this batch")
        page.append(time.perf_counter() - began)
        began = time.perf_counter()
        softmax_cross_entropy(logits, targets)
        alone.append(time.perf_counter() - began)
    put_up, loss = statistics.median(page), statistics.median(alone)
    print(f"put up {put_up * 1000:.0f} ms, the loss {loss * 1000:.0f} ms, ratio {told(put_up / loss, BAR)}")


if __name__ == "__main__":
    main()
