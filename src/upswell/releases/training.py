"""Training: tune on inner folds, open the final test once, then teach all that is mature."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.errors import SettingError
from upswell.releases.choosing import CENTER_STUDY, TIER_STUDY, Chosen, Step, tuned
from upswell.releases.config import ReleasesConfig
from upswell.releases.evaluation import Taught, predict_fold, teach
from upswell.releases.ground import Ground, lay_ground, memory_at
from upswell.releases.judging import ReleaseScorecard, judge, rows_to_test
from upswell.releases.keeping import kept_of
from upswell.releases.models.expert import Expert, fit_expert
from upswell.releases.models.schema import FeatureSchema
from upswell.releases.tables import RawTables
from upswell.releases.trained import TrainedReleases

if TYPE_CHECKING:
    from upswell.releases.judging.folds import Fold

__all__ = ["train_releases"]


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
    experts = _experts(ground, final, before, chosen, **teaching)
    return TrainedReleases(
        config=config,
        as_of=ground.as_of,
        complete=experts[0],
        short=experts[1] if len(experts) > 1 else None,
        schema=FeatureSchema(ground.complete.catalogue, ground.complete.metrics),
        memory=memory_at(tables, ground),
        facts={
            "seed": seed,
            "trials": trials,
            **_facts(tables, ground, final, chosen, scorecard),
        },
        kept=kept_of(ground, chosen.center, chosen.tiers, tested, experts, told=told, **teaching),
        scorecard=scorecard,
        studies=chosen.studies,
    )


def _experts(
    ground: Ground,
    final: Fold | None,
    before: tuple[Taught, ...],
    chosen: Chosen,
    *,
    seed: int,
    workers: int,
) -> list[Expert]:
    """Teach all that is mature, on top of what the final test taught where there was one."""
    if before and final is not None:
        return [_on(ground, one, final, chosen, seed=seed, workers=workers) for one in before]
    whole = teach(ground, None, chosen.center, chosen.tiers, seed=seed, workers=workers)
    return [one.expert for one in whole]


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
    final: Fold | None,
    chosen: Chosen,
    scorecard: ReleaseScorecard | None,
) -> dict[str, Any]:
    """Return what is said of a training: the same for the same input, so without times."""
    lesson = ground.lesson(ground.complete, None)
    return {
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
