"""Parts of a history: level, trend, weekly profile, bursts and the rest; their product is it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.forecasting.explaining._robust import median, spread
from upswell.forecasting.explaining._shape import by_days, by_weeks, levels, profiles, running
from upswell.forecasting.explaining.bursts import Burst, find_bursts, wake

__all__ = ["FAMILIES", "GROWTH_DAYS", "Parts", "split_history"]

Floats = NDArray[np.float64]

FAMILIES = ("trend", "week", "bursts")
"""The parts that can be taken out."""

GROWTH_DAYS = 28
"""So far back growth is told, where the history goes back that far."""

LEAST_DAYS = 14
PASSES, BLIND = 5, 2
"""Passes of the estimation, counted from 0, and the one whose level sees no tails of bursts."""

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
    run = wakes = np.zeros(values.shape, dtype=bool)
    for number in range(PASSES):
        quiet = np.where(run, np.nan, logs - np.log(burst))
        # A level that has seen the tails of bursts hides them: the first one with bursts has not.
        blind = number == BLIND
        seen = np.where(wakes, np.nan, quiet) if blind else quiet
        level = levels(seen - np.log(week), hold=number >= BLIND)
        week = profiles(quiet, level)
        # The very first level has seen days off as they are, and lies too low.
        if number > 0:
            known_bursts, burst = _bursts(values, level * week, _noise(logs, level * week))
            run, wakes = _days_of(known_bursts, np.isfinite(logs))
    level = level * _centre(np.where(run, np.nan, open_days), level * week * burst)[:, None]
    bursts, burst = _bursts(values, level * week, _noise(logs, level * week))
    return Parts(
        values=values,
        level=level[:, -1].copy(),
        trend=level / level[:, -1:],
        week=week,
        burst=burst,
        bursts=bursts,
    )


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
    return np.asarray(left.sum(axis=1, keepdims=True) >= LEAST_DAYS)


def _outages(values: Floats) -> NDArray[np.bool_]:
    """Return the zeros that belong to no level and to no day off of the week, ``(S, T)``."""
    zero = values == 0
    usual = median(np.where(values > 0, values, np.nan))
    by_week = by_weeks(values)
    zeros, days = running((by_week == 0).astype(np.float64)), running(1.0 * np.isfinite(by_week))
    share = zeros / np.maximum(days, 1.0)
    off = (share > 0.5) & (share.min(axis=2, keepdims=True) <= 0.5)
    chance = by_days(off.astype(np.float64), values.shape[1]) == 0
    return np.asarray(zero & chance & (usual > COUNTED)[:, None])


def _noise(logs: Floats, usual: Floats) -> Floats:
    """Return the usual deviation of a day, at least that of counting, ``(S,)``."""
    found = spread(logs - np.log1p(usual))
    views = median(usual)
    counting = np.sqrt(views + 0.25) / (views + 1.0)
    return np.maximum(np.where(np.isfinite(found), found, 0.0), np.maximum(counting, 0.03))


def _centre(seen: Floats, usual: Floats) -> Floats:
    """Return what was seen over what was usual on the last days, ``(S,)``.

    It is within a factor of 2 of 1, but for levels below one view a day: there most days have none.
    """
    last = seen[:, -RECENT_DAYS:]
    known = np.isfinite(last)
    base = np.where(known, usual[:, -RECENT_DAYS:], 0.0).sum(axis=1)
    ratio = np.where(known, last, 0.0).sum(axis=1) / np.maximum(base, 1e-12)
    most = np.where(usual[:, -1] < 1.0, np.inf, 2.0)
    return np.where(known.any(axis=1), np.clip(ratio, 0.5, most), 1.0)
