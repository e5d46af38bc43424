"""A run as the browser plays it: a few tens of kB, in which the curves are exact and only the weights are rounded."""

import gzip
import json
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pages.parts.training.settings import Training
from xent_core import one_hot, softmax, softmax_cross_entropy
from xent_core.digits import digits
from xent_core.training import Run

KEPT = 100  # epochs, beside the start, whose weights are kept
SHOWN = (9, 1, 4, 111)  # test digits: a 0, a 3, a 7, and a 9 that the default run misreads to the end
WORST = 8
CURVES = (
    "train_loss",
    "test_loss",
    "train_cross_entropy",
    "test_cross_entropy",
    "train_accuracy",
    "test_accuracy",
    "stuck",
)
BY_EPOCH = ("scale", "biases", "shown", "worst_loss", "kept", "worst", "misread", "weights", "read")  # of those kept


def encoded(training: Training, progress: Callable[[int], object] | None = None) -> bytes:
    """The run with these settings, packed and compressed; `progress` as `xent_core.training.train`."""
    return gzip.compress(packed(arrays_of(training.run(progress))), 6, mtime=0)


def arrays_of(run: Run) -> dict[str, NDArray[np.generic]]:
    """What is sent of a run.

    Of all epochs: the `curves`, `[7, epochs + 1]`. Of the `kept` epochs, at most KEPT and the start: `weights` as
    int8 `[k, 10, 64]`, 127 for their `scale`, the largest; `biases`; `shown`, the probabilities of four test digits;
    `worst`, the test digits of the largest cross-entropy, with `worst_loss` and what each is `read` as; how many are
    `misread`. Of these digits: `pixels` from 0 to 16 and their `labels`, in the order of `known`.
    """
    epochs = len(run.train_loss) - 1
    kept = np.unique(np.linspace(0, epochs, min(epochs, KEPT) + 1).round().astype(np.uint16))
    _, test = digits()
    weights, biases = run.weights[kept], run.biases[kept]
    scale = np.abs(weights).max(axis=(1, 2))
    logits = test.pixels @ weights + biases[:, None]
    losses = softmax_cross_entropy(logits, np.broadcast_to(one_hot(test.labels, 10), logits.shape))
    read = logits.argmax(axis=-1)
    worst = np.argsort(-losses, axis=-1, kind="stable")[:, :WORST]
    known = np.unique(np.concatenate([np.array(SHOWN), worst.ravel()]))
    return {
        "curves": np.array([getattr(run, name) for name in CURVES]),
        "scale": scale,
        "biases": biases.astype(np.float32),
        "shown": softmax(logits[:, SHOWN]).astype(np.float32),
        "worst_loss": np.take_along_axis(losses, worst, -1).astype(np.float32),
        "kept": kept,
        "worst": np.searchsorted(known, worst).astype(np.uint16),
        "misread": (read != test.labels).sum(axis=-1).astype(np.uint16),
        "shown_at": np.searchsorted(known, SHOWN).astype(np.uint16),
        "weights": _rounded(weights, scale).transpose(0, 2, 1),
        "read": np.take_along_axis(read, worst, -1).astype(np.uint8),
        "pixels": (test.pixels[known] * 16).astype(np.uint8),
        "labels": test.labels[known].astype(np.uint8),
    }


def packed(arrays: dict[str, NDArray[np.generic]]) -> bytes:
    """The length of the table as 4 bytes, the table of names, types and shapes, the arrays, the widest first."""
    ordered = sorted(arrays.items(), key=lambda item: -item[1].itemsize)
    table = json.dumps([[name, array.dtype.name, array.shape] for name, array in ordered]).encode()
    table += b" " * (-(len(table) + 4) % 8)
    data = b"".join(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes() for _, array in ordered)
    return len(table).to_bytes(4, "little") + table + data


def unpacked(data: bytes) -> dict[str, NDArray[np.generic]]:
    """The arrays of a run that was packed, by their names."""
    at = 4 + int.from_bytes(data[:4], "little")
    arrays = {}
    for name, kind, shape in json.loads(data[4:at]):
        dtype = np.dtype(kind).newbyteorder("<")
        arrays[name] = np.frombuffer(data, dtype, math.prod(shape), at).reshape(shape)
        at += arrays[name].nbytes
    return arrays


def _rounded(weights: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.int8]:
    divisor = np.where(scale > 0, scale, 1.0)[:, None, None]
    return np.rint(weights / divisor * 127).astype(np.int8)
