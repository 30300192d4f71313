"""What a page recomputes from quantiles is what the plan says."""

from __future__ import annotations

import json

import numpy as np
import pytest

from capacity.futures import PRICES, forecast_of, plan_of, spread
from upswell.capacity import plan_capacity


def test_quantiles_give_the_plan_again() -> None:
    sections = {
        "unit": {"views_per_hour": 1, "headroom": 0.2},
        "profile": {"peak_to_average": 1.8},
        "prices": {**PRICES, "shortage": 0.5},
        "limit": {"units": 60},
    }
    plan = plan_capacity(forecast_of(spread(500)), plan_of(**sections))
    data = plan.slider_data()
    json.dumps(data, allow_nan=False)
    units = np.ceil(np.array(data["hourly_views"]) * 1.2)
    commitment = np.quantile(units, 0.4, method="inverted_cdf")
    assert abs(commitment - plan.commitment) <= 1
    above = np.clip(np.minimum(units, 60) - plan.commitment, 0, None).mean()
    short = np.clip(units - 60, 0, None).mean()
    cost = data["hours"] * (0.06 * plan.commitment + 0.10 * above + 0.50 * short)
    assert cost == pytest.approx(plan.cost.expected, rel=0.01)
    risk = plan.outlook.overload
    assert risk is not None
    assert (np.ceil(np.array(data["peak_views"]) * 1.2) > 60).mean() == pytest.approx(
        risk.chance, abs=0.01
    )
    by_day = (np.ceil(np.array(data["busiest_views"]) * 1.2) > 60).mean(axis=1)
    assert by_day == pytest.approx(risk.by_day, abs=0.02)


def test_overlays_are_in_what_the_sliders_start_from() -> None:
    launch = {"name": "launch", "kind": "multiply", "from": 29, "to": 58, "factor": 2.0}
    plain = plan_capacity(forecast_of(spread(50)), plan_of()).slider_data()
    lifted = plan_capacity(forecast_of(spread(50)), plan_of(overlays=[launch])).slider_data()
    assert lifted["hourly_views"][10] == pytest.approx(2 * plain["hourly_views"][10], rel=1e-4)
