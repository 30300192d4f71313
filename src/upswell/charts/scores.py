"""The scorecard as bars: how wrong each forecaster was beside repeating the last week."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["scores_chart"]

TRIVIAL = "seasonal-naive"


def scores_chart(
    scores: dict[str, float], chosen: str, *, palette: Palette = LIGHT
) -> alt.TopLevelMixin:
    """Draw the errors of forecasters relative to seasonal naive.

    Parameters
    ----------
    scores
        By forecaster, error relative to seasonal naive's: below 1 is better; NaN for a failure.
    chosen
        The forecaster that was chosen.
    palette
        Colours.

    Examples
    --------
    >>> chart = scores_chart({"seasonal-naive": 1.0, "ets": 0.8}, "ets")
    >>> chart.to_dict()["description"].split(": ")[1]
    'ets 0.80, seasonal-naive 1.00.'
    """
    import altair as alt

    known = sorted(((s, n) for n, s in scores.items() if math.isfinite(s)))
    listed = ", ".join(f"{name} {score:.2f}" for score, name in known)
    text = f"Error of each forecaster relative to repeating the last week: {listed}."
    rows = [
        {
            "forecaster": name,
            "error": score,
            "role": "chosen" if name == chosen else "trivial" if name == TRIVIAL else "other",
        }
        for score, name in known
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.Y("forecaster:N", sort=None, axis=alt.Axis(title=None, domain=False, labelLimit=180))
    )
    across = alt.X(
        "error:Q",
        scale=alt.Scale(domain=[0, 1.1 * max([1.0, *(s for s, _ in known)])], nice=False),
        axis=alt.Axis(title="relative error; below 1 is better", tickCount=5),
    )
    colours = alt.Scale(
        domain=["chosen", "trivial", "other"],
        range=[palette.median, palette.muted, palette.range80],
    )
    bars = base.mark_bar(height={"band": 0.7}).encode(
        across, color=alt.Color("role:N", scale=colours, legend=None)
    )
    figures = base.mark_text(align="left", dx=4, color=palette.ink).encode(
        across, text=alt.Text("error:Q", format=".2f")
    )
    rule = alt.Chart(alt.InlineData(values=[{"one": 1}])).mark_rule(
        strokeDash=[4, 3], color=palette.ink
    )
    layers = alt.layer(bars, figures, rule.encode(alt.X("one:Q")))
    return finished(layers, text, palette, height=max(60, 26 * len(rows)))
