"""The scorecard as bars."""

from __future__ import annotations

from charts.test_fan import datasets
from upswell.charts import scores_chart

SCORES = {"seasonal-naive": 1.0, "ets": 0.9, "ensemble": 0.8, "broken": float("nan"), "lstm": 1.4}


def test_bars_are_ordered_and_failures_are_left_out() -> None:
    (rows,) = [rows for rows in datasets(scores_chart(SCORES, "ensemble")) if "error" in rows[0]]
    assert [row["forecaster"] for row in rows] == ["ensemble", "ets", "seasonal-naive", "lstm"]
    assert [row["role"] for row in rows] == ["chosen", "other", "trivial", "other"]


def test_a_forecaster_worse_than_naive_fits_in() -> None:
    chart = scores_chart(SCORES, "lstm").to_dict()
    assert chart["layer"][0]["encoding"]["x"]["scale"]["domain"][1] > 1.4
    assert "lstm 1.40" in chart["description"]
