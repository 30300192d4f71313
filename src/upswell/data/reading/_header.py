"""The header row of a text file or worksheet: whether it is one, and the names it gives."""

from __future__ import annotations

import re
from collections.abc import Sequence

from upswell.data.reading._calendar import parse_date
from upswell.errors import ColumnError, Place

__all__ = ["check_header"]

_TIME_OF_DAY = re.compile(r"[T ]+(?=\d{1,2}:\d{2})")
_NUMBER = re.compile(r"[-+(]?\s*\d[\d\s.,'’]*(?:[eE][-+]?\d+)?\s*[)%]?")


def check_header(cells: Sequence[str], name: str, *, row: int) -> tuple[str, ...]:
    """Return the names of the columns; unnamed ones are called by their position.

    Parameters
    ----------
    cells
        The cells of the first row.
    name, row
        The file and the number of that row, for errors.

    Raises
    ------
    ColumnError
        When the first row looks like data (it has a date, or all its cells are numbers), or a
        name stands twice.

    Examples
    --------
    >>> check_header([" Day ", "", "Views"], "views.csv", row=1)
    ('Day', 'column_2', 'Views')
    """
    if _looks_like_data(cells):
        shown = ", ".join(cells[:8]) + (", ..." if len(cells) > 8 else "")
        raise ColumnError(
            f"the first row looks like data, not like a header: {shown}",
            where=Place(name, row=row),
            fix="put a header with the names of the columns above the data, and one day in a row",
        )
    header = tuple(
        re.sub(r"\s+", " ", cell).strip() or f"column_{index}"
        for index, cell in enumerate(cells, start=1)
    )
    seen: set[str] = set()
    for title in header:
        if title in seen:
            raise ColumnError(
                f'the header has "{title}" more than once',
                where=Place(name, row=row, column=title),
                fix="give each column a name of its own",
            )
        seen.add(title)
    return header


def _looks_like_data(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if any(
        len(cell) <= 40 and parse_date(_TIME_OF_DAY.split(cell)[0]) is not None for cell in filled
    ):
        return True
    return bool(filled) and all(_NUMBER.fullmatch(cell) for cell in filled)
