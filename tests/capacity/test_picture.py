"""`Plan.plot`: the figures of a plan, drawn."""

from __future__ import annotations

import pytest

from charts.test_fan import datasets
from pages import PLAN, forecast_of
from upswell.capacity import UNIT_LEVELS, plan_capacity
from upswell.errors import SettingError

FORECAST = forecast_of(["ana", "ben", "cyn"])
LIMITED = plan_capacity(FORECAST, PLAN)
FREE = plan_capacity(FORECAST, {key: PLAN[key] for key in ("unit", "prices")})


def test_the_cost_of_commitments_is_that_of_the_plan_s_curve() -> None:
    found = datasets(LIMITED.plot())
    curve = next(rows for rows in found if "low" in rows[0])
    assert [row["units"] for row in curve] == LIMITED.outlook.curve.commitments.tolist()
    assert [row["cost"] for row in curve] == LIMITED.outlook.curve.expected.tolist()
    rules = next(rows for rows in found if "rule" in rows[0])
    assert {row["rule"]: row["units"] for row in rules} == {
        rule.name: rule.commitment for rule in LIMITED.outlook.rules if not rule.is_bound
    }


def test_units_by_day_are_those_of_the_plan_s_table() -> None:
    rows = next(rows for rows in datasets(LIMITED.plot("units")) if "u0" in rows[0])
    for place in range(len(UNIT_LEVELS)):
        assert [row[f"u{place}"] for row in rows] == LIMITED.outlook.units[place].tolist()


def test_the_chance_of_each_day_is_that_of_the_plan() -> None:
    rows = next(rows for rows in datasets(LIMITED.plot("overload")) if "chance" in rows[0])
    assert LIMITED.outlook.overload is not None
    assert [row["chance"] for row in rows] == LIMITED.outlook.overload.by_day.tolist()


def test_without_a_limit_there_is_no_overload_to_draw() -> None:
    assert FREE.plot("units").to_dict()["description"].endswith("units.") is False
    with pytest.raises(SettingError, match="nothing limits the capacity"):
        FREE.plot("overload")


def test_another_kind_is_an_error() -> None:
    with pytest.raises(SettingError, match="no picture 'bill'"):
        LIMITED.plot("bill")
