"""What the tuning of the regression minimises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.releases.judging.inner import InnerFold
from upswell.releases.models.center import CenterRows
from upswell.releases.models.lesson import Lesson
from upswell.releases.models.ratio import LogRatio
from upswell.releases.models.tuning import Objective

__all__ = ["center_objective"]

_MOST_ROWS = 3_000


def center_objective(lesson: Lesson) -> Objective:
    """Return what `tune` minimises: RMSLE at the longest horizon on each inner fold in time.

    Features are put in bins once per fold, from its training rows only, and kept for all trials.

    Parameters
    ----------
    lesson
        Releases, outcomes and folds.

    Raises
    ------
    SettingError
        When there is no fold.
    """
    if not lesson.folds:
        raise SettingError("tuning needs at least one inner fold")
    folds = [_Fold(lesson, fold) for fold in lesson.folds]

    def objective(settings: Mapping[str, Any], seed: int) -> Iterator[float]:
        for fold in folds:
            yield fold.score(settings, seed)

    return objective


class _Fold:
    """One inner fold: training rows in bins, and what its test rows came to."""

    def __init__(self, lesson: Lesson, fold: InnerFold) -> None:
        features = lesson.features()
        last = lesson.log_outcomes[:, -1:]
        rows = _thinned(fold.train)
        taught = lesson.table.take(rows)
        ratio = LogRatio.fit(taught, last[rows], lesson.base)
        self._rows = CenterRows(
            features[rows], ratio.of(taught, last[rows])[:, 0], lesson.weights()[rows]
        )
        known = fold.test[np.isfinite(last[fold.test, 0])]
        self._matrix = self._rows.encoder.matrix(features[known])
        self._missing: NDArray[np.float64] = (
            last[known, 0] - ratio.offset(lesson.table.take(known))[:, 0]
        )

    def score(self, settings: Mapping[str, Any], seed: int) -> float:
        found = self._rows.predict(self._matrix, settings, seed)
        return float(np.sqrt(np.mean((self._missing - found) ** 2)))


def _thinned(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return some of many rows, evenly: enough to tell settings apart.

    Examples
    --------
    >>> len(_thinned(np.arange(100))), len(_thinned(np.arange(20_000)))
    (100, 3000)
    """
    if len(rows) <= _MOST_ROWS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, _MOST_ROWS).round().astype(np.int64)]
