"""Plans by hand: figures that a planner can check, flags, and odd futures."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.futures import HOURLY, PRICES, forecast_of, plan_of, spread
from upswell.capacity import plan_capacity
from upswell.capacity.flags import FLAGS
from upswell.capacity.past import past_of
from upswell.capacity.planning import MOST_HOURS, _thinned
from upswell.capacity.result import Plan
from upswell.capacity.settings import load_plan
from upswell.errors import SettingError
from upswell.forecasting.ladder import Status

LIMITED = {"prices": {**PRICES, "shortage": 0.50}}


def flags(plan: Plan) -> set[str]:
    return {flag.code for flag in plan.flags}


def test_a_plan_says_what_a_planner_works_out_by_hand() -> None:
    """Two paths of one day: ten units on one, twenty on the other; at most 15 can run."""
    plan = plan_capacity(
        forecast_of([[10.0], [20.0]]),
        plan_of(**LIMITED, limit={"units": 15}, unit={"views_per_hour": 1}),
    )
    # Reserving costs 0.06; an hour above is sold for 0.10 on half of the paths: 0.05. So 10.
    assert plan.commitment == plan.to_reserve == 10
    best = plan.outlook.best
    assert best.bill.reserved == pytest.approx(24 * 10 * 0.06)
    assert best.bill.on_demand == pytest.approx(24 * 5 * 0.10 / 2)
    assert best.bill.shortage == pytest.approx(24 * 5 * 0.50 / 2)
    assert best.cost.expected == pytest.approx(14.40 + 6.00 + 30.00)
    assert best.shortage_hours == 12.0
    assert best.shortage_unit_hours == 60.0
    # Knowing the path: 10 units for 14.40, or 15 for 21.60 and a shortage of 60.00.
    assert best.regret == pytest.approx(50.40 - (14.40 + 81.60) / 2)
    risk = plan.outlook.overload
    assert risk is not None
    assert (risk.capacity, risk.chance, risk.by_day.tolist()) == (15, 0.5, [0.5])
    assert plan.outlook.units.tolist() == [[10], [20], [20], [20]]
    assert plan.outlook.critical_level == pytest.approx(0.4)


def test_existing_units_are_paid_and_counted() -> None:
    owned = {"existing": 4, "existing_price": 0.08}
    plan = plan_capacity(forecast_of([[10.0]] * 3), plan_of(commitment=owned))
    assert (plan.commitment, plan.to_reserve) == (10, 6)
    assert plan.outlook.best.bill.existing == pytest.approx(24 * 4 * 0.08)
    assert plan.outlook.best.bill.reserved == pytest.approx(24 * 6 * 0.06)


def test_headroom_and_profile_ask_for_more() -> None:
    unit = {"views_per_hour": 1, "headroom": 0.5}
    plan = plan_capacity(forecast_of([[10.0]]), plan_of(unit=unit, profile={"peak_to_average": 2}))
    assert plan.outlook.units[:, 0].tolist() == [30] * 4


def test_last_month_is_what_was_said_or_what_would_have_been_best() -> None:
    forecast = forecast_of([[10.0, 10.0]], history=[1.0] * 20 + [5.0, 7.0])
    assert plan_capacity(forecast, plan_of()).outlook.rule("same-as-last-month").commitment == 5
    said = plan_of(commitment={"last_month": 9})
    assert plan_capacity(forecast, said).outlook.rule("same-as-last-month").commitment == 9


def test_the_untouched_forecast_and_the_scenario_stand_beside_each_other() -> None:
    launch = {"name": "launch", "kind": "multiply", "from": 29, "to": 29, "factor": 3.0}
    forecast = forecast_of([[10.0]])
    plain = plan_capacity(forecast, plan_of())
    plan = plan_capacity(forecast, plan_of(overlays=[launch]))
    assert plan.scenario is not None
    assert (plan.base.best.commitment, plan.commitment) == (10, 30)
    assert plan.base.rules == plain.base.rules
    assert plan.rules()["outlook"].unique(maintain_order=True).to_list() == ["base", "scenario"]


def test_what_a_throttle_turns_away_is_counted_and_not_served() -> None:
    throttle = {"name": "shed", "kind": "throttle", "from": 29, "to": 29, "views": 4.0}
    plan = plan_capacity(forecast_of([[10.0]]), plan_of(overlays=[throttle]))
    assert plan.commitment == 4
    assert plan.outlook.turned_away.expected == pytest.approx(6 * HOURLY)
    assert plan.outlook.views.expected == pytest.approx(4 * HOURLY)


def test_tables_hold_a_row_for_each_rule_day_and_commitment() -> None:
    plan = plan_capacity(forecast_of(spread(), calendar=True), plan_of())
    assert plan.rules().height == 5
    daily = plan.daily()
    assert daily["date"].dtype == pl.Date
    assert daily.height == 30
    assert (daily["units50"] <= daily["units99"]).all()
    assert plan.cost_curve()["expected"].min() == pytest.approx(plan.cost.expected, rel=1e-12)


@given(
    scale=st.sampled_from([0.0, 1e-9, 1.0, 1e11]),
    days=st.sampled_from([1, 2, 30]),
    limited=st.booleans(),
)
def test_odd_futures_have_a_plan(scale: float, days: int, limited: bool) -> None:
    sections: dict[str, Any] = {**LIMITED, "limit": {"units": 10**9}} if limited else {}
    plan = plan_capacity(forecast_of(scale * spread(20, days)), plan_of(**sections))
    json.dumps(plan.record(), allow_nan=False)
    for rule in plan.outlook.rules:
        assert rule.regret >= 0.0
        assert rule.cost.low <= rule.cost.high
    assert plan.outlook.rule("perfect-foresight").cost.expected <= plan.cost.expected
    if scale == 0.0:
        assert (plan.commitment, plan.cost.expected) == (0, 0.0)


def test_units_that_nobody_can_count_are_an_error_of_the_unit() -> None:
    with pytest.raises(SettingError, match=r"\[unit\] views_per_hour \(1\) is too small"):
        plan_capacity(forecast_of([[1e300]]), plan_of())


def test_a_horizon_of_years_takes_fewer_paths_and_says_so() -> None:
    forecast = forecast_of(np.ones((400, 3000)))
    past = past_of(forecast.panel, load_plan(plan_of(profile={"peak_to_average": 1.5})))
    used = _thinned(forecast, past)
    assert len(used.paths) * 3000 * 24 <= MOST_HOURS
    assert len(used.paths) >= 100


def test_a_plan_for_another_horizon_is_refused() -> None:
    with pytest.raises(SettingError, match=r"horizon is 14 days in the plan, .* has 30"):
        plan_capacity(forecast_of(spread()), plan_of(horizon=14))
    assert plan_capacity(forecast_of(spread()), plan_of(horizon=30)).axis.length == 30


def test_a_limit_below_todays_use_is_refused() -> None:
    history = [1.0] * 20 + [8.0]
    with pytest.raises(SettingError, match=r"\[limit\] units \(7\) is below today's use.*8 units"):
        plan_capacity(forecast_of([[5.0]], history=history), plan_of(**LIMITED, limit={"units": 7}))


def test_days_that_took_the_whole_limit_are_flagged() -> None:
    forecast = forecast_of([[5.0]], history=[1.0, 8.0, 9.0, 1.0])
    plan = plan_capacity(forecast, plan_of(**LIMITED, limit={"units": 8}))
    (flag,) = [flag for flag in plan.flags if flag.code == "saturated-history"]
    assert "On 2 days" in flag.sentence
    assert "the last of them 3" in flag.sentence


def test_weak_evidence_and_few_windows_are_flagged() -> None:
    good = plan_capacity(forecast_of([[5.0]]), plan_of())
    assert flags(good) == set()
    weak = plan_capacity(forecast_of([[5.0]], status=Status.BASELINE_ONLY, windows=5.0), plan_of())
    assert flags(weak) == {"weak-evidence", "unsupported-level"}
    (flag,) = [flag for flag in weak.flags if flag.code == "unsupported-level"]
    assert "units at 90%, 95% and 99%" in flag.sentence
    assert "up to 83%" in flag.sentence  # five windows: ranges up to 4/6, so levels up to 5/6


def test_what_cannot_be_ordered_in_time_is_flagged() -> None:
    limit = {**LIMITED, "limit": {"units": 6}, "commitment": {"lead_time_days": 2}}
    late = plan_capacity(forecast_of([[5.0, 7.0]]), plan_of(**limit))
    assert "order-too-late" in flags(late)
    in_time = plan_capacity(forecast_of([[5.0, 5.0, 7.0]]), plan_of(**limit))
    assert "order-too-late" not in flags(in_time)


def test_too_many_existing_units_and_a_limit_that_binds_are_flagged() -> None:
    owned = plan_capacity(forecast_of([[5.0]]), plan_of(commitment={"existing": 9}))
    assert flags(owned) == {"over-committed"}
    bound = plan_capacity(forecast_of([[5.0]]), plan_of(**LIMITED, limit={"units": 4}))
    assert "at-limit" in flags(bound)


def test_every_flag_has_a_meaning() -> None:
    assert set(FLAGS) == {
        "weak-evidence",
        "unsupported-level",
        "saturated-history",
        "order-too-late",
        "at-limit",
        "over-committed",
        "fewer-paths",
    }
