"""A backtest in the page: forecasters beside the trivial one, and what rules would have cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from pages import PLAN, forecast_of
from report.test_page import Outline
from upswell.capacity import plan_capacity
from upswell.forecasting import Backtest
from upswell.report import forecast_page
from upswell.scoring import Metrics, WindowScore, summarise

FORECAST = forecast_of(["ana"])


def backtest(money: pl.DataFrame | None = None) -> Backtest:
    """Make a backtest in which a forecaster is worse than seasonal naive."""
    scores = tuple(
        WindowScore(model, "total", "total", cutoff, Metrics(crps=crps, wmape=0.25, mae=crps))
        for model, crps in (("seasonal-naive", 2.0), ("bad", 3.0), ("good", 1.0))
        for cutoff in (40, 50)
    )
    return Backtest(summarise(scores), scores, (40, 50), 10, {}, {}, money=money)


def test_forecasters_stand_beside_the_trivial_one_and_worse_ones_are_named() -> None:
    words = Outline(forecast_page(FORECAST, backtest=backtest())).words()
    assert "The total at 2 earlier cutoffs, 10 days after each" in words
    assert "seasonal-naive1.0025%" in words.replace(" ", "")
    assert "good0.5025%" in words.replace(" ", "")
    assert "bad worse than naive in mae crps" in words
    assert "Money" not in words


def test_what_rules_would_have_cost_is_shown_cheapest_first() -> None:
    rows = {
        "rule": ["peak", "perfect-foresight"],
        "model": ["good", None],
        "commitment": [30, 10],
        "cost": [2000.0, 1000.0],
        "regret": [1000.0, 0.0],
        "shortage_hours": [0.0, 0.0],
    }
    words = Outline(forecast_page(FORECAST, backtest=backtest(pl.DataFrame(rows)))).words()
    money = words[words.index("What each rule would have cost") :]
    assert money.index("perfect-foresight") < money.index("peak")
    assert "2,000100%" in money.replace(" ", "")


def test_a_plan_for_no_demand_at_all_is_a_page_too() -> None:
    nothing = replace(FORECAST, paths=np.zeros_like(FORECAST.paths))
    settings = {key: PLAN[key] for key in ("unit", "prices")}
    words = Outline(forecast_page(nothing, plan_capacity(nothing, settings))).words()
    assert "Commit to nothing" in words
