"""Beyond the days that the network was taught: its last weeks go on, and ranges widen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.lstm.pretrained.layout import WEEK

__all__ = ["TAUGHT_DAYS", "continued"]

Floats = NDArray[np.float64]

TAUGHT_DAYS = 13 * WEEK
"""So far ahead the network was taught to look. Asked for more it drifts: a year ahead, calm series
get ranges that reach to fifty times the largest day ever seen."""

# Weeks whose weekdays are compared, so that one holiday among them does not come back every week.
PATTERN_WEEKS = 4
# A day to come has at most so many times the mean of the days before, or as small a part of it.
LARGEST_RATIO = 20.0


def continued(said: Floats, base: Floats, most: Floats) -> Floats:
    """Continue quantiles from the last day that was taught.

    The median of each day goes on at the level of the last week, with the weekdays of the last
    four. That of the sum grows as the days do; that of the peak as it did over the second half of
    the taught days, on logs of both. Ranges, as logs, widen with the root of the days since the
    cutoff, as those of a random walk do.

    Parameters
    ----------
    said
        Quantiles of day, sum and peak, shape ``(3, L, S, K)``, ``K`` being `TAUGHT_DAYS`; the
        middle one is the median.
    base
        Level and weekday profile, ``log(1 + count)``, shape ``(S, D)`` with ``D`` above ``K``.
    most
        No day, mean of days or peak is larger than this, as ``log(1 + count)``; shape ``(S,)``.

    Returns
    -------
    ndarray
        Shape ``(3, L, S, D)``; the first ``K`` days are as they were.

    Examples
    --------
    >>> day = np.array([80.0, 100.0, 125.0])[:, None, None] * np.ones((1, 1, TAUGHT_DAYS))
    >>> said = np.stack([day, np.cumsum(day, axis=2), day])
    >>> far = continued(said, np.full((1, 364), np.log1p(100.0)), np.array([20.0]))
    >>> far[0, :, 0, 363].round().tolist(), far[1, 1, 0, 363].round().item()
    ([64.0, 100.0, 156.0], 36400.0)
    """
    days, middle = base.shape[1], said.shape[1] // 2
    number = np.arange(TAUGHT_DAYS + 1, days + 1)
    wider = np.sqrt(number / TAUGHT_DAYS)
    logs = np.log1p(said)
    day = _later_days(logs[0, middle], base)
    total = _later_sums(said[0, middle], said[1, middle], np.expm1(day))
    peak = _later_peaks(logs[2, middle], number)
    medians = np.stack([day, np.log1p(total), np.maximum(peak, day)])
    spreads = logs - logs[:, middle : middle + 1]
    last = spreads[..., -1:]
    last[0] = np.median(spreads[0, ..., -PATTERN_WEEKS * WEEK :], axis=-1, keepdims=True)
    later = medians[:, None] + last * wider
    limit = np.stack([np.broadcast_to(most[:, None], day.shape)] * len(said))
    limit[1] = np.log1p(np.expm1(limit[1]) * number)
    later = np.expm1(np.clip(later, 0.0, limit[:, None]))
    return np.concatenate([said, later], axis=3)


def _later_days(medians: Floats, base: Floats) -> Floats:
    """Return logs of the medians of later days, shape ``(S, D - K)``."""
    away = (medians - base[:, :TAUGHT_DAYS]).reshape(len(base), -1, WEEK)[:, -PATTERN_WEEKS:]
    level = np.median(away, axis=2, keepdims=True)
    pattern = np.median(away - level, axis=1) + level[:, -1]
    later = np.arange(TAUGHT_DAYS, base.shape[1])
    return np.maximum(base[:, later] + pattern[:, later % WEEK], 0.0)


def _later_sums(days: Floats, sums: Floats, later: Floats) -> Floats:
    """Return the medians of later sums, shape ``(S, D - K)``: the mean day goes on as days do."""
    usual = days.mean(axis=1, keepdims=True)
    ratio = np.where(usual > 0, later, 1.0) / np.where(usual > 0, usual, 1.0)
    mean = sums[:, -1:] / TAUGHT_DAYS
    grown = np.clip(ratio, 1.0 / LARGEST_RATIO, LARGEST_RATIO) * mean
    return np.asarray(sums[:, -1:] + np.cumsum(grown, axis=1))


def _later_peaks(medians: Floats, number: NDArray[np.int64]) -> Floats:
    """Return logs of the medians of later peaks, shape ``(S, D - K)``."""
    half = TAUGHT_DAYS // 2
    slope = (medians[:, -1] - medians[:, half - 1]) / np.log(TAUGHT_DAYS / half)
    slope = np.clip(slope, 0.0, 1.0)
    return np.asarray(medians[:, -1:] + slope[:, None] * np.log(number / TAUGHT_DAYS))
