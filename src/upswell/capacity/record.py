"""A plan as plain data, and as the files that keep it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from upswell._version import __version__
from upswell.capacity.outlook import UNIT_LEVELS, Outlook, Rule
from upswell.capacity.result import Plan
from upswell.capacity.settings import settings_record
from upswell.data import DayAxis
from upswell.store import csv_bytes, json_bytes, versions, write_folder

__all__ = ["PLAN_NAMES", "overload_record", "plan_files", "plan_record", "save_plan"]

PLAN_NAMES = frozenset({"plan.json", "units.csv", "rules.csv"})
"""Names of the files of a plan."""


def plan_record(plan: Plan) -> dict[str, Any]:
    """Return a plan as plain data for JSON: the content of ``plan.json``; money is not rounded."""
    labels = plan.axis.labels()
    return {
        "upswell": __version__,
        "command": "plan",
        "versions": versions(["numpy", "polars", "pydantic"]),
        "horizon": plan.axis.length,
        "forecast_days": [labels[0], labels[-1]],
        "paths": plan.paths,
        "forecast": dict(plan.origin),
        "currency": plan.settings.prices.currency,
        "advice": "base" if plan.scenario is None else "scenario",
        "commitment": plan.commitment,
        "to_reserve": plan.to_reserve,
        "cost": asdict(plan.cost),
        "base": _outlook(plan.base, plan.axis),
        "scenario": None if plan.scenario is None else _outlook(plan.scenario, plan.axis),
        "flags": [asdict(flag) for flag in plan.flags],
        "settings": settings_record(plan.settings),
    }


def _outlook(outlook: Outlook, axis: DayAxis) -> dict[str, Any]:
    curve = outlook.curve
    peaks = zip(UNIT_LEVELS, outlook.peak_units.tolist(), strict=True)
    return {
        "views": asdict(outlook.views),
        "turned_away": asdict(outlook.turned_away),
        "critical_level": outlook.critical_level,
        "rules": [_rule(rule) for rule in outlook.rules],
        "cost_curve": {
            "commitments": curve.commitments.tolist(),
            "expected": curve.expected.tolist(),
            "low": curve.low.tolist(),
            "high": curve.high.tolist(),
        },
        "units": {
            "days": axis.labels(),
            **{
                f"units{level:.0%}"[:-1]: row.tolist()
                for level, row in zip(UNIT_LEVELS, outlook.units, strict=True)
            },
        },
        "peak_units": {f"units{level:.0%}"[:-1]: units for level, units in peaks},
        "overload": overload_record(outlook, axis.label),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "commitment": rule.commitment,
        "cost": asdict(rule.cost),
        "bill": asdict(rule.bill),
        "regret": rule.regret,
        "shortage_hours": rule.shortage_hours,
        "shortage_unit_hours": rule.shortage_unit_hours,
        "on_demand_hours": rule.on_demand_hours,
    }


def overload_record(outlook: Outlook, label: Callable[[int], str]) -> dict[str, Any] | None:
    """Return the risk to run short as plain data; None without a limit.

    Parameters
    ----------
    outlook
        What the plan says.
    label
        How a day is called.
    """
    risk = outlook.overload
    if risk is None:
        return None
    return {
        "capacity": risk.capacity,
        "chance": risk.chance,
        "by_day": risk.by_day.tolist(),
        "first_day": None if risk.first_day is None else label(risk.first_day),
        "order_by": None if risk.order_by is None else label(risk.order_by),
        "too_late": risk.too_late,
    }


def plan_files(plan: Plan) -> dict[str, bytes]:
    """Return the files of a plan by name."""
    return {
        "plan.json": json_bytes(plan_record(plan)),
        "units.csv": csv_bytes(plan.daily("polars")),
        "rules.csv": csv_bytes(plan.rules("polars")),
    }


def save_plan(plan: Plan, directory: str | Path) -> None:
    """Write a plan into a folder, whole or not at all.

    Raises
    ------
    OutputError
        When the folder cannot be written, or holds foreign files.
    """
    with write_folder(directory, PLAN_NAMES) as folder:
        for name, content in plan_files(plan).items():
            folder.write(name, content)
