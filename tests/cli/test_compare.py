"""`upswell compare`: what a manager reads, what a program reads, and what cannot be compared."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from cli.running import FAST, Program, contents, daily, table

PLAN = """
[unit]
views_per_hour = 50
[prices]
reserved = 0.06
on_demand = 0.10
currency = "EUR"
[[overlays]]
name = "launch"
kind = "multiply"
from = 2025-03-09
to = 2025-03-09
factor = 2.0
"""


@pytest.fixture
def folders(program: Program) -> tuple[str, str]:
    """Two forecasts of one panel, four days apart, the older one with a plan."""
    names = ("ana", "ben", "<script>\x1b[31m")
    table(Path("old.csv"), daily(names, 60))
    table(Path("new.csv"), daily(names, 64))
    Path("plan.toml").write_text(PLAN)
    assert program("forecast", "old.csv", *FAST, "--plan", "plan.toml", "--out", "old").code == 0
    assert program("forecast", "new.csv", *FAST, "--seed", 1, "--out", "new").code == 0
    return "old", "new"


def test_the_answer_can_be_read_aloud(program: Program, folders: tuple[str, str]) -> None:
    found = program("compare", *folders, "--out", "since")
    assert (found.code, found.err) == (0, "")
    for words in (
        "Old: old, known until 2025-03-06, 7 days (2025-03-07 to 2025-03-13), seasonal-naive",
        "The mean of the total goes from ",
        "moved horizon",
        "Horizon: 4 days left (-",
        "4 came (+",
        "3 stayed",
        "History: 4 new days.",
        "Model: seed 0 then, 1 now.",
        "scenario",
        "Of the old forecast's 7 days, 4 have come (2025-03-07 to 2025-03-10): ",
        "With the overlays of the old plan it was ",
        "Pinball loss a day: ",
        "The old plan in hindsight, over 4 of its 7 days: its ",
        "perfect foresight",
        "least cost, no overlays",
        "Written to since",
    ):
        assert words in found.out, found.out
    assert "software" not in found.out
    assert "\x1b" not in found.out
    assert {path.name for path in Path("since").iterdir()} == {"changes.csv", "run.json"}


def test_what_is_printed_adds_up(program: Program, folders: tuple[str, str]) -> None:
    found = program("compare", *folders)
    rows = [line.rsplit(maxsplit=2) for line in found.out.splitlines() if line]
    start = next(i for i, row in enumerate(rows) if row[0].strip() == "old forecast")
    stop = next(i for i, row in enumerate(rows) if row[0].strip() == "new forecast")
    for column in (1, 2):
        figures = [Decimal(row[column].replace(",", "")) for row in rows[start : stop + 1]]
        assert sum(figures[:-1], Decimal(0)) == figures[-1]


def test_json_is_all_there_is_and_is_what_is_written(
    program: Program, folders: tuple[str, str]
) -> None:
    found = program("compare", *folders, "--json", "--out", "since")
    answer = found.json()
    assert answer == json.loads(Path("since/run.json").read_bytes())
    assert answer["command"] == "compare"
    assert answer["hindsight"]["days"] == 4
    assert answer["hindsight"]["base"][0]["rule"] == "least-cost"
    assert answer["track_record"]["days"] == answer["track_record_overlaid"]["days"] == 4
    assert answer["history"]["new_days"] == 4
    frame = pl.read_csv("since/changes.csv")
    assert frame["series"].to_list()[:2] == ["total", "total"]
    assert frame.columns[:4] == ["series", "level", "figure", "old"]
    assert frame.columns[-4:] == ["scenario", "new", "change", "note"]


def test_the_same_folder_twice_did_not_change(program: Program, folders: tuple[str, str]) -> None:
    new = folders[1]
    found = program("compare", new, new)
    assert "No day of the old forecast has come yet." in found.out
    assert "The largest changes" not in found.out
    assert program("compare", new, new, "--quiet").out == ""
    answer = program("compare", new, new, "--json").json()
    assert answer["total"]["mean"]["change"] == 0
    assert all(step["change"] == 0 for step in answer["total"]["mean"]["steps"])
    assert answer["hindsight"] is answer["track_record"] is None


def test_a_single_day_is_spoken_of_as_one(program: Program) -> None:
    for name, days in (("old", 30), ("new", 31)):
        table(Path(f"{name}.csv"), daily(days=days))
        program("forecast", f"{name}.csv", *FAST, "--out", name)
    found = program("compare", "old", "new")
    assert "Of the old forecast's 7 days, 1 has come (2025-02-05): " in found.out
    assert "Horizon: 1 day left (" in found.out
    assert "History: 1 new day." in found.out


def test_what_cannot_be_compared_is_said_in_one_block(
    program: Program, folders: tuple[str, str]
) -> None:
    old, new = folders
    found = program("compare", new, old)
    assert found.code == 2
    found.says("the old forecast knows more days than the new one", "give the older forecast first")
    found = program("compare", old, "nowhere")
    assert found.code == 2
    found.says("no such folder", "nowhere")
    table(Path("other.csv"), daily(("x", "y", "z"), 70))
    program("forecast", "other.csv", *FAST, "--out", "other")
    found = program("compare", old, "other")
    assert found.code == 2
    found.says("of the 3 creators of the old one, 0 stand in the new one")
    Path("old/plan.json").write_text("{")
    found = program("compare", old, new)
    assert found.code == 2
    found.says("plan.json is damaged or of another version", "old/plan.json")
    before = contents(Path(new))
    found = program("compare", new, new, "--out", new)
    assert found.code == 2
    found.says("the output folder holds", "not ours to replace")
    assert contents(Path(new)) == before


def test_two_forecasts_of_the_pretrained_network_are_compared_as_any_others(
    program: Program,
) -> None:
    table(Path("old.csv"), daily(("ana", "ben"), 80))
    revised = daily(("ana", "ben"), 84)
    revised[40] = revised[40].rsplit(",", 1)[0] + ",4000"
    table(Path("new.csv"), revised)
    for name in ("old", "new"):
        asked = ("--model", "lstm-pretrained", "--horizon", "7", "--out", name, "--quiet")
        assert program("forecast", f"{name}.csv", *asked).code == 0
    found = program("compare", "old", "new", "--json").json()
    assert found["old"]["model"] == found["new"]["model"] == "lstm-pretrained"
    steps = {"+".join(step["causes"]): step["change"] for step in found["total"]["mean"]["steps"]}
    assert {"moved-horizon", "new-days", "revised-history", "model"} <= set(steps)
    assert sum(steps.values()) == pytest.approx(found["total"]["mean"]["change"])
    assert steps["model"] == 0
    assert steps["revised-history"] != 0
    assert found["history"]["cells"] == 1
