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
        self._rows = rows
        self._bins: lightgbm.Dataset | None = None

    def fit(self, settings: Mapping[str, Any], seed: int) -> tuple[lightgbm.Booster | float, ...]:
        """Fit a booster for each question that has two answers; else return the constant."""
        questions = [self._rows.tiers >= tier for tier in range(1, self._rows.count)]
        return tuple(self._fit(answers, settings, seed) for answers in questions)

    def _fit(
        self, answers: NDArray[np.bool_], settings: Mapping[str, Any], seed: int
    ) -> lightgbm.Booster | float:
        constant = _answer_of_all(answers)
        if constant is not None:
            return constant
        if self._bins is None:
            self._bins = _boosters.dataset(
                self.encoder.matrix(self._rows.features),
                self.encoder.category_positions,
                self._rows.weights,
                self._rows.threads,
            )
        return _boosters.fit(self._bins, answers, settings, seed=seed, threads=self._rows.threads)


def _answer_of_all(answers: NDArray[np.bool_]) -> float | None:
    """Return the probability of yes where all answers are one; None where they differ."""
    if answers.any() and not answers.all():
        return None
    # Half an example of either answer more, as in `smoothed`.
    return float((answers.sum() + 0.5) / (len(answers) + 1))
