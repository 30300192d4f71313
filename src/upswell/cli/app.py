"""The commands and their options; each command's work stands in a module of its own."""

from __future__ import annotations

import typer

from upswell.cli import _options as o
from upswell.cli._teaching import pretrain, train
from upswell.cli._worlds import simulate
from upswell.cli.releases.app import releases

__all__ = ["app"]

app = typer.Typer(
    name="upswell",
    help="Sees audience demand coming: daily counts into forecasts with honest ranges.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(simulate, name="simulate")
app.add_typer(releases, name="releases")


@app.callback()
def root(version: o.Version = False) -> None:
    """Sees audience demand coming: daily counts into forecasts with honest ranges."""


@app.command()
def forecast(
    inputs: o.Inputs,
    horizon: o.Horizon = 30,
    time: o.Time = None,
    item: o.Item = None,
    value: o.Value = None,
    group: o.Group = None,
    start_date: o.StartDate = None,
    cumulative: o.Cumulative = None,
    on_duplicate: o.OnDuplicate = "error",
    missing: o.Missing = "gap",
    timezone: o.Timezone = None,
    model: o.Model = "auto",
    holidays: o.Holidays = None,
    events: o.Events = None,
    seed: o.Seed = 0,
    paths: o.Paths = False,
    plan: o.Plan = None,
    report: o.Report = False,
    png: o.Png = False,
    out: o.Out = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Forecast the next days, with honest ranges."""
    from upswell.cli.forecast import run_forecast

    reading = o.Reading(
        time, item, value, group, start_date, cumulative, on_duplicate, missing, timezone
    )
    manner = o.Manner(as_json=as_json, quiet=quiet)
    return run_forecast(
        inputs,
        reading,
        manner,
        known=o.Known(holidays, events),
        horizon=horizon,
        model=model,
        seed=seed,
        with_paths=paths,
        plan=plan,
        pictures=o.Pictures(page=report, png=png),
        out=out,
    )


@app.command()
def plan(
    folder: o.ForecastFolder,
    plan: o.PlanFile,
    out: o.Out = None,
    example: o.Example = False,  # noqa: ARG001 - answered before the command runs
    png: o.Png = False,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Plan capacity and cost from a saved forecast."""
    from upswell.cli.plan import run_plan

    pictures = o.Pictures(page=True, png=png)
    return run_plan(folder, plan, o.Manner(as_json=as_json, quiet=quiet), pictures, out=out)


@app.command()
def backtest(
    inputs: o.Inputs,
    windows: o.Windows = 5,
    models: o.Models = None,
    plan: o.Plan = None,
    horizon: o.Horizon = 30,
    time: o.Time = None,
    item: o.Item = None,
    value: o.Value = None,
    group: o.Group = None,
    start_date: o.StartDate = None,
    cumulative: o.Cumulative = None,
    on_duplicate: o.OnDuplicate = "error",
    missing: o.Missing = "gap",
    timezone: o.Timezone = None,
    holidays: o.Holidays = None,
    events: o.Events = None,
    seed: o.Seed = 0,
    out: o.Out = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Score forecasters at earlier cutoffs, beside seasonal naive."""
    from upswell.cli.backtest import run_backtest

    reading = o.Reading(
        time, item, value, group, start_date, cumulative, on_duplicate, missing, timezone
    )
    manner = o.Manner(as_json=as_json, quiet=quiet)
    return run_backtest(
        inputs,
        reading,
        manner,
        known=o.Known(holidays, events),
        horizon=horizon,
        windows=windows,
        models=models,
        plan=plan,
        seed=seed,
        out=out,
    )


@app.command()
def compare(
    old: o.OldForecast,
    new: o.NewForecast,
    out: o.Out = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Say what changed since an older forecast, and how good it was."""
    from upswell.cli.compare import run_compare

    return run_compare(old, new, o.Manner(as_json=as_json, quiet=quiet), out=out)


@app.command()
def explain(
    inputs: o.Inputs,
    horizon: o.Horizon = 30,
    model: o.Model = "auto",
    series: o.Series = None,
    without_burst: o.WithoutBurst = None,
    time: o.Time = None,
    item: o.Item = None,
    value: o.Value = None,
    group: o.Group = None,
    start_date: o.StartDate = None,
    cumulative: o.Cumulative = None,
    on_duplicate: o.OnDuplicate = "error",
    missing: o.Missing = "gap",
    timezone: o.Timezone = None,
    holidays: o.Holidays = None,
    events: o.Events = None,
    seed: o.Seed = 0,
    png: o.Png = False,
    out: o.Out = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Say what a forecast rests on, and what if that were not."""
    from upswell.cli.explain import run_explain

    reading = o.Reading(
        time, item, value, group, start_date, cumulative, on_duplicate, missing, timezone
    )
    return run_explain(
        inputs,
        reading,
        o.Manner(as_json=as_json, quiet=quiet),
        horizon=horizon,
        model=model,
        series=series,
        without_burst=without_burst,
        seed=seed,
        png=png,
        out=out,
        known=o.Known(holidays, events),
    )


app.command()(train)
app.command()(pretrain)


@app.command()
def check(
    inputs: o.Inputs,
    horizon: o.Horizon = 30,
    time: o.Time = None,
    item: o.Item = None,
    value: o.Value = None,
    group: o.Group = None,
    start_date: o.StartDate = None,
    cumulative: o.Cumulative = None,
    on_duplicate: o.OnDuplicate = "error",
    missing: o.Missing = "gap",
    timezone: o.Timezone = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Read and check the input; change nothing."""
    from upswell.cli.check import run_check

    reading = o.Reading(
        time, item, value, group, start_date, cumulative, on_duplicate, missing, timezone
    )
    return run_check(inputs, reading, o.Manner(as_json=as_json, quiet=quiet), horizon=horizon)
