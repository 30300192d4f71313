"""Feature tables for tests of the regression."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upswell.releases.frames import FeatureTable

Floats = NDArray[np.float64]


def table(
    daily: Floats, features: pl.DataFrame | None = None, metric: str = "views"
) -> FeatureTable:
    """Return a table of releases, one every third day, with these counts a day."""
    count = len(daily)
    dates = [dt.date(2023, 1, 1) + dt.timedelta(days=3 * k) for k in range(count)]
    keys = pl.DataFrame(
        {
            "release": [f"r{k:04d}" for k in range(count)],
            "release_date": dates,
            "gate": dates,
            "age": pl.Series([daily.shape[1]] * count, dtype=pl.Int64),
            "artist": pl.Series([None] * count, dtype=pl.String),
        }
    )
    frame = pl.DataFrame({"x": np.arange(count, dtype=float)}) if features is None else features
    return FeatureTable(keys, frame, (), {metric: daily})
