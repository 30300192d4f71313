"""The command ``upswell train``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._ledger import show_ledger
from upswell.cli._options import Manner, Reading
from upswell.cli._show import figure, say, show_panel, table, working

if TYPE_CHECKING:
    from upswell.forecasting.lstm import EpochReport
    from upswell.forecasting.training import TrainedPanel

__all__ = ["run_train"]


def run_train(
    inputs: list[str],
    reading: Reading,
    manner: Manner,
    settings: dict[str, Any],
    *,
    horizon: int,
    seed: int,
    out: Path,
) -> int:
    """Read, train, keep and print; return the exit code."""
    from upswell.api import read_panel, train
    from upswell.cli._json import answer_refusals, print_json
    from upswell.forecasting.lstm import LstmSettings
    from upswell.forecasting.saving import training_record

    chosen = LstmSettings(**settings)
    with answer_refusals(manner):
        panel = read_panel(inputs, **reading.options())
        if manner.talks:
            show_panel(panel)
            show_ledger(panel)
        with working("Training", manner.talks) as progress:

            def after_epoch(report: EpochReport) -> None:
                loss = f"validation loss {report.validation_loss:.4f}"
                progress(f"epoch {report.epoch} of {report.epochs}, {loss}")

            taught = train(panel, horizon=horizon, settings=chosen, seed=seed, progress=after_epoch)
    taught.save(out)
    if manner.as_json:
        print_json(training_record(taught, seed, out))
    elif manner.talks:
        _show(taught, out)
    return 0


def _show(taught: TrainedPanel, out: Path) -> None:
    report = taught.report
    record = report.trained.record
    say()
    say(
        f"Judged on the last {report.test_days} days by a network taught by the "
        f"{report.train_days} days before them: {record.epochs - 1} epochs, "
        f"best {record.best_epoch}."
    )
    rows = [
        [line.part, line.task, line.scope]
        + [figure(v) for v in (line.mse, line.naive_mse, line.mae, line.naive_mae)]
        + [figure(v) for v in (line.rmse, line.naive_rmse)]
        + [", ".join(line.worse_than_naive)]
        for line in report.lines
    ]
    header = ["part", "task", "series", "MSE", "naive", "MAE", "naive", "RMSE", "naive"]
    table([*header, "worse than naive in"], rows, left=3)
    for note in report.notes:
        say(f"Note: {note}")
    say(f"The bundle, taught by all days, is written to {out}")
