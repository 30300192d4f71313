"""The settings of a training: two studies on inner folds, or the defaults."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from upswell._version import __version__
from upswell.releases.config import ReleasesConfig, config_record
from upswell.releases.ground import Ground
from upswell.releases.models.center import CENTER_SPACE
from upswell.releases.models.center_tuning import center_objective
from upswell.releases.models.classifier import CLASSIFIER_SPACE
from upswell.releases.models.lesson import Lesson
from upswell.releases.models.space import Space, defaults
from upswell.releases.models.tier_tuning import tier_objective
from upswell.releases.models.tuning import Objective, Progress, TuningResult, tune

__all__ = ["CENTER_STUDY", "TIER_STUDY", "Chosen", "Step", "settings_before", "tuned"]

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
    found = []
    for name, space, objective, share in _studies(lesson):
        left = None
        if timeout is not None:
            left = max(share * timeout - (monotonic() - start), 1e-3)
        told(f"tuning {name}", 0, trials, None)
        journal = journals / f"{name}.journal"
        found.append(
            tune(
                name,
                space,
                objective,
                trials=trials,
                seed=seed,
                journal=journal,
                fingerprint=mark,
                timeout=left,
                progress=_reporter(name, told),
                workers=workers,
                resume=resume and journal.exists(),
            )
        )
    return Chosen(found[0].best_params, found[1].best_params, tuple(found))


def _studies(lesson: Lesson) -> list[tuple[str, Space, Objective, float]]:
    """Return each study: its name, space, objective, and by what share of the time it is over."""
    last = lesson.horizons - 1
    labels = lesson.tiers(last, lesson.known(last))
    folds = [(fold.train, fold.test) for fold in lesson.folds]
    tiers = tier_objective(lesson.features(), labels, len(lesson.bounds) + 1, folds)
    return [
        (CENTER_STUDY, CENTER_SPACE, center_objective(lesson), 0.75),
        (TIER_STUDY, CLASSIFIER_SPACE, tiers, 1.0),
    ]


def _reporter(name: str, told: Step) -> Progress:
    """Return what is told of each trial of a study."""

    def report(
        index: int, count: int, _value: float | None, best: float | None, _seconds: float
    ) -> None:
        told(f"tuning {name}", index + 1, count, best)

    return report


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
