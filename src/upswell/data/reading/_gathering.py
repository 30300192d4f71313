"""The columns that play a role, from all inputs, in one frame that is not typed yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from upswell.data.ledger import Action, Repair
from upswell.data.panel import Source
from upswell.data.reading._choice import FILE_NAME, Choice, Wanted, choose_columns
from upswell.data.reading._databases import read_database
from upswell.data.reading._frames import read_frame
from upswell.data.reading._inputs import FileInput, dates_in_name
from upswell.data.reading._matching import find_column
from upswell.data.reading._names import to_text
from upswell.data.reading._table import Table
from upswell.data.reading._tables import read_file
from upswell.errors import ColumnError, Place, SourceError

__all__ = ["Gathered", "gather", "joined", "open_table"]

ROLES = ("time", "item", "value", "group", "likes")


@dataclass(frozen=True)
class Gathered:
    """Rows of all inputs, as they were written.

    Parameters
    ----------
    frame
        Columns ``time``, ``item``, ``value``, ``group``, ``likes`` of any type, and ``file``
        and ``row``, both UInt32.
    choice
        Which columns they were.
    sources
        The inputs, in the order read.
    repairs
        Lines for the ledger.
    """

    frame: pl.DataFrame
    choice: Choice
    sources: tuple[Source, ...]
    repairs: tuple[Repair, ...]


def gather(inputs: Sequence[Any], wanted: Wanted) -> Gathered:
    """Read inputs one after the other and keep only the columns that play a role.

    Parameters
    ----------
    inputs
        Files, database addresses, or one data frame.
    wanted
        The columns that were asked for. The first input with rows decides on the others, and
        all inputs must have the columns chosen.

    Raises
    ------
    SourceError, ColumnError
        As `read_observations`.
    """
    files = [entry for entry in inputs if isinstance(entry, FileInput)]
    dated_name = len(files) == len(inputs) and all(
        len(dates_in_name(file.name)) == 1 for file in files
    )
    choice: Choice | None = None
    pieces: list[pl.DataFrame] = []
    sources: list[Source] = []
    repairs: list[Repair] = []
    for index, entry in enumerate(inputs):
        table = open_table(entry)
        repairs += table.repairs
        height = 0
        if table.rows > 0:
            choice = choice or choose_columns(table, wanted, dated_name=dated_name)
            piece, blank = _without_blank_rows(_piece(table, choice, index), table.name)
            repairs += blank
            pieces.append(piece)
            height = piece.height
        elif len(inputs) > 1:
            reason = "a file has a header and no rows"
            repairs.append(Repair("empty-file", Action.FLAGGED, reason, 1, place=table.name))
        sources.append(Source(table.name, table.sha256, height))
    if choice is None or not any(source.rows for source in sources):
        raise SourceError(
            "there is a header but no rows under it",
            where=Place(sources[0].name),
            fix="export the data again",
        )
    return Gathered(joined(pieces, ROLES), choice, tuple(sources), tuple(repairs))


def open_table(entry: Any) -> Table:
    """Open a file, a database address or a data frame."""
    if isinstance(entry, FileInput):
        return read_file(entry)
    return read_database(entry) if isinstance(entry, str) else read_frame(entry)


def _piece(table: Table, choice: Choice, index: int) -> pl.DataFrame:
    """Load the columns that play a role; absent ones are null, or the one item ``all``."""
    columns = choice.columns
    wanted = dict(
        zip(ROLES, (columns.time, columns.item, columns.value, columns.group), strict=False)
    )
    found = {
        role: _locate(table, title, role)
        for role, title in (*wanted.items(), ("likes", choice.likes))
        if title is not None and title != FILE_NAME
    }
    frame = table.load(list(found.values()))
    frame.columns = list(found)
    additions = [pl.lit(index, dtype=pl.UInt32).alias("file"), table.row_numbers()]
    if columns.time == FILE_NAME:
        additions.append(pl.lit(dates_in_name(table.name)[0]).alias("time"))
    if columns.item is None:
        additions.append(pl.lit("all").alias("item"))
    for role, kind in (("group", pl.String), ("likes", pl.Float64)):
        if role not in found:
            additions.append(pl.lit(None, dtype=kind).alias(role))
    return frame.with_columns(additions).select(*ROLES, "file", "row")


def _locate(table: Table, title: str, role: str) -> int:
    try:
        return table.header.index(find_column(table.header, title, role, table.name))
    except ColumnError as error:
        raise ColumnError(
            f'the file lacks the column "{title}", which the inputs before it have',
            where=Place(table.name),
            fix="read files of one kind together, or add the column",
        ) from error


def _without_blank_rows(frame: pl.DataFrame, name: str) -> tuple[pl.DataFrame, list[Repair]]:
    """Drop rows in which every cell that plays a role is empty."""
    empty = []
    for role in ("time", "item", "value"):
        cell = pl.col(role)
        null = cell.is_null()
        empty.append(null | (cell == "") if frame.schema[role] == pl.String else null)
    blank = frame.select(pl.all_horizontal(empty)).to_series()
    count = int(blank.sum())
    if count == 0:
        return frame, []
    place = str(Place(name, row=int(frame["row"].filter(blank)[0])))
    line = Repair("blank-row", Action.DROPPED, "empty rows were left out", count, place=place)
    return frame.filter(~blank), [line]


def joined(pieces: list[pl.DataFrame], names: Sequence[str]) -> pl.DataFrame:
    """Join the rows of all inputs; of the columns named, those of different kinds become text."""
    if len(pieces) == 1:
        return pieces[0]
    for role in names:
        kinds = {piece.schema[role] for piece in pieces} - {pl.Null()}
        if len(kinds) > 1 and not all(kind.is_numeric() for kind in kinds):
            pieces = [piece.with_columns(to_text(piece[role])) for piece in pieces]
    return pl.concat(pieces, how="vertical_relaxed")
