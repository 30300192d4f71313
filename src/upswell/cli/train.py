"""The command ``upswell train``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from upswell.cli._known import check_known
from upswell.cli._options import Known, Manner, Reading
from upswell.cli._output import check_bundle
from upswell.cli._panel import panel_of
from upswell.cli._show import count, figure, say, table, working

if TYPE_CHECKING:
    from upswell.data import Panel
    from upswell.forecasting.adaptation import AdaptedPanel
    from upswell.forecasting.lstm import EpochReport, LstmSettings
    from upswell.forecasting.lstm.adapting import StepReport
    from upswell.forecasting.lstm.adapting.evaluation import AdaptationLine
    from upswell.forecasting.lstm.evaluation import ErrorLine
    from upswell.forecasting.training import TrainedPanel

__all__ = ["TrainRun", "run_train"]

_Line = TypeVar("_Line", bound="ErrorLine | AdaptationLine")


@dataclass(frozen=True)
class TrainRun:
    """What is read, how far ahead, and where the bundle goes."""

    inputs: list[str]
    reading: Reading
    manner: Manner
    horizon: int
    seed: int
    out: Path
    known: Known

    def panel(self) -> Panel:
        """Read the panel and what is known beforehand, and show it where the command talks."""
        check_known(self.known)
        return panel_of(
            self.inputs,
            self.reading,
            self.manner,
            known=self.known,
            horizon=self.horizon,
            out=None,
        )


def run_train(run: TrainRun, settings: dict[str, Any], *, from_scratch: bool) -> int:
    """Read, adapt or train, keep and print; return the exit code."""
    from upswell.forecasting.lstm import LstmSettings, load_bundled

    chosen = LstmSettings(**settings)
    if not from_scratch:
        _check_alone(chosen)
    check_bundle(run.out, load_bundled)
    if from_scratch:
        return _train(run, chosen)
    return _adapt(run, chosen.device)


def _check_alone(settings: LstmSettings) -> None:
    """Raise when an option was given that only a network from scratch has."""
    from upswell.errors import SettingError
    from upswell.forecasting.lstm import LstmSettings

    default = asdict(LstmSettings())
    given = [n for n, v in asdict(settings).items() if v != default[n] and n != "device"]
    if given:
        raise SettingError(
            f"--{given[0].replace('_', '-')} is of a network that is trained from scratch",
            fix="add --from-scratch, or leave it out to adapt the network that is shipped",
        )


def _adapt(run: TrainRun, device: str) -> int:
    from upswell.api import train
    from upswell.cli._json import answer_refusals, print_json
    from upswell.forecasting.lstm.adapting import AdaptingSettings
    from upswell.forecasting.training_records import adaptation_record

    settings = AdaptingSettings(device=device)
    with answer_refusals(run.manner):
        panel = run.panel()
        with working("Adapting", run.manner.talks) as progress:

            def after_step(report: StepReport) -> None:
                progress(f"step {report.step} of {report.steps}, loss {report.loss:.4f}")

            adapted = train(
                panel, horizon=run.horizon, settings=settings, seed=run.seed, progress=after_step
            )
    adapted.save(run.out)
    if run.manner.as_json:
        print_json(adaptation_record(adapted, run.seed, run.out))
    elif run.manner.talks:
        _show_adapted(adapted, run.out)
    return 0


def _train(run: TrainRun, settings: LstmSettings) -> int:
    from upswell.api import train
    from upswell.cli._json import answer_refusals, print_json
    from upswell.forecasting.training_records import training_record

    with answer_refusals(run.manner):
        panel = run.panel()
        with working("Training", run.manner.talks) as progress:

            def after_epoch(report: EpochReport) -> None:
                loss = f"validation loss {report.validation_loss:.4f}"
                progress(f"epoch {report.epoch} of {report.epochs}, {loss}")

            taught = train(
                panel,
                horizon=run.horizon,
                settings=settings,
                from_scratch=True,
                seed=run.seed,
                progress=after_epoch,
            )
    taught.save(run.out)
    if run.manner.as_json:
        print_json(training_record(taught, run.seed, run.out))
    elif run.manner.talks:
        if panel.occasions is not None:
            say("Note: a network from scratch reads neither days off nor announced events")
        _show(taught, run.out)
    return 0


def _show_adapted(adapted: AdaptedPanel, out: Path) -> None:
    report = adapted.report
    say()
    say(f"{report.why[0].upper()}{report.why[1:]}.")
    say(
        f"Judged on the last {count(report.test_days, 'day')}, which neither taught nor chose; "
        f"{count(report.train_days, 'day')} before them did."
    )
    _show_errors(
        report.lines,
        report.test_days,
        ("zero", "naive"),
        lambda line: (
            *_three(line.mse, line.zero_shot_mse, line.naive_mse),
            *_three(line.mae, line.zero_shot_mae, line.naive_mae),
            *_three(line.rmse, line.zero_shot_rmse, line.naive_rmse),
        ),
    )
    say("zero: the shipped weights as they are; naive: seasonal naive; * marks worse than it.")
    for note in report.notes:
        say(f"Note: {note}")
    say(f"The bundle is written to {out}")


def _three(own: float, zero_shot: float, naive: float) -> tuple[str, str, str]:
    return (*_beside(own, naive)[:1], _short(zero_shot), _short(naive))


def _show_errors(
    lines: Sequence[_Line],
    test_days: int,
    neighbours: tuple[str, ...],
    figures: Callable[[_Line], tuple[str, ...]],
) -> None:
    """Print a table for each part of the days and each task: figures beside the neighbours'."""
    heads = [head for name in ("MSE", "MAE", "RMSE") for head in (name, *neighbours)]
    tasks = {"one-step": "one step", "horizon": f"{count(test_days, 'day')} ahead"}
    for part in dict.fromkeys(line.part for line in lines):
        for task, words in tasks.items():
            say(f"{part.capitalize()}, {words}, in views:")
            own = [line for line in lines if (line.part, line.task) == (part, task)]
            table(["series", *heads], [(line.scope, *figures(line)) for line in own])


def _show(taught: TrainedPanel, out: Path) -> None:
    report = taught.report
    record = report.trained.record
    say()
    say(
        f"Judged on the last {count(report.test_days, 'day')} by a network taught by the "
        f"{count(report.train_days, 'day')} before them: {count(record.epochs, 'epoch')}, "
        f"best {record.best_epoch}."
    )
    _show_errors(
        report.lines,
        report.test_days,
        ("naive",),
        lambda line: (
            *_beside(line.mse, line.naive_mse),
            *_beside(line.mae, line.naive_mae),
            *_beside(line.rmse, line.naive_rmse),
        ),
    )
    say("naive: seasonal naive on the same days; * marks what is worse than it.")
    for note in report.notes:
        say(f"Note: {note}")
    say(f"The bundle, taught by all days, is written to {out}")


def _beside(own: float, naive: float) -> tuple[str, str]:
    """Return a figure and seasonal naive's, marked where the latter is better."""
    return f"{_short(own)}{'*' if own > naive else ''}", _short(naive)


def _short(value: float) -> str:
    return f"{value:.3g}" if abs(value) >= 1e9 else figure(value)
