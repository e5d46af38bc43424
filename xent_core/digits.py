"""Real handwritten digits, 8 × 8 pixels: 1437 to train on and 360 unseen ones to test on.

Source: E. Alpaydin & C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository (1998),
doi:10.24432/C50P49, as packaged in scikit-learn 1.9.1.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SOURCE = (
    "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
    "doi:10.24432/C50P49, as packaged in scikit-learn 1.9.1"
)
"""What is to be said wherever the digits are shown."""


@dataclass(frozen=True, eq=False)
class Digits:
    """`pixels` float64 `[m, 64]`, row by row from 0 (paper) to 1 (ink), and `labels` int64 `[m]`, the digit each is."""

    pixels: NDArray[np.float64]
    labels: NDArray[np.int64]


@cache
def digits() -> tuple[Digits, Digits]:
    """The digits to train on and those to test on, a split drawn once with seed 0; the arrays are shared, read-only.

    >>> [len(part.labels) for part in digits()]
    [1437, 360]
    """
    with np.load(Path(__file__).parent / "data" / "digits.npz", allow_pickle=False) as arrays:
        pixels, labels = arrays["X"] / 16.0, arrays["y"].astype(np.int64)
        train, test = (Digits(pixels[arrays[part]], labels[arrays[part]]) for part in ("train", "test"))
    for array in (train.pixels, train.labels, test.pixels, test.labels):
        array.flags.writeable = False
    return train, test
