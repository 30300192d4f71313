"""The day axis of a panel: evenly spaced days with a calendar, or bare integers without one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["DayAxis"]

_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class DayAxis:
    """Consecutive days.

    Parameters
    ----------
    start
        Number of the first day: days since 1970-01-01 with a calendar, else the integer itself.
    length
        Number of days, at least 0.
    calendar
        Whether the days have dates.

    Examples
    --------
    >>> DayAxis(start=0, length=2, calendar=True).labels()
    ['1970-01-01', '1970-01-02']
    >>> DayAxis(start=1, length=50, calendar=False).after(30).labels()[:2]
    ['51', '52']
    """

    start: int
    length: int
    calendar: bool

    @property
    def stop(self) -> int:
        """Number of the day after the last one."""
        return self.start + self.length

    def numbers(self) -> NDArray[np.int64]:
        """Return the day numbers, shape ``(length,)``."""
        return np.arange(self.start, self.stop, dtype=np.int64)

    def label(self, number: int) -> str:
        """Return a day number as text: an ISO date with a calendar, else the integer."""
        return (_EPOCH + dt.timedelta(days=number)).isoformat() if self.calendar else str(number)

    def labels(self) -> list[str]:
        """Return all days as text."""
        return [self.label(int(number)) for number in self.numbers()]

    def phase(self) -> NDArray[np.int64]:
        """Return the day of the week, shape ``(length,)``.

        Returns
        -------
        numpy.ndarray
            0 is Monday with a calendar; without one, the remainder of the integer by 7.
        """
        return (self.numbers() + (3 if self.calendar else 0)) % 7

    def first(self, length: int) -> DayAxis:
        """Return the axis of the first `length` days."""
        return DayAxis(self.start, min(max(length, 0), self.length), self.calendar)

    def after(self, length: int) -> DayAxis:
        """Return the axis of the `length` days that follow."""
        return DayAxis(self.stop, length, self.calendar)
