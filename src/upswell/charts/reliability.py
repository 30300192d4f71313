"""Reliability: how often what was given a chance happened, by the chance that it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["ReliabilityPoint", "reliability_chart"]

HEIGHT = 230


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """What happened where a chance of about this size was given.

    Parameters
    ----------
    given
        Mean of the chances.
    observed, low, high
        How often it happened, and the ends of the 90% interval of that share.
    count
        How many chances.
    """

    given: float
    observed: float
    low: float
    high: float
    count: int


def reliability_chart(
    points: Sequence[ReliabilityPoint], *, name: str = "", palette: Palette = LIGHT
) -> alt.TopLevelMixin:
    """Draw chances as given against how often they came true; the diagonal is what they promise.

    Parameters
    ----------
    points
        By size of the chance.
    name
        What the chances are of.
    palette
        Colours.

    Examples
    --------
    >>> chart = reliability_chart([ReliabilityPoint(0.2, 0.25, 0.1, 0.4, 20)], name="hit")
    >>> chart.to_dict()["description"]
    'Chance of hit as given, and how often it came true: 20% came true 25% (20 releases).'
    """
    import altair as alt

    listed = ", ".join(
        f"{point.given:.0%} came true {point.observed:.0%} ({point.count:,} releases)"
        for point in points
    )
    text = f"Chance of {name} as given, and how often it came true: {listed or 'no release'}."
    rows = [
        {
            "given": round(point.given, 4),
            "observed": round(point.observed, 4),
            "low": round(point.low, 4),
            "high": round(point.high, 4),
            "count": point.count,
        }
        for point in points
    ]
    # Room for the points of the chances that are given most, which lie in the corners.
    share = alt.Scale(domain=[0, 1], nice=False, padding=12)
    ticks = [0, 0.25, 0.5, 0.75, 1]
    given = alt.X(
        "given:Q", scale=share, axis=alt.Axis(title="chance given", format=".0%", values=ticks)
    )
    axis = alt.Axis(title="came true", format=".0%", values=ticks)
    observed = alt.Y("observed:Q", scale=share, axis=axis)
    promise = alt.Chart(
        alt.InlineData(values=[{"given": 0, "observed": 0}, {"given": 1, "observed": 1}])
    )
    base = alt.Chart(alt.InlineData(values=rows, name="points"))
    tips = [
        alt.Tooltip("given:Q", title="given", format=".0%"),
        alt.Tooltip("observed:Q", title="came true", format=".0%"),
        alt.Tooltip("low:Q", title="from", format=".0%"),
        alt.Tooltip("high:Q", title="to", format=".0%"),
        alt.Tooltip("count:Q", title="releases", format=",d"),
    ]
    size = alt.Size("count:Q", scale=alt.Scale(type="sqrt", range=[25, 260]), legend=None)
    return finished(
        alt.layer(
            promise.mark_line(color=palette.muted, strokeDash=[4, 3], strokeWidth=1).encode(
                given, observed
            ),
            base.mark_rule(color=palette.range50, strokeWidth=2).encode(
                given, alt.Y("low:Q", scale=share, axis=axis), alt.Y2("high:Q"), tooltip=tips
            ),
            base.mark_point(color=palette.median, filled=True, opacity=1).encode(
                given, observed, size, tooltip=tips
            ),
        ),
        text,
        palette,
        height=HEIGHT,
    )
