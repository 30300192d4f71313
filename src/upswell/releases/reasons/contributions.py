"""What each feature adds to an answer: Shapley values of trees, as the libraries give them.

Explained are the two figures that an expert starts from: the expected log outcome at the longest
horizon, which is the mean of its learners and what they are added to; and the log odds of the
highest tier. Both come out as a baseline and one number a feature, which sum to the figure
(Lundberg, Erion and Lee 2018). What follows, the range, the pool of the two models and what rises
over horizons, moves answers little and is not explained.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureTable
from upswell.releases.models import _boosters
from upswell.releases.models.center import CenterModel
from upswell.releases.models.companion import CompanionModel
from upswell.releases.models.expert import Expert
from upswell.releases.models.lesson import features_of, run_all

__all__ = ["Contributions", "contributions_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Contributions:
    """What ``F`` features add to the answers for ``N`` releases.

    Parameters
    ----------
    names
        The features.
    offset
        What the log ratio is added to: the logarithm of the window total, shape ``(N,)``.
    baseline
        The log ratio that the regression expects without knowing a feature.
    effects
        What each feature adds to it, shape ``(N, F)``; offset, baseline and effects sum to the
        expected log outcome at the longest horizon.
    odds_baseline, odds
        Likewise of the log odds of the highest tier.
    """

    names: tuple[str, ...]
    offset: Floats
    baseline: float
    effects: Floats
    odds_baseline: float
    odds: Floats

    @property
    def expected(self) -> Floats:
        """The expected log outcome at the longest horizon, shape ``(N,)``."""
        return np.asarray(self.offset + self.baseline + self.effects.sum(axis=1))


def contributions_of(expert: Expert, table: FeatureTable) -> Contributions:
    """Return what the features of ``N`` releases add to the answers of an expert.

    Parameters
    ----------
    expert
        Taught on windows of this kind.
    table
        Features of the releases.

    Raises
    ------
    ColumnError
        When a feature is missing or of another kind than in training.
    """
    features = features_of(table)
    learners = expert.center.learners
    tiers = expert.tiers[-1]
    names = expert.center.center.encoder.names
    matrices = [learner.encoder.matrix(features) for learner in learners]
    tasks: list[Callable[[], Floats]] = [
        partial(_of_learner, learner, matrix)
        for learner, matrix in zip(learners, matrices, strict=True)
    ]
    tasks.append(partial(_of_booster, tiers.boosters[-1], tiers.encoder.matrix(features)))
    *own, odds = run_all(tasks, min(os.cpu_count() or 1, len(tasks)))
    # Each learner lists the features in its own order.
    placed = [
        _in_order(found, learner.encoder.names, names)
        for found, learner in zip(own, learners, strict=True)
    ]
    mean = np.mean(placed, axis=0)
    odds = _in_order(odds, tiers.encoder.names, names)
    return Contributions(
        names=names,
        offset=expert.ratio.offset(table)[:, -1],
        baseline=float(mean[0, -1]) if len(mean) else 0.0,
        effects=mean[:, :-1],
        odds_baseline=float(odds[0, -1]) if len(odds) else 0.0,
        odds=odds[:, :-1],
    )


def _of_learner(learner: CenterModel | CompanionModel, matrix: Floats) -> Floats:
    """Return what features add to the answer of a learner of one horizon, shape ``(N, F + 1)``."""
    if isinstance(learner, CompanionModel):
        booster = learner.boosters[-1]
        if isinstance(booster, float):
            return _constant(booster, matrix)
        return _boosters.contributions(booster, matrix, 1)
    forest = learner.boosters[-1]
    if isinstance(forest, float):
        return _constant(forest, matrix)
    if not len(matrix):
        return _constant(0.0, matrix)
    from catboost import Pool

    found = forest.get_feature_importance(Pool(matrix), type="ShapValues", thread_count=1)
    return np.asarray(found, dtype=np.float64)


def _of_booster(booster: _boosters.Booster | float, matrix: Floats) -> Floats:
    """Return what features add to the log odds of a yes, shape ``(N, F + 1)``."""
    if isinstance(booster, float):
        chance = min(max(booster, 1e-9), 1 - 1e-9)
        return _constant(float(np.log(chance / (1 - chance))), matrix)
    return _boosters.contributions(booster, matrix, 1)


def _constant(value: float, matrix: Floats) -> Floats:
    answer = np.zeros((len(matrix), matrix.shape[1] + 1))
    answer[:, -1] = value
    return answer


def _in_order(found: Floats, names: tuple[str, ...], asked: tuple[str, ...]) -> Floats:
    """Return columns in another order of names; the last column stays the last."""
    if names == asked:
        return found
    places = {name: place for place, name in enumerate(names)}
    return found[:, [*(places[name] for name in asked), -1]]
