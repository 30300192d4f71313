"""A plan in hindsight: its commitments billed on the days that came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from upswell.capacity import load_plan, plan_capacity, save_plan
from upswell.capacity.hindsight import KeptPlan, look_back, overlaid_views, read_plan
from upswell.capacity.load import profile_shares
from upswell.capacity.outlook import RULES
from upswell.errors import SourceError
from upswell.forecasting.making import make_forecast
from upswell.forecasting.result import Forecast
from worlds import plain_panel

PRICES = {"reserved": 0.06, "on_demand": 0.1, "shortage": 0.5}
PLAN: dict[str, Any] = {
    "unit": {"views_per_hour": 2.0, "headroom": 0.1},
    "profile": {"peak_to_average": 1.5},
    "prices": {**PRICES, "tiers": [{"from": 20, "reserved": 0.05}]},
    "commitment": {"existing": 5},
    "limit": {"units": 30},
}
NAN = float("nan")


def kept(plan: dict[str, Any] = PLAN, **units: int) -> KeptPlan:
    named = {rule: 10 + 5 * i for i, rule in enumerate(RULES)} | units
    return KeptPlan(load_plan(plan), "base", {"base": named})


def by_hand(views: list[float], commitment: int) -> tuple[float, float]:
    """Cost of a commitment, hour by hour, and the hours in which something is not served."""
    shares = profile_shares(load_plan(PLAN).profile)
    cost = short_hours = 0.0
    for day in views:
        for share in shares:
            units = int(np.ceil(day * share * 1.1 / 2.0 - 1e-9))
            cost += 5 * 0.06  # those that exist
            cost += sum(0.06 if unit < 20 else 0.05 for unit in range(6, commitment + 1))
            cost += 0.1 * max(min(units, 30) - commitment, 0)
            cost += 0.5 * max(units - 30, 0)
            short_hours += units > 30
    return cost, short_hours


def test_each_rule_is_billed_hour_by_hour_on_the_days_that_came():
    came = [700.0, 1500.0, 900.0]
    found = look_back(kept(), np.array([came[0], NAN, came[1], came[2], NAN]))
    assert found is not None
    assert (found.days, found.horizon, found.currency) == (3, 5, "USD")
    assert [rule.name for rule in found.rules] == list(RULES)
    bound, best = min((by_hand(came, units)[0], units) for units in range(5, 31))
    for rule, units in zip(found.rules[:-1], (10, 15, 20, 25), strict=True):
        cost, short = by_hand(came, units)
        assert rule.commitment == units
        assert rule.cost.expected == pytest.approx(cost)
        assert rule.bill.total == pytest.approx(cost)
        assert rule.regret == pytest.approx(cost - bound)
        assert rule.shortage_hours == short
    assert found.rules[-1].cost.expected == pytest.approx(bound)
    assert found.rules[-1].commitment == best
    assert found.followed is found.rules[0]
    record = json.loads(json.dumps(found.record()))
    assert record["rules"][0]["cost"] == found.rules[0].cost.expected
    assert record["base"] is None


def test_without_a_day_there_is_nothing_to_bill():
    assert look_back(kept(), np.full(4, NAN)) is None


@pytest.fixture(scope="module")
def made() -> Forecast:
    return make_forecast(plain_panel(3, 60), horizon=6, model="seasonal-naive", seed=0, paths=120)


def overlay(kind: str, **more: Any) -> dict[str, Any]:
    return {"name": kind, "kind": kind, "from": 62, "to": 63, **more}


def test_a_plan_is_read_back_with_both_outlooks(made: Forecast, tmp_path: Path):
    settings = {
        "unit": {"views_per_hour": 1.0},
        "prices": PRICES,
        "overlays": [overlay("multiply", factor=3.0)],
    }
    plan = plan_capacity(made, settings)
    save_plan(plan, tmp_path / "plan")
    found = read_plan(tmp_path / "plan")
    assert found is not None
    assert found.settings == load_plan(settings)
    assert found.advice == "scenario"
    assert plan.scenario is not None
    for name, outlook in (("base", plan.base), ("scenario", plan.scenario)):
        assert found.commitments[name] == {rule.name: rule.commitment for rule in outlook.rules}
    back = look_back(found, np.array([100.0] * 6))
    assert back is not None
    assert back.followed.commitment == plan.commitment
    assert back.base is not None
    assert back.base[0].commitment == plan.base.best.commitment
    assert back.record()["base"][0]["commitment"] == plan.base.best.commitment


def test_a_folder_without_a_plan_has_none(tmp_path: Path):
    assert read_plan(tmp_path) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.pop("settings"),
        lambda record: record.pop("scenario"),
        lambda record: record.update(advice="scenario"),
        lambda record: record["base"]["rules"].pop(),
        lambda record: record["base"]["rules"][0].update(commitment="many"),
        lambda record: record["settings"]["prices"].update(reserved=-1),
        lambda record: record["settings"].update(unknown=1),
        lambda record: record.update(base=[]),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(change: Any, made: Forecast, tmp_path: Path):
    plan = plan_capacity(made, {"unit": {"views_per_hour": 1.0}, "prices": PRICES})
    save_plan(plan, tmp_path / "plan")
    file = tmp_path / "plan" / "plan.json"
    record = json.loads(file.read_bytes())
    change(record)
    file.write_text(json.dumps(record))
    with pytest.raises(SourceError, match="damaged or of another version") as caught:
        read_plan(tmp_path / "plan")
    assert "make the plan again" in str(caught.value)
    for text in ("{", "[]", "7", "\x00"):
        file.write_text(text)
        with pytest.raises(SourceError, match="damaged"):
            read_plan(tmp_path / "plan")
    file.unlink()
    file.mkdir()
    with pytest.raises(SourceError, match="cannot be read"):
        read_plan(tmp_path / "plan")


def test_overlays_leave_the_views_that_they_let_in(made: Forecast):
    plain = {"unit": {"views_per_hour": 1.0}, "prices": PRICES}
    total = made.paths[:, 0]
    assert overlaid_views(made, load_plan(plain)) is None

    def under(*overlays: dict[str, Any]) -> Any:
        return overlaid_views(made, load_plan({**plain, "overlays": list(overlays)}))

    doubled = under(overlay("multiply", factor=2.0))
    assert doubled == pytest.approx(total * np.array([1, 2, 2, 1, 1, 1]))
    low = float(total.min())
    assert under(overlay("cap", views=low))[:, 1:3] == pytest.approx(low)
    # All hours are alike, so that a throttle on the hour is one on the day.
    throttled = under(overlay("throttle", views=low / 24))
    assert throttled[:, 1:3] == pytest.approx(low)
    assert throttled[:, 3:] == pytest.approx(total[:, 3:])
