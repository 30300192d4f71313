"""Money of a backtest: rules see the past, and pay for the days as they came."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.futures import HOURLY, plan_of, spread
from capacity.oracle import cheapest, invoice
from upswell.capacity.money import money_by_rule, money_of_windows
from upswell.capacity.settings import load_plan
from upswell.capacity.terms import Terms
from upswell.data import DayAxis
from upswell.forecasting.windows import TotalWindow

AXIS = DayAxis(1, 90, calendar=False)
SETTINGS = load_plan(plan_of(commitment={"existing": 3}))


def window(model: str = "theta-log", cutoff: int = 60) -> TotalWindow:
    rng = np.random.default_rng(cutoff)
    return TotalWindow(
        model=model,
        cutoff=cutoff,
        history=HOURLY * rng.integers(5, 30, cutoff).astype(float),
        paths=HOURLY * spread(50, 14, seed=cutoff),
        actual=HOURLY * rng.integers(5, 40, 14).astype(float),
    )


def test_each_rule_pays_for_the_days_as_they_came() -> None:
    seen = window()
    rows = money_of_windows([seen], SETTINGS, AXIS).to_dicts()
    hours = [int(views / HOURLY) for views in seen.actual]
    terms = Terms.of(SETTINGS)
    best, bound = cheapest(hours, 24, terms)
    for row in rows:
        by_hand = invoice(hours, 24, terms, row["commitment"])
        assert row["cost"] == pytest.approx(by_hand.total / 100)
        assert row["regret"] == pytest.approx((by_hand.total - bound) / 100)
        parts = [row[name] for name in ("existing", "reserved", "on_demand", "shortage")]
        assert sum(parts) == pytest.approx(row["cost"])
        assert (row["cutoff"], row["days"]) == ("60", 14)
    chosen = {row["rule"]: row["commitment"] for row in rows}
    assert chosen["perfect-foresight"] == best
    past = [int(views / HOURLY) for views in seen.history[-14:]]
    assert chosen["same-as-last-month"] == cheapest(past, 24, terms)[0]


def test_what_came_changes_no_choice() -> None:
    seen = window()
    other = replace(seen, actual=seen.actual[::-1] * 3.0)
    for rule in ("least-cost", "mean", "peak", "same-as-last-month"):
        choices = [
            money.filter(money["rule"] == rule)["commitment"].to_list()
            for money in (money_of_windows([one], SETTINGS, AXIS) for one in (seen, other))
        ]
        assert choices[0] == choices[1]


def test_rules_without_a_forecaster_have_one_row_a_window() -> None:
    windows = [window(model, cutoff) for cutoff in (60, 74) for model in ("auto", "theta-log")]
    money = money_of_windows(windows, SETTINGS, AXIS)
    assert money.height == 2 * (2 * 3 + 2)
    assert set(money.filter(money["model"].is_null())["rule"]) == {
        "same-as-last-month",
        "perfect-foresight",
    }
    means = money_by_rule(money)
    assert means.height == 2 * 3 + 2
    assert means["cost"].is_sorted()
    assert means["rule"][0] == "perfect-foresight"
    assert (means["windows"] == 2).all()


def test_means_and_the_share_of_regret_are_those_of_the_windows() -> None:
    money = money_of_windows([window(cutoff=60), window(cutoff=74)], SETTINGS, AXIS)
    for row in money_by_rule(money).to_dicts():
        own = [
            each
            for each in money.to_dicts()
            if (each["rule"], each["model"]) == (row["rule"], row["model"])
        ]
        assert len(own) == row["windows"] == 2
        for name in ("commitment", "cost", "regret", "shortage_hours"):
            assert row[name] == pytest.approx(sum(each[name] for each in own) / 2)
        least = sum(each["cost"] - each["regret"] for each in own)
        assert row["regret_share"] == pytest.approx(sum(each["regret"] for each in own) / least)


def test_missing_days_are_billed_for_nobody() -> None:
    seen = window()
    actual = seen.actual.copy()
    actual[3:] = np.nan
    money = money_of_windows([replace(seen, actual=actual)], SETTINGS, AXIS)
    assert (money["days"] == 3).all()
    assert money["existing"].to_list() == pytest.approx([3 * 24 * 3 * 0.06] * money.height)
    assert money_of_windows([replace(seen, actual=actual * np.nan)], SETTINGS, AXIS).height == 0


def test_what_the_plan_says_of_last_month_is_no_rule_of_the_past() -> None:
    said = load_plan(plan_of(commitment={"last_month": 99}))
    money = money_of_windows([window()], said, AXIS)
    assert 99 not in money["commitment"].to_list()
