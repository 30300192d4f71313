"""Bursts: runs of days far above what was usual, and how they fade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.explaining._robust import falling

__all__ = ["Burst", "burst_factors", "find_bursts", "wake"]

Floats = NDArray[np.float64]

PEAK_SPREADS, PEAK_LEAST = 4.0, np.log(1.4)
"""How far above the usual a burst's largest day lies: in spreads of the noise, and at least."""

FOOT_SPREADS, FOOT_LEAST = 1.5, np.log(1.1)
"""The same of the days around it that still belong to its run."""

BREAK = 2
"""So many days below that in a row end a run."""

LONGEST_RUN = 35
"""What lasts longer is a level."""

WAKE_SHARE, LONGEST_WAKE = 0.1, 35
"""A burst may fade like one over its age: its wake ends where that would add less, or after days."""

FADED = 1.05
"""Below this multiple of the usual a burst is over."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A run of days far above the usual, and the days on which it fades.

    Parameters
    ----------
    first, last, peak
        First, last and largest day of the run, counted from the first day of the history.
    faded
        Last day on which it still added something; `last` where nothing was left after the run.
    views
        What it brought above the usual, from `first` to `faded`.
    share
        That as a part of all views on these days.
    times
        Its largest day, in multiples of the usual.
    """

    first: int
    last: int
    peak: int
    faded: int
    views: float
    share: float
    times: float

    def holds(self, day: int) -> bool:
        """Say whether a day is one of its run."""
        return self.first <= day <= self.last

    @property
    def days(self) -> slice:
        """All its days, those on which it fades too."""
        return slice(self.first, self.faded + 1)


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
    >>> found.first, found.last, found.faded, found.views, found.times
    (2, 3, 3, 60.0, 5.0)
    """
    known = np.isfinite(values)
    above = np.log1p(np.where(known, values, 0.0)) - np.log1p(usual)
    peak = known & (above >= max(PEAK_SPREADS * noise, PEAK_LEAST))
    foot = known & (above >= max(FOOT_SPREADS * noise, FOOT_LEAST))
    runs: list[tuple[int, int]] = []
    for day in np.flatnonzero(peak).tolist():
        if runs and day <= runs[-1][1]:
            continue
        after = runs[-1][1] + 1 if runs else 0
        runs.append((day - _reach(foot[after:day][::-1]), day + _reach(foot[day + 1 :])))
    runs = [(first, last) for first, last in runs if last - first < LONGEST_RUN]
    ends = [*(first for first, _ in runs), values.size][1:]
    return tuple(_burst(values, usual, *run, end) for run, end in zip(runs, ends, strict=True))


def wake(peak: int, times: float, days: int) -> int:
    """Return the day before which a burst may still fade."""
    return min(days, peak + 1 + min(LONGEST_WAKE, int((times - 1.0) / WAKE_SHARE)))


def _reach(foot: NDArray[np.bool_]) -> int:
    """Return how many days a run goes on, over single days that are lower or missing."""
    reach = 0
    for day, still in enumerate(foot.tolist(), start=1):
        if still:
            reach = day
        elif day - reach >= BREAK:
            break
    return reach


def _burst(values: Floats, usual: Floats, first: int, last: int, end: int) -> Burst:
    with np.errstate(invalid="ignore"):
        ratio = np.where(np.isfinite(values), values / usual, np.nan)
    peak = first + int(np.nanargmax(ratio[first : last + 1]))
    times = float(ratio[peak])
    stop = min(end, max(wake(peak, times, values.size), last + 1))
    fading = falling(ratio[last + 1 : stop])
    faded = last + int((fading > FADED).sum())
    days = slice(first, faded + 1)
    seen = np.where(np.isfinite(values[days]), values[days], 0.0)
    factors = np.concatenate([ratio[first : last + 1], fading[: faded - last]])
    factors = np.maximum(np.where(np.isfinite(factors), factors, 1.0), 1.0)
    views = float((seen - seen / factors).sum())
    return Burst(first, last, peak, faded, views, views / float(seen.sum()), times)


def burst_factors(values: Floats, usual: Floats, bursts: tuple[Burst, ...]) -> Floats:
    """Return the factor of bursts on each day, at least 1; shape ``(T,)``.

    On the days of a run it is all that is above the usual; afterwards what falls from day to day.
    """
    out = np.ones(values.shape)
    ratio = values / usual
    for burst in bursts:
        out[burst.first : burst.last + 1] = ratio[burst.first : burst.last + 1]
        out[burst.last + 1 : burst.faded + 1] = falling(ratio[burst.last + 1 : burst.faded + 1])
    return np.maximum(np.where(np.isfinite(out), out, 1.0), 1.0)
