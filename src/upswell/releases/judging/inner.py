"""Folds in time within a set of releases that teach, by which settings are chosen."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["InnerFold", "inner_folds"]


class InnerFold(NamedTuple):
    """Positions that teach and that test, within a set of releases that teach."""

    train: NDArray[np.int64]
    test: NDArray[np.int64]


def inner_folds(
    keys: pl.DataFrame, closed: NDArray[np.datetime64], count: int = 3
) -> tuple[InnerFold, ...]:
    """Return folds in time within a set of releases that teach, to choose settings by.

    The releases of the later half, by release date, make `count` test blocks of about equal size;
    those of one day stay together. A block is taught by the releases whose outcome had closed
    before its first release date.

    Parameters
    ----------
    keys
        Frame with `KEY_COLUMNS`, ``N`` rows in any order.
    closed
        Last day of the outcome of each, shape ``(N,)``; NaT where it is unknown, and such a release
        neither teaches nor tests.
    count
        How many blocks are wanted.

    Returns
    -------
    tuple of InnerFold
        Oldest block first. Fewer than `count`, possibly none, where there are too few days or
        nothing had closed before a block.

    Raises
    ------
    SettingError
        When `count` is below 1 or the lengths differ.

    Examples
    --------
    >>> import datetime as dt, polars as pl
    >>> days = [dt.date(2024, 1, 1) + dt.timedelta(days=10 * n) for n in range(8)]
    >>> closed = np.array(days, dtype="datetime64[D]") + 13
    >>> for fold in inner_folds(pl.DataFrame({"release_date": days}), closed, count=2):
    ...     print(fold.train.tolist(), fold.test.tolist())
    [0, 1, 2] [4, 5]
    [0, 1, 2, 3, 4] [6, 7]
    """
    days = keys["release_date"].to_numpy().astype("datetime64[D]")
    if count < 1 or closed.shape != days.shape:
        raise SettingError(f"{count} folds of {days.size} releases and {closed.shape} closed days")
    known = np.flatnonzero(~np.isnat(closed) & ~np.isnat(days))
    order = known[np.argsort(days[known], kind="stable")]
    ordered = days[order]
    # A cut falls on the first release of its day, so that no day is parted.
    wanted = np.linspace(len(order) // 2, len(order), count + 1).round().astype(np.int64)[:-1]
    wanted = wanted[wanted < len(order)]
    starts = np.unique(np.searchsorted(ordered, ordered[wanted]))
    folds = []
    for begin, stop in pairwise((*starts.tolist(), len(order))):
        train = known[closed[known] < ordered[begin]]
        if train.size:
            folds.append(InnerFold(train, np.sort(order[begin:stop])))
    return tuple(folds)
