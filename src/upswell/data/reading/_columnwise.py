"""From any source to typed columns of any roles, read by the rules for all tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import polars as pl

from upswell.data.ledger import Action, Repair
from upswell.data.panel import Source
from upswell.data.reading._dates import find_zone, looks_like_dates, parse_days
from upswell.data.reading._entries import list_inputs
from upswell.data.reading._gathering import joined, open_table
from upswell.data.reading._inputs import FileInput, dates_in_name
from upswell.data.reading._names import parse_names
from upswell.data.reading._numbers import looks_like_numbers, parse_numbers
from upswell.data.reading._selecting import (
    FILE_NAME,
    Column,
    Holds,
    Rest,
    Selection,
    select_columns,
)
from upswell.data.reading._table import Table
from upswell.errors import CellError, ColumnError, InputError, Place, SourceError

__all__ = ["Columns", "holds", "read_columns"]


@dataclass(frozen=True)
class Columns:
    """Typed columns of all inputs.

    Parameters
    ----------
    frame
        A column for each role that was found: String for text, Date for days, Float64 for
        numbers, null where the cell was empty. Then ``rest_0``, ``rest_1``, ... for the further
        columns, String or Float64. Then ``file`` and ``row``, both UInt32, and ``alike``,
        UInt64: equal only for rows that are equal in every column of the input, used or not.
    selection
        The columns chosen; the further ones in the order of ``rest_0``, ``rest_1``, ...
    sources
        The inputs, in the order read.
    repairs
        Lines for the ledger.
    """

    frame: pl.DataFrame
    selection: Selection
    sources: tuple[Source, ...]
    repairs: tuple[Repair, ...]


def read_columns(
    source: object,
    columns: Sequence[Column],
    rest: Rest | None = None,
    *,
    timezone: str | None = None,
) -> Columns:
    """Read the columns that play a role, and the rest, from one or several inputs.

    Parameters
    ----------
    source
        As for `read_observations`: a path, pattern, folder, database URI, a list of these, or a
        data frame.
    columns
        The roles.
    rest
        What to do with the other columns; by default they are left alone.
    timezone
        IANA name of the zone in which days begin; needed where times have an offset.

    Raises
    ------
    SourceError, ColumnError, CellError, SettingError
        As for `read_observations`.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"song": ["a", "b"], "released": ["2024-01-05", "2024-01-12"]})
    >>> from upswell.data.reading._release_roles import release_day_rank, release_rank
    >>> wanted = (
    ...     Column("release", Holds.TEXT, release_rank),
    ...     Column("date", Holds.DAY, release_day_rank),
    ... )
    >>> read_columns(frame, wanted).frame["date"].to_list()[0].isoformat()
    '2024-01-05'
    """
    zone = find_zone(timezone)
    inputs, repairs = list_inputs(source)
    files = [entry for entry in inputs if isinstance(entry, FileInput)]
    dated = len(files) == len(inputs) and all(len(dates_in_name(f.name)) == 1 for f in files)
    gathered = _Gathered(columns, rest or Rest(), repairs, dated_name=dated)
    for index, entry in enumerate(inputs):
        gathered.add(open_table(entry), index, last=index == len(inputs) - 1)
    raw, selection = gathered.joined()
    frame, noted = _typed(raw, selection, gathered, zone)
    return Columns(frame, selection, tuple(gathered.sources), (*gathered.repairs, *noted))


@dataclass(frozen=True)
class _Looked:
    """A table whose columns can be looked at."""

    name: str
    header: tuple[str, ...]
    whole: pl.DataFrame
    seen: dict[str, Holds] = field(default_factory=dict)

    def holds(self, title: str) -> Holds:
        if title not in self.seen:
            self.seen[title] = holds(self.whole.to_series(self.header.index(title)))
        return self.seen[title]


def holds(cells: pl.Series) -> Holds:
    """Return what the cells of a column are, by its type or its first thousand cells."""
    if looks_like_numbers(cells):
        return Holds.NUMBER
    if looks_like_dates(cells):
        return Holds.DAY
    # A yes or no is a category of two.
    named = cells.dtype in (pl.String, pl.Boolean) and cells.null_count() < len(cells)
    return Holds.TEXT if named else Holds.OTHER


@dataclass
class _Gathered:
    """The columns of several inputs as they were written, input by input."""

    columns: Sequence[Column]
    rest: Rest
    repairs: list[Repair]
    dated_name: bool
    selection: Selection | None = None
    pieces: list[pl.DataFrame] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def add(self, table: Table, index: int, *, last: bool) -> None:
        self.repairs += table.repairs
        height = 0
        if table.rows > 0:
            whole = table.load(range(len(table.header)))
            if self.selection is None:
                looked = _Looked(table.name, table.header, whole)
                self.selection = select_columns(
                    looked, self.columns, self.rest, dated_name=self.dated_name
                )
            piece = self._piece(table, whole, index, self.selection)
            height = piece.height
            if height:
                self.pieces.append(piece)
        elif index or not last:
            reason = "a file has a header and no rows"
            self.repairs.append(Repair("empty-file", Action.FLAGGED, reason, 1, place=table.name))
        self.sources.append(Source(table.name, table.sha256, height))

    def _piece(
        self, table: Table, whole: pl.DataFrame, index: int, selection: Selection
    ) -> pl.DataFrame:
        """Keep the columns that play a role, and whether rows differ."""
        alike = _text_of(whole).hash_rows(seed=0).alias("alike")
        parts: list[pl.Series] = []
        for role, title in selection.titles.items():
            if title == FILE_NAME:
                date = dates_in_name(table.name)[0]
                parts.append(pl.repeat(date, table.rows, dtype=pl.Date, eager=True).alias(role))
            else:
                parts.append(whole.to_series(_locate(table, title)).alias(role))
        for number, title in enumerate(selection.rest):
            parts.append(whole.to_series(_locate(table, title)).alias(f"rest_{number}"))
        file = pl.repeat(index, table.rows, dtype=pl.UInt32, eager=True).alias("file")
        frame = pl.DataFrame([*parts, file, table.row_numbers(), alike])
        blank = whole.select(pl.all_horizontal(_empty(whole))).to_series()
        if not blank.any():
            return frame
        place = str(Place(table.name, row=int(frame["row"].filter(blank)[0])))
        line = "empty rows were left out"
        self.repairs.append(
            Repair("blank-row", Action.DROPPED, line, int(blank.sum()), place=place)
        )
        return frame.filter(~blank)

    def joined(self) -> tuple[pl.DataFrame, Selection]:
        """Return the rows of all inputs; columns of different kinds become text."""
        if self.selection is None or not self.pieces:
            raise SourceError(
                "there is a header but no rows under it",
                where=Place(self.sources[0].name),
                fix="export the data again",
            )
        return joined(self.pieces, self.pieces[0].columns), self.selection


def _text_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Return floats as their bits would compare, so that equal rows hash alike."""
    return frame.with_columns(pl.col(pl.Float32, pl.Float64).fill_nan(None))


def _empty(frame: pl.DataFrame) -> list[pl.Expr]:
    return [
        pl.col(name).is_null() | (pl.col(name) == "")
        if kind == pl.String
        else pl.col(name).is_null()
        for name, kind in frame.schema.items()
    ]


def _locate(table: Table, title: str) -> int:
    if title in table.header:
        return table.header.index(title)
    folded = title.strip().casefold()
    found = [i for i, other in enumerate(table.header) if other.strip().casefold() == folded]
    if len(found) == 1:
        return found[0]
    raise ColumnError(
        f'the file lacks the column "{title}", which the inputs before it have',
        where=Place(table.name),
        fix="read files of one kind together, or add the column",
    )


def _typed(
    raw: pl.DataFrame, selection: Selection, gathered: _Gathered, zone: ZoneInfo | None
) -> tuple[pl.DataFrame, list[Repair]]:
    names = [source.name for source in gathered.sources]
    files, rows = raw["file"], raw["row"]
    repairs: list[Repair] = []

    def place(title: str | None) -> Callable[[int], Place]:
        shown = None if title == FILE_NAME else title
        return lambda index: Place(names[files[index]], rows[index], shown)

    parts: list[pl.Series] = []
    for column in gathered.columns:
        title = selection.titles.get(column.role)
        if title is not None:
            with _reworded(column.setting):
                parts.append(_cells(raw[column.role], column.kind, place(title), zone, repairs))
    for number, (title, kind) in enumerate(selection.rest.items()):
        with _reworded(gathered.rest.setting):
            parts.append(_cells(raw[f"rest_{number}"], kind, place(title), zone, repairs))
    return pl.DataFrame([*parts, files, rows, raw["alike"]]), repairs


def _cells(
    cells: pl.Series,
    kind: Holds,
    place: Callable[[int], Place],
    zone: ZoneInfo | None,
    repairs: list[Repair],
) -> pl.Series:
    if kind == Holds.NUMBER:
        numbers, noted = parse_numbers(cells, place)
        repairs += noted
        return numbers
    if kind == Holds.DAY:
        days = parse_days(cells, place, zone)
        if not days.calendar:
            raise CellError(
                f'"{cells.drop_nulls().head(1).to_list()[0]}" is no date but a number',
                where=place(int(cells.is_not_null().arg_max() or 0)),
                fix="write days as dates such as 2024-01-03",
            )
        return days.numbers.cast(pl.Date)
    return parse_names(cells)


@contextmanager
def _reworded(setting: str) -> Iterator[None]:
    """Name the setting where an error names the option of a command."""
    try:
        yield
    except InputError as error:
        if error.fix is not None:
            words = {"--timezone": "timezone =", "--time": setting, "--value": setting}
            for option, said in words.items():
                error.fix = error.fix.replace(option, said)
        raise
