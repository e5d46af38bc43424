"""The core against what the real libraries compute, and against 50 digits: see tests/golden/README.md."""

import json
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from xent_core import (
    bernoulli_cross_entropy,
    bernoulli_cross_entropy_gradient,
    bernoulli_terms,
    categorical_cross_entropy,
    clipped_cross_entropy,
    clipped_cross_entropy_gradient,
    clipped_terms,
    entropy,
    kl_divergence,
    log_softmax,
    naive_cross_entropy_gradient,
    sigmoid_cross_entropy,
    smooth_targets,
    softmax,
    softmax_bernoulli_cross_entropy,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
)

# (relative, absolute): the absolute part is one rounding of a number near 1, and float16 needs none.
OF_LIBRARIES = {"float64": (1e-12, 1e-15), "float32": (1e-6, 1e-7), "float16": (4e-3, 0)}
# What has 50 digits may be smaller than the smallest number of float32 or float16, which is 6e-8 in the latter.
OF_TRUTH = {"float64": (1e-12, 0), "float32": (1e-6, 1e-7), "float16": (4e-3, 6e-8)}

BASES = {"base_e": math.e, "base_2": 2, "base_10": 10}


def probabilities(case):
    return softmax(case.z) if case.kind == "logits" else case.q


def fused(case, **how):
    return softmax_cross_entropy(case.z, case.p, **how)


def fused_gradient(case, **how):
    return softmax_cross_entropy_gradient(case.z, case.p, **how) / case.m


def smoothed(case):
    return softmax_cross_entropy(case.z, smooth_targets(case.p, 0.1))


def clipped_gradient(case):
    return clipped_cross_entropy_gradient(case.z, case.p) / case.m


def form_1(case, **how):
    return fused(case) if case.kind == "logits" else categorical_cross_entropy(case.q, case.p, **how)


def form_2(case, **how):
    if case.kind == "logits":
        return softmax_bernoulli_cross_entropy(case.z, case.p)
    return bernoulli_cross_entropy(case.q, case.p, **how)


# For each id of the file, the same by the core: losses are one per row, gradients those of the mean over the rows.
OURS = {
    "truth.softmax": lambda c: softmax(c.z),
    "truth.log_softmax": lambda c: log_softmax(c.z),
    "truth.form1": form_1,
    "truth.form2": form_2,
    **{f"truth.form1_base_{b}": lambda c, b=b: form_1(c, base=b) for b in (2, 10)},
    **{f"truth.form2_base_{b}": lambda c, b=b: form_2(c, base=b) for b in (2, 10)},
    **{f"truth.form1_mean_base_{b}": lambda c, b=b: form_1(c, base=b).mean() for b in (2, 10)},
    "tf_softmax": lambda c: softmax(c.z),
    "torch_softmax": lambda c: softmax(c.z),
    "tf_log_softmax": lambda c: log_softmax(c.z),
    "torch_log_softmax": lambda c: log_softmax(c.z),
    "tf_softmax_xent.none": fused,
    "keras_categorical_logits.none": fused,
    "keras_sparse_categorical.logits.none": fused,
    "torch_cross_entropy.soft.none": fused,
    "torch_cross_entropy.index.none": fused,
    "optax_softmax_xent.none": fused,
    "optax_safe_softmax_xent.none": fused,
    "optax_softmax_xent_integer.none": fused,
    "keras_categorical_logits.ls01.none": smoothed,
    "torch_cross_entropy.soft.ls01.none": smoothed,
    "torch_cross_entropy.index.ls01.none": smoothed,
    "optax_softmax_xent.ls01.none": smoothed,
    "tf_sigmoid_xent.none": lambda c: sigmoid_cross_entropy(c.z, c.p),
    "torch_bce_with_logits.none": lambda c: sigmoid_cross_entropy(c.z, c.p),
    "optax_sigmoid_bce.none": lambda c: sigmoid_cross_entropy(c.z, c.p),
    "torch_nll_of_log.none": lambda c: categorical_cross_entropy(probabilities(c), c.p),
    "torch_bce.none": lambda c: bernoulli_terms(probabilities(c), c.p),
    "tf1_manual_clip_persample.none": lambda c: clipped_cross_entropy(probabilities(c), c.p),
    "tf1_manual_clip_mean": lambda c: clipped_terms(probabilities(c), c.p).mean(),
    **{f"scipy_entropy_p.{name}": lambda c, b=b: entropy(c.p, base=b) for name, b in BASES.items()},
    **{f"scipy_entropy_kl.{name}": lambda c, b=b: kl_divergence(c.p, c.q, base=b) for name, b in BASES.items()},
    "grad.torch_fused_ce": fused_gradient,
    "grad.tf_fused_ce": fused_gradient,
    "grad.optax_fused_ce": fused_gradient,
    "grad.tf_clip_ce_persample": clipped_gradient,
    "grad.torch_clamp_ce_persample": clipped_gradient,
    "grad.tf_clip_ce": lambda c: clipped_gradient(c) / c.n,
    "grad.torch_bce_of_softmax": lambda c: bernoulli_cross_entropy_gradient(c.z, c.p) / (c.m * c.n),
    "grad.torch_nll_of_log_softmax_unclipped": lambda c: naive_cross_entropy_gradient(c.z, c.p) / c.m,
    **{
        f"temperature.T{t:g}.{key}": lambda c, t=t, law=law: law(c, temperature=t)
        for t in (0.5, 2.0, 10.0)
        for key, law in [
            ("torch_softmax", lambda c, **how: softmax(c.z, **how)),
            ("torch_cross_entropy.soft.none", fused),
            ("tf_softmax_xent.none", fused),
            ("grad.torch_fused_ce", fused_gradient),
        ]
    },
}

# What the core means to compute otherwise, or the library loses: for each id, which of its entries are compared.
COMPARED = {
    # PyTorch stops each logarithm at −100; here log 0 is −inf.
    "torch_bce.none": lambda case, ours: ours < 100,
    # TensorFlow returns q − p, which is the gradient only where the targets of a row sum to 1.
    "grad.tf_fused_ce": lambda case, ours: sums_to_1(case.p),
    # PyTorch divides by max(q (1 − q), 1e-12), in which 1 − q has lost its digits: in float64 it is fit to compare
    # where no q is within 1e-3 of 0 or 1, in float32 and float16 nowhere.
    "grad.torch_bce_of_softmax": lambda case, ours: case.dtype == "float64" and unsaturated(softmax(case.z)),
    # PyTorch's softmax is shifted; the naive one divides 0 by 0 where all logits are below −745.
    "grad.torch_nll_of_log_softmax_unclipped": lambda case, ours: case.z.max(axis=1, keepdims=True) > -745,
    # logsumexp(z) − z of the target, as optax has it, cancels: 1.38672 for ln 4 at logits of −1e4 in float32.
    "optax_softmax_xent_integer.none": lambda case, ours: case.dtype != "float32" or np.abs(case.z).max(axis=1) < 1e4,
    # The 60 working digits behind the file do not reach log(1 − e^−500): it misses the second of two equal terms.
    "truth.form2": lambda case, ours: (case.name != "extreme_500_float64") | (ours > 1),
}


def sums_to_1(rows):
    return np.isclose(rows.sum(axis=1, keepdims=True), 1, rtol=0, atol=1e-6)


def unsaturated(q):
    return (np.minimum(q, 1 - q) > 1e-3).all(axis=1, keepdims=True)


def as_floats(values):
    return [as_floats(v) for v in values] if isinstance(values, list) else float(values)


def read(case):
    """A case of the file, with its logits z or probabilities q and its targets p `[m, n]` in its dtype."""
    given, p = (np.array(case[key], case["dtype"]) for key in (case["kind"], "targets"))
    m, n = p.shape
    header = {key: case[key] for key in ("name", "kind", "dtype", "results")}
    return SimpleNamespace(**header, p=p, m=m, n=n, **{"z" if case["kind"] == "logits" else "q": given})


def expected(case, key):
    """The file's result; per-entry losses of sigmoids are summed over the classes, as the core does."""
    values = np.array(as_floats(case.results[key]))
    return values.sum(axis=1) if key in SIGMOIDS else values


def comparable(case, key):
    """SciPy scales p and q to sum to 1 where the core refuses them; no core function does."""
    return key in OURS and not (key.startswith("scipy") and not (sums_to_1(case.p).all() and sums_to_1(case.q).all()))


def close(case, key, ours):
    """Entry by entry, within the tolerance of the dtype; nan equals nan."""
    relative, absolute = (OF_TRUTH if key.startswith("truth.") else OF_LIBRARIES)[case.dtype]
    return np.isclose(ours.astype(np.float64), expected(case, key), relative, absolute, equal_nan=True)


SIGMOIDS = ("tf_sigmoid_xent.none", "torch_bce_with_logits.none", "optax_sigmoid_bce.none")
FILE = Path(__file__).parents[1] / "golden/golden.json"
CASES = [read(case) for case in json.loads(FILE.read_text(encoding="utf-8"))]
RESULTS = [
    pytest.param(case, key, id=f"{case.name}-{key}") for case in CASES for key in case.results if comparable(case, key)
]


@pytest.mark.parametrize(("case", "key"), RESULTS)
def test_the_core_agrees_with_the_golden_result(case, key):
    ours = np.asarray(OURS[key](case))
    compared = COMPARED.get(key, lambda case, ours: True)(case, ours)
    assert ours.dtype == case.dtype
    assert ours.shape == expected(case, key).shape
    assert (close(case, key, ours) | ~np.asarray(compared)).all(), (ours, expected(case, key))


@pytest.mark.parametrize("key", COMPARED)
def test_what_is_left_out_differs(key):
    cases = [case for case in CASES if key in case.results]
    assert not all(close(case, key, np.asarray(OURS[key](case))).all() for case in cases)


@pytest.mark.parametrize("key", OURS)
def test_every_id_is_found_in_the_file(key):
    assert any(param.values[1] == key for param in RESULTS)
