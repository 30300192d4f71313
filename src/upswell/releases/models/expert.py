"""One trained answer for one kind of window: ratio, centre, spread, tiers, and how they are one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError, RefusalError
from upswell.releases.frames import FeatureTable
from upswell.releases.judging.inner import InnerFold
from upswell.releases.judging.trivial import tiers_of
from upswell.releases.models.calibration import Calibrator, calibrate
from upswell.releases.models.center import CenterModel
from upswell.releases.models.classifier import TierModel
from upswell.releases.models.distribution import monotone, pool, reach_of
from upswell.releases.models.ordinal import log_loss, reach, tier_probabilities
from upswell.releases.models.ratio import LogRatio
from upswell.releases.models.spread import GRID, SpreadModel

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Expert", "Lesson", "fit_expert"]

Floats = NDArray[np.float64]

_WEIGHTS = (0.0, 0.25, 0.5, 0.75)
_HEAD = "expert.json"
_AGE = "window_days_so_far"


@dataclass(frozen=True)
class Lesson:
    """What an expert is taught.

    Parameters
    ----------
    table
        Features of ``N`` releases.
    log_outcomes
        ``log(1 + streams)``, shape ``(N, H)``, NaN where unknown.
    folds
        Folds in time within them.
    bounds
        Bounds of the tiers, ascending.
    base
        The metric of the window.
    """

    table: FeatureTable
    log_outcomes: Floats
    folds: Sequence[InnerFold]
    bounds: tuple[float, ...]
    base: str

    def features(self) -> pl.DataFrame:
        """Return the features with the age of the window beside them."""
        return features_of(self.table)

    def tiers(self, horizon: int) -> NDArray[np.int64]:
        """Return the tier of each known outcome at one horizon, by position of the horizon."""
        own = self.log_outcomes[:, horizon]
        # The way through the logarithm must not push a count over a bound.
        streams = np.round(np.expm1(own[np.isfinite(own)]), 6)
        return tiers_of(streams, self.bounds)


def features_of(table: FeatureTable) -> pl.DataFrame:
    """Return the features of a table with the age of the window beside them."""
    import polars as pl

    return table.features.with_columns(table.keys["age"].cast(pl.Float64).alias(_AGE))


@dataclass(frozen=True)
class Expert:
    """Distributions of the outcome of releases with one kind of window.

    Parameters
    ----------
    ratio, center, spread
        The regression.
    tiers, calibrators, weights
        The classification at each of ``H`` horizons, its calibration, and its weight in the pool.
    bounds
        Bounds of the tiers.
    reach
        Smallest and largest window total that training saw.
    """

    ratio: LogRatio
    center: CenterModel
    spread: SpreadModel
    tiers: tuple[TierModel, ...]
    calibrators: tuple[Calibrator, ...]
    weights: tuple[float, ...]
    bounds: tuple[float, ...]
    reach: tuple[float, float]

    def curves(self, table: FeatureTable) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the distribution of each release, and where the two models disagree.

        Parameters
        ----------
        table
            Features of ``N`` releases.

        Returns
        -------
        numpy.ndarray
            Quantiles of ``log(1 + streams)`` at `GRID`, shape ``(G, N, H)``, ascending over levels
            and horizons.
        numpy.ndarray
            Whether the most probable tiers of the two models differ, shape ``(N, H)``.

        Raises
        ------
        ColumnError
            When a feature is missing or of another kind than in training.
        """
        features = features_of(table)
        center = self.ratio.offset(table) + self.center.predict(features)
        curves = np.maximum(center + self.spread.quantiles(features), 0.0)
        differs = np.zeros(center.shape, dtype=np.bool_)
        for place, (model, calibrator) in enumerate(zip(self.tiers, self.calibrators, strict=True)):
            own = reach_of(curves[:, :, place], self.bounds)
            chances = calibrator.apply(model.raw_probabilities(features))
            differs[:, place] = tier_probabilities(own).argmax(axis=1) != chances.argmax(axis=1)
            curves[:, :, place] = pool(
                curves[:, :, place], self.bounds, reach(chances), self.weights[place]
            )
        return monotone(curves), differs

    def entries(self, folder: str) -> dict[str, bytes]:
        """Return the expert as entries of a bundle."""
        center, center_head = self.center.entries(f"{folder}/center")
        spread, spread_head = self.spread.entries(f"{folder}/spread")
        head = {
            "ratio": self.ratio.to_json(),
            "center": center_head,
            "spread": spread_head,
            "calibrators": [each.to_json() for each in self.calibrators],
            "weights": list(self.weights),
            "bounds": list(self.bounds),
            "reach": list(self.reach),
        }
        files = {**center, **spread}
        for place, model in enumerate(self.tiers):
            files |= model.entries(f"{folder}/tiers-{place + 1}")
        return {
            **files,
            f"{folder}/{_HEAD}": json.dumps(head, sort_keys=True, allow_nan=False).encode(),
        }

    @classmethod
    def from_entries(cls, entries: Mapping[str, bytes], folder: str, threads: int = 1) -> Expert:
        """Return an expert from the entries of a bundle whose hashes were checked.

        Raises
        ------
        BundleError
            When an entry is missing or not what it should be.
        """
        try:
            head = json.loads(entries[f"{folder}/{_HEAD}"])
            count = len(head["weights"])
            return cls(
                LogRatio.from_json(head["ratio"]),
                CenterModel.from_entries(entries, head["center"], threads),
                SpreadModel.from_entries(entries, head["spread"], threads),
                tuple(
                    TierModel.from_entries(entries, f"{folder}/tiers-{place + 1}", threads)
                    for place in range(count)
                ),
                tuple(Calibrator.from_json(each) for each in head["calibrators"]),
                tuple(float(each) for each in head["weights"]),
                tuple(float(each) for each in head["bounds"]),
                (float(head["reach"][0]), float(head["reach"][1])),
            )
        except (KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
            raise BundleError(
                "the bundle's models are damaged", fix="get the bundle again, or train again"
            ) from error


def fit_expert(
    lesson: Lesson,
    center_settings: Mapping[str, Any],
    tier_settings: Mapping[str, Any],
    *,
    seed: int,
    threads: int = 1,
) -> Expert:
    """Teach an expert: errors and chances out of fold first, then the models on all releases.

    Parameters
    ----------
    lesson
        What is taught.
    center_settings, tier_settings
        A value for each name of `CENTER_SPACE` and `CLASSIFIER_SPACE`.
    seed
        Seed of all random choices.
    threads
        Number of threads.

    Raises
    ------
    RefusalError
        When the releases do not make one fold in time, so that no range can be learned.
    """
    if not lesson.folds:
        raise RefusalError(
            "the mature releases are too few, or too close in time, to learn ranges from",
            code="too-few-mature",
            fix="give more releases whose outcome window has closed",
        )
    features = lesson.features()
    ratio = LogRatio.fit(lesson.table, lesson.log_outcomes, lesson.base)
    errors = np.full(lesson.log_outcomes.shape, np.nan)
    count = len(lesson.bounds) + 1
    horizons = lesson.log_outcomes.shape[1]
    chances = np.full((*errors.shape, count), np.nan)
    for fold in lesson.folds:
        own = LogRatio.fit(lesson.table.take(fold.train), lesson.log_outcomes[fold.train], lesson.base)
        ratios = own.of(lesson.table, lesson.log_outcomes)
        model = CenterModel.fit(
            features[fold.train], ratios[fold.train], center_settings, seed=seed, threads=threads
        )
        tested = lesson.table.take(fold.test)
        guess = own.offset(tested) + model.predict(features[fold.test])
        errors[fold.test] = lesson.log_outcomes[fold.test] - guess
        for place in range(horizons):
            chances[fold.test, place] = _tier_model(
                lesson, features, place, fold.train, tier_settings, seed, threads
            ).raw_probabilities(features[fold.test])
    blocks = [fold.test for fold in lesson.folds]
    spread = SpreadModel.fit(features, errors, blocks, seed=seed, threads=threads)
    every = np.arange(len(lesson.table))
    tested_rows = np.concatenate(blocks)
    calibrators, weights = [], []
    for place in range(horizons):
        known = tested_rows[np.isfinite(errors[tested_rows, place])]
        labels = lesson.tiers(place)[_ranks(lesson.log_outcomes[:, place], known)]
        calibrator = calibrate(chances[known, place], labels)
        calibrators.append(calibrator)
        tested = lesson.table.take(known)
        guess = lesson.log_outcomes[known, place] - errors[known, place]
        curves = guess + spread.quantiles(features[known])[:, :, place]
        weights.append(
            _weight(curves, calibrator.apply(chances[known, place]), labels, lesson.bounds)
        )
    center = CenterModel.fit(
        features,
        ratio.of(lesson.table, lesson.log_outcomes),
        center_settings,
        seed=seed,
        threads=threads,
    )
    total = lesson.table.window_total(lesson.base)
    return Expert(
        ratio,
        center,
        spread,
        tuple(
            _tier_model(lesson, features, place, every, tier_settings, seed, threads)
            for place in range(horizons)
        ),
        tuple(calibrators),
        tuple(weights),
        lesson.bounds,
        (float(total.min()), float(total.max())),
    )


def _tier_model(
    lesson: Lesson,
    features: pl.DataFrame,
    place: int,
    rows: NDArray[np.int64],
    settings: Mapping[str, Any],
    seed: int,
    threads: int,
) -> TierModel:
    """Teach the tiers at one horizon to some of the releases."""
    column = lesson.log_outcomes[:, place]
    known = rows[np.isfinite(column[rows])]
    labels = lesson.tiers(place)[_ranks(column, known)]
    return TierModel.fit(
        features[known], labels, len(lesson.bounds) + 1, settings, seed=seed, threads=threads
    )


def _ranks(column: Floats, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of some rows among those whose outcome is known."""
    return (np.cumsum(np.isfinite(column)) - 1)[rows]


def _weight(
    curves: Floats, chances: Floats, labels: NDArray[np.int64], bounds: tuple[float, ...]
) -> float:
    """Return the weight of the classification that predicts tiers best out of fold."""
    losses = []
    for weight in _WEIGHTS:
        pooled = pool(curves, bounds, reach(chances), weight)
        losses.append(log_loss(tier_probabilities(reach_of(pooled, bounds)), labels))
    return _WEIGHTS[int(np.argmin(losses))]
