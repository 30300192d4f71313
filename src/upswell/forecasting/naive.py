"""The trivial neighbour: next week will be as last week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.history import History

__all__ = ["BASELINE", "SeasonalNaive"]

BASELINE = "seasonal-naive"


@dataclass(frozen=True)
class SeasonalNaive:
    """Repeat the last observed value of the same day of the week.

    Parameters
    ----------
    season
        Days in a season.

    References
    ----------
    Hyndman, R. J. & Athanasopoulos, G. (2021). Forecasting: Principles and Practice, 3rd ed.,
    section 5.2.

    Examples
    --------
    >>> history = History(np.arange(14.0)[None, :], np.arange(14) % 7)
    >>> SeasonalNaive().fit(history, 8, seed=0).predict(history, 8).tolist()
    [[7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 7.0]]
    """

    season: int = 7
    name: str = "seasonal-naive"
    costly: bool = False

    def fit(self, history: History, horizon: int, seed: int) -> SeasonalNaive:  # noqa: ARG002
        """Return itself: there is nothing to fit."""
        return self

    def predict(self, history: History, horizon: int) -> NDArray[np.float64]:
        """Forecast, shape ``(S, H)``; NaN for a series that was never observed.

        A day of the week that was never observed takes the last observed value of any day.
        """
        values = history.values
        series, days = values.shape
        season = np.full((series, self.season), np.nan)
        latest = np.full(series, np.nan)
        for day in range(days):
            seen = np.isfinite(values[:, day])
            column = (day - days) % self.season
            season[seen, column] = values[seen, day]
            latest[seen] = values[seen, day]
        season = np.where(np.isfinite(season), season, latest[:, None])
        return season[:, np.arange(horizon) % self.season]
