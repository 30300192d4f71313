"""In what units the network sees a history: its level, its scale and its weekday profile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.lstm.pretrained.layout import WEEK

__all__ = ["Units", "local_level", "units_of"]

Floats = NDArray[np.float64]

LEVEL_WEEKS = 8
LEVEL_DAYS = LEVEL_WEEKS * WEEK
# A week counts half as much as the week after it.
LEVEL_WEIGHTS = np.repeat(0.5 ** np.arange(LEVEL_WEEKS)[::-1], WEEK)
PROFILE_WEIGHTS = 0.85 ** np.arange(LEVEL_WEEKS)[::-1]
# Days whose changes make the scale.
SCALE_DAYS = 126
SMALLEST_SCALE = 0.01
# What is believed of the change from day to day before any is seen, and how many changes that is
# worth. Changes over a week are then believed to be as large, worth three of them.
PRIOR_CHANGE, PRIOR_WORTH, PRIOR_WORTH_WEEK = 0.2, 2, 3
# A change larger than this many medians, and than half the mean, counts as that much.
LARGEST_IN_MEDIANS, LARGEST_IN_MEANS = 5, 0.5
# A week speaks of weekdays when so many of its days are there; a profile of one week shrinks by
# as much as this is of a week.
FEWEST_DAYS, PROFILE_PRIOR = 5, 0.7


@dataclass(frozen=True)
class Units:
    """Level, scale and profile of histories on the log scale, ``log(1 + count)``.

    Parameters
    ----------
    location
        Level at the cutoff, shape ``(S,)``.
    scale
        Typical change from a day to the same day of the next week, shape ``(S,)``; at least 0.01.
    daily_change
        Typical change from one day to the next, shape ``(S,)``.
    profile
        Deviations of weekdays from their mean, shape ``(S, 7)``; the last is of the cutoff's
        weekday.
    """

    location: Floats
    scale: Floats
    daily_change: Floats
    profile: Floats


def units_of(logs: Floats) -> Units:
    """Return the units of histories.

    Parameters
    ----------
    logs
        ``log(1 + count)`` up to the cutoff, shape ``(S, T)`` with ``T >= 126``; NaN where there
        is no record.

    Returns
    -------
    Units
        Finite whatever is missing.

    Examples
    --------
    >>> week = np.log1p([100.0, 100, 100, 100, 100, 200, 200])
    >>> units = units_of(np.tile(week, 18)[None, :])
    >>> round(float(np.expm1(units.location[0])), 1), (units.profile[0] > 0).tolist()
    (121.9, [False, False, False, False, False, True, True])
    """
    scale, daily_change = _scales(logs[:, -SCALE_DAYS:])
    return Units(_location(logs), scale, daily_change, _profile(logs[:, -LEVEL_DAYS:], scale))


def local_level(logs: Floats) -> Floats:
    """Return the mean of the last 8 weeks, in which each week counts twice the week before it.

    Parameters
    ----------
    logs
        Values of 56 days, shape ``(S, 56)``, NaN where there is none.

    Returns
    -------
    ndarray
        Shape ``(S,)``; NaN where no value is there.

    Examples
    --------
    >>> local_level(np.array([[np.nan] * 55 + [3.0], [np.nan] * 56])).tolist()
    [3.0, nan]
    """
    seen = np.isfinite(logs)
    weights = LEVEL_WEIGHTS * seen
    weight = weights.sum(axis=1)
    total = (np.where(seen, logs, 0.0) * weights).sum(axis=1)
    return np.where(weight > 0, total / np.maximum(weight, 1e-9), np.nan)


def _location(logs: Floats) -> Floats:
    """Return the local level, the mean of all days where the last 8 weeks are missing, or 0."""
    level = local_level(logs[:, -LEVEL_DAYS:])
    far = np.flatnonzero(np.isnan(level))
    if far.size:
        seen = np.isfinite(logs[far])
        total = np.where(seen, logs[far], 0.0).sum(axis=1)
        level[far] = total / np.maximum(seen.sum(axis=1), 1)
    return level


def _scales(logs: Floats) -> tuple[Floats, Floats]:
    """Return the typical change over a week, and from day to day."""
    weekly, weeks = _trimmed(np.abs(logs[:, WEEK:] - logs[:, :-WEEK]))
    daily, days = _trimmed(np.abs(logs[:, 1:] - logs[:, :-1]))
    daily_change = (daily + PRIOR_CHANGE * PRIOR_WORTH) / (days + PRIOR_WORTH)
    scale = (weekly + PRIOR_WORTH_WEEK * daily_change) / (weeks + PRIOR_WORTH_WEEK)
    return np.maximum(scale, SMALLEST_SCALE), daily_change


def _trimmed(changes: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return the sum of changes, the largest of which are cut, and their number."""
    seen = np.isfinite(changes)
    number = seen.sum(axis=1)
    known = np.where(seen, changes, 0.0)
    mean = known.sum(axis=1) / np.maximum(number, 1)
    largest = np.maximum(LARGEST_IN_MEDIANS * _median(changes, number), LARGEST_IN_MEANS * mean)
    return np.where(seen, np.minimum(known, largest[:, None]), 0.0).sum(axis=1), number


def _median(values: Floats, number: NDArray[np.int64]) -> Floats:
    """Return the median of the finite values, `number` of each row; 0 where there is none."""
    ordered = np.sort(values, axis=1)  # NaN goes to the end
    middle = np.stack([np.maximum(number - 1, 0) // 2, number // 2], axis=1)
    middle = np.minimum(middle, values.shape[1] - 1)
    both = np.take_along_axis(ordered, middle, axis=1)
    return np.where(number > 0, both.mean(axis=1), 0.0)


def _profile(logs: Floats, scale: Floats) -> Floats:
    """Return weekdays' deviations from their week, later weeks first, shrunk where few are seen."""
    weeks = logs.reshape(len(logs), LEVEL_WEEKS, WEEK)
    seen = np.isfinite(weeks)
    days = seen.sum(axis=2)
    mean = np.where(seen, weeks, 0.0).sum(axis=2) / np.maximum(days, 1)
    seen &= (days >= FEWEST_DAYS)[:, :, None]
    limit = np.maximum(8 * scale, 1.5)[:, None, None]
    away = np.clip(np.where(seen, weeks - mean[:, :, None], 0.0), -limit, limit)
    weights = PROFILE_WEIGHTS[None, :, None] * seen
    weight = weights.sum(axis=1)
    profile = (away * weights).sum(axis=1) / np.maximum(weight, 1e-9)
    profile *= weight / (weight + PROFILE_PRIOR)
    return np.asarray(profile - profile.mean(axis=1, keepdims=True))
