"""From views to units to money: the commitment, its cost and the risk of running short."""

from upswell.capacity._settings import PlanSettings
from upswell.capacity.planning import plan_capacity
from upswell.capacity.result import (
    RULES,
    UNIT_LEVELS,
    Amount,
    Bill,
    CostCurve,
    Flag,
    Outlook,
    Overload,
    Plan,
    Rule,
)
from upswell.capacity.settings import load_plan, settings_record

__all__ = [
    "RULES",
    "UNIT_LEVELS",
    "Amount",
    "Bill",
    "CostCurve",
    "Flag",
    "Outlook",
    "Overload",
    "Plan",
    "PlanSettings",
    "Rule",
    "load_plan",
    "plan_capacity",
    "settings_record",
]
