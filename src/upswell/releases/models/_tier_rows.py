"""Releases with their tiers, put in bins once, so that several settings can be tried on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.releases.models import _boosters
from upswell.releases.models.encoding import FeatureEncoder

if TYPE_CHECKING:
    import lightgbm
    import polars as pl


@dataclass(frozen=True, kw_only=True)
class TierRows:
    """Releases to learn from; parameters as for `upswell.releases.models.classifier.TierModel.fit`.

    Raises
    ------
    SettingError
        When there is none, or a tier out of range.
    """

    features: pl.DataFrame
    tiers: NDArray[np.int64]
    count: int
    weights: NDArray[np.float64] | None
    threads: int

    def __post_init__(self) -> None:
        rows = self.features.height
        if self.count < 2:
            raise SettingError(f"there must be at least 2 tiers, and {self.count} are given")
        if rows == 0 or len(self.tiers) != rows:
            raise SettingError(f"{rows} rows of features and {len(self.tiers)} tiers do not match")
        if self.tiers.min() < 0 or self.tiers.max() >= self.count:
            raise SettingError(f"tiers are numbered 0 to {self.count - 1}")

    @property
    def counts(self) -> tuple[int, ...]:
        """Number of examples of each tier."""
        return tuple(int(each) for each in np.bincount(self.tiers, minlength=self.count))

    def take(self, rows: NDArray[np.int64]) -> TierRows:
        """Return some of the releases, by position."""
        return TierRows(
            features=self.features[rows],
            tiers=self.tiers[rows],
            count=self.count,
            weights=None if self.weights is None else self.weights[rows],
            threads=self.threads,
        )


class PreparedRows:
    """Rows in bins, once for each question "this tier or above".

    Parameters
    ----------
    rows
        The releases.
    """

    def __init__(self, rows: TierRows) -> None:
        self.encoder = FeatureEncoder.fit(rows.features)
        self.counts = rows.counts
        self._threads = rows.threads
        matrix = self.encoder.matrix(rows.features)
        self._questions = [self._question(rows, matrix, tier) for tier in range(1, rows.count)]

    def _question(
        self, rows: TierRows, matrix: NDArray[np.float64], tier: int
    ) -> lightgbm.Dataset | float:
        reached = rows.tiers >= tier
        if reached.all() or not reached.any():
            # One answer only: half an example of either more, as in `smoothed`.
            return float((reached.sum() + 0.5) / (len(reached) + 1))
        positions = self.encoder.category_positions
        return _boosters.dataset(matrix, reached, positions, rows.weights, rows.threads)

    def fit(self, settings: Mapping[str, Any], seed: int) -> tuple[lightgbm.Booster | float, ...]:
        """Fit a booster for each question that has two answers; else return the constant."""
        return tuple(
            question
            if isinstance(question, float)
            else _boosters.fit(question, settings, seed, self._threads)
            for question in self._questions
        )
