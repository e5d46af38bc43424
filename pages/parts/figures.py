"""Plotly figures as plain dicts.

Fills take the hue that stands for the quantity. Text takes its tint for the theme: the browser picks by the theme on
screen, so that nothing is drawn again when the reader changes it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages.parts.numbers import shown

LOSS = "#D55E00"
LOSS_TEXT = "light-dark(#AD4400, #FF8C55)"
QUIET = "light-dark(#5A6270, #9DA7B5)"
LINE = "#8089A0"  # at least 3:1 on both grounds
CONFIG = {"staticPlot": True, "displayModeBar": False}
GAP = 6  # pixels
BORDER = 1  # of a table, in pixels
BINS = 40
ROWS_SPOKEN = 10


@dataclass(frozen=True)
class Size:
    """Pixels of a table's rows, of the lines above and below them, and of the text beside them."""

    row: int
    line: int
    font: int

    @property
    def losses(self) -> int:
        """The width of the column of losses."""
        return round(4.6 * self.font)


def loss_bars(losses: NDArray[np.float64], rows: Sequence[int], mean: float, title: str, size: Size) -> dict[str, Any]:
    """One bar beside each of these rows of a table, whose last row ends one line above the figure's lower edge.

    The losses stand as a column of numbers beside their bars, and the mean as a line through these, named below. An
    infinite loss is a hatched bar as long as the frame.
    """
    count, longest = len(losses), _longest(losses)
    head, foot = {"y": 1, "yshift": size.line / 2}, {"y": 0, "yshift": -size.line / 2}
    layout = {
        "height": size.row * count + 2 * size.line + 2 * BORDER,
        "margin": {"t": size.line + BORDER, "b": size.line + BORDER, "l": 8 * size.font, "r": 4, "pad": 0},
        "font": {"size": size.font},
        "bargap": 0.45,
        "showlegend": False,
        "xaxis": {"visible": False, "range": [0, longest * 1.02]},
        "yaxis": _rows_axis(rows, size),
        "annotations": [
            _note(_loss(title), head),
            _note(_loss(f"<b>{shown(mean)}</b>"), foot),
            _note(_loss("mean"), foot, 4 - size.losses),
        ],
        "shapes": [_mean_line(mean)] if math.isfinite(mean) else [],
    }
    return {"data": [_bars(losses, longest), _numbers(losses)], "layout": layout}


def _bars(losses: NDArray[np.float64], longest: float) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": np.where(np.isinf(losses), longest, losses).tolist(),
        "y": list(range(len(losses))),
        "marker": {"color": LOSS, "pattern": {"shape": ["/" if math.isinf(loss) else "" for loss in losses]}},
    }


def _numbers(losses: NDArray[np.float64]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "marker": {"size": 2 * GAP, "opacity": 0},  # keeps the text off the bars
        "x": [0] * len(losses),
        "y": list(range(len(losses))),
        "text": [_loss(f"<b>{shown(loss)}</b>") for loss in losses],
        "textposition": "middle left",
        "cliponaxis": False,
    }


def _rows_axis(rows: Sequence[int], size: Size) -> dict[str, Any]:
    """From the top down, the rows' numbers left of their losses."""
    return {
        "range": [len(rows) - 0.5, -0.5],
        "tickvals": list(range(len(rows))),
        "ticktext": [_quiet(str(row + 1)) for row in rows],
        "tickfont": {"size": size.font},
        "ticklabelstandoff": size.losses,
        "ticks": "",
        "showgrid": False,
        "automargin": False,
    }


def loss_histogram(losses: NDArray[np.float64], mean: float, unit: str, size: Size) -> dict[str, Any]:
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
        "height": 20 * size.font,
        "margin": {"t": 2 * size.font, "b": 4 * size.font, "l": 5 * size.font, "r": 4},
        "font": {"size": size.font},
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
    at = {"x": mean, "y": 1, "yref": "paper", "yanchor": "bottom"}
    return {"text": _loss(f"mean <b>{shown(mean)}</b>"), "showarrow": False, **at}


def _note(text: str, place: dict[str, Any], shift: float = 0) -> dict[str, Any]:
    """Text above or below the column of losses, or `shift` pixels beside it."""
    at = {"x": 0, "xref": "paper", "yref": "paper", "xanchor": "right", "yanchor": "middle", "xshift": shift - GAP}
    return {"text": text, "showarrow": False, **at, **place}


def _loss(text: str) -> str:
    return f'<span style="color: {LOSS_TEXT}">{text}</span>'


def _quiet(text: str) -> str:
    return f'<span style="color: {QUIET}">{text}</span>'
