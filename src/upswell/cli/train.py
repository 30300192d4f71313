"""The command ``upswell train``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._ledger import show_ledger
from upswell.cli._options import Manner, Reading
from upswell.cli._output import check_bundle
from upswell.cli._show import count, figure, say, show_panel, table, working

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
    from upswell.forecasting.lstm import LstmSettings, load_lstm
    from upswell.forecasting.saving import training_record

    chosen = LstmSettings(**settings)
    check_bundle(out, load_lstm)
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
        f"Judged on the last {count(report.test_days, 'day')} by a network taught by the "
        f"{count(report.train_days, 'day')} before them: {count(record.epochs, 'epoch')}, "
        f"best {record.best_epoch}."
    )
    tasks = {"one-step": "one step", "horizon": f"{count(report.test_days, 'day')} ahead"}
    for part in dict.fromkeys(line.part for line in report.lines):
        for task, words in tasks.items():
            lines = [x for x in report.lines if (x.part, x.task) == (part, task)]
            say(f"{part.capitalize()}, {words}, in views:")
            rows = [
                (
                    line.scope,
                    *_beside(line.mse, line.naive_mse),
                    *_beside(line.mae, line.naive_mae),
                    *_beside(line.rmse, line.naive_rmse),
                )
                for line in lines
            ]
            table(["series", "MSE", "naive", "MAE", "naive", "RMSE", "naive"], rows)
    say("naive: seasonal naive on the same days; * marks what is worse than it.")
    for note in report.notes:
        say(f"Note: {note}")
    say(f"The bundle, taught by all days, is written to {out}")


def _beside(own: float, naive: float) -> tuple[str, str]:
    """Return a figure and seasonal naive's, marked where the latter is better."""
    return f"{_short(own)}{'*' if own > naive else ''}", _short(naive)


def _short(value: float) -> str:
    return f"{value:.3g}" if abs(value) >= 1e9 else figure(value)
