"""Running totals into daily counts: differences, with glitches and resets left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upswell.data.contract._findings import CellFinding
from upswell.data.contract._glitches import glitched_readings, zero_glitches
from upswell.data.contract._stale import stale_days
from upswell.data.ledger import Action

__all__ = ["difference_counters"]

_RESET = 0.5
_MISSING = Action.MARKED_MISSING


def difference_counters(
    values: NDArray[np.float64],
) -> tuple[NDArray[np.float64], list[CellFinding]]:
    """Turn running totals into daily counts.

    A day's count is its reading less the reading of the day before. It is missing where either
    is: a difference over several days is never given to one of them nor spread. Readings that
    leave the level of their counter and come back are left out first.

    Parameters
    ----------
    values
        Readings, shape ``(N, T)``, not negative, NaN where missing.

    Returns
    -------
    tuple
        Daily counts, shape ``(N, T)``, and the findings.
    """
    stale = stale_days(values)
    kept = np.where(stale, np.nan, values)
    items, days = np.nonzero(np.isfinite(kept))
    readings = kept[items, days]
    zeros = zero_glitches(items, days, readings)
    kept[items[zeros], days[zeros]] = np.nan
    items, days, readings = items[~zeros], days[~zeros], readings[~zeros]
    removed, jumps = _excursions(items, readings)
    glitches = np.zeros(values.shape, dtype=bool)
    glitches[items[removed], days[removed]] = True
    glitches |= np.isfinite(values) & ~stale & np.isnan(kept)
    items, days = items[~removed], days[~removed]
    readings, jumps = readings[~removed], jumps[~removed]
    counts, findings = _differences(values.shape, items, days, readings, jumps)
    first = CellFinding.of_mask(
        "stale-day", _MISSING, "almost all counters repeat the day before: none was read", stale
    )
    glitch = CellFinding.of_mask(
        "counter-glitch",
        _MISSING,
        "the counter left its level and came back, or stayed at zero; such readings are left out",
        glitches,
        own=True,
    )
    return counts, [first, glitch, *findings]


def _excursions(
    items: NDArray[np.int64], readings: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    removed, jumps = np.zeros((2, readings.size), dtype=bool)
    falls = (readings[1:] < readings[:-1]) & (items[1:] == items[:-1])
    for item in np.unique(items[1:][falls]):
        here = slice(*np.searchsorted(items, [item, item + 1]))
        removed[here], jumps[here] = glitched_readings(readings[here])
    return removed, jumps


def _differences(
    shape: tuple[int, int],
    items: NDArray[np.int64],
    days: NDArray[np.int64],
    readings: NDArray[np.float64],
    jumps: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], list[CellFinding]]:
    same = items[1:] == items[:-1]
    item, day = items[1:][same], days[1:][same]
    step = np.diff(readings)[same]
    before = readings[:-1][same]
    gap = np.diff(days)[same]
    jump = jumps[1:][same]
    reset = (step < -_RESET * before) | jump
    correction = (step < 0) & ~reset
    good = (gap == 1) & ~reset & ~correction
    counts = np.full(shape, np.nan)
    counts[item[good], day[good]] = step[good]
    first = np.concatenate([[True], ~same]) if items.size else np.zeros(0, dtype=bool)
    long = gap > 1
    return counts, [
        CellFinding(
            "differenced",
            Action.CHANGED,
            "running totals became daily counts",
            item[good],
            day[good],
        ),
        CellFinding(
            "counter-start",
            Action.FLAGGED,
            "the first reading of a counter gives no daily count",
            items[first],
            days[first],
        ),
        _gaps(item[long], day[long], gap[long]),
        *_falls(item, day, reset & ~long, correction & ~long),
    ]


def _gaps(item: NDArray[np.int64], day: NDArray[np.int64], gap: NDArray[np.int64]) -> CellFinding:
    """Find the days up to each reading that follows an unread day; `gap` days, that one too."""
    lost = np.repeat(np.arange(gap.size), gap)
    back = np.repeat(np.cumsum(gap), gap) - 1 - np.arange(lost.size)
    return CellFinding(
        "counter-gap",
        Action.FLAGGED,
        "the counter was not read on the day or on the one before; its gain over several "
        "days is not given to any of them",
        item[lost],
        day[lost] - back,
    )


def _falls(
    item: NDArray[np.int64],
    day: NDArray[np.int64],
    reset: NDArray[np.bool_],
    correction: NDArray[np.bool_],
) -> list[CellFinding]:
    """Find the readings that fell, much or a little."""
    return [
        CellFinding(
            "counter-reset",
            _MISSING,
            "the counter fell by more than half and went on from there, or jumped back",
            item[reset],
            day[reset],
            own_lines=True,
        ),
        CellFinding(
            "counter-correction",
            _MISSING,
            "the counter fell a little: counts were taken back",
            item[correction],
            day[correction],
            own_lines=True,
        ),
    ]
