"""One trained answer for one kind of window: ratio, centre, spread, tiers, and how they are one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.releases.frames import FeatureTable
from upswell.releases.models.blend import BlendModel
from upswell.releases.models.calibration import Calibrator, calibrate
from upswell.releases.models.classifier import TierModel
from upswell.releases.models.distribution import monotone, pool, reach_of
from upswell.releases.models.lesson import FEW, Lesson, features_of, ratio_rows, run_all
from upswell.releases.models.ordinal import log_loss, reach, tier_probabilities
from upswell.releases.models.ratio import LogRatio
from upswell.releases.models.rehearsal import Rehearsal, teach_tiers
from upswell.releases.models.spread import GRID, SpreadModel

__all__ = ["Expert", "fit_expert"]

Floats = NDArray[np.float64]

_WEIGHTS = (0.0, 0.25, 0.5, 0.75)
_HEAD = "expert.json"


@dataclass(frozen=True)
class Expert:
    """Distributions of the outcome of releases with one kind of window.

    Parameters
    ----------
    ratio, center, spread
        The regression: what it learns, the mean of its learners, and how far outcomes lie from it.
    tiers, calibrators, weights
        The classification at each of ``H`` horizons, its calibration, and its weight in the pool.
    bounds
        Bounds of the tiers.
    reach
        Smallest and largest window total that training saw; not the chance to reach a tier.
    """

    ratio: LogRatio
    center: BlendModel
    spread: SpreadModel
    tiers: tuple[TierModel, ...]
    calibrators: tuple[Calibrator, ...]
    weights: tuple[float, ...]
    bounds: tuple[float, ...]
    reach: tuple[float, float]

    def rehearsal_of(self, table: FeatureTable, log_outcomes: Floats) -> Rehearsal:
        """Return what is said of releases that training had not seen, as one block of time."""
        features = features_of(table)
        expected = self.ratio.offset(table) + self.center.predict(features)
        chances = [model.raw_probabilities(features) for model in self.tiers]
        return Rehearsal(
            releases=tuple(table.keys["release"].to_list()),
            blocks=np.zeros(len(table), dtype=np.int64),
            errors=log_outcomes - expected,
            chances=np.stack(chances, axis=1),
        )

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
        # Each release is predicted by itself: how many models do so at once changes nothing.
        asked: list[Callable[[], Floats]] = [
            lambda: self.center.predict(features),
            lambda: self.spread.quantiles(features),
            *(partial(model.raw_probabilities, features) for model in self.tiers),
        ]
        expected, spread, *raw = run_all(asked, min(os.cpu_count() or 1, len(asked)))
        center = self.ratio.offset(table) + expected
        curves = np.maximum(center + spread, 0.0)
        differs = np.zeros(center.shape, dtype=np.bool_)
        for place, (found, calibrator) in enumerate(zip(raw, self.calibrators, strict=True)):
            own = reach_of(curves[:, :, place], self.bounds)
            chances = calibrator.apply(found)
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
    def from_entries(cls, entries: Mapping[str, bytes], folder: str) -> Expert:
        """Return an expert from the entries of a bundle whose hashes were checked.

        Raises
        ------
        BundleError
            When an entry is missing or not what it should be.
        """
        try:
            head = json.loads(entries[f"{folder}/{_HEAD}"])
            count = len(head["weights"])
            expert = cls(
                LogRatio.from_json(head["ratio"]),
                BlendModel.from_entries(entries, head["center"]),
                SpreadModel.from_entries(entries, head["spread"]),
                tuple(
                    TierModel.from_entries(entries, f"{folder}/tiers-{place + 1}")
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
        if not expert._agrees():
            raise BundleError("the bundle's models do not fit together", fix="get the bundle again")
        return expert

    def _agrees(self) -> bool:
        """Say whether all parts are of the same horizons and tiers."""
        horizons, tiers = len(self.weights), len(self.bounds) + 1
        return (
            horizons > 0
            and {
                len(self.calibrators),
                self.center.horizons,
                len(self.spread.boosters),
                *self.ratio.silent.shape,
            }
            == {horizons}
            and {len(model.counts) for model in self.tiers} == {tiers}
            and {len(each.curves) + 1 for each in self.calibrators} == {tiers}
        )


def fit_expert(
    lesson: Lesson,
    rehearsal: Rehearsal,
    center_settings: Mapping[str, Any],
    tier_settings: Mapping[str, Any],
    *,
    seed: int,
    workers: int = 1,
) -> Expert:
    """Teach an expert: models on all releases, ranges and calibration from a rehearsal.

    Parameters
    ----------
    lesson
        What is taught.
    rehearsal
        What was said of some of its releases out of fold.
    center_settings, tier_settings
        A value for each name of `CENTER_SPACE` and `CLASSIFIER_SPACE`.
    seed
        Seed of all random choices.
    workers
        Number of models that are taught at once.
    """
    features = lesson.features()
    every = np.arange(len(lesson.table))
    ratio, taught, ratios, weights = ratio_rows(lesson, features, every, echoes=True)
    rows = rehearsal.places(lesson)
    blocks = [np.flatnonzero(rehearsal.blocks == block) for block in np.unique(rehearsal.blocks)]
    # The learners of the regression take longest, so they share the workers first.
    center = BlendModel.fit(
        taught,
        ratios,
        center_settings,
        seed=seed,
        weights=weights,
        thorough=len(every) <= FEW,
        workers=workers,
    )
    tasks: list[Callable[[], Any]] = [
        lambda: SpreadModel.fit(features[rows], rehearsal.errors, blocks, seed=seed),
        *(
            partial(teach_tiers, lesson, features, place, every, settings=tier_settings, seed=seed)
            for place in range(lesson.horizons)
        ),
    ]
    spread, *tiers = run_all(tasks, workers)
    reckoned = [
        _reckoned(lesson, rehearsal, rows, spread.quantiles(features[rows]), place)
        for place in range(lesson.horizons)
    ]
    total = lesson.table.window_total(lesson.base)
    return Expert(
        ratio,
        center,
        spread,
        tuple(tiers),
        tuple(calibrator for calibrator, _ in reckoned),
        tuple(weight for _, weight in reckoned),
        lesson.bounds,
        (float(total.min()), float(total.max())),
    )


def _reckoned(
    lesson: Lesson, rehearsal: Rehearsal, rows: NDArray[np.int64], spread: Floats, place: int
) -> tuple[Calibrator, float]:
    """Return the calibration of the tiers at one horizon, and their weight in the pool."""
    own = np.flatnonzero(np.isfinite(rehearsal.errors[:, place]))
    labels = lesson.tiers(place, rows[own])
    calibrator = calibrate(rehearsal.chances[own, place], labels)
    chances = calibrator.apply(rehearsal.chances[own, place])
    expected = lesson.log_outcomes[rows[own], place] - rehearsal.errors[own, place]
    curves = np.maximum(expected + spread[:, own, place], 0.0)
    actual = lesson.log_outcomes[rows[own], place]
    losses, misses = [], []
    for weight in _WEIGHTS:
        pooled = pool(curves, lesson.bounds, reach(chances), weight)
        losses.append(log_loss(tier_probabilities(reach_of(pooled, lesson.bounds)), labels))
        misses.append(float(np.mean((actual - pooled[GRID.index(0.5)]) ** 2)))
    # The tiers may bend the number as far as it does not suffer.
    fair = [
        loss if miss <= misses[0] else np.inf for loss, miss in zip(losses, misses, strict=True)
    ]
    return calibrator, _WEIGHTS[int(np.argmin(fair))]
