"""The page and PNG files from the command line."""

from __future__ import annotations

from pathlib import Path

from cli.running import FAST, Program, daily, table
from upswell.report import CHART_NAMES

EVIL = "<script>alert(1)</script>"
PLAN = """
[unit]
views_per_hour = 10
[prices]
reserved = 0.06
on_demand = 0.10
"""


def names(folder: str) -> set[str]:
    return {path.name for path in Path(folder).iterdir()}


def test_a_page_is_written_when_it_is_asked_for(program: Program) -> None:
    source = table(Path("v.csv"), daily(("ana", EVIL)))
    done = program("forecast", source, *FAST, "--report", "--out", "out")
    assert (done.code, done.err) == (0, "")
    assert "report.html" in names("out")
    page = Path("out/report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert EVIL not in page


def test_with_a_plan_there_always_is_a_page_with_the_commitment(program: Program) -> None:
    Path("plan.toml").write_text(PLAN, encoding="utf-8")
    source = table(Path("v.csv"), daily())
    program("forecast", source, *FAST, "--plan", "plan.toml", "--out", "out", "--quiet")
    assert "report.html" in names("out")
    assert not names("out") & CHART_NAMES
    assert "Commit to" in Path("out/report.html").read_text(encoding="utf-8")


def test_png_files_are_written_when_they_are_asked_for_and_replaced_later(
    program: Program,
) -> None:
    source = table(Path("v.csv"), daily())
    program("forecast", source, *FAST, "--png", "--out", "out", "--quiet")
    drawn = {name for name in names("out") if name.endswith(".png")}
    assert {"chart-total.png", "chart-sum.png", "chart-series.png"} <= drawn <= CHART_NAMES
    assert "report.html" not in names("out")
    assert program("forecast", source, *FAST, "--out", "out", "--quiet").code == 0
    assert not {name for name in names("out") if name.endswith(".png")}


def test_without_a_folder_there_is_nowhere_to_draw(program: Program) -> None:
    source = table(Path("v.csv"), daily())
    for option in ("--report", "--png"):
        done = program("forecast", source, *FAST, option)
        assert done.code == 2
        assert f"{option} writes files, and there is no folder" in done.err
        assert "add --out DIR" in done.err
