"""Scoring: one consistent answer for each release, as of a day, whatever else the tables hold."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from releases.teaching import AS_OF, TIERS, World, all_released_on
from upswell.errors import ColumnError, RefusalError, SettingError
from upswell.releases import score
from upswell.releases.answers import CODES, LEVELS
from upswell.releases.scoring import ScoredReleases
from upswell.releases.trained import TrainedReleases
from upswell.scoring import quantile_name, round_to_step

WEEK = AS_OF + dt.timedelta(days=20)
QUANTILES = [quantile_name(level) for level in LEVELS]


@pytest.fixture(scope="module")
def scored(world: World, trained: TrainedReleases) -> ScoredReleases:
    return score(trained, signals=world.signals, releases=world.releases, as_of=WEEK)


@pytest.fixture(scope="module")
def together(world: World) -> World:
    """All releases on one day, so that a day is an age."""
    return all_released_on(world, AS_OF + dt.timedelta(days=3))


@pytest.fixture(scope="module")
def by_age(together: World, trained: TrainedReleases) -> Mapping[int, ScoredReleases]:
    start = together.releases["release_date"][0]
    return {
        age: score(
            trained,
            signals=together.signals,
            releases=together.releases,
            as_of=start + dt.timedelta(days=age - 1),
        )
        for age in (1, 2, 4, 6, 7, 9)
    }


def codes_of(frame: pl.DataFrame) -> pl.Series:
    return frame["codes"].str.split(" ")


def test_every_release_has_a_row_for_each_horizon_the_largest_first(
    world: World, scored: ScoredReleases
) -> None:
    frame = scored.frame
    out = world.releases.filter(pl.col("release_date") <= WEEK)
    assert sorted(frame["release"].unique()) == sorted(out["release"])
    assert frame["horizon"].to_list() == [14, 30] * len(out)
    last = frame.filter(pl.col("horizon") == 30)["q50"]
    assert last.is_sorted(descending=True)
    assert frame.columns == [
        *("release", "horizon", "mean", *QUANTILES, "rounded", "tier"),
        *(f"probability_{name}" for name in TIERS["names"]),
        *("status", "codes"),
    ]


def test_number_range_tier_and_chances_are_one_answer(scored: ScoredReleases) -> None:
    frame = scored.frame
    numbers = frame.select(pl.col(pl.Float64))
    assert np.isfinite(numbers.to_numpy()).all()
    quantiles = frame.select(QUANTILES).to_numpy()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert (quantiles >= 0).all()
    chances = frame.select(f"probability_{name}" for name in TIERS["names"]).to_numpy()
    np.testing.assert_allclose(chances.sum(axis=1), 1.0, atol=1e-12)
    tiers = np.searchsorted(TIERS["bounds"], frame["q50"].to_numpy(), side="right")
    assert frame["tier"].to_list() == [TIERS["names"][tier] for tier in tiers]
    rounded = round_to_step(frame["q50"].to_numpy(), 50_000.0, "nearest")
    assert frame["rounded"].to_list() == rounded.tolist()
    early, late = (frame.filter(pl.col("horizon") == horizon) for horizon in (14, 30))
    assert early["release"].equals(late["release"])
    for name in ("mean", *QUANTILES, "rounded"):
        assert (early[name] <= late[name]).all(), name
    hit = f"probability_{TIERS['names'][-1]}"
    assert (early[hit] <= late[hit] + 1e-12).all()
    low = f"probability_{TIERS['names'][0]}"
    assert (early[low] >= late[low] - 1e-12).all()


def test_codes_are_known_and_agree_with_the_status(scored: ScoredReleases) -> None:
    said = set(codes_of(scored.frame).explode()) - {""}
    assert said <= set(CODES)
    for row in scored.frame.iter_rows(named=True):
        codes = row["codes"].split()
        expected = next((c for c in ("no-signals", "short-window") if c in codes), "ok")
        assert row["status"] == expected


def test_the_record_is_json_and_counts_what_was_scored(scored: ScoredReleases) -> None:
    record = json.loads(json.dumps(scored.record, allow_nan=False))
    assert record["as_of"] == WEEK.isoformat()
    assert sum(record["status"].values()) == record["releases"]
    assert record["releases"] == scored.frame["release"].n_unique()


def test_incomplete_windows_are_scored_from_the_first_day_on(
    by_age: Mapping[int, ScoredReleases], together: World
) -> None:
    for age, scored in by_age.items():
        assert scored.frame["release"].n_unique() == len(together.releases)
        assert scored.keys["age"].unique().to_list() == [min(age, 7)]
        statuses = set(scored.frame["status"])
        assert statuses <= ({"ok", "no-signals"} if age >= 7 else {"short-window", "no-signals"})
        short = codes_of(scored.frame).list.contains("short-window")
        assert short.all() == (age < 7)
        assert short.any() == (age < 7)


def widths(scored: ScoredReleases) -> float:
    own = scored.frame.filter(pl.col("horizon") == 30)
    return float((np.log1p(own["q90"]) - np.log1p(own["q10"])).mean())


def test_ranges_of_incomplete_windows_are_wider(by_age: Mapping[int, ScoredReleases]) -> None:
    whole = widths(by_age[7])
    for age in (1, 2, 4, 6):
        assert widths(by_age[age]) > 1.03 * whole, age


def test_days_after_the_window_change_nothing(by_age: Mapping[int, ScoredReleases]) -> None:
    assert by_age[9].frame.equals(by_age[7].frame)


def test_a_release_without_signals_is_scored_and_said_to_be_one(
    world: World, trained: TrainedReleases
) -> None:
    day = AS_OF + dt.timedelta(days=5)
    silent = pl.DataFrame(
        {
            "release": ["silent", "young"],
            "release_date": [day - dt.timedelta(days=10), day],
            "artist": ["nobody", None],
            "genre": [None, "never heard"],
        }
    )
    releases = pl.concat([world.releases, silent])
    frame = score(trained, signals=world.signals, releases=releases, as_of=day).frame
    for name in ("silent", "young"):
        own = frame.filter(pl.col("release") == name)
        assert own["status"].to_list() == ["no-signals"] * 2
        assert np.isfinite(own.select(pl.col(pl.Float64)).to_numpy()).all()
        assert (own["q95"] > own["q05"]).all()
        assert codes_of(own).list.contains("new-artist").all()
    # Nothing taught such releases: they are ordinary ones, not large ones.
    for horizon in (14, 30):
        others = frame.filter(pl.col("status") == "ok", horizon=horizon)["q50"].median()
        own = frame.filter(release="silent", horizon=horizon)["q50"][0]
        assert isinstance(others, float)
        assert others / 3 < own < others * 3


def test_one_release_alone_can_be_scored(world: World, trained: TrainedReleases) -> None:
    one = world.releases.filter(pl.col("release_date") > AS_OF).head(1)
    rows = world.signals.join(one.select("release"), on="release", how="semi")
    frame = score(trained, signals=rows, releases=one).frame
    assert frame["release"].to_list() == one["release"].to_list() * 2


def test_the_platform_around_a_release_is_part_of_its_features_and_its_own_rows_are_not_others(
    world: World, trained: TrainedReleases, scored: ScoredReleases
) -> None:
    one = world.releases.filter(pl.col("release_date") <= WEEK - dt.timedelta(days=7)).sort(
        "release_date"
    )[-1:]
    rows = world.signals.join(one.select("release"), on="release", how="semi")
    alone = score(trained, signals=rows, releases=one, as_of=WEEK).frame
    among = scored.frame.filter(pl.col("release") == one["release"][0])
    # Company on the day and the level of the platform differ; the answer stays of the same size.
    ratio = alone["q50"].to_numpy() / among["q50"].to_numpy()
    assert (np.abs(np.log(ratio)) < np.log(3)).all()
    # Old releases are scored by the memory: what came out weeks later is no part of it.
    old = world.releases.filter(pl.col("release_date") < AS_OF - dt.timedelta(days=60))
    rows = world.signals.join(old.select("release"), on="release", how="semi")
    own = score(trained, signals=rows, releases=old, as_of=WEEK).frame.sort("release", "horizon")
    before = old.filter(pl.col("release_date") < AS_OF - dt.timedelta(days=80)).select("release")
    own, others = (
        frame.join(before, on="release", how="semi").sort("release", "horizon")
        for frame in (own, scored.frame)
    )
    assert own.height > 100
    assert own.equals(others)


def test_the_order_of_rows_does_not_matter(
    world: World, trained: TrainedReleases, scored: ScoredReleases
) -> None:
    mixed = score(
        trained,
        signals=world.signals.sample(fraction=1.0, shuffle=True, seed=1),
        releases=world.releases.reverse(),
        as_of=WEEK,
    )
    assert mixed.frame.equals(scored.frame)
    assert mixed.keys.equals(scored.keys)


def test_an_as_of_day_cuts_the_tables(
    world: World, trained: TrainedReleases, scored: ScoredReleases
) -> None:
    cut = world.until(WEEK)
    assert len(cut.signals) < len(world.signals)
    again = score(trained, signals=cut.signals, releases=cut.releases, as_of=WEEK)
    assert again.frame.equals(scored.frame)
    later = len(world.releases.filter(pl.col("release_date") > WEEK))
    assert later > 0
    assert scored.ledger.count("after-as-of") > later
    assert score(
        trained, signals=world.signals, releases=world.releases, as_of=WEEK.isoformat()
    ).frame.equals(scored.frame)


def test_without_an_as_of_day_the_last_day_of_the_signals_counts(
    world: World, trained: TrainedReleases
) -> None:
    scored = score(trained, signals=world.signals, releases=world.releases)
    assert scored.as_of == world.signals["date"].max()


def test_a_metric_that_training_did_not_have_is_flagged_and_changes_no_number(
    world: World, trained: TrainedReleases, scored: ScoredReleases
) -> None:
    # Rows that were equal in every column stay so, or the contract would count both.
    more = world.signals.with_columns(aaa_saves=pl.col("views").hash(seed=1) % 10**6)
    found = score(trained, signals=more, releases=world.releases, as_of=WEEK)
    assert found.frame.equals(scored.frame)
    assert found.ledger.count("unknown-metric") == 1
    assert {repair.series for repair in found.ledger if repair.code == "unknown-metric"} == {
        "aaa_saves"
    }


def test_a_day_that_tells_only_of_an_unknown_metric_is_a_gap(
    together: World, trained: TrainedReleases
) -> None:
    start = together.releases["release_date"][0]
    told = together.signals["release"].unique()
    holed = together.signals.filter((pl.col("date") != start) | (pl.col("release") != told[0]))
    as_of = start + dt.timedelta(days=6)
    plain = score(trained, signals=holed, releases=together.releases, as_of=as_of)
    nothing = dict.fromkeys(("creator", "views", "likes"))
    extra = pl.DataFrame(
        {"release": [told[0]], "date": [start], "known": [start], **nothing, "saves": [5]},
        schema={**holed.schema, "saves": pl.Int64},
        strict=False,
    )
    saved = holed.with_columns(saves=pl.lit(1, dtype=pl.Int64))
    more = pl.concat([saved, extra.select(saved.columns)])
    found = score(trained, signals=more, releases=together.releases, as_of=as_of)
    # Such a row still counts as one that was seen, so numbers may move a little; the day is a gap.
    for scored in (plain, found):
        own = scored.frame.filter(pl.col("release") == told[0])
        assert codes_of(own).list.contains("gaps").all()


def test_a_metric_that_is_missing_is_named(world: World, trained: TrainedReleases) -> None:
    with pytest.raises(ColumnError, match="likes"):
        score(trained, signals=world.signals.drop("likes"), releases=world.releases, as_of=WEEK)


@pytest.mark.parametrize("column", ["artist", "genre"])
def test_a_column_of_releases_that_is_missing_is_refused(
    world: World, trained: TrainedReleases, column: str
) -> None:
    with pytest.raises(ColumnError):
        score(trained, signals=world.signals, releases=world.releases.drop(column), as_of=WEEK)


def test_a_day_before_all_releases_is_refused(world: World, trained: TrainedReleases) -> None:
    with pytest.raises(RefusalError) as caught:
        score(trained, signals=world.signals, releases=world.releases, as_of="2001-01-01")
    assert caught.value.code == "nothing-to-score"
    with pytest.raises(SettingError):
        score(trained, signals=world.signals, releases=world.releases, as_of="yesterday")
