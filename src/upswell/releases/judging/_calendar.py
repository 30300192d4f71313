"""The periods of the calendar: weeks, months, quarters and years, and their names."""

from __future__ import annotations

import datetime as dt
from typing import Literal

__all__ = ["Every", "later_half", "period", "periods"]

Every = Literal["week", "month", "quarter", "year"]

_DAY = dt.timedelta(days=1)


def later_half(begin: dt.date, end: dt.date, every: Every) -> dt.date:
    """Return the first day of the first whole period in the later half, or the middle itself."""
    middle = begin + (end - begin) / 2
    start, following, _ = period(middle, every)
    if start == middle:
        return middle
    return following if following <= end else middle


def periods(start: dt.date, end: dt.date, every: Every) -> list[tuple[str, dt.date, dt.date]]:
    """Return label, first and last day of each period from one day to another, cut by both."""
    found = []
    first = start
    while first <= end:
        _, following, label = period(first, every)
        found.append((label, first, min(following - _DAY, end)))
        first = following
    return found


def period(day: dt.date, every: Every) -> tuple[dt.date, dt.date, str]:
    """Return the first day of the period that holds a day, that of the next one, and its label."""
    if every == "week":
        year, week, weekday = day.isocalendar()
        monday = day - (weekday - 1) * _DAY
        return monday, monday + 7 * _DAY, f"{year}-W{week:02d}"
    months = {"month": 1, "quarter": 3, "year": 12}[every]
    begin = (day.month - 1) // months * months
    start = dt.date(day.year, begin + 1, 1)
    following = dt.date(day.year + (begin + months) // 12, (begin + months) % 12 + 1, 1)
    labels = {
        "month": f"{day.year}-{day.month:02d}",
        "quarter": f"{day.year}-Q{begin // 3 + 1}",
        "year": f"{day.year}",
    }
    return start, following, labels[every]
