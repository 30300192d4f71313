from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from observing import SCHEMA, daily, observe, observe_array, observe_frame
from upswell.data import Action, Ledger, Panel, Repair, build_panel
from upswell.errors import DuplicateError, RefusalError, SettingError, SourceError


def line(panel: Panel, code: str) -> Repair:
    found = [repair for repair in panel.ledger if repair.code == code]
    assert len(found) == 1, [repair.code for repair in panel.ledger]
    return found[0]


def test_clean_rows_make_a_panel_without_repairs():
    panel = build_panel(observe([("b", 1, 3.0), ("a", 1, 1.0), ("a", 2, 2.0), ("b", 2, 4.0)]))
    assert panel.items == ("a", "b")
    assert panel.values.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert panel.groups is None
    assert panel.axis.labels() == ["1", "2"]
    assert len(panel.ledger) == 0


def test_columns_sources_and_the_ledger_of_reading_go_with_the_panel():
    seen = observe([("a", 1, 1.0)])
    repair = Repair("padded", Action.CHANGED, "cells had spaces", 1)
    panel = build_panel(type(seen)(seen.frame, True, seen.columns, seen.sources, Ledger((repair,))))
    assert panel.sources == seen.sources
    assert panel.columns is seen.columns
    assert panel.ledger.repairs[0] is repair
    assert panel.axis.labels() == ["1970-01-02"]


def test_items_stand_in_natural_order():
    panel = build_panel(observe([(name, 1, 1.0) for name in ("c10", "c2", "c1")]))
    assert panel.items == ("c1", "c2", "c10")


def test_no_rows_are_an_error():
    with pytest.raises(SourceError, match="no rows"):
        build_panel(observe([]))


@pytest.mark.parametrize("setting", [{"on_duplicate": "first"}, {"missing": "mean"}])
def test_a_setting_that_is_none_of_the_choices_is_refused_with_the_choices(setting):
    with pytest.raises(SettingError, match="choose one of"):
        build_panel(observe([("a", 1, 1.0)]), **setting)


def test_counters_cannot_be_filled_with_zeros():
    with pytest.raises(SettingError, match="running total"):
        build_panel(observe([("a", 1, 1.0)]), cumulative=True, missing="zero")


def test_more_likes_than_views_are_flagged_and_kept():
    panel = build_panel(observe([("a", 1, 5.0, None, 9.0), ("a", 2, 5.0, None, 5.0)]))
    found = line(panel, "likes-exceed-value")
    assert (found.action, found.count, found.day, found.place) == (
        Action.FLAGGED,
        1,
        "1",
        "v.csv, row 2",
    )
    assert panel.values.tolist() == [[5.0, 5.0]]


@pytest.mark.parametrize(
    ("value", "code", "action"),
    [
        (-3.0, "negative", Action.MARKED_MISSING),
        (np.inf, "infinite", Action.MARKED_MISSING),
        (-np.inf, "infinite", Action.MARKED_MISSING),
        (np.nan, "not-a-number", Action.MARKED_MISSING),
        (None, "empty-cell", Action.FLAGGED),
    ],
)
def test_a_cell_that_is_no_count_is_missing_and_logged_once(value, code, action):
    panel = build_panel(observe([("a", 1, 1.0), ("a", 2, value), ("a", 3, 2.0)]))
    assert np.isnan(panel.values[0, 1])
    found = line(panel, code)
    assert (found.action, found.count, found.series, found.day, found.place) == (
        action,
        1,
        "a",
        "2",
        "v.csv, row 3",
    )
    assert len(panel.ledger) == 1


def test_an_item_in_two_groups_on_one_day_becomes_two_series():
    panel = build_panel(
        observe([("a", 1, 1.0, "x"), ("a", 1, 2.0, "y"), ("a", 2, 3.0, "y"), ("b", 1, 4.0, "x")])
    )
    assert panel.items == ("a / x", "a / y", "b")
    assert panel.groups == ("x", "y", "x")
    assert line(panel, "item-in-several-groups").count == 3


def test_a_pair_that_is_named_like_an_item_stays_apart():
    panel = build_panel(observe([("a", 1, 1.0, "x"), ("a", 1, 2.0, "y"), ("a / x", 1, 4.0, "x")]))
    assert len(set(panel.items)) == 3
    assert sorted(panel.values.ravel().tolist()) == [1.0, 2.0, 4.0]


def test_an_item_that_moved_keeps_its_latest_group():
    panel = build_panel(observe([("a", 2, 3.0, "new"), ("a", 1, 1.0, "old")]))
    assert (panel.items, panel.groups) == (("a",), ("new",))
    assert line(panel, "group-changed").count == 1


def test_rows_without_a_group_follow_their_item_or_stand_under_none():
    panel = build_panel(observe([("a", 1, 1.0, "x"), ("a", 2, 1.0), ("b", 1, 1.0), ("b", 2, 2.0)]))
    assert panel.groups == ("x", "(none)")
    assert line(panel, "group-filled").count == 1
    assert line(panel, "no-group").count == 2


def test_exact_copies_are_dropped():
    panel = build_panel(observe([("a", 1, 1.0, None, 2.0)] * 3 + [("a", 2, 5.0)]))
    assert panel.values.tolist() == [[1.0, 5.0]]
    found = line(panel, "exact-duplicate")
    assert (found.action, found.count, found.place) == (Action.DROPPED, 2, "v.csv, row 3")


def test_rows_that_contradict_each_other_are_an_error_that_shows_both():
    rows = [("a", 1, 1.0), ("a", 2, 5.0), ("a", 2, 7.0)]
    with pytest.raises(DuplicateError) as caught:
        build_panel(observe(rows))
    text = str(caught.value)
    for part in ('"a" on 2 is 5 in v.csv, row 3', "7 in v.csv, row 4", "--on-duplicate"):
        assert part in text


def test_the_same_count_with_other_likes_is_a_contradiction():
    with pytest.raises(DuplicateError, match="with 3 likes"):
        build_panel(observe([("a", 1, 9.0, None, 2.0), ("a", 1, 9.0, None, 3.0)]))


@pytest.mark.parametrize(
    ("choice", "merged"), [("sum", 15.0), ("mean", 5.0), ("max", 7.0), ("last", 3.0)]
)
def test_contradictions_are_merged_as_asked(choice, merged):
    rows = [("a", 1, 5.0), ("a", 1, 7.0), ("a", 1, 3.0), ("a", 2, 1.0)]
    panel = build_panel(observe(rows), on_duplicate=choice)
    assert panel.values.tolist() == [[merged, 1.0]]
    assert line(panel, "merged-duplicate").count == 1


def test_last_goes_by_the_order_of_rows_even_when_a_copy_stands_first():
    panel = build_panel(observe([("a", 1, 5.0), ("a", 1, 7.0), ("a", 1, 5.0)]), on_duplicate="last")
    assert panel.values.tolist() == [[5.0]]


def test_a_sum_that_is_too_large_is_missing():
    rows = [("a", 1, 1.7e308), ("a", 1, 1.6e308), ("a", 2, 1.0)]
    panel = build_panel(observe(rows), on_duplicate="sum")
    assert np.isnan(panel.values[0, 0])
    assert line(panel, "infinite").count == 1


def test_an_empty_row_gives_way_to_one_with_a_count():
    panel = build_panel(observe([("a", 1, None), ("a", 1, 7.0)]))
    assert panel.values.tolist() == [[7.0]]
    assert line(panel, "empty-duplicate").count == 1


def test_days_without_a_row_stay_gaps_and_are_counted_inside_the_life_only():
    panel = build_panel(observe([("a", 1, 1.0), ("a", 4, 2.0), ("b", 2, 1.0), ("b", 3, 1.0)]))
    found = line(panel, "gap")
    assert (found.action, found.count, found.series, found.day) == (Action.FLAGGED, 2, "a", "2")
    assert np.isnan(panel.values).tolist() == [
        [False, True, True, False],
        [True, False, False, True],
    ]


def test_days_without_a_row_are_zero_when_asked_but_empty_cells_are_not():
    rows = [("a", 1, 1.0), ("a", 3, None), ("b", 2, 1.0), ("b", 4, 1.0)]
    panel = build_panel(observe(rows), missing="zero")
    np.testing.assert_array_equal(panel.values, [[1, 0, np.nan, 0], [np.nan, 1, 0, 1]])
    found = line(panel, "filled-zero")
    assert (found.action, found.count) == (Action.CHANGED, 3)


@pytest.mark.parametrize(
    "days",
    [
        [-25_567, *range(19_700, 20_000)],  # one row in 1900, the rest in 2023
        [*range(19_000, 19_700), 26_000],  # a typed year
        [0, *range(10, 80_000, 400)],  # more than 200 years
    ],
)
def test_days_that_lie_absurdly_far_apart_are_an_error_that_shows_both_rows(days):
    with pytest.raises(SourceError) as caught:
        build_panel(observe([("a", day, 1.0) for day in days]))
    assert str(caught.value).count("v.csv, row") == 3


def test_a_long_regular_history_is_no_absurd_span():
    panel = build_panel(observe([("a", day, 5.0 + day % 3) for day in range(0, 4000, 7)]))
    assert panel.days == 3998


def test_a_panel_with_too_many_cells_is_an_error():
    rows = [(f"i{i}", 1 + 30 * (i % 1000), 1.0) for i in range(20_000)]
    with pytest.raises(SourceError, match="cells"):
        build_panel(observe(rows))


def test_running_totals_are_refused_unless_declared_either_way():
    counters = np.cumsum(daily(4, 40), axis=1)
    with pytest.raises(RefusalError) as caught:
        build_panel(observe_array(counters))
    assert caught.value.code == "looks-cumulative"
    assert "--cumulative" in str(caught.value)
    assert "--not-cumulative" in str(caught.value)
    np.testing.assert_array_equal(
        build_panel(observe_array(counters), cumulative=False).values, counters
    )
    differenced = build_panel(observe_array(counters), cumulative=True)
    np.testing.assert_array_equal(differenced.values, daily(4, 40)[:, 1:])
    assert differenced.axis.labels()[0] == "2"
    assert line(differenced, "differenced").count == 4 * 39
    assert line(differenced, "counter-start").count == 4


def test_a_series_too_smooth_to_tell_is_taken_for_daily_and_flagged():
    values = (1000.0 + 10.0 * np.arange(40))[None, :]
    panel = build_panel(observe_array(values))
    np.testing.assert_array_equal(panel.values, values)
    assert line(panel, "maybe-cumulative").action is Action.FLAGGED


def test_daily_counts_declared_cumulative_are_flagged():
    panel = build_panel(observe_array(daily(3, 40)), cumulative=True)
    assert panel.ledger.count("not-cumulative") > 0


def test_a_counter_below_zero_is_a_glitch():
    panel = build_panel(
        observe([("a", 1, 10.0), ("a", 2, -5.0), ("a", 3, 30.0), ("a", 4, 41.0)]), cumulative=True
    )
    np.testing.assert_array_equal(panel.values, [[11.0]])
    assert line(panel, "counter-glitch").count == 1


def test_a_partial_last_day_is_dropped_from_values_axis_and_outliers():
    values = daily(5, 60)
    values[:, -1] = 0.0
    panel = build_panel(observe_array(values))
    assert panel.days == 59
    found = line(panel, "partial-last-day")
    assert (found.action, found.count, found.day, found.place) == (
        Action.DROPPED,
        5,
        "60",
        "v.csv, row 61",
    )


def test_a_stale_day_is_marked_missing():
    values = daily(5, 60)
    values[:, 30] = values[:, 29]
    panel = build_panel(observe_array(values))
    assert np.isnan(panel.values[:, 30]).all()
    assert line(panel, "stale-day").count == 5


def test_an_outlier_is_flagged_and_kept():
    values = daily(2, 80)
    values[1, 70] = 50_000.0
    panel = build_panel(observe_array(values))
    assert panel.outliers is not None
    assert np.argwhere(panel.outliers).tolist() == [[1, 70]]
    assert panel.values[1, 70] == 50_000.0
    assert (line(panel, "outlier").series, line(panel, "outlier").day) == ("item 2", "71")


def test_creators_that_appear_and_vanish_are_counted_with_their_part_of_the_change():
    values = daily(3, 80)
    values[0, :40] = np.nan
    values[1, 40:] = np.nan
    panel = build_panel(observe_array(values))
    appeared, vanished = line(panel, "appeared"), line(panel, "vanished")
    assert (appeared.count, appeared.series) == (1, "item 1")
    assert (vanished.count, vanished.series) == (1, "item 2")
    assert f"{values[0, -28:].mean():+,.0f} of the change" in appeared.reason


def test_an_item_without_any_count_is_flagged():
    panel = build_panel(observe([("a", 1, 1.0), ("b", 1, None), ("b", 2, -1.0)]))
    assert line(panel, "no-values").series == "b"


def test_a_panel_of_empty_cells_is_a_panel():
    panel = build_panel(observe([("a", 1, None), ("a", 2, None)]))
    assert np.isnan(panel.values).all()


cell = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(0, 5).map(float),
)
rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "a / x"]),
        st.integers(1, 12),
        cell,
        st.sampled_from([None, "x", "y"]),
        cell,
    ),
    min_size=1,
    max_size=40,
)
choices = st.sampled_from(["sum", "mean", "max", "last"])


@settings(max_examples=150, deadline=None)
@given(rows, choices, st.sampled_from([True, False, None]))
@example([("a", 1, 1.0, None, None), ("a", 2, 1.7976931348623157e308, None, None)], "sum", False)
def test_no_observations_give_a_negative_or_infinite_value(made, choice, cumulative):
    try:
        panel = build_panel(observe(made), on_duplicate=choice, cumulative=cumulative)
    except RefusalError:
        return
    assert not np.isinf(panel.values).any()
    assert not (panel.values < 0).any()


@settings(max_examples=80, deadline=None)
@given(rows, st.sampled_from(["sum", "mean", "max"]), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(made, choice, random):
    seen = observe(made)
    order = list(range(seen.frame.height))
    random.shuffle(order)
    shuffled = observe_frame(seen.frame[order])
    one = build_panel(seen, on_duplicate=choice, cumulative=False)
    other = build_panel(shuffled, on_duplicate=choice, cumulative=False)
    assert (one.items, one.groups, one.axis) == (other.items, other.groups, other.axis)
    assert one.values.tobytes() == other.values.tobytes()
    assert one.ledger == other.ledger


@settings(max_examples=80, deadline=None)
@given(rows)
def test_the_counts_of_repairs_are_the_rows_and_cells_that_changed(made):
    seen = observe(made)
    panel = build_panel(seen, on_duplicate="sum", cumulative=False)
    marked = sum(r.count for r in panel.ledger if r.action is Action.MARKED_MISSING)
    dropped = sum(r.count for r in panel.ledger if r.action is Action.DROPPED)
    frame = seen.frame
    usable = frame["value"].is_finite().fill_null(value=False) & (frame["value"] >= 0)
    bad = int((~usable & frame["value"].is_not_null()).sum())
    overflow = panel.ledger.count("infinite") - int(frame["value"].is_infinite().sum())
    assert marked == bad + overflow
    # Every row is in a cell, dropped, or merged into another row's cell.
    empty = panel.ledger.count("empty-cell") + bad
    cells = int(np.isfinite(panel.values).sum())
    assert cells <= frame.height - dropped
    assert cells >= 1 or empty + overflow > 0


@settings(max_examples=40, deadline=None)
@given(st.integers(45, 120), st.integers(0, 5))
def test_cutting_days_from_the_end_keeps_the_earlier_flags(days, seed):
    values = daily(3, 120, seed)
    values[0, 60] = values[2, 100] = 90_000.0
    whole = build_panel(observe_array(values))
    part = build_panel(observe_array(values[:, :days]))
    assert whole.outliers is not None
    assert part.outliers is not None
    np.testing.assert_array_equal(part.outliers, whole.outliers[:, : part.days])


def test_a_frame_with_every_dtype_as_read_is_accepted():
    frame = pl.DataFrame(
        [("a", None, 1, 1.0, None, 0, 2), ("a", None, 2, 2.0, None, 0, 3)],
        schema=SCHEMA,
        orient="row",
    )
    assert build_panel(observe_frame(frame)).values.tolist() == [[1.0, 2.0]]
