"""Which column plays which role: what was asked for, then the headers, then what is left over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from upswell.data.panel import ColumnChoice
from upswell.data.reading import _columns
from upswell.data.reading._dates import looks_like_dates
from upswell.data.reading._matching import ambiguous, find_column, listed
from upswell.data.reading._numbers import looks_like_numbers
from upswell.data.reading._table import Table
from upswell.data.reading._vocabulary import DERIVED_WORDS, OTHER_COUNT_WORDS, split_words
from upswell.errors import ColumnError, Place, SettingError

__all__ = ["FILE_NAME", "Choice", "Wanted", "choose_columns"]

FILE_NAME = "<file name>"
# Cells are looked at only in tables of a sensible width; words decide in any.
_MOST_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Names of columns that were asked for; None leaves the choice open."""

    time: str | None = None
    item: str | None = None
    value: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The columns chosen, and the one with likes, which is no role of its own."""

    columns: ColumnChoice
    likes: str | None


def choose_columns(table: Table, wanted: Wanted, *, dated_name: bool) -> Choice:
    """Choose the columns of a table.

    Parameters
    ----------
    table
        The first of the tables; the others must agree.
    wanted
        What was asked for.
    dated_name
        Whether the name of every file holds one date.

    Returns
    -------
    Choice
        The columns, with a sentence for each on why.

    Raises
    ------
    ColumnError
        When a column is missing, or two could be meant.
    SettingError
        When one column was asked for in two roles.
    """
    return _Chooser(table, wanted, dated_name=dated_name).choose()


@dataclass
class _Chooser:
    table: Table
    wanted: Wanted
    dated_name: bool
    taken: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)

    def choose(self) -> Choice:
        for role in ("time", "value", "item", "group"):
            self._take_wanted(role)
        if "time" not in self.taken:
            self._choose_time()
        self._choose_item_by_words()
        self._choose_by_rank("group", _columns.group_rank)
        likes = self._likes()
        if "value" not in self.taken and not self._choose_by_rank("value", _columns.value_rank):
            self._choose_value_left_over(likes)
        self._note_running_totals()
        if "item" not in self.taken:
            self._choose_item_left_over(likes)
        why = tuple(self.why[role] for role in ("time", "item", "value", "group"))
        item, group = self.taken.get("item"), self.taken.get("group")
        columns = ColumnChoice(self.taken["time"], self.taken["value"], item, group, why)
        return Choice(columns, likes)

    def _take(self, role: str, title: str, reason: str) -> None:
        self.taken[role] = title
        self.why[role] = f'{role}: "{title}", {reason}'

    def _take_wanted(self, role: str) -> None:
        name: str | None = getattr(self.wanted, role)
        if name is None:
            return
        if role == "time" and name == FILE_NAME and self.dated_name:
            self._take(role, FILE_NAME, "as asked")
            return
        title = find_column(self.table.header, name, role, self.table.name)
        other = next((key for key, used in self.taken.items() if used == title), None)
        if other is not None:
            raise SettingError(
                f'the column "{title}" was asked for as both {other} and {role}',
                fix="name a different column for each",
            )
        self._take(role, title, "as asked")

    def _free(self) -> list[str]:
        used = set(self.taken.values())
        return [title for title in self.table.header if title not in used]

    def _left_over(self) -> list[str]:
        """Return the free columns that have a name."""
        return [title for title in self._free() if not title.startswith("column_")]

    def _choose_by_rank(self, role: str, rank: Callable[[str], int | None]) -> bool:
        """Choose the one header with the best rank; ask when there are two."""
        if role in self.taken:
            return True
        ranked = [(rank(title), title) for title in self._free()]
        known = [(place, title) for place, title in ranked if place is not None]
        if not known:
            self.why[role] = f"{role}: no column"
            return False
        best = min(place for place, _ in known)
        titles = [title for place, title in known if place == best]
        if len(titles) > 1:
            raise ambiguous(role, titles, self.table.name)
        self._take(role, titles[0], "by its header")
        return True

    def _choose_time(self) -> None:
        if self._choose_by_rank("time", _columns.time_rank):
            self._refuse_day_of_month()
            return
        titles = [title for title in self._left_over() if not _columns.is_other_date(title)]
        like_dates = self._looked_at(looks_like_dates, titles)
        if self.dated_name:
            if like_dates:
                hint = f'; so could the date in the name of the file ("{FILE_NAME}")'
                raise ambiguous("time", [*like_dates, FILE_NAME], self.table.name, hint)
            self.taken["time"] = FILE_NAME
            self.why["time"] = (
                f"time: {FILE_NAME}, since there is no date column and each name holds a date"
            )
        elif len(like_dates) == 1:
            self._take("time", like_dates[0], "the only column with dates")
        elif like_dates:
            raise ambiguous("time", like_dates, self.table.name)
        else:
            raise ColumnError(
                f"no column with days was found; there are {listed(self.table.header)}",
                where=Place(self.table.name),
                fix="use --time COLUMN; the table needs one row for each day and item, with the "
                "day in a column or, as 2024-01-03, in the name of each file",
            )

    def _refuse_day_of_month(self) -> None:
        words = {title.strip().casefold() for title in self.table.header}
        if {"year", "month"} <= words and self.taken["time"].strip().casefold() == "day":
            raise ColumnError(
                "the date is spread over the columns year, month and day",
                where=Place(self.table.name),
                fix="join them to one column with dates such as 2024-01-03",
            )

    def _looked_at(self, test: Callable[[pl.Series], bool], titles: list[str]) -> list[str]:
        """Return the columns whose cells pass a test; none when there are too many to look at."""
        if len(titles) > _MOST_LOOKED_AT:
            return []
        return [title for title in titles if test(self.table.column(title))]

    def _choose_item_by_words(self) -> None:
        if "item" in self.taken:
            return
        candidates = _columns.item_candidates(self._free())
        if len(candidates) > 1:
            raise ambiguous("item", candidates, self.table.name)
        if candidates:
            self._take("item", candidates[0], "by its header")

    def _likes(self) -> str | None:
        titles = [title for title in self._free() if _columns.is_likes(title)]
        daily = [title for title in titles if not _columns.is_running(title)]
        for some in (daily, titles):
            if len(some) == 1:
                return some[0]
        return None

    def _choose_value_left_over(self, likes: str | None) -> None:
        other = OTHER_COUNT_WORDS | DERIVED_WORDS
        titles = [
            title
            for title in self._left_over()
            if title != likes
            and not _columns.is_other_date(title)
            and other.isdisjoint(split_words(title))
        ]
        titles = self._looked_at(looks_like_numbers, titles)
        if len(titles) > 1:
            hint = "; no header says which"
            raise ambiguous("value", titles, self.table.name, hint)
        if not titles:
            raise ColumnError(
                f"no column with counts was found; there are {listed(self.table.header)}",
                where=Place(self.table.name),
                fix='use --value COLUMN (in Python value="COLUMN")',
            )
        self._take("value", titles[0], "the only column with numbers that is left over")

    def _note_running_totals(self) -> None:
        if self.why["value"].endswith("by its header"):
            totals = [
                title
                for title in self._free()
                if _columns.is_running(title) and _columns.value_rank(title) is not None
            ]
            if totals:
                self.why["value"] += f'; "{totals[0]}" looks like a running total'

    def _choose_item_left_over(self, likes: str | None) -> None:
        """Take the only column of text as the item if that makes items and days unique."""
        self.why["item"] = 'item: no column, so all rows are one series called "all"'
        rows = pl.DataFrame({"day": self._days()})
        if not rows.is_duplicated().any():
            return
        titles = [title for title in self._left_over() if title != likes]
        texts = self._looked_at(_is_text, titles)
        many = rows["day"].n_unique() <= self.table.rows / 2
        if not many:
            # A few days that repeat, and a text that hardly does: notes, not names.
            texts = [t for t in texts if self.table.column(t).n_unique() <= self.table.rows / 2]
        if len(texts) > 1:
            hint = "; days repeat, so there must be one"
            raise ambiguous("item", texts, self.table.name, hint)
        fix = 'name the column of the creators: use --item COLUMN (in Python item="COLUMN")'
        where = Place(self.table.name)
        if texts:
            pairs = rows.with_columns(item=self.table.column(texts[0]))
            if pairs.is_duplicated().any():
                what = f'days repeat, and "{texts[0]}" does not tell their rows apart'
                raise ColumnError(what, where=where, fix=fix)
            self._take("item", texts[0], "the only column of text that is left over")
            return
        known = OTHER_COUNT_WORDS | DERIVED_WORDS
        others = [title for title in titles if known.isdisjoint(split_words(title))]
        if many and others:
            what = f"days repeat, and no header says whose rows they are; {listed(others)} are left"
            raise ColumnError(what, where=where, fix=fix)

    def _days(self) -> pl.Series:
        """Return the day of each row as far as it can be told without parsing it."""
        if self.taken["time"] == FILE_NAME:
            return pl.repeat(0, self.table.rows, eager=True)
        days = self.table.column(self.taken["time"])
        if days.dtype == pl.String:
            return days.str.replace(r"[T ]\s*\d{1,2}:\d{2}.*$", "")
        return days.dt.date() if isinstance(days.dtype, pl.Datetime) else days


def _is_text(cells: pl.Series) -> bool:
    if cells.dtype != pl.String or cells.null_count() == len(cells):
        return False
    return not (looks_like_dates(cells) or looks_like_numbers(cells))
