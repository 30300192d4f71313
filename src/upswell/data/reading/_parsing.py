"""Rows as written to rows as typed: days, names and numbers, with what had to be left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from upswell.data.ledger import Action, Repair
from upswell.data.reading._choice import FILE_NAME
from upswell.data.reading._dates import parse_days
from upswell.data.reading._gathering import Gathered
from upswell.data.reading._names import parse_names
from upswell.data.reading._numbers import parse_numbers
from upswell.errors import CellError, Place, SourceError

__all__ = ["Rows", "parse_rows"]


@dataclass(frozen=True)
class Rows:
    """Typed rows; see `Observations` for the columns of the frame."""

    frame: pl.DataFrame
    calendar: bool
    repairs: tuple[Repair, ...]


def parse_rows(gathered: Gathered, zone: ZoneInfo | None) -> Rows:
    """Type the rows of all inputs, and leave out rows without an item or a day.

    Parameters
    ----------
    gathered
        The rows as they were written.
    zone
        The time zone in which days begin, where cells are moments in time.

    Raises
    ------
    CellError
        When a cell is no number or no day.
    SettingError
        When a time zone is needed.
    """
    raw, columns = gathered.frame, gathered.choice.columns
    names = [source.name for source in gathered.sources]
    files, rows = raw["file"], raw["row"]

    def places(column: str | None) -> Callable[[int], Place]:
        return lambda index: Place(names[files[index]], rows[index], column)

    days = parse_days(
        raw["time"], places(None if columns.time == FILE_NAME else columns.time), zone
    )
    values, repairs = parse_numbers(raw["value"], places(columns.value))
    likes, unread = _likes(raw["likes"], places(gathered.choice.likes))
    frame = pl.DataFrame(
        [
            parse_names(raw["item"]),
            parse_names(raw["group"]),
            days.numbers.alias("day"),
            values,
            likes,
            files,
            rows,
        ]
    )
    frame, dropped = _without_nameless(frame, places(None))
    if frame.is_empty():
        raise SourceError(
            "no row has both an item and a day",
            where=Place(names[0]),
            fix="check the columns chosen: --time and --item",
        )
    return Rows(frame, days.calendar, (*repairs, *unread, *dropped))


def _likes(cells: pl.Series, place: Callable[[int], Place]) -> tuple[pl.Series, list[Repair]]:
    """Read likes if they can be read: they serve a warning only, and stop nobody."""
    try:
        return parse_numbers(cells, place)[0], []
    except CellError as error:
        reason = f"likes were not read: {error.what}"
        line = Repair("unread-likes", Action.FLAGGED, reason, len(cells), place=str(error.where))
        return pl.Series("likes", [None] * len(cells), dtype=pl.Float64), [line]


def _without_nameless(
    frame: pl.DataFrame, place: Callable[[int], Place]
) -> tuple[pl.DataFrame, list[Repair]]:
    lines = []
    keep = pl.repeat(value=True, n=frame.height, eager=True, dtype=pl.Boolean)
    for column, code, what in (("item", "no-item", "an item"), ("day", "no-day", "a day")):
        if frame[column].null_count() == 0:
            continue
        lacking = frame[column].is_null()
        first = int(lacking.arg_true()[0])
        reason = f"rows without {what} were left out, the first at {place(first)}"
        count = int((lacking & keep).sum())
        if count:
            lines.append(Repair(code, Action.DROPPED, reason, count, place=str(place(first))))
        keep &= ~lacking
    return (frame.filter(keep), lines) if lines else (frame, lines)
