"""A table as it was read: its header, and its columns on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from upswell.data.ledger import Repair

__all__ = ["Table"]


@dataclass(frozen=True)
class Table:
    """One table.

    Parameters
    ----------
    name
        The name to show: the path as given, ``<frame>``, or a database table.
    sha256
        Hexadecimal SHA-256 of what was read.
    header
        Names of the columns, unique.
    rows
        Number of rows under the header, empty ones included.
    load
        Gives the columns at some positions, named by position ("0", "1", ...), ``rows`` rows each.
    first_row
        The number of the first row for a reader: 2 under a header, else 1.
    lines
        The number of each row, where they do not simply count up; shape ``(rows,)``.
    file
        Whether it came from a file, so that the date may stand in its name.
    repairs
        What was noted while reading.
    """

    name: str
    sha256: str
    header: tuple[str, ...]
    rows: int
    load: Callable[[Sequence[int]], pl.DataFrame]
    first_row: int
    lines: pl.Series | None = None
    file: bool = True
    repairs: tuple[Repair, ...] = ()

    def noting(self, *lines: Repair) -> Table:
        """Return the table with more lines for the ledger."""
        return replace(self, repairs=self.repairs + lines)

    def column(self, name: str) -> pl.Series:
        """Return one column."""
        return self.load([self.header.index(name)]).to_series()

    def row_numbers(self) -> pl.Series:
        """Return the number of each row for a reader, shape ``(rows,)``, UInt32."""
        if self.lines is not None:
            return self.lines.cast(pl.UInt32).alias("row")
        stop = self.first_row + self.rows
        return pl.int_range(self.first_row, stop, dtype=pl.UInt32, eager=True).alias("row")
