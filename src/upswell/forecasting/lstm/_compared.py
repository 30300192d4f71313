"""Forecasts of a fitted forecaster beside the truth and beside seasonal naive."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.history import FittedMedian, History

__all__ = ["Compared", "Figures", "from_cutoff", "mean_errors", "one_step", "worse_figures"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Compared:
    """Truth and two forecasts of the same days, each of shape ``(S, D)``."""

    truth: Floats
    forecast: Floats
    naive: Floats

    def of(self, index: slice) -> Compared:
        """Return some of the series."""
        return Compared(self.truth[index], self.forecast[index], self.naive[index])


class Figures(Protocol):
    """Errors of a forecaster beside those of seasonal naive."""

    @property
    def mse(self) -> float: ...
    @property
    def mae(self) -> float: ...
    @property
    def rmse(self) -> float: ...
    @property
    def naive_mse(self) -> float: ...
    @property
    def naive_mae(self) -> float: ...
    @property
    def naive_rmse(self) -> float: ...


def worse_figures(line: Figures) -> tuple[str, ...]:
    """Return the names of the errors that are larger than seasonal naive's."""
    pairs = {
        "mse": (line.mse, line.naive_mse),
        "mae": (line.mae, line.naive_mae),
        "rmse": (line.rmse, line.naive_rmse),
    }
    return tuple(name for name, (own, naive) in pairs.items() if own > naive)


def mean_errors(away: Floats) -> tuple[float, float]:
    """Return mean squared and mean absolute error; NaN of nothing."""
    if not len(away):
        return math.nan, math.nan
    return float(np.mean(away**2)), float(np.mean(np.abs(away)))


def _last_weeks(history: History) -> Floats:
    """Return each day's value, or the last observed one of its weekday, shape ``(S, T)``."""
    out = history.values.copy()
    for day in range(7, history.days):
        out[:, day] = np.where(np.isnan(out[:, day]), out[:, day - 7], out[:, day])
    return out


def one_step(trained: FittedMedian, history: History, first: int) -> Compared:
    """Forecast each day from `first` on from the true days before it."""
    days = range(first, history.days)
    forecast = np.column_stack([trained.predict(history.until(day), 1) for day in days])
    naive = np.full_like(forecast, np.nan)
    known = _last_weeks(history)
    for column, day in enumerate(days):
        if day >= 7:
            naive[:, column] = known[:, day - 7]
    return Compared(history.values[:, first:], forecast, naive)


def from_cutoff(trained: FittedMedian, history: History, cut: int, horizon: int) -> Compared:
    """Forecast the `horizon` days from `cut` on from the days before `cut`."""
    past = history.until(cut)
    naive = np.full((history.series, horizon), np.nan)
    if cut >= 7:
        naive = _last_weeks(past)[:, cut - 7 + np.arange(horizon) % 7]
    truth = history.values[:, cut : cut + horizon]
    return Compared(truth, trained.predict(past, horizon), naive)
