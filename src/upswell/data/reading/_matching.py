"""A column by its name, and what to say when there is none or there are two."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from upswell.errors import ColumnError, Place

__all__ = ["ambiguous", "find_column", "listed"]

_MOST_LISTED = 20


def find_column(header: Sequence[str], name: str, role: str, file: str) -> str:
    """Return the header that a name means: exactly, or but for spaces and case.

    Raises
    ------
    ColumnError
        When there is none, or several differ from it by spaces and case only.

    Examples
    --------
    >>> find_column(["Day", "Views"], " views", "value", "a.csv")
    'Views'
    """
    if name in header:
        return name
    wanted = _folded(name)
    found = [title for title in header if _folded(title) == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise ambiguous(role, found, file)
    raise ColumnError(
        f'there is no column "{name}"; there are {listed(header)}',
        where=Place(file),
        fix=f"give --{role} one of these (in Python {role}=...)",
    )


def _folded(title: str) -> str:
    return unicodedata.normalize("NFC", title).strip().casefold()


def listed(header: Sequence[str]) -> str:
    """Return the names of columns as text, at most twenty of them."""
    names = ", ".join(f'"{title}"' for title in header[:_MOST_LISTED])
    rest = len(header) - _MOST_LISTED
    return f"{names} and {rest} more" if rest > 0 else names


def ambiguous(role: str, titles: Sequence[str], file: str, hint: str = "") -> ColumnError:
    """Return the error that asks which of several columns is meant."""
    names = " and ".join(f'"{title}"' for title in titles[:4])
    names += f" (and {len(titles) - 4} more)" if len(titles) > 4 else ""
    which = "both" if len(titles) == 2 else "all"
    return ColumnError(
        f"{names} could {which} be the {role} column{hint}",
        where=Place(file),
        fix=f'use --{role} COLUMN (in Python {role}="COLUMN"), such as --{role} "{titles[0]}"',
    )
