"""Columns of any roles from any source: chosen by header, typed, and named in errors."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from upswell.data.reading import Column, Holds, Rest, read_columns, release_roles
from upswell.errors import CellError, ColumnError, SettingError, SourceError

ROLES = (
    Column("release", Holds.TEXT, release_roles.release_rank, setting="[signals] release"),
    Column("date", Holds.DAY, release_roles.day_rank, setting="[signals] date"),
    Column("creator", Holds.TEXT, release_roles.creator_rank, None, False, "[signals] creator"),
)
NUMBERS = Rest(frozenset({Holds.NUMBER}), setting="[signals] metrics")
FRAME = pl.DataFrame({"song": ["a", "b"], "day": ["2024-01-05", "2024-01-06"], "views": [3, 4]})


def asked(role: str, title: str) -> tuple[Column, ...]:
    """Return the roles with one of them asked for by its header."""
    return tuple(
        Column(c.role, c.kind, c.rank, title if c.role == role else None, c.required, c.setting)
        for c in ROLES
    )


def test_columns_are_found_by_their_headers_and_the_rest_by_what_it_holds() -> None:
    read = read_columns(FRAME.with_columns(note=pl.lit("x")), ROLES, NUMBERS)
    assert read.selection.titles == {"release": "song", "date": "day"}
    assert read.selection.rest == {"views": Holds.NUMBER}
    assert read.selection.ignored == {"note": "it holds text"}
    assert read.frame.columns == ["release", "date", "rest_0", "file", "row", "alike"]
    assert read.frame["rest_0"].to_list() == [3.0, 4.0]


def test_without_a_rest_other_columns_are_left_alone_in_silence() -> None:
    read = read_columns(FRAME, ROLES)
    assert read.selection.rest == read.selection.ignored == {}


def test_headers_are_asked_for_but_for_spaces_and_case() -> None:
    frame = FRAME.rename({"song": " Title X "})
    read = read_columns(frame, asked("release", "title x"), NUMBERS)
    assert read.selection.titles["release"] == " Title X "


def test_a_column_cannot_play_two_roles() -> None:
    both = (*asked("release", "song")[:1], *asked("date", "song")[1:])
    with pytest.raises(SettingError, match=r"by both \[signals\] release and \[signals\] date"):
        read_columns(FRAME, both)


def test_two_columns_that_could_be_meant_are_listed() -> None:
    frame = FRAME.with_columns(track=pl.lit("x"))
    with pytest.raises(ColumnError, match='"song", "track" could both be meant') as caught:
        read_columns(frame, ROLES)
    assert "[signals] release" in str(caught.value.fix)


def test_a_day_without_a_telling_header_is_found_if_it_is_the_only_one() -> None:
    frame = FRAME.rename({"day": "x1"})
    assert read_columns(frame, ROLES).selection.titles["date"] == "x1"
    with pytest.raises(ColumnError, match='"x1", "x2" could both be meant'):
        read_columns(frame.with_columns(x2=pl.col("x1")), ROLES)


def test_the_day_may_stand_in_the_names_of_the_files(tmp_path: Path) -> None:
    for day in ("2024-01-05", "2024-01-06"):
        FRAME.drop("day").write_csv(tmp_path / f"{day}.csv")
    read = read_columns(tmp_path, ROLES, NUMBERS)
    assert read.selection.titles["date"] == "<file name>"
    assert read.frame["date"].cast(pl.String).to_list() == ["2024-01-05"] * 2 + ["2024-01-06"] * 2


def test_a_file_that_lacks_a_column_is_named(tmp_path: Path) -> None:
    FRAME.write_csv(tmp_path / "a.csv")
    FRAME.drop("views").write_csv(tmp_path / "b.csv")
    with pytest.raises(ColumnError, match='lacks the column "views"') as caught:
        read_columns(tmp_path, ROLES, NUMBERS)
    assert str(caught.value.where).endswith("b.csv")


def test_columns_that_differ_in_type_between_files_become_one(tmp_path: Path) -> None:
    FRAME.write_csv(tmp_path / "a.csv")
    FRAME.with_columns(pl.col("day").str.to_date()).write_parquet(tmp_path / "b.parquet")
    read = read_columns(tmp_path, ROLES, NUMBERS)
    assert read.frame["date"].n_unique() == 2
    assert read.frame["rest_0"].to_list() == [3.0, 4.0, 3.0, 4.0]


def test_files_without_rows_are_flagged_and_nothing_at_all_is_refused(tmp_path: Path) -> None:
    FRAME.write_csv(tmp_path / "a.csv")
    FRAME[:0].write_csv(tmp_path / "b.csv")
    (line,) = read_columns(tmp_path, ROLES, NUMBERS).repairs
    assert line.code == "empty-file"
    with pytest.raises(SourceError, match="no rows under it"):
        read_columns(tmp_path / "b.csv", ROLES, NUMBERS)


def test_a_cell_that_is_no_number_is_named_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("song,day,views\na,2024-01-05,3\n\na,2024-01-06,x\n")
    rest = Rest(frozenset({Holds.NUMBER}), ("views",), "[signals] metrics")
    with pytest.raises(CellError, match='"x" is not a number') as caught:
        read_columns(tmp_path / "a.csv", ROLES, rest)
    assert str(caught.value.where).endswith('a.csv, row 4, column "views"')


def test_only_rows_equal_in_every_column_are_alike() -> None:
    frame = pl.concat([FRAME, FRAME]).with_columns(note=pl.Series(["x", "y", "x", "z"]))
    alike = read_columns(frame, ROLES, NUMBERS).frame["alike"]
    assert alike[0] == alike[2]
    assert alike.n_unique() == 3


def test_empty_rows_are_dropped_and_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("song,day,views\na,2024-01-05,3\n,,\n\n")
    read = read_columns(tmp_path / "a.csv", ROLES, NUMBERS)
    assert read.frame.height == 1
    assert [(line.code, line.count) for line in read.repairs] == [("blank-row", 2)]


def test_a_database_is_read(postgres: Any) -> None:
    from adbc_driver_postgresql import dbapi

    address = f"postgresql://tester@/postgres?host={postgres.sockets}&port={postgres.port}"
    with closing(dbapi.connect(address)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("DROP TABLE IF EXISTS songs")
        cursor.adbc_ingest("songs", FRAME.to_arrow(), mode="create")
        connection.commit()
    read = read_columns(f"{address}&table=songs", ROLES, NUMBERS)
    assert read.frame["rest_0"].to_list() == [3.0, 4.0]
