"""``upswell simulate``: creators and releases."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from cli.running import Program


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_same_seed_writes_the_same_file(ending: str, program: Program) -> None:
    words = ("simulate", "creators", "--creators", 3, "--days", 40, "--seed", 7)
    for name in ("one", "two"):
        found = program(*words, "--out", f"{name}.{ending}")
        assert (found.code, found.err) == (0, "")
    assert found.out == f"3 creators, 40 days, seed 7: written to two.{ending}\n"
    assert Path(f"one.{ending}").read_bytes() == Path(f"two.{ending}").read_bytes()


def test_what_is_written_can_be_checked(program: Program) -> None:
    program("simulate", "creators", "--creators", 12, "--days", 120, "--out", "sim.csv", "--quiet")
    assert pl.read_csv("sim.csv").columns[:4] == ["Day", "CreatorID", "Category", "Views"]
    found = program("check", "sim.csv")
    assert found.code == 0
    assert "12 creators in 4 categories, 120 days" in found.out


def test_one_of_each_is_in_the_singular(program: Program) -> None:
    found = program("simulate", "creators", "--creators", 1, "--days", 1, "--out", "s.csv")
    assert found.out.startswith("1 creator, 1 day, seed 0")


def test_an_unknown_ending_is_an_error(program: Program) -> None:
    found = program("simulate", "creators", "--out", "sim.docx")
    assert (found.code, found.out) == (2, "")
    found.says("sim.docx", ".csv or .parquet")
    assert not Path("sim.docx").exists()


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_world_of_releases_is_a_folder_and_the_same_for_a_seed(
    ending: str, program: Program
) -> None:
    words = ("simulate", "releases", "--releases", 40, "--seed", 7, "--format", ending)
    for name in ("one", "two"):
        found = program(*words, "--out", name)
        assert (found.code, found.err) == (0, "")
    assert re.fullmatch(
        r"40 releases, [\d,]+ rows of signals, [\d,]+ rows of outcomes, seed 7: written to two\n"
        r"the tables end on 2025-07-03; best possible RMSLE of 30 days: 0\.\d{3}\n",
        found.out,
    )
    files = sorted(path.name for path in Path("one").iterdir())
    tables = [f"{name}.{ending}" for name in ("outcomes", "releases", "signals", "truth")]
    assert files == ["config.toml", *tables]
    for name in files:
        assert Path("one", name).read_bytes() == Path("two", name).read_bytes()
    read = pl.read_csv if ending == "csv" else pl.read_parquet
    assert read(Path("one", f"releases.{ending}")).height == 40


def test_the_rows_of_releases_can_be_asked_for_and_nothing_be_said(program: Program) -> None:
    words = ("simulate", "releases", "--releases", 200, "--rows", 40_000, "--out", "w", "--quiet")
    assert program(*words).out == ""
    rows = [pl.read_parquet(f"w/{name}.parquet").height for name in ("signals", "outcomes")]
    assert sum(rows) == pytest.approx(40_000, rel=0.05)


def test_too_few_rows_for_the_releases_are_an_error_that_says_how_many(program: Program) -> None:
    found = program("simulate", "releases", "--rows", 1000, "--out", "w")
    assert (found.code, found.out) == (2, "")
    found.says("3000 releases", "rows, got 1000")
    assert not Path("w").exists()
