"""Leaves of the tree: which series each row belongs to, and under which group it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upswell.data.contract._findings import RowFinding
from upswell.data.ledger import Action

__all__ = ["NO_GROUP", "Leaves", "name_leaves", "natural_key"]

NO_GROUP = "(none)"

_DIGITS = re.compile(r"([0-9]{1,18})")


@dataclass(frozen=True)
class Leaves:
    """The series of a panel.

    Parameters
    ----------
    names
        Names, unique, in natural order.
    groups
        The group of each; None when the input has none.
    codes
        Index of the series of each row, shape ``(rows,)``.
    findings
        What had to be decided.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...] | None
    codes: NDArray[np.int64]
    findings: tuple[RowFinding, ...]


@dataclass(frozen=True)
class _Coded:
    """Codes of items and groups.

    `item` and `group` are those of each row; `latest` is each item's last known group, `several`
    says which items stand in several groups at all, `split` which on one and the same day.
    """

    item: NDArray[np.int64]
    group: NDArray[np.int64]
    latest: NDArray[np.int64]
    several: NDArray[np.bool_]
    split: NDArray[np.bool_]


def natural_key(name: str) -> tuple[list[str | int], str]:
    """Return a sort key under which ``item 2`` comes before ``item 10``.

    Examples
    --------
    >>> sorted(["item 10", "item 2"], key=natural_key)
    ['item 2', 'item 10']
    """
    parts = _DIGITS.split(name)
    return [int(part) if i % 2 else part for i, part in enumerate(parts)], name


def name_leaves(frame: pl.DataFrame) -> Leaves:
    """Find the series of the rows.

    An item that stands in several groups on one day becomes one series for each group; one that
    moved keeps its latest group; rows without a group follow the other rows of their item.

    Parameters
    ----------
    frame
        Rows of the observations, with ``item``, ``group`` and ``day``.
    """
    items = frame["item"].unique().to_list()
    items.sort(key=natural_key)
    item = _codes(frame["item"], items)
    if frame["group"].null_count() == frame.height:
        return Leaves(tuple(items), None, item, ())
    labels = sorted(frame["group"].drop_nulls().unique().to_list())
    none = len(labels)
    group = _codes(frame["group"], labels, null=none)
    table = pl.DataFrame({"item": item, "group": group, "day": frame["day"]})
    known = table.filter(pl.col("group") != none)
    latest = np.full(len(items), none, dtype=np.int64)
    last = known.group_by("item").agg(pl.col("group").sort_by("day").last())
    latest[last["item"].to_numpy()] = last["group"].to_numpy()
    several, split = _several_groups(known, len(items))
    coded = _Coded(item, group, latest, several, split)
    names, groups, codes = _assemble(items, [*labels, NO_GROUP], coded)
    return Leaves(names, groups, codes, _findings(coded, none))


def _codes(column: pl.Series, names: list[str], null: int = -1) -> NDArray[np.int64]:
    physical = column.cast(pl.Enum(names)).to_physical().cast(pl.Int64)
    return physical.fill_null(null).to_numpy()


def _several_groups(known: pl.DataFrame, count: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which items stand in several groups at all, and which on one and the same day."""
    several, split = np.zeros((2, count), dtype=bool)
    groups = known.group_by("item").agg(pl.col("group").n_unique() > 1)
    several[groups.filter(pl.col("group"))["item"].to_numpy()] = True
    suspects = known.filter(pl.Series(several[known["item"].to_numpy()]))
    shared = suspects.group_by("item", "day").agg(pl.col("group").n_unique() > 1)
    split[shared.filter(pl.col("group"))["item"].to_numpy()] = True
    return several, split


def _findings(coded: _Coded, none: int) -> tuple[RowFinding, ...]:
    item, group, latest = coded.item, coded.group, coded.latest
    several, split = coded.several, coded.split
    flagged = Action.FLAGGED
    older = (several & ~split)[item] & (group != latest[item]) & (group != none)
    filled = (group == none) & (latest != none)[item] & ~split[item]
    nowhere = (group == none) & ~filled
    return (
        RowFinding(
            "item-in-several-groups",
            flagged,
            "items stand in several groups on one day; each pair is a series of its own",
            np.flatnonzero(split[item]),
        ),
        RowFinding(
            "group-changed",
            flagged,
            "items moved to another group; all their days stand under the latest one",
            np.flatnonzero(older),
        ),
        RowFinding(
            "group-filled",
            flagged,
            "rows without a group stand under the group that their item has in other rows",
            np.flatnonzero(filled),
        ),
        RowFinding(
            "no-group",
            flagged,
            f'rows without a group stand under "{NO_GROUP}"',
            np.flatnonzero(nowhere),
        ),
    )


def _assemble(
    items: list[str], labels: list[str], coded: _Coded
) -> tuple[tuple[str, ...], tuple[str, ...], NDArray[np.int64]]:
    """Name the series and give each row the index of its own."""
    item, split, width = coded.item, coded.split, len(labels)
    own = np.where(split[item], coded.group, coded.latest[item])
    pairs = pl.Series(item * width + own)
    keys = pairs.unique().sort().to_numpy()
    taken = {name for code, name in enumerate(items) if not split[code]}
    names = []
    for key in keys:
        code, label = divmod(int(key), width)
        name = items[code]
        if split[code]:
            name = _unused(f"{name} / {labels[label]}", taken)
            taken.add(name)
        names.append(name)
    order = sorted(range(len(keys)), key=lambda i: natural_key(names[i]))
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = np.arange(len(keys))
    codes = rank[np.searchsorted(keys, pairs.to_numpy())]
    groups = tuple(labels[int(keys[i]) % width] for i in order)
    return tuple(names[i] for i in order), groups, codes


def _unused(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name} ({number})"
    return candidate
