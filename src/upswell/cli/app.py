"""The commands and their options; each command's work stands in a module of its own."""

from __future__ import annotations

import typer

from upswell.cli import _options as o
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
simulate = typer.Typer(help="Write worlds with known truth.", no_args_is_help=True)
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
    model: o.Model = "lstm-pretrained",
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


@app.command()
def train(
    inputs: o.Inputs,
    out: o.BundleOut,
    from_scratch: o.FromScratch = False,
    layers: o.Layers = 2,
    units: o.Units = 50,
    dropout: o.Dropout = 0.2,
    sequence_length: o.SequenceLength = 10,
    learning_rate: o.LearningRate = 0.001,
    batch_size: o.BatchSize = 4,
    epochs: o.Epochs = 50,
    patience: o.Patience = 10,
    strategy: o.Strategy = "recursive",
    device: o.Device = "auto",
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
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Adapt the LSTM to a panel, or train one, and keep a bundle."""
    from upswell.cli.train import TrainRun, run_train

    reading = o.Reading(
        time, item, value, group, start_date, cumulative, on_duplicate, missing, timezone
    )
    settings = {
        "layers": layers,
        "units": units,
        "dropout": dropout,
        "sequence_length": sequence_length,
        "learning_rate": learning_rate,
        "batch_size": batch_size,
        "epochs": epochs,
        "patience": patience,
        "strategy": strategy,
        "device": device,
    }
    manner = o.Manner(as_json=as_json, quiet=quiet)
    run = TrainRun(inputs, reading, manner, horizon, seed, out, o.Known(holidays, events))
    return run_train(run, settings, from_scratch=from_scratch)


@app.command()
def pretrain(
    out: o.WeightsOut = o.WEIGHTS_OUT,
    minutes: o.Minutes = None,
    steps: o.Steps = None,
    device: o.Device = "auto",
    resume: o.ResumePretraining = False,
    units: o.Units = 256,
    layers: o.Layers = 3,
    batch_size: o.ExamplesAStep = 256,
    learning_rate: o.LearningRate = 0.002,
    float32: o.Float32 = False,
    threads: o.Threads = None,
    workers: o.Workers = None,
    seed: o.Seed = 0,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Teach an LSTM simulated audiences, and write its weights."""
    from upswell.cli.pretrain import run_pretrain

    settings = {
        "minutes": minutes,
        "steps": steps,
        "device": device,
        "units": units,
        "layers": layers,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "bfloat16": not float32,
        "threads": threads,
        "workers": workers,
        "seed": seed,
    }
    return run_pretrain(o.Manner(as_json=as_json, quiet=quiet), settings, resume=resume, out=out)


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


@simulate.command("creators")
def simulate_creators(
    out: o.SimulationOut,
    creators: o.Creators = 12,
    days: o.Days = 120,
    seed: o.Seed = 0,
    quiet: o.Quiet = False,
) -> int:
    """Write daily views of simulated creators to CSV or Parquet."""
    from upswell.cli.simulate import run_simulate_creators

    return run_simulate_creators(creators=creators, days=days, seed=seed, out=out, quiet=quiet)


@simulate.command("releases")
def simulate_releases(
    out: o.WorldOut,
    releases: o.Releases = 3000,
    rows: o.Rows = None,
    seed: o.Seed = 0,
    table_format: o.TableFormat = "parquet",
    quiet: o.Quiet = False,
) -> int:
    """Write a world of releases: signals, streams, settings and the truth."""
    from upswell.cli.simulate import run_simulate_releases

    return run_simulate_releases(
        releases=releases, rows=rows, seed=seed, out=out, table_format=table_format, quiet=quiet
    )
