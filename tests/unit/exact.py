"""Softmax losses and their gradients to 60 digits, to hold the core against where float64 saturates.

1 − q is the sum of the other probabilities, and the logarithm of either is taken from the smaller of the two:
nothing cancels.
"""

import mpmath
import numpy as np

mp = mpmath.mp.clone()
mp.dps = 60


def _softmax(row, temperature):
    """(q, 1 − q) of one row of finite logits."""
    scaled = [mp.mpf(float(z)) / mp.mpf(temperature) for z in row]
    exponentials = [mp.exp(z - max(scaled)) for z in scaled]
    everything = mp.fsum(exponentials)
    rest = [mp.fsum(exponentials[:i] + exponentials[i + 1 :]) for i in range(len(row))]
    return [e / everything for e in exponentials], [r / everything for r in rest]


def _log(q, rest):
    """log q, from 1 − q where that is the smaller."""
    return mp.log1p(-rest) if rest < q else mp.log(q) if q else -mp.inf


def _weighted(weight, log):
    return weight * log if weight else mp.mpf(0)


def _rows(function):
    """Apply a function of one row of logits and targets to each row of two arrays; back to float64."""

    def of_arrays(logits, targets, temperature=1.0):
        pairs = zip(logits, targets, strict=True)
        rows = [function([mp.mpf(float(p)) for p in ps], *_softmax(zs, temperature)) for zs, ps in pairs]
        return np.array(rows, dtype=np.float64)

    return of_arrays


@_rows
def log_softmax(_, qs, rests):
    return [_log(q, r) for q, r in zip(qs, rests, strict=True)]


@_rows
def log_one_minus_softmax(_, qs, rests):
    return [_log(r, q) for q, r in zip(qs, rests, strict=True)]


@_rows
def categorical(ps, qs, rests):
    return -mp.fsum(_weighted(p, _log(q, r)) for p, q, r in zip(ps, qs, rests, strict=True))


@_rows
def bernoulli(ps, qs, rests):
    terms = zip(ps, qs, rests, strict=True)
    return -mp.fsum(_weighted(p, _log(q, r)) + _weighted(1 - p, _log(r, q)) for p, q, r in terms)


def _through_softmax(slopes, qs, rests):
    """Σ_j dL/dq_j · dq_j/dz_k at temperature 1, where dq_j/dz_k = q_j (δ_jk − q_k)."""
    classes = range(len(qs))
    jacobian = [[qs[j] * (rests[j] if j == k else -qs[k]) for j in classes] for k in classes]
    return [mp.fsum(s * d for s, d in zip(slopes, row, strict=True)) for row in jacobian]


@_rows
def categorical_gradient(ps, qs, rests):
    return _through_softmax([-p / q for p, q in zip(ps, qs, strict=True)], qs, rests)


@_rows
def bernoulli_gradient(ps, qs, rests):
    slopes = [(1 - p) / r - p / q for p, q, r in zip(ps, qs, rests, strict=True)]
    return _through_softmax(slopes, qs, rests)
