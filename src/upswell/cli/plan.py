"""The command ``upswell plan``."""

from __future__ import annotations

from pathlib import Path

from upswell.cli._options import Manner
from upswell.cli._output import check_out
from upswell.cli._plans import show_plan
from upswell.cli._show import say, working

__all__ = ["run_plan"]


def run_plan(folder: str, plan: str, manner: Manner, *, out: Path | None) -> int:
    """Read a forecast and a plan, compute, write and print; return the exit code."""
    from upswell.capacity import PLAN_NAMES, load_plan, plan_capacity, plan_record, save_plan
    from upswell.forecasting.loading import read_forecast

    settings = load_plan(plan)
    check_out(out, PLAN_NAMES)
    with working("Reading", manner.talks):
        forecast = read_forecast(folder)
    with working("Planning", manner.talks):
        found = plan_capacity(forecast, settings)
    if out is not None:
        save_plan(found, out)
    if manner.as_json:
        from upswell.cli._json import print_json

        print_json(plan_record(found))
    elif manner.talks:
        show_plan(found)
        if out is not None:
            say(f"Written to {out}")
    return 0
