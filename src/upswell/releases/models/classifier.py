"""Tiers: one LightGBM for each "this tier or above", and the probabilities that follow.

Tiers are ordered, so ``K`` tiers are ``K - 1`` questions (Frank and Hall 2001). On simulated
ordinal problems its log-loss was that of one booster for all classes within 1%, its accuracy a
little higher, and each question can be calibrated on its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.releases.models import _boosters
from upswell.releases.models._tier_rows import PreparedRows, TierRows
from upswell.releases.models.encoding import FeatureEncoder
from upswell.releases.models.ordinal import smoothed, tier_probabilities
from upswell.releases.models.space import FloatRange, IntegerRange, Space

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CLASSIFIER_SPACE", "TierModel"]

CLASSIFIER_SPACE: Space = {
    "rounds": IntegerRange(40, 250, default=120, log=True),
    "learning_rate": FloatRange(0.02, 0.25, default=0.06, log=True),
    "leaves": IntegerRange(3, 24, default=6, log=True),
    "least_rows": IntegerRange(5, 150, default=25, log=True),
    "feature_share": FloatRange(0.1, 0.8, default=0.4, log=True),
    "row_share": FloatRange(0.5, 1.0, default=0.8),
    "l2": FloatRange(0.01, 50.0, default=3.0, log=True),
}
"""What may be tuned: trees, their step, leaves and least rows in one, shares of features and rows
that a tree sees, and the penalty on leaf values."""

_HEAD = "classifier.json"
_AGAIN = "get the bundle again, or train the model again"


@dataclass(frozen=True)
class TierModel:
    """Probabilities of ``K`` ordered tiers.

    Parameters
    ----------
    encoder
        What the columns of the features are.
    boosters
        For each tier above the lowest, the booster that says whether it is reached, or a constant
        where training saw only one answer.
    counts
        Number of examples of each tier in training, ``K`` of them.
    threads
        Number of threads.
    """

    encoder: FeatureEncoder
    boosters: tuple[_boosters.Booster | float, ...]
    counts: tuple[int, ...]
    threads: int = 1

    @classmethod
    def fit(
        cls,
        features: pl.DataFrame,
        tiers: NDArray[np.int64],
        count: int,
        settings: Mapping[str, Any],
        *,
        seed: int,
        weights: NDArray[np.float64] | None = None,
        threads: int = 1,
    ) -> TierModel:
        """Learn from ``N`` releases.

        Parameters
        ----------
        features
            ``N`` rows of numbers (null where unknown) and texts.
        tiers
            What happened, 0 to ``count - 1``, shape ``(N,)``. A tier without an example gets a
            small probability (see `smoothed`) and stands in `empty_tiers`.
        count
            Number of tiers, at least 2.
        settings
            A value for each name of `CLASSIFIER_SPACE`.
        seed
            Seed of the draws of rows and features.
        weights
            Weight of each release, shape ``(N,)``.
        threads
            Number of threads; the same number gives the same bytes.

        Raises
        ------
        SettingError
            When there is no release, or a tier out of range.
        """
        rows = TierRows(
            features=features, tiers=tiers, count=count, weights=weights, threads=threads
        )
        prepared = PreparedRows(rows)
        return cls(prepared.encoder, prepared.fit(settings, seed), prepared.counts, threads)

    @property
    def empty_tiers(self) -> tuple[int, ...]:
        """Tiers of which training had no example."""
        return tuple(tier for tier, count in enumerate(self.counts) if count == 0)

    @property
    def codes(self) -> tuple[str, ...]:
        """What is to be said of the model: ``empty-tier`` when a tier had no example."""
        return ("empty-tier",) if self.empty_tiers else ()

    def raw_probabilities(self, features: pl.DataFrame) -> NDArray[np.float64]:
        """Return the probability of each tier before calibration, shape ``(N, K)``.

        Raises
        ------
        ColumnError
            When a feature is missing or of another kind than in training.
        """
        return self.from_matrix(self.encoder.matrix(features))

    def from_matrix(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each tier from encoded features, shape ``(N, K)``."""
        columns = [
            np.full(len(matrix), booster)
            if isinstance(booster, float)
            else _boosters.predict(booster, matrix, self.threads)
            for booster in self.boosters
        ]
        return smoothed(tier_probabilities(np.stack(columns, axis=1)), sum(self.counts))

    def gains(self) -> dict[str, float]:
        """Return the share of each feature in what the trees gained, largest first."""
        total = np.zeros(len(self.encoder.names))
        for booster in self.boosters:
            if not isinstance(booster, float):
                gain = booster.feature_importance("gain")
                total += gain / max(gain.sum(), np.finfo(float).tiny)
        share = total / max(total.sum(), np.finfo(float).tiny)
        order = np.lexsort((np.array(self.encoder.names), -share))
        return {self.encoder.names[place]: float(share[place]) for place in order}

    def entries(self, folder: str = "tiers") -> dict[str, bytes]:
        """Return the model as entries of a bundle: JSON, and a text for each booster."""
        head: dict[str, Any] = {
            "features": self.encoder.to_json(),
            "counts": list(self.counts),
            "boosters": [],
        }
        answer = {}
        for place, booster in enumerate(self.boosters, start=1):
            if isinstance(booster, float):
                head["boosters"].append(booster)
            else:
                name = f"tier-{place}-or-above.txt"
                head["boosters"].append(name)
                answer[f"{folder}/{name}"] = _boosters.booster_bytes(booster)
        answer[f"{folder}/{_HEAD}"] = json.dumps(head, sort_keys=True, indent=1).encode()
        return answer

    @classmethod
    def from_entries(
        cls, entries: Mapping[str, bytes], folder: str = "tiers", threads: int = 1
    ) -> TierModel:
        """Return a model from the entries of a bundle whose hashes were checked.

        Raises
        ------
        BundleError
            When an entry is missing or not what it should be.
        """
        try:
            head = json.loads(entries[f"{folder}/{_HEAD}"])
            encoder = FeatureEncoder.from_json(head["features"])
            counts = tuple(int(each) for each in head["counts"])
            named = list(head["boosters"])
            boosters = tuple(
                float(each)
                if isinstance(each, float)
                else _boosters.booster_from_bytes(
                    entries[f"{folder}/{each}"], len(encoder.names), f"{folder}/{each}"
                )
                for each in named
            )
        except KeyError as error:
            raise BundleError(f"the bundle has no entry {error}", fix=_AGAIN) from error
        except (ValueError, TypeError, RecursionError) as error:
            raise BundleError("the bundle's model of tiers is damaged", fix=_AGAIN) from error
        constants = [each for each in boosters if isinstance(each, float)]
        if not (
            len(counts) == len(boosters) + 1 >= 2
            and min(counts) >= 0
            and all(0 <= each <= 1 for each in constants)
        ):
            raise BundleError("the bundle's model of tiers is damaged", fix=_AGAIN)
        return cls(encoder, boosters, counts, threads)
