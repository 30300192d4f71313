"""The regression: the mean of CatBoost and its companions at the longest horizon, and steps down.

One companion is enough where releases are many. Where they are few, chance has a larger part in
what a tree learns, and two that learn in different manners err less than one. An earlier horizon is
the longest one less a step, which has a small CatBoost of its own: what is missing between day 14
and day 30 is far better known than either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.releases.models.center import CENTER_SPACE, CenterModel
from upswell.releases.models.companion import PLAIN, THOROUGH, CompanionModel, Manner
from upswell.releases.models.lesson import run_all
from upswell.releases.models.space import defaults

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BlendModel"]

Floats = NDArray[np.float64]

_STEPS = {**defaults(CENTER_SPACE), "trees": 150, "learning_rate": 0.08, "depth": 5}
"""Settings of the steps, which are not tuned."""


@dataclass(frozen=True)
class BlendModel:
    """Expected ratios at ``H`` horizons.

    Parameters
    ----------
    center, companions
        The learners of the longest horizon; each has the same say.
    steps
        From the longest horizon to each of the others; None where there is one only.
    """

    center: CenterModel
    companions: tuple[CompanionModel, ...]
    steps: CenterModel | None

    @property
    def learners(self) -> tuple[CenterModel | CompanionModel, ...]:
        """All learners of the longest horizon."""
        return (self.center, *self.companions)

    @property
    def horizons(self) -> int:
        """Number of horizons, ``H``; 0 where the parts do not fit together."""
        alone = all(len(each.boosters) == 1 for each in self.learners)
        return (1 if self.steps is None else len(self.steps.boosters) + 1) if alone else 0

    @classmethod
    def fit(
        cls,
        features: pl.DataFrame,
        ratios: Floats,
        settings: Mapping[str, Any],
        *,
        seed: int,
        weights: Floats | None = None,
        thorough: bool = False,
        workers: int = 1,
    ) -> BlendModel:
        """Learn from ``N`` releases.

        Parameters
        ----------
        features, ratios, settings, seed, weights
            As for `CenterModel.fit`.
        thorough
            Whether to teach two companions.
        workers
            Number of learners that are taught at once.
        """
        last, others = ratios[:, -1:], ratios[:, :-1]

        def center(ratios: Floats, settings: Mapping[str, Any]) -> CenterModel:
            return CenterModel.fit(features, ratios, settings, seed=seed, weights=weights)

        def companion(manner: Manner) -> CompanionModel:
            return CompanionModel.fit(features, last, seed=seed, weights=weights, manner=manner)

        tasks: list[Callable[[], Any]] = [partial(center, last, settings)]
        tasks += [partial(companion, manner) for manner in (THOROUGH if thorough else (PLAIN,))]
        if others.shape[1]:
            tasks.append(partial(center, others - last, _STEPS))
        first, *rest = run_all(tasks, workers)
        steps = rest.pop() if others.shape[1] else None
        return cls(first, tuple(rest), steps)

    def predict(self, features: pl.DataFrame) -> Floats:
        """Return expected ratios, shape ``(N, H)``.

        Raises
        ------
        ColumnError
            When a feature is missing or of another kind than in training.
        """
        last = np.mean([each.predict(features) for each in self.learners], axis=0)
        if self.steps is None:
            return np.asarray(last)
        return np.concatenate([last + self.steps.predict(features), last], axis=1)

    def entries(self, folder: str) -> tuple[dict[str, bytes], dict[str, Any]]:
        """Return the model as entries of a bundle, and a head of plain data."""
        files, center = self.center.entries(f"{folder}/catboost")
        companions = []
        for number, companion in enumerate(self.companions, start=1):
            own, head = companion.entries(f"{folder}/lightgbm-{number}")
            companions.append(head)
            files |= own
        steps: tuple[dict[str, bytes], dict[str, Any] | None] = ({}, None)
        if self.steps is not None:
            steps = self.steps.entries(f"{folder}/steps")
        return {**files, **steps[0]}, {
            "center": center,
            "companions": companions,
            "steps": steps[1],
        }

    @classmethod
    def from_entries(cls, entries: Mapping[str, bytes], head: Mapping[str, Any]) -> BlendModel:
        """Return a model from the entries of a bundle whose hashes were checked.

        Raises
        ------
        BundleError
            When an entry is missing or not what it should be.
        """
        try:
            steps = head["steps"]
            return cls(
                CenterModel.from_entries(entries, head["center"]),
                tuple(CompanionModel.from_entries(entries, each) for each in head["companions"]),
                None if steps is None else CenterModel.from_entries(entries, steps),
            )
        except (KeyError, TypeError) as error:
            raise BundleError("the bundle's regression is damaged") from error
