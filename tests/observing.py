"""Observations made by hand, for tests of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import polars as pl

from upswell.data import ColumnChoice, Ledger, Observations, Source

SCHEMA = {
    "item": pl.String,
    "group": pl.String,
    "day": pl.Int32,
    "value": pl.Float64,
    "likes": pl.Float64,
    "file": pl.UInt32,
    "row": pl.UInt32,
}


def observe(rows: Iterable[Sequence[Any]], *, calendar: bool = False) -> Observations:
    """Make observations of rows ``(item, day, value[, group[, likes]])`` of a file v.csv."""
    full = []
    for number, row in enumerate(rows, start=2):
        item, day, value, *more = row
        group, likes = [*more, None, None][:2]
        full.append((item, group, day, value, likes, 0, number))
    frame = pl.DataFrame(full, schema=SCHEMA, orient="row")
    return observe_frame(frame, calendar=calendar)


def observe_frame(frame: pl.DataFrame, *, calendar: bool = False) -> Observations:
    """Make observations of a frame that has their columns."""
    columns = ColumnChoice(time="day", value="views", item="creator")
    return Observations(frame, calendar, columns, (Source("v.csv", "", frame.height),), Ledger())


def observe_array(values: np.ndarray, *, names: Sequence[str] = ()) -> Observations:
    """Make observations of an array of shape (N, T) on days 1..T; NaN gives no row."""
    labels = names or [f"item {i + 1}" for i in range(values.shape[0])]
    return observe(
        (labels[i], t + 1, float(values[i, t]))
        for i in range(values.shape[0])
        for t in range(values.shape[1])
        if not np.isnan(values[i, t])
    )


def observe_table(
    table: pl.DataFrame, *, item: str, day: str, value: str, group: str | None = None
) -> Observations:
    """Make observations of columns of a real table with dates."""
    frame = table.select(
        item=pl.col(item).cast(pl.String),
        group=pl.lit(None, pl.String) if group is None else pl.col(group).cast(pl.String),
        day=pl.col(day).cast(pl.Date).to_physical(),
        value=pl.col(value).cast(pl.Float64),
        likes=pl.lit(None, pl.Float64),
        file=pl.lit(0, pl.UInt32),
        row=pl.int_range(2, pl.len() + 2, dtype=pl.UInt32),
    )
    return observe_frame(frame, calendar=True)


def daily(series: int, days: int, seed: int = 0, level: float = 1000.0) -> np.ndarray:
    """Make plain daily counts with a week and noise, shape (series, days)."""
    rng = np.random.default_rng(seed)
    week = 1.0 + 0.3 * np.sin(2.0 * np.pi * np.arange(days) / 7.0)
    return np.round(level * week * np.exp(0.15 * rng.standard_normal((series, days)))) + 1.0
