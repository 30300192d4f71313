"""The command ``upswell pretrain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._held import held
from upswell.cli._options import Manner
from upswell.cli._output import check_out
from upswell.cli._show import count, say, table
from upswell.cli._stdout import write
from upswell.cli._stopped import StoppedError
from upswell.cli._undisturbed import load
from upswell.errors import Place, SettingError

if TYPE_CHECKING:
    from upswell.forecasting.lstm.pretraining import PretrainingReport

__all__ = ["CHECKPOINT", "run_pretrain"]

CHECKPOINT = "checkpoint.safetensors"


def run_pretrain(manner: Manner, settings: dict[str, Any], *, resume: bool, out: Path) -> int:
    """Train, keep and print; return the exit code."""
    from upswell.forecasting.lstm.pretraining import (
        CARD,
        WEIGHTS,
        PretrainingSettings,
        pretrain,
        write_weights,
    )

    if settings["minutes"] is not None and settings["steps"] is not None:
        raise SettingError("--minutes and --steps were both given", fix="give one of them")
    chosen = PretrainingSettings(
        **{name: value for name, value in settings.items() if value is not None}
    )
    check_out(out, {WEIGHTS, CARD})
    _load_torch()
    folder = out.with_name(f"{out.name}.training")
    checkpoint = folder / CHECKPOINT
    with held(folder):
        if checkpoint.exists() and not resume:
            raise SettingError(
                "the checkpoint of an interrupted training is there",
                where=Place(str(checkpoint)),
                fix="go on with that training by --resume, or delete the checkpoint, or name "
                "another --out",
            )
        try:
            result = pretrain(
                chosen, progress=_told if manner.talks else None, checkpoint=checkpoint
            )
        except KeyboardInterrupt as error:
            if not checkpoint.exists():
                raise
            raise StoppedError("--resume goes on from the last checkpoint") from error
        card = write_weights(result, chosen, out)
        checkpoint.unlink(missing_ok=True)
    if manner.as_json:
        from upswell.cli._json import print_json

        print_json({"command": "pretrain", "out": str(out), "card": card})
    elif manner.talks:
        _show(card, out)
    return 0


def _load_torch() -> None:
    """Import torch undisturbed, if it is there; `pretrain` says when it is not."""
    try:
        load("torch")
    except ImportError:
        return


def _told(report: PretrainingReport) -> None:
    """Print one line, at once: whoever waits for an hour looks into a file."""
    of = "" if report.steps is None else f" of {report.steps:,}"
    relative = ", ".join(f"{head} {value:.3f}" for head, value in report.scores.relative.items())
    say(
        f"step {report.step:,}{of}, {report.seconds / 60:.1f} min, "
        f"{report.examples / max(report.seconds, 1e-9):,.0f} examples/s: "
        f"loss {report.train_loss:.4f}; validation over seasonal naive: {relative}"
    )
    write("", flush=True)


def _show(card: dict[str, Any], out: Path) -> None:
    """Print what was taught, and how good it is."""
    data, training, scores = card["data"], card["training"], card["scores"]
    say()
    say(
        f"{count(data['examples'], 'example')} of {data['simulated_series']:,} simulated series "
        f"taught {card['parameters']:,} weights in {count(training['steps'], 'step')} and "
        f"{training['minutes']} minutes."
    )
    say(f"On {count(scores['examples'], 'simulated example')} that it was not taught:")
    coverage = scores["coverage"]
    rows = [
        (
            head,
            f"{loss:.4f}",
            f"{scores['seasonal_naive_loss'][head]:.4f}",
            *(f"{100 * coverage[name][head]:.1f}%" for name in coverage),
        )
        for head, loss in scores["loss"].items()
    ]
    table(["of", "loss", "naive", *(f"in {name}" for name in coverage)], rows)
    say("naive: seasonal naive on the same examples; in 80%: how often the range holds the truth.")
    say(f"Weights and card are written to {out}")
