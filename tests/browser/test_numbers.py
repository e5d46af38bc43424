"""Python writes numbers as the live table does."""

import math

import numpy as np

from pages.parts.drawing.numbers import shown

EDGES = [10.0**power * factor for power in range(-9, 9) for factor in (0.99999, 0.999995, 1, 1.00005, 5, 9.9995)]
HALVES = [k / 2**9 + 0.5**5 for k in range(64)] + [1125000.0, 1e5 + 0.25, 999999.25, 999999.5]


def test_a_number_is_written_alike_on_the_server_and_in_the_browser(script_page):
    draw = np.random.default_rng(3)
    random = (draw.choice([-1, 1], 4000) * 10 ** draw.uniform(-9, 9, 4000)).tolist()
    short = draw.uniform(-1000, 1000, 1000).round(5).tolist()
    values = [0.0, math.inf, -math.inf, math.nan, 5e-324, 1.7e308, *EDGES, *HALVES, *random, *short]
    for digits in (3, 4, 7):
        written = script_page.evaluate(
            "([values, digits]) => values.map(x => live.format(x, digits))", [values, digits]
        )
        assert written == [shown(value, digits) for value in values]
