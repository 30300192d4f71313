"""Typed tables made of Polars frames, as the gate reads them, and small random worlds of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import duckdb
import numpy as np
import polars as pl

from upswell.data.ledger import Ledger
from upswell.releases.frames import FeatureTable

START = dt.date(2024, 3, 4)
"""A Monday, the first release date that a small world can have."""


@dataclass(frozen=True)
class FrameTables:
    """Frames, and a connection that holds them."""

    releases: pl.DataFrame
    signals: pl.DataFrame
    outcomes: pl.DataFrame
    metrics: tuple[str, ...]
    attributes: Mapping[str, str]
    last_day: dt.date
    threads: int = 2
    has_outcomes: bool = True
    ledger: Ledger = field(default_factory=Ledger)
    connection: duckdb.DuckDBPyConnection = field(init=False)

    def __post_init__(self) -> None:
        connection = duckdb.connect(config={"threads": self.threads})
        for name in ("releases", "signals", "outcomes"):
            connection.register("frame", getattr(self, name).to_arrow())
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
            connection.unregister("frame")
        object.__setattr__(self, "connection", connection)

    @property
    def has_artist(self) -> bool:
        return "artist" in self.releases.columns and self.releases["artist"].null_count() < max(
            1, self.releases.height
        )

    @property
    def has_creator(self) -> bool:
        return "creator" in self.signals.columns

    @property
    def has_video(self) -> bool:
        return "video" in self.signals.columns

    def plus(self, **rows: pl.DataFrame) -> FrameTables:
        """Return the same tables with more rows in some."""
        return replace(
            self, **{name: pl.concat([getattr(self, name), more]) for name, more in rows.items()}
        )

    def until(self, day: dt.date) -> FrameTables:
        """Return what was known of these tables at the end of a day."""
        known = pl.max_horizontal("day", "known") <= day
        return replace(
            self,
            signals=self.signals.filter(known),
            outcomes=self.outcomes.filter(known),
            releases=self.releases.filter(pl.col("known").fill_null(dt.date.min) <= day),
            last_day=day,
        )


def days_after(start: dt.date, days: int) -> dt.date:
    return start + dt.timedelta(days=int(days))


def small_world(
    seed: int, *, late: bool = True, creators: bool = True, history: bool = True
) -> FrameTables:
    """Return a dozen releases within six weeks, with gaps, previews, lags and shared artists."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(8, 17))
    names = [f"r{i:02d}" for i in rng.permutation(count)]
    fridays = 7 * rng.integers(0, 6, count) + 4
    offsets = np.where(rng.random(count) < 0.7, fridays, rng.integers(0, 42, count))
    dates = [days_after(START, day) for day in offsets]
    if history:
        names.append("old")
        dates.append(days_after(START, -450))
    releases = pl.DataFrame(
        {
            "release": names,
            "release_date": dates,
            "artist": [rng.choice(["Ann", "Bo", "Cy", None]) for _ in names],
            "known": [
                days_after(date, rng.integers(-20, 6)) if late and rng.random() < 0.4 else None
                for date in dates
            ],
            "label": [rng.choice(["North", "South", None]) for _ in names],
            "tempo": [float(rng.integers(60, 180)) if rng.random() < 0.8 else None for _ in names],
        },
        schema_overrides={
            "artist": pl.String,
            "known": pl.Date,
            "label": pl.String,
            "tempo": pl.Float64,
        },
    )
    return FrameTables(
        releases=releases,
        signals=_signals(rng, names, dates, late=late, creators=creators),
        outcomes=_outcomes(rng, names, dates, late=late),
        metrics=("views", "likes"),
        attributes={"label": "category", "tempo": "number"},
        last_day=days_after(START, 90),
    )


def _lag(rng: np.random.Generator, day: dt.date, *, late: bool) -> dt.date:
    return days_after(day, rng.integers(1, 5)) if late and rng.random() < 0.2 else day


def _signals(
    rng: np.random.Generator,
    names: list[str],
    dates: list[dt.date],
    *,
    late: bool,
    creators: bool,
) -> pl.DataFrame:
    rows = []
    for name, date in zip(names, dates, strict=True):
        silent = rng.random() < 0.1
        first, last, step = (-3, 12, 1) if name != "old" else (0, 480, 2)
        days = [k for k in range(first, last, step) if rng.random() < 0.75]
        if rng.random() < 0.3:
            days.append(-80)
        for k in [] if silent else days:
            for _ in range(int(rng.integers(1, 4))):
                day = days_after(date, k)
                rows.append(
                    {
                        "release": name,
                        "day": day,
                        "known": _lag(rng, day, late=late),
                        "creator": rng.choice(["x", "y", "z", "ü", "w", "v", "u", None]),
                        "video": f"video {rng.integers(0, 9)}",
                        "views": round(float(rng.exponential(50)), 3),
                        "likes": None if rng.random() < 0.1 else float(rng.integers(0, 9)),
                    }
                )
    schema = {
        "release": pl.String,
        "day": pl.Date,
        "known": pl.Date,
        "creator": pl.String,
        "video": pl.String,
        "views": pl.Float64,
        "likes": pl.Float64,
    }
    frame = pl.DataFrame(rows, schema=schema)
    return frame if creators else frame.drop("creator", "video")


def _outcomes(
    rng: np.random.Generator, names: list[str], dates: list[dt.date], *, late: bool
) -> pl.DataFrame:
    rows = []
    for name, date in zip(names, dates, strict=True):
        if rng.random() < 0.15:
            continue
        for k in range(-1, 14):
            if rng.random() < 0.7:
                day = days_after(date, k)
                streams = None if rng.random() < 0.05 else float(rng.integers(0, 5000))
                known = _lag(rng, day, late=late)
                rows.append({"release": name, "day": day, "known": known, "streams": streams})
    schema = {"release": pl.String, "day": pl.Date, "known": pl.Date, "streams": pl.Float64}
    return pl.DataFrame(rows, schema=schema)


def frame_bytes(frame: pl.DataFrame) -> bytes:
    """Return a frame as Arrow IPC, with nothing left in the places of nulls."""
    clean = pl.DataFrame(frame.to_dict(as_series=False), schema=frame.schema)
    return clean.write_ipc(None, compat_level=pl.CompatLevel.oldest()).getvalue()


def table_bytes(table: FeatureTable) -> bytes:
    """Return all numbers and texts of a feature table, bit by bit."""
    grids = b"".join(name.encode() + grid.tobytes() for name, grid in table.daily.items())
    return frame_bytes(table.keys) + frame_bytes(table.features) + grids
