"""Small tables for tests of the release job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from upswell.releases.config import load_config
from upswell.releases.tables import RawTables, read_tables

RELEASES = pl.DataFrame(
    {
        "release": ["a", "b", "c"],
        "release_date": ["2024-01-05", "2024-01-06", "2024-01-12"],
        "artist": ["ana", "bo", "ana"],
        "label": ["x", "x", "y"],
    }
)


def signals(rows: Iterable[Sequence[Any]], *names: str) -> pl.DataFrame:
    """Return a frame of signals with columns release, date and `names`."""
    return pl.DataFrame(list(rows), schema=["release", "date", *names], orient="row")


def read(
    signals_from: Any,
    releases_from: Any = RELEASES,
    outcomes_from: Any = None,
    *,
    cumulative_outcomes: bool = False,
    **settings: Any,
) -> RawTables:
    """Read tables; `settings` are those of the configuration."""
    sections: dict[str, Mapping[str, Any]] = {
        "releases": {"source": releases_from},
        "signals": {"source": signals_from},
        "outcomes": {"source": outcomes_from, "cumulative": cumulative_outcomes},
    }
    sections = {name: {**own, **settings.pop(name, {})} for name, own in sections.items()}
    need = ["releases", "signals"] + ([] if outcomes_from is None else ["outcomes"])
    return read_tables(load_config({**sections, **settings}), need=need, threads=1)


def rows(tables: RawTables, table: str = "signals") -> list[tuple[Any, ...]]:
    """Return all rows of a table, in order."""
    return tables.connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()


def codes(tables: RawTables) -> dict[str, int]:
    """Return the count of each code of the ledger."""
    return {repair.code: tables.ledger.count(repair.code) for repair in tables.ledger}
