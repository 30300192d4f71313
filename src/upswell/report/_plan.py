"""The plan in the page: what to commit to, what it costs, the risk, and what the sliders need."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from upswell.capacity import UNIT_LEVELS, overload_record, settings_record

if TYPE_CHECKING:
    from upswell.capacity import Plan

__all__ = ["plan_context", "slider_data", "sliders"]


def plan_context(plan: Plan) -> dict[str, Any]:
    """Return a plan for the template."""
    outlook = plan.outlook
    return {
        "paths": plan.paths,
        "currency": plan.settings.prices.currency,
        "existing": plan.settings.commitment.existing,
        "to_reserve": plan.to_reserve,
        "best": outlook.best,
        "views": outlook.views,
        "turned_away": outlook.turned_away,
        "rules": outlook.rules,
        "base": None if plan.scenario is None else plan.base,
        "overlays": [overlay.name for overlay in plan.settings.overlays],
        "overlay_rows": [
            f"{o.name}: {o.kind} from {o.first} to {o.last}" for o in plan.settings.overlays
        ],
        "flags": plan.flags,
        "risk": overload_record(outlook, partial(_day, plan)),
        "levels": [f"{level:.0%}" for level in UNIT_LEVELS],
        "peak_units": outlook.peak_units.tolist(),
        "units": [
            {"day": day, "units": units}
            for day, units in zip(plan.axis.labels(), outlook.units.T.tolist(), strict=True)
        ],
        "sliders": sliders(plan),
        "settings": settings_record(plan.settings),
    }


def _day(plan: Plan, number: int) -> str:
    return plan.axis.label(number) if plan.axis.calendar else f"day {number}"


def sliders(plan: Plan) -> list[dict[str, Any]]:
    """Return the sliders of a plan: what they are called, where they stand and how far they go.

    Returns
    -------
    list of dict
        Keys ``name, label, value, low, high, step, style``; `name` is that of the setting.
    """
    prices, unit, limit = plan.settings.prices, plan.settings.unit, plan.settings.limit
    tiers = ", tiers move along" if prices.tiers else ""
    dearest = 2 * prices.on_demand
    if prices.shortage is not None:
        dearest = min(dearest, prices.shortage)
    found = [
        _price("reserved", f"Reserved price of a unit-hour{tiers}", prices.reserved),
        _price("on_demand", "On-demand price of a unit-hour", prices.on_demand) | {"high": dearest},
        {
            "name": "headroom",
            "label": "Headroom above the demand",
            "value": unit.headroom,
            "low": 0.0,
            "high": max(1.0, 2 * unit.headroom),
            "step": "any",
            "style": "percent",
        },
    ]
    if limit is not None and limit.units is not None:
        found.append(
            {
                "name": "limit",
                "label": "Limit of units that can run at once",
                "value": limit.units,
                "low": max(plan.settings.commitment.existing, limit.units // 2, 1),
                "high": 2 * limit.units,
                "step": "1",
                "style": "whole",
            }
        )
    return found


def _price(name: str, label: str, value: float) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "value": value,
        "low": value / 5,
        "high": 2 * value,
        "step": "any",
        "style": "price",
    }


def slider_data(plan: Plan) -> dict[str, Any]:
    """Return what the sliders compute with: quantiles of the paths, and the plan's settings.

    `exact` is what Python found from the paths themselves; it stands while no slider is moved.
    """
    whole = plan.slider_data()
    best, risk = plan.outlook.best, plan.outlook.overload
    month = next(rule for rule in plan.outlook.rules if rule.name == "same-as-last-month")
    return {
        "hourly": whole["hourly_views"],
        "peaks": whole["peak_views"],
        "hours": whole["hours"],
        "settings": whole["settings"],
        "last_month": month.commitment,
        "exact": {
            "commitment": best.commitment,
            "cost": best.cost.expected,
            "chance": None if risk is None else risk.chance,
        },
    }
