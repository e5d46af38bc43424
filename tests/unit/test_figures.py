"""The charts of the losses: what they draw, and what they say to those who don't see them."""

import math
import re
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pages.parts.drawing.figures import LOSS, LOSS_TEXT, QUIET, Size, loss_bars, loss_histogram, told
from pages.parts.drawing.numbers import shown

ROOT = Path(__file__).parents[2]
SIZE = Size(row=35, line=35, font=14)
LOSSES = arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1e6) | st.just(math.inf))


def texts(entries):
    return [re.sub("<[^>]*>", "", entry) for entry in entries]


def test_colours_are_those_of_the_theme():
    colour = re.compile("#[0-9A-F]{6}")
    theme = set(colour.findall((ROOT / ".streamlit/config.toml").read_text()))
    css = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "pages/parts/browser").glob("*.css"))
    assert {LOSS, *colour.findall(LOSS_TEXT + QUIET + css)} <= theme


@given(LOSSES)
def test_every_row_has_its_loss_as_a_number_and_as_a_bar(losses):
    figure = loss_bars(losses, range(len(losses)), losses.mean(), "loss L, nats", SIZE)
    bars, numbers, frame = figure["data"]
    assert texts(frame["text"]) == ["loss L, nats", shown(losses.mean())]
    assert texts(numbers["text"]) == [shown(loss) for loss in losses]
    finite = np.isfinite(losses)
    assert np.array(bars["x"])[finite].tolist() == losses[finite].tolist()
    assert np.isfinite(bars["x"]).all()
    go.Figure(figure)  # raises where Plotly doesn't know a property


@given(LOSSES)
def test_an_infinite_loss_is_the_longest_bar_and_hatched(losses):
    bars = loss_bars(losses, range(len(losses)), losses.mean(), "loss", SIZE)["data"][0]
    hatched = np.array(bars["marker"]["pattern"]["shape"]) == "/"
    assert hatched.tolist() == np.isinf(losses).tolist()
    lengths = np.array(bars["x"])
    if hatched.any() and not hatched.all():
        assert lengths[hatched].min() > lengths[~hatched].max()


def test_each_bar_stands_as_far_above_the_lower_edge_as_its_row_of_a_table_with_a_line_more():
    layout = loss_bars(np.ones(4), range(4), 1.0, "loss", Size(row=56, line=35, font=14))["layout"]
    drawn = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    lowest, highest = layout["yaxis"]["range"]
    assert drawn / (lowest - highest) == pytest.approx(56)
    assert layout["margin"]["b"] == 1  # the table's own border
    assert (lowest - 3.5) * 56 == pytest.approx(35)  # below the edge of the last row
    assert layout["yaxis"]["tickvals"] == [0, 1, 2, 3, pytest.approx((3.5 + lowest) / 2)]  # rows, and the mean's line


def test_the_mean_is_a_line_through_the_bars_and_none_where_it_is_infinite():
    line = loss_bars(np.array([1.0, 3.0]), range(2), 2.0, "loss", SIZE)["layout"]["shapes"]
    assert [(shape["x0"], shape["x1"]) for shape in line] == [(2.0, 2.0)]
    assert not loss_bars(np.array([1.0, math.inf]), range(2), math.inf, "loss", SIZE)["layout"]["shapes"]


@given(LOSSES)
def test_the_histogram_counts_every_finite_loss_once(losses):
    figure = loss_histogram(losses, losses.mean(), "nats", SIZE)
    assert sum(figure["data"][0]["y"]) == np.isfinite(losses).sum()
    go.Figure(figure)


@pytest.mark.parametrize(
    ("losses", "text"),
    [
        ([0.5, math.inf], "Losses in nats: row 1 0.5000, row 2 ∞; mean ∞"),
        ([0.5] * 10 + [1.5], "Losses in nats: 11 rows from 0.5000 to 1.5000; mean 0.5909"),
    ],
)
def test_a_chart_is_told_in_words(losses, text):
    assert told(np.array(losses), np.mean(losses), "nats") == text
