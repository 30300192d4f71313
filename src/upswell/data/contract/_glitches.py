"""Glitches of a running total: readings that leave its level and come back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["glitched_readings", "zero_glitches"]

_BIG = 20.0
_RETURN = 0.8
_SHORT = 28
_BIRTH = 10.0
_FEWEST_COUNTERS = 3


def zero_glitches(
    items: NDArray[np.int64], days: NDArray[np.int64], readings: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Find zeros that say that the counter was not read.

    These are zeros that the counter never leaves; zeros after a positive reading that it leaves
    for at least half of its old level; and zeros before the first positive reading, when that is
    far above what the counter gains in the days that follow. On a day on which 3 counters or more
    are read and all of them are zero, none was read.

    Parameters
    ----------
    items, days, readings
        Series, day and reading, in the order of series and day, all of shape ``(R,)``.

    Returns
    -------
    numpy.ndarray
        Mask of shape ``(R,)``.
    """
    zero: NDArray[np.bool_] = np.equal(readings, 0)
    if not zero.any():
        return zero
    index = np.arange(readings.size)
    before = np.maximum.accumulate(np.where(zero, -1, index))
    after = np.minimum.accumulate(np.where(zero, readings.size, index)[::-1])[::-1]
    known_before = (before >= 0) & (items[np.maximum(before, 0)] == items)
    known_after = after < readings.size
    known_after &= items[np.minimum(after, readings.size - 1)] == items
    level = readings[np.maximum(before, 0)]
    next_level = readings[np.minimum(after, readings.size - 1)]
    returns = ~known_after | (next_level >= 0.5 * level)
    glitch: NDArray[np.bool_] = zero & np.where(known_before, returns, ~known_after)
    leading = np.flatnonzero(zero & ~known_before & known_after)
    for first in np.unique(after[leading]):
        follow = readings[first : first + 8][items[first : first + 8] == items[first]]
        gain = float(np.diff(follow).max(initial=0.0))
        if readings[first] > _BIRTH * (gain + 1.0):
            glitch[leading[after[leading] == first]] = True
    positive = np.bincount(days, weights=~zero)
    unread = (positive == 0) & (np.bincount(days) >= _FEWEST_COUNTERS)
    return np.asarray(glitch | unread[days])


def glitched_readings(readings: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Find excursions of one running total and jumps that are not a day's gain.

    A fall of more than 20 times the usual step is an excursion downwards when a single later
    step makes up for at least 80% of it, and the end of an excursion upwards when a single
    earlier step, at most 28 readings before, rose as far. The shorter of the two is taken. An
    excursion downwards that is longer than 28 readings and moves on is a counter of its own: its
    readings stay, but the jump back is no day's gain.

    Parameters
    ----------
    readings
        Readings of one series in the order of days, shape ``(R,)``.

    Returns
    -------
    tuple
        Masks of shape ``(R,)``: readings to leave out, and readings whose difference to the one
        before is no gain.
    """
    removed = np.zeros(readings.size, dtype=bool)
    jumps = np.zeros(readings.size, dtype=bool)
    steps = np.diff(readings)
    usual = float(np.median(steps[steps > 0])) if (steps > 0).any() else 0.0
    for fall in np.flatnonzero(-steps > _BIG * usual):
        at = int(fall) + 1
        if removed[at] or removed[at - 1]:
            continue
        depth = -float(steps[fall])
        up = np.flatnonzero(steps[at:] >= _RETURN * depth)
        back = at + int(up[0]) + 1 if up.size else -1
        since = max(at - _SHORT, 1)
        rose = np.flatnonzero(steps[since - 1 : at - 1] >= _RETURN * depth)
        begin = since + int(rose[-1]) if rose.size else -1
        if begin >= 0 and (back < 0 or at - begin < back - at):
            removed[begin:at] = True
        elif back >= 0 and (back - at <= _SHORT or np.ptp(readings[at:back]) == 0):
            removed[at:back] = True
        elif back >= 0:
            jumps[back] = True
    return removed, jumps
