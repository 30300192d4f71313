"""What is taught: releases, what became of them, and the folds in time within them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureTable
from upswell.releases.judging.inner import InnerFold
from upswell.releases.judging.trivial import tiers_of
from upswell.releases.models.ratio import LogRatio

if TYPE_CHECKING:
    import polars as pl

__all__ = ["FEW", "Lesson", "features_of", "ratio_rows", "run_all"]

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]
Answer = TypeVar("Answer")

FEW = 15_000
"""Releases up to which it pays to look twice: at each of them, and with learners that differ."""

_AGE = "window_days_so_far"
_ECHO_WEIGHT = 0.5
_HALF_LIFE = 5.0
"""Years after which a release counts half: platforms change, but slowly."""


@dataclass(frozen=True)
class Lesson:
    """What is taught.

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
    echo
        The same releases in the same order, as of a day earlier; None for none. They teach the
        regression once more at half the weight, which steadies it where releases are few.
    """

    table: FeatureTable
    log_outcomes: Floats
    folds: Sequence[InnerFold]
    bounds: tuple[float, ...]
    base: str
    echo: FeatureTable | None = None

    @property
    def horizons(self) -> int:
        """Number of horizons, ``H``."""
        return int(self.log_outcomes.shape[1])

    def features(self) -> pl.DataFrame:
        """Return the features with the age of the window beside them."""
        return features_of(self.table)

    def weights(self) -> Floats:
        """Return the weight of each release, shape ``(N,)``: 1 for the latest, halved by age."""
        days = self.table.keys["release_date"].to_numpy().astype("datetime64[D]")
        years = (days.max() - days).astype(np.int64) / 365.25
        return np.asarray(0.5 ** (years / _HALF_LIFE), dtype=np.float64)

    def known(self, horizon: int, rows: Positions | None = None) -> Positions:
        """Return those of some rows whose outcome at a horizon, by its position, is known."""
        own = np.arange(len(self.table)) if rows is None else rows
        return np.asarray(own[np.isfinite(self.log_outcomes[own, horizon])], dtype=np.int64)

    def tiers(self, horizon: int, rows: Positions) -> NDArray[np.int64]:
        """Return the tiers of some rows whose outcome at a horizon is known."""
        # The way through the logarithm must not push a count over a bound.
        return tiers_of(np.round(np.expm1(self.log_outcomes[rows, horizon]), 6), self.bounds)


def ratio_rows(
    lesson: Lesson, features: pl.DataFrame, rows: Positions, *, echoes: bool
) -> tuple[LogRatio, pl.DataFrame, Floats, Floats]:
    """Return what the regression is taught by some of the releases.

    Parameters
    ----------
    lesson
        What is taught.
    features
        Its features.
    rows
        Positions of the releases that teach.
    echoes
        Whether their echoes teach too. A rehearsal goes without, for speed: its errors are then a
        little larger than those of the final model, never smaller.

    Returns
    -------
    LogRatio
        Fitted to these releases.
    polars.DataFrame
        Features of ``M`` rows.
    numpy.ndarray
        Their log ratios, shape ``(M, H)``.
    numpy.ndarray
        Their weights, shape ``(M,)``.
    """
    import polars as pl

    taught, outcomes = lesson.table.take(rows), lesson.log_outcomes[rows]
    ratio = LogRatio.fit(taught, outcomes, lesson.base)
    ratios, weights = ratio.of(taught, outcomes), lesson.weights()[rows]
    if lesson.echo is None or not echoes:
        return ratio, features[rows], ratios, weights
    echo = lesson.echo.take(rows)
    return (
        ratio,
        pl.concat([features[rows], features_of(echo)]),
        np.concatenate([ratios, ratio.of(echo, outcomes)]),
        np.concatenate([weights, _ECHO_WEIGHT * weights]),
    )


def features_of(table: FeatureTable) -> pl.DataFrame:
    """Return the features of a table with the age of the window beside them."""
    import polars as pl

    return table.features.with_columns(table.keys["age"].cast(pl.Float64).alias(_AGE))


def run_all(tasks: Sequence[Callable[[], Answer]], workers: int) -> list[Answer]:
    """Return the answers of some tasks in their order; several at once in threads.

    Each model is fitted by one thread, and several models at once: the bytes then do not depend on
    the number of cores.

    Examples
    --------
    >>> run_all([lambda: 1, lambda: 2], workers=2)
    [1, 2]
    """
    if workers == 1 or len(tasks) < 2:
        return [task() for task in tasks]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda task: task(), tasks))
