"""Many decisions of people at once, from a table with the columns release, decision and note."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from upswell.data.reading import Column, Holds, read_columns, release_roles
from upswell.errors import CellError, DuplicateError, Place, SettingError
from upswell.releases.book.entries import DECISIONS, Decision, PersonEntry
from upswell.store import csv_cell

__all__ = ["Sheet", "as_written", "decision_of", "read_sheet"]


@dataclass(frozen=True)
class Sheet:
    """Decisions of a table.

    Parameters
    ----------
    entries
        One a release, in the order of the table.
    left_open
        Rows without a decision, which were passed over.
    """

    entries: tuple[PersonEntry, ...]
    left_open: int


def read_sheet(
    source: Any, *, on: dt.date, by: str | None = None, known: Iterable[str] = ()
) -> Sheet:
    """Read decisions from a table.

    Parameters
    ----------
    source
        A path or data frame with the columns ``release`` and ``decision``, and perhaps ``note``,
        ``by`` and ``on``.
    on, by
        When the decisions were taken and by whom, where the table does not say.
    known
        Releases of the book: a name that a CSV of ours holds with an apostrophe, so that no
        spreadsheet runs it, is known again.

    Raises
    ------
    SourceError, ColumnError
        When the table cannot be read, or a column is missing.
    CellError
        When a decision is none of promote, watch and hold, or its release is missing.
    DuplicateError
        When a release stands there with two decisions.

    Examples
    --------
    >>> import datetime as dt, polars as pl
    >>> table = pl.DataFrame({"release": ["a", "b"], "decision": ["Hold", None], "note": ["x", ""]})
    >>> sheet = read_sheet(table, on=dt.date(2026, 3, 6))
    >>> [(entry.release, entry.decision, entry.note) for entry in sheet.entries], sheet.left_open
    ([('a', 'hold', 'x')], 1)
    """
    read = _columns(source)
    written = as_written(known)
    names = [one.name for one in read.sources]
    found: dict[str, PersonEntry] = {}
    left_open = 0
    for row in read.frame.iter_rows(named=True):
        place = Place(names[row["file"]], row=row["row"])
        if row["decision"] is None:
            left_open += 1
            continue
        entry = _entry(row, place, on, by, written)
        other = found.setdefault(entry.release, entry)
        if other != entry:
            raise DuplicateError(
                f'the release "{entry.release}" stands there twice, and the rows differ',
                where=place,
                fix="keep one row for each release",
            )
    return Sheet(tuple(found.values()), left_open)


def as_written(known: Iterable[str]) -> Callable[[str], str]:
    """Return how to find the releases of a book by what a CSV of ours calls them.

    Examples
    --------
    >>> find = as_written(["=1+1", "ana"])
    >>> find("'=1+1"), find("ana"), find("'bo")
    ('=1+1', 'ana', "'bo")
    """
    own = set(known)
    changed = {csv_cell(name): name for name in own if csv_cell(name) not in own}
    return lambda name: changed.get(name, name)


def decision_of(text: str, where: Place | None = None) -> Decision:
    """Return a decision by its name, in small or capital letters.

    Raises
    ------
    SettingError
        When it is none; a CellError where it has a place in a table.
    """
    word = text.strip().casefold()
    for decision in DECISIONS:
        if word == decision:
            return decision
    what, fix = f'"{text:.40}" is no decision', f"write one of {', '.join(DECISIONS)}"
    if where is None:
        raise SettingError(what, fix=fix)
    raise CellError(what, where=where, fix=fix)


def _columns(source: Any) -> Any:
    wanted = (
        _column("release", "the releases", release_roles.release_rank, required=True),
        _column("decision", "the decisions", _called("decision"), required=True),
        _column("note", "the notes", _called("note", "notes")),
        _column("by", "the people who decided", _called("by")),
        _column("on", "the days of the decisions", _called("on"), Holds.DAY),
    )
    return read_columns(source, wanted)


def _column(
    role: str,
    meant: str,
    rank: Callable[[str], int | None],
    kind: Holds = Holds.TEXT,
    *,
    required: bool = False,
) -> Column:
    return Column(role, kind, rank, required=required, setting=meant, usual=role)


def _called(*titles: str) -> Callable[[str], int | None]:
    return lambda header: 0 if header.strip().casefold() in titles else None


def _entry(
    row: dict[str, Any],
    place: Place,
    on: dt.date,
    by: str | None,
    written: Callable[[str], str],
) -> PersonEntry:
    decision = decision_of(row["decision"], Place(place.file, place.row, "decision"))
    if row["release"] is None:
        raise CellError("there is a decision without a release", where=place, fix="name it")
    return PersonEntry(
        release=written(row["release"]),
        on=row.get("on") or on,
        decision=decision,
        by=row.get("by") or by,
        note=row.get("note") or "",
    )
