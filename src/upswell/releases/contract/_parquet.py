"""Parquet files whose columns have fitting types: scanned by the engine, never held whole."""

from __future__ import annotations

import datetime as dt
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
from upswell.store import sha256_file

if TYPE_CHECKING:
    import duckdb

__all__ = ["check_unchanged", "scan_parquet"]

_MAGIC = b"PAR1"
_INTEGERS = frozenset(
    ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"]
)
_NUMBERS = _INTEGERS | {"FLOAT", "DOUBLE", "DECIMAL"}
_DAYS = frozenset({"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"})
_MOMENT = "TIMESTAMP WITH TIME ZONE"
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
_SAMPLE = 1000
# What the reading room strips from names: white space as Unicode knows it.
_SPACES = "".join(map(chr, (*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B),
                            0x2028, 0x2029, 0x202F, 0x205F, 0x3000)))  # fmt: skip


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

    def kind(self, title: str) -> str:
        """Return the type of a column without its parameters."""
        return self.types[title].partition("(")[0]

    def holds(self, title: str) -> Holds:
        if title not in self.seen:
            self.seen[title] = self._look(title)
        return self.seen[title]

    def _look(self, title: str) -> Holds:
        kind = self.kind(title)
        if kind in _NUMBERS:
            return Holds.NUMBER
        if kind in _DAYS or kind == _MOMENT:
            return Holds.DAY
        if kind != "VARCHAR":
            return Holds.TEXT if kind == "ENUM" else Holds.OTHER
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
    expressions = _expressions(scanned, columns, selection, timezone)
    if expressions is None:
        return None
    before = [_state(file) for file in files]
    hashes = [sha256_file(file.path) for file in files]
    rows = _rows(connection, files)
    if sum(rows) == 0:
        return None
    names = ", ".join(literal(str(file.path)) for file in files)
    index = "0" if len(files) == 1 else f"(list_position([{names}], __file) - 1)::BIGINT"
    every = ", ".join(identifier(title) for title in types)
    connection.execute(
        f"CREATE TEMP VIEW {name} AS SELECT {', '.join(expressions)}, "
        f"({index} << {ROW_BITS}) + file_row_number + 1 AS position, hash({every}) AS alike "
        f"FROM {scanned.scan()}"
    )
    if not _in_range(connection, name, columns, selection):
        connection.execute(f"DROP VIEW {name}")
        return None
    sources = tuple(
        Source(file.name, sha256, count)
        for file, sha256, count in zip(files, hashes, rows, strict=True)
    )
    kinds = {title: str(kind) for title, kind in selection.rest.items()}
    raw = Raw(name, dict(selection.titles), kinds, sources, list(repairs), tuple(before))
    return raw, selection


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
    folded = {title.casefold() for title in found or ()}
    return found if len(folded) == len(found or ()) else None


def _rows(connection: duckdb.DuckDBPyConnection, files: Sequence[FileInput]) -> list[int]:
    return [
        fetch_row(connection, f"SELECT count(*) FROM read_parquet({literal(str(file.path))})")[0]
        for file in files
    ]


def _expressions(
    scanned: _Scanned, columns: Sequence[Column], selection: Selection, timezone: str | None
) -> list[str] | None:
    parts = []
    for column in columns:
        title = selection.titles.get(column.role)
        if title is not None:
            parts.append((column.role, title, column.kind))
    for index, (title, kind) in enumerate(selection.rest.items()):
        parts.append((f"rest_{index}", title, kind))
    expressions = []
    for role, title, kind in parts:
        expression = _expression(scanned.kind(title), identifier(title), kind, timezone)
        if expression is None:
            return None
        expressions.append(f"{expression} AS {role}")
    return expressions


def _expression(kind: str, column: str, wanted: Holds, timezone: str | None) -> str | None:
    """Return SQL that types one column; None when its type does not fit."""
    if wanted == Holds.NUMBER:
        if kind not in _NUMBERS:
            return None
        number = f"CAST({column} AS DOUBLE)"
        floats = kind in ("FLOAT", "DOUBLE")
        return f"CASE WHEN NOT isnan({number}) THEN {number} END" if floats else number
    if wanted == Holds.DAY:
        if kind in _DAYS:
            return column if kind == "DATE" else f"CAST({column} AS DATE)"
        if kind == _MOMENT and timezone is not None:
            return f"CAST(timezone({literal(timezone)}, {column}) AS DATE)"
        return None
    if kind in _INTEGERS:
        return f"CAST({column} AS VARCHAR)"
    if kind not in ("VARCHAR", "ENUM"):
        return None
    text = column if kind == "VARCHAR" else f"CAST({column} AS VARCHAR)"
    return f"nullif(nfc_normalize(trim({text}, {literal(_SPACES)})), '')"


def _in_range(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[Column],
    selection: Selection,
) -> bool:
    days = [c.role for c in columns if c.kind == Holds.DAY and c.role in selection.titles]
    bounds = fetch_row(
        connection,
        f"SELECT {', '.join(f'min({day}), max({day})' for day in days)} FROM {name}",
    )
    # Days far outside of Python's calendar come as text.
    return all(
        bound is None or (isinstance(bound, dt.date) and _FIRST <= bound <= _LAST)
        for bound in bounds
    )


def check_unchanged(raw: Raw) -> None:
    """Refuse a file that changed while it was scanned.

    Raises
    ------
    SourceError
        When its size or time of change is no longer what it was before it was hashed.
    """
    for source, (path, *before) in zip(raw.sources, raw.states, strict=False):
        now = Path(path).stat()
        if before != [now.st_size, now.st_mtime_ns, now.st_ino]:
            raise SourceError(
                "the file changed while it was read",
                where=Place(source.name),
                fix="wait until nothing writes to it, and run again",
            )
