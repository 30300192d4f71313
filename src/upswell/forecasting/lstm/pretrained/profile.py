"""The weekday profile of a history, as far as it stands out from noise and from single days."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.lstm.pretrained.layout import WEEK

__all__ = ["PROFILE_WEEKS", "median_of", "weekday_profile"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PROFILE_WEEKS = 8
WEIGHTS = 0.85 ** np.arange(PROFILE_WEEKS)[::-1]
# A week speaks of weekdays when so many of its days are there.
FEWEST_DAYS = 5
# A day further from its weekday than this many spreads counts as that far.
FURTHEST = 2.0
SMALLEST_SPREAD = 0.01
# What the change from day to day says of the noise is worth so many days.
PRIOR_DAYS = 7.0
CHANGE_IN_SPREADS = 1.2
MEDIAN_IN_SPREADS = 1.4826


def weekday_profile(logs: Floats, daily_change: Floats) -> Floats:
    """Return the deviations of weekdays from the middle of their week, shrunk by their noise.

    Each day's deviation from the median of its week is averaged over weeks, later ones first,
    after days far from the median of their weekday were pulled in. What is left is shrunk as a
    whole: a profile no larger than its own noise is none.

    Parameters
    ----------
    logs
        ``log(1 + count)`` of 8 weeks, shape ``(S, 56)``, NaN where there is no record.
    daily_change
        Typical change from one day to the next, shape ``(S,)``.

    Returns
    -------
    ndarray
        Shape ``(S, 7)``, each row with a mean of 0; the last is of the last day's weekday.

    References
    ----------
    James, W. and Stein, C. (1961), the positive part: the share that is kept is one less the
    variance of the noise over that of the profile.

    Examples
    --------
    >>> week = np.log1p([100.0, 100, 100, 100, 100, 200, 200])
    >>> profile = weekday_profile(np.tile(week, 8)[None], np.array([0.2]))
    >>> profile.round(2).tolist()
    [[-0.2, -0.2, -0.2, -0.2, -0.2, 0.49, 0.49]]
    """
    weeks = logs.reshape(len(logs), PROFILE_WEEKS, WEEK)
    seen = np.isfinite(weeks)
    middle = median_of(weeks, seen, axis=2)
    seen &= seen.sum(axis=2, keepdims=True) >= FEWEST_DAYS
    away = np.where(seen, weeks - middle, 0.0)
    usual = median_of(away, seen, axis=1)
    rest = np.where(seen, away - usual, 0.0)
    flat = (len(logs), -1) if len(logs) else (0, PROFILE_WEEKS * WEEK)
    spread = median_of(np.abs(rest).reshape(flat), seen.reshape(flat), axis=1)[:, :, None]
    limit = FURTHEST * np.maximum(MEDIAN_IN_SPREADS * spread, SMALLEST_SPREAD)
    calm = usual + np.clip(rest, -limit, limit)
    weights = WEIGHTS[None, :, None] * seen
    weight = weights.sum(axis=1)
    profile = np.where(weight > 0, (calm * weights).sum(axis=1) / np.maximum(weight, 1e-9), 0.0)
    noise = _noise(np.where(seen, calm - profile[:, None], 0.0), seen, daily_change)
    # How many days of equal weight a weekday's mean is worth.
    worth = weight**2 / np.maximum((weights**2).sum(axis=1), 1e-9)
    doubt = noise * np.where(weight > 0, 1.0 / np.maximum(worth, 1e-9), 0.0).mean(axis=1)
    profile -= profile.mean(axis=1, keepdims=True)
    size = np.maximum((profile**2).mean(axis=1), 1e-12)
    return np.asarray(profile * np.clip(1.0 - doubt / size, 0.0, 1.0)[:, None])


def _noise(rest: Floats, seen: Bools, daily_change: Floats) -> Floats:
    """Return the variance of a day about its weekday, shape ``(S,)``."""
    freedom = np.maximum(seen.sum(axis=1) - 1, 0).sum(axis=1)
    believed = (daily_change / CHANGE_IN_SPREADS) ** 2
    total = (rest**2).sum(axis=(1, 2)) + PRIOR_DAYS * believed
    return np.asarray(total / (freedom + PRIOR_DAYS))


def median_of(values: Floats, seen: Bools, axis: int) -> Floats:
    """Return the median of what is seen along an axis, which is kept; 0 where nothing is.

    Examples
    --------
    >>> median_of(np.array([[5.0, 1.0, 9.0]]), np.array([[True, True, False]]), axis=1).tolist()
    [[3.0]]
    """
    ordered = np.sort(np.where(seen, values, np.inf), axis=axis)
    number = seen.sum(axis=axis, keepdims=True)
    last = values.shape[axis] - 1
    low = np.take_along_axis(ordered, np.clip((number - 1) // 2, 0, last), axis)
    high = np.take_along_axis(ordered, np.clip(number // 2, 0, last), axis)
    return np.where(number > 0, (low + np.where(number > 0, high, low)) / 2.0, 0.0)
