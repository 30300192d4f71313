"""Days off and announced events on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import Program, daily, table

ASKED = ("--model", "lstm-pretrained", "--horizon", "7")


def test_what_is_known_beforehand_is_said_and_kept(program: Program) -> None:
    path = table(Path("views.csv"), daily(days=60))
    Path("events.csv").write_text("date,event\n2025-03-08,tour\n2025-02-01,tour\n2031-01-01,-\n")
    known = ("--holidays", "us", "--events", "events.csv")
    told = program("forecast", path, *ASKED, *known, "--out", "out")
    assert told.code == 0, told.err
    assert "Known beforehand: days off in US and 3 announced events." in told.out
    assert "event-outside: 1 flagged" in told.out
    record = json.loads(Path("out/run.json").read_text())["occasions"]
    assert (record["countries"], record["inputs"][0]["name"]) == (["US"], "events.csv")
    told = program("forecast", path, "--model", "seasonal-naive", "--horizon", "7", *known)
    assert "the forecaster reads neither" in told.out
    told = program("backtest", path, "--models", "lstm-pretrained", "--windows", "1", *known)
    assert "Known beforehand: days off in US and 3 announced events." in told.out


def test_the_folder_of_the_events_is_not_replaced(program: Program) -> None:
    path = table(Path("views.csv"), daily(days=60))
    Path("out").mkdir()
    events = Path("out/scores.csv")
    events.write_text("date,event\n2025-03-08,tour\n")
    told = program("forecast", path, *ASKED, "--events", events, "--out", "out")
    assert told.code == 2
    told.says("holds the input", "scores.csv")
    assert events.exists()


def test_an_explanation_and_an_adaptation_read_them(program: Program) -> None:
    path = table(Path("views.csv"), daily(days=60))
    Path("events.csv").write_text("date,event\n2025-03-08,tour\n2025-02-01,tour\n")
    plain, known = (
        program("explain", path, "--horizon", "7", "--json", *options)
        for options in ((), ("--events", "events.csv"))
    )
    assert known.code == 0, known.err
    assert json.loads(plain.out)["total"] != json.loads(known.out)["total"]
    told = program(
        "train", path, "--horizon", "7", "--events", "events.csv", "--out", "one.upswell"
    )
    assert told.code == 0, told.err
    asked = ("--model", "one.upswell", "--horizon", "7", "--events", "events.csv")
    told = program("forecast", path, *asked)
    assert "Known beforehand: 2 announced events." in told.out


@pytest.mark.parametrize("command", ["forecast", "backtest", "explain"])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--holidays", "Atlantis"), ("no days off are known", "Atlantis", "what to do")),
        (("--holidays", ""), ("names no country",)),
        (("--events", "absent.csv"), ("absent.csv does not exist",)),
        (("--events", "views.csv/x"), ("what to do",)),
        (("--events", "views.csv"), ("what to do", "could both be meant")),
    ],
)
def test_what_cannot_be_used_is_one_block(
    program: Program, command: str, options: tuple[str, str], words: tuple[str, ...]
) -> None:
    path = table(
        Path("views.csv"), [f"{row},x,y" for row in daily()], "Day,Creator,Views,event,launch"
    )
    told = program(command, path, *options)
    assert told.code == 2
    told.says(*words)


def test_numbered_days_have_no_holidays(program: Program) -> None:
    path = table(Path("views.csv"), [f"{day},a,{100 + day}" for day in range(60)])
    told = program("forecast", path, "--holidays", "US", *ASKED)
    assert told.code == 2
    told.says("days off need dates", "--start-date")
    told = program("forecast", path, "--holidays", "US", "--start-date", "2025-01-06", *ASKED)
    assert told.code == 0, told.err
