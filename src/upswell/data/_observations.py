"""Observations: the rows of all inputs in one typed frame, before any repair."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from upswell.data.ledger import Ledger
from upswell.data.panel import ColumnChoice, Source

__all__ = ["Observations"]


@dataclass(frozen=True)
class Observations:
    """Rows as they were read, typed but not repaired.

    Parameters
    ----------
    frame
        One row for each row read, with the columns ``item`` (String, not null), ``group``
        (String, null where there is none), ``day`` (Int32: days since 1970-01-01 with a calendar,
        else the integer), ``value`` (Float64, null where the cell was empty), ``likes`` (Float64,
        null where absent), ``file`` (UInt32, index into `sources`) and ``row`` (UInt32, as an
        editor counts: the header is row 1; for frames and tables the first row is 1).
    calendar
        Whether days are dates.
    columns
        The columns chosen.
    sources
        The inputs, in the order read.
    ledger
        What reading itself had to repair.
    """

    frame: pl.DataFrame
    calendar: bool
    columns: ColumnChoice
    sources: tuple[Source, ...]
    ledger: Ledger
