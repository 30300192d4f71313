"""Small, empty and strange tables, ranges of days, and repeated runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from releases.gate.tables import START, FrameTables, days_after, small_world, table_bytes
from upswell.errors import SettingError
from upswell.releases.gate import (
    catalogue,
    catalogue_markdown,
    features_at,
    memory_of,
    outcomes_at,
)

HOW = {"window": 3, "horizons": (5, 9)}


def test_repeated_runs_on_several_threads_give_the_same_bytes() -> None:
    """Sums of floats in another order would differ in the last bits."""
    rng = np.random.default_rng(1)
    count, rows = 40, 300_000
    which, back = rng.integers(0, count, rows), rng.integers(-3, 6, rows)
    names = np.array([f"r{i:02d}" for i in range(count)])
    date = np.datetime64(START) + rng.integers(0, 30, count).astype("timedelta64[D]")
    day = date[which] + back.astype("timedelta64[D]")
    signals = pl.DataFrame(
        {
            "release": names[which],
            "day": day,
            "known": day,
            "creator": rng.integers(0, 500, rows).astype(str),
            "views": rng.lognormal(3, 3, rows),
        }
    )
    outcome_day = np.repeat(date, 9) + np.tile(np.arange(9), count).astype("timedelta64[D]")
    outcomes = pl.DataFrame(
        {
            "release": np.repeat(names, 9),
            "day": outcome_day,
            "known": outcome_day,
            "streams": rng.lognormal(5, 2, 9 * count),
        }
    )
    releases = pl.DataFrame(
        {
            "release": names,
            "release_date": date,
            "artist": rng.integers(0, 9, count).astype(str),
            "known": pl.Series([None] * count, dtype=pl.Date),
        }
    )
    last = days_after(START, 60)
    found = set()
    for threads in (2, 2, 4, 1):
        tables = FrameTables(releases, signals, outcomes, ("views",), {}, last, threads=threads)
        found.add(table_bytes(features_at(tables, **HOW)))
    shuffled = signals.sample(fraction=1.0, shuffle=True, seed=5)
    tables = FrameTables(releases, shuffled, outcomes, ("views",), {}, last)
    found.add(table_bytes(features_at(tables, **HOW)))
    assert len(found) == 1


@pytest.mark.parametrize("empty", ["releases", "signals", "outcomes"])
def test_an_empty_table_is_no_error(empty: str) -> None:
    tables = small_world(31)
    tables = replace(tables, **{empty: getattr(tables, empty).clear()})
    table = features_at(tables, **HOW)
    assert len(table) == tables.releases.height
    assert table.daily["views"].shape == (len(table), 3)
    assert table.features.columns == [note.name for note in catalogue(tables, **HOW)]
    if empty == "signals":
        assert table.features["views_log_total"].to_list() == [0.0] * len(table)
        assert table.features["days_observed"].to_list() == [0.0] * len(table)
        assert table.features["platform_views_log_7_days"].null_count() == len(table)
        assert np.isnan(table.daily["views"]).all()
        assert table.ledger.count("short-platform-history") == len(table)
    if empty == "outcomes":
        assert table.features["artist_no_history"].to_list() == [1.0] * len(table)
        assert outcomes_at(tables, (5,)).height == 0


def test_one_release_with_one_row_has_features() -> None:
    tables = small_world(32, history=False)
    one = replace(
        tables,
        releases=tables.releases.head(1).with_columns(pl.lit(START).alias("release_date")),
        signals=tables.signals.head(1).with_columns(
            pl.lit(tables.releases["release"][0]).alias("release"),
            pl.lit(START).alias("day"),
            pl.lit(START).alias("known"),
            pl.lit(8.0).alias("views"),
            pl.lit("x").alias("creator"),
        ),
        outcomes=tables.outcomes.clear(),
    )
    found = features_at(one, **HOW).features.row(0, named=True)
    assert found["views_log_total"] == pytest.approx(np.log(9))
    assert found["creators_hhi"] == found["creators_top_5_share"] == 1.0
    assert found["creators_gini"] == 0.0
    assert found["days_missing"] == found["longest_gap"] == 2.0
    assert found["week_rank"] is None
    assert found["views_log_day_2"] is None


def test_only_the_releases_asked_for_come_back_and_the_others_still_count() -> None:
    tables = small_world(33)
    whole = features_at(tables, **HOW)
    some = whole.keys["release"].to_list()[1::3]
    mask = whole.keys["release"].is_in(some).to_numpy()
    part = features_at(tables, releases=[*some, "nobody", some[0]], **HOW)
    assert table_bytes(part) == table_bytes(whole.take(mask))
    assert len(features_at(tables, releases=[], **HOW)) == 0


def test_releases_whose_gate_has_not_come_are_left_out() -> None:
    tables = small_world(34)
    day = days_after(START, 20)
    table = features_at(tables, as_of=day, **HOW)
    due = tables.releases.filter(
        (pl.col("release_date") <= days_after(day, -2))
        & (pl.col("known").fill_null(dt.date.min) <= day)
    )
    assert sorted(table.keys["release"]) == sorted(due["release"])
    assert table_bytes(table) == table_bytes(features_at(tables.until(day), **HOW))


def test_a_release_listed_late_has_no_attributes_at_its_gate() -> None:
    tables = small_world(35)
    late = tables.releases.with_columns(
        (pl.col("release_date") + pl.duration(days=3)).alias("known"), pl.lit("N").alias("label")
    )
    table = features_at(replace(tables, releases=late), **HOW)
    assert table.keys["artist"].null_count() == table.features["label"].null_count() == len(table)
    assert table.ledger.count("listed-late") == len(table)
    soon = late.with_columns((pl.col("release_date") + pl.duration(days=2)).alias("known"))
    table = features_at(replace(tables, releases=soon), **HOW)
    assert table.features["label"].to_list() == ["N"] * len(table)


@pytest.mark.parametrize(
    "how",
    [
        {"window": 3, "age": 4},
        {"window": 3, "age": 0},
        {"window": 0},
        {"window": 3, "horizons": (0,)},
        {"window": 3, "base": "listens"},
    ],
)
def test_settings_that_make_no_sense_are_refused(how: dict[str, object]) -> None:
    with pytest.raises(SettingError):
        features_at(small_world(36), **how)


def test_signals_without_a_metric_are_refused() -> None:
    with pytest.raises(SettingError, match="no metric"):
        features_at(replace(small_world(36), metrics=()), window=3)


def test_tables_without_creator_video_artist_or_attributes_have_fewer_features() -> None:
    tables = small_world(37, creators=False)
    bare = replace(
        tables,
        releases=tables.releases.with_columns(pl.lit(None, dtype=pl.String).alias("artist")),
        attributes={},
    )
    groups = {note.group for note in features_at(bare, **HOW).catalogue}
    assert not groups & {"creators", "track record", "attributes"}
    assert {"views", "likes", "ratios", "window", "previews", "calendar", "platform"} <= groups


@pytest.mark.parametrize("age", [1, 2, 3])
def test_the_catalogue_is_the_same_for_every_age(age: int) -> None:
    tables = small_world(38)
    notes = catalogue(tables, **HOW)
    table = features_at(tables, age=age, **HOW)
    assert table.catalogue == notes
    assert table.features.columns == [note.name for note in notes]
    kinds = {note.name: pl.String if note.category else pl.Float64 for note in notes}
    assert dict(table.features.schema) == kinds


def test_each_feature_has_a_name_and_a_sentence_of_its_own() -> None:
    notes = catalogue(small_world(39), window=9, horizons=(5, 9))
    assert len({note.name for note in notes}) == len({note.text for note in notes}) == len(notes)
    assert all(note.text[0].isupper() and note.text.endswith(".") for note in notes)
    page = catalogue_markdown(notes)
    assert all(f"`{note.name}`" in page for note in notes)


def test_a_catalogue_of_an_unkind_name_is_still_one_table() -> None:
    tables = small_world(40, history=False)
    tables = replace(
        tables,
        releases=tables.releases.rename({"label": "a | b\n<script>"}),
        attributes={"a | b\n<script>": "category"},
    )
    page = catalogue_markdown(catalogue(tables, **HOW))
    assert "<script>" not in page.replace("\\<script\\>", "")
    lines = [line for line in page.splitlines() if "script" in line]
    assert lines
    assert all(line.startswith("| `") and line.endswith(" |") for line in lines)


def test_the_memory_of_two_runs_is_the_same() -> None:
    tables = small_world(41)
    one, other = (memory_of(tables, 3, (5, 9)) for _ in range(2))
    assert one.records.equals(other.records)
    assert one.platform.equals(other.platform)
