"""Several rows for one series and day: drop exact copies, refuse or merge contradictions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data.contract._findings import RowFinding, Rows
from upswell.data.ledger import Action
from upswell.errors import DuplicateError, SettingError

__all__ = ["CHOICES", "Entries", "Merged", "check_choice", "merge_duplicates"]

CHOICES = ("error", "sum", "mean", "max", "last")


@dataclass(frozen=True)
class Merged:
    """One row for each cell.

    Parameters
    ----------
    keys
        Ascending key of each cell, unique.
    values
        Value of each cell, NaN where missing.
    positions
        Position in the frame of the row that stands for the cell.
    findings
        What was dropped and merged.
    """

    keys: NDArray[np.int64]
    values: NDArray[np.float64]
    positions: NDArray[np.int64]
    findings: tuple[RowFinding, ...] = ()


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise `SettingError` unless a setting has one of its values."""
    if value not in choices:
        raise SettingError(f"{name} is {value!r}", fix=f"choose one of {', '.join(choices)}")


@dataclass(frozen=True)
class Entries:
    """What the rows of the frame say, one entry a row, in the order of the frame.

    Parameters
    ----------
    keys
        Series and day as one number.
    values, likes
        NaN where missing.
    rows
        Names the rows.
    names
        Name of the series of each row.
    """

    keys: NDArray[np.int64]
    values: NDArray[np.float64]
    likes: NDArray[np.float64]
    rows: Rows
    names: Callable[[int], str]

    def rank(self, subset: NDArray[np.int64], on_duplicate: str) -> NDArray[np.int64]:
        """Return which of equal rows to keep: the lowest. ``last`` goes by the frame's order."""
        if on_duplicate == "last":
            return -subset
        file: NDArray[np.int64] = self.rows.file[subset].astype(np.int64)
        rank: NDArray[np.int64] = (file << 32) + self.rows.row[subset]
        return rank


def merge_duplicates(entries: Entries, on_duplicate: str) -> Merged:
    """Leave one row for each key.

    Parameters
    ----------
    entries
        The rows.
    on_duplicate
        ``error``, ``sum``, ``mean``, ``max`` or ``last``.

    Raises
    ------
    DuplicateError
        When two rows of one key differ and `on_duplicate` is ``error``.
    """
    keys, values = entries.keys, entries.values
    order = _sorted(keys)
    ordered = keys[order]
    again = np.zeros(ordered.size, dtype=bool)
    np.equal(ordered[1:], ordered[:-1], out=again[1:])
    if not again.any():
        return Merged(ordered, values[order], order)
    member = again.copy()
    member[:-1] |= again[1:]
    kept, exact, empty = _without_copies(entries, order[member], on_duplicate)
    clashing = kept[_repeats(keys[kept])]
    if clashing.size and on_duplicate == "error":
        raise _contradiction(entries, kept[np.isin(keys[kept], keys[clashing])])
    result, standing, merged, overflow = _merge(entries, kept, on_duplicate)
    single = order[~member]
    positions = np.concatenate([single, standing])
    joined = np.concatenate([values[single], result])
    final = np.argsort(keys[positions], kind="stable")
    findings = (
        RowFinding("exact-duplicate", Action.DROPPED, "the row stands more than once", exact),
        RowFinding(
            "empty-duplicate",
            Action.DROPPED,
            "the row has no count, and another row of that series and day has one",
            empty,
        ),
        RowFinding(
            "merged-duplicate",
            Action.CHANGED,
            f"several rows of one series and day became one: {on_duplicate}",
            merged,
        ),
        RowFinding("infinite", Action.MARKED_MISSING, "the merged count is too large", overflow),
    )
    return Merged(keys[positions][final], joined[final], positions[final], findings)


def _sorted(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    if (keys[1:] >= keys[:-1]).all():
        return np.arange(keys.size)
    return np.argsort(keys, kind="stable")


def _repeats(ordered: NDArray[np.int64]) -> NDArray[np.bool_]:
    mask = np.zeros(ordered.size, dtype=bool)
    mask[1:] = ordered[1:] == ordered[:-1]
    return mask


def _without_copies(
    entries: Entries, subset: NDArray[np.int64], on_duplicate: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return rows that say something of their own, exact copies, and rows without a count."""
    values, likes = entries.values[subset], entries.likes[subset]
    rank = entries.rank(subset, on_duplicate)
    order = subset[np.lexsort((rank, likes, values, entries.keys[subset]))]
    same = _repeats(entries.keys[order])
    same[1:] &= _equal(entries.values[order]) & _equal(entries.likes[order])
    exact, rest = order[same], order[~same]
    # NaN sorts last, so a row without a count never stands first among rows of its key.
    blank = _repeats(entries.keys[rest]) & np.isnan(entries.values[rest])
    return rest[~blank], exact, rest[blank]


def _equal(ordered: NDArray[np.float64]) -> NDArray[np.bool_]:
    after, before = ordered[1:], ordered[:-1]
    return np.asarray((after == before) | (np.isnan(after) & np.isnan(before)))


def _contradiction(entries: Entries, rows: NDArray[np.int64]) -> DuplicateError:
    keys, places = entries.keys, entries.rows
    one = places.first(rows)
    other = places.first(rows[(keys[rows] == keys[one]) & (rows != one)])
    said = [f"{entries.values[i]:,.15g}" for i in (one, other)]
    if said[0] == said[1]:
        said = [
            f"{entries.values[i]:,.15g} with {entries.likes[i]:,.15g} likes" for i in (one, other)
        ]
    count = np.unique(keys[rows]).size
    more = f"; so do the rows of {count - 1} more days" if count > 1 else ""
    return DuplicateError(
        f'two rows contradict each other: "{entries.names(one)}" on {places.label(one)} is '
        f"{said[0]} in {places.place(one)} and {said[1]} in {places.place(other)}{more}",
        where=places.place(other),
        fix="correct the input, or say how to merge such rows: --on-duplicate sum|mean|max|last",
    )


def _merge(
    entries: Entries, kept: NDArray[np.int64], on_duplicate: str
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return values, rows that stand for them, those of several rows, and those too large."""
    keys, values = entries.keys[kept], entries.values[kept]
    starts = np.flatnonzero(~_repeats(keys))
    sizes = np.diff(np.append(starts, keys.size))
    ends = starts + sizes - 1
    standing = kept[starts]
    if on_duplicate == "last":
        newest = np.lexsort((kept, keys))
        standing = kept[newest][ends]
        result = entries.values[standing]
    elif on_duplicate == "max":
        result = values[ends]  # rows of one key ascend by value
    else:
        # Rows of one key ascend by value, so the sum does not depend on the input's order.
        with np.errstate(over="ignore"):
            result = np.add.reduceat(values, starts)
        if on_duplicate == "mean":
            result = result / sizes
    several = sizes > 1
    overflow = np.isinf(result)
    result = np.where(overflow, np.nan, result)
    return result, standing, standing[several], standing[overflow]
