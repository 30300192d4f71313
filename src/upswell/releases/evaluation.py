"""Evaluation: what models taught on the eve of each period would have said of its releases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from upswell.errors import RefusalError
from upswell.releases.answers import answer_rows
from upswell.releases.frames import FeatureTable
from upswell.releases.ground import Ground
from upswell.releases.judging import (
    ReleaseScorecard,
    TrivialRules,
    judge,
    rows_to_test,
)
from upswell.releases.models.expert import Expert, fit_expert
from upswell.releases.models.lesson import Lesson
from upswell.releases.models.rehearsal import Rehearsal, rehearse

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.judging.folds import Fold

__all__ = ["EvaluatedReleases", "Taught", "evaluate_ground", "predict_fold", "teach"]


@dataclass(frozen=True)
class EvaluatedReleases:
    """What an evaluation found.

    Parameters
    ----------
    scorecard
        Every figure beside its trivial neighbour's.
    predictions
        One row a release, horizon and kind of window.
    folds
        The periods tested, the last one included.
    facts
        How it was made.
    """

    scorecard: ReleaseScorecard
    predictions: pl.DataFrame
    folds: tuple[Fold, ...]
    facts: Mapping[str, Any]


def evaluate_ground(
    ground: Ground,
    center: Mapping[str, Any],
    tiers: Mapping[str, Any],
    *,
    seed: int,
    workers: int = 1,
    progress: Callable[[str, int, int, float | None], None] | None = None,
) -> EvaluatedReleases:
    """Predict each rolling fold and the last period, and score them.

    Parameters
    ----------
    ground
        Releases and outcomes.
    center, tiers
        Settings of the two models.
    seed
        Seed of all random choices.
    workers
        Number of models that are taught at once.
    progress
        Told of each period before it is tested.

    Raises
    ------
    RefusalError
        When there is no fold.
    """
    import polars as pl

    final = ground.final()
    folds = (*ground.folds(), *(() if final is None else (final,)))
    told, answered, trivial, passed = progress or (lambda *_: None), [], [], []
    for number, fold in enumerate(folds):
        told(f"period {fold.label}", number, len(folds), None)
        try:
            taught = teach(ground, fold, center, tiers, seed=seed, workers=workers)
        except RefusalError:
            passed.append(fold.label)
            continue
        own, beside = predict_fold(ground, fold, taught)
        answered.append(own)
        trivial.append(beside)
    if not answered:
        raise RefusalError(
            "no period can be tested: before each of them too few releases were mature",
            code="no-fold",
            fix="give a longer history, or shorter periods in [evaluation] every",
        )
    predictions, beside = pl.concat(answered), pl.concat(trivial)
    return EvaluatedReleases(
        scorecard=judge(predictions, beside, ground.config, seed=seed),
        predictions=predictions,
        folds=tuple(fold for fold in folds if fold.label not in passed),
        facts={
            "seed": seed,
            "base": ground.base,
            "settings": {"streams": dict(center), "tiers": dict(tiers)},
            "folds_without_teachers": passed,
            "final_test": None if final is None else {"opened": 1},
        },
    )


@dataclass(frozen=True)
class Taught:
    """An expert for one kind of window, with what it was taught and rehearsed on.

    Parameters
    ----------
    table
        All releases with this kind of window.
    lesson, rehearsal, expert
        What was taught, what was said out of fold, and the result.
    """

    table: FeatureTable
    lesson: Lesson
    rehearsal: Rehearsal
    expert: Expert


def teach(
    ground: Ground,
    fold: Fold | None,
    center: Mapping[str, Any],
    tiers: Mapping[str, Any],
    *,
    seed: int,
    workers: int = 1,
) -> tuple[Taught, ...]:
    """Teach what was known on the eve of a fold: complete windows, and short ones if any.

    Raises
    ------
    RefusalError
        When too few releases were mature on the eve.
    """
    found = []
    for table in (ground.complete, ground.short):
        if table is not None:
            lesson = ground.lesson(table, fold)
            rehearsal = rehearse(lesson, center, tiers, seed=seed, workers=workers)
            expert = fit_expert(lesson, rehearsal, center, tiers, seed=seed, workers=workers)
            found.append(Taught(table, lesson, rehearsal, expert))
    return tuple(found)


def predict_fold(
    ground: Ground, fold: Fold, taught: tuple[Taught, ...]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what models taught on the eve of a fold say of its releases, and the trivial ones.

    Returns
    -------
    polars.DataFrame
        The predictions as `upswell.releases.judging.judge` takes them: complete windows, then
        short ones.
    polars.DataFrame
        What the trivial neighbours say of the same rows.
    """
    import polars as pl

    config = ground.config
    answered, trivial = [], []
    for one in taught:
        rows = rows_to_test(one.table.keys, fold, ground.outcomes, ground.horizons[-1])
        tested = one.table.take(rows)
        answers = answer_rows(one.expert, tested, config)
        answered.append(_judged(answers, tested, ground, one.lesson, fold))
        lesson = one.lesson
        rules = TrivialRules.fit(lesson.table, lesson.log_outcomes, ground.horizons, config.tiers)
        trivial.append(rules.answers(tested))
    return pl.concat(answered), pl.concat(trivial)


def _judged(
    answers: pl.DataFrame, table: FeatureTable, ground: Ground, lesson: Lesson, fold: Fold
) -> pl.DataFrame:
    """Return answers with what became of the releases beside them."""
    import polars as pl

    horizons = len(ground.horizons)
    taught = set(lesson.table.keys["artist"].drop_nulls().to_list())
    seen = [artist in taught for artist in table.keys["artist"].to_list()]
    actual = np.round(np.expm1(ground.log_outcomes(table)), 6).ravel()
    window = ground.config.window

    def spread(values: pl.Series) -> pl.Series:
        return values.gather(np.repeat(np.arange(len(table)), horizons).tolist())

    return answers.with_columns(
        spread(table.keys["release_date"]).alias("release_date"),
        spread(table.keys["age"]).alias("age"),
        spread(table.keys["age"] == window).alias("complete"),
        spread(pl.Series("artist_seen", seen, dtype=pl.Boolean)),
        pl.lit(fold.label).alias("fold"),
        pl.Series("actual", actual, dtype=pl.Float64),
    )
