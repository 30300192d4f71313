"""Which charts a forecast has, with or without a plan, by the name of their file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upswell.capacity.picture import draw_cost, draw_overload, draw_units
from upswell.charts import LIGHT, Palette, multiples_chart, png_bytes, scores_chart
from upswell.forecasting.picture import draw_fan, draw_sum, past_and_future, small_pictures

if TYPE_CHECKING:
    from upswell.capacity import Plan
    from upswell.forecasting import Forecast

__all__ = ["CHART_NAMES", "chart_files", "draw_all", "first_series"]

CHART_NAMES = frozenset(
    f"chart-{name}.png"
    for name in ("total", "sum", "series", "scores", "overload", "units", "cost")
)
MOST_MULTIPLES = 12


def first_series(forecast: Forecast) -> list[int]:
    """Return the series of small multiples: categories, then the largest creators."""
    import numpy as np

    tree = forecast.tree
    sums = np.median(forecast.of("sum"), axis=0)
    categories = sorted(range(1, tree.first_leaf), key=lambda node: -sums[node])
    creators = sorted(range(tree.first_leaf, tree.size), key=lambda node: -sums[node])
    return [*categories[: MOST_MULTIPLES // 2], *creators][:MOST_MULTIPLES]


def draw_all(
    forecast: Forecast, plan: Plan | None = None, palette: Palette = LIGHT
) -> dict[str, Any]:
    """Return all charts by name, in the order of the page.

    Parameters
    ----------
    forecast
        The forecast.
    plan
        The plan, if any.
    palette
        Colours.
    """
    report = forecast.report
    charts: dict[str, Any] = {
        "total": draw_fan(forecast, palette=palette),
        "sum": draw_sum(forecast, palette=palette),
    }
    if plan is not None:
        overload = draw_overload(plan, palette)
        charts |= {} if overload is None else {"overload": overload}
        charts |= {"units": draw_units(plan, palette), "cost": draw_cost(plan, palette)}
    if any(score == score for score in report.scores.values()):  # noqa: PLR0124 - NaN
        charts["scores"] = scores_chart(report.scores, report.model, palette=palette)
    return charts


def chart_files(forecast: Forecast, plan: Plan | None = None) -> dict[str, bytes]:
    """Return each chart as a PNG file, by file name.

    Parameters
    ----------
    forecast
        The forecast.
    plan
        The plan, if any.
    """
    charts = draw_all(forecast, plan)
    nodes = first_series(forecast)
    if nodes:
        past, ahead = past_and_future(forecast)
        charts["series"] = multiples_chart(small_pictures(forecast, nodes), past, ahead)
    return {f"chart-{name}.png": png_bytes(chart) for name, chart in charts.items()}
