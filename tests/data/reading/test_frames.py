"""Data frames of pandas, Polars and Arrow are read alike."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from upswell.data.reading import read_observations
from upswell.errors import ColumnError, SettingError

DATA = {
    "date": [dt.date(2024, 1, 1), dt.date(2024, 1, 2)],
    "creator": ["ana", "ana"],
    "views": [5, 1_000_000_000_000_000_000],
}
EXPECTED = [("ana", 19723, 5.0), ("ana", 19724, 1e18)]


def rows(source: object, **options: str) -> list[tuple[object, ...]]:
    return read_observations(source, **options).frame.select("item", "day", "value").rows()


class OnlyArrow:
    """Gives its data through the Arrow C stream interface and in no other way."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return pl.DataFrame(DATA).__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize(
    "make",
    [
        lambda: pl.DataFrame(DATA),
        lambda: pl.DataFrame(DATA).lazy(),
        lambda: pl.DataFrame(DATA, schema_overrides={"creator": pl.Categorical}),
        lambda: pa.table(DATA),
        lambda: pa.table(DATA).to_reader(),
        OnlyArrow,
        lambda: pd.DataFrame(DATA),
        lambda: pd.DataFrame(DATA).astype({"creator": "category", "views": "Int64"}),
        lambda: pd.DataFrame(DATA).set_index(["creator", "date"]),
        lambda: pd.DataFrame(DATA).astype({"date": "datetime64[ns]"}).set_index("date"),
        lambda: pd.DataFrame(DATA).astype({"date": "datetime64[ns]"}).set_index("date", drop=False),
    ],
)
def test_frames_read_alike(make: object) -> None:
    source = make()  # type: ignore[operator]
    found = read_observations(source)
    assert found.frame.select("item", "day", "value").rows() == EXPECTED
    assert found.sources[0].name == "<frame>"
    assert found.frame["row"].to_list() == [1, 2]


def test_an_unnamed_index_of_dates_is_the_time() -> None:
    frame = pd.DataFrame({"views": [5, 6]}, index=pd.date_range("2024-01-01", periods=2))
    assert rows(frame) == [("all", 19723, 5.0), ("all", 19724, 6.0)]


def test_objects_of_several_types_are_read() -> None:
    frame = pd.DataFrame(
        {"day": [1, 2, 3], "creator": [7, "ana", 7.5], "views": ["1,084", 2, None]}
    )
    assert rows(frame) == [("7", 1, 1084.0), ("ana", 2, 2.0), ("7.5", 3, None)]


def test_whole_numbers_as_names_keep_their_text() -> None:
    frame = pd.DataFrame({"day": [1, 2], "creator": [7.0, 8.0], "views": [1, float("nan")]})
    assert rows(frame) == [("7", 1, 1.0), ("8", 2, None)]


def test_missing_values_of_pandas_are_missing() -> None:
    frame = pd.DataFrame({"day": [1, 2], "creator": ["a", pd.NA], "views": [pd.NA, 3]})
    assert rows(frame) == [("a", 1, None)]


def test_aware_timestamps_need_a_zone() -> None:
    times = pd.to_datetime(["2024-01-01 23:30"]).tz_localize("UTC")
    frame = pd.DataFrame({"timestamp": times, "views": [5]})
    with pytest.raises(SettingError, match="time zone"):
        rows(frame)
    assert rows(frame, timezone="Asia/Seoul") == [("all", 19724, 5.0)]


def test_the_hash_follows_the_content_only() -> None:
    frame = pl.DataFrame(DATA)
    whole = read_observations(frame).sources[0].sha256
    parts = read_observations(pl.concat([frame[:1], frame[1:]], rechunk=False)).sources[0].sha256
    other = read_observations(frame.with_columns(views=pl.col("views") - 1)).sources[0].sha256
    assert whole == parts
    assert whole != other


def test_two_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame([[1, 2, 3]], columns=["day", "views", "views"])
    with pytest.raises(ColumnError, match="views"):
        read_observations(frame)
    with pytest.raises(ColumnError, match="views"):
        read_observations(pa.table([[1], [2], [3]], names=["day", "views", "views"]))


def test_other_things_are_refused() -> None:
    for source in (5, {"day": [1]}, [pl.DataFrame(DATA)], []):
        with pytest.raises(SettingError):
            read_observations(source)
