"""Plotly figures as plain dicts.

Fills take the hue that stands for the quantity. Text takes its tint for the theme: the browser picks by the theme on
screen, so that nothing is drawn again when the reader changes it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages.parts.drawing.numbers import shown

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


def loss_bars(losses: NDArray[np.float64], rows: Sequence[int], mean: float, title: str, size: Size) -> dict[str, Any]:
    """One bar beside each of these rows of a table, whose last row ends one line above the figure's lower edge.

    The losses stand as a column of numbers beside their bars, and the mean as a line through these, named below. An
    infinite loss is a hatched bar as long as the frame.
    """
    count, longest = len(losses), _longest(losses)
    line = size.line / size.row
    head, foot = -0.5 - line / 2, count - 0.5 + line / 2
    layout = {
        "height": size.row * count + 2 * size.line + 2 * BORDER,
        "margin": {"t": BORDER, "b": BORDER, "l": 8 * size.font, "r": 4, "pad": 0},
        "font": {"size": size.font},
        "bargap": 0.45,
        "showlegend": False,
        "xaxis": {"visible": False, "range": [0, longest * 1.02]},
        "yaxis": {
            **_names_axis([*range(count), foot], [*(_quiet(str(row + 1)) for row in rows), _loss("mean")], size.font),
            "range": [foot + line / 2, head - line / 2],  # from the top down
        },
        "shapes": [_mean_line(mean, y0=-0.5, y1=count - 0.5)] if math.isfinite(mean) else [],
    }
    column = _column(range(count), [f"<b>{shown(loss)}</b>" for loss in losses])
    frame = _column([head, foot], [title, f"<b>{shown(mean)}</b>"])
    return {"data": [_bars(losses, longest), column, frame], "layout": layout}


def _bars(losses: NDArray[np.float64], longest: float) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": np.where(np.isinf(losses), longest, losses).tolist(),
        "y": list(range(len(losses))),
        "marker": {"color": LOSS, "pattern": {"shape": ["/" if math.isinf(loss) else "" for loss in losses]}},
    }


def _column(places: Iterable[float], texts: Sequence[str]) -> dict[str, Any]:
    """Texts left of the bars."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "marker": {"size": 2 * GAP, "opacity": 0},  # keeps the text off the bars
        "x": [0] * len(texts),
        "y": list(places),
        "text": list(map(_loss, texts)),
        "textposition": "middle left",
        "cliponaxis": False,
    }


def _names_axis(places: list[float], names: list[str], font: int) -> dict[str, Any]:
    """Names left of the losses, which stand left of the bars."""
    return {
        "tickvals": places,
        "ticktext": names,
        "tickfont": {"size": font},
        "ticklabelstandoff": round(4.6 * font),
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
        "shapes": [_mean_line(mean, y0=0, y1=1, yref="paper")] if math.isfinite(mean) else [],
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


def _mean_line(mean: float, **ends: Any) -> dict[str, Any]:
    return {"type": "line", "x0": mean, "x1": mean, "line": {"color": LINE, "width": 2, "dash": "dot"}, **ends}


def _mean_note(mean: float) -> dict[str, Any]:
    at = {"x": mean, "y": 1, "yref": "paper", "yanchor": "bottom"}
    return {"text": _loss(f"mean <b>{shown(mean)}</b>"), "showarrow": False, **at}


def _loss(text: str) -> str:
    return f'<span style="color: {LOSS_TEXT}">{text}</span>'


def _quiet(text: str) -> str:
    return f'<span style="color: {QUIET}">{text}</span>'
