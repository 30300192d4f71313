"""Level and weekly profile of histories, robustly, from logs with gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.explaining._robust import median, repeated_median, spread

__all__ = ["by_days", "by_weeks", "levels", "profiles", "running"]

Floats = NDArray[np.float64]

WEEK = 7
TREND_WEEKS = 7
"""Weeks that a piece of the trend rests on: a burst of three weeks does not bend it."""

PROFILE_WEEKS = 13
"""Weeks that a weekly profile rests on."""

LIMIT = 2.5
"""Spreads beyond which a day counts no further for the profile."""

LEAST_VIEWS = 0.01


def by_weeks(values: Floats) -> Floats:
    """Return values by week, shape ``(S, K, 7)``; the first week may be short, the last is not."""
    missing = -values.shape[1] % WEEK
    padded = np.pad(values, ((0, 0), (missing, 0)), constant_values=np.nan)
    return padded.reshape(len(values), -1, WEEK)


def by_days(weeks: Floats, days: int) -> Floats:
    """Return values by week as values by day, shape ``(S, T)``."""
    return weeks.reshape(len(weeks), -1)[:, -days:]


def levels(quiet: Floats, *, hold: bool = False) -> Floats:
    """Return the level of each day in views, from logs, by robust lines over weeks; ``(S, T)``."""
    days = quiet.shape[1]
    typical = _typical(by_weeks(quiet))
    heights, slopes = repeated_median(typical, TREND_WEEKS)
    # A week of which nothing is known is bridged, and no line is drawn out to it.
    heights = np.where(np.isfinite(typical), heights, np.nan)
    centres = days - 4.0 - WEEK * np.arange(heights.shape[1])[::-1]
    time = np.arange(days, dtype=np.float64)
    out = np.zeros(quiet.shape)
    for row, (height, slope) in enumerate(zip(heights, slopes, strict=True)):
        known = np.isfinite(height)
        if not known.any():
            continue
        at = centres[known]
        line = np.interp(time, *(_held(at, height[known]) if hold else (at, height[known])))
        # The outermost weeks have their own line, and beyond them the level stays.
        line += np.clip(time - at[-1], 0.0, WEEK // 2) * slope[known][-1] / WEEK
        line -= np.clip(at[0] - time, 0.0, WEEK // 2) * slope[known][0] / WEEK
        out[row] = line
    return np.maximum(np.expm1(np.clip(out, 0.0, 60.0)), LEAST_VIEWS)


def _held(at: Floats, height: Floats) -> tuple[Floats, Floats]:
    """Return the knots of a line that stays as it was over gaps, until the week after them."""
    gaps = np.flatnonzero(np.diff(at) > WEEK)
    places = np.concatenate([at, at[gaps + 1] - WEEK])
    order = np.argsort(places, kind="stable")
    return places[order], np.concatenate([height, height[gaps]])[order]


def _typical(weeks: Floats) -> Floats:
    """Return the mean of each week without its largest and smallest day, ``(S, K)``."""
    count = np.isfinite(weeks).sum(axis=2)
    ordered = np.sort(weeks, axis=2)
    place = np.arange(WEEK)
    trim = np.where(count >= 5, 1, 0)[..., None]
    kept = (place >= trim) & (place < count[..., None] - trim)
    total = np.where(kept, ordered, 0.0).sum(axis=2)
    number = kept.sum(axis=2)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def profiles(logs: Floats, level: Floats) -> Floats:
    """Return the factor of the weekday on each day, ``(S, T)``."""
    away = by_weeks(logs - np.log1p(level))
    centre = median(away)[..., None]
    away = away - np.where(np.isfinite(centre), centre, 0.0)
    flat = away.reshape(len(away), -1)
    usual = median(np.moveaxis(away, 1, 2))[:, None, :]
    noise = spread((away - usual).reshape(flat.shape))
    noise = np.where(np.isfinite(noise), noise, 0.0)[:, None, None]
    reach = np.maximum(LIMIT * noise, 1e-6)
    pulled = usual + np.clip(away - usual, -reach, reach)
    known = np.isfinite(pulled)
    number = running(known.astype(np.float64))
    profile = running(np.where(known, pulled, 0.0)) / np.maximum(number, 1.0)
    profile = profile - profile.mean(axis=2, keepdims=True)
    # What noise alone would make of six free figures, beside what is there.
    chance = (noise**2 / np.maximum(number, 1.0)).sum(axis=2, keepdims=True) * (4.0 / 7.0)
    power = (profile**2).sum(axis=2, keepdims=True)
    profile *= np.maximum(1.0 - chance / np.maximum(power, 1e-12), 0.0)
    profile[(number.min(axis=2) < 1)] = 0.0
    factors = np.exp(profile)
    return by_days(factors / factors.mean(axis=2, keepdims=True), logs.shape[1])


def running(weeks: Floats) -> Floats:
    """Return sums over the weeks around each week; near an end, over as many next to it."""
    count = weeks.shape[1]
    window = min(PROFILE_WEEKS, count)
    sums = np.concatenate([np.zeros_like(weeks[:, :1]), np.cumsum(weeks, axis=1)], axis=1)
    first = np.clip(np.arange(count) - window // 2, 0, count - window)
    return np.asarray(sums[:, first + window] - sums[:, first])
