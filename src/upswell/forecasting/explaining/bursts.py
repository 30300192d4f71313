"""Bursts: runs of days far above what was usual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Burst", "burst_factors", "find_bursts"]

Floats = NDArray[np.float64]

PEAK_SPREADS, PEAK_LEAST = 4.0, np.log(1.4)
"""How far above the usual a burst's largest day lies: in spreads of the noise, and at least."""

FOOT_SPREADS, FOOT_LEAST = 1.5, np.log(1.1)
"""The same of the days around it that still belong to it."""

BREAK = 2
"""So many days below that in a row end a burst."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A run of days far above the usual.

    Parameters
    ----------
    first, last, peak
        Its first, last and largest day, counted from the first day of the history.
    views
        What it brought above the usual.
    share
        That as a part of all views on these days.
    times
        Its largest day, in multiples of the usual.
    """

    first: int
    last: int
    peak: int
    views: float
    share: float
    times: float

    def holds(self, day: int) -> bool:
        """Say whether a day is one of its days."""
        return self.first <= day <= self.last


def find_bursts(values: Floats, usual: Floats, noise: float) -> tuple[Burst, ...]:
    """Find the bursts of one series, the oldest first.

    Parameters
    ----------
    values, usual
        Counts, NaN where missing, and what was usual on that day, above 0; shape ``(T,)``.
    noise
        Usual deviation of ``log(1 + values)`` from ``log(1 + usual)``.

    Examples
    --------
    >>> found, = find_bursts(np.array([9.0, 11.0, 50.0, 30.0, 10.0, 9.0]), np.full(6, 10.0), 0.1)
    >>> found.first, found.last, found.views, found.times
    (2, 3, 60.0, 5.0)
    """
    above = np.log1p(np.where(np.isfinite(values), values, 0.0)) - np.log1p(usual)
    peak = np.isfinite(values) & (above >= max(PEAK_SPREADS * noise, PEAK_LEAST))
    foot = np.isfinite(values) & (above >= max(FOOT_SPREADS * noise, FOOT_LEAST))
    found: list[Burst] = []
    for day in np.flatnonzero(peak).tolist():
        if found and found[-1].holds(day):
            continue
        after = found[-1].last + 1 if found else 0
        first = day - _reach(foot[after:day][::-1])
        last = day + _reach(foot[day + 1 :])
        found.append(_burst(values, usual, first, last))
    return tuple(found)


def _reach(foot: NDArray[np.bool_]) -> int:
    """Return how many days a burst goes on, over single days that are lower or missing."""
    reach = 0
    for day, still in enumerate(foot.tolist(), start=1):
        if still:
            reach = day
        elif day - reach >= BREAK:
            break
    return reach


def _burst(values: Floats, usual: Floats, first: int, last: int) -> Burst:
    days = slice(first, last + 1)
    seen = np.where(np.isfinite(values[days]), values[days], 0.0)
    views = float(np.maximum(seen - usual[days], 0.0).sum())
    times = seen / usual[days]
    peak = int(np.argmax(times))
    return Burst(first, last, first + peak, views, views / float(seen.sum()), float(times[peak]))


def burst_factors(values: Floats, usual: Floats, bursts: tuple[Burst, ...]) -> Floats:
    """Return by what each day is above the usual in bursts, else 1; shape ``(T,)``."""
    out = np.ones(values.shape)
    for burst in bursts:
        days = slice(burst.first, burst.last + 1)
        ratio = values[days] / usual[days]
        out[days] = np.where(np.isfinite(ratio), np.maximum(ratio, 1.0), 1.0)
    return out
