"""The command ``upswell releases evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._clock import Clock
from upswell.cli._options import Manner
from upswell.cli._output import check_out, keep_inputs
from upswell.cli._show import count, say, table
from upswell.cli._undisturbed import load
from upswell.cli.releases._answer import answer
from upswell.cli.releases._origin import origin_of
from upswell.cli.releases._steps import steps

if TYPE_CHECKING:
    from upswell.releases.judging import ReleaseScorecard

__all__ = ["run_releases_evaluate"]


def run_releases_evaluate(
    config: Path, manner: Manner, *, trials: int, seed: int, out: Path | None
) -> int:
    """Read, evaluate, write and print; return the exit code."""
    load("catboost", "duckdb", "lightgbm", "upswell.releases.evaluation")
    from upswell.cli._json import answer_refusals
    from upswell.releases import evaluate, load_config
    from upswell.releases.config import config_record
    from upswell.releases.saving import EVALUATION_NAMES, openings_before, save_evaluation

    settings = load_config(config)
    check_out(out, EVALUATION_NAMES)
    asked = {"config": config_record(settings), "seed": seed, "trials": trials}
    before, same = openings_before(out, asked)
    if manner.talks and before and not same:
        times = "once" if before == 1 else f"{before} times"
        say(
            f"Note: the last period was opened {times} before, with other settings, according to "
            f"{out}; to choose among settings by what it shows would spoil it as a test."
        )
    clock = Clock()
    with answer_refusals(manner), steps(manner.talks) as told:
        found = evaluate(settings, trials=trials, seed=seed, progress=told)
    clock.lap("evaluate")
    origin = origin_of(found.facts)
    keep_inputs(origin.sources, out)
    opened = before if same else before + 1
    record = save_evaluation(found, out, opened=opened, timings=clock.laps)
    answer(
        manner,
        origin,
        record=lambda: {**record, "scorecard": found.scorecard.to_record()},
        show=lambda: _show(found.scorecard, record),
        out=out,
    )
    return 0


def _show(card: ReleaseScorecard, record: dict[str, Any]) -> None:
    """Print the periods, the sentences, and the model beside each neighbour."""
    from upswell.releases.judging import summary

    folds = record["folds"]
    say()
    say(
        f"{count(len(folds), 'period')} of {folds[0]['first']} to {folds[-1]['last']}, each "
        "predicted by models taught by what was mature before it."
    )
    for label in record["folds_without_teachers"]:
        say(f"Period {label} was left out: too few releases were mature before it.")
    if record["final_test"] is not None:
        final = record["final_test"]
        times = "once" if final["opened"] == 1 else f"{final['opened']} times"
        say(f"The last period, {final['first']} to {final['last']}, was opened {times}.")
    for line in summary(card):
        say(f"  {line}")
    say()
    horizon = card.regression["horizon"].max()
    for scope, words in (("all", "periods before the last one"), ("final", "last period")):
        _show_scope(card, int(str(horizon)), scope, words)
    say("x model: RMSLE of the model over that of the neighbour; below 1 the model is better.")
    say("80%: share of the truth inside the 80% range; 0.8 is right.")


def _show_scope(card: ReleaseScorecard, horizon: int, scope: str, words: str) -> None:
    """Print streams and tiers of one scope at one horizon."""
    import polars as pl

    here = (pl.col("horizon") == horizon) & (pl.col("scope") == scope)
    rows = card.regression.filter(here).to_dicts()
    if not rows:
        return
    say(f"Day {horizon}, {words}, {count(rows[0]['count'], 'release')}:")
    own = rows[0]["rmsle"]
    lines = [
        [
            row["model"],
            _number(row["rmsle"]),
            _number(own / row["rmsle"] if own is not None and row["rmsle"] else None),
            *(_number(row[name]) for name in ("wmape", "median_ape", "bias", "coverage80")),
        ]
        for row in rows
    ]
    table(["streams by", "RMSLE", "x model", "wMAPE", "median APE", "bias", "80%"], lines)
    names = ("accuracy", "balanced_accuracy", "log_loss", "brier")
    lines = [
        [row["model"], *(_number(row[name]) for name in names)]
        for row in card.tiers.filter(here).to_dicts()
    ]
    table(["tier by", "accuracy", "balanced", "log loss", "Brier"], lines)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
