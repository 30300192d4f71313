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

    def hover(
        self, chart: alt.Chart, span: int, tips: list[alt.Tooltip], *, ticks: int = 8
    ) -> alt.Chart:
        """Return columns that nobody sees: each answers the pointer with the figures of its day.

        Parameters
        ----------
        chart
            With the rows of days as data.
        span, ticks
            As of `axis`.
        tips
            What is said of a day besides its name.
        """
        import altair as alt

        half = _MILLISECONDS // 2 if self.calendar else 0.5
        edges = chart.transform_calculate(left=f"datum.day - {half}", right=f"datum.day + {half}")
        columns: alt.Chart = edges.mark_rect(opacity=0).encode(
            self.axis(span, ticks=ticks, field="left"),
            alt.X2("right"),
            y=alt.value(0),
            y2=alt.value("height"),
            tooltip=[alt.Tooltip("label:N", title="day"), *tips],
        )
        return columns

    def axis(self, span: int, *, ticks: int = 8, padding: float = 0.0, field: str = "day") -> alt.X:
        """Return the encoding of the horizontal axis over that many days.

        Parameters
        ----------
        span
            Days that the whole axis covers.
        ticks
            Number of ticks, about.
        padding
            Pixels left free at both ends.
        field
            Field of the day.
        """
        import altair as alt

        if not self.calendar:
            axis = alt.Axis(title="day", format="d", tickMinStep=1, tickCount=ticks)
            scale = alt.Scale(zero=False, nice=False, padding=padding)
            return alt.X(f"{field}:Q", scale=scale, axis=axis)
        # UTC throughout: a date must not slip by a day in the reader's time zone.
        pattern = "%b %Y" if span > _LONG_SPAN else "%-d %b"
        axis = alt.Axis(title=None, format=pattern, tickCount=ticks)
        scale = alt.Scale(type="utc", nice=False, padding=padding)
        return alt.X(f"{field}:T", scale=scale, axis=axis)
