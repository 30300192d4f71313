"""A simulated world of releases: the same bytes for a seed, three tables, settings, the truth."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from upswell.errors import OutputError, SettingError
from upswell.releases.config import ReleasesConfig
from upswell.simulate import SimulatedReleases, floor_rmsle, simulate_releases, write_releases

FILES = ("releases", "signals", "outcomes", "truth")
TABLES = ("releases", "outcomes", "truth", "signals")


@pytest.fixture(scope="module")
def world() -> SimulatedReleases:
    return simulate_releases(1000, 90_000, 1)


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_seed_writes_the_same_bytes_and_another_does_not(tmp_path: Path, ending: str) -> None:
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        write_releases(simulate_releases(60, 5_000, seed), tmp_path / name, ending)
    for file in (*(f"{name}.{ending}" for name in FILES), "config.toml"):
        found = [(tmp_path / name / file).read_bytes() for name in ("one", "two", "other")]
        assert found[0] == found[1], file
        assert (found[0] != found[2]) == (file != "config.toml"), file
    assert {path.name for path in (tmp_path / "one").iterdir()} == {
        *(f"{name}.{ending}" for name in FILES),
        "config.toml",
    }


def test_signals_are_the_same_each_time_they_are_asked_for(world: SimulatedReleases) -> None:
    again = pl.concat([pl.DataFrame(pl.from_arrow(part)) for part in world.signal_chunks()])
    assert_frame_equal(again.cast({pl.Categorical: pl.String}), world.signals)


def test_more_rows_tell_the_same_world(world: SimulatedReleases) -> None:
    more = simulate_releases(1000, 200_000, 1)
    for name in ("releases", "outcomes", "truth"):
        assert_frame_equal(getattr(more, name), getattr(world, name))
    views = [one.signals.filter(pl.col("views") > 0)["views"].sum() for one in (world, more)]
    assert views[0] == pytest.approx(views[1], rel=0.05)


@pytest.mark.parametrize(
    ("releases", "rows"), [(1000, 60_000), (1000, 70_000), (1500, 150_000), (1000, 600_000)]
)
def test_the_rows_asked_for_are_met_within_a_few_percent(releases: int, rows: int) -> None:
    found = simulate_releases(releases, rows, 3)
    assert found.signals.height + found.outcomes.height == pytest.approx(rows, rel=0.02)
    assert found.releases.height == releases


def test_tables_have_their_columns_and_types(world: SimulatedReleases) -> None:
    assert dict(world.releases.schema) == {
        "release": pl.String,
        "release_date": pl.Date,
        **dict.fromkeys(("artist", "label", "genre"), pl.String),
    }
    assert dict(world.signals.schema) == {
        "release": pl.String,
        "date": pl.Date,
        **dict.fromkeys(("creator", "video"), pl.String),
        **dict.fromkeys(("views", "likes", "comments", "shares"), pl.Int64),
    }
    assert dict(world.outcomes.schema) == {
        "release": pl.String,
        "date": pl.Date,
        "streams": pl.Int64,
    }
    assert world.releases["release"].is_unique().all()
    assert world.truth.height == 2000
    assert world.truth.null_count().sum_horizontal().item() == 0


def test_tables_end_on_their_last_day_and_outcomes_on_the_thirtieth(
    world: SimulatedReleases,
) -> None:
    assert world.as_of == dt.date(2025, 7, 3)
    assert world.as_of.strftime("%A") == "Thursday"
    for table in (world.signals, world.outcomes):
        assert table["date"].max() == world.as_of
    assert world.releases["release_date"].max() <= world.as_of
    ages = world.outcomes.join(world.releases, on="release").drop_nulls("release_date")
    days = (ages["date"] - ages["release_date"]).dt.total_days()
    assert (days.min(), days.max()) == (0, 29)
    assert (world.outcomes["streams"] > 0).all()


def test_outcomes_add_up_to_the_true_streams_where_the_horizon_has_passed(
    world: SimulatedReleases,
) -> None:
    for horizon in (14, 30):
        truth = world.truth.filter(horizon=horizon)
        rows = world.outcomes.join(truth, on="release")
        within = (pl.col("date") - pl.col("release_date")).dt.total_days() < horizon
        sums = rows.filter(within).group_by("release").agg(total=pl.col("streams").sum())
        joined = truth.join(sums, on="release", how="left").with_columns(
            pl.col("total").fill_null(0)
        )
        closed = pl.col("release_date") + pl.duration(days=horizon - 1) <= world.as_of
        assert (joined.select(closed).to_series() == joined["mature"]).all()
        mature = joined.filter("mature")
        assert mature["total"].to_list() == mature["streams"].to_list()
        late = joined.filter(~pl.col("mature"))
        assert 10 < late.height < 100
        assert (late["total"] < late["streams"]).mean() > 0.9


def test_the_week_to_be_scored_has_full_windows_and_short_ones(world: SimulatedReleases) -> None:
    age = (world.as_of - pl.col("release_date")).dt.total_days() + 1
    week = world.truth.filter((pl.col("horizon") == 30) & (age <= 7)).select(
        age.alias("age"), "mature"
    )
    assert week.height >= 5
    assert not week["mature"].any()
    assert (week["age"] == 7).any()
    assert (week["age"] < 7).any()


def test_some_dates_are_unknown_to_the_tables_but_not_to_the_truth() -> None:
    found = simulate_releases(4000, 240_000, 2)
    assert 5 < found.releases["release_date"].null_count() < 45
    dated = found.releases.drop_nulls().join(found.truth.filter(horizon=14), on="release")
    assert (dated["release_date"] == dated["release_date_right"]).all()


def test_files_hold_the_tables(world: SimulatedReleases, tmp_path: Path) -> None:
    rows = write_releases(world, tmp_path / "parquet")
    write_releases(world, tmp_path / "csv", "csv")
    for name in TABLES:
        table = getattr(world, name)
        assert rows[name] == table.height
        assert_frame_equal(pl.read_parquet(tmp_path / "parquet" / f"{name}.parquet"), table)
        text = pl.read_csv(tmp_path / "csv" / f"{name}.csv", try_parse_dates=True)
        assert_frame_equal(text, table)


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_the_settings_are_those_of_the_release_job(tmp_path: Path, ending: str) -> None:
    simulated = simulate_releases(40, 4_000, 1)
    write_releases(simulated, tmp_path / "out", ending)
    text = (tmp_path / "out" / "config.toml").read_text(encoding="utf-8")
    config = ReleasesConfig.model_validate(tomllib.loads(text))
    assert (config.window, config.horizons, config.step) == (7, (14, 30), 50_000.0)
    for part, table in (
        (config.releases, simulated.releases),
        (config.signals, simulated.signals),
        (config.outcomes, simulated.outcomes),
    ):
        assert (tmp_path / "out" / part.source).is_file()
        named = part.model_dump(exclude={"source", "known", "cumulative", "missing"})
        columns = {
            name
            for value in named.values()
            if value is not None
            for name in ([value] if isinstance(value, str) else value)
        }
        assert columns == set(table.columns)


def test_a_failure_on_the_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: SimulatedReleases) -> None:
        raise OutputError("no more")

    monkeypatch.setattr(SimulatedReleases, "signal_chunks", broken)
    with pytest.raises(OutputError, match="no more"):
        write_releases(simulate_releases(20, 2_000, 1), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_foreign_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match=r"mine\.txt"):
        write_releases(simulate_releases(20, 2_000, 1), tmp_path)


def test_the_busiest_artists_take_the_names_that_are_given(tmp_path: Path) -> None:
    nasty = ("<script>", "=1+1", 'a,"b')
    found = simulate_releases(100, 8_000, 1, names=nasty)
    counts = found.releases["artist"].value_counts()
    assert set(nasty) <= set(counts["artist"])
    plain = simulate_releases(100, 8_000, 1)
    assert_frame_equal(found.signals, plain.signals)
    write_releases(found, tmp_path / "out", "csv")
    with (tmp_path / "out" / "releases.csv").open(encoding="utf-8", newline="") as handle:
        assert {row["artist"] for row in csv.DictReader(handle)} == set(counts["artist"])


@settings(max_examples=20)
@given(st.integers(1, 40), st.integers(150, 400), st.integers(0, 2**64))
def test_any_size_fits_together(releases: int, each: int, seed: int) -> None:
    found = simulate_releases(releases, releases * each, seed)
    assert found.releases.height == releases
    assert found.truth["release"].unique(maintain_order=True).equals(found.releases["release"])
    known = found.signals.filter(~pl.col("release").str.starts_with("lost"))
    assert set(known["release"]) <= set(found.releases["release"])
    assert set(found.outcomes["release"]) <= set(found.releases["release"])
    numbers = found.truth.select(pl.col(pl.Float64)).to_numpy()
    assert np.isfinite(numbers).all()
    assert (found.truth["deviation_log"] > 0).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"releases": 0}, "releases"),
        ({"releases": True}, "releases"),
        ({"releases": 1_000_001}, "releases"),
        ({"rows": 2.5}, "rows"),
        ({"rows": 100}, "in [0-9]+ to 20000000 rows, got 100"),
        ({"rows": 20_000_001}, "20000000"),
        ({"seed": -1}, "seed"),
        ({"names": ["a", "a"]}, "names"),
        ({"names": [""]}, "names"),
        ({"names": list("abcdef")}, "at most 4"),
    ],
)
def test_nonsense_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        simulate_releases(**({"releases": 20, "rows": 2_000, "seed": 1} | wrong))


def test_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="parquet or csv"):
        write_releases(simulate_releases(20, 2_000, 1), tmp_path / "out", "xlsx")
    assert not (tmp_path / "out").exists()


def test_the_floor_is_the_root_mean_square_of_what_nobody_could_know(
    world: SimulatedReleases,
) -> None:
    names = world.releases["release"].to_list()[:50]
    rows = world.truth.filter(pl.col("horizon") == 14).to_dicts()[:50]
    squares = [(np.log(1 + row["streams"]) - row["expected_log"]) ** 2 for row in rows]
    found = floor_rmsle(world.truth, names, horizon=14)
    assert found == pytest.approx((sum(squares) / 50) ** 0.5)
    assert floor_rmsle(world.truth) != floor_rmsle(world.truth, names)
    with pytest.raises(SettingError, match="horizon 7"):
        floor_rmsle(world.truth, horizon=7)
    with pytest.raises(SettingError, match="no such releases"):
        floor_rmsle(world.truth, ["nobody"])
