"""Parquet files whose columns have fitting types: scanned by the engine, never held whole."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.data.panel import Source
from upswell.data.reading import (
    Column,
    FileInput,
    Holds,
    Rest,
    Selection,
    holds,
    list_inputs,
    select_columns,
)
from upswell.engines import fetch_row, identifier, literal
from upswell.errors import Place, SourceError
from upswell.releases.contract._findings import ROW_BITS, Raw
from upswell.releases.contract._parquet_types import TypedColumn, holds_type
from upswell.store import sha256_file

if TYPE_CHECKING:
    import duckdb

__all__ = ["check_unchanged", "scan_parquet"]

_MAGIC = b"PAR1"
_SAMPLE = 1000
# Columns that the scan itself adds.
_ADDED = frozenset({"__file", "file_row_number"})


@dataclass(frozen=True)
class _Scanned:
    """Parquet files of one schema, as far as columns can be chosen from them."""

    connection: duckdb.DuckDBPyConnection
    files: tuple[FileInput, ...]
    types: dict[str, str]
    seen: dict[str, Holds] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.files[0].name

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(self.types)

    def scan(self) -> str:
        """Return SQL of a scan of all files, with the number of each row in its file."""
        paths = ", ".join(literal(str(file.path)) for file in self.files)
        return (
            f"read_parquet([{paths}], filename = '__file', file_row_number = true, "
            "hive_partitioning = false, union_by_name = true)"
        )

    def holds(self, title: str) -> Holds:
        if title not in self.seen:
            self.seen[title] = self._look(title)
        return self.seen[title]

    def _look(self, title: str) -> Holds:
        kind = self.types[title].partition("(")[0]
        if kind != "VARCHAR":
            return holds_type(kind)
        import polars as pl

        column = identifier(title)
        rows = self.connection.execute(
            f"SELECT {column} FROM {self.scan()} WHERE {column} IS NOT NULL LIMIT {_SAMPLE}"
        ).fetchall()
        return holds(pl.Series(title, [row[0] for row in rows], dtype=pl.String))


def scan_parquet(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    source: Any,
    columns: Sequence[Column],
    rest: Rest,
    *,
    timezone: str | None,
) -> tuple[Raw, Selection] | None:
    """Make a raw table that is a view over Parquet files; None when it takes another reader.

    Another reader is needed when something is not Parquet, files differ in their columns, or a
    column that matters is of another type than its role, such as days or numbers as text.

    Parameters
    ----------
    connection, name, source, columns, rest, timezone
        As for `load_raw`.
    """
    inputs, repairs = list_inputs(source)
    files = tuple(entry for entry in inputs if isinstance(entry, FileInput))
    if not files or len(files) < len(inputs) or not all(_is_parquet(file) for file in files):
        return None
    types = _types(connection, files)
    if types is None:
        return None
    scanned = _Scanned(connection, files, types)
    selection = select_columns(scanned, columns, rest)
    states = tuple(_state(file) for file in files)
    wanted = _wanted(scanned, columns, selection)
    sources = _sources(connection, files)
    if not any(source.rows for source in sources) or not _make_view(
        scanned, name, wanted, timezone
    ):
        return None
    kinds = {title: str(kind) for title, kind in selection.rest.items()}
    raw = Raw(name, dict(selection.titles), kinds, sources, list(repairs), states)
    return raw, selection


def _wanted(
    scanned: _Scanned, columns: Sequence[Column], selection: Selection
) -> list[TypedColumn]:
    roles = [(c.role, c.kind) for c in columns if c.role in selection.titles]
    parts = [(role, selection.titles[role], kind) for role, kind in roles]
    rest = enumerate(selection.rest.items())
    parts += [(f"rest_{index}", title, kind) for index, (title, kind) in rest]
    return [
        TypedColumn(role, identifier(title), scanned.types[title].partition("(")[0], kind)
        for role, title, kind in parts
    ]


def _make_view(
    scanned: _Scanned, name: str, wanted: Sequence[TypedColumn], timezone: str | None
) -> bool:
    """Make the view, after one look at all cells that could need another reader."""
    if not all(column.fits(timezone) for column in wanted):
        return False
    checks = [column.check(timezone) for column in wanted]
    found = fetch_row(scanned.connection, f"SELECT {', '.join(checks)} FROM {scanned.scan()}")
    sound = dict(zip((column.role for column in wanted), found, strict=True))
    if not all(sound[column.role] for column in wanted if column.wanted == Holds.DAY):
        return False
    expressions = [
        f"{column.expression(timezone, clean=bool(sound[column.role]))} AS {column.role}"
        for column in wanted
    ]
    names = ", ".join(literal(str(file.path)) for file in scanned.files)
    single = len(scanned.files) == 1
    index = "0::BIGINT" if single else f"(list_position([{names}], __file) - 1)::BIGINT"
    every = ", ".join(identifier(title) for title in scanned.types)
    scanned.connection.execute(
        f"CREATE TEMP VIEW {name} AS SELECT {', '.join(expressions)}, "
        f"({index} << {ROW_BITS}) + file_row_number + 1 AS position, hash({every}) AS alike "
        f"FROM {scanned.scan()}"
    )
    return True


def _is_parquet(file: FileInput) -> bool:
    path = str(file.path)
    # The engine would take such a name for a pattern.
    if glob.has_magic(path) or not file.path.is_file():
        return False
    try:
        with file.path.open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def _state(file: FileInput) -> tuple[str, int, int, int]:
    state = file.path.stat()
    return str(file.path), state.st_size, state.st_mtime_ns, state.st_ino


def _types(
    connection: duckdb.DuckDBPyConnection, files: Sequence[FileInput]
) -> dict[str, str] | None:
    """Return the type of each column; None when files differ or one cannot be read."""
    import duckdb

    found: dict[str, str] | None = None
    for file in files:
        path = literal(str(file.path))
        try:
            rows = connection.execute(
                f"DESCRIBE SELECT * FROM read_parquet({path}, hive_partitioning = false)"
            ).fetchall()
        except duckdb.Error:
            # The other reader says what is wrong with it.
            return None
        types = {row[0]: row[1] for row in rows}
        if found is not None and types != found:
            return None
        found = types
    # The engine takes names that differ in case only for one.
    folded = {title.casefold() for title in found or ()}
    distinct = len(folded) == len(found or ()) and folded.isdisjoint(_ADDED | {""})
    return found if distinct else None


def _sources(
    connection: duckdb.DuckDBPyConnection, files: Sequence[FileInput]
) -> tuple[Source, ...]:
    sources = []
    for file in files:
        scan = f"read_parquet({literal(str(file.path))}, hive_partitioning = false)"
        (rows,) = fetch_row(connection, f"SELECT count(*) FROM {scan}")
        sources.append(Source(file.name, sha256_file(file.path), int(rows)))
    return tuple(sources)


def check_unchanged(raw: Raw) -> None:
    """Refuse a file that changed while it was scanned.

    Raises
    ------
    SourceError
        When its size or time of change is no longer what it was before it was hashed.
    """
    for source, (path, *before) in zip(raw.sources, raw.states, strict=False):
        try:
            now = Path(path).stat()
            same = before == [now.st_size, now.st_mtime_ns, now.st_ino]
        except OSError:
            same = False
        if not same:
            raise SourceError(
                "the file changed while it was read",
                where=Place(source.name),
                fix="wait until nothing writes to it, and run again",
            )
