"""The expected log ratio once more, by LightGBM: the mean of two learners errs less than either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.releases.models import _boosters
from upswell.releases.models._horizons import kept, predicted, restored
from upswell.releases.models.center import robust_spread
from upswell.releases.models.encoding import FeatureEncoder

if TYPE_CHECKING:
    import lightgbm
    import polars as pl

__all__ = ["PLAIN", "THOROUGH", "CompanionModel", "Manner"]

Floats = NDArray[np.float64]

_SETTINGS: dict[str, Any] = {
    "objective": "huber",
    "learning_rate": 0.025,
    "num_leaves": 48,
    "min_data_in_leaf": 15,
    "feature_fraction": 0.15,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
    "feature_pre_filter": False,
}


@dataclass(frozen=True)
class Manner:
    """A way to teach: how many trees, and what differs from the usual settings."""

    rounds: int
    settings: tuple[tuple[str, Any], ...] = ()


PLAIN = Manner(600)
"""One companion, where releases are many."""

THOROUGH = (
    Manner(1100, (("learning_rate", 0.015), ("num_leaves", 63))),
    Manner(900, (("extra_trees", True),)),
)
"""Two that differ, where releases are few: one learns slowly, one cuts at random (Geurts, Ernst and
Wehenkel 2006)."""


@dataclass(frozen=True)
class CompanionModel:
    """Expected ratios at ``H`` horizons.

    Parameters
    ----------
    encoder
        What the columns of the features are.
    boosters
        A LightGBM model for each horizon, or a constant where training saw only one value.
    """

    encoder: FeatureEncoder
    boosters: tuple[_boosters.Booster | float, ...]

    @classmethod
    def fit(
        cls,
        features: pl.DataFrame,
        ratios: Floats,
        *,
        seed: int,
        weights: Floats | None = None,
        manner: Manner = PLAIN,
    ) -> CompanionModel:
        """Learn from ``N`` releases in some manner; other parameters as for `CenterModel.fit`."""
        encoder = FeatureEncoder.fit(features)
        matrix = encoder.matrix(features)
        return cls(
            encoder,
            tuple(_fitted(matrix, column, weights, seed, manner) for column in ratios.T),
        )

    def predict(self, features: pl.DataFrame) -> Floats:
        """Return expected ratios, shape ``(N, H)``.

        Raises
        ------
        ColumnError
            When a feature is missing or of another kind than in training.
        """
        matrix = self.encoder.matrix(features)
        return predicted(
            self.boosters, matrix, lambda booster: _boosters.predict(booster, matrix, 1)
        )

    def entries(self, folder: str) -> tuple[dict[str, bytes], dict[str, Any]]:
        """Return the model as entries of a bundle, and a head of plain data."""
        return kept(
            self.encoder, self.boosters, f"{folder}/horizon-{{}}.txt", _boosters.booster_bytes
        )

    @classmethod
    def from_entries(cls, entries: Mapping[str, bytes], head: Mapping[str, Any]) -> CompanionModel:
        """Return a model from the entries of a bundle whose hashes were checked.

        Raises
        ------
        BundleError
            When an entry is missing or not what it should be.
        """
        encoder, boosters = restored(
            entries,
            head,
            lambda data, own, name: _boosters.booster_from_bytes(data, len(own.names), name),
        )
        return cls(encoder, boosters)


def _fitted(
    matrix: Floats, column: Floats, weights: Floats | None, seed: int, manner: Manner
) -> lightgbm.Booster | float:
    """Return a booster of one horizon; the value itself where all are equal."""
    import lightgbm

    known = np.isfinite(column)
    target = column[known]
    if np.ptp(target) == 0:
        return float(target[0])
    own_params = {"seed": seed, "num_threads": 1, "alpha": robust_spread(target)}
    params = _SETTINGS | dict(manner.settings) | own_params
    own = None if weights is None else weights[known]
    rows = lightgbm.Dataset(matrix[known], target, weight=own, params=params)
    return lightgbm.train(params, rows, num_boost_round=manner.rounds)
