"""The shipped LSTM on the command line: forecast, plan, page and backtest, without torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from cli.running import Program, contents, daily, environment, table

LSTM = ("--model", "lstm-pretrained", "--horizon", "14")
PLAN = "[unit]\nviews_per_hour = 5\n[prices]\nreserved = 1\non_demand = 2.5\n"


@pytest.fixture
def creators() -> Path:
    """Three creators of 60 days."""
    return table(Path("views.csv"), daily(("a", "ben", "c"), days=60))


def test_forecast_plan_and_page_come_from_one_command(program: Program, creators: Path) -> None:
    Path("plan.toml").write_text(PLAN, encoding="utf-8")
    words = ("forecast", creators, *LSTM, "--plan", "plan.toml")
    done = program(*words, "--report", "--out", "out")
    assert (done.code, done.err) == (0, "")
    assert "Forecaster: lstm-pretrained (asked for by name)." in done.out
    assert "Commit to " in done.out
    totals = pl.read_csv("out/totals.csv")
    assert totals.filter(pl.col("quantity") == "sum")["q50"].min() > 0
    assert "lstm-pretrained" in Path("out/report.html").read_text(encoding="utf-8")
    assert program(*words, "--out", "again").code == 0
    for name in ("forecast.csv", "totals.csv", "plan.json", "paths.parquet"):
        assert Path("again", name).read_bytes() == Path("out", name).read_bytes()
    later = program("plan", "out", "--plan", "plan.toml", "--out", "later", "--quiet")
    assert later.code == 0
    assert contents(Path("later"))["plan.json"] == contents(Path("out"))["plan.json"]


def test_the_record_holds_what_the_panels_windows_said(program: Program, creators: Path) -> None:
    record = program("forecast", creators, *LSTM, "--json").json()
    assert record["model"]["chosen"] == "lstm-pretrained"
    found = record["calibration"]
    assert found["effective_windows"] > 0
    assert len({row["noise_factor"] for row in found["series"]}) == 1
    assert all(0.7 <= row["level_factor"] <= 1.5 for row in found["series"])


def test_a_backtest_stands_beside_seasonal_naive(program: Program, creators: Path) -> None:
    words = ("--models", "lstm-pretrained", "--windows", "2", "--horizon", "7")
    done = program("backtest", creators, *words, "--out", "out")
    assert done.code == 0
    assert "lstm-pretrained" in done.out
    assert "seasonal-naive" in done.out


def test_a_forecast_loads_neither_torch_nor_the_statistical_models(creators: Path) -> None:
    code = (
        "import sys\n"
        "from upswell.cli._run import run\n"
        f"assert run(['forecast', {str(creators)!r}, *{LSTM!r}, '--quiet', '--out', 'o']) == 0\n"
        "heavy = {'torch', 'statsforecast', 'scipy.special', 'altair', 'numba'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=environment())
