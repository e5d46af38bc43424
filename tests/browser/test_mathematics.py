"""The shipped JavaScript computes what xent_core computes."""

import math

import numpy as np
import pytest

import xent_core
from pages.parts.stage.example import BASES

CASES = 4000
RELATIVE, ABSOLUTE = 1e-12, 1e-15
ULPS = 4  # units in the last place, where both round after every operation


@pytest.fixture(scope="module")
def mathematics(script_page):
    """Calls of an exported function on a list of argument lists, in one go; a precision stands for its rounding."""

    def call(name, calls):
        return script_page.evaluate(
            """([name, calls]) => calls.map(list =>
                 window.live[name](...list.map(x => (typeof x === 'string' ? window.live.ROUND[x] : x))))""",
            [name, calls],
        )

    return call


def _logits(rng, kind, n):
    logits = rng.normal(0, 4, n)
    match kind:
        case "equal":
            logits[:] = rng.normal(0, 100)
        case "shifted":
            logits += rng.choice([-1e6, -1000, 100, 1e6])
        case "extreme":
            logits = rng.uniform(-1e4, 1e4, n)
        case "nearly certain":
            logits[rng.integers(n)] += rng.uniform(15, 750)
        case "with zeros":
            logits[rng.permutation(n)[: rng.integers(1, n)]] = -math.inf
    return logits


def _targets(rng, n):
    kind = rng.integers(3)
    if kind == 0:
        return np.eye(n)[rng.integers(n)]
    return rng.dirichlet(np.full(n, 0.2 if kind == 1 else 2.0))


KINDS = ("random", "equal", "shifted", "extreme", "nearly certain", "with zeros")


@pytest.fixture(scope="module")
def cases():
    rng = np.random.default_rng(20)
    drawn = []
    for i in range(CASES):
        n = int(rng.integers(2, 11))
        temperature = float(np.exp(rng.uniform(math.log(0.05), math.log(20)))) if i % 2 else 1.0
        base = list(BASES.values())[i % 3]
        drawn.append((_logits(rng, KINDS[i % len(KINDS)], n), _targets(rng, n), temperature, base))
    return drawn


def assert_agree(browser_values, core_values, absolute=ABSOLUTE):
    for found, expected in zip(browser_values, core_values, strict=True):
        np.testing.assert_allclose(np.array(found, float), expected, rtol=RELATIVE, atol=absolute)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "one_minus_softmax", "log_one_minus_softmax"])
def test_functions_of_the_logits_agree_with_the_core(mathematics, cases, name):
    found = mathematics(name, [[z.tolist(), t] for z, _, t, _ in cases])
    assert_agree(found, [getattr(xent_core, name)(z, temperature=t) for z, _, t, _ in cases])


def test_logsumexp_agrees_with_the_core(mathematics, cases):
    assert_agree(
        mathematics("logsumexp", [[z.tolist()] for z, *_ in cases]), [xent_core.logsumexp(z) for z, *_ in cases]
    )


@pytest.mark.parametrize("name", ["softmax_cross_entropy", "softmax_bernoulli_cross_entropy"])
def test_fused_losses_agree_with_the_core(mathematics, cases, name):
    found = mathematics(name, [[z.tolist(), p.tolist(), t, b] for z, p, t, b in cases])
    assert_agree(found, [getattr(xent_core, name)(z, p, temperature=t, base=b) for z, p, t, b in cases])


def test_the_fused_gradient_agrees_with_the_core(mathematics, cases):
    found = mathematics("softmax_cross_entropy_gradient", [[z.tolist(), p.tolist(), t, b] for z, p, t, b in cases])
    expected = [xent_core.softmax_cross_entropy_gradient(z, p, temperature=t, base=b) for z, p, t, b in cases]
    for one, other, (_, _, t, b) in zip(found, expected, cases, strict=True):
        # The absolute tolerance is that of q - p; the gradient is that over T ln b.
        assert_agree([one], [other], ABSOLUTE * max(1, 1 / (t * math.log(b))))


def test_terms_of_probabilities_agree_with_the_core(mathematics, cases):
    rows = [(xent_core.softmax(z), p, b) for z, p, _, b in cases]
    found = mathematics("categorical_terms", [[q.tolist(), p.tolist(), b] for q, p, b in rows])
    assert_agree(found, [xent_core.categorical_terms(q, p, base=b) for q, p, b in rows])


def test_the_parts_of_the_losses_agree_with_the_core(mathematics, cases):
    """H(p) and KL(p‖q); and the Bernoulli form's floor, where the whole less the rest is that floor."""
    settings = [(z, p, b) for z, p, _, b in cases if np.isfinite(z).all() and np.ptp(z) < 500]
    found = mathematics(
        "parts",
        [[{"logits": z.tolist(), "targets": p.tolist(), "temperature": 1, "base": _key(b)}] for z, p, b in settings],
    )
    assert len(settings) > CASES / 3
    for part, (z, p, b) in zip(found, settings, strict=True):
        assert part["entropy"] == pytest.approx(float(xent_core.entropy(p, base=b)), rel=RELATIVE, abs=ABSOLUTE)
        divergence = float(xent_core.kl_divergence(p, xent_core.softmax(z), base=b))
        whole = float(xent_core.softmax_bernoulli_cross_entropy(z, p, base=b))
        # A divergence is a difference of two sums of logarithms, so its digits are those of the sums.
        size = float(xent_core.softmax_cross_entropy(z, p, base=b)) + part["entropy"]
        assert part["divergence"] == pytest.approx(divergence, abs=RELATIVE * size + ABSOLUTE)
        assert part["floor"] + part["excess"] == pytest.approx(whole, rel=RELATIVE, abs=ABSOLUTE)


def _key(base):
    return next(key for key, value in BASES.items() if value == base)


def test_label_smoothing_agrees_with_the_core(mathematics, cases):
    amounts = np.linspace(0, 1, len(cases)).tolist()
    found = mathematics("smooth_targets", [[p.tolist(), a] for (_, p, *_), a in zip(cases, amounts, strict=True)])
    assert_agree(found, [xent_core.smooth_targets(p, a) for (_, p, *_), a in zip(cases, amounts, strict=True)])


def test_own_rounding_to_half_is_numpys(script_page):
    rng = np.random.default_rng(3)
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(float)
    halves = halves[np.isfinite(halves)][::5]
    between = (halves[:-1] + halves[1:]) / 2  # ties
    drawn = rng.normal(0, 1, 5000) * np.exp2(rng.uniform(-30, 20, 5000))
    values = np.concatenate([halves, between, np.nextafter(between, 1e9), drawn, [65519.99, 65520.0, 1e-8, 3e-8]])
    found = np.array(script_page.evaluate("values => values.map(live.round_to_half)", values.tolist()), float)
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(found, values.astype(np.float16).astype(float))


@pytest.fixture(scope="module", params=["float16", "float32"])
def rounded_cases(request, cases):
    """Cases whose logits a precision can hold, in that precision."""
    dtype, limit = np.dtype(request.param), {"float16": 30, "float32": 120}[request.param]
    return [(z.clip(-limit, limit).astype(dtype), p.astype(dtype)) for z, p, *_ in cases[:1500]]


def assert_within_ulps(found, expected, size=None):
    """Equal to ULPS units in the last place, of each number or of `size`; inf and nan in the same places."""
    found, expected = np.array(found, float), np.asarray(expected)
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(expected))
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    finite = np.isfinite(found)
    if finite.any():
        step = np.spacing(np.abs(expected[finite]) if size is None else expected.dtype.type(size)).astype(float)
        distance = np.abs(found[finite] - expected[finite].astype(float))
        assert (distance <= ULPS * step).all(), (found, expected)


@pytest.mark.parametrize("name", ["naive_softmax", "softmax", "log_softmax"])
def test_softmax_in_a_narrow_precision_is_numpys(mathematics, rounded_cases, name):
    precision = rounded_cases[0][0].dtype.name
    between = [] if name == "naive_softmax" else [1]
    found = mathematics(name, [[z.tolist(), *between, precision] for z, _ in rounded_cases])
    for one, (z, _) in zip(found, rounded_cases, strict=True):
        assert_within_ulps(one, getattr(xent_core, name)(z))


def test_the_three_routes_in_a_narrow_precision_are_numpys(mathematics, rounded_cases):
    """Naive, clipped and fused loss and gradient; the clipped loss as TensorFlow writes it, 0 · log 0 being nan."""
    precision, low, high = rounded_cases[0][0].dtype.name, 1e-7, 1 - 1e-7
    settings = {"temperature": 1, "base": "e", "low": low, "high": high, "precision": precision}
    found = mathematics(
        "routes", [[{"logits": z.tolist(), "targets": p.tolist(), **settings}] for z, p in rounded_cases]
    )
    for route, (z, p) in zip(found, rounded_cases, strict=True):
        clipped = xent_core.clip_probabilities(xent_core.softmax(z), low, high)
        with np.errstate(all="ignore"):
            opposite = -(p * np.log(clipped) + (1 - p) * np.log(1 - clipped)).sum()
            doubt = np.float64(1) / (1 - clipped.max()).astype(float)
        # A unit in the last place of q near 1 is that error in log q, and 1 / (1 - q) times it in log(1 - q).
        written = xent_core.clipped_cross_entropy(xent_core.softmax(z), p, low, high)
        naive = xent_core.naive_cross_entropy(z, p)
        assert_within_ulps(route["naive"]["categorical"], naive, size=max(1, naive) if np.isfinite(naive) else None)
        assert_within_ulps(route["clipped"]["categorical"], written, size=max(1, written))
        assert_within_ulps(route["clipped"]["bernoulli"], opposite, size=max(doubt, opposite))
        assert_within_ulps(route["fused"]["categorical"], xent_core.softmax_cross_entropy(z, p))
        for name, gradient in (
            ("naive", xent_core.naive_cross_entropy_gradient(z, p)),
            ("clipped", xent_core.clipped_cross_entropy_gradient(z, p, low, high)),
            ("fused", xent_core.softmax_cross_entropy_gradient(z, p)),
        ):
            assert_within_ulps(route[name]["gradient"], gradient, size=1)  # differences of numbers up to 1
