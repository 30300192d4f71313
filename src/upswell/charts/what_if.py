"""What if: history with some runs of days marked, and a forecast with and without one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.charts._days import Days
from upswell.charts._units import shortened, unit_of
from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["what_if_chart"]

Floats = NDArray[np.float64]
FORECAST = "forecast"


def what_if_chart(
    past_days: Days,
    past: Floats,
    marked: Sequence[tuple[int, int]],
    days: Days,
    forecast: Floats,
    *,
    other: Floats | None = None,
    name: str = "total",
    without: str = "without",
    what: str = "views a day",
    palette: Palette = LIGHT,
) -> alt.TopLevelMixin:
    """Draw a history with runs of days marked, and two forecasts.

    Parameters
    ----------
    past_days, past
        The days known and their values, shape ``(T,)``; NaN where a day is missing.
    marked
        First and last place of each run in the history.
    days, forecast
        The days ahead and what is forecast, shape ``(H,)``.
    other, without
        What is forecast under the condition, shape ``(H,)``, and how the legend calls it; None for
        no second forecast.
    name, what
        Name of the series, and what is counted.
    palette
        Colours.

    Examples
    --------
    >>> past = Days(tuple(range(10)), calendar=False)
    >>> ahead = Days((10, 11), calendar=False)
    >>> chart = what_if_chart(past, np.arange(10.0), [(3, 4)], ahead, np.full(2, 9.0))
    >>> chart.to_dict()["description"][:35]
    'total: 10 days of history up to day'
    """
    import altair as alt

    history = "history, bursts shaded" if marked else "history"
    lines = {history: (past_days, past), FORECAST: (days, forecast)}
    colours = {history: palette.ink, FORECAST: palette.median}
    if other is not None:
        lines[without] = (days, other)
        colours[without] = palette.warning
    unit = unit_of(max(float(np.nanmax(values)) for _, values in lines.values()))
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    colour = alt.Color(
        "line:N", scale=scale, legend=alt.Legend(title=None, symbolType="stroke", labelLimit=400)
    )
    axis = alt.Axis(title=unit.title(what), labelExpr=unit.label, tickCount=5)
    span = len(past_days.numbers) + len(days.numbers)
    layers = _bands(past_days, marked, span, palette)
    for place, (line, (when, values)) in enumerate(lines.items()):
        rows = [
            row | {"value": shortened(value) if np.isfinite(value) else None, "line": line}
            for row, value in zip(when.rows(), values.tolist(), strict=True)
        ]
        base = alt.Chart(alt.InlineData(values=rows, name=f"line{place}"))
        mark = base.mark_line(strokeWidth=1.5, strokeDash=[5, 3] if place == 2 else [1, 0])
        layers.append(mark.encode(when.axis(span), alt.Y("value:Q", axis=axis), colour))
        if place < 2:
            tip = alt.Tooltip("value:Q", title=line, format=",.0f")
            layers.append(when.hover(base, span, [tip]))
    text = _text(past_days, marked, forecast, name=name)
    if other is not None:
        text += f" {without[:1].upper()}{without[1:]} it sums to {other.sum():,.0f}."
    return finished(alt.layer(*layers), text, palette)


def _bands(
    past_days: Days, marked: Sequence[tuple[int, int]], span: int, palette: Palette
) -> list[alt.Chart]:
    """Return the bands behind the marked days."""
    import altair as alt

    rows = past_days.rows()
    half = 0.5 * (rows[1]["day"] - rows[0]["day"]) if len(rows) > 1 else 0.5
    ends = [
        {"day": rows[first]["day"] - half, "end": rows[last]["day"] + half}
        for first, last in marked
    ]
    if not ends:
        return []
    base = alt.Chart(alt.InlineData(values=ends, name="marked"))
    bands: alt.Chart = base.mark_rect(color=palette.range95).encode(
        past_days.axis(span), alt.X2("end"), y=alt.value(0), y2=alt.value("height")
    )
    return [bands]


def _text(
    past_days: Days, marked: Sequence[tuple[int, int]], forecast: Floats, *, name: str
) -> str:
    rows = past_days.rows()
    labels = [(rows[first]["label"], rows[last]["label"]) for first, last in marked]
    runs = [first if first == last else f"{first} to {last}" for first, last in labels]
    bursts = f", with bursts on {', '.join(runs)}" if runs else ""
    return (
        f"{name}: {len(rows)} days of history up to {rows[-1]['label']}{bursts}. The forecast of "
        f"{forecast.size} days sums to {forecast.sum():,.0f}."
    )
