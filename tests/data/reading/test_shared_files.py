"""Real dirty files are read with sensible choices and no options."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from upswell.data._observations import Observations
from upswell.data.reading import read_observations

EPOCH = dt.date(1970, 1, 1)


def roles(found: Observations) -> tuple[str | None, ...]:
    columns = found.columns
    return columns.time, columns.item, columns.value, columns.group


@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        ("demand/tiktok_influencers_excerpt.csv", 10, ("Day", "TikTokerID", "Views", "Category")),
        ("demand/codingtrain_countries.csv", 73_365, ("date", "country", "views", None)),
        ("demand/swift_raw", 1_500, ("<file name>", "TRACK_ID", "DAILY_STREAM", None)),
        ("demand/swift_raw/*.csv", 1_500, ("<file name>", "TRACK_ID", "DAILY_STREAM", None)),
        ("demand/swift_tracks.parquet", 310_007, ("date", "item_id", "streams", None)),
        ("demand/vtuber_channels.parquet", 814_557, ("date", "item_id", "views", "group")),
        ("releases/kofic_raw", 500, ("조회일자", "영화코드", "관객수", None)),
        ("releases/kofic_films.parquet", 710_997, ("date", "item_id", "admissions", None)),
    ],
)
def test_columns_are_found_and_all_rows_come(
    shared_data: Path, name: str, rows: int, expected: tuple[str | None, ...]
) -> None:
    found = read_observations(shared_data / name)
    assert roles(found) == expected
    assert found.frame.height == rows
    assert sum(source.rows for source in found.sources) == rows


def test_the_original_excerpt_has_its_numbers(shared_data: Path) -> None:
    found = read_observations(shared_data / "demand/tiktok_influencers_excerpt.csv")
    assert found.frame.row(0) == ("1", "Fitness", 1, 1084565.0, 6621727.0, 0, 2)
    assert found.frame.row(9)[3] == 14470089.0
    assert not found.calendar
    assert (found.frame["likes"] > found.frame["value"]).any()


def test_raw_counters_are_read_as_running_totals(shared_data: Path) -> None:
    found = read_observations(shared_data / "demand/vtuber_channels_raw_counters.parquet")
    assert found.columns.value == "views_cumulative"


def test_streams_agree_with_the_table_made_from_them(shared_data: Path) -> None:
    raw = read_observations(shared_data / "demand/swift_raw").frame
    made = read_observations(shared_data / "demand/swift_tracks.parquet").frame
    both = raw.join(made, on=["item", "day"])
    assert both.height > 1_000
    assert (both["value"] == both["value_right"]).mean() > 0.99  # type: ignore[operator]


def test_admissions_agree_with_the_table_made_from_them(shared_data: Path) -> None:
    raw = read_observations(shared_data / "releases/kofic_raw").frame
    made = read_observations(shared_data / "releases/kofic_films.parquet").frame
    both = raw.filter(pl.col("value") > 0).join(made, on=["item", "day"])
    assert both.height > 300
    assert (both["value"] == both["value_right"]).all()
    assert EPOCH + dt.timedelta(days=int(raw["day"][0])) == dt.date(2019, 5, 29)
