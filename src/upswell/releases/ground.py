"""What can be learned from the tables: releases as of their gates, with what became of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.errors import RefusalError
from upswell.releases.config import ReleasesConfig
from upswell.releases.frames import FeatureTable
from upswell.releases.gate import Memory, features_at, memory_of, outcomes_at
from upswell.releases.judging import base_metric, final_fold, folds_of, inner_folds
from upswell.releases.judging.folds import Fold
from upswell.releases.models.lesson import FEW, Lesson
from upswell.releases.tables import RawTables

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Ground", "lay_ground", "memory_at"]

Floats = NDArray[np.float64]

LEAST_MATURE = 30
"""Mature releases below which nothing is taught."""

INNER_FOLDS = 3


@dataclass(frozen=True)
class Ground:
    """Releases as of their gates, with what became of them.

    Parameters
    ----------
    config
        The settings.
    as_of
        The last day of which anything is known.
    base
        The metric of the window that says most of the outcome.
    complete
        Releases with a complete window.
    short
        Releases as of an earlier day of their window, one of several days for each; None when the
        window has one day only.
    outcomes
        Outcomes that are known on the last day.
    eves
        Outcomes as they were known at the cutoff of each fold: rows that became known later are
        not in them.
    echo
        The releases of `complete` in the same order, as of a day earlier; None where the window
        has one day only.
    """

    config: ReleasesConfig
    as_of: dt.date
    base: str
    complete: FeatureTable
    short: FeatureTable | None
    outcomes: pl.DataFrame
    eves: Mapping[dt.date, pl.DataFrame]
    echo: FeatureTable | None = None

    @property
    def horizons(self) -> tuple[int, ...]:
        """Days to which streams are counted."""
        return self.config.horizons

    def log_outcomes(self, table: FeatureTable) -> Floats:
        """Return ``log(1 + streams)`` of the releases of a table, shape ``(N, H)``; NaN unknown."""
        return _log_outcomes(table, self.outcomes, self.horizons)

    def final(self) -> Fold | None:
        """Return the last period, kept for the final test."""
        return final_fold(self.complete.keys, self.outcomes, self.config.evaluation)

    def folds(self) -> tuple[Fold, ...]:
        """Return the rolling folds before the last period."""
        return folds_of(self.complete.keys, self.outcomes, self.config.evaluation)

    def lesson(self, table: FeatureTable, fold: Fold | None) -> Lesson:
        """Return what may be taught on the eve of a fold; of all mature releases without one.

        Raises
        ------
        RefusalError
            When too few releases are mature.
        """
        longest = self.horizons[-1]
        outcomes = self.outcomes if fold is None else self.eves[fold.cutoff]
        logs = _log_outcomes(table, outcomes, self.horizons)
        rows = np.flatnonzero(np.isfinite(logs[:, -1]))
        if not len(rows):
            raise RefusalError(
                f"no release is mature on {self.as_of if fold is None else fold.cutoff}: "
                f"none has a complete window and an outcome to day {longest}",
                code="no-mature-release",
                fix="give releases whose outcome window has closed, and their outcomes",
            )
        if len(rows) < LEAST_MATURE:
            raise RefusalError(
                f"{len(rows)} releases are mature, and {LEAST_MATURE} are needed to learn from",
                code="too-few-mature",
                fix="give more releases whose outcome window has closed",
            )
        own = table.take(rows)
        folds = inner_folds(own.keys, self._closed(own), INNER_FOLDS)
        if not folds:
            raise RefusalError(
                "the mature releases are too close in time to learn ranges from",
                code="too-few-mature",
                fix="give a longer history of releases whose outcome window has closed",
            )
        return Lesson(
            table=own,
            log_outcomes=logs[rows],
            echo=self._echo(table, rows),
            folds=folds,
            bounds=self.config.tiers.bounds,
            base=self.base,
        )

    def _echo(self, table: FeatureTable, rows: NDArray[np.int64]) -> FeatureTable | None:
        """Return complete windows as of a day earlier, where releases are few."""
        few = len(rows) <= FEW and table is self.complete
        return self.echo.take(rows) if self.echo is not None and few else None

    def _closed(self, table: FeatureTable) -> NDArray[np.datetime64]:
        days = table.keys["release_date"].to_numpy().astype("datetime64[D]")
        return np.asarray(days + np.timedelta64(self.horizons[-1] - 1, "D"))


def lay_ground(tables: RawTables, config: ReleasesConfig, *, early: bool = True) -> Ground:
    """Return what can be learned from the tables.

    Parameters
    ----------
    tables
        Typed tables, with outcomes.
    config
        The settings.
    early
        Whether releases are also seen as of earlier days of their windows.

    Raises
    ------
    RefusalError
        When no release is mature.
    """
    as_of = config.as_of or tables.last_day
    outcomes = outcomes_at(tables, config.horizons, as_of)
    complete = _features(tables, config, None)
    _check_mature(complete, outcomes, config, as_of)
    folds = _all_folds(complete, outcomes, config)
    eves = {fold.cutoff: outcomes_at(tables, config.horizons, fold.cutoff) for fold in folds}
    known = [eve for eve in eves.values() if (eve["horizon"] == config.horizons[-1]).any()]
    base = _base(complete, known[0] if known else outcomes, config)
    if base != tables.metrics[0]:
        complete = _features(tables, config, base)
    short = echo = None
    if early and config.window > 1:
        short = _short(tables, config, base, complete)
        names = complete.keys["release"].to_list()
        echo = _features(tables, config, base, age=config.window - 1, releases=names)
    return Ground(config, as_of, base, complete, short, outcomes, eves, echo)


def memory_at(tables: RawTables, ground: Ground) -> Memory:
    """Return what a model takes along of the past."""
    config = ground.config
    return memory_of(tables, config.window, config.horizons, ground.base, ground.as_of)


def _features(
    tables: RawTables,
    config: ReleasesConfig,
    base: str | None,
    *,
    age: int | None = None,
    releases: list[str] | Mapping[str, int] | None = None,
) -> FeatureTable:
    return features_at(
        tables,
        window=config.window,
        age=age,
        horizons=config.horizons,
        base=base,
        releases=releases,
        as_of=config.as_of,
        missing=config.signals.missing,
    )


def _check_mature(
    table: FeatureTable, outcomes: pl.DataFrame, config: ReleasesConfig, as_of: dt.date
) -> None:
    """Raise when no release is mature."""
    if not np.isfinite(_log_outcomes(table, outcomes, config.horizons)[:, -1]).any():
        raise RefusalError(
            f"no release is mature on {as_of}: none has a complete window and an outcome to day "
            f"{config.horizons[-1]}",
            code="no-mature-release",
            fix="give releases whose outcome window has closed, and their outcomes",
        )


def _all_folds(
    table: FeatureTable, outcomes: pl.DataFrame, config: ReleasesConfig
) -> tuple[Fold, ...]:
    """Return the rolling folds and the last period, if any."""
    final = final_fold(table.keys, outcomes, config.evaluation)
    folds = folds_of(table.keys, outcomes, config.evaluation)
    return folds if final is None else (*folds, final)


def _base(table: FeatureTable, outcomes: pl.DataFrame, config: ReleasesConfig) -> str:
    """Return the base metric, chosen by outcomes known before the first test period."""
    logs = _log_outcomes(table, outcomes, config.horizons)
    rows = np.flatnonzero(np.isfinite(logs[:, -1]))
    return base_metric(table.take(rows), logs[rows])


def _short(
    tables: RawTables, config: ReleasesConfig, base: str, complete: FeatureTable
) -> FeatureTable:
    """Return each release as of one of a few earlier days of its window, dealt out by its name."""
    ages = _short_ages(config.window)
    names = complete.keys["release"].to_list()
    dealt = zip(ages, _dealt(names, len(ages)), strict=True)
    asked = {name: age for age, own in dealt for name in own}
    return _features(tables, config, base, releases=asked)


def _short_ages(window: int) -> list[int]:
    """Return the days of the window that short windows are taught at.

    Examples
    --------
    >>> _short_ages(7), _short_ages(2)
    ([1, 2, 3, 5], [1])
    """
    ages, age, step = [], 1, 1
    while age < window:
        ages.append(age)
        step = max(1, round(age * 0.6))
        age += step
    return ages


def _dealt(names: list[str], hands: int) -> list[list[str]]:
    """Deal out names by their hash, so that a release's hand does not depend on the others."""
    dealt: list[list[str]] = [[] for _ in range(hands)]
    for name in names:
        digest = hashlib.sha256(name.encode()).digest()
        dealt[int.from_bytes(digest[:4], "big") % hands].append(name)
    return dealt


def _log_outcomes(table: FeatureTable, outcomes: pl.DataFrame, horizons: tuple[int, ...]) -> Floats:
    import polars as pl

    columns = []
    for horizon in horizons:
        own = outcomes.filter(pl.col("horizon") == horizon).select("release", "streams")
        joined = table.keys.select("release").join(
            own, on="release", how="left", maintain_order="left", validate="1:1"
        )
        columns.append(joined["streams"].cast(pl.Float64).fill_null(np.nan).to_numpy())
    return np.asarray(np.log1p(np.maximum(np.column_stack(columns), 0.0)))
