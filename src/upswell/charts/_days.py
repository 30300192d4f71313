"""Days on an axis: dates where there is a calendar, else numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

__all__ = ["Days"]

_MILLISECONDS = 86_400_000
_EPOCH = dt.date(1970, 1, 1)
_LONG_SPAN = 200


@dataclass(frozen=True, slots=True)
class Days:
    """Numbers of days, and how to show them.

    Parameters
    ----------
    numbers
        Days since 1970-01-01 with a calendar, else the integers themselves.
    calendar
        Whether the days have dates.
    """

    numbers: tuple[int, ...]
    calendar: bool

    @classmethod
    def of(cls, numbers: Iterable[int], *, calendar: bool) -> Days:
        """Take day numbers from any iterable of integers."""
        return cls(tuple(int(number) for number in numbers), calendar)

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each day: `day` for the axis, `label` for people.

        Examples
        --------
        >>> Days((19_000,), calendar=True).rows()
        [{'day': 1641600000000, 'label': '2022-01-08'}]
        >>> Days((7,), calendar=False).rows()
        [{'day': 7, 'label': 'day 7'}]
        """
        if not self.calendar:
            return [{"day": number, "label": f"day {number}"} for number in self.numbers]
        return [
            {
                "day": number * _MILLISECONDS,
                "label": (_EPOCH + dt.timedelta(days=number)).isoformat(),
            }
            for number in self.numbers
        ]

    def axis(self, span: int, *, ticks: int = 8, padding: float = 0.0) -> alt.X:
        """Return the encoding of the horizontal axis over that many days.

        Parameters
        ----------
        span
            Days that the whole axis covers.
        ticks
            Number of ticks, about.
        padding
            Pixels left free at both ends.
        """
        import altair as alt

        if not self.calendar:
            axis = alt.Axis(title="day", format="d", tickMinStep=1, tickCount=ticks)
            return alt.X(
                "day:Q", scale=alt.Scale(zero=False, nice=False, padding=padding), axis=axis
            )
        # UTC throughout: a date must not slip by a day in the reader's time zone.
        pattern = "%b %Y" if span > _LONG_SPAN else "%-d %b"
        axis = alt.Axis(title=None, format=pattern, tickCount=ticks)
        return alt.X("day:T", scale=alt.Scale(type="utc", nice=False, padding=padding), axis=axis)
