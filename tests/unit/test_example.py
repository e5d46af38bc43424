"""The example that every page shows: its defaults, and the numbers that follow from its settings."""

import math

import numpy as np
import pytest

from pages.parts.stage.example import BASES, PRECISIONS, Q1, Example, default_logits, logits_of
from xent_core import softmax


def test_the_default_is_the_articles_first_prediction():
    assert softmax(np.array(Example().logits)) == pytest.approx(Q1, abs=1e-15)
    assert Example().targets == (1, 0, 0)


def test_logits_of_probabilities_are_their_logarithms_and_minus_infinity_for_0():
    assert logits_of((1.0, 0.0, 0.25)) == (0, -math.inf, math.log(0.25))


@pytest.mark.parametrize("count", range(2, 11))
def test_default_logits_are_the_seeds_for_three_classes_and_else_all_equal(count):
    assert default_logits(count) == (Example().logits if count == 3 else (0,) * count)


def test_the_base_is_a_number_too():
    assert {base: Example(base=base).log_base for base in BASES} == {"e": math.e, "2": 2, "10": 10}


@pytest.mark.parametrize("precision", PRECISIONS)
def test_logits_are_rounded_to_the_precision_unless_one_would_become_infinite(precision):
    largest = float(np.finfo(precision).max)
    inside = Example(logits=(min(largest, 1e6), 0.1, -math.inf), precision=precision).rounded_logits
    assert inside.dtype == precision or precision == "float16"
    assert Example(logits=(0.1, -math.inf, 0.0), precision=precision).rounded_logits.dtype == precision
    beyond = Example(logits=(1e6, 0.1, 0.0), precision=precision).rounded_logits
    assert np.isfinite(beyond).all()
    assert beyond.dtype == ("float64" if precision == "float16" else precision)
