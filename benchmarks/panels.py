"""The shared panels of real, dirty data on which forecasters are measured."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl

import upswell
from upswell.data import Panel

SHARED = Path(
    os.environ.get("UPSWELL_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
)


def vtuber() -> Panel:
    """Read views of 4,273 channels, up to the day on which the crawler began to die."""
    frame = pl.read_parquet(SHARED / "demand" / "vtuber_channels.parquet")
    kept = frame.filter(pl.col("date") <= dt.date(2023, 7, 15)).drop("group", "company", "area")
    return upswell.read_panel(kept, item="item_id", value="views")


def codingtrain() -> Panel:
    """Read views of one channel by country."""
    return upswell.read_panel(SHARED / "demand" / "codingtrain_countries.csv", item="country")


def swift() -> Panel:
    """Read streams of one artist's tracks."""
    path = SHARED / "demand" / "swift_tracks.parquet"
    return upswell.read_panel(path, item="item_id", value="streams")


def kofic() -> Panel:
    """Read admissions of all films together since cinemas reopened."""
    frame = pl.read_parquet(SHARED / "releases" / "kofic_films.parquet")
    total = (
        frame.filter(pl.col("date") >= dt.date(2022, 7, 1))
        .group_by("date")
        .agg(pl.col("admissions").sum())
        .sort("date")
    )
    return upswell.read_panel(total, value="admissions")


PANELS: dict[str, Callable[[], Panel]] = {
    "vtuber_channels": vtuber,
    "codingtrain_countries": codingtrain,
    "swift_tracks": swift,
    "kofic_total": kofic,
}
