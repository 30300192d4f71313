"""The series of the page: a row for each in the table, and the figures of its small picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.charts import PAGE, SeriesPicture, series_chart, sized
from upswell.forecasting.ladder import REASONS
from upswell.forecasting.picture import past_and_future, small_pictures
from upswell.report._pictures import first_series

if TYPE_CHECKING:
    from upswell.forecasting import Forecast

__all__ = ["MOST_SERIES", "series_context", "series_data"]

MOST_SERIES = 300
"""So many series have a row in the page; the files hold all of them."""

_DIGITS = 4


def series_context(forecast: Forecast) -> dict[str, Any]:
    """Return the table of series for the template.

    Returns
    -------
    dict
        `rows`, `multiples` (indices into them) and `left_out`, the number of series without a row.
    """
    order = _order(forecast)
    rows = [_row(forecast, node) for node in order]
    absent = [
        {
            "name": a.name,
            "level": a.level,
            "status": str(a.standing.status),
            "why": _why(a.standing.codes),
            "total": [a.value] * 3,
            "peak": [a.value] * 3,
        }
        for a in forecast.report.absent
    ]
    shown = (rows + absent)[: MOST_SERIES + 1]
    place = {node: row for row, node in enumerate(order)}
    first = [place[node] for node in first_series(forecast)]
    return {
        "rows": shown,
        "drawn": len(order),
        "multiples": [{"row": row, "name": rows[row]["name"]} for row in first],
        "left_out": len(order) + len(absent) - len(shown),
    }


def series_data(forecast: Forecast) -> dict[str, Any]:
    """Return what the page needs to draw any of its series: days, figures, and one chart.

    Figures have four significant digits, which is more than a small picture shows.
    """
    order = _order(forecast)
    past, ahead = past_and_future(forecast)
    pictures = small_pictures(forecast, order)
    blank = SeriesPicture("", *(np.zeros(len(d.numbers)) for d in (past, ahead, ahead, ahead)))
    chart = sized(series_chart(blank, past, ahead, palette=PAGE))
    chart["data"] = {"values": []}
    chart.pop("datasets", None)
    return {
        "chart": chart,
        "past": past.rows(),
        "ahead": ahead.rows(),
        "texts": [picture.text for picture in pictures],
        "series": [
            [_short(values) for values in (p.past, p.low, p.median, p.high)] for p in pictures
        ],
    }


def _order(forecast: Forecast) -> list[int]:
    """Return the nodes that the page shows: total, categories, creators by size."""
    tree = forecast.tree
    sums = np.median(forecast.of("sum"), axis=0)
    parts = (range(1, tree.first_leaf), range(tree.first_leaf, tree.size))
    ordered = [node for part in parts for node in sorted(part, key=lambda node: -sums[node])]
    return [0, *ordered][: MOST_SERIES + 1]


def _row(forecast: Forecast, node: int) -> dict[str, Any]:
    standing = forecast.report.standings[node]
    return {
        "name": forecast.tree.names[node],
        "level": forecast.tree.levels[node],
        "status": str(standing.status),
        "why": _why(standing.codes),
        "total": forecast.range_of(node),
        "peak": forecast.range_of(node, "peak"),
    }


def _why(codes: tuple[str, ...]) -> str:
    return "; ".join(REASONS[code] for code in codes)


def _short(values: NDArray[np.float64]) -> list[float | None]:
    return [_rounded(value) for value in values.tolist()]


def _rounded(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    rounded = float(f"{value:.{_DIGITS}g}")
    return int(rounded) if rounded == int(rounded) else rounded
