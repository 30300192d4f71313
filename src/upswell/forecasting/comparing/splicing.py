"""Two histories of one panel: what came, what was revised, and the old one with the new days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data import DayAxis, Panel
from upswell.errors import SettingError

__all__ = [
    "Revisions",
    "check_same_panel",
    "find_revisions",
    "same_history",
    "same_occasions",
    "with_new_days",
]

_NO_GROUP = "(none)"


def check_same_panel(old: Panel, new: Panel) -> None:
    """Raise unless two panels can be one and the same at two times.

    Raises
    ------
    SettingError
        When one has dates and the other has not, when less than half of the old creators stand in
        the new panel, or when the new history ends before the old one.
    """
    if old.axis.calendar != new.axis.calendar:
        having = ("old", "new") if old.axis.calendar else ("new", "old")
        raise SettingError(
            f"the {having[0]} forecast has dates and the {having[1]} one has numbered days",
            fix="make both with --start-date, or both without",
        )
    common = len(set(old.items) & set(new.items))
    if 2 * common <= len(old.items):
        raise SettingError(
            f"the forecasts are of different panels: of the {len(old.items):,} creators of the old "
            f"one, {common:,} stand in the new one",
            fix="compare two forecasts of the same panel",
        )
    if new.axis.stop < old.axis.stop:
        raise SettingError(
            f"the old forecast knows more days than the new one: its history ends on "
            f"{old.axis.label(old.axis.stop - 1)}, that of the new one on "
            f"{new.axis.label(new.axis.stop - 1)}",
            fix="give the older forecast first",
        )


def with_new_days(old: Panel, new: Panel) -> Panel:
    """Return the old panel as it was, with the days after its end as the new one has them.

    Creators that stand in the new panel only are in it from its first new day on. The order is
    that of the new panel, then come those who are gone.

    Examples
    --------
    >>> old = Panel.from_arrays(np.array([[1.0, 2.0]]), items=["ana"])
    >>> new = Panel.from_arrays(np.array([[7.0, 7, 7], [9, 9, 9]]), items=["bo", "ana"])
    >>> both = with_new_days(old, new)
    >>> both.items, both.values.tolist()
    (('bo', 'ana'), [[nan, nan, 7.0], [1.0, 2.0, 9.0]])
    """
    axis = DayAxis(old.axis.start, new.axis.stop - old.axis.start, old.axis.calendar)
    later = _on(new, axis)
    later[:, : old.days] = np.nan
    known = {item: row for row, item in enumerate(old.items)}
    fresh = {
        item: row
        for row, item in enumerate(new.items)
        if item in known or np.isfinite(later[row]).any()
    }
    items = (*fresh, *(item for item in old.items if item not in fresh))
    values = np.full((len(items), axis.length), np.nan)
    for row, item in enumerate(items):
        if item in fresh:
            values[row] = later[fresh[item]]
        if item in known:
            values[row, : old.days] = old.values[known[item]]
    groups = _groups(old, new, items)
    return Panel(axis, items, values, groups=groups, occasions=old.occasions)


def _groups(old: Panel, new: Panel, items: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the categories as they were; creators that are new have those of the new panel."""
    if old.groups is None:
        return None
    groups = dict.fromkeys(new.items, _NO_GROUP) if new.groups is None else _by_item(new)
    groups |= _by_item(old)
    return tuple(groups[item] for item in items)


def _by_item(panel: Panel) -> dict[str, str]:
    return dict(zip(panel.items, panel.groups or (), strict=True))


def _on(panel: Panel, axis: DayAxis) -> NDArray[np.float64]:
    """Return the values of a panel on the days of another axis, NaN where it has none."""
    out = np.full((len(panel.items), axis.length), np.nan)
    start, stop = max(panel.axis.start, axis.start), min(panel.axis.stop, axis.stop)
    if start < stop:
        part = panel.values[:, start - panel.axis.start : stop - panel.axis.start]
        out[:, start - axis.start : stop - axis.start] = part
    return out


def same_history(one: Panel, other: Panel) -> bool:
    """Whether two panels have the same days, creators, categories and counts, in one order.

    So they must have the same occasions.
    """
    if (one.axis, one.items, one.groups) != (other.axis, other.items, other.groups):
        return False
    return same_occasions(one, other) and bool(
        np.array_equal(one.values, other.values, equal_nan=True)
    )


def same_occasions(one: Panel, other: Panel) -> bool:
    """Whether two panels know of the same countries and events."""
    if one.occasions is None:
        return other.occasions is None
    return one.occasions.says_the_same(other.occasions)


@dataclass(frozen=True)
class Revisions:
    """How history that both panels tell of differs.

    Parameters
    ----------
    new_days
        Days after the end of the old history.
    appeared, gone
        Creators that stand in one of the two panels only.
    cells, creators
        How many counts of creators of both panels differ, and of how many creators.
    first_day
        First day of a count that differs, as the panels label it; None without any.
    change
        New less old over these, missing ones as 0.
    regrouped
        Creators that changed their category.
    days_dropped, days_added
        Days at the start that only the old or only the new history has.
    """

    new_days: int
    appeared: tuple[str, ...]
    gone: tuple[str, ...]
    cells: int
    creators: int
    first_day: str | None
    change: float
    regrouped: int
    days_dropped: int
    days_added: int

    @property
    def any(self) -> bool:
        """Whether anything but new days tells the histories apart."""
        return bool(
            self.cells or self.gone or self.regrouped or self.days_dropped or self.days_added
        )


def find_revisions(old: Panel, new: Panel) -> Revisions:
    """Say how two histories differ.

    Examples
    --------
    >>> old = Panel.from_arrays(np.array([[1.0, 2.0]]), items=["ana"])
    >>> new = Panel.from_arrays(np.array([[1.0, 5, 7]]), items=["ana"])
    >>> found = find_revisions(old, new)
    >>> found.new_days, found.cells, found.first_day, found.change
    (1, 1, '2', 3.0)
    """
    start = max(old.axis.start, new.axis.start)
    shared = DayAxis(start, max(min(old.axis.stop, new.axis.stop) - start, 0), old.axis.calendar)
    place = {item: row for row, item in enumerate(new.items)}
    both = [(row, place[item]) for row, item in enumerate(old.items) if item in place]
    rows = np.array(both, dtype=np.int64).reshape(-1, 2).T
    before, after = _on(old, shared)[rows[0]], _on(new, shared)[rows[1]]
    changed = ~((before == after) | (np.isnan(before) & np.isnan(after)))
    days = np.flatnonzero(changed.any(axis=0))
    difference = np.nan_to_num(after) - np.nan_to_num(before)
    groups_of = [dict.fromkeys(p.items) if p.groups is None else _by_item(p) for p in (old, new)]
    return Revisions(
        new_days=new.axis.stop - old.axis.stop,
        appeared=tuple(item for item in new.items if item not in set(old.items)),
        gone=tuple(item for item in old.items if item not in place),
        cells=int(changed.sum()),
        creators=int(changed.any(axis=1).sum()),
        first_day=shared.label(start + int(days[0])) if len(days) else None,
        change=float(difference[changed].sum()),
        regrouped=sum(
            groups_of[0][old.items[row]] != groups_of[1][old.items[row]] for row, _ in both
        ),
        days_dropped=max(min(new.axis.start, old.axis.stop) - old.axis.start, 0),
        days_added=max(min(old.axis.start, new.axis.stop) - new.axis.start, 0),
    )
