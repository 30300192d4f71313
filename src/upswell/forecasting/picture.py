"""Pictures of a forecast: its series drawn by `upswell.charts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.charts import LIGHT, Days, Palette, SeriesPicture, cumulative_chart, fan_chart
from upswell.data import Tree, node_values
from upswell.errors import SettingError

if TYPE_CHECKING:
    import altair as alt

    from upswell.forecasting.result import Forecast

__all__ = ["draw_fan", "draw_sum", "history_of", "node_of", "past_and_future", "small_pictures"]

LEAST_SHOWN = 90
MOST_SHOWN = 1000
HORIZONS_SHOWN = 3
SMALL_TAILS = (0.1, 0.5, 0.9)


def past_and_future(forecast: Forecast) -> tuple[Days, Days]:
    """Return the last days of history that a picture shows, and the days ahead.

    Three horizons of history are shown, at least 90 days, as far as there are that many.
    """
    panel = forecast.panel
    shown = min(max(LEAST_SHOWN, HORIZONS_SHOWN * forecast.horizon), MOST_SHOWN, panel.days)
    past = Days.of(panel.axis.numbers()[panel.days - shown :], calendar=panel.axis.calendar)
    return past, Days.of(forecast.axis.numbers(), calendar=forecast.axis.calendar)


def history_of(forecast: Forecast) -> NDArray[np.float64]:
    """Return the history of each series with a future, shape ``(S, T)``; NaN where missing."""
    whole = Tree.of_panel(forecast.panel)
    place = {key: row for row, key in enumerate(zip(whole.levels, whole.names, strict=True))}
    own = zip(forecast.tree.levels, forecast.tree.names, strict=True)
    return node_values(forecast.panel)[[place[key] for key in own]]


def node_of(forecast: Forecast, series: str) -> int:
    """Return the index of a series by its name; the total comes first, then categories.

    Raises
    ------
    SettingError
        When there is no series of that name with a future.
    """
    try:
        return forecast.tree.names.index(series)
    except ValueError:
        absent = [a.name for a in forecast.report.absent]
        why = "it has no future in this forecast" if series in absent else "there is none"
        raise SettingError(
            f"no series {series!r} can be drawn: {why}",
            fix="use a name from the column `series` of Forecast.series()",
        ) from None


def draw_fan(forecast: Forecast, node: int = 0, palette: Palette = LIGHT) -> alt.TopLevelMixin:
    """Draw history and fan of one series of the tree."""
    past, ahead = past_and_future(forecast)
    seen = history_of(forecast)[node, -len(past.numbers) :]
    name = forecast.tree.names[node]
    return fan_chart(past, seen, ahead, forecast.paths[:, node], name=name, palette=palette)


def draw_sum(forecast: Forecast, node: int = 0, palette: Palette = LIGHT) -> alt.TopLevelMixin:
    """Draw the running sum of one series of the tree."""
    _, ahead = past_and_future(forecast)
    return cumulative_chart(ahead, forecast.paths[:, node], palette=palette)


def small_pictures(forecast: Forecast, nodes: list[int]) -> list[SeriesPicture]:
    """Return what small pictures of some series show."""
    past, _ = past_and_future(forecast)
    seen = history_of(forecast)[:, -len(past.numbers) :]
    low, median, high = np.quantile(forecast.paths[:, nodes], SMALL_TAILS, axis=0)
    return [
        SeriesPicture(forecast.tree.names[node], seen[node], low[k], median[k], high[k])
        for k, node in enumerate(nodes)
    ]
