"""Simulated creators: the same bits for a seed, independent of each other, with their truth."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from upswell.data import Tree
from upswell.errors import OutputError, SettingError
from upswell.simulate import CATEGORIES, SimulatedPanel, simulate_creators, write_creators

ARRAYS = ("future", "expected", "likes", "followers")


def same(one: SimulatedPanel, other: SimulatedPanel) -> bool:
    return one.panel.values.tobytes() == other.panel.values.tobytes() and all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in ARRAYS
    )


def test_shapes_names_and_days() -> None:
    world = simulate_creators(12, 100, 3, horizon=30)
    assert world.panel.values.shape == world.likes.shape == world.followers.shape == (12, 100)
    assert world.future.shape == (12, 30)
    assert world.expected.shape == (12, 130)
    assert world.horizon == 30
    assert world.panel.items[0] == "creator-01"
    assert world.panel.items[-1] == "creator-12"
    assert world.panel.groups == CATEGORIES * 3
    assert world.panel.axis.labels()[0] == "2025-01-06"
    assert Tree.of_panel(world.panel).size == 1 + 4 + 12


def test_a_seed_gives_the_same_bits_and_another_does_not() -> None:
    one, again = (simulate_creators(5, 60, 7, horizon=10) for _ in range(2))
    assert same(one, again)
    assert not same(one, simulate_creators(5, 60, 8, horizon=10))


def test_one_more_creator_leaves_the_others_as_they_are() -> None:
    few, more = (simulate_creators(count, 80, 1, horizon=10) for count in (5, 9))
    np.testing.assert_array_equal(more.panel.values[:5], few.panel.values)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(more, name)[:5], getattr(few, name))


def test_a_longer_horizon_leaves_the_history_as_it_is() -> None:
    short, long = (simulate_creators(8, 80, 2, horizon=horizon) for horizon in (0, 45))
    np.testing.assert_array_equal(long.panel.values, short.panel.values)
    np.testing.assert_array_equal(long.followers, short.followers)
    np.testing.assert_allclose(long.expected[:, :80], short.expected, rtol=1e-12)
    assert short.future.shape == (8, 0)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 8), st.integers(1, 60), st.integers(0, 2**64), st.integers(0, 40), st.booleans()
)
def test_any_size_gives_counts_that_fit_together(
    creators: int, days: int, seed: int, horizon: int, calendar: bool
) -> None:
    start = dt.date(2024, 2, 28) if calendar else 1
    world = simulate_creators(creators, days, seed, horizon=horizon, start=start)
    seen = np.isfinite(world.panel.values)
    assert (np.isfinite(world.likes) == seen).all()
    assert (np.isfinite(world.followers) == seen).all()
    assert (world.likes[seen] <= world.panel.values[seen]).all()
    assert np.isfinite(world.future).all()
    assert (world.future >= 0).all()
    assert (world.future == np.floor(world.future)).all()
    assert np.isfinite(world.expected).all()
    for row in world.followers:
        assert (np.diff(row[np.isfinite(row)]) >= 0).all()
    assert world.to_frame().height == seen.sum()
    assert world.to_frame(raw=False).height == creators * (days + horizon)


def test_counts_scatter_around_what_was_expected() -> None:
    world = simulate_creators(300, 90, 4, horizon=30)
    actual, expected = world.future, world.expected[:, 90:]
    relative = actual / expected - 1
    assert abs(np.mean(relative)) < 0.01
    assert 0.02 < np.std(relative) < 0.12
    assert actual.sum() == pytest.approx(expected.sum(), rel=0.02)


def test_creators_of_one_category_are_correlated_and_others_are_not() -> None:
    world = simulate_creators(80, 800, 5, start=1)
    logs = np.log(np.maximum(world.expected, 1.0))
    changes = logs[:, 7:] - logs[:, :-7]
    there = (world.expected > 0).all(axis=1)
    ranks = np.argsort(np.argsort(changes[there], axis=1), axis=1)
    correlation = np.corrcoef(ranks)
    group = np.array(world.panel.groups)[there]
    alike = group[:, None] == group[None]
    within = correlation[alike & ~np.eye(len(group), dtype=bool)].mean()
    between = correlation[~alike].mean()
    assert within > 0.08
    assert abs(between) < 0.04


def test_weekdays_follow_the_calendar_and_not_the_first_day() -> None:
    monday, thursday = (
        simulate_creators(4, 28, 6, start=dt.date(2025, 1, day)).expected for day in (6, 9)
    )
    assert not np.allclose(monday, thursday)
    week_later = simulate_creators(4, 28, 6, start=dt.date(2025, 1, 13)).expected
    np.testing.assert_array_equal(monday, week_later)


def test_days_before_a_launch_are_missing_and_nothing_was_expected_of_them() -> None:
    world = simulate_creators(200, 100, 9)
    absent = world.expected == 0
    assert 10 < absent.any(axis=1).sum() < 45
    assert np.isnan(world.panel.values[absent]).all()
    assert not absent[:, 60:].any()


def test_raw_frame_looks_like_an_export() -> None:
    world = simulate_creators(3, 20, 1, start=dt.date(2025, 3, 1))
    frame = world.to_frame()
    assert frame.columns == ["Day", "CreatorID", "Category", "Views", "Likes", "Followers"]
    assert frame.schema["Day"] == pl.Date
    assert frame["Day"].is_sorted()
    grid = frame.pivot("Day", index="CreatorID", values="Views").sort("CreatorID")
    assert grid["CreatorID"].to_list() == list(world.panel.items)
    days = [day.isoformat() for day in frame["Day"].unique().sort()]
    found = grid.select(days).to_numpy().astype(float)
    columns = [world.panel.axis.labels().index(day) for day in days]
    np.testing.assert_array_equal(found, world.panel.values[:, columns])


def test_frame_with_truth_holds_history_future_and_expectation() -> None:
    world = simulate_creators(3, 20, 1, horizon=5, start=1)
    frame = world.to_frame(raw=False)
    assert frame.columns == ["item", "group", "date", "part", "value", "expected"]
    future = frame.filter(pl.col("part") == "future")
    assert future["date"].unique().sort().to_list() == [21, 22, 23, 24, 25]
    assert future["value"].sum() == world.future.sum()
    first = frame.filter(pl.col("item") == "creator-02")
    np.testing.assert_array_equal(first["expected"].to_numpy(), world.expected[1])


def test_own_categories_are_dealt_out_in_turn() -> None:
    world = simulate_creators(3, 5, 1, categories=["a", "b"])
    assert world.panel.groups == ("a", "b", "a")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"creators": 0}, "creators"),
        ({"creators": 2.5}, "creators"),
        ({"creators": True}, "creators"),
        ({"days": 0}, "days"),
        ({"seed": -1}, "seed"),
        ({"seed": None}, "seed"),
        ({"horizon": -1}, "horizon"),
        ({"categories": []}, "categories"),
        ({"categories": ["a", "a"]}, "categories"),
        ({"categories": ["a", ""]}, "categories"),
        ({"start": dt.date(9999, 12, 20)}, "9999"),
        ({"start": "2025-01-01"}, "start"),
    ],
)
def test_nonsense_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        simulate_creators(**({"creators": 2, "days": 20, "seed": 1} | wrong))


def test_the_last_day_of_the_calendar_may_be_reached() -> None:
    world = simulate_creators(1, 12, 1, start=dt.date(9999, 12, 20))
    assert world.panel.axis.labels()[-1] == "9999-12-31"


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".CSV"])
def test_files_read_back_and_are_the_same_bytes_each_time(tmp_path: Path, ending: str) -> None:
    world = simulate_creators(4, 30, 2)
    path = tmp_path / f"views{ending}"
    write_creators(world, path)
    first = path.read_bytes()
    write_creators(simulate_creators(4, 30, 2), path)
    assert path.read_bytes() == first
    read = (
        pl.read_parquet if ending == ".parquet" else lambda p: pl.read_csv(p, try_parse_dates=True)
    )
    assert read(path).equals(world.to_frame())


def test_an_unknown_ending_or_place_is_refused(tmp_path: Path) -> None:
    world = simulate_creators(1, 5, 2)
    for name in ("views", "views.xlsx"):
        with pytest.raises(SettingError, match="format"):
            write_creators(world, tmp_path / name)
    (tmp_path / "views.csv").mkdir()
    with pytest.raises(OutputError, match="folder"):
        write_creators(world, tmp_path / "views.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["views.csv"]
