from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

from documents import ROOT, read

sys.path.append(str(ROOT / "benchmarks"))

from demand_record import BEGIN, END, Record, Result, placed, tables, together
from demand_scores import Row

# Its modules share names with folders of tests.
sys.path.remove(str(ROOT / "benchmarks"))


def result(forecaster: str, panel: str = "p", sql: float = 0.5, history: str = "128") -> Result:
    row = Row(sql, 0.25, 0.1, *[0.8] * 4, math.nan, math.nan, windows=3, sums=2, unanswered=0)
    return Result(history, forecaster, panel, 1.5, row)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    record = Record({"128": "abc"}, [result("a"), result("b", history="50")])
    record.write(path)
    assert repr(Record.read(path)) == repr(record)  # NaN is not equal to itself
    assert Record.read(tmp_path / "none.json").results == []


def test_a_result_takes_the_place_of_the_older_one() -> None:
    record = Record({}, [result("a"), result("b")])
    record.put([result("a", sql=0.7)])
    assert sorted((r.forecaster, r.row.sql) for r in record.results) == [("a", 0.7), ("b", 0.5)]


def test_a_forecaster_that_missed_a_panel_is_not_put_together() -> None:
    found = together([result("a"), result("a", "q", sql=2.0), result("b")])
    assert [(r.forecaster, r.row.sql, r.seconds) for r in found] == [("a", 1.0, 3.0)]


def test_tables_have_the_best_first_and_a_dash_for_what_is_unknown() -> None:
    text = tables(
        Record({}, [result("bad", sql=2.0), result("good"), result("good", history="50")])
    )
    lines = text.splitlines()
    rows = [line.split(" | ")[0] for line in lines if line.startswith(("| good", "| bad"))]
    assert rows == ["| good", "| bad", "| good", "| good", "| bad"]
    assert "**All panels, the last 128 days.**" in lines[0]
    assert "| good | 0.500 | 0.250 | 0.100 | 0.800 | 0.800 | 0.800 | 0.800 | - | - | 1.5 |" in text


def test_a_text_takes_the_place_of_the_older_one() -> None:
    page = f"before\n\n{BEGIN}\n{END}\n\nafter\n"
    once = placed(page, "one")
    assert once == f"before\n\n{BEGIN}\n\none\n\n{END}\n\nafter\n"
    assert placed(placed(page, "two"), "one") == once


@pytest.mark.parametrize("page", ["", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{END}{BEGIN}"])
def test_a_page_without_its_marks_is_left_alone(page: str) -> None:
    with pytest.raises(ValueError, match="each once"):
        placed(page, "text")


def test_the_page_shows_the_kept_record() -> None:
    # Where this fails: make bench-demand, or --only with one name, writes both.
    record = Record.read(ROOT / "benchmarks" / "demand_record.json")
    assert record.results
    page = read("docs/benchmarks.md")
    assert placed(page, tables(record)) == page
