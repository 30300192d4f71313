"""Small worlds for the tests of the judging: releases, outcomes, features and predictions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.stats import norm

from upswell.releases.frames import FeatureTable

HORIZONS = (14, 30)
SHARES = {"low": 0.8, "middle": 0.15, "hit": 0.05}
DAY = dt.timedelta(days=1)


def keys_of(days: Sequence[dt.date], artists: Sequence[str | None] | None = None) -> pl.DataFrame:
    """Keys of releases named r0, r1, ..."""
    count = len(days)
    return pl.DataFrame(
        {
            "release": [f"r{number}" for number in range(count)],
            "release_date": list(days),
            "gate": [day + 6 * DAY for day in days],
            "age": [7] * count,
            "artist": list(artists) if artists is not None else [None] * count,
        },
        schema={
            "release": pl.String,
            "release_date": pl.Date,
            "gate": pl.Date,
            "age": pl.Int64,
            "artist": pl.String,
        },
    )


def outcomes_of(
    keys: pl.DataFrame, streams: np.ndarray | None = None, horizons: Sequence[int] = HORIZONS
) -> pl.DataFrame:
    """Outcomes at every horizon; those of which the streams are NaN are not known."""
    values = np.ones((keys.height, len(horizons))) if streams is None else streams
    frames = [
        pl.DataFrame(
            {
                "release": keys["release"],
                "horizon": pl.Series([horizon] * keys.height, dtype=pl.Int64),
                "streams": pl.Series(values[:, place], dtype=pl.Float64),
                "closed": keys["release_date"].dt.offset_by(f"{horizon - 1}d"),
            }
        )
        for place, horizon in enumerate(horizons)
    ]
    return pl.concat(frames).filter(pl.col("streams").is_not_nan())


def table_of(
    daily: dict[str, np.ndarray], artists: Sequence[str | None] | None = None
) -> FeatureTable:
    """Features of releases of consecutive days."""
    count = len(next(iter(daily.values())))
    keys = keys_of([dt.date(2024, 1, 1) + n * DAY for n in range(count)], artists)
    return FeatureTable(keys, pl.DataFrame({"row": range(count)}), (), daily)


def predictions_of(
    count: int = 120, seed: int = 0, *, folds: Sequence[str] = ("2024-Q1", "2024-Q2", "final")
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Predictions at every horizon, and trivial answers that are worse."""
    generator = np.random.default_rng(seed)
    days = [dt.date(2024, 1, 1) + DAY * (2 * n) for n in range(count)]
    logs = np.repeat(generator.normal(9, 2, count), 2) + np.tile([0.0, 0.4], count)
    actual = np.floor(np.exp(logs)) * (generator.random(2 * count) > 0.03)
    centre = logs + generator.normal(0, 0.4, 2 * count)
    spread = np.array([norm.ppf(i / 20) for i in range(1, 20)])
    quantiles = np.exp(centre[:, None] + 0.4 * spread)
    chance = np.stack([norm.cdf((np.log([5e4, 5e5]) - c) / 0.4) for c in centre])
    chance = np.diff(chance, axis=1, prepend=0.0, append=1.0)
    names = np.array(["low", "middle", "hit"])
    keys = {
        "release": pl.Series([f"r{n}" for n in range(count) for _ in HORIZONS]),
        "horizon": pl.Series(list(HORIZONS) * count, dtype=pl.Int64),
    }
    predictions = pl.DataFrame(
        keys
        | {
            "release_date": [day for day in days for _ in HORIZONS],
            "fold": [folds[n * len(folds) // count] for n in range(count) for _ in HORIZONS],
            "artist_seen": np.repeat(generator.random(count) < 0.6, 2),
            "complete": [True] * (2 * count),
            "actual": actual,
            "mean": np.exp(centre + 0.08),
        }
        | {f"q{5 * (place + 1):02d}": quantiles[:, place] for place in range(19)}
        | {"tier": names[chance.argmax(axis=1)]}
        | {f"probability_{name}": chance[:, place] for place, name in enumerate(names)}
    )
    trivial = pl.DataFrame(
        keys
        | {
            "constant": np.full(2 * count, np.exp(9.0)),
            "log-linear": np.exp(logs + generator.normal(0, 0.6, 2 * count)),
            "base": np.repeat(np.exp(logs[::2] + generator.normal(0, 0.6, count)), 2),
            "majority": ["low"] * (2 * count),
        }
        | {f"share_{name}": np.full(2 * count, share) for name, share in SHARES.items()}
    )
    return predictions, trivial
