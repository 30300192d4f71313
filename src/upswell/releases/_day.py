"""A day as a person gives it."""

from __future__ import annotations

import datetime as dt

from upswell.errors import SettingError

__all__ = ["day_of"]


def day_of(given: dt.date | str | None, words: str) -> dt.date | None:
    """Return a day; None where none was given.

    Parameters
    ----------
    given
        A day, or a text such as 2024-01-03.
    words
        What day it is, for errors.

    Raises
    ------
    SettingError
        When the text is no date.

    Examples
    --------
    >>> day_of(" 2024-01-03", "as-of day")
    datetime.date(2024, 1, 3)
    """
    if isinstance(given, dt.datetime):
        return given.date()
    if given is None or isinstance(given, dt.date):
        return given
    try:
        return dt.date.fromisoformat(given.strip())
    except ValueError as error:
        raise SettingError(
            f'the {words} "{given}" is not a date', fix="give it as 2024-01-03"
        ) from error
