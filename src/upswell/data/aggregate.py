"""Sums over a panel with gaps: which days have an honest total, and what it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data.panel import Panel
from upswell.data.tree import Tree

__all__ = ["VANISHED_AFTER", "Lives", "fill_for_sums", "find_lives", "node_values"]

VANISHED_AFTER = 7
"""A series without a value in this many last days and more has vanished."""

_LARGEST_SHARE = 0.1
_CARRIED = 7


@dataclass(frozen=True)
class Lives:
    """From when to when each series of a panel lives.

    Parameters
    ----------
    first
        Index of the first day with a value, shape ``(N,)``; ``T`` for a series without any.
    last
        Index of the last day with a value; -1 for a series without any.
    inside
        Days of the life, shape ``(N, T)``. It ends with the panel unless the series vanished,
        that is, unless its last value is more than 7 days older than the panel's end.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    inside: NDArray[np.bool_]

    @property
    def vanished(self) -> NDArray[np.bool_]:
        """Which series vanished, shape ``(N,)``; those without any value did not."""
        days = self.inside.shape[1]
        return np.asarray((self.last >= 0) & (self.last < days - 1 - VANISHED_AFTER))

    @property
    def appeared(self) -> NDArray[np.bool_]:
        """Which series have their first value after the panel's first day, shape ``(N,)``."""
        return np.asarray((self.last >= 0) & (self.first > 0))


def find_lives(values: NDArray[np.float64]) -> Lives:
    """Return the lives of series, values of shape ``(N, T)``, NaN where missing.

    Examples
    --------
    >>> lives = find_lives(np.array([[np.nan, 1.0, np.nan, 2.0]]))
    >>> lives.inside.tolist()
    [[False, True, True, True]]
    """
    series, days = values.shape
    observed = np.isfinite(values)
    some = np.asarray(observed.any(axis=1))
    first = np.where(some, observed.argmax(axis=1) if days else 0, days)
    last = np.where(some, days - 1 - (observed[:, ::-1].argmax(axis=1) if days else 0), -1)
    end = np.where(last < days - 1 - VANISHED_AFTER, last, days - 1)
    day = np.arange(days)
    inside = (day >= first[:, None]) & (day <= end[:, None]) & some[:, None]
    return Lives(first, last, inside.reshape(series, days))


def fill_for_sums(values: NDArray[np.float64], lives: Lives) -> NDArray[np.float64]:
    """Fill series so that they can be summed.

    Outside its life a series counts 0. A gap inside is bridged by a straight line between the
    days around it; missing days at the end take the mean of the last 7 days with a value.

    Parameters
    ----------
    values
        Shape ``(N, T)``, NaN where missing.
    lives
        Of the same series.

    Returns
    -------
    numpy.ndarray
        Shape ``(N, T)``, finite.

    Examples
    --------
    >>> values = np.array([[np.nan, 2.0, np.nan, 4.0, np.nan]])
    >>> fill_for_sums(values, find_lives(values)).tolist()
    [[0.0, 2.0, 3.0, 4.0, 3.0]]
    """
    filled = np.where(lives.inside, values, 0.0)
    items, days = np.nonzero(np.isnan(filled))
    if items.size == 0:
        return filled
    length = values.shape[1]
    observed = np.isfinite(values)
    day = np.arange(length)
    before = np.maximum.accumulate(np.where(observed, day, -1), axis=1)[items, days]
    after = np.where(observed, day, length)[:, ::-1]
    after = np.minimum.accumulate(after, axis=1)[:, ::-1][items, days]
    between = after < length
    left, right = values[items, before], values[items, np.minimum(after, length - 1)]
    weight = (days - before) / (after - before)
    line = left * (1.0 - weight) + right * weight
    ends = np.unique(items[~between])
    carried = np.zeros(values.shape[0])
    carried[ends] = _last_mean(values[ends])
    filled[items, days] = np.where(between, line, carried[items])
    return filled


def _last_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of the last 7 values of each row."""
    observed = np.isfinite(values)
    from_end = np.cumsum(observed[:, ::-1], axis=1)[:, ::-1]
    chosen = observed & (from_end <= _CARRIED)
    count = np.maximum(chosen.sum(axis=1), 1)
    return np.asarray(np.where(chosen, values / count[:, None], 0.0).sum(axis=1))


def node_values(panel: Panel) -> NDArray[np.float64]:
    """Return the values of all series of the tree of a panel.

    Leaves are as they are. A sum counts a leaf as 0 outside its life, and bridges a leaf's
    missing days inside its life (see `fill_for_sums`) as long as such leaves make up at most 10%
    of the sum of that day; else the sum is missing. It is missing, too, on days on which no leaf
    of it that lives has a value, or no leaf of the panel has one.

    Only days of the panel are used: for what was known earlier, cut it with `Panel.until`.

    Parameters
    ----------
    panel
        ``N`` leaves over ``T`` days.

    Returns
    -------
    numpy.ndarray
        Shape ``(S, T)``, in the order of `Tree.of_panel`; NaN marks a missing day.

    Examples
    --------
    >>> values = np.array([[50.0, 50, 50], [2, np.nan, 4], [np.nan, 7, 7]])
    >>> node_values(Panel.from_arrays(values, items=["a", "b", "c"]))[0].tolist()
    [52.0, 60.0, 61.0]
    """
    tree = Tree.of_panel(panel)
    lives = find_lives(panel.values)
    filled = fill_for_sums(panel.values, lives)
    observed = np.isfinite(panel.values)
    missing = lives.inside & ~observed
    out = tree.sums(filled)
    out[tree.first_leaf :] = panel.values
    above = slice(0, tree.first_leaf)
    if missing.any():
        bridged = tree.sums(np.where(missing, filled, 0.0))[above]
        out[above][bridged > _LARGEST_SHARE * out[above]] = np.nan
    alive = tree.sums(lives.inside.astype(np.float64))[above] > 0
    seen = tree.sums(observed.astype(np.float64))[above] > 0
    out[above][(alive & ~seen) | ~seen[0]] = np.nan
    return out
