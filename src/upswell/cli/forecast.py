"""The command ``upswell forecast``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._clock import Clock
from upswell.cli._known import check_known, show_known
from upswell.cli._options import Known, Manner, Pictures, Reading
from upswell.cli._output import check_out
from upswell.cli._pages import check_pictures, picture_files
from upswell.cli._panel import panel_of
from upswell.cli._plans import check_fit, plan_bytes, plan_settings, planned, show_plan
from upswell.cli._show import count, figure, say, table, working
from upswell.cli._words import evidence, tally

if TYPE_CHECKING:
    from upswell.capacity import PlanSettings
    from upswell.forecasting.result import Forecast

__all__ = ["run_forecast"]

MOST_ROWS = 25


def run_forecast(
    inputs: list[str],
    reading: Reading,
    manner: Manner,
    *,
    known: Known,
    horizon: int,
    model: str,
    seed: int,
    with_paths: bool,
    plan: str | None,
    pictures: Pictures,
    out: Path | None,
) -> int:
    """Read, forecast, write and print; return the exit code."""
    from upswell.cli._json import answer_refusals
    from upswell.forecasting.paths import path_forecasters
    from upswell.forecasting.saving import OUTPUT_NAMES

    # What can be known to be wrong before the input is read is said before.
    check_out(out, OUTPUT_NAMES)
    check_pictures(pictures, out)
    path_forecasters([model])
    check_known(known)
    settings = plan_settings(plan)
    with answer_refusals(manner):
        return _answer(
            inputs,
            reading,
            manner,
            known=known,
            horizon=horizon,
            model=model,
            seed=seed,
            with_paths=with_paths,
            settings=settings,
            pictures=pictures,
            out=out,
        )


def _answer(
    inputs: list[str],
    reading: Reading,
    manner: Manner,
    *,
    known: Known,
    with_paths: bool,
    settings: PlanSettings | None,
    pictures: Pictures,
    out: Path | None,
    **options: Any,
) -> int:
    from upswell.api import forecast
    from upswell.forecasting.saving import forecast_record, save_forecast

    clock = Clock()
    panel = panel_of(inputs, reading, manner, known=known, horizon=options["horizon"], out=out)
    clock.lap("read")
    if settings is not None:
        check_fit(settings, panel, options["horizon"])
    with working("Forecasting", manner.talks) as progress:
        result = forecast(panel, progress=progress, **options)
    clock.lap("forecast")
    plan = None if settings is None else planned(result, settings)
    if plan is not None:
        clock.lap("plan")
    if out is not None:
        keep = with_paths or plan is not None
        with working("Drawing", manner.talks):
            files = {**plan_bytes(plan), **picture_files(result, plan, pictures)}
        record = save_forecast(result, out, paths=keep, timings=clock.laps, beside=files)
    else:
        record = forecast_record(result, clock.laps)
    if manner.as_json:
        from upswell.cli._json import print_json

        more = {} if plan is None else {"plan": plan.record()}
        print_json({**record, "totals": result.totals("polars").to_dicts(), **more})
    elif manner.talks:
        _show(result, record)
        if plan is not None:
            show_plan(plan)
        if out is not None:
            say(f"Written to {out}")
    return 0


def _show(result: Forecast, record: dict[str, Any]) -> None:
    """Print the answer as a manager would read it aloud."""
    low, middle, high = (figure(value) for value in result.range_of())
    first, last = record["forecast_days"]
    days = (
        f"the next day ({first}) brings"
        if result.horizon == 1
        else f"the next {result.horizon} days ({first} to {last}) bring"
    )
    say()
    say(
        f"80 times in 100 {days} between {low} and {high} in total; "
        f"half the time more than {middle}."
    )
    if result.horizon > 1:
        _, peak, high_peak = result.range_of(quantity="peak")
        say(f"The largest day: {figure(peak)}; 1 time in 10 more than {figure(high_peak)}.")
    model = record["model"]
    say(f"Forecaster: {model['chosen']} ({model['why']}).")
    calibration = record["calibration"]
    known = evidence(
        model["windows"], calibration["effective_windows"], calibration["supported_level"]
    )
    say(f"Evidence: {known}.")
    show_known(record["occasions"])
    for code, reason in zip(record["codes"], record["reasons"], strict=True):
        say(f"Note ({code}): {reason}.")
    _show_series(result)
    series = record["series"]
    if any(row["status"] != "ok" for row in series):
        standings = tally((row["status"], row["codes"]) for row in series)
        say(f"Of {count(len(series), 'series', 'series')}: {standings}.")


def _show_series(result: Forecast) -> None:
    """Print sums by series: the total, the categories, the largest creators."""
    sums = result.of("sum")
    middle = [float(value) for value in _median(sums)]
    first = result.tree.first_leaf
    creators = sorted(range(first, result.tree.size), key=lambda node: -middle[node])
    shown = [*range(first), *creators][:MOST_ROWS]
    rows = []
    for node in shown:
        figures = [figure(value) for value in result.range_of(node)]
        standing = result.report.standings[node]
        codes = f" ({', '.join(standing.codes)})" if standing.codes else ""
        name, level = result.tree.names[node], result.tree.levels[node]
        rows.append([name, level, f"{standing.status}{codes}", *figures])
    say()
    say(f"Sums over {count(result.horizon, 'day')}; 8 times in 10 between the columns 10% and 90%:")
    table(["series", "level", "status", "10%", "median", "90%"], rows, left=3)
    more = result.tree.size + len(result.report.absent) - len(shown)
    if more > 0:
        say(f"and {more:,} more series; forecast.csv and totals.csv under --out hold all of them")


def _median(sums: Any) -> Any:
    import numpy as np

    return np.median(sums, axis=0)
