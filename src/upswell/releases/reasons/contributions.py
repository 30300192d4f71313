"""What each feature adds to an answer: Shapley values of trees, as the libraries give them.

Explained are the two figures that an expert starts from: the expected log outcome at the longest
horizon, which is the mean of its learners and what they are added to; and the log odds of the
highest tier. Both come out as a baseline and one number a feature, which sum to the figure
(Lundberg, Erion and Lee 2018). What follows, the range, the pool of the two models and what rises
over horizons, moves answers little and is not explained.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureTable
from upswell.releases.models._model_shares import shares_of_models
from upswell.releases.models.expert import Expert
from upswell.releases.models.lesson import features_of

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
    # Of the tiers, the answer is a chance and what is explained its log odds.
    top = tiers.boosters[-1]
    top = _log_odds(top) if isinstance(top, float) else top
    models = [*(learner.boosters[-1] for learner in learners), top]
    encoders = [*(learner.encoder for learner in learners), tiers.encoder]
    *own, odds = shares_of_models(models, [each.matrix(features) for each in encoders])
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


def _log_odds(chance: float) -> float:
    """Return the log odds of a chance, kept off 0 and 1."""
    kept = min(max(chance, 1e-9), 1 - 1e-9)
    return float(np.log(kept / (1 - kept)))


def _in_order(found: Floats, names: tuple[str, ...], asked: tuple[str, ...]) -> Floats:
    """Return columns in another order of names; the last column stays the last."""
    if names == asked:
        return found
    places = {name: place for place, name in enumerate(names)}
    return found[:, [*(places[name] for name in asked), -1]]
