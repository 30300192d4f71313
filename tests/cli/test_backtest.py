"""``upswell backtest``: the scorecard it writes and prints."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from cli.running import Program, contents, daily, table
from upswell.cli.backtest import SHOWN, _show_level

WORDS = ("--models", "theta-log", "--horizon", 7, "--windows", 2)


def test_the_scorecard_is_written_with_its_record(program: Program, good: Path) -> None:
    found = program("backtest", good, *WORDS, "--out", "out", "--quiet")
    assert (found.code, found.out, found.err) == (0, "", "")
    assert {path.name for path in Path("out").iterdir()} == {
        *("scores.csv", "repairs.csv", "run.json")
    }
    scores = pl.read_csv("out/scores.csv")
    assert scores["model"].unique(maintain_order=True).to_list() == ["seasonal-naive", "theta-log"]
    assert set(scores["level"]) == {"total", "creator"}
    assert (scores["windows"] == 2).all()
    needed = {"mae", "mse", "rmse", "mase", "wmape", "scaled_quantile_loss", "crps", "coverage80"}
    assert needed <= set(scores.columns)
    naive = scores.filter(model="seasonal-naive")
    assert naive["ratio_mase"].to_list() == pytest.approx([1.0, 1.0])
    record = json.loads(Path("out/run.json").read_text())
    assert record["command"] == "backtest"
    assert record["cutoffs"] == ["2025-02-20", "2025-02-27"]


def test_two_runs_write_the_same_bytes(program: Program, good: Path) -> None:
    for folder in ("one", "two"):
        program("backtest", good, *WORDS, "--out", folder, "--quiet")
    assert contents(Path("one")) == contents(Path("two"))


def test_json_holds_record_and_scores(program: Program, good: Path) -> None:
    found = program("backtest", good, *WORDS, "--json")
    assert (found.code, found.err) == (0, "")
    answer = found.json()
    assert len(answer["scores"]) == 4
    assert answer["effective_windows"] == pytest.approx(2.0)


def test_scores_that_are_not_defined_are_null_in_json(program: Program) -> None:
    # A creator that is constant has no scale, so that its MASE is not defined.
    rows = [f"{row.rsplit(',', 1)[0]},7" if ",ben," in row else row for row in daily(("ben",))]
    rows = [
        row
        for number, row in enumerate(rows)
        for row in (row, row.replace("ben", "eve").rsplit(",", 1)[0] + f",{number % 7 * 9 + 5}")
    ]
    found = program("backtest", table(Path("v.csv"), rows), *WORDS, "--json")
    assert found.code == 0
    assert found.json()["scores"]


def test_the_scorecard_is_printed_with_its_evidence(program: Program, good: Path) -> None:
    found = program("backtest", good, *WORDS)
    assert found.code == 0
    assert "2 cutoffs (2025-02-20 to 2025-02-27), 7 days after each." in found.out
    assert "Evidence: 2 backtest windows, worth 2.0 independent ones" in found.out
    assert "Level total (1 series scored):" in found.out
    assert "Level creator (2 series scored):" in found.out


def test_one_window_is_too_few_to_support_a_range(program: Program, good: Path) -> None:
    found = program("backtest", good, "--models", "theta-log", "--horizon", 7, "--windows", 1)
    assert "1 cutoff (2025-02-27), 7 days after each." in found.out
    assert "Evidence: 1 backtest window: too few to support any range alone" in found.out
    assert "0%," not in found.out


def test_who_does_worse_than_the_trivial_forecast_or_fails_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures = {key: 1.25 for key, _ in SHOWN}
    worse = {"model": "ets", "series": 3, "failed": 0, "worse_than_trivial": "mae mase", **figures}
    failed = {"model": "ces", "series": 3, "failed": 1, "worse_than_trivial": "", **figures}
    undefined = {**failed, "model": "theta", "failed": 0, "ratio_mase": None}
    _show_level("creator", [worse, failed, undefined])
    out = capsys.readouterr().out
    assert "Level creator (3 series scored):" in out
    assert "ets is worse than seasonal naive in mae, mase.\n" in out
    assert "ces failed in 1 window that seasonal naive was scored in.\n" in out
    (row,) = [line.split() for line in out.splitlines() if line.startswith("theta ")]
    assert row == ["theta", "1.250", "1.250", "-", *["1.250"] * 6]
