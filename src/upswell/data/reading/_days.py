"""Different texts of dates to day numbers: the one format of a column, and who disagrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from upswell.data.reading._calendar import DateText, Format, parse_date
from upswell.errors import CellError, Place

__all__ = ["resolve_days"]

_EPOCH = dt.date(1970, 1, 1).toordinal()


def resolve_days(texts: Sequence[str], place: Callable[[int], Place]) -> list[int]:
    """Turn the different date texts of one column into days since 1970-01-01.

    Parameters
    ----------
    texts
        Texts of dates, without a time of day.
    place
        Gives the place of a text.

    Returns
    -------
    list of int
        One day for each text.

    Raises
    ------
    CellError
        When a text is no date, two texts are in different formats, or nothing tells whether
        day or month comes first.

    Examples
    --------
    >>> from upswell.errors import Place
    >>> resolve_days(["1/2/1970", "1/31/1970"], lambda index: Place(row=index + 2))
    [1, 30]
    """
    dates = []
    for index, text in enumerate(texts):
        date = parse_date(text)
        if date is None:
            raise CellError(
                f'"{text[:60]}" is not a date',
                where=place(index),
                fix="correct the cell; dates are best written as 2024-01-03",
            )
        dates.append(date)
    _refuse_mixture(texts, dates, place)
    day_first = _day_first(texts, dates, place)
    return [
        _number(text, date, day_first, index, place)
        for index, (text, date) in enumerate(zip(texts, dates, strict=True))
    ]


def _refuse_mixture(
    texts: Sequence[str], dates: Sequence[DateText], place: Callable[[int], Place]
) -> None:
    for index, date in enumerate(dates):
        if date.format != dates[0].format:
            _disagree("the format of dates", texts, 0, index, place)


def _disagree(
    what: str, texts: Sequence[str], one: int, other: int, place: Callable[[int], Place]
) -> None:
    raise CellError(
        f'two rows disagree about {what}: "{texts[one]}" in row {place(one).row} and '
        f'"{texts[other]}" in row {place(other).row}',
        where=place(other),
        fix="write all dates of the column in one way, best as 2024-01-03",
    )


def _day_first(
    texts: Sequence[str], dates: Sequence[DateText], place: Callable[[int], Place]
) -> bool:
    """Tell whether numeric dates begin with the day."""
    if dates[0].format != Format.NUMERIC:
        return False
    day = next((i for i, date in enumerate(dates) if date.first > 12), None)
    month = next((i for i, date in enumerate(dates) if date.second > 12), None)
    if day is not None and month is not None:
        first, second = sorted((day, month))
        _disagree("the order of day and month", texts, first, second, place)
    if day is None and month is None and any(date.first != date.second for date in dates):
        index = next(i for i, date in enumerate(dates) if date.first != date.second)
        raise CellError(
            f'the format of dates cannot be told: in "{texts[index]}" either number may be the '
            "day, and no other row decides it",
            where=place(index),
            fix="write the dates year first, as 2024-01-03",
        )
    return day is not None


def _number(
    text: str, date: DateText, day_first: bool, index: int, place: Callable[[int], Place]
) -> int:
    month, day = (date.second, date.first) if day_first else (date.first, date.second)
    try:
        return dt.date(date.year, month, day).toordinal() - _EPOCH
    except ValueError as error:
        raise CellError(
            f'"{text}" is not a date: there is no such day',
            where=place(index),
            fix="correct the cell",
        ) from error
