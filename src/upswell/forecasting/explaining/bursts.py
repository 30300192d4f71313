"""Bursts: runs of days far above what was usual, and how they fade."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.explaining._fading import fading

__all__ = ["Burst", "find_bursts", "wake"]

Floats = NDArray[np.float64]

PEAK_SPREADS, PEAK_LEAST = 4.0, np.log(1.4)
"""How far above the usual a burst's largest day lies: in spreads of the noise, and at least."""

FOOT_SPREADS, FOOT_LEAST = 1.5, np.log(1.1)
"""The same of the days around it that still belong to its run."""

BREAK = 2
"""So many days below that in a row end a run."""

LONGEST_RUN = 35
"""What lasts longer is a level."""

WAKE_SHARE, LONGEST_WAKE = 0.1, 42
"""A burst may fade like one over its age: its wake ends where that adds less, or after days."""

FADED = 0.05
"""A burst that adds less than this part of the usual is over."""


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
    factors
        By what its days are above those without it, at least 1; from `first` to `faded`.
    """

    first: int
    last: int
    peak: int
    faded: int
    views: float
    share: float
    times: float
    factors: Floats = field(repr=False, compare=False)

    def holds(self, day: int) -> bool:
        """Say whether a day is one of its run."""
        return self.first <= day <= self.last

    @property
    def days(self) -> slice:
        """All its days, those on which it fades too."""
        return slice(self.first, self.faded + 1)


def find_bursts(values: Floats, usual: Floats, noise: float) -> tuple[tuple[Burst, ...], Floats]:
    """Find the bursts of one series.

    Parameters
    ----------
    values, usual
        Counts, NaN where missing, and what was usual on that day, above 0; shape ``(T,)``.
    noise
        Usual deviation of ``log(1 + values)`` from ``log(1 + usual)``.

    Returns
    -------
    tuple
        The bursts, the oldest first; and their factor on each day, at least 1, shape ``(T,)``: on
        the days of a run all that is above the usual, afterwards what fades.

    Examples
    --------
    >>> views = np.array([9.0, 11.0, 50.0, 30.0, 10.0, 9.0])
    >>> (found,), factors = find_bursts(views, np.full(6, 10.0), 0.1)
    >>> found.first, found.last, found.times, factors[:4].tolist()
    (2, 3, 5.0, [1.0, 1.0, 5.0, 3.0])
    """
    factors = np.ones(values.shape)
    known = np.isfinite(values)
    if not known.any():
        return (), factors
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
    ratio = np.where(known, values / usual, np.nan)
    bursts = []
    for (first, last), end in zip(runs, ends, strict=True):
        burst = _burst(values, ratio / factors, first, last, end=end, noise=noise)
        # What the tail of an earlier one explains is no burst of its own.
        if burst.times >= np.exp(PEAK_LEAST):
            factors[burst.days] *= burst.factors
            bursts.append(burst)
    return tuple(bursts), factors


def _burst(
    values: Floats, ratio: Floats, first: int, last: int, *, end: int, noise: float
) -> Burst:
    """Return one burst; the ratio is to what was usual, with the bursts before it."""
    peak = first + int(np.nanargmax(ratio[first : last + 1]))
    times = float(ratio[peak])
    stop = min(end, max(wake(peak, times, ratio.size), last + 1))
    adds, _ = fading(ratio[peak:stop], noise, ratio.size - peak)
    faded = max(peak, peak - 1 + int((adds > FADED).sum()))
    last = min(last, faded)
    factors = np.concatenate([ratio[first:peak], 1.0 + adds[: faded - peak + 1]])
    run = ratio[first : last + 1]
    factors[: run.size] = np.where(np.isfinite(run), run, factors[: run.size])
    factors = np.maximum(np.where(np.isfinite(factors), factors, 1.0), 1.0)
    seen = np.where(np.isfinite(ratio), values, 0.0)[first : faded + 1]
    views = float((seen - seen / factors).sum())
    return Burst(first, last, peak, faded, views, views / float(seen.sum()), times, factors)


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
