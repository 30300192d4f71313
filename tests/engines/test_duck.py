"""The engine keeps to its limits, sees nothing it was not given, and leaves nothing behind."""

from __future__ import annotations

import gc
from pathlib import Path

import duckdb
import pytest

from upswell.engines import engine_errors, fetch_row, identifier, literal, open_engine
from upswell.errors import InputError, Place, SettingError, SourceError, UpswellError


def setting(connection: duckdb.DuckDBPyConnection, name: str) -> object:
    return fetch_row(connection, f"SELECT current_setting({literal(name)})")[0]


def test_limits_are_set_and_nothing_is_fetched_from_the_network() -> None:
    with open_engine(threads=1, memory="300MB") as engine:
        assert setting(engine.connection, "threads") == 1
        assert setting(engine.connection, "memory_limit") == "286.1 MiB"
        assert setting(engine.connection, "autoinstall_known_extensions") is False
        assert setting(engine.connection, "autoload_known_extensions") is False
        with pytest.raises(duckdb.Error):
            engine.connection.execute("SELECT * FROM read_csv('https://example.org/a.csv')")


def test_the_folder_goes_when_the_engine_is_closed_even_after_an_error() -> None:
    def fail(folders: list[Path]) -> None:
        with open_engine() as engine:
            folders.append(Path(str(setting(engine.connection, "temp_directory"))))
            assert folders[0].is_dir()
            raise KeyboardInterrupt

    folders: list[Path] = []
    with pytest.raises(KeyboardInterrupt):
        fail(folders)
    assert not folders[0].exists()


def test_the_folder_goes_when_the_engine_is_forgotten() -> None:
    engine = open_engine()
    folder = Path(str(setting(engine.connection, "temp_directory")))
    del engine
    gc.collect()
    assert not folder.exists()


def test_what_does_not_fit_in_memory_is_spilled_to_the_folder_and_gone_afterwards() -> None:
    with open_engine(threads=1, memory="100MB") as engine:
        folder = Path(str(setting(engine.connection, "temp_directory")))
        engine.connection.execute(
            "CREATE TABLE big AS SELECT range AS a, hash(range) AS b, hash(range + 1) AS c "
            "FROM range(8_000_000)"
        )
        assert any(folder.iterdir())
        assert fetch_row(engine.connection, "SELECT count(*), max(a) FROM big") == (
            8_000_000,
            7_999_999,
        )
    assert not folder.exists()


def test_closing_twice_does_nothing() -> None:
    engine = open_engine()
    engine.close()
    engine.close()
    with pytest.raises(duckdb.ConnectionException):
        engine.connection.execute("SELECT 1")


def test_a_variable_of_the_caller_is_no_table() -> None:
    import polars as pl

    frame = pl.DataFrame({"a": [1]})
    with open_engine() as engine:
        with pytest.raises(duckdb.CatalogException):
            engine.connection.execute("SELECT * FROM frame")
        engine.connection.register("frame", frame.to_arrow())
        assert fetch_row(engine.connection, "SELECT a FROM frame") == (1,)


@pytest.mark.parametrize("memory", ["much", "-1GB", ""])
def test_a_memory_limit_that_is_no_size_is_refused(memory: str) -> None:
    with pytest.raises(SettingError, match="no size of memory"):
        open_engine(memory=memory)


@pytest.mark.parametrize("threads", [0, -2, True])
def test_a_number_of_threads_that_is_none_is_refused(threads: int) -> None:
    with pytest.raises(SettingError, match="whole number"):
        open_engine(threads=threads)


def test_errors_of_the_engine_become_errors_of_upswell(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing else PAR1")
    with open_engine(memory="100MB") as engine:
        for query, kind in (
            ("SELECT CAST('many' AS INTEGER)", InputError),
            ("SELECT CAST(300 AS TINYINT)", InputError),
            ("SELECT * FROM read_parquet('nowhere.parquet')", SourceError),
            ("SELEKT", UpswellError),
            ("SELECT * FROM nowhere", UpswellError),
        ):
            with pytest.raises(UpswellError) as caught, engine_errors(Place("a.parquet")):
                engine.connection.execute(query).fetchall()
            assert type(caught.value) is kind, query
            assert caught.value.where == Place("a.parquet")
            assert " Error: " not in caught.value.what


def test_names_and_texts_are_quoted() -> None:
    name, text = 'a "; DROP TABLE b; --', "it's; --"
    with open_engine() as engine:
        engine.connection.execute(f"CREATE TABLE {identifier(name)} (x VARCHAR)")
        engine.connection.execute(f"INSERT INTO {identifier(name)} VALUES ({literal(text)})")
        assert fetch_row(engine.connection, f"SELECT x FROM {identifier(name)}") == (text,)
