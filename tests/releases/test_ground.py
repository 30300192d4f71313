"""The ground: what is learned from odd worlds, and what is refused with its code."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest

from releases.teaching import AS_OF, World, ground_of
from upswell.errors import RefusalError
from upswell.releases import score
from upswell.releases.ground import Ground, _dealt, _short_ages


def told_code(world: World, **settings: Any) -> str:
    def taught() -> None:
        ground = ground_of(world, **settings)
        ground.lesson(ground.complete, None)

    with pytest.raises(RefusalError) as caught:
        taught()
    assert caught.value.code is not None
    return caught.value.code


def test_tables_without_a_mature_release_are_refused(world: World) -> None:
    assert told_code(world, as_of=dt.date(2023, 7, 20)) == "no-mature-release"
    later = world.outcomes.filter(pl.col("date") > AS_OF)
    assert told_code(World(world.releases, world.signals, later)) == "no-mature-release"


def test_too_few_mature_releases_are_refused(world: World) -> None:
    dates = world.releases["release_date"].drop_nulls().sort()
    day = dates[20] + dt.timedelta(days=29)
    assert told_code(world, as_of=day) == "too-few-mature"


def test_mature_releases_of_one_day_are_too_few(world: World) -> None:
    from releases.teaching import all_released_on

    one_day = all_released_on(world, AS_OF - dt.timedelta(days=60))
    assert told_code(one_day, evaluation={"final_days": 0}) == "too-few-mature"


def test_every_release_of_the_past_stands_once_in_both_tables(ground: Ground) -> None:
    assert ground.short is not None
    complete, short = ground.complete.keys, ground.short.keys
    assert complete["release"].n_unique() == len(complete)
    assert short["release"].to_list() == complete["release"].to_list()
    assert set(complete["age"]) == {7}
    assert set(short["age"]) == {1, 2, 3, 5}
    counts = short["age"].value_counts()["count"]
    assert counts.min() > len(short) / 8
    assert (short["gate"] < complete["gate"]).all()
    assert ground.short.features.columns == ground.complete.features.columns
    # Nothing beyond the age is in the counts of a short window.
    for metric in ground.short.metrics:
        beyond = np.arange(1, 8)[None, :] > short["age"].to_numpy()[:, None]
        assert np.isnan(ground.short.daily[metric][beyond]).all()


def test_outcomes_are_sums_of_the_days(world: World, ground: Ground) -> None:
    logs = ground.log_outcomes(ground.complete)
    days = world.outcomes.join(world.releases, on="release")
    checked = 0
    for row in range(0, len(ground.complete), 29):
        key = ground.complete.keys.row(row, named=True)
        for place, horizon in enumerate((14, 30)):
            last = key["release_date"] + dt.timedelta(days=horizon - 1)
            inside = pl.col("date").is_between(key["release_date"], last)
            own = days.filter((pl.col("release") == key["release"]) & (pl.col("date") <= AS_OF))
            if last > AS_OF or own.is_empty():
                assert np.isnan(logs[row, place])
                continue
            total = own.unique(["release", "date"]).filter(inside)["streams"].sum()
            assert np.expm1(logs[row, place]) == pytest.approx(total, rel=1e-6)
            checked += 1
    assert checked > 10


def test_the_base_metric_is_chosen_before_the_first_test_period(world: World) -> None:
    quickly = {"window": 1}
    ground = ground_of(world, **quickly)
    first = (*ground.folds(), ground.final())[0]
    assert first is not None
    # From the first period on, views say everything and likes nothing; before, the reverse.
    streams = world.outcomes.group_by("release").agg(pl.col("streams").sum())
    late = world.releases.filter(pl.col("release_date") >= first.first - dt.timedelta(days=29))

    def with_truth_in(late_metric: str, early_metric: str) -> World:
        joined = world.signals.join(streams, on="release", how="left").with_columns(
            late=pl.col("release").is_in(late["release"].to_list()),
            told=pl.col("streams").fill_null(1) // 7 + 1,
        )
        rows = joined.unique(["release", "date"], maintain_order=True, keep="first")
        changed = rows.with_columns(
            pl.when("late").then("told").otherwise(1).alias(late_metric),
            pl.when("late").then(1).otherwise("told").alias(early_metric),
        )
        return World(world.releases, changed.select(world.signals.columns), world.outcomes)

    assert ground_of(with_truth_in("views", "likes"), **quickly).base == "likes"
    assert ground_of(with_truth_in("likes", "views"), **quickly).base == "views"


def test_short_windows_are_taught_at_a_few_ages() -> None:
    for window in range(1, 61):
        ages = _short_ages(window)
        assert all(1 <= age < window for age in ages)
        assert ages == sorted(set(ages))
        assert (ages[:1] == [1]) == (window > 1)
        assert len(ages) < 10


def test_a_hand_does_not_depend_on_the_other_names() -> None:
    names = [f"r{k}" for k in range(100)]
    whole, half = _dealt(names, 4), _dealt(names[::2], 4)
    for hand, part in zip(whole, half, strict=True):
        assert part == [name for name in hand if name in set(names[::2])]
    assert sum(len(hand) for hand in whole) == 100


@pytest.fixture(scope="module")
def part(world: World) -> World:
    """A smaller world of one metric."""
    some = world.releases.filter(pl.col("release").hash(seed=3) % 3 > 0)
    return World(
        some,
        world.signals.join(some.select("release"), on="release", how="semi").drop("likes"),
        world.outcomes.join(some.select("release"), on="release", how="semi"),
    )


NO_FINAL = {"final_days": 0}
DAY = AS_OF + dt.timedelta(days=4)


def trained_and_scored(world: World, **settings: Any) -> pl.DataFrame:
    """Train, score a few days later, and check that every number is one."""
    trained = world.train(**{"evaluation": NO_FINAL, **settings})
    frame = score(trained, signals=world.signals, releases=world.releases, as_of=DAY).frame
    assert np.isfinite(frame.select(pl.col(pl.Float64)).to_numpy()).all()
    assert frame["release"].n_unique() == len(world.releases.filter(pl.col("release_date") <= DAY))
    return frame


@pytest.mark.usefixtures("quick")
class TestOddWorlds:
    def test_tables_without_creators_artists_and_attributes(self, part: World) -> None:
        bare = World(
            part.releases.select("release", "release_date"),
            part.signals.drop("creator", "known"),
            part.outcomes.drop("known"),
        )
        frame = trained_and_scored(bare)
        assert not frame["codes"].str.contains("new-artist").any()

    def test_one_horizon_a_window_of_one_day_and_two_tiers(self, part: World) -> None:
        tiers = {"names": ["rest", "hit"], "bounds": [10_000]}
        frame = trained_and_scored(part, horizons=[1], window=1, tiers=tiers)
        assert frame["horizon"].unique().to_list() == [1]
        assert set(frame["status"]) <= {"ok", "no-signals"}

    def test_an_attribute_that_is_a_number(self, part: World) -> None:
        tempo = pl.col("release").hash(seed=1) % 120 + 60.5
        numbered = World(part.releases.with_columns(tempo=tempo), part.signals, part.outcomes)
        frame = trained_and_scored(numbered, window=1, horizons=[14])
        assert frame.height > 100

    def test_outcomes_that_are_all_equal(self, part: World) -> None:
        first = part.outcomes.join(part.releases, on="release").filter(
            pl.col("date") == pl.col("release_date")
        )
        equal = first.select(part.outcomes.columns).with_columns(
            streams=pl.lit(5_000, dtype=pl.Int64)
        )
        frame = trained_and_scored(World(part.releases, part.signals, equal), window=1)
        assert frame["codes"].str.contains("empty-tier").all()
        # A dozen trees do not undo the ratio to the window; the classification knows better.
        assert ((frame["q05"] <= 5_000) & (frame["q95"] >= 5_000)).mean() > 0.6
        assert (frame["probability_middle"] > 0.5).mean() > 0.6

    def test_a_tier_without_an_example_is_said_and_stays_possible(self, part: World) -> None:
        tiers = {"names": ["low", "middle", "hit"], "bounds": [3_000, 10**12]}
        frame = trained_and_scored(part, window=1, tiers=tiers)
        assert frame["codes"].str.contains("empty-tier").all()
        assert (frame["probability_hit"] > 0).all()
        assert (frame["probability_hit"] < 0.05).all()
