"""The programs print the core's loss: NumPy's always, each other library's where it is installed."""

import contextlib
import io
import json
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given, settings

from tests.unit import strategies
from xent_core import clipped_cross_entropy, softmax, softmax_bernoulli_cross_entropy, softmax_cross_entropy
from xent_core.snippets import LIBRARIES, snippet

# Between the core and a library, as in test_golden.py; a program may add up a few roundings more.
TOLERANCES = {"float64": (1e-12, 1e-15), "float32": (1e-6, 1e-7), "float16": (4e-3, 1e-3)}
NEEDED = {"numpy": "numpy", "torch": "torch", "tensorflow": "tensorflow", "jax": "optax", "sklearn": "sklearn"}

RANDOM = np.random.default_rng(1)
BATCH, LABELS = RANDOM.normal(0, 3, (8, 10)).round(4), np.eye(10)[RANDOM.integers(0, 10, 8)]
INF = math.inf
LOW = {"loss": "clipped", "low": 1e-7}
EXAMPLES = {
    "seed batch": ([[-0.6931, -1.6094, -1.204], [-0.2231, -2.3026, -2.3026]], [[1, 0, 0]] * 2, {}),
    "base 10": ([[2, 1, 0.1]], [[1, 0, 0]], {"base": 10}),
    "soft targets": ([[2, 1, 0.1]], [[0.7, 0.2, 0.1]], {}),
    "base 2, soft": ([[2, 1, 0.1]], [[0.25, 0.25, 0.5]], {"base": 2}),
    "base 1.5": ([[2, 1, 0.1]], [[1, 0, 0]], {"base": 1.5}),
    "temperature": ([[2, 1, 0.1]], [[1, 0, 0]], {"temperature": 0.5}),
    "temperature, soft, base 2": ([[2, 1, 0.1]], [[0.6, 0.3, 0.1]], {"temperature": 4.0, "base": 2}),
    "clipped": ([[0, 40, 1]], [[1, 0, 0]], LOW),
    "clipped above": ([[0, 40, 1]], [[0, 1, 0]], {**LOW, "high": 0.999}),
    "clipped, soft": ([[0, 30, 1]], [[0.5, 0.25, 0.25]], {"loss": "clipped"}),
    "Bernoulli": ([[2, 1, 0.1]], [[1, 0, 0]], {"loss": "bernoulli"}),
    "Bernoulli, sure and wrong": ([[0, 800, 1]], [[1, 0, 0]], {"loss": "bernoulli"}),
    "Bernoulli, sure and right": ([[0, 30, 1]], [[0, 1, 0]], {"loss": "bernoulli"}),
    "Bernoulli, soft, base 10": ([[2, 1, 0.1]], [[0.7, 0.2, 0.1]], {"loss": "bernoulli", "base": 10}),
    "batch": (BATCH, LABELS, {}),
    "batch, Bernoulli, temperature": (BATCH, LABELS, {"loss": "bernoulli", "temperature": 2.0}),
    "float32": (BATCH.astype(np.float32), LABELS, {}),
    "float16": (np.array([[2, 1, 0.1]], np.float16), [[0.7, 0.2, 0.1]], {}),
    "float16, clipped": (np.array([[12, -8, -9]], np.float16), [[1, 0, 0]], {"loss": "clipped"}),
    "float32, shifted": (np.full((1, 4), -1e4, np.float32), [[0, 1, 0, 0]], {}),
    "logits of 1000": ([[1000, -1000, 0]], [[0, 1, 0]], {}),
    "a probability of 0": ([[1, 2, -INF]], [[1, 0, 0]], {}),
    "a probability of 0, soft": ([[1, 2, -INF]], [[0.4, 0.6, 0]], {}),
    "a probability of 0, Bernoulli": ([[1, 2, -INF]], [[0.4, 0.6, 0]], {"loss": "bernoulli"}),
    "log of zero": ([[-INF, -0.3567, -1.204]], [[1, 0, 0]], {}),
    "certain": ([[-INF, 2, -INF]], [[0, 1, 0]], {"loss": "bernoulli"}),
    "one class": ([[3.0]], [[1.0]], {"loss": "bernoulli"}),
}  # fmt: skip


def printed(program):
    """What the program prints, as a number, run on its own."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(program, "snippet", "exec"), {"__name__": "__main__"})
    return float(output.getvalue())


def by_the_core(logits, targets, *, loss="categorical", low=1e-10, high=1.0, temperature=1.0, base=math.e):
    if loss == "clipped":
        q = softmax(logits, temperature=temperature)
        return clipped_cross_entropy(q, targets, low, high, base=base).mean(dtype=np.float64)
    function = softmax_bernoulli_cross_entropy if loss == "bernoulli" else softmax_cross_entropy
    return function(logits, targets, temperature=temperature, base=base).mean(dtype=np.float64)


def assert_prints_the_loss(program, logits, targets, how):
    logits = np.asarray(logits, dtype=getattr(logits, "dtype", np.float64))
    relative, absolute = TOLERANCES[logits.dtype.name]
    expected = by_the_core(logits, targets, **how)
    # NumPy warns of 0 · log 0, and of nothing else
    with np.errstate(all="ignore") if np.isnan(expected) else contextlib.nullcontext():
        assert printed(program) == pytest.approx(expected, rel=relative, abs=absolute, nan_ok=True), program


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("library", LIBRARIES)
def test_the_program_prints_the_loss_where_the_library_is_installed(library, example):
    pytest.importorskip(NEEDED[library])
    logits, targets, how = EXAMPLES[example]
    program = snippet(library, logits, targets, **how)
    if program is None:
        assert library == "sklearn"
    else:
        assert_prints_the_loss(program, logits, targets, how)


@pytest.mark.parametrize("temperature", [1.0, 0.5])
@pytest.mark.parametrize("example", ["seed batch", "float32", "logits of 1000", "a probability of 0"])
@pytest.mark.parametrize("library", LIBRARIES)
def test_the_program_prints_the_softmax_where_the_library_is_installed(library, example, temperature):
    pytest.importorskip(NEEDED[library])
    logits, targets, _ = EXAMPLES[example]
    logits = np.asarray(logits, dtype=getattr(logits, "dtype", np.float64))
    program = snippet(library, logits, targets, loss="probabilities", temperature=temperature)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(program, "snippet", "exec"), {"__name__": "__main__"})
    relative, absolute = TOLERANCES[logits.dtype.name]
    expected = softmax(logits, temperature=temperature)
    np.testing.assert_allclose(json.loads(output.getvalue()), expected, rtol=relative, atol=absolute)
    assert f"# [{expected[0][0]:.6g}, " in program
    assert " p = " not in program


@pytest.mark.parametrize("loss", ["categorical", "bernoulli"])
@pytest.mark.parametrize("gap", [20, 30, 50, 700])
def test_the_numpy_program_keeps_the_digits_of_a_small_loss(gap, loss):
    program = snippet("numpy", [[gap, 0, 0]], [[1, 0, 0]], loss=loss)
    expected = by_the_core([[gap, 0, 0]], [[1, 0, 0]], loss=loss)
    assert printed(program) == pytest.approx(expected, rel=1e-12, abs=0)
    assert program.endswith(f"  # {expected:.6g} nats\n")


@pytest.mark.parametrize("loss", ["categorical", "bernoulli"])
@pytest.mark.parametrize("library", ["torch", "tensorflow", "jax"])
def test_a_program_that_rounds_a_small_loss_says_so(library, loss):
    def last_line(dtype, gap):
        return snippet(library, np.array([[gap, 0, 0]], dtype), [[1, 0, 0]], loss=loss).splitlines()[-1]

    assert last_line(np.float64, 50).endswith(" nats, but numbers near 1 are rounded at 2e-16 here")
    assert last_line(np.float32, 14).endswith(" nats, but numbers near 1 are rounded at 1e-07 here")
    assert last_line(np.float64, 14).endswith(" nats")
    assert last_line(np.float64, 5000).endswith("# 0 nats")


def test_float16_is_told_in_three_digits():
    logits, targets, how = EXAMPLES["float16"]
    assert snippet("numpy", logits, targets, **how).endswith("  # 0.808 nats\n")


LOSSES = st.sampled_from(["categorical", "bernoulli", "clipped"])


@given(strategies.logits_and_targets(), LOSSES, strategies.bases, strategies.temperatures)
def test_the_numpy_program_prints_the_loss_of_any_example(drawn, loss, base, temperature):
    how = {"loss": loss, "base": base, "temperature": temperature}
    assert_prints_the_loss(snippet("numpy", *drawn, **how), *drawn, how)


@given(strategies.logits_and_targets(hard=True, dtype=np.float32), LOSSES, st.floats(0, 0.5), st.floats(0.5, 1))
def test_the_numpy_program_keeps_float32_and_the_bounds(drawn, loss, low, high):
    how = {"loss": loss, "low": low, "high": high}
    assert_prints_the_loss(snippet("numpy", *drawn, **how), *drawn, how)


@given(st.lists(st.text(), min_size=3, max_size=3), st.sampled_from(list(LIBRARIES)))
@example(["-inf", "math.log(2)", "tf."], "numpy")
@settings(max_examples=300)
def test_class_names_are_text_and_never_code(names, library):
    program = snippet(library, [[2, 1, 0.1]], [[1, 0, 0]], names=names)
    plain = snippet(library, [[2, 1, 0.1]], [[1, 0, 0]], names=("a", "b", "c"))
    (comment,) = (line for line in program.split("\n") if line.startswith("# classes: "))
    assert comment == f"# classes: {', '.join(map(repr, names))}"
    assert program.splitlines().count(comment) == 1
    assert compile(program, "snippet", "exec").co_code == compile(plain, "snippet", "exec").co_code


@pytest.mark.parametrize(("base", "unit"), [(math.e, "nats"), (2, "bits"), (10, "bans"), (1.5, "to base 1.5")])
def test_a_program_says_the_number_and_its_unit(base, unit):
    example = [[2.0, 1.0, 0.1]], [[1, 0, 0]]
    assert snippet("numpy", *example, base=base).endswith(f"  # {by_the_core(*example, base=base):.6g} {unit}\n")


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("example", EXAMPLES)
def test_a_program_imports_what_it_uses_and_nothing_else(library, example):
    logits, targets, how = EXAMPLES[example]
    program = snippet(library, logits, targets, **how) or ""
    imported = [line.split()[-1] for line in program.splitlines() if line.startswith(("import ", "from "))]
    rest = "\n".join(line for line in program.splitlines() if not line.startswith(("import ", "from ")))
    assert all(name in rest for name in imported)
    assert ("from math import inf" in program) == ("-inf," in program or "-inf]" in program)


def test_the_librarys_own_loss_is_used_where_there_is_one():
    hard, soft = ([[2, 1, 0.1]], [[1, 0, 0]]), ([[2, 1, 0.1]], [[0.7, 0.2, 0.1]])
    assert "F.cross_entropy(z, y)" in snippet("torch", *hard)
    assert "F.cross_entropy(z, p)" in snippet("torch", *soft)
    assert "keras.losses.sparse_categorical_crossentropy(y, z, from_logits=True)" in snippet("tensorflow", *hard)
    assert "keras.losses.categorical_crossentropy(p, z, from_logits=True)" in snippet("tensorflow", *soft)
    assert "optax.losses.softmax_cross_entropy(z, p)" in snippet("jax", *soft)
    assert "log_loss(y, softmax(z, axis=1), labels=range(3))" in snippet("sklearn", *hard)


def test_jax_is_told_to_keep_float64():
    assert "jax_enable_x64" in snippet("jax", [[2.0, 1]], [[1, 0]])
    assert "jax_enable_x64" not in snippet("jax", np.array([[2, 1]], np.float32), [[1, 0]])


@pytest.mark.parametrize(
    ("logits", "targets", "how"),
    [
        ([[2, 1]], [[0.5, 0.5]], {}),
        ([[2, 1]], [[1, 0]], {"loss": "bernoulli"}),
        ([[2, 1]], [[1, 0]], {"loss": "clipped"}),
        ([[0, 40]], [[1, 0]], {}),  # below its clip
        ([[40, 0]], [[1, 0]], {}),  # above it
        ([[3.0]], [[1.0]], {}),
        (np.array([[2, 1]], np.float16), [[1, 0]], {}),
    ],
)
def test_scikit_learn_is_left_out_where_it_computes_something_else(logits, targets, how):
    assert snippet("sklearn", logits, targets, **how) is None


def test_one_example_is_a_batch_of_one():
    assert snippet("numpy", [2, 1, 0.1], [1, 0, 0]) == snippet("numpy", [[2, 1, 0.1]], [[1, 0, 0]])


@pytest.mark.parametrize(
    ("logits", "targets", "how", "message"),
    [
        ([[1, 2]], [[1, 0, 0]], {}, "targets has shape"),
        ([[1, math.nan]], [[1, 0]], {}, "logits"),
        ([[1, 2]], [[1, 0]], {"temperature": 0}, "temperature is 0"),
        ([[1, 2]], [[1, 0]], {"base": 1}, "base is 1"),
        ([[1, 2]], [[1, 0]], {"loss": "clipped", "low": 0.5, "high": 0.1}, "low is 0.5"),
        ([[[1, 2]]], [[[1, 0]]], {}, "logits has shape"),
    ],
)
def test_what_is_refused_is_named(logits, targets, how, message):
    with pytest.raises(ValueError, match=message):
        snippet("numpy", logits, targets, **how)
