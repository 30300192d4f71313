"""The end of a panel: a last day that was read before it was over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upswell.data.contract._findings import CellFinding
from upswell.data.ledger import Action

__all__ = ["drop_partial_days"]

_REFERENCE = 14
_FEWEST_REFERENCE = 7
_MEMORY = 56
_FEWEST_MEMORY = 14
_COLLAPSE = 0.35
_COLLAPSE_SHORT = 0.1
_LOW = 0.7
_MOST_DROPPED = 3


def drop_partial_days(values: NDArray[np.float64]) -> tuple[int, list[CellFinding]]:
    """Find how many days to keep.

    The last day, or the last two or three, are partial when their total falls below 35% of the
    lowest total of the 14 days before (or below 70% of it and 35% of the same weekdays), over the
    series that both days have (or, with 3 series or more, over all), and when no such fall stands
    in the 56 days before. With fewer than 14 such days to look back on, the bound is 10%. A last
    day below 70% is flagged only.

    Parameters
    ----------
    values
        Counts, shape ``(N, T)``, NaN where missing.

    Returns
    -------
    tuple
        Number of days to keep and the findings.
    """
    days = values.shape[1]
    window = min(days, _MOST_DROPPED + _MEMORY + _REFERENCE)
    tail = values[:, days - window :]
    common, whole = _ratios(tail)
    ratios = np.fmin(common, whole) if values.shape[0] >= 3 else common
    void = np.asarray(~np.isfinite(tail).any(axis=0))
    for count in range(_MOST_DROPPED, 0, -1):
        if _collapses(ratios, void, count):
            return days - count, [_dropped(values, days - count)]
    return days, _low(values, ratios)


def _ratios(tail: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each day's total over each other day's, shape ``(W, W)``, NaN where unknown.

    The first compares the series that both days have, the second all those of the other day.
    """
    present = np.isfinite(tail).astype(np.float64)
    filled = np.where(np.isfinite(tail), tail, 0.0)
    # A sum must not overflow, and only ratios matter.
    scale = filled.max(initial=0.0)
    filled = filled / scale if scale > 0 else filled
    over = filled.T @ present
    known = np.diag(over)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        common = np.where(over.T > 0, over / over.T, np.nan)
        whole = np.where(known > 0, over / known, np.nan)
    return common, whole


def _fall(ratios: NDArray[np.float64], day: int, stop: int) -> float:
    """Return how far a day's total fell; NaN when unknown.

    This is the day's total over the lowest of the 14 days before `stop`. Where the total over
    the lower of the same weekdays among them is less, it is that, but at least half the first:
    a day at 20% of its weekday fell far even when another weekday is always low.
    """
    reference = ratios[day, max(stop - _REFERENCE, 0) : stop]
    known = reference[np.isfinite(reference)]
    if known.size < _FEWEST_REFERENCE:
        return float("nan")
    lowest = float(known.max())
    weekdays = np.array([ratios[day, at] for at in (day - 7, day - 14) if 0 <= at < stop])
    if weekdays.size == 0 or not np.isfinite(weekdays).all():
        return lowest
    return min(lowest, max(float(weekdays.max()), 0.5 * lowest))


def _collapses(ratios: NDArray[np.float64], void: NDArray[np.bool_], count: int) -> bool:
    stop = ratios.shape[0] - count
    if stop < _FEWEST_REFERENCE:
        return False
    # Days without any value are no fall in a total, unless the end is of that kind itself.
    looked_at = [
        day for day in range(max(stop - _MEMORY, 0), stop) if void[stop:].all() or not void[day]
    ]
    earlier = np.array([_fall(ratios, day, day) for day in looked_at])
    known = earlier[np.isfinite(earlier)]
    bound = _COLLAPSE if known.size >= _FEWEST_MEMORY else _COLLAPSE_SHORT
    falls = [_fall(ratios, day, stop) for day in range(stop, stop + count)]
    return all(fall < bound for fall in falls) and not bool((known < _COLLAPSE).any())


def _dropped(values: NDArray[np.float64], keep: int) -> CellFinding:
    mask = np.isfinite(values)
    mask[:, :keep] = False
    if not mask.any():
        mask[:, keep:] = True
    return CellFinding.of_mask(
        "partial-last-day",
        Action.DROPPED,
        "the total falls far below all days before: the day was read before it was over",
        mask,
    )


def _low(values: NDArray[np.float64], ratios: NDArray[np.float64]) -> list[CellFinding]:
    last = ratios.shape[0] - 1
    fall = _fall(ratios, last, last)
    earlier = [_fall(ratios, day, day) for day in range(max(last - _MEMORY, 0), last)]
    if not fall < _LOW or any(before < _LOW for before in earlier):
        return []
    mask = np.isfinite(values)
    mask[:, :-1] = False
    reason = f"the total fell to {fall:.0%} of the days before; the day may be partial"
    return [CellFinding.of_mask("low-last-day", Action.FLAGGED, reason, mask)]
