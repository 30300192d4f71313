"""Stale values: counts that repeat the day before because nothing new was read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upswell.data.contract._findings import CellFinding
from upswell.data.ledger import Action

__all__ = ["mark_stale", "stale_days"]

_SHARE = 0.9
_FEWEST_ITEMS = 3
_CHANCE = 1e-4
_USUAL_REPEATS = 0.5
_LONGEST_RUN = 3
_LARGE = 1000.0


def mark_stale(
    values: NDArray[np.float64],
) -> tuple[NDArray[np.float64], list[CellFinding]]:
    """Mark stale days and stale runs as missing.

    A stale day is one on which at least 90% of the items (3 or more) repeat exactly their
    positive count of the day before, where that is not what they usually do. A stale run is an
    item that repeats a large count on more than 3 days; large means at least 1,000 times the
    unit in which the item is counted, so that rounded and constant series are left alone.

    Parameters
    ----------
    values
        Counts, shape ``(N, T)``, NaN where missing.

    Returns
    -------
    tuple
        The values and the findings.
    """
    days = stale_days(values)
    runs = _stale_runs(np.where(days, np.nan, values)) & ~days
    findings = [
        CellFinding.of_mask(
            "stale-day",
            Action.MARKED_MISSING,
            "almost all series repeat the day before: nothing new was read",
            days,
        ),
        CellFinding.of_mask(
            "stale-run",
            Action.MARKED_MISSING,
            "the same large count on more than 3 days; all but the first are missing",
            runs,
            own=True,
        ),
    ]
    return np.where(days | runs, np.nan, values), findings


def stale_days(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which cells repeat the day before on a stale day, shape ``(N, T)``."""
    stale = np.zeros(values.shape, dtype=bool)
    if values.shape[0] < _FEWEST_ITEMS:
        return stale
    before, after = values[:, :-1], values[:, 1:]
    compared = np.isfinite(before) & np.isfinite(after) & ((before > 0) | (after > 0))
    repeated = compared & (before == after)
    count = compared.sum(axis=0)
    share = repeated.sum(axis=0) / np.maximum(count, 1)
    suspect = (count >= _FEWEST_ITEMS) & (share >= _SHARE)
    if not suspect.any():
        return stale
    usual = share[(count >= _FEWEST_ITEMS) & ~suspect]
    often = float(usual.mean()) if usual.size else 1.0
    chance = np.power(often, repeated.sum(axis=0))
    suspect &= (chance < _CHANCE) & (often < _USUAL_REPEATS)
    stale[:, 1:] = repeated & suspect
    return stale


def _stale_runs(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    before, after = values[:, :-1], values[:, 1:]
    repeats = np.zeros(values.shape, dtype=bool)
    repeats[:, 1:] = (before == after) & (after >= _LARGE)
    # A run of more than 3 days has 3 repeats in a row.
    threes = repeats[:, 2:] & repeats[:, 1:-1] & repeats[:, :-2]
    for item in np.flatnonzero(threes.any(axis=1)):
        unit = _unit(values[item])
        repeats[item] &= _in_long_run(repeats[item]) & (values[item] >= _LARGE * unit)
    repeats[~threes.any(axis=1)] = False
    return repeats


def _in_long_run(repeats: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which repeats stand in a run of at least 3 of them."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], repeats.astype(np.int8), [0]])))
    long_enough = np.zeros(repeats.size, dtype=bool)
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        long_enough[start:stop] = stop - start >= _LONGEST_RUN
    return long_enough


def _unit(values: NDArray[np.float64]) -> float:
    """Return the largest number that divides all counts: 100 where they are rounded so."""
    known = np.unique(values[np.isfinite(values) & (values > 0)])
    if known.size == 1:
        return float(known[0])
    if known[-1] >= 2**62 or (known != np.floor(known)).any():
        return 1.0
    return float(np.gcd.reduce(known.astype(np.int64)))
