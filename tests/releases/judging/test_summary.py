"""The scorecard in sentences."""

from __future__ import annotations

import re

import polars as pl

from releases.judging.making import predictions_of
from upswell.releases.config import EvaluationSettings, ReleasesConfig
from upswell.releases.judging import judge, summary

CONFIG = ReleasesConfig(evaluation=EvaluationSettings(budget=(5,)), rounding="up")


def test_the_sentences_carry_the_figures_of_the_tables() -> None:
    card = judge(*predictions_of(), CONFIG, draws=200)
    lines = summary(card)
    row = card.regression.filter(
        pl.col("horizon") == 30, pl.col("scope") == "all", pl.col("model") == "model"
    ).row(0, named=True)
    (first,) = [line for line in lines if line.startswith("Day 30: typical")]
    assert f"(RMSLE {row['rmsle']:.3f})" in first
    assert f"{1 - row['ratio']:.0%} below the best trivial neighbour (log-linear)" in first
    assert f"90% interval {1 - row['ratio_high']:.0%} to {1 - row['ratio_low']:.0%}" in first
    assert "80 releases from 23 weeks." in first
    rounded = card.rounding.filter(
        pl.col("horizon") == 30, pl.col("scope") == "final", pl.col("rule") == "up"
    ).row(0, named=True)
    (line,) = [line for line in lines if line.startswith("Day 30, last period: rounded")]
    assert f"up to 50,000, MAPE {rounded['mape']:.1%} beside {rounded['mape_constant']:.1%}" in line


def test_every_line_is_one_sentence_of_a_day() -> None:
    lines = summary(judge(*predictions_of(), CONFIG, draws=50))
    assert all(re.fullmatch(r"Day (14|30)[^\n]*: [^\n]+\.", line) for line in lines)
    assert not any(word in " ".join(lines) for word in ("nan", "None", "null", "inf"))
    assert [line for line in lines if "artists without a history" in line]


def test_what_is_worse_is_said() -> None:
    predictions, trivial = predictions_of()
    poor = predictions.with_columns(*[pl.col(f"q{5 * i:02d}") * 9 for i in range(1, 20)])
    lines = summary(judge(poor, trivial, CONFIG, draws=50))
    (line,) = [one for one in lines if one.startswith("Day 30: worse")]
    assert line.startswith("Day 30: worse than a trivial neighbour in rmsle, wmape, median ape")
    assert "above the best trivial neighbour" in " ".join(lines)


def test_an_interval_on_both_sides_says_so() -> None:
    predictions, trivial = predictions_of()
    noise = pl.Series([1.1, 1.1, 0.9, 0.9] * (trivial.height // 4))
    close = trivial.with_columns(**{"log-linear": predictions["q50"] * noise})
    (line,) = [
        one
        for one in summary(judge(predictions, close, CONFIG, draws=100))
        if one.startswith("Day 30: typical")
    ]
    assert re.search(r"90% interval \d+% below to \d+% above", line)


def test_small_samples_leave_out_what_is_not_defined() -> None:
    predictions, trivial = predictions_of(30)
    lines = summary(judge(predictions[:2], trivial[:2], CONFIG, draws=20))
    assert any("1 release from 1 week." in line for line in lines)
    assert not any("interval" in line for line in lines)
    assert summary(judge(predictions.clear(), trivial.clear(), CONFIG)) == [
        "No release with a known outcome was scored."
    ]
    alone = summary(judge(predictions, None, CONFIG, draws=20))
    assert not any("beside" in line or "neighbour" in line for line in alone)
