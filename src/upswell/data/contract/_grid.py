"""The grid: rows on a dense axis of days, with what is absent between them left as gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upswell.data.axis import DayAxis
from upswell.data.contract._findings import CellFinding, Rows
from upswell.data.ledger import Action
from upswell.errors import SourceError

__all__ = ["fill_absent", "find_axis", "spread"]

_MOST_CELLS = 400_000_000
_MOST_DAYS = 73_050  # 200 years
_WIDE_GAP = 1_096  # 3 years
_FEWEST_OBSERVED = 0.01
_STRAY_GAP = 3_653  # 10 years
_STRAY_DAYS = 3
_FIX = "correct the day of the row that does not belong, or leave that row out"


def find_axis(rows: Rows, series: int, *, calendar: bool) -> DayAxis:
    """Return the days from the first to the last.

    Parameters
    ----------
    rows
        The rows, at least one.
    series
        Number of series, ``N``.
    calendar
        Whether days are dates.

    Raises
    ------
    SourceError
        When the days lie so far apart that one of them must be wrong, or when the panel would
        have more than 400 million cells.
    """
    days = rows.day
    start = int(days.min())
    length = int(days.max()) - start + 1
    if length > _STRAY_DAYS:
        _check_span(rows, length)
    if series * length > _MOST_CELLS:
        raise SourceError(
            f"{series:,} series over {length:,} days are {series * length:,} cells; "
            f"at most {_MOST_CELLS:,} fit",
            fix="check that the item and time columns are the right ones, or read fewer series",
        )
    return DayAxis(start, length, calendar)


def _check_span(rows: Rows, length: int) -> None:
    if length <= _WIDE_GAP:
        return
    observed = np.unique(rows.day)
    gaps = np.diff(observed)
    at = int(gaps.argmax())
    gap = int(gaps[at])
    sparse = observed.size < _FEWEST_OBSERVED * length and gap > _WIDE_GAP
    stray = gap > _STRAY_GAP and min(at + 1, observed.size - at - 1) <= _STRAY_DAYS
    if length <= _MOST_DAYS and not sparse and not stray:
        return
    before = rows.first(np.flatnonzero(rows.day == observed[at]))
    after = rows.first(np.flatnonzero(rows.day == observed[at + 1]))
    lonely = before if at + 1 <= observed.size - at - 1 else after
    raise SourceError(
        f"the days span {length:,} days of which {observed.size:,} have rows; nothing stands "
        f"between {rows.label(before)} ({rows.place(before)}) and {rows.label(after)} "
        f"({rows.place(after)})",
        where=rows.place(lonely),
        fix=_FIX,
    )


def spread(
    keys: NDArray[np.int64], values: NDArray[np.float64], series: int, length: int
) -> NDArray[np.float64]:
    """Return values of shape ``(series, length)``, NaN where no row stands."""
    grid = np.full(series * length, np.nan)
    grid[keys] = values
    return grid.reshape(series, length)


def fill_absent(
    grid: NDArray[np.float64], keys: NDArray[np.int64], missing: str
) -> tuple[NDArray[np.float64], CellFinding]:
    """Count the cells without a row, or fill them with zero.

    Parameters
    ----------
    grid
        Values, shape ``(N, T)``; every series has a row.
    keys
        Ascending ``item * T + day`` of the cells that have a row.
    missing
        ``gap`` leaves cells between a series' first and last row missing and counts them;
        ``zero`` fills those from its first row to the end of the panel. Empty cells that have
        a row stay missing either way.

    Returns
    -------
    tuple
        The grid and the finding.
    """
    series, length = grid.shape
    item = keys // length
    starts = np.searchsorted(item, np.arange(series))
    stops = np.append(starts[1:], keys.size)
    first, last = keys[starts], keys[stops - 1]
    if missing == "zero":
        last = (np.arange(series) + 1) * length - 1
    absent = np.ones(grid.size, dtype=bool)
    absent[keys] = False
    inside = np.zeros(grid.size + 1, dtype=np.int8)
    inside[first] += 1
    inside[last + 1] -= 1
    absent &= np.cumsum(inside[:-1], dtype=np.int8).astype(bool)
    cells = absent.reshape(series, length)
    if missing == "zero":
        filled = np.where(cells, 0.0, grid)
        return filled, CellFinding.of_mask(
            "filled-zero", Action.CHANGED, "no row stands for the day; it counts 0", cells
        )
    return grid, CellFinding.of_mask(
        "gap", Action.FLAGGED, "no row stands for the day; it stays missing", cells
    )
