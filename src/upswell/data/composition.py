"""Composition: how much of a total's change came from creators that appeared or vanished."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upswell.data.aggregate import fill_for_sums, find_lives
from upswell.data.panel import Panel

__all__ = ["Composition", "composition"]

_WINDOW = 28


@dataclass(frozen=True)
class Composition:
    """The change of the total between the first and the last days, by who caused it.

    Parameters
    ----------
    window
        Number of days compared at each end: 28, or half the panel when that is less.
    appeared
        Series whose first value is later than the panel's first day.
    vanished
        Series whose last value is more than 7 days older than the panel's end, whether they
        appeared or not.
    change_total
        Mean day of the last window less mean day of the first one: the sum of the three parts.
    change_appeared, change_vanished, change_continuing
        What those that appeared and stayed, those that vanished, and all others add to it.
    """

    window: int
    appeared: tuple[str, ...]
    vanished: tuple[str, ...]
    change_total: float
    change_appeared: float
    change_vanished: float
    change_continuing: float


def composition(panel: Panel) -> Composition:
    """Say who caused the change of the total of a panel.

    Missing days inside a series' life are bridged as for sums; outside it counts 0.

    Parameters
    ----------
    panel
        ``N`` leaves over ``T`` days.

    Examples
    --------
    >>> values = np.array([[10.0, 10, 12, 12], [np.nan, np.nan, 5, 5]])
    >>> found = composition(Panel.from_arrays(values, items=["old", "new"]))
    >>> found.appeared, found.change_total, found.change_appeared, found.change_continuing
    (('new',), 7.0, 5.0, 2.0)
    """
    lives = find_lives(panel.values)
    filled = fill_for_sums(panel.values, lives)
    window = min(_WINDOW, panel.days // 2)
    change = np.zeros(len(panel.items))
    if window:
        change = (filled[:, -window:] / window).sum(axis=1) - (filled[:, :window] / window).sum(
            axis=1
        )
    appeared, vanished = lives.appeared, lives.vanished
    by_appeared = float(change[appeared & ~vanished].sum())
    by_vanished = float(change[vanished].sum())
    by_others = float(change[~appeared & ~vanished].sum())
    return Composition(
        window=window,
        appeared=tuple(panel.items[i] for i in np.flatnonzero(appeared)),
        vanished=tuple(panel.items[i] for i in np.flatnonzero(vanished)),
        change_total=by_appeared + by_vanished + by_others,
        change_appeared=by_appeared,
        change_vanished=by_vanished,
        change_continuing=by_others,
    )
