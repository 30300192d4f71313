"""Every format gives the same table, told by its bytes and not by its name."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pyarrow as pa
import pytest

from upswell.data.reading import read_observations
from upswell.errors import ColumnError, SourceError

FRAME = pl.DataFrame(
    {
        "date": [dt.date(2024, 1, 1), dt.date(2024, 1, 2), dt.date(2024, 1, 2)],
        "creator_id": [7, 7, 12],
        "views": [1_084_565, None, 3],
        "category": ["Music", "Music", None],
    }
)
EXPECTED = [
    ("7", "Music", 19723, 1084565.0),
    ("7", "Music", 19724, None),
    ("12", None, 19724, 3.0),
]


def as_csv() -> bytes:
    return FRAME.write_csv().encode()


def as_parquet() -> bytes:
    buffer = io.BytesIO()
    FRAME.write_parquet(buffer)
    return buffer.getvalue()


def as_excel() -> bytes:
    book = openpyxl.Workbook()
    for row in (FRAME.columns, *FRAME.rows()):
        book.active.append(row)
    book.create_sheet("other").append(["nothing", "here"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


FORMATS = {
    "csv": as_csv,
    "tsv": lambda: FRAME.write_csv(separator="\t").encode(),
    "utf-16": lambda: FRAME.write_csv().encode("utf-16"),
    "bom": lambda: b"\xef\xbb\xbf" + as_csv(),
    "gzip": lambda: gzip.compress(as_csv()),
    "gzip in two members": lambda: gzip.compress(as_csv()[:30]) + gzip.compress(as_csv()[30:]),
    "zstd": lambda: pa.compress(as_csv(), codec="zstd", asbytes=True),
    "parquet": as_parquet,
    "packed parquet": lambda: gzip.compress(as_parquet()),
    "json lines": lambda: FRAME.write_ndjson().encode(),
    "excel": as_excel,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_observations(tmp_path: Path, name: str) -> None:
    path = tmp_path / "without_extension"
    path.write_bytes(FORMATS[name]())
    found = read_observations(path)
    assert found.frame.select("item", "group", "day", "value").rows() == EXPECTED
    assert found.calendar
    first = 1 if name in ("parquet", "packed parquet", "json lines") else 2
    assert found.frame["row"].to_list() == [first, first + 1, first + 2]


def test_json_lines_with_mixed_cells_and_blank_lines_are_read(tmp_path: Path) -> None:
    records = [
        {"day": 1, "creator": "ana", "views": 5},
        {"day": 2, "creator": 7, "views": "1,084", "more": {"a": [1]}},
        {"creator": "ana", "views": None, "day": 3},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n\n".join(json.dumps(record) for record in records) + "\n")
    found = read_observations(path)
    assert found.frame.select("item", "day", "value", "row").rows() == [
        ("ana", 1, 5.0, 1), ("7", 2, 1084.0, 3), ("ana", 3, None, 5),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["[1, 2]", "5", '{"day": 1,'])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"day": 1, "views": 5}\n' + line + "\n")
    with pytest.raises(SourceError) as caught:
        read_observations(path)
    assert caught.value.where is not None
    assert caught.value.where.row == 2


def test_an_excel_sheet_without_a_header_or_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.save(path)
    with pytest.raises(SourceError, match="empty"):
        read_observations(path)
    book.active.append([dt.date(2024, 1, 1), "ana", 5])
    book.save(path)
    with pytest.raises(ColumnError, match="looks like data"):
        read_observations(path)


def test_damaged_parquet_with_a_sound_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    data = bytearray(as_parquet())
    data[4:120] = bytes(116)
    path.write_bytes(bytes(data))
    with pytest.raises(SourceError, match="Parquet"):
        read_observations(path)
    path.write_bytes(b"PAR1" + bytes(20) + b"PAR1")
    with pytest.raises(SourceError, match="Parquet"):
        read_observations(path)


def test_a_packed_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b""))
    with pytest.raises(SourceError, match="empty"):
        read_observations(path)


def test_an_encoding_that_was_guessed_stands_in_the_ledger(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("дата;автор;просмотры\n2024-01-01;Анна;5\n".encode("cp1251"))
    found = read_observations(path)
    assert found.ledger.count("guessed-encoding") == 1
    assert found.frame["item"].to_list() == ["Анна"]
