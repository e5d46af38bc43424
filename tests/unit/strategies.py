"""What property tests draw: logits, distributions and the parameters of a loss, each `[m, n]` with m ≤ 3."""

import math

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np

dtypes = st.sampled_from([np.float16, np.float32, np.float64])
temperatures = st.floats(0.3, 5)
bases = st.sampled_from([math.e, 2.0, 10.0, 1.5, 0.5])


def shapes(min_classes=1, max_classes=6):
    return st.tuples(st.integers(1, 3), st.integers(min_classes, max_classes))


@st.composite
def logits(draw, *, bound=50.0, min_classes=1, max_classes=6, dtype=np.float64):
    """Finite logits from −bound to bound."""
    shape = draw(shapes(min_classes, max_classes))
    width = np.dtype(dtype).itemsize * 8
    limit = float(np.dtype(dtype).type(bound))
    return draw(hnp.arrays(dtype, shape, elements=st.floats(-limit, limit, width=width)))


@st.composite
def grid_logits(draw):
    """Multiples of 1/1024: exact in float64 however they are shifted by an integer."""
    ticks = draw(hnp.arrays(np.int64, draw(shapes()), elements=st.integers(-50_000, 50_000)))
    return ticks / 1024


@st.composite
def distributions(draw, shape, *, smallest=0, dtype=np.float64):
    """Rows that sum to 1, with zeros among them unless `smallest` is 1."""
    weights = draw(hnp.arrays(np.int64, shape, elements=st.integers(smallest, 1000)))
    weights[:, 0] += weights.sum(axis=1) == 0
    return (weights / weights.sum(axis=1, keepdims=True)).astype(dtype)


@st.composite
def hard_targets(draw, shape):
    """One-hot rows."""
    labels = draw(hnp.arrays(np.int64, shape[:1], elements=st.integers(0, shape[1] - 1)))
    return np.eye(shape[1])[labels]


@st.composite
def predictions_and_targets(draw, *, smallest=1, min_classes=1, hard=False):
    """Probabilities, all above 0 unless `smallest` is 0, and targets of the same shape."""
    shape = draw(shapes(min_classes))
    targets = hard_targets(shape) if hard else distributions(shape)
    return draw(distributions(shape, smallest=smallest)), draw(targets)


@st.composite
def logits_and_targets(draw, *, hard=False, **how):
    """Logits, and targets of the same shape: one-hot if `hard`, else any distribution."""
    drawn = draw(logits(**how))
    return drawn, draw(hard_targets(drawn.shape) if hard else distributions(drawn.shape))
