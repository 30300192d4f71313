"""Tables and queries of SQLite and PostgreSQL are read, and passwords stay secret."""

from __future__ import annotations

import sqlite3
import traceback
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from adbc_driver_postgresql import dbapi

from upswell.data.reading import read_observations
from upswell.errors import SettingError, SourceError


@pytest.fixture
def sqlite(tmp_path: Path) -> Path:
    path = tmp_path / "my views?.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE daily_views (day TEXT, creator, views)")
        rows = [(f"2024-01-{day:02}", 7, 1_084 * day) for day in range(1, 31)] * 50
        rows += [("2024-01-31", "ana", "1,084,565"), ("2024-01-31", 8, None)]
        connection.executemany("INSERT INTO daily_views VALUES (?, ?, ?)", rows)
        connection.execute('CREATE TABLE "odd ""name" AS SELECT 1 AS day, 5 AS views')
        connection.commit()
    return path


def uri(path: Path, query: str) -> str:
    return f"sqlite:///{quote(str(path))}?{query}"


def test_a_table_in_sqlite_is_read_though_its_types_change(sqlite: Path) -> None:
    found = read_observations(uri(sqlite, "table=daily_views"))
    assert found.frame.height == 1502
    assert found.frame.tail(2).select("item", "value").rows() == [("ana", 1084565.0), ("8", None)]
    assert found.sources[0].name == uri(sqlite, "table=daily_views")
    assert found.frame["row"].to_list() == list(range(1, 1503))


def test_a_query_in_sqlite_is_read(sqlite: Path) -> None:
    query = quote("SELECT day, sum(views) AS views FROM daily_views WHERE creator = 7 GROUP BY day")
    found = read_observations(uri(sqlite, f"query={query}"))
    assert found.frame["value"].to_list() == [1084.0 * 50 * day for day in range(1, 31)]


def test_a_path_may_be_relative(sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sqlite.parent)
    found = read_observations(f"sqlite:///{quote(sqlite.name)}?table=daily_views")
    assert found.frame.height == 1502


def test_a_table_of_any_name_is_read(sqlite: Path) -> None:
    found = read_observations(uri(sqlite, "table=" + quote('odd "name')))
    assert found.frame["value"].to_list() == [5.0]


def test_reading_changes_nothing(sqlite: Path) -> None:
    before = sqlite.read_bytes()
    with pytest.raises(SourceError):
        read_observations(uri(sqlite, "query=" + quote("DROP TABLE daily_views")))
    assert sqlite.read_bytes() == before


@pytest.mark.parametrize(
    ("address", "error", "message"),
    [
        ("sqlite:///absent.db?table=t", SourceError, "does not exist"),
        ("sqlite:///?table=t", SettingError, "names no file"),
        ("https://example.org/views.csv", SettingError, "not known"),
        ("postgresql://me@localhost/db", SettingError, "table or a query"),
        ("postgresql://me@localhost/db?table=a&query=b", SettingError, "table or a query"),
    ],
)
def test_addresses_that_make_no_sense_are_refused(
    address: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        read_observations(address)


def test_a_table_that_is_missing_is_refused(sqlite: Path) -> None:
    with pytest.raises(SourceError, match="no such table"):
        read_observations(uri(sqlite, "table=nothing"))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "views.db"
    path.write_text("day,views\n" * 200)
    with pytest.raises(SourceError, match="cannot be read"):
        read_observations(uri(path, "table=views"))


@pytest.fixture(scope="module")
def postgres_table(postgres: Any) -> str:
    address = f"postgresql://tester:s3cr%40t@127.0.0.1:{postgres.port}/postgres"
    with closing(dbapi.connect(address)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("CREATE SCHEMA shows")
        cursor.execute(
            "CREATE TABLE shows.daily (day date, channel text, views bigint, genre text, "
            "seen timestamptz, share numeric)"
        )
        cursor.execute(
            "INSERT INTO shows.daily SELECT date '2024-01-01' + d, 'ch' || c, d * 1000 + c, "
            "NULL, timestamptz '2024-01-01 23:30+00' + d * interval '1 day', 0.5 "
            "FROM generate_series(0, 29) d, generate_series(1, 3) c"
        )
        connection.commit()
    return address


def test_a_table_in_postgresql_is_read(postgres_table: str) -> None:
    found = read_observations(postgres_table + "?table=shows.daily")
    assert found.frame.height == 90
    assert found.columns.item == "channel"
    assert found.frame["value"].sum() == sum(d * 1000 + c for d in range(30) for c in (1, 2, 3))
    assert found.frame["day"].min() == 19723


def test_a_query_in_postgresql_gives_exact_sums_as_numbers(postgres_table: str) -> None:
    query = quote("SELECT day, sum(views) AS views FROM shows.daily GROUP BY day ORDER BY day")
    found = read_observations(f"{postgres_table}?query={query}")
    assert found.frame["value"].to_list() == [3000.0 * d + 6 for d in range(30)]


def test_moments_in_postgresql_need_a_zone(postgres_table: str) -> None:
    query = quote("SELECT seen AS timestamp, views FROM shows.daily WHERE channel = 'ch1'")
    with pytest.raises(SettingError, match="time zone"):
        read_observations(f"{postgres_table}?query={query}")
    found = read_observations(f"{postgres_table}?query={query}", timezone="Asia/Seoul")
    assert found.frame["day"].min() == 19724


def test_a_socket_is_an_address_too(postgres: Any, postgres_table: str) -> None:
    assert postgres_table
    address = f"postgresql:///postgres?host={postgres.sockets}&port={postgres.port}&user=tester"
    assert read_observations(address + "&table=shows.daily").frame.height == 90


def test_reading_postgresql_changes_nothing(postgres_table: str) -> None:
    with pytest.raises(SourceError, match="read-only"):
        read_observations(f"{postgres_table}?query={quote('DELETE FROM shows.daily RETURNING *')}")
    assert read_observations(postgres_table + "?table=shows.daily").frame.height == 90


@pytest.mark.parametrize(
    "address",
    [
        "{table}?table=absent",
        "{table}?table=absent&password=s3cr%40t",
        "postgresql://tester:s3cr%40t@127.0.0.1:1/postgres?table=daily",
        "postgresql://tester@127.0.0.1:1/postgres?table=daily&password=s3cr%40t",
        "postgresql://tester:s3cr%40t@127.0.0.1:1/postgres",
        "postgresql://tester:s3cr%40t@127.0.0.1:1/postgres?table=daily&s3cr%40t=1",
    ],
)
def test_no_error_shows_the_password(postgres_table: str, address: str) -> None:
    with pytest.raises((SourceError, SettingError)) as caught:
        read_observations(address.format(table=postgres_table))
    shown = "".join(traceback.format_exception(caught.value, chain=True)[-1:]) + str(caught.value)
    assert "s3cr" not in shown
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_no_source_shows_the_password(postgres_table: str) -> None:
    found = read_observations(postgres_table + "?table=shows.daily&password=s3cr%40t")
    assert "s3cr" not in found.sources[0].name
    assert "tester@127.0.0.1" in found.sources[0].name
    assert "table=shows.daily" in found.sources[0].name
