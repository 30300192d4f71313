"""Pictures of a plan: its cost, its units by day and its risk, drawn by `upswell.charts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upswell.capacity.outlook import UNIT_LEVELS
from upswell.charts import (
    LIGHT,
    CostCurve,
    Days,
    Palette,
    cost_chart,
    overload_chart,
    units_chart,
)
from upswell.errors import SettingError

if TYPE_CHECKING:
    import altair as alt

    from upswell.capacity.result import Plan

__all__ = ["draw_cost", "draw_overload", "draw_plan", "draw_units"]


def draw_plan(plan: Plan, kind: str) -> alt.TopLevelMixin:
    """Draw one picture of a plan: ``cost``, ``units`` or ``overload``.

    Raises
    ------
    SettingError
        When the kind is another, or there is no such picture of this plan.
    """
    if kind == "cost":
        return draw_cost(plan)
    if kind == "units":
        return draw_units(plan)
    if kind != "overload":
        raise SettingError(f"no picture {kind!r} of a plan", fix="use cost, units or overload")
    drawn = draw_overload(plan)
    if drawn is None:
        raise SettingError(
            "the plan has no chance of overload: nothing limits the capacity",
            fix="set [limit] units in the plan",
        )
    return drawn


def draw_cost(plan: Plan, palette: Palette = LIGHT) -> alt.TopLevelMixin:
    """Draw what each commitment costs, with the rules that can be followed."""
    outlook = plan.outlook
    rules = {r.name: (r.commitment, r.cost.expected) for r in outlook.rules if not r.is_bound}
    curve = CostCurve(
        units=outlook.curve.commitments.astype(float),
        expected=outlook.curve.expected,
        low=outlook.curve.low,
        high=outlook.curve.high,
        rules=rules,
        currency=plan.settings.prices.currency,
    )
    return cost_chart(curve, palette=palette)


def draw_overload(plan: Plan, palette: Palette = LIGHT) -> alt.TopLevelMixin | None:
    """Draw the chance of each day to run short; None where nothing limits the capacity."""
    risk = plan.outlook.overload
    return None if risk is None else overload_chart(_days(plan), risk.by_day, palette=palette)


def draw_units(plan: Plan, palette: Palette = LIGHT) -> alt.TopLevelMixin:
    """Draw the units that the busiest hour of each day needs, beside commitment and capacity."""
    outlook = plan.outlook
    needed = {level: outlook.units[k].astype(float) for k, level in enumerate(UNIT_LEVELS)}
    marks = {"commitment": float(outlook.best.commitment)}
    if outlook.overload is not None:
        marks["capacity"] = float(outlook.overload.capacity)
    return units_chart(_days(plan), needed, marks, palette=palette)


def _days(plan: Plan) -> Days:
    return Days.of(plan.axis.numbers(), calendar=plan.axis.calendar)
