"""From views to units to money: the commitment, its cost and the risk of running short."""

from upswell.capacity._settings import PlanSettings
from upswell.capacity.hindsight import Hindsight, KeptPlan, look_back, overlaid_views, read_plan
from upswell.capacity.outlook import (
    RULES,
    UNIT_LEVELS,
    Amount,
    Bill,
    CostCurve,
    Future,
    Outlook,
    Overload,
    Rule,
)
from upswell.capacity.planning import check_horizon, check_plan, plan_capacity
from upswell.capacity.record import PLAN_NAMES, overload_record, plan_files, plan_record, save_plan
from upswell.capacity.result import Flag, Plan
from upswell.capacity.settings import load_plan, settings_record

__all__ = [
    "PLAN_NAMES",
    "RULES",
    "UNIT_LEVELS",
    "Amount",
    "Bill",
    "CostCurve",
    "Flag",
    "Future",
    "Hindsight",
    "KeptPlan",
    "Outlook",
    "Overload",
    "Plan",
    "PlanSettings",
    "Rule",
    "check_horizon",
    "check_plan",
    "load_plan",
    "look_back",
    "overlaid_views",
    "overload_record",
    "plan_capacity",
    "plan_files",
    "plan_record",
    "read_plan",
    "save_plan",
    "settings_record",
]
