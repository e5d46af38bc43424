"""What the browser computes is what xent_core computes: every export of its mathematics, run without a browser.

So is all that a page derives of an example, and numbers are written as Python writes them.
"""

import dataclasses
import json
import math
import os
import subprocess
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from deno import find_deno_bin

import xent_core
from pages.parts.drawing.numbers import shown
from pages.parts.stage.example import BASES as BASES_BY_NAME
from pages.parts.stage.example import COLUMNS, OBJECTIVES
from xent_core.libraries import keras
from xent_core.losses import written_bernoulli_terms, written_terms
from xent_core.softmax import normalised

SCRIPT = Path(__file__).with_name("browser_mathematics.js")
RELATIVE, ABSOLUTE, ULPS = 1e-12, 1e-15, 4
PRECISIONS = {"float64": 2000, "float32": 1000, "float16": 1000}
BASES = (math.e, 2.0, 10.0)
BOUNDS = ((1e-10, 1.0), (1e-7, 1 - 1e-7), (0.0, 1.0), (0.05, 0.8), (1e-10, 1 - 1e-10))
DERIVED, DIGITS = 600, (2, 3, 4, 7)
KINDS = ("random", "equal", "shifted", "extreme", "nearly certain", "with zeros")
GRADIENTS = (
    "softmax_cross_entropy_gradient",
    "clipped_cross_entropy_gradient",
    "bernoulli_cross_entropy_gradient",
    "squared_error_gradient",
)


@dataclasses.dataclass(frozen=True)
class Case:
    """Logits and targets in a precision, and what else the functions take."""

    z: np.ndarray
    p: np.ndarray
    t: float
    b: float
    low: float
    high: float
    amount: float

    @cached_property
    def precision(self):
        return self.z.dtype.name

    @cached_property
    def rounding(self):
        return {"round": self.precision}

    @cached_property
    def q(self):
        return xent_core.softmax(self.z, temperature=self.t)

    @cached_property
    def label(self):
        return int(self.p.argmax())

    @cached_property
    def is_distribution(self):
        return abs(float(self.p.sum(dtype=float)) - 1) < 1e-6

    @cached_property
    def slope(self):
        """How large a gradient may be: it is a difference of numbers of this size."""
        return max(1, float(self.p.sum(dtype=float))) / (self.t * math.log(self.b))

    @cached_property
    def doubt(self):
        """What an error in q is multiplied by in log(1 − q) as written."""
        rest = 1 - self.q.astype(float)
        return float((1 / np.maximum(rest, np.finfo(self.precision).eps)).max()) / math.log(self.b)

    @cached_property
    def step(self):
        """A learning rate small enough that two paths near each other don't part."""
        return self.amount * self.t**2 * math.log(self.b)

    @cached_property
    def walk(self):
        return GRADIENTS[self.label % len(GRADIENTS)]


def draw(rng, i, dtype):
    n = int(rng.integers(2, 11))
    temperature = float(np.exp(rng.uniform(math.log(0.05), math.log(20)))) if i % 2 else 1.0
    logits = draw_logits(rng, KINDS[i % len(KINDS)], n, 6e4 if dtype == "float16" else 1e6)
    targets = draw_targets(rng, n)
    low, high = BOUNDS[rng.integers(len(BOUNDS))]
    return Case(
        logits.astype(dtype), targets.astype(dtype), temperature, BASES[i % 3], low, high, float(rng.uniform(0, 1))
    )


def draw_logits(rng, kind, n, limit):
    logits = rng.normal(0, 4, n)
    match kind:
        case "equal":
            logits[:] = rng.normal(0, 100)
        case "shifted":
            logits += rng.choice([-limit, -1000, 100, limit])
        case "extreme":
            logits = rng.uniform(-1e4, 1e4, n)
        case "nearly certain":
            logits[rng.integers(n)] += rng.uniform(5, 750)
        case "with zeros":
            logits[rng.permutation(n)[: rng.integers(1, n)]] = -math.inf
    return logits


def draw_targets(rng, n):
    match rng.integers(8):
        case 0 | 1:
            return np.eye(n)[rng.integers(n)]
        case 2 | 3:
            return rng.dirichlet(np.full(n, 2.0))
        case 4:
            return rng.dirichlet(np.full(n, 0.2))
        case 5:
            weights = rng.integers(0, 3, n) + np.eye(n)[0]
            return weights / weights.sum()
        case 6:
            return np.zeros(n)
        case _:
            return rng.uniform(0, 1, n)


@dataclasses.dataclass(frozen=True)
class Twin:
    """An export's arguments, what xent_core gives for them, and the size of the numbers whose difference that is.

    The size may differ between the entries of a record, by name.
    """

    arguments: Callable
    expected: Callable
    narrow: bool = True
    only: Callable = lambda case: True
    size: Callable = lambda case, name: 0


def of_logits(function):
    return Twin(lambda c: [c.z, c.t, c.rounding], lambda c: function(c.z, temperature=c.t))


def of_probabilities(function):
    return Twin(lambda c: [c.q, c.p, c.b, c.rounding], lambda c: function(c.q, c.p, base=c.b))


def of_both(function, **how):
    return Twin(
        lambda c: [c.z, c.p, c.t, c.b, c.rounding], lambda c: function(c.z, c.p, temperature=c.t, base=c.b), **how
    )


def clipped(function):
    return Twin(
        lambda c: [c.q, c.p, c.low, c.high, c.b, c.rounding],
        lambda c: function(c.q, c.p, c.low, c.high, base=c.b),
    )


def written(function):
    def expected(c):
        return function(c.q, c.p, c.b)

    return Twin(lambda c: [c.q, c.p, c.b, c.rounding], expected)


def float64_of_both(function, **how):
    return Twin(
        lambda c: [c.z, c.p, c.t, c.b],
        lambda c: as_record(function(c.z, c.p, temperature=c.t, base=c.b)),
        narrow=False,
        **how,
    )


def as_record(value):
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) else value


def routes_of(c):
    found = xent_core.routes(c.z, c.p, c.low, c.high, temperature=c.t, base=c.b)
    return {name: as_record(route) for name, route in found.items()}


def path_of(c):
    gradient = getattr(xent_core, c.walk)
    return xent_core.descend(lambda z: gradient(z, c.p, **with_temperature(c)), c.z, c.step, 10)


def with_temperature(c):
    return {"temperature": c.t} if c.walk == "squared_error_gradient" else {"temperature": c.t, "base": c.b}


def rest_of(c):
    """The arguments of the gradient that `path_of` follows, after the logits."""
    bounds = [1e-10, 1] if c.walk == "clipped_cross_entropy_gradient" else []
    return [c.p, *bounds, *with_temperature(c).values()]


def keras_given(c):
    """Probabilities, or logits that are taken for such."""
    return c.q if c.label % 2 else c.z


def keras_loss(c):
    with np.errstate(all="ignore"):
        return keras.categorical(keras_given(c)[None], c.p[None])[0]


def keras_doubt(c):
    """Logits may nearly cancel in the sum that they are divided by."""
    given = keras_given(c)
    with np.errstate(all="ignore"):
        return float(np.nan_to_num(np.abs(given).sum() / abs(given.sum()), nan=0.0, posinf=1e15))


ILL_CONDITIONED = ("naive bernoulli", "discarded bernoulli", "clipped bernoulli")  # log(1 - q), written so

TWINS = {
    "rounding.sum": Twin(lambda c: [c.q], lambda c: c.q.sum(), narrow=False),
    "rounding.others": Twin(lambda c: [c.z, c.label], lambda c: np.delete(c.z, c.label), narrow=False),
    "softmax.logsumexp": Twin(lambda c: [c.z, c.rounding], lambda c: xent_core.logsumexp(c.z)),
    "softmax.log_softmax": of_logits(xent_core.log_softmax),
    "softmax.group_others": Twin(
        lambda c: [c.z, [c.label]],
        lambda c: xent_core.group_others(c.z, [c.label]),
        narrow=False,
    ),
    "softmax.softmax": of_logits(xent_core.softmax),
    "softmax.exponentials": of_logits(xent_core.exponentials),
    "softmax.shifted_exponentials": of_logits(xent_core.shifted_exponentials),
    "softmax.naive_softmax": Twin(lambda c: [c.z, c.rounding], lambda c: xent_core.naive_softmax(c.z)),
    "softmax.one_minus_softmax": of_logits(xent_core.one_minus_softmax),
    "softmax.log_one_minus_softmax": of_logits(xent_core.log_one_minus_softmax),
    "softmax.log_odds": Twin(lambda c: [c.q[0]], lambda c: xent_core.log_odds(c.q)[0], narrow=False),
    "softmax.softmax_log_odds": Twin(
        lambda c: [c.z, c.t], lambda c: xent_core.softmax_log_odds(c.z, temperature=c.t), narrow=False
    ),
    "targets.one_hot": Twin(
        lambda c: [c.label, len(c.p)], lambda c: xent_core.one_hot(c.label, len(c.p)), narrow=False
    ),
    "targets.smooth_targets": Twin(
        lambda c: [c.p, c.amount, c.label > 0],
        lambda c: xent_core.smooth_targets(c.p, c.amount, over_others=c.label > 0),
        narrow=False,
    ),
    "losses.categorical_terms": of_probabilities(xent_core.categorical_terms),
    "losses.bernoulli_terms": of_probabilities(xent_core.bernoulli_terms),
    "losses.softmax_cross_entropy_terms": of_both(xent_core.softmax_cross_entropy_terms),
    "losses.softmax_cross_entropy": of_both(xent_core.softmax_cross_entropy),
    "losses.softmax_bernoulli_terms": of_both(xent_core.softmax_bernoulli_terms),
    "losses.softmax_bernoulli_cross_entropy": of_both(xent_core.softmax_bernoulli_cross_entropy),
    "losses.entropy": Twin(
        lambda c: [c.p, c.b],
        lambda c: xent_core.entropy(c.p, base=c.b),
        narrow=False,
        only=lambda c: c.is_distribution,
    ),
    "losses.kl_divergence": Twin(
        lambda c: [c.p, xent_core.log_softmax(c.z, temperature=c.t), c.b],
        lambda c: xent_core.parts(c.z, c.p, temperature=c.t, base=c.b).divergence,
        narrow=False,
        only=lambda c: c.is_distribution,
    ),
    "losses.parts": float64_of_both(xent_core.parts, only=lambda c: c.is_distribution),
    "losses.written_terms": written(written_terms),
    "losses.written_bernoulli_terms": written(written_bernoulli_terms),
    "clipping.clip_probabilities": Twin(
        lambda c: [c.q, c.low, c.high, c.rounding], lambda c: xent_core.clip_probabilities(c.q, c.low, c.high)
    ),
    "clipping.clipped_cross_entropy": clipped(xent_core.clipped_cross_entropy),
    "clipping.clipped_bernoulli_cross_entropy": clipped(xent_core.clipped_bernoulli_cross_entropy),
    "keras.categorical": Twin(
        lambda c: [keras_given(c), c.p],
        keras_loss,
        narrow=False,
        size=lambda c, _: keras_doubt(c),
    ),
    "gradients.softmax_cross_entropy_gradient": of_both(
        xent_core.softmax_cross_entropy_gradient, size=lambda c, _: c.slope
    ),
    "gradients.clipped_cross_entropy_gradient": Twin(
        lambda c: [c.z, c.p, c.low, c.high, c.t, c.b, c.rounding],
        lambda c: xent_core.clipped_cross_entropy_gradient(c.z, c.p, c.low, c.high, temperature=c.t, base=c.b),
        size=lambda c, _: c.slope,
    ),
    "gradients.naive_cross_entropy_gradient": of_both(
        xent_core.naive_cross_entropy_gradient, size=lambda c, _: c.slope
    ),
    "gradients.bernoulli_cross_entropy_gradient": float64_of_both(
        xent_core.bernoulli_cross_entropy_gradient, size=lambda c, _: c.slope
    ),
    "gradients.squared_error_gradient": Twin(
        lambda c: [c.z, c.p, c.t],
        lambda c: xent_core.squared_error_gradient(c.z, c.p, temperature=c.t),
        narrow=False,
        size=lambda c, _: c.slope * math.log(c.b),
    ),
    "gradients.descend": Twin(
        lambda c: [{"gradient": c.walk, "rest": rest_of(c)}, c.z, c.step, 10],
        path_of,
        narrow=False,
        size=lambda c, _: 10 * c.t,
    ),
    "routes.routes": Twin(
        lambda c: [
            {
                "logits": c.z,
                "targets": c.p,
                "temperature": c.t,
                "base": c.b,
                "low": c.low,
                "high": c.high,
                "precision": c.precision,
            }
        ],
        routes_of,
        size=lambda c, name: c.slope if name.endswith("gradient") else c.doubt if name in ILL_CONDITIONED else 0,
    ),
}


def compared():
    for path, twin in TWINS.items():
        for precision in PRECISIONS if twin.narrow else ["float64"]:
            yield path, precision


def encoded(value):
    """As JSON can hold it."""
    match value:
        case dict():
            return {name: encoded(entry) for name, entry in value.items()}
        case list() | np.ndarray():
            return [encoded(entry) for entry in value]
        case float() | np.floating():
            return float(value) if math.isfinite(value) else str(float(value))
        case _:
            return value


@pytest.fixture(scope="module")
def cases():
    rng = np.random.default_rng(20)
    return {name: [draw(rng, i, name) for i in range(count)] for name, count in PRECISIONS.items()}


HALVES = np.arange(0x7C00, dtype=np.uint16).view(np.float16).astype(float)  # all from 0 to 65504
BETWEEN = (HALVES[:-1] + HALVES[1:]) / 2  # ties


def numbers_to_round():
    rng = np.random.default_rng(3)
    drawn = rng.normal(0, 1, 5000) * np.exp2(rng.uniform(-160, 140, 5000))
    near = rng.normal(0, 1, 5000) * np.exp2(rng.uniform(-30, 20, 5000))
    edges = [65519.99, 65520.0, 1e-8, 3e-8, 3.4e38, 3.5e38, math.inf, -math.inf, math.nan, 0.0]
    return np.concatenate(
        [HALVES[::5], -HALVES[::7], BETWEEN[::5], np.nextafter(BETWEEN[::5], 1e9), drawn, near, edges]
    )


def examples(cases, precision):
    """Cases in float64 whose targets are a distribution and whose logits the precision holds, but not exactly."""
    found = [case for case in cases["float64"] if case.is_distribution][:DERIVED]
    limit = 6e4 if precision == "float16" else 1e6
    return [
        dataclasses.replace(case, z=np.where(case.z > -math.inf, np.clip(case.z, -limit, limit) * (1 + 1e-9), case.z))
        for case in found
    ]


def as_example(c, i, precision):
    """As the browser holds it."""
    return {
        "names": [f"class {k}" for k in range(len(c.p))],
        "logits": c.z,
        "targets": c.p,
        "temperature": c.t,
        "base": next(name for name, base in BASES_BY_NAME.items() if base == c.b),
        "low": c.low,
        "high": c.high,
        "precision": precision,
        "objective": OBJECTIVES[i % len(OBJECTIVES)],
        "rate": 1.0,
    }


def numbers_to_write():
    edges = [10.0**power * factor for power in range(-9, 9) for factor in (0.99999, 0.999995, 1, 1.00005, 5, 9.9995)]
    halves = [k / 2**9 + 0.5**5 for k in range(64)] + [1125000.0, 1e5 + 0.25, 999999.25, 999999.5]
    rng = np.random.default_rng(3)
    drawn = (rng.choice([-1, 1], 4000) * 10 ** rng.uniform(-9, 9, 4000)).tolist()
    short = rng.uniform(-1000, 1000, 1000).round(5).tolist()
    return [0.0, math.inf, -math.inf, math.nan, 5e-324, 1.7e308, *edges, *halves, *drawn, *short]


@pytest.fixture(scope="module")
def browser(cases, tmp_path_factory):
    """What Deno prints for all calls at once."""
    calls = {
        f"{path}/{precision}": [encoded(TWINS[path].arguments(case)) for case in wanted(cases, path, precision)]
        for path, precision in compared()
    }
    for path in ROUNDINGS:
        calls[path] = [[number] for number in encoded(numbers_to_round())]
    calls["rounding.LARGEST"] = [[]]
    calls["losses.kl_divergence/from itself"] = [
        encoded([case.q, np.log(case.q), case.b]) for case in cases["float64"] if case.q.all()
    ]
    for precision in PRECISIONS:
        calls[f"derive.derive/{precision}"] = [
            [encoded(as_example(c, i, precision))] for i, c in enumerate(examples(cases, precision))
        ]
    for digits in DIGITS:
        calls[f"numbers.format/{digits}"] = [[number, digits] for number in encoded(numbers_to_write())]
    folder = tmp_path_factory.mktemp("deno")
    written = folder / "calls.json"
    written.write_text(json.dumps(calls))
    command = [find_deno_bin(), "run", "--quiet", "--no-config", "--no-lock", "--no-remote", "--allow-read"]
    settings = os.environ | {"DENO_DIR": str(folder), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    done = subprocess.run([*command, SCRIPT, written], capture_output=True, text=True, env=settings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


ROUNDINGS = {
    "rounding.round_to_half": np.float16,
    "rounding.ROUND.float16": np.float16,
    "rounding.ROUND.float32": np.float32,
    "rounding.ROUND.float64": np.float64,
}


def wanted(cases, path, precision):
    return [case for case in cases[precision] if TWINS[path].only(case)]


def leaves(found, expected, *names):
    """Arrays of numbers, as found and as expected, each with its name."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key, value in expected.items():
            yield from leaves(found[key], value, *names, key)
    else:
        yield " ".join(names), np.array(found, float), np.asarray(expected)


def tolerance(expected, size):
    if expected.dtype == np.float64:
        return RELATIVE * np.abs(expected) + ABSOLUTE * max(1, size)
    return ULPS * np.spacing(np.maximum(np.abs(expected), expected.dtype.type(size))).astype(float)


@pytest.mark.parametrize(("path", "precision"), list(compared()))
def test_an_export_gives_what_its_twin_in_the_core_gives(browser, cases, path, precision):
    twin, chosen = TWINS[path], wanted(cases, path, precision)
    assert len(chosen) > PRECISIONS[precision] / 2
    for values, case in zip(browser["values"][f"{path}/{precision}"], chosen, strict=True):
        for name, found, expected in leaves(values, twin.expected(case)):
            assert expected.dtype == precision
            close(name, found, expected, twin.size(case, name), case)


def close(name, found, expected, size, case):
    """Assert that numbers are as near as their dtype allows, and those that are not finite the same."""
    assert found.shape == expected.shape
    off = ~np.isfinite(expected) | ~np.isfinite(found)
    assert np.array_equal(found[off], expected[off].astype(float), equal_nan=True), (name, found, expected, case)
    distance = np.abs(found[~off] - expected[~off].astype(float))
    assert (distance <= tolerance(expected[~off], size)).all(), (name, found, expected, case)


def derived(c, objective, precision):
    """What derive() gives, by the core's own functions: the exponentials and what is naive, shifted or clipped in the
    precision, all else in float64; and how large the numbers were whose difference each is.
    """
    dtype, how = np.dtype(precision).type, {"temperature": c.t, "base": c.b}
    narrow = dataclasses.replace(c, z=c.z.astype(dtype), p=c.p.astype(dtype))
    z, q = narrow.z, xent_core.softmax(c.z, temperature=c.t)
    shifted = xent_core.softmax(z, temperature=c.t)
    with np.errstate(all="ignore"):
        exponentials = xent_core.exponentials(z, temperature=c.t)
        naive = normalised(exponentials)
    gradient = {
        "cross_entropy": lambda: xent_core.softmax_cross_entropy_gradient(c.z, c.p, **how),
        "clipped": lambda: xent_core.clipped_cross_entropy_gradient(c.z, c.p, c.low, c.high, **how),
        "squared_error": lambda: xent_core.squared_error_gradient(c.z, c.p, temperature=c.t),
        "bernoulli": lambda: xent_core.bernoulli_cross_entropy_gradient(c.z, c.p, **how),
    }[objective]()
    columns = {
        "logit": c.z,
        "exp": exponentials,
        "naive": naive,
        "shifted": shifted,
        "clipped": xent_core.clip_probabilities(shifted, c.low, c.high),
        "probability": q,
        "target": c.p,
        "twice": xent_core.softmax(q),
        "categorical": xent_core.softmax_cross_entropy_terms(c.z, c.p, **how),
        "bernoulli": xent_core.softmax_bernoulli_terms(c.z, c.p, **how),
        "gradient": gradient,
    }
    with np.errstate(all="ignore"):
        totals = {name: values.sum(dtype=float) for name, values in columns.items()}
        totals |= {name: dtype(totals[name]) for name in ("exp", "naive", "shifted")}
    slope = len(c.p) * c.slope * max(1, math.log(c.b))
    sizes = {"columns gradient": slope, "totals gradient": slope, "totals logit": np.abs(c.z[c.z > -math.inf]).sum()}
    for route in ("naive", "discarded", "clipped", "fused"):
        sizes[f"routes {route} gradient"] = narrow.slope
        sizes[f"routes {route} bernoulli"] = narrow.doubt if f"{route} bernoulli" in ILL_CONDITIONED else 0
    return {
        "columns": columns,
        "totals": totals,
        "rest": xent_core.one_minus_softmax(c.z, temperature=c.t),
        "doubled": xent_core.softmax_cross_entropy(q, c.p, base=c.b),
        "routes": routes_of(narrow),
        "parts": as_record(xent_core.parts(c.z, c.p, **how)),
    }, sizes


@pytest.mark.parametrize("precision", PRECISIONS)
def test_all_that_is_derived_of_an_example_is_the_cores(browser, cases, precision):
    chosen = examples(cases, precision)
    assert len(chosen) == DERIVED
    assert any(case.t != 1 for case in chosen)
    assert len({case.b for case in chosen}) == 3
    for i, (values, case) in enumerate(zip(browser["values"][f"derive.derive/{precision}"], chosen, strict=True)):
        expected, sizes = derived(case, OBJECTIVES[i % len(OBJECTIVES)], precision)
        assert tuple(sorted(expected["columns"])) == tuple(sorted(COLUMNS))
        for name, found, wanted_values in leaves(values, expected):
            close(name, found, wanted_values, sizes.get(name, 0), case)


@pytest.mark.parametrize("digits", DIGITS)
def test_a_number_is_written_alike_on_the_server_and_in_the_browser(browser, digits):
    assert browser["values"][f"numbers.format/{digits}"] == [shown(value, digits) for value in numbers_to_write()]


@pytest.mark.parametrize("path", ROUNDINGS)
def test_a_rounding_is_numpys(browser, path):
    with np.errstate(over="ignore"):
        expected = numbers_to_round().astype(ROUNDINGS[path]).astype(float)
    np.testing.assert_array_equal(np.array(browser["values"][path], float), expected)


def test_the_largest_numbers_are_numpys(browser):
    (found,) = browser["values"]["rounding.LARGEST"]
    assert found == {name: float(np.finfo(name).max) for name in PRECISIONS}


def test_a_divergence_from_itself_is_exactly_0(browser):
    assert set(browser["values"]["losses.kl_divergence/from itself"]) == {0}


def test_every_export_is_compared(browser):
    exports = {f"{module}.{name}" for module, names in browser["exports"].items() for name in names}
    assert exports == {*TWINS, "rounding.round_to_half", "rounding.ROUND", "rounding.LARGEST"}
