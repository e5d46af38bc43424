"""Charts of the losses of a batch: Plotly figures as plain dicts, and bars beside a table as HTML.

Fills take the hue that stands for the quantity. Text takes its tint for the theme: the browser picks by the theme on
screen, so that nothing is drawn again when the reader changes it.
"""

import math
from collections.abc import Sequence
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
BINS = 40
ROWS_SPOKEN = 10


@dataclass(frozen=True)
class Size:
    """Pixels of a table's rows, of the lines above and below them, and of the text beside them."""

    row: int
    line: int
    font: int


def loss_bars(losses: NDArray[np.float64], rows: Sequence[int], mean: float, title: str, size: Size) -> str:
    """HTML: a line for each of these rows of a table, as high as they, with its loss as a number and as a bar.

    The mean is named below, and is a line through the bars where they reach it; an infinite loss is a hatched bar as
    long as the frame. It holds numbers and the title alone.
    """
    longest = _longest(losses)
    lines = "".join(_bar(row + 1, loss, longest) for row, loss in zip(rows, losses, strict=True))
    line = f'<i class=mean style="left: {mean / longest:.2%}"></i>' if mean <= longest else ""
    return (
        f'<div class=losses style="--row: {size.row}px; --line: {size.line}px; font-size: {size.font}px">'
        f"<p>{title}</p><div class=lines>{lines}<div class=over>{line}</div></div>"
        f"<p>mean <b>{shown(mean)}</b></p></div>"
    )


def _bar(row: int, loss: float, longest: float) -> str:
    kind, width = (" class=endless", 1.0) if math.isinf(loss) else ("", loss / longest)
    return f'<span>{row}</span><b>{shown(loss)}</b><i{kind} style="width: {width:.2%}"></i>'


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
