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


def bars(losses, mean=math.inf):
    """The lines beside a table: the loss as told, whether it is hatched, and the length of its bar in per cent."""
    markup = loss_bars(losses, range(len(losses)), mean, "loss", SIZE)
    found = re.findall(r'<span>(\d+)</span><b>(.*?)</b><i( class=endless)? style="width: ([\d.]+)%">', markup)
    assert [int(row) for row, *_ in found] == list(range(1, len(losses) + 1))
    return [(text, bool(endless), float(width)) for _, text, endless, width in found]


@given(LOSSES)
def test_every_row_has_its_loss_as_a_number_and_as_a_bar(losses):
    told_losses, _, widths = zip(*bars(losses), strict=True)
    assert list(told_losses) == [shown(loss) for loss in losses]
    finite = np.isfinite(losses)
    if finite.any() and losses[finite].max() > 0:
        scale = losses[finite].max() / np.array(widths)[finite].max()
        assert np.array(widths)[finite] * scale == pytest.approx(losses[finite], abs=0.02 * scale)


@given(LOSSES)
def test_an_infinite_loss_is_the_longest_bar_and_hatched(losses):
    drawn = bars(losses)
    hatched = np.array([endless for _, endless, _ in drawn])
    lengths = np.array([width for *_, width in drawn])
    assert hatched.tolist() == np.isinf(losses).tolist()
    if hatched.any() and not hatched.all():
        assert lengths[hatched].min() > lengths[~hatched].max()


def mean_line(losses, mean):
    return re.findall(r'class=mean style="left: ([\d.]+)%"', loss_bars(losses, range(2), mean, "loss", SIZE))


def test_the_mean_is_a_line_through_the_bars_and_none_where_they_do_not_reach_it():
    assert mean_line(np.array([1.0, 4.0]), 2.0) == ["50.00"]
    assert mean_line(np.array([1.0, math.inf]), math.inf) == []
    assert mean_line(np.array([1.0, 2.0]), 3.0) == []  # where only some rows are told


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
