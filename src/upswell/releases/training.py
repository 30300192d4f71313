"""Training: tune on inner folds, open the final test once, then teach all that is mature."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from upswell._version import __version__
from upswell.errors import SettingError
from upswell.releases.config import ReleasesConfig, config_record
from upswell.releases.evaluation import Taught, predict_fold, teach
from upswell.releases.ground import Ground, lay_ground, memory_at
from upswell.releases.judging import ReleaseScorecard, judge, rows_to_test
from upswell.releases.keeping import kept_of
from upswell.releases.models.center import CENTER_SPACE
from upswell.releases.models.center_tuning import center_objective
from upswell.releases.models.classifier import CLASSIFIER_SPACE
from upswell.releases.models.expert import Expert, fit_expert
from upswell.releases.models.lesson import Lesson
from upswell.releases.models.schema import FeatureSchema
from upswell.releases.models.space import defaults
from upswell.releases.models.tier_tuning import tier_objective
from upswell.releases.models.tuning import TuningResult, tune
from upswell.releases.tables import RawTables
from upswell.releases.trained import TrainedReleases

if TYPE_CHECKING:
    from upswell.releases.judging.folds import Fold

__all__ = [
    "CENTER_STUDY",
    "TIER_STUDY",
    "Chosen",
    "Step",
    "settings_before",
    "train_releases",
    "tuned",
]

CENTER_STUDY, TIER_STUDY = "streams", "tiers"
"""Names of the two studies, and of their journals."""

Step = Callable[[str, int, int, float | None], None]
"""Told of progress: what is done, how many of how many, and the best value so far."""


@dataclass(frozen=True)
class Chosen:
    """Settings of the two models, and how they were found."""

    center: Mapping[str, Any]
    tiers: Mapping[str, Any]
    studies: tuple[TuningResult, ...] = ()


def train_releases(
    tables: RawTables,
    config: ReleasesConfig,
    *,
    trials: int,
    seed: int,
    journals: Path,
    timeout: float | None = None,
    resume: bool = False,
    workers: int = 1,
    progress: Step | None = None,
) -> TrainedReleases:
    """Train on tables.

    Parameters
    ----------
    tables
        Typed tables, with outcomes.
    config
        The settings.
    trials
        Trials of each of the two studies; 0 keeps the defaults.
    seed
        Seed of all random choices.
    journals
        Folder of the journals of the studies.
    timeout
        Seconds after which no further trial starts.
    resume
        Whether to go on with journals that are there.
    workers
        Number of models that are taught at once.
    progress
        Told of each step.

    Raises
    ------
    RefusalError
        When too few releases are mature.
    SettingError
        When a number makes no sense, or the journals cannot be used.
    """
    if trials < 0:
        raise SettingError(f"{trials} trials cannot be run", fix="give 0 or more")
    told = progress or (lambda *_: None)
    told("features", 0, 1, None)
    ground = lay_ground(tables, config)
    final = ground.final()
    taught = ground.lesson(ground.complete, final)
    chosen = tuned(
        taught,
        ground,
        trials,
        seed,
        journals,
        timeout=timeout,
        resume=resume,
        workers=workers,
        told=told,
    )
    teaching = {"seed": seed, "workers": workers}
    before: tuple[Taught, ...] = ()
    scorecard, tested = None, None
    if final is not None:
        told("final test", 0, 1, None)
        before = teach(ground, final, chosen.center, chosen.tiers, **teaching)
        tested = predict_fold(ground, final, before)
        scorecard = judge(*tested, config, seed=seed)
    told("models", 0, 1, None)
    if before and final is not None:
        experts = [_on(ground, one, final, chosen, **teaching) for one in before]
    else:
        whole = teach(ground, None, chosen.center, chosen.tiers, **teaching)
        experts = [one.expert for one in whole]
    lesson = ground.lesson(ground.complete, None)
    return TrainedReleases(
        config=config,
        as_of=ground.as_of,
        complete=experts[0],
        short=experts[1] if len(experts) > 1 else None,
        schema=FeatureSchema(ground.complete.catalogue, ground.complete.metrics),
        memory=memory_at(tables, ground),
        facts=_facts(
            tables,
            ground,
            lesson,
            final,
            chosen=chosen,
            scorecard=scorecard,
            seed=seed,
            trials=trials,
        ),
        kept=kept_of(ground, chosen.center, chosen.tiers, tested, told=told, **teaching),
        scorecard=scorecard,
        studies=chosen.studies,
    )


def settings_before(
    ground: Ground, trials: int, seed: int, journals: Path, *, workers: int, told: Step
) -> Chosen:
    """Return settings tuned on what was mature before the first period that is tested."""
    folds = ground.folds()
    first = folds[0] if folds else ground.final()
    if not trials or first is None:
        return Chosen(defaults(CENTER_SPACE), defaults(CLASSIFIER_SPACE))
    lesson = ground.lesson(ground.complete, first)
    return tuned(
        lesson,
        ground,
        trials,
        seed,
        journals,
        timeout=None,
        resume=False,
        workers=workers,
        told=told,
    )


def tuned(
    lesson: Lesson,
    ground: Ground,
    trials: int,
    seed: int,
    journals: Path,
    *,
    timeout: float | None,
    resume: bool,
    workers: int,
    told: Step,
) -> Chosen:
    """Return the settings that did best on inner folds; the defaults without trials."""
    if not trials or not lesson.folds:
        return Chosen(defaults(CENTER_SPACE), defaults(CLASSIFIER_SPACE))
    start = monotonic()
    mark = _fingerprint(lesson, ground.config)
    last = lesson.horizons - 1
    labels = lesson.tiers(last, lesson.known(last))
    objectives = {
        CENTER_STUDY: (CENTER_SPACE, center_objective(lesson), 0.75),
        TIER_STUDY: (
            CLASSIFIER_SPACE,
            tier_objective(
                lesson.features(),
                labels,
                len(lesson.bounds) + 1,
                [(fold.train, fold.test) for fold in lesson.folds],
            ),
            1.0,
        ),
    }
    found = []
    for name, (space, objective, share) in objectives.items():
        left = None
        if timeout is not None:
            left = max(share * timeout - (monotonic() - start), 1e-3)

        told(f"tuning {name}", 0, trials, None)

        def report(
            index: int,
            count: int,
            value: float | None,
            best: float | None,
            _: float,
            name: str = name,
        ) -> None:
            del value
            told(f"tuning {name}", index + 1, count, best)

        found.append(
            tune(
                name,
                space,
                objective,
                trials=trials,
                seed=seed,
                journal=journals / f"{name}.journal",
                fingerprint=mark,
                timeout=left,
                progress=report,
                workers=workers,
                resume=resume and (journals / f"{name}.journal").exists(),
            )
        )
    return Chosen(found[0].best_params, found[1].best_params, tuple(found))


def _fingerprint(lesson: Lesson, config: ReleasesConfig) -> str:
    """Return what changes with the data and the settings of a tuning."""
    digest = hashlib.sha256(__version__.encode())
    record = config_record(config)
    for name in ("releases", "signals", "outcomes"):
        record[name].pop("source", None)
    digest.update(json.dumps(record, sort_keys=True).encode())
    for frame in (lesson.table.keys, lesson.features()):
        buffer = io.BytesIO()
        frame.write_ipc(buffer)
        digest.update(buffer.getvalue())
    digest.update(np.ascontiguousarray(lesson.log_outcomes).tobytes())
    return digest.hexdigest()


def _on(
    ground: Ground, before: Taught, final: Fold, chosen: Chosen, *, seed: int, workers: int
) -> Expert:
    """Teach all mature releases; what was said in the final test joins the rehearsal."""
    lesson = ground.lesson(before.table, None)
    rows = rows_to_test(lesson.table.keys, final)
    tested = lesson.table.take(rows)
    said = before.expert.rehearsal_of(tested, lesson.log_outcomes[rows])
    rehearsal = before.rehearsal.plus(said)
    return fit_expert(lesson, rehearsal, chosen.center, chosen.tiers, seed=seed, workers=workers)


def _facts(
    tables: RawTables,
    ground: Ground,
    lesson: Lesson,
    final: Fold | None,
    *,
    chosen: Chosen,
    scorecard: ReleaseScorecard | None,
    seed: int,
    trials: int,
) -> dict[str, Any]:
    """Return what is said of a training: the same for the same input, so without times."""
    return {
        "seed": seed,
        "trials": trials,
        "base": ground.base,
        "mature": len(lesson.table),
        "releases": len(ground.complete),
        "first_release": str(lesson.table.keys["release_date"].min()),
        "last_release": str(lesson.table.keys["release_date"].max()),
        "settings": {CENTER_STUDY: dict(chosen.center), TIER_STUDY: dict(chosen.tiers)},
        "studies": [study.facts() for study in chosen.studies],
        "final_test": None
        if final is None
        else {"first": final.first.isoformat(), "last": final.last.isoformat(), "opened": 1},
        "scorecard": None if scorecard is None else scorecard.to_record(),
        **tables.origin(ground.complete.ledger),
    }
