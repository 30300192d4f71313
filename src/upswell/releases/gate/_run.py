"""Runs the gate's steps in a connection, and clears away what they left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from upswell.errors import CellError
from upswell.releases.gate._sql import Step

if TYPE_CHECKING:
    import duckdb
    import polars as pl

__all__ = ["Bench", "bench"]


class Bench:
    """A connection, and the names of the relations made in it so far."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._made: list[tuple[str, str]] = []
        self._lent: list[str] = []

    def run(self, steps: Iterable[Step]) -> None:
        """Make each relation, in order.

        Raises
        ------
        CellError
            When a count is too large to be summed exactly.
        """
        import duckdb

        for step in steps:
            kind = "TABLE" if step.kept else "VIEW"
            try:
                self._connection.execute(f"CREATE TEMP {kind} {step.name} AS\n{step.sql}")
            except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
                raise CellError(
                    "a count is too large to be summed exactly",
                    fix="leave out values beyond 10^29, or give the metric in a larger unit",
                ) from error
            self._made.append((kind, step.name))

    def lend(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Let frames be read by name."""
        for name, frame in frames.items():
            self._connection.register(name, frame.to_arrow())
            self._lent.append(name)

    def fetch(self, query: str) -> pl.DataFrame:
        """Return the result of a query."""
        import polars as pl

        return pl.DataFrame(self._connection.sql(query).to_arrow_table())

    def clear(self) -> None:
        """Drop everything that was made, the latest first."""
        for kind, name in reversed(self._made):
            self._connection.execute(f"DROP {kind} IF EXISTS {name}")
        for name in self._lent:
            self._connection.unregister(name)
        self._made.clear()
        self._lent.clear()


@contextmanager
def bench(connection: duckdb.DuckDBPyConnection) -> Iterator[Bench]:
    """Lend a bench that is cleared whatever happens."""
    made = Bench(connection)
    try:
        yield made
    finally:
        made.clear()
