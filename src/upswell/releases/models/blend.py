"""The regression: the mean of CatBoost and its companion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.releases.models.center import CenterModel
from upswell.releases.models.companion import CompanionModel

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BlendModel"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BlendModel:
    """Expected ratios at ``H`` horizons.

    Parameters
    ----------
    center, companion
        The two learners.
    """

    center: CenterModel
    companion: CompanionModel

    @classmethod
    def fit(
        cls,
        features: pl.DataFrame,
        ratios: Floats,
        settings: Mapping[str, Any],
        *,
        seed: int,
        weights: Floats | None = None,
    ) -> BlendModel:
        """Learn from ``N`` releases; parameters as for `CenterModel.fit`."""
        return cls(
            CenterModel.fit(features, ratios, settings, seed=seed, weights=weights),
            CompanionModel.fit(features, ratios, seed=seed, weights=weights),
        )

    def predict(self, features: pl.DataFrame) -> Floats:
        """Return expected ratios, shape ``(N, H)``.

        Raises
        ------
        ColumnError
            When a feature is missing or of another kind than in training.
        """
        return np.asarray((self.center.predict(features) + self.companion.predict(features)) / 2)

    def entries(self, folder: str) -> tuple[dict[str, bytes], dict[str, Any]]:
        """Return the model as entries of a bundle, and a head of plain data."""
        files, center = self.center.entries(f"{folder}/catboost")
        more, companion = self.companion.entries(f"{folder}/lightgbm")
        return {**files, **more}, {"center": center, "companion": companion}

    @classmethod
    def from_entries(cls, entries: Mapping[str, bytes], head: Mapping[str, Any]) -> BlendModel:
        """Return a model from the entries of a bundle whose hashes were checked.

        Raises
        ------
        BundleError
            When an entry is missing or not what it should be.
        """
        return cls(
            CenterModel.from_entries(entries, head["center"]),
            CompanionModel.from_entries(entries, head["companion"]),
        )
