"""The usual week: the median of each weekday over the last eight weeks, for ever."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.history import History
from upswell.forecasting.known_effects import known_effects

__all__ = ["MINIMUM_DAYS", "UsualWeek"]

Floats = NDArray[np.float64]

SEASON = 7
MINIMUM_DAYS = 14
MEMORY_DAYS = 56


@dataclass(frozen=True)
class UsualWeek:
    """A forecaster that says that what was usual comes back.

    On the scale ``log(1 + count)`` it adds the median of the last 56 days and the median deviation
    of each weekday from it. It knows no trend and forgets bursts, so it says what models that
    follow the last weeks do not: alone it is worse than they, averaged with them it makes them
    better.

    References
    ----------
    Robust estimates of season as in Cleveland, R. B. et al. (1990). STL. Journal of Official
    Statistics 6, 3-73; combining what errs in other ways: Bates, J. M. & Granger, C. W. J. (1969).
    The combination of forecasts. Operational Research Quarterly 20, 451-468.

    Examples
    --------
    >>> week = np.array([5.0, 6.0, 7.0, 8.0, 9.0, 20.0, 30.0])
    >>> values = np.tile(week, 8)
    >>> values[40:50] *= 30
    >>> UsualWeek().predict(History(values[None], np.arange(56) % 7), 7)[0].round(1).tolist()
    [5.0, 6.0, 7.0, 8.0, 9.0, 20.0, 30.0]
    """

    name: str = "usual-week"
    costly: bool = False

    def fit(self, history: History, horizon: int, seed: int) -> UsualWeek:  # noqa: ARG002
        """Return itself: there is nothing to fit."""
        return self

    def predict(self, history: History, horizon: int) -> Floats:
        """Forecast medians, shape ``(S, H)``; NaN for a series with less than 14 observed days."""
        effects = known_effects(history, horizon)
        values = effects.history.values[:, -MEMORY_DAYS:]
        out = np.full((history.series, horizon), np.nan)
        rows = np.flatnonzero(np.isfinite(values).sum(axis=1) >= MINIMUM_DAYS)
        out[rows] = _medians(np.log1p(values[rows]), horizon)
        return effects.on_medians(out)


def _medians(logs: Floats, horizon: int) -> Floats:
    level = np.nanmedian(logs, axis=1, keepdims=True)
    days = logs.shape[1]
    with warnings.catch_warnings():
        # A weekday that was never observed is a day like the others.
        warnings.simplefilter("ignore", RuntimeWarning)
        season = [
            np.nanmedian((logs - level)[:, (days + k) % SEASON :: SEASON], axis=1)
            for k in range(SEASON)
        ]
    profile = np.nan_to_num(np.stack(season, axis=1))
    return np.asarray(np.expm1(level + profile[:, np.arange(horizon) % SEASON]))
