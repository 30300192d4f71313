"""Two histories of one panel: the old one with the new days, and what was revised."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upswell.data import DayAxis, Panel
from upswell.errors import SettingError
from upswell.forecasting.comparing.splicing import (
    check_same_panel,
    find_revisions,
    same_history,
    with_new_days,
)
from worlds import plain_panel

NAMES = ["a", "b", "c", "d"]


@st.composite
def panels(draw: st.DrawFn, *, least_stop: int = 1) -> Panel:
    items = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    start = draw(st.integers(-3, 3))
    days = max(least_stop - start, 1) + draw(st.integers(0, 4))
    cells = st.sampled_from([float("nan"), 0.0, 1.0, 2.0])
    values = draw(st.lists(cells, min_size=days * len(items), max_size=days * len(items)))
    groups = draw(st.none() | st.lists(st.sampled_from("xy"), min_size=4, max_size=4))
    return Panel.from_arrays(
        np.array(values).reshape(len(items), days),
        items=items,
        groups=None if groups is None else groups[: len(items)],
        start=start,
    )


def cell(panel: Panel, item: str, day: int) -> float:
    inside = item in panel.items and panel.axis.start <= day < panel.axis.stop
    if not inside:
        return float("nan")
    return float(panel.values[panel.items.index(item), day - panel.axis.start])


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Panel, Panel]:
    old = draw(panels())
    return old, draw(panels(least_stop=old.axis.stop))


@given(pairs())
def test_old_days_are_as_they_were_and_later_ones_as_they_are_now(pair: tuple[Panel, Panel]):
    old, new = pair
    both = with_new_days(old, new)
    assert (both.axis.start, both.axis.stop) == (old.axis.start, new.axis.stop)
    assert set(old.items) <= set(both.items) <= {*old.items, *new.items}
    for item in both.items:
        for day in both.axis.numbers().tolist():
            source = old if day < old.axis.stop else new
            np.testing.assert_equal(cell(both, item, day), cell(source, item, day))
    fresh = [item for item in both.items if item not in old.items]
    assert all(np.isfinite(both.values[both.items.index(item)]).any() for item in fresh)
    if old.groups is not None and both.groups is not None:
        kept = dict(zip(both.items, both.groups, strict=True))
        assert [kept[item] for item in old.items] == list(old.groups)
    assert (both.groups is None) == (old.groups is None)


@given(pairs())
def test_revisions_are_those_that_a_walk_over_all_cells_finds(pair: tuple[Panel, Panel]):
    old, new = pair
    found = find_revisions(old, new)
    days = range(max(old.axis.start, new.axis.start), old.axis.stop)
    changed = {
        (item, day): np.nan_to_num(cell(new, item, day)) - np.nan_to_num(cell(old, item, day))
        for item in set(old.items) & set(new.items)
        for day in days
        if not np.array_equal(cell(old, item, day), cell(new, item, day), equal_nan=True)
    }
    assert found.cells == len(changed)
    assert found.creators == len({item for item, _ in changed})
    first = min((day for _, day in changed), default=None)
    assert found.first_day == (None if first is None else str(first))
    assert found.change == pytest.approx(sum(changed.values()))
    assert set(found.appeared) == set(new.items) - set(old.items)
    assert set(found.gone) == set(old.items) - set(new.items)
    assert found.new_days == new.axis.stop - old.axis.stop
    shared = range(max(old.axis.start, new.axis.start), min(old.axis.stop, new.axis.stop))
    before = [day for day in old.axis.numbers() if day < new.axis.start]
    assert found.days_dropped == len(before)
    if shared:
        assert found.days_added == max(old.axis.start - new.axis.start, 0)


def test_appending_to_a_cut_history_gives_the_whole_one():
    whole = plain_panel(4, 60)
    assert same_history(with_new_days(whole.until(50), whole), whole)
    assert not find_revisions(whole.until(50), whole).any


def test_a_creator_who_came_later_is_no_revision():
    whole = plain_panel(4, 60)
    values = whole.values.copy()
    values[1, :55] = np.nan
    whole = replace(whole, values=values)
    old = whole.until(50)
    assert "c1" not in old.items
    assert same_history(with_new_days(old, whole), whole)
    found = find_revisions(old, whole)
    assert (found.appeared, found.any) == (("c1",), False)


def test_changed_categories_are_counted():
    one = plain_panel(4, 30)
    assert find_revisions(one, replace(one, groups=("g0", "g0", "g0", "g1"))).regrouped == 1
    assert find_revisions(one, replace(one, groups=None)).regrouped == 4


def test_panels_that_cannot_be_one_are_refused():
    one = plain_panel(4, 30)
    check_same_panel(one, one)
    check_same_panel(one, replace(one, items=("c0", "c1", "c2", "other")))
    with pytest.raises(SettingError, match="of the 4 creators of the old one, 2 stand in the new"):
        check_same_panel(one, replace(one, items=("c0", "c1", "x", "y")))
    with pytest.raises(SettingError, match="the old forecast has dates"):
        check_same_panel(replace(one, axis=DayAxis(1, 30, calendar=True)), one)
    with pytest.raises(SettingError, match="ends on 30, that of the new one on 29"):
        check_same_panel(one, one.until(29))
