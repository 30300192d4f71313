"""Overload: the chance by day that demand passes the limit, and the units that each day needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.charts._days import Days
from upswell.charts._units import unit_of
from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["overload_chart", "units_chart"]

ALARM = 0.05
BARS_WIDE = 250.0


def overload_chart(
    days: Days,
    chances: NDArray[np.float64],
    *,
    alarm: float = ALARM,
    palette: Palette = LIGHT,
) -> alt.TopLevelMixin:
    """Draw the chance of each day that its busiest hour passes the limit.

    Parameters
    ----------
    days
        The ``H`` days ahead.
    chances
        Between 0 and 1, shape ``(H,)``.
    alarm
        The chance from which a day counts as a risk; days above it are drawn in another colour.
    palette
        Colours.

    Examples
    --------
    >>> days = Days((4, 5), calendar=False)
    >>> overload_chart(days, np.array([0.01, 0.2])).to_dict()["description"]
    'Chance of overload by day: highest on day 5 with 20.0%; above 5% from day 5 on.'
    """
    import altair as alt

    rows = [
        row | {"chance": chance, "risk": chance > alarm}
        for row, chance in zip(days.rows(), chances.tolist(), strict=True)
    ]
    worst = max(rows, key=lambda row: row["chance"])
    first = next((row["label"] for row in rows if row["risk"]), None)
    passed = f"above {alarm:.0%} from {first} on" if first else f"never above {alarm:.0%}"
    text = "Chance of overload by day: " + (
        f"highest on {worst['label']} with {worst['chance']:.1%}; {passed}."
        if worst["chance"] > 0
        else f"none on any of {len(rows)} days."
    )
    top = max(2 * alarm, worst["chance"]) * 1.05
    axis = alt.Axis(title="chance that demand passes the limit", format="~%", tickCount=5)
    across = days.axis(len(rows), padding=8)
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar(
        size=max(1.0, min(12.0, BARS_WIDE / len(rows)))
    )
    drawn = bars.encode(
        across,
        alt.Y("chance:Q", axis=axis, scale=alt.Scale(domain=[0, min(1.0, top)])),
        color=alt.condition("datum.risk", alt.value(palette.warning), alt.value(palette.range50)),
        tooltip=[
            alt.Tooltip("label:N", title="day"),
            alt.Tooltip("chance:Q", title="chance", format=".1%"),
        ],
    )
    rule = alt.Chart(alt.InlineData(values=[{"alarm": alarm}]))
    line = rule.mark_rule(color=palette.ink, strokeDash=[4, 3]).encode(alt.Y("alarm:Q"))
    name = rule.mark_text(align="left", baseline="bottom", dx=3, dy=-3, color=palette.muted).encode(
        alt.Y("alarm:Q"), x=alt.value(0), text=alt.value(f"{alarm:.0%}")
    )
    return finished(alt.layer(drawn, line, name), text, palette, height=200)


def units_chart(
    days: Days,
    needed: dict[float, NDArray[np.float64]],
    marks: dict[str, float],
    *,
    palette: Palette = LIGHT,
) -> alt.TopLevelMixin:
    """Draw the units that the busiest hour of each day needs, beside what there is.

    Parameters
    ----------
    days
        The ``H`` days ahead.
    needed
        By level such as 0.5 and 0.95, units of shape ``(H,)``.
    marks
        Horizontal lines, such as the commitment and the limit, in units.
    palette
        Colours.

    Examples
    --------
    >>> chart = units_chart(Days((1,), calendar=False), {0.5: np.array([7.0])}, {"limit": 9.0})
    >>> chart.to_dict()["description"]
    'Units that the busiest hour of each day needs: at most 7 at 50%; limit 9.'
    """
    import altair as alt

    columns = {f"u{place}": values.tolist() for place, values in enumerate(needed.values())}
    figures = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    rows = [day | figure for day, figure in zip(days.rows(), figures, strict=True)]
    most = ", ".join(f"{v.max():,.0f} at {level:.0%}" for level, v in needed.items())
    lines = "; ".join(f"{name} {value:,.0f}" for name, value in marks.items())
    text = f"Units that the busiest hour of each day needs: at most {most}"
    text += f"; {lines}." if lines else "."
    top = max([1.0, *(max(values) for values in columns.values()), *marks.values()])
    unit = unit_of(top)
    kinds = [f"{level:.0%}" for level in needed]
    shades = [palette.range50, palette.range80, palette.range95, palette.range99]
    scale = alt.Scale(domain=kinds, range=shades[: len(kinds)])
    legend = alt.Legend(title=None, symbolType="square", columns=4)
    colour = alt.Color("kind:N", scale=scale, sort=kinds, legend=legend)
    across = days.axis(len(rows))
    axis = alt.Axis(
        title=unit.title("units that suffice, by certainty"), labelExpr=unit.label, tickCount=5
    )
    room = alt.Scale(domain=[0, 1.12 * top], nice=False)
    base = alt.Chart(alt.InlineData(values=rows))
    # From the highest level, which lies behind, to the lowest.
    steps = [
        base.transform_calculate(kind=f"'{kind}'")
        .mark_area(interpolate="step")
        .encode(across, alt.Y(f"{name}:Q", axis=axis, scale=room, stack=None), colour)
        for kind, name in reversed(list(zip(kinds, columns, strict=True)))
    ]
    tips = [
        alt.Tooltip(f"{name}:Q", title=kind, format=",.0f")
        for kind, name in zip(kinds, columns, strict=True)
    ]
    hover = days.hover(base, len(rows), tips)
    return finished(alt.layer(*steps, hover, *_lines(marks, palette)), text, palette, height=220)


def _lines(marks: dict[str, float], palette: Palette) -> list[alt.Chart]:
    """Return named horizontal lines."""
    import altair as alt

    named = alt.Chart(
        alt.InlineData(values=[{"name": name, "at": value} for name, value in marks.items()])
    )
    rules = named.mark_rule(color=palette.ink, strokeDash=[4, 3]).encode(alt.Y("at:Q"))
    names = named.mark_text(
        align="left", baseline="bottom", dx=3, dy=-2, color=palette.ink, fontWeight="bold"
    ).encode(alt.Y("at:Q"), x=alt.value(0), text="name:N")
    return [rules, names]
