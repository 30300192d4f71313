"""The commands that teach a network, and their options."""

from __future__ import annotations

from upswell.cli import _options as o

__all__ = ["pretrain", "train"]


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
