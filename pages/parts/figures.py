"""Plotly figures as plain dicts, which skips Plotly's validation: 4 ms of a page's run.

Fills take the hue that stands for the quantity. Text takes its tint for the theme: the browser picks by the theme on
screen, so that nothing is drawn again when the reader changes it.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages.parts.numbers import shown

LOSS = "#D55E00"
LOSS_TEXT = "light-dark(#AD4400, #FF8C55)"
QUIET = "light-dark(#5A6270, #9DA7B5)"
LINE = "#8089A0"  # at least 3:1 on both grounds
CONFIG = {"staticPlot": True, "displayModeBar": False}
BINS = 40
ROWS_SPOKEN = 10


def loss_bars(
    losses: NDArray[np.float64], rows: Sequence[int], mean: float, header: str, row_height: int, font_size: int
) -> dict[str, Any]:
    """One bar for each row of a table whose rows are `row_height` pixels high under a header as high.

    The losses stand as a column of numbers beside their bars, and the mean as a line through these, named below. An
    infinite loss is a hatched bar as long as the frame.
    """
    count, longest = len(losses), _longest(losses)
    lengths = np.where(np.isinf(losses), longest, losses)
    foot = {"y": 0, "yref": "paper", "yshift": -row_height / 2}
    head = {"y": 1, "yref": "paper", "yshift": row_height / 2}
    column, names = -10, -10 - 4.8 * font_size  # pixels from where the bars begin
    annotations = [
        _note(_loss(header), column, head),
        *(_note(_loss(f"<b>{shown(loss)}</b>"), column, {"y": i}) for i, loss in enumerate(losses)),
        *(_note(_quiet(str(row + 1)), names, {"y": i}) for i, row in enumerate(rows)),
        _note(_loss(f"<b>{shown(mean)}</b>"), column, foot),
        _note(_loss("mean"), names, foot),
    ]
    layout = {
        "height": row_height * (count + 2) + 3,
        "margin": {"t": row_height + 1, "b": row_height + 2, "l": 7.5 * font_size, "r": 4, "pad": 0},
        "font": {"size": font_size},
        "bargap": 0.45,
        "xaxis": {"visible": False, "range": [0, longest * 1.02], "fixedrange": True},
        "yaxis": {"visible": False, "range": [count - 0.5, -0.5], "fixedrange": True},
        "annotations": annotations,
        "shapes": [_mean_line(mean)] if math.isfinite(mean) else [],
    }
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": lengths.tolist(),
        "y": list(range(count)),
        "marker": {"color": LOSS, "pattern": {"shape": ["/" if math.isinf(loss) else "" for loss in losses]}},
    }
    return {"data": [bars], "layout": layout}


def loss_histogram(losses: NDArray[np.float64], mean: float, unit: str, font_size: int) -> dict[str, Any]:
    """How many rows have which loss, the finite ones, with the mean as a line."""
    finite = losses[np.isfinite(losses)]
    longest = _longest(losses)
    counts, edges = np.histogram(finite, bins=BINS, range=(0, longest))
    bars = {
        "type": "bar",
        "x": ((edges[:-1] + edges[1:]) / 2).tolist(),
        "y": counts.tolist(),
        "marker": {"color": LOSS},
    }
    layout = {
        "height": 20 * font_size,
        "margin": {"t": 2 * font_size, "b": 4 * font_size, "l": 5 * font_size, "r": 4},
        "font": {"size": font_size},
        "bargap": 0.08,
        "xaxis": {"title": {"text": _loss(f"loss L, {unit}")}, "range": [0, longest * 1.02]},
        "yaxis": {"title": {"text": _quiet("rows")}, "rangemode": "tozero"},
        "annotations": [_mean_note(mean)] if math.isfinite(mean) else [],
        "shapes": [_mean_line(mean)] if math.isfinite(mean) else [],
    }
    return {"data": [bars], "layout": layout}


def told(losses: NDArray[np.float64], mean: float, unit: str) -> str:
    """The same for those who don't see it."""
    if len(losses) <= ROWS_SPOKEN:
        each = ", ".join(f"row {i} {shown(loss)}" for i, loss in enumerate(losses, 1))
    else:
        each = f"{len(losses):,} rows from {shown(losses.min())} to {shown(losses.max())}"
    return f"Losses in {unit}: {each}; mean {shown(mean)}"


def _longest(losses: NDArray[np.float64]) -> float:
    """What the axis reaches to: the largest finite loss, and beyond it where there is an infinite one."""
    finite = losses[np.isfinite(losses)]
    largest = float(finite.max(initial=0)) or 1.0
    return largest if len(finite) == len(losses) else largest * 1.25


def _mean_line(mean: float) -> dict[str, Any]:
    line = {"color": LINE, "width": 2, "dash": "dot"}
    return {"type": "line", "x0": mean, "x1": mean, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _mean_note(mean: float) -> dict[str, Any]:
    return {
        "text": _loss(f"mean <b>{shown(mean)}</b>"),
        "showarrow": False,
        "x": mean,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
    }


def _note(text: str, shift: float, place: dict[str, Any]) -> dict[str, Any]:
    """Text that ends `shift` pixels from where the bars begin."""
    return {"text": text, "showarrow": False, "x": 0, "xref": "paper", "xanchor": "right", "xshift": shift, **place}


def _loss(text: str) -> str:
    return f'<span style="color: {LOSS_TEXT}">{text}</span>'


def _quiet(text: str) -> str:
    return f'<span style="color: {QUIET}">{text}</span>'
