"""The command ``upswell plan``."""

from __future__ import annotations

from pathlib import Path

from upswell.cli._options import Manner, Pictures
from upswell.cli._output import check_out
from upswell.cli._pages import check_pictures, picture_files
from upswell.cli._plans import show_plan
from upswell.cli._show import say, working

__all__ = ["run_plan"]


def run_plan(
    folder: str, plan: str, manner: Manner, pictures: Pictures, *, out: Path | None
) -> int:
    """Read a forecast and a plan, compute, write and print; return the exit code."""
    from upswell.capacity import PLAN_NAMES, load_plan, plan_capacity, plan_files, plan_record
    from upswell.forecasting.loading import read_forecast
    from upswell.report import PICTURE_NAMES
    from upswell.store import write_folder

    owned = PLAN_NAMES | PICTURE_NAMES
    settings = load_plan(plan)
    check_out(out, owned)
    check_pictures(Pictures(page=False, png=pictures.png), out)
    with working("Reading", manner.talks):
        forecast = read_forecast(folder)
    with working("Planning", manner.talks):
        found = plan_capacity(forecast, settings)
    if out is not None:
        with working("Drawing", manner.talks):
            files = {**plan_files(found), **picture_files(forecast, found, pictures)}
        with write_folder(out, owned) as target:
            for name, content in files.items():
                target.write(name, content)
    if manner.as_json:
        from upswell.cli._json import print_json

        print_json(plan_record(found))
    elif manner.talks:
        show_plan(found)
        if out is not None:
            say(f"Written to {out}")
    return 0
