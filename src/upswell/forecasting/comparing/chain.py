"""The forecasts between an old and a new one: one thing changes at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data import DayAxis, Panel
from upswell.forecasting.comparing.bridge import Stop
from upswell.forecasting.comparing.remaking import Remaker, Settings
from upswell.forecasting.comparing.splicing import same_history, with_new_days
from upswell.forecasting.result import Forecast

__all__ = ["Link", "build_chain", "stops_of", "sums_over"]


@dataclass(frozen=True)
class Link:
    """One forecast of the chain.

    Parameters
    ----------
    cause
        What changed since the link before; a key of `CAUSES`, empty for the first.
    forecast
        None when it cannot be made.
    days
        The days over which it is summed.
    """

    cause: str
    forecast: Forecast | None
    days: DayAxis


def sums_over(forecast: Forecast, days: DayAxis) -> NDArray[np.float64]:
    """Return the sum of each path over some of the days of a forecast, shape ``(P, S)``."""
    first = days.start - forecast.axis.start
    return np.asarray(forecast.paths[:, :, first : first + days.length].sum(axis=2))


def build_chain(
    old: Forecast,
    new: Forecast,
    settings: tuple[Settings | None, Settings | None],
    remaker: Remaker,
) -> list[Link]:
    """Make the forecasts between the old and the new one.

    From the old forecast as it was saved to the same made again today; then for the days of the
    new horizon; then with the new days appended to the old history; then with the history as it
    reads now; then by the new model; and at last the new forecast as it was saved. Where the old
    model is gone and the new one is there, the model changes first.

    Parameters
    ----------
    old, new
        The two forecasts.
    settings
        With which each can be made again, or None.
    remaker
        Makes the forecasts.
    """
    appended, new_panel = _histories(old.panel, new.panel)
    ahead = new.axis.stop - old.axis.start
    old_settings, new_settings = settings
    again_old = remaker.forecast(old.panel, old_settings, old.horizon)
    again_new = remaker.forecast(new_panel, new_settings, new.horizon)
    last = [Link("software-new", new, new.axis)]

    def on_the_way(by: Settings | None) -> list[Link]:
        # Without new days the horizon alone tells the second forecast from the first.
        return [
            Link("moved-horizon", remaker.forecast(old.panel, by, ahead), new.axis),
            Link("new-days", remaker.forecast(appended, by, new.horizon), new.axis),
            Link("revised-history", remaker.forecast(new_panel, by, new.horizon), new.axis),
        ]

    first = [Link("", old, old.axis), Link("software-old", again_old, old.axis)]
    if old_settings is None and new_settings is not None:
        by_new = remaker.forecast(old.panel, new_settings, old.horizon)
        return [*first, Link("model", by_new, old.axis), *on_the_way(new_settings), *last]
    return [*first, *on_the_way(old_settings), Link("model", again_new, new.axis), *last]


def _histories(old: Panel, new: Panel) -> tuple[Panel, Panel]:
    """Return the old history with the new days, and the new one; the same object where equal.

    What is the same object is forecast once.
    """
    if same_history(old, new):
        return old, old
    appended = with_new_days(old, new)
    if same_history(appended, old):
        appended = old
    return (new, new) if same_history(appended, new) else (appended, new)


def stops_of(
    chain: list[Link], key: tuple[str, str] | None = None, *, median: bool = False
) -> list[Stop]:
    """Return the figures of a chain: means, or medians, of the sums of one series.

    Parameters
    ----------
    chain
        The forecasts.
    key
        Level and name of the series; the total by default. A series without a future counts 0.
    median
        Whether medians are asked for.
    """
    stops = []
    for link in chain:
        figure = None
        if link.forecast is not None:
            keys = list(zip(link.forecast.tree.levels, link.forecast.tree.names, strict=True))
            node = 0 if key is None else keys.index(key) if key in keys else None
            figure = 0.0
            if node is not None:
                sums = sums_over(link.forecast, link.days)[:, node]
                figure = float(np.median(sums) if median else sums.mean())
        stops.append(Stop(link.cause, figure))
    return stops
