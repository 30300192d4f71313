"""A plan as files."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl
import pytest

from capacity.futures import PRICES, forecast_of, plan_of, spread
from upswell.capacity import load_plan, plan_capacity, plan_files
from upswell.capacity.result import Plan
from upswell.errors import OutputError


@pytest.fixture(scope="module")
def plan() -> Plan:
    sections = {
        "prices": {**PRICES, "shortage": 0.5, "tiers": [{"from": 15, "reserved": 0.05}]},
        "limit": {"units": 25},
        "commitment": {"lead_time_days": 3},
        "overlays": [
            {"name": "=1+1", "kind": "multiply", "from": 29, "to": 30, "factor": 1.5, "series": "a"}
        ],
    }
    return plan_capacity(forecast_of(spread(100)), plan_of(**sections))


def test_the_record_is_plain_and_names_days(plan: Plan) -> None:
    record = json.loads(plan_files(plan)["plan.json"])
    assert record == plan.record()
    assert record["advice"] == "scenario"
    assert record["commitment"] == plan.commitment
    assert record["scenario"]["overload"]["first_day"] == "29"
    assert record["scenario"]["units"]["days"][0] == "29"
    assert record["cost"]["expected"] == plan.cost.expected


def test_a_plan_can_be_made_again_from_its_record(plan: Plan) -> None:
    settings = plan.record()["settings"]
    assert load_plan(settings) == plan.settings
    again = plan_capacity(forecast_of(spread(100)), settings)
    assert again.record() == plan.record()


def test_the_tables_are_those_of_the_plan(plan: Plan) -> None:
    files = plan_files(plan)
    assert pl.read_csv(io.BytesIO(files["rules.csv"])).columns == plan.rules().columns
    assert pl.read_csv(io.BytesIO(files["units.csv"])).height == 60


def test_a_plan_replaces_a_plan_and_nothing_else(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "plan")
    plan.save(tmp_path / "plan")
    (tmp_path / "plan" / "forecast.csv").write_text("mine")
    with pytest.raises(OutputError, match=r"forecast\.csv"):
        plan.save(tmp_path / "plan")
