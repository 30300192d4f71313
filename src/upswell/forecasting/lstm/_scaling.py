"""From counts to what the network sees, causally: logs, weekday effects, levels and spreads.

A count ``y`` becomes ``z = log(y + c)``. The offset ``c`` is a tenth of the series' own recent
mean, so that multiplying a series by 1000 adds a constant to ``z`` and nothing else. From ``z``
come, for each day, only numbers that were known before that day ended:

- the weekday effects, from deviations from the centred mean of seven days, each of which enters
  three days later, when its seven days are over;
- a fast and a slow level, exponentially weighted means of ``z`` less its weekday effect;
- a value for a missing day: the fast level plus the effect of its weekday.

The window handed to the network is taken relative to its own mean level. The network therefore
says how far the next days lie from their own past, which may grow for ever: there is no largest
value that it can say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.history import History

__all__ = ["SCALING_VERSION", "SLOW_RATE", "ScaledHistory", "envelope", "from_log", "scale_history"]

Floats = NDArray[np.float64]

# Raised whenever the numbers that the network sees change: older weights then no longer fit.
SCALING_VERSION = 1

RECENT_DAYS = 56
OFFSET_SHARE = 0.1
FAST_RATE = 0.25
SLOW_RATE = 1 / 28
EFFECT_MEMORY = 0.9
EFFECT_PRIOR = 1.0
LARGEST_EFFECT = 1.5
SMALLEST_SPREAD = 0.01
LARGEST_LOG = 600.0
ROUNDING = 1e-9


@dataclass(frozen=True)
class ScaledHistory:
    """A history on the scale of the network.

    Parameters
    ----------
    log
        ``z`` with missing days filled, shape ``(S, T)``; NaN before a series begins.
    observed
        Whether the day was observed, shape ``(S, T)``.
    effects
        Weekday effects known before each day, shape ``(T + 1, S, 7)``.
    slow
        Slow level known before each day, shape ``(S, T + 1)``.
    offset
        ``c``, shape ``(S,)``.
    spread
        Robust scale of the change from day to day, shape ``(S,)``; 0 for a constant series.
    growth
        Weekly change of the level that nine of ten weeks stayed within, shape ``(S,)``.
    swing
        The largest deviation of a day from the fast level before it, shape ``(S,)``.
    phase
        Day of the week, shape ``(T,)``.
    """

    log: Floats
    observed: NDArray[np.bool_]
    effects: Floats
    slow: Floats
    offset: Floats
    spread: Floats
    growth: Floats
    swing: Floats
    phase: NDArray[np.int64]


def _recent_mean(values: Floats) -> Floats:
    """Return the mean of the last `RECENT_DAYS` observed days of each series."""
    observed = np.isfinite(values)
    from_end = np.cumsum(observed[:, ::-1], axis=1)[:, ::-1]
    recent = observed & (from_end <= RECENT_DAYS)
    count = np.maximum(recent.sum(axis=1), 1)
    return np.asarray(np.where(recent, values, 0.0).sum(axis=1) / count)


def _offsets(values: Floats) -> Floats:
    mean = _recent_mean(values)
    return np.where(mean > 0, OFFSET_SHARE * mean, 1.0)


def from_log(log: Floats, offset: Floats) -> Floats:
    """Return counts, finite and not negative, from ``z`` of shape ``(S, H)``."""
    counts = np.exp(np.minimum(log, LARGEST_LOG)) - offset[:, None]
    return np.maximum(counts, 0.0)


def _sum_of_seven(values: Floats) -> Floats:
    """Return the sum of each seven days in a row, shape ``(S, T - 6)``."""
    sums = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    return np.asarray(sums[:, 7:] - sums[:, :-7])


def _deviations(log: Floats) -> Floats:
    """Return each day's deviation from the centred mean of seven days, NaN where unknown."""
    series, days = log.shape
    out = np.full((series, days), np.nan)
    if days < 7:
        return out
    seen = np.isfinite(log)
    total = _sum_of_seven(np.where(seen, log, 0.0))
    count = _sum_of_seven(seen.astype(np.float64))
    centred = np.where(count >= 5, total / np.maximum(count, 1), np.nan)
    out[:, 3 : days - 3] = np.clip(log[:, 3 : days - 3] - centred, -LARGEST_EFFECT, LARGEST_EFFECT)
    return out


def _weekday_effects(log: Floats, phase: NDArray[np.int64]) -> Floats:
    """Return the weekday effects known before each day, shape ``(T + 1, S, 7)``."""
    series, days = log.shape
    deviations = _deviations(log)
    total = np.zeros((series, 7))
    weight = np.zeros((series, 7))
    count = np.zeros((series, 7))
    out = np.zeros((days + 1, series, 7))
    for day in range(days):
        if day >= 6:
            weekday = phase[day - 3]
            news = deviations[:, day - 3]
            seen = np.isfinite(news)
            memory = np.where(seen, EFFECT_MEMORY, 1.0)
            total[:, weekday] = memory * total[:, weekday] + np.where(seen, news, 0.0)
            weight[:, weekday] = memory * weight[:, weekday] + seen
            count[:, weekday] += seen
        effects = total / np.maximum(weight, 1.0) * count / (count + EFFECT_PRIOR)
        out[day + 1] = effects - effects.mean(axis=1, keepdims=True)
    return out


def scale_history(history: History) -> ScaledHistory:
    """Scale a history by what it holds, and by nothing else."""
    values = history.values
    series, days = values.shape
    offset = _offsets(values)
    log = np.log(values + offset[:, None])
    observed = np.isfinite(log)
    effects = _weekday_effects(log, history.phase)
    fast = np.full(series, np.nan)
    slow = np.full((series, days + 1), np.nan)
    level = np.empty((series, days))
    swing = np.zeros(series)
    for day in range(days):
        effect = effects[day, :, history.phase[day]]
        plain = np.where(observed[:, day], log[:, day] - effect, fast)
        log[:, day] = plain + effect
        swing = np.fmax(swing, np.abs(plain - fast))
        fast = np.where(np.isnan(fast), plain, fast + FAST_RATE * (plain - fast))
        before = slow[:, day]
        slow[:, day + 1] = np.where(np.isnan(before), plain, before + SLOW_RATE * (plain - before))
        level[:, day] = plain
    change = np.abs(np.diff(log - effects[days][:, history.phase], axis=1))
    change[~(observed[:, 1:] & observed[:, :-1])] = np.nan
    return ScaledHistory(
        log=log,
        observed=observed,
        effects=effects,
        slow=slow,
        offset=offset,
        spread=_spread(change),
        growth=_growth(level),
        swing=swing,
        phase=history.phase,
    )


def _quantile(values: Floats, share: float) -> Floats:
    """Return a quantile of each row's finite values, shape ``(S,)``; 0 where there are none."""
    if not values.shape[1]:
        return np.zeros(len(values))
    ordered = np.sort(values, axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    place = np.floor(share * np.maximum(count - 1, 0)).astype(np.int64)
    return np.where(count > 0, ordered[np.arange(len(ordered)), place], 0.0)


def _spread(change: Floats) -> Floats:
    """Return the median change, kept from collapse by a quarter of the mean and a floor."""
    seen = np.isfinite(change)
    mean = np.where(seen, change, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    spread = np.maximum(np.maximum(_quantile(change, 0.5), 0.25 * mean), SMALLEST_SPREAD)
    return np.where(mean > ROUNDING, spread, 0.0)


def _growth(level: Floats) -> Floats:
    """Return the 90% quantile of the change within a week of the mean of seven days."""
    if level.shape[1] < 14:
        return np.zeros(len(level))
    seven = np.lib.stride_tricks.sliding_window_view(level, 7, axis=1).mean(axis=2)
    return _quantile(np.abs(seven[:, 7:] - seven[:, :-7]), 0.9)


def envelope(scaled: ScaledHistory, level: Floats, horizon: int, growth: float) -> Floats:
    """Return the lowest and highest ``z`` (less weekday effect) that may be forecast.

    A forecast may leave the last level at once by one and a half times the largest swing that a
    day of the series has shown, and from then on by twice the weekly growth that nine of ten of
    its weeks stayed within. A recursion can therefore grow for ever, but not explode.

    Parameters
    ----------
    scaled
        The history.
    level
        Level at the cutoff, shape ``(S,)``.
    horizon
        Number of days, ``H``.
    growth
        Weekly growth, in logs, that is granted to every series: the middle one of the training.

    Returns
    -------
    numpy.ndarray
        Shape ``(2, S, H)``.
    """
    weekly = 2 * np.maximum(scaled.growth, growth)
    ahead = np.arange(1, horizon + 1) / 7
    width = 1.5 * scaled.swing[:, None] + weekly[:, None] * (1 + ahead)
    return np.stack([level[:, None] - width, level[:, None] + width])
