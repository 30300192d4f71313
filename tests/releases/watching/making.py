"""Light worlds for watching: weeks of releases with a trend, a spread of weeks, and a chance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upswell.releases.frames import FeatureNote, FeatureTable
from upswell.releases.trained import TrainedReleases
from upswell.releases.watching.reference import DATE

START = dt.date(2023, 1, 6)
FEATURES = 8
GAP = 4
"""Weeks between the reference and the list: outcomes take that long."""

NOTES = tuple(
    FeatureNote(f"signal_{k}", "views" if k < 4 else "likes", f"Signal {k}.")
    for k in range(FEATURES)
)


@dataclass(frozen=True)
class LightWorld:
    """Weeks of releases: signals, the score that a model makes of them, and what they became.

    All arrays are by release: `week`, `signals` ``(N, FEATURES)``, `score`, `chance`, `hit`.
    """

    week: NDArray[np.int64]
    signals: NDArray[np.float64]
    score: NDArray[np.float64]
    chance: NDArray[np.float64]
    hit: NDArray[np.bool_]

    def table(self, weeks: range) -> FeatureTable:
        """Return the releases of some weeks as scored releases."""
        rows = np.flatnonzero(np.isin(self.week, list(weeks)))
        days = [START + dt.timedelta(weeks=int(week)) for week in self.week[rows]]
        keys = pl.DataFrame(
            {
                "release": [f"r{row}" for row in rows],
                "release_date": days,
                "gate": [day + dt.timedelta(days=6) for day in days],
                "age": pl.Series([7] * len(rows), dtype=pl.Int64),
                "artist": ["someone"] * len(rows),
            },
            schema_overrides={"release_date": pl.Date, "gate": pl.Date},
        )
        features = pl.DataFrame({note.name: self.signals[rows, k] for k, note in enumerate(NOTES)})
        return FeatureTable(keys, features, NOTES, {"views": np.ones((len(rows), 7))})

    def bundle(self, weeks: range) -> TrainedReleases:
        """Return as much of a bundle as drift is held against: a reference of some weeks."""
        table = self.table(weeks)
        dates = table.keys.select(pl.col("release_date").alias(DATE))
        frame = pl.concat([dates, table.features.cast(pl.Float32)], how="horizontal")
        bundle = SimpleNamespace(kept={"reference": frame}, config=SimpleNamespace(window=7))
        return cast("TrainedReleases", bundle)


def light_world(
    seed: int, *, weeks: int = 105, each: int = 30, bots_from: int | None = None
) -> LightWorld:
    """Return a world; from a week on, bots may make small releases look like hits.

    Signals share a factor of their week and grow by the week, as signals of a platform do. The
    chance of a hit follows the first signal less what bots added to it; the score follows all of
    it, for nobody can tell; but bots like what they watch, which the last signal shows.
    """
    rng = np.random.default_rng(seed)
    week = np.repeat(np.arange(weeks), each)
    count = week.size
    # The second half of the signals are ratios, which weeks hardly differ by.
    apart = np.where(np.arange(FEATURES) < FEATURES // 2, 0.3, 0.05)
    shared = (apart * rng.normal(size=(weeks, FEATURES)))[week]
    signals = 0.01 * week[:, None] + shared + rng.normal(size=(count, FEATURES))
    honest = 2.5 * (signals[:, 0] - 0.01 * week) - 1.0
    bots = np.zeros(count)
    if bots_from is not None:
        bots = np.where((week >= bots_from) & (rng.random(count) < 0.5), 2.0, 0.0)
    signals[:, 0] += bots
    signals[:, -1] += 1.5 * bots
    chance = 1 / (1 + np.exp(-honest))
    score = 1 / (1 + np.exp(-(honest + 2.5 * bots)))
    return LightWorld(week, signals, score, chance, rng.random(count) < chance)
