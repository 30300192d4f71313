"""Paths, globs and folders become files, and what is hashed is what is parsed."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path

import pytest

from upswell.data.reading import _inputs
from upswell.data.reading._inputs import FileInput, dates_in_name, expand, read_bytes
from upswell.errors import SourceError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.csv", "a.csv.gz", "c.parquet", ".hidden.csv", "~$c.xlsx", "notes.md", "e.gz"):
        (tmp_path / name).write_text("x")
    (tmp_path / "more").mkdir()
    return tmp_path


def names(files: list[FileInput]) -> list[str]:
    return [file.path.name for file in files]


def test_a_folder_gives_its_data_files_in_order_and_counts_the_rest(folder: Path) -> None:
    files, (line,) = expand([folder])
    assert names(files) == ["a.csv.gz", "b.csv", "c.parquet", "e.gz"]
    assert (line.code, line.count) == ("skipped-file", 4)


def test_a_glob_gives_its_matches_in_order(folder: Path) -> None:
    assert names(expand([str(folder / "*.csv*")])[0]) == ["a.csv.gz", "b.csv"]


def test_a_path_with_brackets_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "views[1].csv").write_text("x")
    (tmp_path / "views1.csv").write_text("x")
    assert names(expand([tmp_path / "views[1].csv"])[0]) == ["views[1].csv"]


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    files, (line,) = expand([folder / "b.csv", str(folder / "*.csv"), folder / "more/../b.csv"])
    assert names(files) == ["b.csv"]
    assert (line.code, line.count) == ("repeated-file", 2)


def test_names_stay_as_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert expand(["b.csv"])[0][0].name == "b.csv"


@pytest.mark.parametrize(
    ("entry", "message"),
    [("absent.csv", "does not exist"), ("absent*.csv", "no file matches"),
     ("more", "no data files"), ("x" * 5000, "does not exist")],
)  # fmt: skip
def test_what_is_not_there_is_refused(folder: Path, entry: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        expand([folder / entry])


def test_a_folder_without_permission_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    # Patched, since the administrator may list any folder.
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(SourceError, match="cannot be listed: Permission denied"):
        expand([folder])


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read any folder")
def test_a_closed_folder_is_refused(folder: Path) -> None:
    folder.chmod(0)
    try:
        with pytest.raises(SourceError, match=r"cannot be (listed|read)"):
            expand([folder])
        with pytest.raises(SourceError, match="cannot be read"):
            expand([folder / "b.csv"])
    finally:
        folder.chmod(0o700)


def test_the_hash_is_of_the_bytes_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"day,views\n")
    data, sha256 = read_bytes(FileInput("a.csv", path))
    assert sha256 == hashlib.sha256(b"day,views\n").hexdigest()
    assert data == b"day,views\n"


@pytest.mark.parametrize("mode", ["ab", "wb"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"day,views\n1,5\n")
    os.utime(path, (1, 1))

    def read_and_change(target: Path) -> bytes:
        data = target.read_bytes()
        with target.open(mode) as file:
            file.write(b"day,views\n1,6\n")
        return data

    monkeypatch.setattr(_inputs, "_read_all", read_and_change)
    with pytest.raises(SourceError, match="changed while it was read") as caught:
        read_bytes(FileInput("a.csv", path))
    assert "run again" in str(caught.value)


def test_an_empty_file_and_a_folder_read_as_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    with pytest.raises(SourceError, match="empty"):
        read_bytes(FileInput("a.csv", tmp_path / "a.csv"))
    with pytest.raises(SourceError, match="cannot be read"):
        read_bytes(FileInput("a", tmp_path))


@pytest.mark.parametrize(
    ("name", "dates"),
    [
        ("2019-05-29.csv", ["2019-05-29"]),
        ("STREAMS_2024_01_03.csv", ["2024-01-03"]),
        ("views20240103.csv.gz", ["2024-01-03"]),
        ("2024.01.03.csv", ["2024-01-03"]),
        ("2024-01-01_2024-01-31.csv", ["2024-01-01", "2024-01-31"]),
        ("2024-01-03 again 2024-01-03.csv", ["2024-01-03"]),
        ("123456789.csv", []),
        ("2024-13-01.csv", []),
        ("1700-01-01.csv", []),
        ("2024-01-03/views.csv", []),
        ("2024-0103.csv", []),
    ],
)
def test_dates_in_names_are_found(name: str, dates: list[str]) -> None:
    assert list(dates_in_name(name)) == [dt.date.fromisoformat(date) for date in dates]
