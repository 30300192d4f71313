"""From the paths of a forecast to a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from upswell.capacity._settings import HOURS, PlanSettings
from upswell.capacity.flags import check_limit, find_flags
from upswell.capacity.load import views_by_hour
from upswell.capacity.outlook import Future, Outlook
from upswell.capacity.overlays import check_overlays, lay_over, untouched
from upswell.capacity.past import Past, past_of
from upswell.capacity.result import Plan
from upswell.capacity.risk import overload, sufficient_units
from upswell.capacity.rules import amount, choices, compare_rules, cost_curve
from upswell.capacity.settings import load_plan
from upswell.capacity.terms import Terms
from upswell.data import Panel
from upswell.errors import SettingError
from upswell.forecasting.result import Forecast

__all__ = ["check_horizon", "check_plan", "plan_capacity"]

LEAST_PATHS = 100
MOST_HOURS = 20_000_000


def plan_capacity(forecast: Forecast, plan: str | Path | Mapping[str, Any] | PlanSettings) -> Plan:
    """Turn a forecast into a commitment, its cost and the risk to run short.

    Parameters
    ----------
    forecast
        With joint paths; the total is what is planned for.
    plan
        The path of a ``plan.toml``, a mapping of the same layout, or checked settings.

    Returns
    -------
    Plan
        Its frames are of the kind of the forecast's.

    Raises
    ------
    SourceError
        When the file cannot be read.
    SettingError
        When a setting makes no sense, alone or with this forecast; the message names the key.

    Examples
    --------
    >>> import numpy as np
    >>> from upswell.api import forecast
    >>> from upswell.data import Panel
    >>> days = np.arange(60.0)
    >>> panel = Panel.from_arrays(1e5 + 1e3 * days[None] * (days % 7 == 5), items=["ana"])
    >>> result = forecast(panel, horizon=7, model="theta-log")
    >>> plan = {"unit": {"views_per_hour": 500}, "prices": {"reserved": 0.06, "on_demand": 0.1}}
    >>> found = plan_capacity(result, plan)
    >>> found.commitment, found.outlook.rule("perfect-foresight").regret
    (9, 0.0)
    """
    settings = load_plan(plan)
    past = check_plan(settings, forecast.panel, forecast.horizon)
    used = _thinned(forecast, past)
    base = _outlook(untouched(used), past, used)
    scenario = (
        _outlook(lay_over(used, settings.overlays), past, used) if settings.overlays else None
    )
    outlook = base if scenario is None else scenario
    return Plan(
        settings=settings,
        axis=forecast.axis,
        paths=len(used.paths),
        base=base,
        scenario=scenario,
        flags=find_flags(forecast, past, settings, outlook, len(used.paths)),
        shares=past.shares,
        origin=_origin(forecast),
        kind=forecast.kind,
    )


def check_plan(settings: PlanSettings, panel: Panel, horizon: int) -> Past:
    """Raise when a plan does not fit a panel: what can be said before the work of a forecast.

    Parameters
    ----------
    settings
        Of the plan.
    panel
        The history.
    horizon
        Days ahead.

    Returns
    -------
    Past
        The known days of the total.

    Raises
    ------
    SettingError
        When the plan is for another horizon, an overlay does not fit, or the limit is below
        today's use.
    """
    check_horizon(settings, horizon)
    check_overlays(settings.overlays, panel.axis.after(horizon), panel.items, panel.groups)
    past = past_of(panel, settings)
    check_limit(past, settings)
    return past


def check_horizon(settings: PlanSettings, horizon: int) -> None:
    """Raise a SettingError when a plan was written for another horizon."""
    if settings.horizon not in (None, horizon):
        raise SettingError(
            f"horizon is {settings.horizon} days in the plan, but the forecast has {horizon}",
            fix=f"set horizon = {horizon}, leave it out, or forecast {settings.horizon} days",
        )


def _thinned(forecast: Forecast, past: Past) -> Forecast:
    """Return the forecast with fewer paths where all hours of all paths would be too many."""
    columns = views_by_hour(forecast.paths[:1, 0], past.shares).shape[2]
    count = max(MOST_HOURS // (forecast.horizon * columns), LEAST_PATHS)
    return (
        forecast
        if count >= len(forecast.paths)
        else replace(forecast, paths=forecast.paths[:count])
    )


def _outlook(future: Future, past: Past, forecast: Forecast) -> Outlook:
    """Return what a future asks for."""
    settings, terms = past.settings, Terms.of(past.settings)
    load = past.load_of(future)
    rules = compare_rules(load, terms, choices(load, terms, past.last_month(forecast.horizon)))
    throttled = _throttled(future, past)
    return Outlook(
        views=amount(future.views.sum(axis=1) - throttled),
        turned_away=amount(future.capped + throttled),
        critical_level=1.0 - settings.prices.reserved / settings.prices.on_demand,
        rules=rules,
        curve=cost_curve(load, terms, rules),
        units=sufficient_units(load.busiest),
        peak_units=sufficient_units(load.busiest.max(axis=1)),
        overload=overload(
            load,
            terms,
            rules[0].commitment,
            forecast.axis,
            settings.commitment.lead_time_days,
        ),
        future=future,
    )


def _origin(forecast: Forecast) -> dict[str, Any]:
    """Say which forecast a plan rests on."""
    axis = forecast.panel.axis
    return {
        "seed": forecast.seed,
        "model": forecast.report.model,
        "last_day": axis.label(axis.stop - 1),
        "inputs": [{"name": s.name, "sha256": s.sha256} for s in forecast.panel.sources],
    }


def _throttled(future: Future, past: Past) -> Any:
    """Return the views of the horizon that throttles turn away, shape ``(P,)``."""
    if future.throttle is None:
        return 0.0 * future.capped
    by_hour = views_by_hour(future.views, past.shares, future.throttle)
    let_in = by_hour.sum(axis=(1, 2)) * (HOURS // by_hour.shape[2])
    return (future.views.sum(axis=1) - let_in).clip(min=0.0)
