"""A source to a raw table in the engine: read by the rules for all tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from upswell.data.reading import Column, Rest, Selection, read_columns
from upswell.releases.contract._findings import ROW_BITS, Raw
from upswell.releases.contract._parquet import scan_parquet

if TYPE_CHECKING:
    import duckdb

__all__ = ["forget_raw", "load_raw"]


def load_raw(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    source: Any,
    columns: Sequence[Column],
    rest: Rest,
    *,
    timezone: str | None,
) -> Raw:
    """Make a raw table of a source.

    Parquet files whose columns have fitting types are scanned by the engine itself; anything else
    is read by the reading room, whole, and handed over.

    Parameters
    ----------
    connection
        The engine.
    name
        The name of the view to make.
    source
        Paths, a database address or a frame.
    columns, rest, timezone
        As for `upswell.data.reading.read_columns`.
    """
    scanned = scan_parquet(connection, name, source, columns, rest, timezone=timezone)
    if scanned is not None:
        raw, selection = scanned
    else:
        read = read_columns(source, columns, rest, timezone=timezone)
        selection = read.selection
        raw = Raw(name, dict(selection.titles), _kinds(selection), read.sources, list(read.repairs))
        connection.register(f"{name}_frame", read.frame.to_arrow())
        connection.execute(
            f"CREATE TEMP VIEW {name} AS SELECT * EXCLUDE (file, row), "
            f"(file::BIGINT << {ROW_BITS}) + row AS position FROM {name}_frame"
        )
    raw.ignored.update(selection.ignored)
    return raw


def forget_raw(connection: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """Let go of a frame that was handed over; files that are scanned stay."""
    if not raw.states:
        connection.execute(f"DROP VIEW {raw.name}")
        connection.unregister(f"{raw.name}_frame")


def _kinds(selection: Selection) -> dict[str, str]:
    return {title: str(kind) for title, kind in selection.rest.items()}
