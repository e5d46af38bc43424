import math

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal

from tests.unit import strategies
from xent_core import (
    naive_cross_entropy,
    routes,
    softmax_bernoulli_cross_entropy,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
)


@given(strategies.logits_and_targets(bound=3, min_classes=2), strategies.temperatures, strategies.bases)
def test_where_nothing_overflows_all_routes_lead_to_the_same_loss_and_gradient(pair, temperature, base):
    how = {"temperature": temperature, "base": base}
    for route in routes(*pair, **how).values():
        assert_allclose(route.categorical, softmax_cross_entropy(*pair, **how), rtol=1e-9, atol=1e-12)
        assert_allclose(route.bernoulli, softmax_bernoulli_cross_entropy(*pair, **how), rtol=1e-4, atol=1e-4)
        assert_allclose(route.gradient, softmax_cross_entropy_gradient(*pair, **how), rtol=1e-6, atol=1e-9)


def test_where_a_probability_underflows_each_route_fails_in_its_own_way():
    found = routes([0.0, 800.0], [1, 0])
    assert math.isnan(found["naive"].categorical)  # exp overflows
    assert found["discarded"].categorical == math.inf  # log 0
    assert found["clipped"].categorical == pytest.approx(-math.log(1e-10))
    assert found["fused"].categorical == 800
    for name, gradient in (("naive", [np.nan] * 2), ("discarded", [np.nan] * 2), ("clipped", [0, 0])):
        assert_array_equal(found[name].gradient, gradient)
    assert_array_equal(found["fused"].gradient, [-1, 1])


def test_a_right_and_sure_prediction_is_nan_where_0_log_0_is_as_written():
    found = routes([800.0, 0.0], [1, 0])
    assert math.isnan(found["discarded"].categorical)
    assert np.isnan(found["discarded"].gradient).all()
    assert found["fused"].categorical == found["clipped"].categorical == 0


def test_the_upper_bound_matters_to_the_bernoulli_form_alone():
    one, below = (routes([800.0, 0.0], [1, 0], 1e-10, high)["clipped"] for high in (1.0, 1 - 1e-10))
    assert math.isnan(one.bernoulli)
    assert below.bernoulli == pytest.approx(2e-10, rel=1e-6)
    assert one.categorical == 0


@given(strategies.logits_and_targets(bound=900, min_classes=2))
def test_the_naive_route_is_the_naive_loss(pair):
    assert_array_equal(routes(*pair)["naive"].categorical, naive_cross_entropy(*pair))


@given(strategies.logits_and_targets(bound=9, dtype=np.float16))
def test_routes_keep_the_dtype_and_the_shape(pair):
    for route in routes(*pair).values():
        assert route.categorical.shape == route.bernoulli.shape == pair[0].shape[:1]
        assert route.gradient.shape == pair[0].shape
        assert {route.categorical.dtype, route.bernoulli.dtype, route.gradient.dtype} == {np.dtype(np.float16)}


def test_a_bad_argument_is_refused():
    with pytest.raises(ValueError, match=r"^targets has shape \(3,\): expected \(2,\), the shape of logits$"):
        routes([0.0, 0.0], [1, 0, 0])
    with pytest.raises(ValueError, match=r"^low is 0.5: expected at most high, which is 0.1$"):
        routes([0.0, 0.0], [1, 0], 0.5, 0.1)
