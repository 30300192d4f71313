"""The memory stands in for outcomes and for old signals, and gives the same features."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from io import BytesIO

import polars as pl
import pytest

from releases.gate.tables import START, days_after, frame_bytes, small_world, table_bytes
from upswell.errors import BundleError, SettingError
from upswell.releases.gate import Memory, features_at, memory_of

WINDOW, HORIZONS = 4, (5, 9)
HOW = {"window": WINDOW, "horizons": HORIZONS}


@pytest.mark.parametrize("seed", [11, 12])
def test_a_memory_of_the_last_day_gives_the_same_features(seed: int) -> None:
    tables = small_world(seed)
    memory = memory_of(tables, WINDOW, HORIZONS)
    blind = replace(tables, has_outcomes=False, outcomes=tables.outcomes.clear())
    assert table_bytes(features_at(blind, memory=memory, window=WINDOW)) == table_bytes(
        features_at(tables, **HOW)
    )


@pytest.mark.parametrize("seed", [13, 14, 15])
def test_a_memory_and_the_latest_signals_give_the_same_features(seed: int) -> None:
    """What is scored later needs only signals that are new, or of the latest releases."""
    tables = small_world(seed)
    day = days_after(START, 24)
    memory = memory_of(tables.until(day), WINDOW, HORIZONS)
    known = pl.max_horizontal("day", "known")
    latest = tables.releases.filter(pl.col("release_date") > days_after(day, -14))
    few = tables.signals.filter(
        (known > day) | pl.col("release").is_in(latest["release"].to_list())
    )
    assert 0 < few.height < tables.signals.height
    told = replace(tables, outcomes=tables.outcomes.filter(known <= day))
    scored = replace(told, outcomes=tables.outcomes.clear(), signals=few, has_outcomes=False)
    new = tables.releases.filter(pl.col("release_date") > day)["release"].to_list()
    assert new
    # Records that mature later from rows that were told before the day are not in the memory.
    whole = features_at(told, releases=new, **HOW)
    ours = features_at(scored, releases=new, memory=memory, window=WINDOW)
    groups = {"track record"}
    same = [
        note.name
        for note in whole.catalogue
        if note.group not in groups and not note.name.startswith("recent_")
    ]
    assert frame_bytes(whole.features.select(same)) == frame_bytes(ours.features.select(same))
    assert ours.features["platform_views_log_28_days"].null_count() == 0


def test_records_say_what_was_known_from_which_day_on() -> None:
    tables = small_world(16, late=False, history=False)
    late = pl.DataFrame(
        [
            ("new", START, START, 5.0),
            ("new", days_after(START, 1), days_after(START, 30), 7.0),
            ("new", days_after(START, 6), days_after(START, 6), 1.0),
        ],
        schema=tables.outcomes.schema,
        orient="row",
    )
    row = [("new", START, "Ann", None, "North", 1.0)]
    tables = tables.plus(
        outcomes=late,
        releases=pl.DataFrame(row, schema=tables.releases.schema, orient="row"),
    )
    memory = memory_of(tables, WINDOW, HORIZONS)
    records = memory.records.filter(pl.col("release") == "new")
    assert records.select("horizon", "known", "streams").rows() == [
        (5, days_after(START, 4), 5.0),
        (5, days_after(START, 30), 12.0),
        (9, days_after(START, 8), 6.0),
        (9, days_after(START, 30), 13.0),
    ]
    assert records["closed"].unique(maintain_order=True).to_list() == [
        days_after(START, 4),
        days_after(START, 8),
    ]


def test_a_record_never_counts_within_its_own_window() -> None:
    tables = small_world(17)
    memory = memory_of(tables, 9, (2, 9))
    lag = (pl.col("known") - pl.col("release_date")).dt.total_days()
    assert memory.records.select(lag.min()).item() >= 9


def test_a_metric_that_the_memory_does_not_have_does_no_harm_to_the_others() -> None:
    tables = small_world(18)
    memory = memory_of(replace(tables, metrics=("views",)), WINDOW, HORIZONS)
    found = features_at(tables, memory=memory, window=WINDOW).features
    whole = features_at(tables, **HOW).features
    same = [name for name in found.columns if "likes" not in name]
    assert frame_bytes(found.select(same)) == frame_bytes(whole.select(same))


@pytest.mark.parametrize("how", [{"window": 5}, {"horizons": (5,)}, {"base": "likes"}])
def test_a_memory_of_other_settings_is_refused(how: dict[str, object]) -> None:
    tables = small_world(19)
    memory = memory_of(tables, WINDOW, HORIZONS)
    with pytest.raises(SettingError, match="memory"):
        features_at(tables, **{"window": WINDOW, "memory": memory} | how)


def test_a_memory_of_nothing_is_empty_and_can_be_used() -> None:
    tables = small_world(20)
    memory = memory_of(tables, WINDOW, HORIZONS, as_of=dt.date(2000, 1, 1))
    assert len(memory) == 0
    found = features_at(tables, memory=memory, window=WINDOW)
    assert found.features["artist_no_history"].to_list() == [1.0] * len(found)


def through_files(memory: Memory) -> Memory:
    frames = []
    for frame in (memory.records, memory.platform):
        file = BytesIO()
        frame.write_parquet(file)
        frames.append(pl.read_parquet(file.getvalue()))
    return Memory.restored(json.loads(json.dumps(memory.settings())), *frames)


def test_a_memory_goes_through_files_unchanged() -> None:
    tables = small_world(21)
    memory = memory_of(tables, WINDOW, HORIZONS)
    again = through_files(memory)
    assert again.settings() == memory.settings()
    assert table_bytes(features_at(tables, memory=again, window=WINDOW)) == table_bytes(
        features_at(tables, memory=memory, window=WINDOW)
    )
    empty = memory_of(tables, WINDOW, HORIZONS, as_of=dt.date(2000, 1, 1))
    assert len(through_files(empty)) == 0


def test_a_damaged_memory_is_refused() -> None:
    memory = memory_of(small_world(22), WINDOW, HORIZONS)
    settings = memory.settings()
    with pytest.raises(BundleError, match="settings"):
        Memory.restored(settings | {"as_of": "soon"}, memory.records, memory.platform)
    with pytest.raises(BundleError, match="settings"):
        Memory.restored({}, memory.records, memory.platform)
    with pytest.raises(BundleError, match="records"):
        Memory.restored(settings, memory.records.drop("streams"), memory.platform)
    with pytest.raises(BundleError, match="platform"):
        Memory.restored(settings | {"metrics": ["views"]}, memory.records, memory.platform)


@pytest.mark.parametrize("seed", [21, 22])
def test_asking_for_some_releases_gives_them_the_features_they_have_among_all(seed: int) -> None:
    tables = small_world(seed)
    ago = pl.duration(days=200)
    old = tables.releases.with_columns(
        release="old-" + pl.col("release"), release_date=pl.col("release_date") - ago
    )
    told = tables.signals.with_columns(
        release="old-" + pl.col("release"), day=pl.col("day") - ago, known=pl.col("known") - ago
    )
    both = replace(
        tables,
        releases=pl.concat([old, tables.releases]),
        signals=pl.concat([told, tables.signals]),
    )
    memory = memory_of(both, WINDOW, HORIZONS, as_of=days_after(START, 10))
    some = tables.releases["release"].to_list()[-5:]
    alone = features_at(both, releases=some, memory=memory, window=WINDOW)
    whole = features_at(both, memory=memory, window=WINDOW)
    rows = whole.keys["release"].is_in(some).to_numpy()
    assert 0 < len(alone) < len(whole)
    assert table_bytes(alone) == table_bytes(whole.take(rows))


@pytest.mark.parametrize("seed", [23, 24])
@pytest.mark.parametrize("later", [14, 70])
def test_an_old_memory_is_looked_back_at_from_the_last_day_that_it_knows(
    seed: int, later: int
) -> None:
    """An older bundle says of a release what it would have said on its last day."""
    tables = small_world(seed)
    day = days_after(START, 55)
    memory = memory_of(tables, WINDOW, HORIZONS, as_of=day)
    first = days_after(day, 1 - WINDOW)
    dates = [first, days_after(first, later)]
    rows = [
        (name, date, "Ann", None, "North", 100.0)
        for name, date in zip(["then", "later"], dates, strict=True)
    ]
    more = pl.DataFrame(rows, schema=tables.releases.schema, orient="row")
    last = days_after(dates[1], WINDOW - 1)
    asked = replace(tables.plus(releases=more), last_day=last)
    found = features_at(asked, releases=["then", "later"], memory=memory, window=WINDOW)
    assert found.keys["release"].to_list() == ["then", "later"]
    names = [
        note.name
        for note in found.catalogue
        if note.group == "track record" or note.name.startswith("recent_")
    ]
    then, now = found.features.select(names).rows()
    assert then == now
    assert found.features["artist_days_since_last"].null_count() == 0
    assert found.features["recent_56_days_log_releases_5"].min() > 0
