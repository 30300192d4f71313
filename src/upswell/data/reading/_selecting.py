"""Which columns of a table play which of any roles, and what the others hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from upswell.data.reading._columns import is_running
from upswell.data.reading._matching import listed
from upswell.data.reading._release_roles import is_identifier, is_place
from upswell.errors import ColumnError, Place, SettingError

__all__ = ["FILE_NAME", "Column", "Holds", "Rest", "Selection", "Titled", "select_columns"]

FILE_NAME = "<file name>"


class Holds(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    OTHER = "other"


class Titled(Protocol):
    """A table as far as its columns can be chosen from it."""

    @property
    def name(self) -> str:
        """The name of the table for a reader."""

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns."""

    def holds(self, title: str) -> Holds:
        """Return what the cells of a column are, by its type or its first thousand cells."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is wanted.

    Parameters
    ----------
    role
        What it is called in the result.
    kind
        What its cells must be: text, days or numbers.
    rank
        How well a header names it, 0 being best and None not at all.
    title
        The header that was asked for; None to find it by its words.
    required
        Whether it must be there.
    setting
        How the reader asks for it, for errors, such as ``[signals] date``.
    like
        A header that is taken if it is there and none was asked for.
    usual
        A header that is found by its words, for errors where there is no setting that names one.
    """

    role: str
    kind: Holds
    rank: Callable[[str], int | None]
    title: str | None = None
    required: bool = True
    setting: str = ""
    like: str | None = None
    usual: str | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """What to do with the columns that play no role.

    Parameters
    ----------
    kinds
        What they may hold to be taken.
    titles
        The headers that were asked for; None takes all that hold what they may.
    setting
        How the reader asks for them, for errors.
    taken
        Names that they cannot have, since something else has them.
    running
        Whether running totals are welcome.
    """

    kinds: frozenset[Holds] = frozenset()
    titles: tuple[str, ...] | None = None
    setting: str = ""
    taken: frozenset[str] = frozenset()
    running: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """The columns chosen.

    Parameters
    ----------
    titles
        Header by role; `FILE_NAME` where the day stands in the names of the files.
    rest
        What each further column holds, by its header, in the order of the header or as asked.
    ignored
        Why a column was left alone, by its header; only where one might have expected it.
    """

    titles: Mapping[str, str]
    rest: Mapping[str, Holds]
    ignored: Mapping[str, str]


def select_columns(
    table: Titled, columns: Sequence[Column], rest: Rest, *, dated_name: bool = False
) -> Selection:
    """Choose the columns of a table: what was asked for, then by header, then what is left.

    Parameters
    ----------
    table
        The table; when there are several, the first, and the others must agree.
    columns
        The roles, the more certain ones first.
    rest
        What to do with the other columns.
    dated_name
        Whether the name of every file holds one date.

    Raises
    ------
    ColumnError
        When a column is missing, or two could be meant.
    SettingError
        When one column was asked for in two roles.
    """
    titles: dict[str, str] = {}
    for column in columns:
        if column.title is not None:
            asked = _asked(table, column.title, column.setting, dated_name=dated_name)
            _refuse_twice(titles, asked, column, columns)
            titles[column.role] = asked
    for column in columns:
        if column.role not in titles:
            found = _found(table, column, set(titles.values()), dated_name=dated_name)
            if found is not None:
                titles[column.role] = found
    free = [title for title in table.header if title not in titles.values()]
    if rest.titles is not None:
        return Selection(titles, _asked_rest(table, rest), {})
    chosen, ignored = _left_over(table, free, rest)
    return Selection(titles, chosen, ignored)


def _asked(table: Titled, title: str, setting: str, *, dated_name: bool = False) -> str:
    if title == FILE_NAME and dated_name:
        return title
    if title in table.header:
        return title
    folded = title.strip().casefold()
    found = [other for other in table.header if other.strip().casefold() == folded]
    if len(found) == 1:
        return found[0]
    what = "no" if not found else "more than one"
    raise ColumnError(
        f'there is {what} column "{title}"; there are {listed(table.header)}',
        where=Place(table.name),
        fix=f"give {setting} one of these",
    )


def _refuse_twice(
    titles: Mapping[str, str], asked: str, column: Column, columns: Sequence[Column]
) -> None:
    other = next((c for c in columns if titles.get(c.role) == asked), None)
    if other is not None:
        raise SettingError(
            f'the column "{asked}" was asked for by both {other.setting} and {column.setting}',
            fix="name a different column for each",
        )


def _found(table: Titled, column: Column, used: set[str], *, dated_name: bool) -> str | None:
    free = [title for title in table.header if title not in used]
    if column.like in free:
        return column.like
    ranked = [(rank, title) for title in free if (rank := column.rank(title)) is not None]
    if ranked:
        best = min(rank for rank, _ in ranked)
        titles = [title for rank, title in ranked if rank == best]
        return _only(table, column, titles)
    if not column.required:
        return None
    if column.kind == Holds.DAY and dated_name:
        return FILE_NAME
    if column.kind != Holds.TEXT:
        titles = [title for title in free if _usable(table, title, column.kind)]
        if titles:
            return _only(table, column, titles)
    raise ColumnError(
        f"no column for {column.setting} was found; there are {listed(table.header)}",
        where=Place(table.name),
        fix=f"name it in {column.setting}" if column.usual is None else _renamed(column.usual),
    )


def _renamed(usual: str) -> str:
    return f'give the column that holds them the header "{usual}"'


def _usable(table: Titled, title: str, kind: Holds) -> bool:
    return not is_identifier(title) and table.holds(title) == kind


def _only(table: Titled, column: Column, titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return titles[0]
    raise ColumnError(
        f"{listed(titles)} could {'both' if len(titles) == 2 else 'all'} be meant by "
        f"{column.setting}; there are {listed(table.header)}",
        where=Place(table.name),
        fix=f'name one in {column.setting}, such as "{titles[0]}"'
        if column.usual is None
        else _renamed(column.usual) + ", and the others none that means the same",
    )


def _asked_rest(table: Titled, rest: Rest) -> dict[str, Holds]:
    chosen: dict[str, Holds] = {}
    for title in rest.titles or ():
        found = _asked(table, title, rest.setting)
        if found in chosen or found.casefold() in rest.taken:
            taken = "twice" if found in chosen else "with a name that has another meaning here"
            raise ColumnError(
                f'{rest.setting} has the column "{found}" {taken}',
                where=Place(table.name, column=found),
                fix="name it once" if found in chosen else "rename the column",
            )
        only_numbers = rest.kinds == frozenset({Holds.NUMBER})
        kind = Holds.TEXT if is_identifier(found) else table.holds(found)
        chosen[found] = Holds.NUMBER if only_numbers else kind
    return chosen


def _left_over(
    table: Titled, free: Sequence[str], rest: Rest
) -> tuple[dict[str, Holds], dict[str, str]]:
    chosen: dict[str, Holds] = {}
    ignored: dict[str, str] = {}
    if not rest.kinds:
        return chosen, ignored
    names = set(rest.taken)
    for title in free:
        why = _why_not(title, table, rest, names)
        if why is None:
            # The digits of an identifier are its name, with any zeros before them.
            chosen[title] = Holds.TEXT if is_identifier(title) else table.holds(title)
            names.add(title.casefold())
        else:
            ignored[title] = why
    return chosen, ignored


def _why_not(title: str, table: Titled, rest: Rest, names: set[str]) -> str | None:
    """Return why a column is left alone; None when it is taken."""
    if not title.strip():
        return "it has no name"
    if title.casefold() in names:
        return "its name has another meaning here"
    holds = table.holds(title)
    if holds not in rest.kinds:
        kinds = {Holds.TEXT: "text", Holds.DAY: "days", Holds.NUMBER: "numbers"}
        return f"it holds {kinds.get(holds, 'neither numbers nor text')}"
    what = None
    if Holds.TEXT not in rest.kinds and is_identifier(title):
        what = "an identifier"
    elif is_place(title):
        what = "a place in a list"
    elif not rest.running and is_running(title):
        what = "a running total"
    return None if what is None else f"its header names {what}"
