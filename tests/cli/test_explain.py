"""`upswell explain`: what a planner reads, what a program reads, and what cannot be explained."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from cli.running import FIRST_DAY, Program, contents, table, views

BURST = 100


@pytest.fixture
def source() -> str:
    """A file of two creators, the first one with a burst before the last weeks."""
    import datetime as dt

    rows = []
    for day in range(120):
        date = FIRST_DAY + dt.timedelta(days=day)
        burst = {0: 6.0, 1: 4.0, 2: 2.5}.get(day - BURST, 1.0)
        rows += [
            f"{date},<b>ana</b>\x1b[31m,{round(views(day) * burst)}",
            f"{date},ben,{views(day, 1)}",
        ]
    return str(table(Path("views.csv"), rows))


def test_the_answer_can_be_read_aloud(program: Program, source: str) -> None:
    found = program("explain", source, "--without-burst", "last")
    assert (found.code, found.err) == (0, "")
    for words in (
        "2 creators, 120 days",
        "auto expects a 30-day total of ",
        "A usual day at the end of the history has ",
        "trend",
        "The weekly profile ",
        "it lifts Saturdays by ",
        "The last burst (16-18 April 2025, up to ",
        "without it the total would be ",
        "Everything else ",
        "forecast of the total",
        "2025-04-16",
    ):
        assert words in found.out, words


def test_a_program_gets_everything_as_json(program: Program, source: str) -> None:
    asked = ("explain", source, "--series", "ben", "--horizon", 7, "--json")
    record = program(*asked).json()
    assert record["command"] == "explain"
    assert (record["series"], record["level"], record["horizon"]) == ("ben", "creator", 7)
    adds = record["base"] + record["rest"] + sum(part["adds"] for part in record["parts"])
    assert adds == pytest.approx(record["total"])
    assert record["without_burst"] is None


def test_a_burst_is_named_by_one_of_its_days(program: Program, source: str) -> None:
    asked = ("explain", source, "--series", "<b>ana</b>\x1b[31m", "--without-burst", "2025-04-17")
    record = program(*asked, "--json").json()
    assert record["without_burst"] == record["bursts"][0]
    assert record["without_burst"]["times"] > 3


def test_names_from_the_data_cannot_steer_the_terminal(program: Program, source: str) -> None:
    found = program("explain", source, "--series", "<b>ana</b>\x1b[31m")
    assert found.code == 0
    assert "\x1b" not in found.out
    assert r"<b>ana</b>\x1b[31m" in found.out


def test_a_day_without_a_burst_is_an_error_that_helps(program: Program, source: str) -> None:
    found = program("explain", source, "--without-burst", "2025-02-01", "--out", "there")
    assert found.code == 2
    found.says("no burst of the history holds '2025-02-01'", "2025-04-16 to 2025-04-18")
    assert not Path("there").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--series", "bob"), "no series 'bob'"),
        (("--model", "nonsense"), "no forecaster called"),
        (("--png",), "--png writes files"),
    ],
)
def test_what_makes_no_sense_is_said(
    program: Program, source: str, words: tuple[str, ...], said: str
) -> None:
    found = program("explain", source, *words)
    assert found.code == 2
    found.says(said)


def test_too_short_a_history_is_refused_with_its_code(program: Program) -> None:
    table(Path("short.csv"), [f"2025-01-{day:02d},ana,5" for day in range(1, 10)])
    found = program("explain", "short.csv", "--json")
    assert found.code == 3
    assert found.json()["codes"] == ["too-short"]


def test_a_folder_holds_the_figures_the_ledger_and_the_picture(
    program: Program, source: str
) -> None:
    found = program("explain", source, "--out", "told", "--png", "--model", "seasonal-naive")
    assert found.code == 0
    assert set(contents(Path("told"))) == {
        *("chart-explanation.png", "explanation.csv", "repairs.csv", "run.json"),
    }
    frame = pl.read_csv("told/explanation.csv")
    assert frame["part"].to_list()[:6] == ["level", "trend", "week", "bursts", "rest", "total"]
    assert frame["adds"][:5].sum() == pytest.approx(frame["adds"][5])


def test_what_forecast_answers_with_can_be_explained(program: Program, source: str) -> None:
    found = program("explain", source, "--model", "auto", "--horizon", 7)
    assert (found.code, found.err) == (0, "")
    assert "auto expects a 7-day total of " in found.out
    assert "It averages lstm-pretrained (" in found.out
