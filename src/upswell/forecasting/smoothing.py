"""Exponential smoothing of logs, averaged over a grid of parameters instead of fitted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting._logscale import offsets
from upswell.forecasting.history import History
from upswell.forecasting.known_effects import known_effects

__all__ = ["MINIMUM_DAYS", "PARAMETERS", "AveragedSmoothing", "smoothed"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SEASON = 7
MINIMUM_DAYS = 14
# As the other statistical models: enough for a weekly rhythm and a trend.
MEMORY_DAYS = 126
FIRST_DAYS = 21
# An error of more typical day-to-day changes than this moves the states no further.
FARTHEST = 6.0
# Errors of one day hang together over days, so they are worth fewer independent ones.
WORTH = 0.3
EXPLOSION = 50.0
# Series times sets of parameters that are smoothed at once.
CELLS = 250_000

_TRENDS = ((0.0, 1.0), *product((0.02, 0.08, 0.25), (0.85, 0.95, 0.98)))
PARAMETERS: Floats = np.array(
    [
        (level, trend, damping, season)
        for level in (0.03, 0.07, 0.15, 0.3, 0.5, 0.8)
        for trend, damping in _TRENDS
        for season in (0.02, 0.06, 0.15, 0.3)
    ]
)
"""Sets of parameters, shape ``(K, 4)``: smoothing of the level, of the trend as a part of the
level's, damping of the trend, smoothing of the season as a part of what the level leaves."""


@dataclass(frozen=True)
class AveragedSmoothing:
    """Damped additive smoothing of ``log(y / c + 1)`` with a weekly season, averaged over a grid.

    No optimiser runs: each set of parameters of a grid smooths all series at once, and forecasts
    are averaged by weights ``sum(e²) ** (-w n / 2)``, the likelihood of ``n`` errors of one day
    that are worth ``w n`` independent ones. So a thousand series take as long as a fit of a few,
    and nearly equal sets of parameters do not change places.

    References
    ----------
    Gardner, E. S. (2006). Exponential smoothing: the state of the art, part II. International
    Journal of Forecasting 22, 637-666. Averaging by likelihood: Kolassa, S. (2011). Combining
    exponential smoothing forecasts using Akaike weights. Ibid. 27, 238-251.

    Examples
    --------
    >>> week = np.array([5.0, 6.0, 7.0, 8.0, 9.0, 20.0, 30.0])
    >>> history = History(np.tile(week, 8)[None], np.arange(56) % 7)
    >>> AveragedSmoothing().fit(history, 7, 0).predict(history, 7)[0].round(1).tolist()
    [5.0, 6.0, 7.0, 8.0, 9.0, 20.0, 30.0]
    """

    name: str = "smoothing"
    costly: bool = False

    def fit(self, history: History, horizon: int, seed: int) -> AveragedSmoothing:  # noqa: ARG002
        """Return itself: each prediction smooths anew the history it is given."""
        return self

    def predict(self, history: History, horizon: int) -> Floats:
        """Forecast medians, shape ``(S, H)``.

        NaN for a series with less than 14 observed days, or whose forecast explodes.
        """
        effects = known_effects(history, horizon)
        history = effects.history
        values = history.values[:, -MEMORY_DAYS:]
        out = np.full((history.series, horizon), np.nan)
        rows = np.flatnonzero(np.isfinite(values).sum(axis=1) >= MINIMUM_DAYS)
        together = max(CELLS // len(PARAMETERS), 1)
        for begin in range(0, rows.size, together):
            part = rows[begin : begin + together]
            out[part] = _medians(values[part], offsets(history.values[part]), horizon)
        return effects.on_medians(out)


def _medians(values: Floats, shifts: Floats, horizon: int) -> Floats:
    """Return medians, NaN where they explode; every series has some observed days."""
    logs = np.log1p(values / shifts[:, None])
    ahead = smoothed(logs, horizon, PARAMETERS)
    medians = np.maximum(np.expm1(np.minimum(ahead, 700.0)) * shifts[:, None], 0.0)
    ceiling = EXPLOSION * np.maximum(np.nanmax(values[:, -56:], axis=1, initial=0.0), shifts)
    return np.where((medians > ceiling[:, None]).any(axis=1)[:, None], np.nan, medians)


def smoothed(logs: Floats, horizon: int, parameters: Floats) -> Floats:
    """Smooth series by each set of parameters, and average what they forecast.

    Parameters
    ----------
    logs
        Values on the log scale, shape ``(S, T)``; NaN for a missing day, which moves nothing.
        Every series has an observed day.
    horizon
        Days ahead, ``H``.
    parameters
        Shape ``(K, 4)``; see `PARAMETERS`.

    Returns
    -------
    numpy.ndarray
        Shape ``(S, H)``.

    Notes
    -----
    With ``e`` the error of a day, ``l``, ``b`` and ``s`` the states and ``(a, t, d, g)`` the
    parameters: ``l += d b + a e``, ``b = d b + a t e``, ``s += g (1 - a) e``; Hyndman and others
    (2008), Forecasting with Exponential Smoothing, model A,Ad,A.
    """
    series, days = logs.shape
    seen = np.isfinite(logs)
    first = seen.argmax(axis=1)
    start, profile = _beginnings(logs, seen, first)
    farthest = FARTHEST * _typical_change(logs)[:, None]
    level_gain, trend_gain, damping, season_gain = parameters.T[:, None, :]
    trend_gain, season_gain = level_gain * trend_gain, (1.0 - level_gain) * season_gain
    level = np.repeat(start[:, None], len(parameters), axis=1)
    trend = np.zeros_like(level)
    season = np.repeat(profile.T[:, :, None], len(parameters), axis=2)
    squares = np.zeros_like(level)
    known = np.where(seen, logs, 0.0)
    judged = seen & (np.arange(days) >= first[:, None] + MINIMUM_DAYS)
    for day in range(days):
        place = season[day % SEASON]
        trend = damping * trend
        level = level + trend
        error = np.where(seen[:, day, None], known[:, day, None] - level - place, 0.0)
        np.clip(error, -farthest, farthest, out=error)
        squares += judged[:, day, None] * error**2
        level += level_gain * error
        trend += trend_gain * error
        season[day % SEASON] = place + season_gain * error
    weights = _weights(squares, judged.sum(axis=1))
    ahead = np.empty((series, horizon))
    for day in range(horizon):
        trend = damping * trend
        level = level + trend
        ahead[:, day] = (weights * (level + season[(days + day) % SEASON])).sum(axis=1)
    return ahead


def _beginnings(logs: Floats, seen: Bools, first: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return level and season, shape ``(S, 7)``, of the first three weeks of each series."""
    days = np.arange(logs.shape[1])
    early = seen & (days < first[:, None] + FIRST_DAYS)
    level = np.where(early, logs, 0.0).sum(axis=1) / early.sum(axis=1)
    away = np.where(early, logs - level[:, None], 0.0)
    profile = np.zeros((len(logs), SEASON))
    for place in range(SEASON):
        mine = days % SEASON == place
        profile[:, place] = away[:, mine].sum(axis=1) / np.maximum(early[:, mine].sum(axis=1), 1)
    return level, profile


def _typical_change(logs: Floats) -> Floats:
    """Return the typical change over a week of each series, above 0 where there is none, too."""
    changes = np.abs(logs[:, SEASON:] - logs[:, :-SEASON])
    known = np.isfinite(changes)
    mean = np.where(known, changes, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(np.maximum(mean, 1e-3))


def _weights(squares: Floats, number: NDArray[np.int64]) -> Floats:
    """Return the weights of sets of parameters, shape ``(S, K)``; equal ones without errors."""
    logs = -0.5 * WORTH * number[:, None] * np.log(squares + 1e-9)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
