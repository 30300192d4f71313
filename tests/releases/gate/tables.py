"""Typed tables made of Polars frames, as the gate reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import duckdb
import polars as pl

from upswell.data.ledger import Ledger


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
        return "artist" in self.releases.columns

    @property
    def has_creator(self) -> bool:
        return "creator" in self.signals.columns

    @property
    def has_video(self) -> bool:
        return "video" in self.signals.columns

    def with_frames(self, **frames: object) -> FrameTables:
        """Return the same tables with some frames replaced."""
        return replace(self, **frames)
