"""The expected log ratio at each horizon: CatBoost with a robust loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.releases.models._horizons import kept, predicted, restored
from upswell.releases.models.catboost_bytes import catboost_bytes, catboost_from_bytes
from upswell.releases.models.encoding import FeatureEncoder
from upswell.releases.models.space import FloatRange, IntegerRange, Space

if TYPE_CHECKING:
    import catboost
    import polars as pl

__all__ = ["CENTER_SPACE", "CenterModel", "CenterRows", "fit_catboost", "robust_spread"]

Floats = NDArray[np.float64]

CENTER_SPACE: Space = {
    "trees": IntegerRange(150, 700, default=500, log=True),
    "learning_rate": FloatRange(0.02, 0.15, default=0.05, log=True),
    "depth": IntegerRange(3, 8, default=7),
    "l2": FloatRange(1.0, 50.0, default=4.0, log=True),
    "feature_share": FloatRange(0.06, 0.35, default=0.2, log=True),
    "row_share": FloatRange(0.5, 1.0, default=0.8),
    "bend": FloatRange(0.5, 6.0, default=4.0, log=True),
}
"""What may be tuned: trees, their step and depth, the penalty on leaf values, shares of features
and rows that a tree sees, and from how many standard deviations on an error counts no longer by its
square (Huber 1964)."""

_BORDERS = 64
_LEAST_ROWS = 10
"""Releases below which the mean is all that is learned; CatBoost refuses to draw from so few."""


@dataclass(frozen=True)
class CenterModel:
    """Expected ratios at ``H`` horizons.

    Parameters
    ----------
    encoder
        What the columns of the features are.
    boosters
        A CatBoost model for each horizon, or a constant where training saw only one value.
    threads
        Number of threads.
    """

    encoder: FeatureEncoder
    boosters: tuple[catboost.CatBoost | float, ...]
    threads: int = 1

    @classmethod
    def fit(
        cls,
        features: pl.DataFrame,
        ratios: Floats,
        settings: Mapping[str, Any],
        *,
        seed: int,
        weights: Floats | None = None,
        threads: int = 1,
    ) -> CenterModel:
        """Learn from ``N`` releases.

        Parameters
        ----------
        features
            ``N`` rows of numbers (null where unknown) and texts.
        ratios
            Shape ``(N, H)``, NaN where unknown; each horizon has one at least.
        settings
            A value for each name of `CENTER_SPACE`.
        seed
            Seed of the draws of rows and features.
        weights
            Weight of each release, shape ``(N,)``.
        threads
            Number of threads; the same number gives the same bytes.
        """
        encoder = FeatureEncoder.fit(features)
        matrix = encoder.matrix(features)
        boosters = []
        for column in ratios.T:
            known = np.isfinite(column)
            boosters.append(
                fit_catboost(
                    matrix[known],
                    column[known],
                    _options(settings, column[known]) | {"random_seed": seed},
                    weights=None if weights is None else weights[known],
                    threads=threads,
                )
            )
        return cls(encoder, tuple(boosters), threads)

    def predict(self, features: pl.DataFrame) -> Floats:
        """Return expected ratios, shape ``(N, H)``.

        Raises
        ------
        ColumnError
            When a feature is missing or of another kind than in training.
        """
        matrix = self.encoder.matrix(features)
        return predicted(
            self.boosters,
            matrix,
            lambda booster: booster.predict(matrix, thread_count=self.threads),
        )

    def entries(self, folder: str) -> tuple[dict[str, bytes], dict[str, Any]]:
        """Return the model as entries of a bundle, and a head of plain data."""
        return kept(self.encoder, self.boosters, f"{folder}/horizon-{{}}.cbm", catboost_bytes)

    @classmethod
    def from_entries(
        cls, entries: Mapping[str, bytes], head: Mapping[str, Any], threads: int = 1
    ) -> CenterModel:
        """Return a model from the entries of a bundle whose hashes were checked.

        Raises
        ------
        BundleError
            When an entry is missing or not what it should be.
        """
        encoder, boosters = restored(
            entries, head, lambda data, *_: catboost_from_bytes(data, "regressor")
        )
        return cls(encoder, boosters, threads)


class CenterRows:
    """Releases that teach one horizon, put in bins once for many settings.

    Parameters
    ----------
    features
        ``N`` rows.
    ratios
        Shape ``(N,)``, NaN where unknown.
    weights
        Weight of each release, shape ``(N,)``.
    threads
        Number of threads.
    """

    def __init__(
        self, features: pl.DataFrame, ratios: Floats, weights: Floats, *, threads: int = 1
    ) -> None:
        from catboost import Pool

        known = np.isfinite(ratios)
        self.encoder = FeatureEncoder.fit(features)
        matrix = self.encoder.matrix(features)[known]
        self._target = ratios[known]
        self._threads = threads
        self._pool: Pool | None = None
        if _can_teach(matrix, self._target):
            self._pool = Pool(matrix, self._target, weight=weights[known])
            self._pool.quantize(border_count=_BORDERS)

    def predict(self, matrix: Floats, settings: Mapping[str, Any], seed: int) -> Floats:
        """Return ratios of other releases, shape ``(M,)``, after a fit with some settings."""
        if self._pool is None:
            return np.full(len(matrix), float(np.mean(self._target)))
        model = _regressor(_options(settings, self._target) | {"random_seed": seed}, self._threads)
        model.fit(self._pool)
        return np.asarray(model.predict(matrix, thread_count=self._threads), dtype=np.float64)


def fit_catboost(
    matrix: Floats,
    target: Floats,
    options: Mapping[str, Any],
    *,
    weights: Floats | None = None,
    threads: int = 1,
) -> catboost.CatBoost | float:
    """Return a fitted model; the mean where all targets are equal, or nothing can be told apart.

    Parameters
    ----------
    matrix
        Shape ``(N, F)``, NaN where unknown.
    target
        Shape ``(N,)``, no NaN.
    options
        CatBoost's own.
    weights
        Shape ``(N,)``.
    threads
        Number of threads.
    """
    if not _can_teach(matrix, target):
        return float(np.mean(target))
    model = _regressor({"border_count": _BORDERS, **options}, threads)
    model.fit(matrix, target, sample_weight=weights)
    return model


def _regressor(options: Mapping[str, Any], threads: int) -> catboost.CatBoost:
    from catboost import CatBoostRegressor

    return CatBoostRegressor(
        bootstrap_type="MVS",
        boosting_type="Plain",
        allow_writing_files=False,
        verbose=False,
        thread_count=threads,
        **options,
    )


def _can_teach(matrix: Floats, target: Floats) -> bool:
    """Say whether there are releases enough, and any feature tells them apart."""
    # CatBoost keeps targets in single precision, and refuses those that are all equal there.
    if len(target) < _LEAST_ROWS or np.ptp(target.astype(np.float32)) == 0:
        return False
    first = matrix[:1]
    same = (matrix == first) | (np.isnan(matrix) & np.isnan(first))
    return not bool(same.all())


def robust_spread(target: Floats) -> float:
    """Return the spread of some values from their tenths, as of a normal; never 0.

    Examples
    --------
    >>> round(robust_spread(np.linspace(-1.0, 1.0, 101)), 3)
    0.624
    """
    low, high = np.quantile(target, [0.1, 0.9])
    return max(float(high - low) / 2.5631, 1e-3)


def _options(settings: Mapping[str, Any], target: Floats) -> dict[str, Any]:
    """Return CatBoost's options; the bend is in units of the robust spread of the target."""
    spread = robust_spread(target)
    return {
        "iterations": int(settings["trees"]),
        "learning_rate": float(settings["learning_rate"]),
        "depth": int(settings["depth"]),
        "l2_leaf_reg": float(settings["l2"]),
        "rsm": float(settings["feature_share"]),
        "subsample": float(settings["row_share"]),
        "loss_function": f"Huber:delta={float(settings['bend']) * spread:.6g}",
    }
