"""Risk and units by day."""

from __future__ import annotations

import numpy as np
import pytest

from charts.test_fan import datasets
from upswell.charts import Days, overload_chart, units_chart

DAYS = Days.of(range(20_000, 20_004), calendar=True)


def test_days_above_the_alarm_are_marked_and_named() -> None:
    chart = overload_chart(DAYS, np.array([0.0, 0.05, 0.06, 0.01]))
    (rows,) = [rows for rows in datasets(chart) if "chance" in rows[0]]
    assert [row["risk"] for row in rows] == [False, False, True, False]
    text = chart.to_dict()["description"]
    assert "highest on 2024-10-06 with 6.0%" in text
    assert "above 5% from 2024-10-06 on" in text


def test_no_risk_at_all_is_said() -> None:
    text = overload_chart(DAYS, np.zeros(4)).to_dict()["description"]
    assert text == "Chance of overload by day: none on any of 4 days."


def test_chances_near_one_stay_inside_the_picture() -> None:
    chart = overload_chart(DAYS, np.array([0.2, 0.9, 1.0, 1.0])).to_dict()
    assert chart["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 1.0]


@pytest.mark.parametrize("marks", [{}, {"commitment": 12.0, "capacity": 40.0}])
def test_units_of_all_levels_and_the_marks_fit_in(marks: dict[str, float]) -> None:
    needed = {0.5: np.array([5.0, 6, 7, 8]), 0.99: np.array([9.0, 10, 11, 30])}
    chart = units_chart(DAYS, needed, marks).to_dict()
    top = chart["layer"][0]["encoding"]["y"]["scale"]["domain"][1]
    assert top >= max(30.0, *marks.values(), 0.0)
    assert "at most 8 at 50%, 30 at 99%" in chart["description"]
    assert all(name in chart["description"] for name in marks)
