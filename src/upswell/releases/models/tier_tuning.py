"""What the tuning of the tiers minimises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.releases.models._tier_rows import PreparedRows, TierRows
from upswell.releases.models.classifier import TierModel
from upswell.releases.models.ordinal import log_loss
from upswell.releases.models.tuning import Objective

if TYPE_CHECKING:
    import polars as pl

__all__ = ["tier_objective"]


def tier_objective(
    features: pl.DataFrame,
    tiers: NDArray[np.int64],
    count: int,
    folds: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]],
    *,
    weights: NDArray[np.float64] | None = None,
    threads: int = 1,
) -> Objective:
    """Return what `tune` minimises: log-loss on each inner fold in time.

    Rows are put in bins once per fold, from its training rows only, and kept for all trials; each
    of several trials at once has bins of its own.

    Parameters
    ----------
    features, tiers, count, weights, threads
        As for `TierModel.fit`.
    folds
        Positions of training and test rows of each fold, in the order of time.

    Raises
    ------
    SettingError
        When there is no fold, an empty one, or a tier out of range.
    """
    if not folds or any(len(train) == 0 or len(test) == 0 for train, test in folds):
        raise SettingError("tuning needs at least one inner fold, each with rows on both sides")
    rows = TierRows(features=features, tiers=tiers, count=count, weights=weights, threads=threads)
    idle: list[list[_Fold]] = []

    @contextmanager
    def borrowed() -> Iterator[list[_Fold]]:
        try:
            own = idle.pop()
        except IndexError:
            own = [_Fold(rows.take(train), rows.take(test)) for train, test in folds]
        try:
            yield own
        finally:
            idle.append(own)

    def objective(settings: Mapping[str, Any], seed: int) -> Iterator[float]:
        with borrowed() as own:
            for fold in own:
                yield fold.score(settings, seed)

    return objective


class _Fold:
    """One inner fold: training rows in bins, and test rows."""

    def __init__(self, train: TierRows, test: TierRows) -> None:
        self._train = PreparedRows(train)
        self._matrix = self._train.encoder.matrix(test.features)
        self._test = test

    def score(self, settings: Mapping[str, Any], seed: int) -> float:
        boosters = self._train.fit(settings, seed)
        model = TierModel(self._train.encoder, boosters, self._train.counts, self._test.threads)
        found = model.from_matrix(self._matrix)
        return log_loss(found, self._test.tiers, self._test.weights)
