"""What models said of releases they had not seen: the errors and chances that ranges rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from upswell.releases.judging.inner import InnerFold
from upswell.releases.models.blend import BlendModel
from upswell.releases.models.classifier import TierModel
from upswell.releases.models.lesson import Floats, Lesson, Positions, ratio_rows, run_all

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Rehearsal", "rehearse", "teach_tiers"]


@dataclass(frozen=True)
class Rehearsal:
    """What was said of ``M`` releases by models that were taught before them.

    Parameters
    ----------
    releases
        Their names.
    blocks
        The block of time of each, shape ``(M,)``.
    errors
        Log outcome less expected log outcome, shape ``(M, H)``, NaN where unknown.
    chances
        Raw probabilities of ``K`` tiers, shape ``(M, H, K)``.
    """

    releases: tuple[str, ...]
    blocks: NDArray[np.int64]
    errors: Floats
    chances: Floats

    def plus(self, later: Self) -> Rehearsal:
        """Return this rehearsal and a later one; its releases make blocks of their own."""
        shift = int(self.blocks.max(initial=-1)) + 1
        return Rehearsal(
            (*self.releases, *later.releases),
            np.concatenate([self.blocks, later.blocks + shift]),
            np.concatenate([self.errors, later.errors]),
            np.concatenate([self.chances, later.chances]),
        )

    def places(self, lesson: Lesson) -> Positions:
        """Return the row of each release in a lesson that holds them all, shape ``(M,)``."""
        names = lesson.table.keys["release"].to_list()
        rows = {name: row for row, name in enumerate(names)}
        return np.array([rows[name] for name in self.releases], dtype=np.int64)


def rehearse(
    lesson: Lesson,
    center_settings: Mapping[str, Any],
    tier_settings: Mapping[str, Any],
    *,
    seed: int,
    workers: int = 1,
) -> Rehearsal:
    """Teach each inner fold and note what is said of its test block.

    Parameters
    ----------
    lesson
        With one fold at least.
    center_settings, tier_settings
        A value for each name of `CENTER_SPACE` and `CLASSIFIER_SPACE`.
    seed
        Seed of all random choices.
    workers
        Number of models that are taught at once.
    """
    features = lesson.features()
    tasks: list[Callable[[], Floats]] = []
    for fold in lesson.folds:
        tasks.append(_center_task(lesson, features, fold, center_settings, seed))
        tasks += [
            _tier_task(lesson, features, fold, place, settings=tier_settings, seed=seed)
            for place in range(lesson.horizons)
        ]
    said = run_all(tasks, workers)
    width = 1 + lesson.horizons
    names = lesson.table.keys["release"].to_list()
    tested = np.concatenate([fold.test for fold in lesson.folds])
    return Rehearsal(
        releases=tuple(names[row] for row in tested),
        blocks=np.repeat(np.arange(len(lesson.folds)), [len(fold.test) for fold in lesson.folds]),
        errors=np.concatenate(said[::width]),
        chances=np.concatenate(
            [np.stack(said[i + 1 : i + width], axis=1) for i in range(0, len(said), width)]
        ),
    )


def _center_task(
    lesson: Lesson, features: pl.DataFrame, fold: InnerFold, settings: Mapping[str, Any], seed: int
) -> Callable[[], Floats]:
    def task() -> Floats:
        ratio, taught, ratios, weights = ratio_rows(lesson, features, fold.train, echoes=False)
        model = BlendModel.fit(taught, ratios, settings, seed=seed, weights=weights)
        expected = ratio.offset(lesson.table.take(fold.test)) + model.predict(features[fold.test])
        return np.asarray(lesson.log_outcomes[fold.test] - expected)

    return task


def _tier_task(
    lesson: Lesson,
    features: pl.DataFrame,
    fold: InnerFold,
    place: int,
    *,
    settings: Mapping[str, Any],
    seed: int,
) -> Callable[[], Floats]:
    def task() -> Floats:
        model = teach_tiers(lesson, features, place, fold.train, settings=settings, seed=seed)
        return model.raw_probabilities(features[fold.test])

    return task


def teach_tiers(
    lesson: Lesson,
    features: pl.DataFrame,
    place: int,
    rows: Positions,
    *,
    settings: Mapping[str, Any],
    seed: int,
) -> TierModel:
    """Teach the tiers at one horizon, by its position, to some of the releases."""
    known = lesson.known(place, rows)
    labels = lesson.tiers(place, known)
    return TierModel.fit(features[known], labels, len(lesson.bounds) + 1, settings, seed=seed)
