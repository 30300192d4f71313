"""Parts: what a simulated audience is made of, one small picture a part, and what it implies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["Implied", "PartLine", "implied_chart", "parts_chart"]

SMALL_HEIGHT = 120
ROW_HEIGHT = 34
# A part of one is shown as such: '.3~s' alone would call 0.5 "500m".
LARGE = "replace(format(datum.value, '.3~s'), 'G', 'B')"
SHORT = f"abs(datum.value) < 1000 ? format(datum.value, '.3~g') : {LARGE}"


@dataclass(frozen=True)
class PartLine:
    """One line of a picture of a part.

    Parameters
    ----------
    name
        What the legend calls it.
    values
        One a day from day 1 on, shape ``(L,)``; NaN where there is none.
    dots
        Whether days are dots, not a line.
    """

    name: str
    values: NDArray[np.float64]
    dots: bool = False


@dataclass(frozen=True)
class Implied:
    """What a simulator implies of one statistic.

    Parameters
    ----------
    name
        The statistic.
    quantiles
        The 5%, 25%, 50%, 75% and 95% quantile over the series, shape ``(5,)``.
    published
        Figures that were published.
    """

    name: str
    quantiles: NDArray[np.float64]
    published: tuple[float, ...] = ()


def parts_chart(
    lines: Sequence[PartLine],
    text: str,
    *,
    title: str,
    cutoff: int | None = None,
    zero: bool = False,
    palette: Palette = LIGHT,
) -> alt.TopLevelMixin:
    """Draw some lines over days, small.

    Parameters
    ----------
    lines
        At most three, so that colours can be told apart.
    text
        The sentence that stands for the picture where it cannot be seen.
    title
        What the vertical axis shows.
    cutoff
        Last day of the history, marked where it is given.
    zero
        Whether the axis begins at 0.
    palette
        Colours.

    Examples
    --------
    >>> chart = parts_chart([PartLine("a", np.array([1.0, 2.0]))], "Two days.", title="views")
    >>> chart.to_dict()["description"]
    'Two days.'
    """
    import altair as alt

    names = [line.name for line in lines]
    colours = [palette.median, palette.warning, palette.good][: len(lines)]
    axis = alt.Axis(title=title, labelExpr=SHORT, tickCount=4)
    scale = alt.Scale(domain=names, range=colours)
    legend = alt.Legend(title=None) if len(lines) > 1 else None
    layers: list[alt.Chart] = []
    for number, line in enumerate(lines):
        known = [value if np.isfinite(value) else None for value in line.values.tolist()]
        rows: list[dict[str, Any]] = [
            {"day": day + 1, "value": value, "line": line.name} for day, value in enumerate(known)
        ]
        base = alt.Chart(alt.InlineData(values=rows, name=f"line{number}"))
        mark = base.mark_circle(size=9) if line.dots else base.mark_line(strokeWidth=1.3)
        layers.append(
            mark.encode(
                alt.X("day:Q", axis=alt.Axis(title="day"), scale=alt.Scale(nice=False)),
                alt.Y("value:Q", axis=axis, scale=alt.Scale(zero=zero)),
                alt.Color("line:N", scale=scale, legend=legend),
            )
        )
    if cutoff is not None:
        end = alt.Chart(alt.InlineData(values=[{"day": cutoff + 0.5}], name="cutoff"))
        layers.append(end.mark_rule(color=palette.muted, strokeDash=[4, 3]).encode(alt.X("day:Q")))
    return finished(alt.layer(*layers), text, palette, height=SMALL_HEIGHT)


def implied_chart(rows: Sequence[Implied], *, palette: Palette = LIGHT) -> alt.TopLevelMixin:
    """Draw the ranges that a simulator implies, each on its own scale, and published figures.

    Parameters
    ----------
    rows
        The statistics, from top to bottom.
    palette
        Colours.

    Examples
    --------
    >>> chart = implied_chart([Implied("level", np.arange(5.0), (2.5,))])
    >>> chart.to_dict()["description"][:31]
    'Ranges of 1 statistics over sim'
    """
    import altair as alt

    charts = []
    for number, row in enumerate(rows):
        low, lower, middle, upper, high = row.quantiles.tolist()
        values = [{"low": low, "lower": lower, "middle": middle, "upper": upper, "high": high}]
        base = alt.Chart(alt.InlineData(values=values, name=f"range{number}"))
        axis = alt.Axis(title=None, tickCount=5, labelExpr=SHORT)
        scale = alt.Scale(zero=False)
        bars = [
            base.mark_bar(color=palette.range80, height=10).encode(
                alt.X("low:Q", axis=axis, scale=scale), alt.X2("high:Q")
            ),
            base.mark_bar(color=palette.range50, height=10).encode(
                alt.X("lower:Q", axis=axis, scale=scale), alt.X2("upper:Q")
            ),
            base.mark_tick(color=palette.median, thickness=2, size=16).encode(
                alt.X("middle:Q", axis=axis, scale=scale)
            ),
        ]
        if row.published:
            figures = [{"figure": figure} for figure in row.published]
            marks = alt.Chart(alt.InlineData(values=figures, name=f"published{number}"))
            bars.append(
                marks.mark_point(color=palette.warning, shape="diamond", filled=True).encode(
                    alt.X("figure:Q", axis=axis, scale=scale)
                )
            )
        title = alt.TitleParams(row.name, fontSize=12, fontWeight="normal", offset=2)
        charts.append(alt.layer(*bars).properties(width=420, height=ROW_HEIGHT, title=title))
    chart = alt.vconcat(*charts, spacing=8).resolve_scale(x="independent")
    text = (
        f"Ranges of {len(rows)} statistics over simulated series: the middle half, nine in ten, "
        "the median, and figures that were published."
    )
    return finished(chart, text, palette, height=None)
