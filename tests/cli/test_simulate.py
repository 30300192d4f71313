"""``upswell simulate creators``."""

from __future__ import annotations

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
