"""DuckDB in the process: opened with limits and without a network, closed without a trace."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from upswell.errors import InputError, Place, SettingError, SourceError, UpswellError

if TYPE_CHECKING:
    from types import TracebackType

    import duckdb

__all__ = ["Engine", "engine_errors", "fetch_row", "identifier", "literal", "open_engine"]

_SIZE = re.compile(r"\d+(\.\d+)? ?[KMGT]i?B", re.IGNORECASE)
# Errors of the engine that come from what was fed to it, by name so that it loads when used.
_SOURCE_ERRORS = ("IOException", "HTTPException", "PermissionException")
_INPUT_ERRORS = (
    "ConversionException",
    "InvalidInputException",
    "OutOfRangeException",
    "TypeMismatchException",
)


class Engine:
    """A database in memory of this process alone, which may spill to a folder of its own.

    Made by `open_engine`. Closing it, or leaving its ``with`` block, removes the folder; so does
    forgetting it.

    Attributes
    ----------
    connection
        The connection of DuckDB.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: str) -> None:
        self.connection = connection
        self._finish = weakref.finalize(self, _finish, connection, folder)

    def close(self) -> None:
        """Close the connection and remove what was spilled; a second call does nothing."""
        self._finish()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _finish(connection: duckdb.DuckDBPyConnection, folder: str) -> None:
    connection.close()
    shutil.rmtree(folder, ignore_errors=True)


def open_engine(*, threads: int | None = None, memory: str | None = None) -> Engine:
    """Open an engine in memory.

    No extension is fetched from the network, frames of the caller are seen only when they are
    registered, and rows keep the order of their input, so that the same input gives the same
    tables with any number of threads. Sums of floating-point numbers still depend on the
    threads: sum DECIMAL or HUGEINT, or ordered lists.

    Parameters
    ----------
    threads
        How many threads may work; by default one for each core.
    memory
        How much memory may be used before the engine spills to disk, such as ``4GB``; by default
        80% of what the machine has.

    Raises
    ------
    SettingError
        When a limit is no number of threads or no size.

    Examples
    --------
    >>> with open_engine(threads=1, memory="200MB") as engine:
    ...     engine.connection.execute("SELECT 6 * 7").fetchone()
    (42,)
    """
    import duckdb

    if threads is not None and (isinstance(threads, bool) or threads < 1):
        raise SettingError(f"threads must be a whole number from 1 on, got {threads!r}")
    if memory is not None and not _SIZE.fullmatch(memory.strip()):
        raise SettingError(f'"{memory}" is no size of memory', fix='write it as "4GB"')
    folder = tempfile.mkdtemp(prefix="upswell-")
    settings: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_persistent_secrets": False,
        "preserve_insertion_order": True,
        "python_enable_replacements": False,
        "temp_directory": folder,
    }
    if threads is not None:
        settings["threads"] = threads
    if memory is not None:
        settings["memory_limit"] = memory
    try:
        connection = duckdb.connect(":memory:", config=settings)
    except duckdb.Error as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UpswellError(f"the engine cannot be opened: {_first_line(error)}") from error
    # So that a moment is shown and cut in no zone of the machine.
    connection.execute("SET TimeZone = 'UTC'")
    return Engine(connection, folder)


@contextmanager
def engine_errors(place: Place | None = None) -> Iterator[None]:
    """Turn errors of the engine into errors of Upswell.

    Parameters
    ----------
    place
        What was being read, if anything.

    Raises
    ------
    SourceError
        When a file cannot be read.
    InputError
        When a value in the input does not fit.
    UpswellError
        When memory or disk did not suffice, or the query was wrong.

    Examples
    --------
    >>> with open_engine() as engine, engine_errors(Place("views.parquet")):
    ...     engine.connection.execute("SELECT CAST('many' AS INTEGER)")
    Traceback (most recent call last):
        ...
    upswell.errors.InputError: Could not convert string 'many' to INT32
      where: views.parquet
    """
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise UpswellError(
            f"the engine ran out of memory: {_first_line(error)}",
            where=place,
            fix="allow it more memory, or free space in the temporary folder",
        ) from error
    except duckdb.Error as error:
        name = type(error).__name__
        kind: type[UpswellError] = UpswellError
        if name in _SOURCE_ERRORS:
            kind = SourceError
        elif name in _INPUT_ERRORS:
            kind = InputError
        raise kind(_first_line(error), where=place) from error


def _first_line(error: BaseException) -> str:
    """Return the first line of an error without the engine's own word for its kind."""
    line = str(error).split("\n", 1)[0][:300]
    _, found, rest = line.partition(" Error: ")
    return rest if found else line


def fetch_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """Return the only row of a query.

    A result that is not read to its end keeps the connection busy, hence no ``fetchone``.

    Examples
    --------
    >>> with open_engine() as engine:
    ...     fetch_row(engine.connection, "SELECT 6 * 7, 'b'")
    (42, 'b')
    """
    (row,) = connection.execute(query).fetchall()
    return tuple(row)


def identifier(name: str) -> str:
    """Return the name of a table or column as SQL, whatever characters it has.

    Examples
    --------
    >>> print(identifier('5" vinyl'))
    "5"" vinyl"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal.

    Examples
    --------
    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
