"""Small multiples: one small picture of history and range for each of many series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.charts._days import Days
from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["SeriesPicture", "multiples_chart", "series_chart"]

COLUMNS = 3
SMALL_HEIGHT = 110
# Each picture has its own scale, so each tick carries its own unit.
SHORT = "replace(format(datum.value, '.3~s'), 'G', 'B')"


@dataclass(frozen=True)
class SeriesPicture:
    """What a small picture of one series shows.

    Parameters
    ----------
    name
        The series.
    past
        Values of the days known, shape ``(T,)``; NaN where a day is missing.
    low, median, high
        The 10%, 50% and 90% quantile of each day ahead, shape ``(H,)``.
    """

    name: str
    past: NDArray[np.float64]
    low: NDArray[np.float64]
    median: NDArray[np.float64]
    high: NDArray[np.float64]

    def rows(self, past_days: Days, days: Days) -> list[dict[str, Any]]:
        """Return a row a day: `value` where it is known, `low`, `median` and `high` ahead."""
        seen = [
            row | {"series": self.name, "value": value if np.isfinite(value) else None}
            for row, value in zip(past_days.rows(), self.past.tolist(), strict=True)
        ]
        columns = zip(self.low.tolist(), self.median.tolist(), self.high.tolist(), strict=True)
        ahead = [
            row | {"series": self.name, "low": low, "median": median, "high": high}
            for row, (low, median, high) in zip(days.rows(), columns, strict=True)
        ]
        return seen + ahead

    @property
    def text(self) -> str:
        """The sentence that stands for the picture where it cannot be seen."""
        return (
            f"{self.name}: views a day, with an 80% range from {self.low[-1]:,.0f} to "
            f"{self.high[-1]:,.0f} on the last day."
        )


def series_chart(
    picture: SeriesPicture, past_days: Days, days: Days, *, palette: Palette = LIGHT
) -> alt.TopLevelMixin:
    """Draw one series in small: its history, median and 80% range.

    Parameters
    ----------
    picture
        The series.
    past_days, days
        The days known and the days ahead.
    palette
        Colours.
    """
    rows = picture.rows(past_days, days)
    chart = _small(rows, days, len(rows), palette)
    return finished(chart, picture.text, palette, height=SMALL_HEIGHT)


def multiples_chart(
    pictures: Sequence[SeriesPicture],
    past_days: Days,
    days: Days,
    *,
    palette: Palette = LIGHT,
) -> alt.TopLevelMixin:
    """Draw several series beside each other, each with its own scale.

    Parameters
    ----------
    pictures
        The series, in the order in which they are shown.
    past_days, days
        The days known and the days ahead.
    palette
        Colours.

    Examples
    --------
    >>> flat = np.full(2, 5.0)
    >>> one = SeriesPicture("ana", np.array([4.0, 6.0, 5.0]), flat - 1, flat, flat + 1)
    >>> past, ahead = Days((1, 2, 3), calendar=False), Days((4, 5), calendar=False)
    >>> multiples_chart([one], past, ahead).to_dict()["facet"]["field"]
    'series'
    """
    import altair as alt

    span = len(past_days.numbers) + len(days.numbers)
    rows = [row for picture in pictures for row in picture.rows(past_days, days)]
    small = _small(rows, days, span, palette).properties(width=200, height=SMALL_HEIGHT)
    names = [picture.name for picture in pictures]
    facet = alt.Facet("series:N", sort=names, title=None)
    chart = small.facet(facet, columns=COLUMNS).resolve_scale(y="independent")
    chart = chart.resolve_axis(x="independent")
    text = (
        f"History and 80% range of {len(names)} series, each with a scale of its own: "
        f"{', '.join(names)}."
    )
    return finished(chart, text, palette, height=None)


def _small(
    rows: list[dict[str, Any]], days: Days, span: int, palette: Palette
) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    whole = alt.Chart(alt.InlineData(values=rows, name="rows"))
    base = whole.encode(days.axis(span, ticks=4))
    axis = alt.Axis(title=None, labelExpr=SHORT, tickCount=3)
    tips = [
        *(
            alt.Tooltip(f"{name}:Q", title=title, format=",.0f")
            for name, title in (
                ("value", "seen"),
                ("median", "median"),
                ("low", "10%"),
                ("high", "90%"),
            )
        ),
    ]
    return alt.layer(
        base.mark_area(color=palette.range80).encode(alt.Y("low:Q", axis=axis), alt.Y2("high:Q")),
        base.mark_line(color=palette.median, strokeWidth=1.75).encode(alt.Y("median:Q")),
        base.mark_line(color=palette.ink, strokeWidth=1.25).encode(alt.Y("value:Q")),
        days.hover(whole, span, tips, ticks=4),
    )
