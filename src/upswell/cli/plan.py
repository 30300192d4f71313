"""The command ``upswell plan``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from upswell.cli._options import Manner, Pictures
from upswell.cli._output import check_out
from upswell.cli._pages import picture_files
from upswell.cli._plans import show_plan
from upswell.cli._show import say, working

__all__ = ["run_plan"]


def run_plan(
    folder: str, plan: str, manner: Manner, pictures: Pictures, *, out: Path | None
) -> int:
    """Read a forecast and a plan, compute, write and print; return the exit code.

    Without a folder of its own the plan goes into that of the forecast.
    """
    from upswell.capacity import PLAN_NAMES, load_plan, plan_capacity, plan_files, plan_record
    from upswell.forecasting.loading import read_forecast
    from upswell.forecasting.saving import OUTPUT_NAMES
    from upswell.report import PICTURE_NAMES
    from upswell.store import write_folder

    home, owned = Path(folder), PLAN_NAMES | PICTURE_NAMES
    if out is not None and out.exists() and out.resolve() == home.resolve():
        out = None
    settings = load_plan(plan)
    if out is not None:
        check_out(out, owned)
    with working("Reading", manner.talks):
        forecast = read_forecast(folder)
    if out is None:
        owned = OUTPUT_NAMES
        check_out(home, owned)
        # The charts of the plan before would be wrong beside the new one.
        pictures = replace(pictures, png=pictures.png or any(home.glob("*.png")))
    with working("Planning", manner.talks):
        found = plan_capacity(forecast, settings)
    with working("Drawing", manner.talks):
        files = {**plan_files(found), **picture_files(forecast, found, pictures)}
    target = home if out is None else out
    with write_folder(target, owned) as writer:
        for name in owned - PLAN_NAMES - PICTURE_NAMES:
            writer.keep(name)
        for name, content in files.items():
            writer.write(name, content)
    if manner.as_json:
        from upswell.cli._json import print_json

        print_json(plan_record(found))
    elif manner.talks:
        show_plan(found)
        say(f"Written to {target}")
    return 0
