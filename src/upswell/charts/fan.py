"""History and fan: what was seen, and the ranges of what is to come, by day or summed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.charts._days import Days
from upswell.charts._units import shortened, unit_of
from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["FAN_LEVELS", "cumulative_chart", "fan_chart", "fan_rows"]

FAN_LEVELS = (0.5, 0.8, 0.95)
"""Central ranges of a fan."""


def fan_rows(days: Days, samples: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Return median and ranges of each day.

    Parameters
    ----------
    days
        The ``H`` days ahead.
    samples
        Paths of one series, shape ``(P, H)``.

    Returns
    -------
    list of dict
        Figures have six significant digits. Keys ``day, label, median,
        low50, high50, low80, high80, low95, high95``.

    Examples
    --------
    >>> rows = fan_rows(Days((1,), calendar=False), np.arange(101.0)[:, None])
    >>> rows[0]["median"], rows[0]["low80"], rows[0]["high80"]
    (50, 10, 90)
    """
    names = ["median"]
    tails = [0.5]
    for level in FAN_LEVELS:
        names += [f"low{level * 100:.0f}", f"high{level * 100:.0f}"]
        tails += [(1 - level) / 2, (1 + level) / 2]
    quantiles = np.quantile(samples, tails, axis=0)
    columns = zip(*[map(shortened, row.tolist()) for row in quantiles], strict=True)
    return [
        day | dict(zip(names, figures, strict=True))
        for day, figures in zip(days.rows(), columns, strict=True)
    ]


def fan_chart(
    past_days: Days,
    past: NDArray[np.float64],
    days: Days,
    samples: NDArray[np.float64],
    *,
    name: str = "total",
    what: str = "views a day",
    palette: Palette = LIGHT,
) -> alt.TopLevelMixin:
    """Draw the history of a series and the ranges of its days ahead.

    Parameters
    ----------
    past_days, past
        The days known and their values, shape ``(T,)``; NaN where a day is missing.
    days, samples
        The days ahead, and paths of shape ``(P, H)``.
    name, what
        Name of the series, and what is counted.
    palette
        Colours.

    Returns
    -------
    altair chart
        Its description is its alternative text.

    Examples
    --------
    >>> past = Days(tuple(range(10)), calendar=False)
    >>> ahead = Days((10, 11), calendar=False)
    >>> chart = fan_chart(past, np.arange(10.0), ahead, np.full((5, 2), 9.0))
    >>> chart.to_dict()["description"][:35]
    'total: 10 days of history up to day'
    """
    rows = fan_rows(days, samples)
    seen = [
        row | {"value": shortened(value) if np.isfinite(value) else None}
        for row, value in zip(past_days.rows(), past.tolist(), strict=True)
    ]
    first, last = rows[0]["label"], rows[-1]["label"]
    text = (
        f"{name}: {len(seen)} days of history up to {seen[-1]['label']}, then {what} with their "
        f"ranges from {first} to {last}. The median goes from {rows[0]['median']:,.0f} to "
        f"{rows[-1]['median']:,.0f}; on the last day 80 of 100 paths lie between "
        f"{rows[-1]['low80']:,.0f} and {rows[-1]['high80']:,.0f}."
    )
    chart = _fan(days, rows, seen, what, palette)
    return finished(chart, text, palette)


def cumulative_chart(
    days: Days,
    samples: NDArray[np.float64],
    *,
    what: str = "views since the cutoff",
    palette: Palette = LIGHT,
) -> alt.TopLevelMixin:
    """Draw the running sum over the days ahead, with its range.

    The sum runs along each path, and ranges are read off those sums: they are no sums of daily
    quantiles.

    Parameters
    ----------
    days, samples
        The days ahead, and paths of one series, shape ``(P, H)``.
    what
        What is counted.
    palette
        Colours.
    """
    rows = fan_rows(days, samples.cumsum(axis=1))
    end = rows[-1]
    text = (
        f"Running sum from {rows[0]['label']} to {end['label']}: {end['median']:,.0f} in the "
        f"middle at the end, and between {end['low80']:,.0f} and {end['high80']:,.0f} on 80 of 100 "
        "paths."
    )
    return finished(_fan(days, rows, [], what, palette), text, palette)


def _fan(
    days: Days,
    rows: list[dict[str, Any]],
    seen: list[dict[str, Any]],
    what: str,
    palette: Palette,
) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    known_values = [row["value"] for row in seen if row["value"] is not None]
    unit = unit_of(max([*(row["high95"] for row in rows), *known_values]))
    shades = {
        "95% range": palette.range95,
        "80% range": palette.range80,
        "50% range": palette.range50,
        "median": palette.median,
    }
    shades |= {"history": palette.ink} if seen else {}
    order = list(reversed(shades))
    scale = alt.Scale(domain=order, range=[shades[name] for name in order])
    legend = alt.Legend(title=None, symbolType="square", symbolStrokeWidth=0)
    axis = alt.Axis(title=unit.title(what), labelExpr=unit.label, tickCount=5)
    span = len(rows) + len(seen)
    across = days.axis(span)
    colour = alt.Color("kind:N", scale=scale, legend=legend)
    ahead = alt.Chart(alt.InlineData(values=rows))
    layers: list[alt.Chart] = []
    for level in reversed(FAN_LEVELS):
        low, high = f"low{level * 100:.0f}", f"high{level * 100:.0f}"
        ends = (alt.Y(f"{low}:Q", axis=axis), alt.Y2(f"{high}:Q"))
        named = ahead.transform_calculate(kind=f"'{level:.0%} range'")
        layers.append(named.mark_area().encode(across, *ends, colour))
    middle = ahead.transform_calculate(kind="'median'").mark_line(strokeWidth=2)
    layers.append(middle.encode(across, alt.Y("median:Q", axis=axis), colour))
    tips = [
        alt.Tooltip(f"{name}:Q", title=title, format=",.0f")
        for name, title in (("median", "median"), ("low80", "10%"), ("high80", "90%"))
    ]
    layers.append(days.hover(ahead, span, tips))
    if seen:
        known = alt.Chart(alt.InlineData(values=seen))
        line = known.transform_calculate(kind="'history'").mark_line(strokeWidth=1.5)
        layers.append(line.encode(across, alt.Y("value:Q", axis=axis), colour))
        layers.append(
            days.hover(known, span, [alt.Tooltip("value:Q", title="seen", format=",.0f")])
        )
    return alt.layer(*layers)
