"""From the paths of a forecast to a plan."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.capacity._settings import PlanSettings
from upswell.capacity.load import hourly_load, profile_shares
from upswell.capacity.result import Amount, Outlook, Plan
from upswell.capacity.risk import overload, sufficient_units
from upswell.capacity.rules import amount, choices, compare_rules, cost_curve
from upswell.capacity.settings import load_plan
from upswell.capacity.terms import Terms
from upswell.data import DayAxis, node_values
from upswell.errors import SettingError
from upswell.forecasting.result import Forecast

__all__ = ["plan_capacity"]

_MIDDLES = 200


def plan_capacity(forecast: Forecast, plan: str | Path | Mapping[str, Any] | PlanSettings) -> Plan:
    """Turn a forecast into a commitment, its cost and the risk to run short.

    Parameters
    ----------
    forecast
        With joint paths; the total is what is planned for.
    plan
        The path of a ``plan.toml``, a mapping of the same layout, or checked settings.

    Raises
    ------
    SettingError
        When a setting makes no sense, alone or with this forecast; the message names the key.

    Examples
    --------
    >>> from upswell.api import forecast
    >>> from upswell.data import Panel
    >>> days = np.arange(60.0)
    >>> panel = Panel.from_arrays(1e5 + 1e3 * days[None] * (days % 7 == 5), items=["ana"])
    >>> result = forecast(panel, horizon=7, model="theta-log")
    >>> plan = {"unit": {"views_per_hour": 50}, "prices": {"reserved": 0.06, "on_demand": 0.1}}
    >>> found = plan_capacity(result, plan)
    >>> found.outlook.best.regret >= 0
    True
    """
    settings = load_plan(plan)
    if settings.horizon not in (None, forecast.horizon):
        raise SettingError(
            f"horizon is {settings.horizon} in the plan, but the forecast has {forecast.horizon} "
            "days",
            fix="plan for the same horizon, or leave horizon out",
        )
    views = forecast.paths[:, 0]
    shares = profile_shares(settings.profile)
    last_month = _last_month(forecast, settings, shares)
    base = _outlook(views, shares, settings, forecast.axis, last_month)
    by_hour = np.quantile(views, _probabilities(), axis=0)
    hourly = np.quantile(views[:, :, None] * shares, _probabilities())
    return Plan(
        settings=settings,
        axis=forecast.axis,
        paths=len(views),
        base=base,
        scenario=None,
        flags=(),
        hourly_views=hourly,
        busiest_views=by_hour.T * shares.max(),
        peak_views=np.quantile(views.max(axis=1), _probabilities()) * shares.max(),
        kind=forecast.kind,
    )


def _probabilities() -> NDArray[np.float64]:
    return (np.arange(_MIDDLES) + 0.5) / _MIDDLES


def _outlook(
    views: NDArray[np.float64],
    shares: NDArray[np.float64],
    settings: PlanSettings,
    axis: DayAxis,
    last_month: float,
) -> Outlook:
    terms = Terms.of(settings)
    load = hourly_load(views, shares, settings.unit)
    chosen = choices(load, terms, last_month)
    rules = compare_rules(load, terms, chosen)
    lead_time = settings.commitment.lead_time_days
    return Outlook(
        views=amount(views.sum(axis=1)),
        turned_away=Amount(0.0, 0.0, 0.0),
        critical_level=1.0 - settings.prices.reserved / settings.prices.on_demand,
        rules=rules,
        curve=cost_curve(load, terms, rules),
        units=sufficient_units(load.busiest),
        peak_units=sufficient_units(load.busiest.max(axis=1)),
        overload=overload(load, terms, rules[0].commitment, axis, lead_time),
    )


def _last_month(forecast: Forecast, settings: PlanSettings, shares: NDArray[np.float64]) -> float:
    """Units reserved last month, or what would have cost least on the last days known."""
    from upswell.capacity.commitment import least_cost

    if settings.commitment.last_month is not None:
        return float(settings.commitment.last_month)
    total = node_values(forecast.panel)[0]
    known = total[np.isfinite(total)][-forecast.horizon :]
    load = hourly_load(known[None], shares, settings.unit)
    return float(least_cost(load, Terms.of(settings))[0])
