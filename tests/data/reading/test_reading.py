"""Inputs of any kind become one typed frame of observations."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from observing import SCHEMA
from upswell.data.ledger import Action
from upswell.data.reading import read_observations
from upswell.errors import CellError, ColumnError, SettingError, SourceError


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_file_as_people_write_it_is_read_whole(tmp_path: Path) -> None:
    text = (
        "Day,TikTokerID,Category,  Views  ,  Likes  ,  Followers  \n"
        '1, 1 ,Fitness," 1,084,565 ","6,621,727","1,806,798"\n'
        '1,2, ,"2,543",NA,1\n'
    )
    path = write(tmp_path, "views.csv", text)
    found = read_observations(str(path))
    assert found.frame.schema == SCHEMA
    assert found.frame.rows() == [
        ("1", "Fitness", 1, 1084565.0, 6621727.0, 0, 2),
        ("2", None, 1, 2543.0, None, 0, 3),
    ]
    assert not found.calendar
    assert found.columns.value == "Views"
    assert (found.sources[0].name, found.sources[0].rows) == (str(path), 2)


def test_names_are_trimmed_and_in_one_unicode_form(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "creator,day,views\n e\u0301va ,1,5\n\u00e9va,2,6\nNA,2,6\n")
    assert read_observations(path).frame["item"].to_list() == ["éva", "éva", "NA"]


def test_the_first_day_gets_the_start_date(tmp_path: Path) -> None:
    for first in (0, 1, -3, 7):
        path = write(tmp_path, "a.csv", f"day,views\n{first + 1},5\n{first},6\n")
        found = read_observations(path, start_date="2024-01-03")
        assert found.calendar
        assert found.frame["day"].to_list() == [19726, 19725]
    assert read_observations(path, start_date=dt.date(2024, 1, 3)).frame["day"][1] == 19725


@pytest.mark.parametrize("start", ["soon", "03.01.2024", "2199-12-31", "1800-01-01"])
def test_a_start_date_that_makes_no_sense_is_refused(tmp_path: Path, start: str) -> None:
    path = write(tmp_path, "a.csv", "day,views\n1,5\n800,6\n")
    with pytest.raises(SettingError, match="start date"):
        read_observations(path, start_date=start)


def test_a_start_date_is_refused_where_days_are_dates(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "day,views\n2024-01-01,5\n")
    with pytest.raises(SettingError, match="dates already"):
        read_observations(path, start_date="2024-01-01")


def test_a_folder_with_a_file_a_day_takes_dates_from_names(tmp_path: Path) -> None:
    for day in (2, 1):
        write(tmp_path, f"plays_2024_01_{day:02}.csv", f"track,plays\na,{day}\nb,{day}0\n")
    (tmp_path / ".DS_Store").touch()
    for source in (tmp_path, str(tmp_path / "*.csv"), sorted(tmp_path.glob("*.csv"))):
        found = read_observations(source)
        assert found.frame.select("item", "day", "value", "file", "row").rows() == [
            ("a", 19723, 1.0, 0, 2), ("b", 19723, 10.0, 0, 3),
            ("a", 19724, 2.0, 1, 2), ("b", 19724, 20.0, 1, 3),
        ]  # fmt: skip
        assert found.columns.time == "<file name>"
        assert "each name holds a date" in found.columns.why[0]
    assert read_observations(tmp_path).ledger.count("skipped-file") == 1


def test_files_of_different_formats_and_types_join(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "creator,date,views\n7,2024-01-01,5\n")
    frame = pl.DataFrame({"Date": [dt.date(2024, 1, 2)], "Views": [6], "Creator": [7]})
    frame.write_parquet(tmp_path / "b.parquet")
    naive = dt.datetime.combine(dt.date(2024, 1, 3), dt.time(5))
    frame = pl.DataFrame({"creator": ["8"], "date": [naive], "views": [6.5]})
    frame.write_parquet(tmp_path / "c.parquet")
    found = read_observations(tmp_path)
    assert found.frame.select("item", "day", "value", "file").rows() == [
        ("7", 19723, 5.0, 0), ("7", 19724, 6.0, 1), ("8", 19725, 6.5, 2),
    ]  # fmt: skip


def test_a_database_and_a_file_join(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("CREATE TABLE t AS SELECT 2 AS day, 6 AS views, 'a' AS creator")
        connection.commit()
    path = write(tmp_path, "a.csv", "creator,day,views\na,1,5\n")
    found = read_observations([f"sqlite:///{tmp_path}/a.db?table=t", path])
    assert found.frame["value"].to_list() == [5.0, 6.0]


def test_a_file_without_the_columns_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "creator,date,views\na,2024-01-01,5\n")
    write(tmp_path, "b.csv", "creator,date,plays\na,2024-01-02,5\n")
    with pytest.raises(ColumnError, match='lacks the column "views"') as caught:
        read_observations(tmp_path)
    assert "b.csv" in str(caught.value.where)


def test_a_day_that_disagrees_with_another_file_is_shown(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "date,views\n13.01.2024,5\n")
    write(tmp_path, "b.csv", "date,views\n01/14/2024,5\n")
    with pytest.raises(CellError, match="two rows disagree") as caught:
        read_observations(tmp_path)
    assert "b.csv, row 2" in str(caught.value.where)


def test_a_file_without_rows_is_counted(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "creator,date,views\n")
    write(tmp_path, "b.csv", "creator,date,views\na,2024-01-02,5\n")
    found = read_observations(tmp_path)
    assert found.ledger.count("empty-file") == 1
    assert [source.rows for source in found.sources] == [0, 1]
    assert found.frame["file"].to_list() == [1]


def test_rows_without_item_or_day_are_dropped_and_counted(tmp_path: Path) -> None:
    text = "creator,date,views\na,2024-01-01,5\n,2024-01-01,6\na,,7\n,,\n\n ,2024-01-01,8\n"
    found = read_observations(write(tmp_path, "a.csv", text))
    assert found.frame.height == 1
    assert [(line.code, line.count, line.action) for line in found.ledger] == [
        ("blank-row", 2, Action.DROPPED),
        ("no-item", 2, Action.DROPPED),
        ("no-day", 1, Action.DROPPED),
    ]
    assert [str(line.place)[-5:] for line in found.ledger] == ["row 5", "row 3", "row 4"]
    assert found.sources[0].rows == 4


def test_rows_that_all_lack_an_item_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no row has both"):
        read_observations(write(tmp_path, "a.csv", "creator,date,views\n,2024-01-01,5\n"))


def test_likes_that_cannot_be_read_stop_nobody(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "date,views,likes\n2024-01-01,5,many\n")
    found = read_observations(path)
    assert found.frame["likes"].to_list() == [None]
    assert found.ledger.count("unread-likes") == 1


def test_infinite_values_are_left_to_the_contract(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "date,views\n2024-01-01,inf\n2024-01-02,-inf\n")
    assert read_observations(path).frame["value"].to_list() == [float("inf"), -float("inf")]


def test_a_row_number_counts_lines_inside_quotes(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'creator,day,views\n"a\nb",1,5\nc,1,many\n')
    with pytest.raises(CellError) as caught:
        read_observations(path)
    assert caught.value.where is not None
    assert caught.value.where.row == 4


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    header = ",".join(["creator", "date", "views", *(f"c{i}" for i in range(10_000))])
    line = ",".join(["a", "2024-01-01", "5", *["1"] * 10_000])
    found = read_observations(write(tmp_path, "a.csv", f"{header}\n{line}\n"))
    assert found.frame["value"].to_list() == [5.0]


def test_the_same_input_gives_the_same_observations(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "creator,date,views\na,2024-01-01,5\nb,2024-01-01,6\n")
    one, other = read_observations(path), read_observations(path)
    assert one.frame.equals(other.frame)
    assert (one.columns, one.sources, one.ledger) == (other.columns, other.sources, other.ledger)
