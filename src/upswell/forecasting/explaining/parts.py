"""Parts of a history: level, trend, weekly profile, bursts and the rest; their product is it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.forecasting.explaining._robust import median, repeated_median, spread
from upswell.forecasting.explaining.bursts import Burst, find_bursts, wake

__all__ = ["FAMILIES", "Parts", "split_history"]

Floats = NDArray[np.float64]

FAMILIES = ("trend", "week", "bursts")
"""The parts that can be taken out."""

WEEK = 7
TREND_WEEKS = 7
"""Weeks that a piece of the trend rests on: a burst of three weeks does not bend it."""

PROFILE_WEEKS = 13
"""Weeks that a weekly profile rests on."""

LIMIT = 2.5
"""Spreads beyond which a day counts no further for the profile."""

LEAST_VIEWS = 0.01
LEAST_DAYS = 14
PASSES = 4
COUNTED = 20.0
"""Where more views a day are usual, a zero is no chance."""

CLOSED = 0.05
"""On days of the week with a factor below this next to nothing is known of a day without it."""
RECENT_DAYS = 56


@dataclass(frozen=True)
class Parts:
    """The parts of ``S`` histories of ``T`` days.

    Parameters
    ----------
    values
        The counts, shape ``(S, T)``, NaN where missing.
    level
        Views of a usual day at the end, shape ``(S,)``.
    trend
        Factor of all that is slower than some weeks, the year too; 1 on the last day, ``(S, T)``.
    week
        Factor of the day of the week, with mean 1 over each week, ``(S, T)``.
    burst
        Factor of the days of bursts, else 1, ``(S, T)``.
    bursts
        The bursts of each series, the oldest first.
    """

    values: Floats
    level: Floats
    trend: Floats
    week: Floats
    burst: Floats
    bursts: tuple[tuple[Burst, ...], ...]

    @property
    def rest(self) -> Floats:
        """Factor of what no part holds, ``(S, T)``; NaN where a day is missing."""
        whole = self.level[:, None] * self.trend * self.week * self.burst
        return np.asarray(self.values / whole)

    def without(self, families: Collection[str]) -> Floats:
        """Return the histories with parts taken out, shape ``(S, T)``.

        Parameters
        ----------
        families
            Some of `FAMILIES`. Without any of them the very values come back.

        Raises
        ------
        SettingError
            When there is no part of that name.
        """
        if unknown := sorted(set(families) - set(FAMILIES)):
            raise SettingError(f"no part {unknown[0]!r}", fix=f"use {', '.join(FAMILIES)}")
        factors = {"trend": self.trend, "week": self.week, "bursts": self.burst}
        out = self.values.copy()
        for name in FAMILIES:
            if name in families:
                out /= factors[name]
        if "week" in families:
            out[self.week < CLOSED] = np.nan
        return out

    def without_bursts(self, chosen: Mapping[int, Burst]) -> Floats:
        """Return the histories, some of them without one of their bursts; shape ``(S, T)``.

        Parameters
        ----------
        chosen
            The burst that is taken out, by the place of its series.
        """
        out = self.values.copy()
        for row, burst in chosen.items():
            out[row, burst.days] /= burst.factors
        return out


def split_history(values: Floats) -> Parts:
    """Split histories into their parts, robustly.

    Parameters
    ----------
    values
        Counts, not negative, shape ``(S, T)`` with ``T`` at least 1; NaN marks missing days.
        Weeks are counted back from the last day.

    Returns
    -------
    Parts
        They multiply to the history.

    Notes
    -----
    On the scale ``log(1 + views)``: the trend goes through robust lines over seven weeks each
    (repeated medians); the profile is the mean deviation of each day of the week over 13 weeks,
    with outliers pulled in, and shrunk towards none by what the noise would make of it (the
    positive part of James and Stein 1961); bursts are days far above both. Each pass leaves out the
    bursts that the one before has found.

    Examples
    --------
    >>> days = np.arange(84)
    >>> views = 1000.0 * np.exp(0.01 * days) * (1 + 0.3 * (days % 7 == 5))
    >>> views[70:73] *= 4
    >>> parts = split_history(views[None])
    >>> burst, = parts.bursts[0]
    >>> burst.first, burst.last, round(burst.times, 1)
    (70, 72, 4.0)
    >>> round(float(np.log(parts.trend[0, 50] / parts.trend[0, 40])), 2)
    0.1
    """
    open_days = np.where(_outages(values), np.nan, values)
    logs = np.log1p(open_days)
    week = np.ones(values.shape)
    level, burst = week, week
    none = np.zeros(values.shape, dtype=bool)
    run, wakes, bursts = none, none, ()
    for number in range(PASSES):
        quiet = np.where(run, np.nan, logs - np.log(burst))
        # A level that has seen the tails of bursts hides them, so the first one with bursts has not.
        level = _levels(np.where(wakes if number == 2 else none, np.nan, quiet) - np.log(week))
        week = _profiles(quiet, level)
        # The very first level has seen days off as they are, and lies too low.
        if number > 0:
            bursts, burst = _bursts(values, level * week, _noise(logs, level * week))
            run, wakes = _days_of(bursts, np.isfinite(logs))
    level *= _centre(np.where(run, np.nan, open_days / (level * week * burst)))[:, None]
    bursts, burst = _bursts(values, level * week, _noise(logs, level * week))
    return Parts(
        values=values,
        level=level[:, -1].copy(),
        trend=level / level[:, -1:],
        week=week,
        burst=burst,
        bursts=bursts,
    )


def _weeks(values: Floats) -> Floats:
    """Return values by week, shape ``(S, K, 7)``; the first week may be short, the last is not."""
    missing = -values.shape[1] % WEEK
    padded = np.pad(values, ((0, 0), (missing, 0)), constant_values=np.nan)
    return padded.reshape(len(values), -1, WEEK)


def _days(weeks: Floats, days: int) -> Floats:
    """Return values by week as values by day, shape ``(S, T)``."""
    return weeks.reshape(len(weeks), -1)[:, -days:]


def _bursts(
    values: Floats, usual: Floats, noise: Floats
) -> tuple[tuple[tuple[Burst, ...], ...], Floats]:
    """Return the bursts of each series, and their factors, ``(S, T)``."""
    found = [find_bursts(*one) for one in zip(values, usual, noise.tolist(), strict=True)]
    factors = [one for _, one in found]
    return tuple(ones for ones, _ in found), np.stack(factors) if found else np.ones(values.shape)


def _days_of(
    bursts: tuple[tuple[Burst, ...], ...], known: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the days of the runs of bursts, and all days on which they may still fade."""
    shape = known.shape
    run, wakes = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for row, found in enumerate(bursts):
        for burst in found:
            run[row, burst.first : burst.last + 1] = True
            wakes[row, burst.first : wake(burst.peak, burst.times, shape[1])] = True
    return run & _enough(~run & known), wakes & _enough(~wakes & known)


def _enough(left: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say of which series enough days are left for a level, shape ``(S, 1)``."""
    return left.sum(axis=1, keepdims=True) >= LEAST_DAYS


def _outages(values: Floats) -> NDArray[np.bool_]:
    """Return the zeros that belong to no level and to no day off of the week, ``(S, T)``."""
    zero = values == 0
    usual = median(np.where(values > 0, values, np.nan))
    by_week = _weeks(values)
    zeros, days = _running((by_week == 0).astype(np.float64)), _running(1.0 * np.isfinite(by_week))
    share = zeros / np.maximum(days, 1.0)
    off = (share > 0.5) & (share.mean(axis=2, keepdims=True) < 0.5)
    return zero & ~_days(off, values.shape[1]) & (usual > COUNTED)[:, None]


def _levels(quiet: Floats) -> Floats:
    """Return the level of each day in views, from logs, by robust lines over weeks; ``(S, T)``."""
    days = quiet.shape[1]
    typical = _typical(_weeks(quiet))
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
        line = np.interp(time, at, height[known])
        # The outermost weeks have their own line, and beyond them the level stays.
        line += np.clip(time - at[-1], 0.0, WEEK // 2) * slope[known][-1] / WEEK
        line -= np.clip(at[0] - time, 0.0, WEEK // 2) * slope[known][0] / WEEK
        out[row] = line
    return np.maximum(np.expm1(np.clip(out, 0.0, 60.0)), LEAST_VIEWS)


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


def _profiles(logs: Floats, level: Floats) -> Floats:
    """Return the factor of the weekday on each day, ``(S, T)``."""
    away = _weeks(logs - np.log1p(level))
    centre = median(away)[..., None]
    away = away - np.where(np.isfinite(centre), centre, 0.0)
    flat = away.reshape(len(away), -1)
    usual = median(np.moveaxis(away, 1, 2))[:, None, :]
    noise = spread((away - usual).reshape(flat.shape))
    noise = np.where(np.isfinite(noise), noise, 0.0)[:, None, None]
    reach = np.maximum(LIMIT * noise, 1e-6)
    pulled = usual + np.clip(away - usual, -reach, reach)
    known = np.isfinite(pulled)
    number = _running(known.astype(np.float64))
    profile = _running(np.where(known, pulled, 0.0)) / np.maximum(number, 1.0)
    profile = profile - profile.mean(axis=2, keepdims=True)
    # What noise alone would make of six free figures, beside what is there.
    chance = (noise**2 / np.maximum(number, 1.0)).sum(axis=2, keepdims=True) * (4.0 / 7.0)
    power = (profile**2).sum(axis=2, keepdims=True)
    profile *= np.maximum(1.0 - chance / np.maximum(power, 1e-12), 0.0)
    profile[(number.min(axis=2) < 1)] = 0.0
    factors = np.exp(profile)
    return _days(factors / factors.mean(axis=2, keepdims=True), logs.shape[1])


def _running(weeks: Floats) -> Floats:
    """Return sums over the weeks around each week; near an end, over as many next to it."""
    count = weeks.shape[1]
    window = min(PROFILE_WEEKS, count)
    sums = np.concatenate([np.zeros_like(weeks[:, :1]), np.cumsum(weeks, axis=1)], axis=1)
    first = np.clip(np.arange(count) - window // 2, 0, count - window)
    return np.asarray(sums[:, first + window] - sums[:, first])


def _noise(logs: Floats, usual: Floats) -> Floats:
    """Return the usual deviation of a day, at least that of counting, ``(S,)``."""
    found = spread(logs - np.log1p(usual))
    views = median(usual)
    counting = np.sqrt(views + 0.25) / (views + 1.0)
    return np.maximum(np.where(np.isfinite(found), found, 0.0), np.maximum(counting, 0.03))


def _centre(rest: Floats) -> Floats:
    """Return the mean of the rest over the last days, within a factor of 2 of 1; ``(S,)``."""
    last = rest[:, -RECENT_DAYS:]
    known = np.isfinite(last)
    mean = np.where(known, last, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.where(known.any(axis=1), np.clip(mean, 0.5, 2.0), 1.0)
