"""The command ``upswell releases train``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._ledger import show_ledger
from upswell.cli._options import Manner
from upswell.cli._output import check_bundle
from upswell.cli._show import count, figure, say, table
from upswell.cli._stopped import StoppedError
from upswell.cli._undisturbed import load
from upswell.cli.releases._origin import origin_of
from upswell.cli.releases._steps import steps
from upswell.cli.releases._study import journals_in, study_folder

if TYPE_CHECKING:
    from upswell.releases.models._suggestion import State
    from upswell.releases.models.tuning import TuningResult
    from upswell.releases.trained import TrainedReleases

__all__ = ["run_releases_train"]


def run_releases_train(
    config: Path,
    manner: Manner,
    *,
    trials: int,
    timeout: float | None,
    resume: bool,
    seed: int,
    out: Path,
) -> int:
    """Read, tune, train, keep and print; return the exit code."""
    load("catboost", "duckdb", "lightgbm", "optuna", "upswell.releases.training")
    from upswell.cli._json import answer_refusals, print_json
    from upswell.releases import load_config, train
    from upswell.releases.models.bundle import KIND
    from upswell.releases.saving import save_study, versions
    from upswell.store import read_bundle

    # What can be known to be wrong before the tables are read is said before.
    settings = load_config(config)
    check_bundle(out, lambda path: read_bundle(path, KIND))
    with study_folder(out, resume=resume) as folder:
        try:
            with answer_refusals(manner), steps(manner.talks) as told:
                trained = train(
                    settings,
                    trials=trials,
                    timeout=timeout,
                    resume=resume,
                    seed=seed,
                    journals=folder,
                    progress=told,
                )
        except KeyboardInterrupt as error:
            if not journals_in(folder):
                raise
            raise StoppedError("--resume goes on where this training stopped") from error
        sha256 = trained.save(out)
        written = save_study(folder, trained.studies, trained.scorecard)
    if manner.as_json:
        print_json(
            {
                "command": "releases train",
                "versions": versions(),
                "bundle": str(out),
                "sha256": sha256,
                "as_of": trained.as_of,
                **trained.facts,
                "study": [str(folder / name) for name in written],
            }
        )
    elif manner.talks:
        _show(trained, out, folder if written else None)
    return 0


def _show(trained: TrainedReleases, out: Path, folder: Path | None) -> None:
    """Print what was taught, how it did in the final test, and with which settings."""
    from upswell.releases.judging import summary

    facts = trained.facts
    show_ledger(origin_of(facts), where="--json prints all of it")
    say()
    say(
        f"{count(facts['mature'], 'mature release')} of {facts['first_release']} to "
        f"{facts['last_release']} taught, as of {trained.as_of}; {facts['base']} of the window "
        "say most of the outcome."
    )
    final = facts["final_test"]
    if final is None or trained.scorecard is None:
        say("There was no final test.")
    else:
        say(
            f"Final test: releases of {final['first']} to {final['last']}, by models taught by "
            "what was mature before."
        )
        for line in summary(trained.scorecard):
            say(f"  {line}")
    for study in trained.studies:
        _show_study(study)
    say()
    if folder is not None:
        say(f"Charts and tables of the training are in {folder}")
    say(f"The bundle, taught by all mature releases, is written to {out}")


def _show_study(study: TuningResult) -> None:
    """Print how a study ended, and the settings that did best beside the defaults."""
    states: tuple[tuple[State, str], ...] = (
        ("complete", "complete"),
        ("pruned", "given up"),
        ("failed", "failed"),
    )
    ended = ", ".join(
        f"{study.count(state):,} {words}" for state, words in states if study.count(state)
    )
    default = study.default_value
    say()
    say(
        f"Tuning of {study.name}: {count(len(study.records), 'trial')} ({ended}); best "
        f"{study.best_value:.4f} in trial {study.best.index + 1}"
        + (f", defaults {default:.4f}." if default is not None else ", the defaults failed.")
        + (" The time limit ended it." if study.stopped == "timeout" else "")
    )
    best, first = study.best.params, study.records[0].params
    rows = [[name.replace("_", " "), _said(best, name), _said(first, name)] for name in first]
    table(["setting", "best", "default"], rows)


def _said(params: Mapping[str, Any], name: str) -> str:
    value = params.get(name)
    return figure(value) if isinstance(value, int | float) else str(value)
