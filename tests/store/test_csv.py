"""Frames as CSV, read back by Python's own reader."""

from __future__ import annotations

import csv
import datetime as dt
import io

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings

from upswell.errors import SettingError
from upswell.store import csv_bytes, csv_cell

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8) | st.text(
    st.sampled_from("=+-@\t\r\n \u00a0\u3000\x1c\x85'\",;a＝")
)
FLOATS = st.floats(allow_infinity=False, allow_nan=False)


def read_back(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT, min_size=1))
def test_text_columns_go_through_csv_cell(names: list[str]) -> None:
    frame = pl.DataFrame({"name": names, "last": ["x"] * len(names)})
    rows = read_back(csv_bytes(frame))
    assert rows[1:] == [[csv_cell(name), "x"] for name in names]


@settings(max_examples=100, deadline=None)
@given(st.lists(FLOATS, min_size=1))
def test_floats_read_back_as_the_same_number_without_an_exponent(values: list[float]) -> None:
    rows = read_back(csv_bytes(pl.DataFrame({"a": values, "b": [1] * len(values)})))
    assert [float(row[0]) for row in rows[1:]] == values
    assert not any(char in row[0].lower() for row in rows[1:] for char in "einf")


def test_every_kind_of_column_has_one_plain_form() -> None:
    frame = pl.DataFrame(
        {
            "text": ["a,b", 'say "x"', None],
            "float": [1e18, float("nan"), None],
            "zero": [-0.0, 0.1 + 0.2, 1e-7],
            "integer": [1, None, -3],
            "date": [dt.date(2025, 1, 6), None, dt.date(1999, 12, 31)],
            "flag": [True, False, None],
        },
    ).with_columns(pl.col("text").cast(pl.Categorical).alias("kind"))
    assert read_back(csv_bytes(frame))[1:] == [
        ["a,b", "1000000000000000000", "0", "1", "2025-01-06", "true", "a,b"],
        ['say "x"', "", "0.30000000000000004", "", "", "false", 'say "x"'],
        ["", "", "0.0000001", "-3", "1999-12-31", "", ""],
    ]


def test_column_names_are_neutralised_too() -> None:
    assert csv_bytes(pl.DataFrame({"=x": [1]})) == b"'=x\n1\n"


def test_without_neutralising_text_is_written_as_it_is() -> None:
    assert csv_bytes(pl.DataFrame({"a": ["-x"]}), neutralise=False) == b"a\n-x\n"


def test_a_frame_without_rows_is_a_header() -> None:
    assert csv_bytes(pl.DataFrame(schema={"a": pl.String, "b": pl.Float64})) == b"a,b\n"


def test_same_frame_gives_the_same_bytes() -> None:
    frame = pl.DataFrame({"a": ["x", "=y"], "b": [0.1, 2.0]})
    assert csv_bytes(frame) == csv_bytes(frame.clone())


@pytest.mark.parametrize("column", [[[1], [2]], [{"x": 1}, {"x": 2}], [b"1", b"2"]])
def test_columns_without_a_text_form_are_refused(column: list[object]) -> None:
    with pytest.raises(SettingError, match="'a'"):
        csv_bytes(pl.DataFrame({"a": column}))
