"""The series of the page: a row for each in the table, and the figures of its small picture."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from upswell.charts import PAGE, SeriesPicture, series_chart, sized
from upswell.forecasting.ladder import REASONS
from upswell.forecasting.picture import past_and_future, small_pictures
from upswell.forecasting.result import QUANTITIES
from upswell.report._pictures import first_series

if TYPE_CHECKING:
    from upswell.forecasting import Forecast

__all__ = ["MOST_SERIES", "series_context", "series_data"]

MOST_SERIES = 300
"""So many series have a row in the page; the files hold all of them."""

_DIGITS = 4
_MOST_DAYS = 250
_TAILS = (0.1, 0.5, 0.9)


def series_context(forecast: Forecast) -> dict[str, Any]:
    """Return the table of series for the template.

    Returns
    -------
    dict
        `rows`, `multiples` (indices into them) and `left_out`, the number of series without a row.
    """
    order = _order(forecast)
    sums, peaks = (
        np.quantile(forecast.of(quantity)[:, order], _TAILS, axis=0).T.tolist()
        for quantity in QUANTITIES
    )
    rows = [
        _row(forecast, node) | {"total": total, "peak": peak}
        for node, total, peak in zip(order, sums, peaks, strict=True)
    ]
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
        "left_out": forecast.tree.size + len(absent) - len(shown),
    }


def series_data(forecast: Forecast) -> dict[str, Any]:
    """Return what the page needs to draw any of its series: days, figures, and one chart.

    Figures have four digits, which is more than a small picture shows. Of more than 250 days only
    every second, third, ... is drawn.
    """
    order = _order(forecast)
    past, ahead = past_and_future(forecast)
    step = -(-(len(past.numbers) + len(ahead.numbers)) // _MOST_DAYS)
    pictures = [_thinned(picture, step) for picture in small_pictures(forecast, order)]
    past = replace(past, numbers=past.numbers[len(past.numbers) % step :: step])
    ahead = replace(ahead, numbers=ahead.numbers[::step])
    blank = SeriesPicture("", *(np.zeros(len(d.numbers)) for d in (past, ahead, ahead, ahead)))
    chart = sized(series_chart(blank, past, ahead, palette=PAGE))
    chart["data"] = {"values": []}
    chart.pop("datasets", None)
    return {
        "chart": chart,
        "past": past.rows(),
        "ahead": ahead.rows(),
        "texts": [picture.text for picture in pictures],
        "series": [_packed(picture) for picture in pictures],
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
    }


def _why(codes: tuple[str, ...]) -> str:
    return "; ".join(REASONS[code] for code in codes)


def _thinned(picture: SeriesPicture, step: int) -> SeriesPicture:
    """Return a picture of every `step`-th day, the first day ahead among them."""
    ahead = (part[::step] for part in (picture.low, picture.median, picture.high))
    return SeriesPicture(picture.name, picture.past[len(picture.past) % step :: step], *ahead)


def _packed(picture: SeriesPicture) -> dict[str, Any]:
    """Return figures as whole numbers up to 9999 and the unit in which they count."""
    parts = (picture.past, picture.low, picture.median, picture.high)
    largest = max(float(np.nanmax(part, initial=0.0)) for part in parts)
    unit = 10.0 ** (math.floor(math.log10(largest)) - _DIGITS + 1) if largest > 0 else 1.0
    return {
        "unit": unit,
        "figures": [
            [round(v / unit) if math.isfinite(v) else None for v in part.tolist()] for part in parts
        ],
    }
