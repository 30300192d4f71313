"""The price of caution: hits lost against false hits avoided, dial by dial."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["caution_chart"]


def caution_chart(
    rows: Sequence[Mapping[str, Any]], *, palette: Palette = LIGHT
) -> alt.TopLevelMixin:
    """Draw hits lost against false hits avoided, a point a dial; the dial that is set is marked.

    Parameters
    ----------
    rows
        ``dial, chosen, promoted, hits, hits_lost, false_hits, false_hits_avoided, profit`` each.
    palette
        Colours.
    """
    import altair as alt

    points = [dict(row) for row in rows]
    text = f"Hits lost against false hits avoided at {len(points)} settings of the dial."
    tips = [
        alt.Tooltip(f"{name}:Q", title=name.replace("_", " "), format=",.4~g")
        for name in ("dial", "promoted", "hits", "hits_lost", "false_hits_avoided", "profit")
    ]
    base = alt.Chart(alt.InlineData(values=points, name="dials")).encode(
        alt.X("false_hits_avoided:Q", axis=alt.Axis(title="false hits avoided", tickMinStep=1)),
        alt.Y("hits_lost:Q", axis=alt.Axis(title="hits lost", tickMinStep=1)),
    )
    marked = base.transform_filter("datum.chosen")
    return finished(
        alt.layer(
            base.mark_line(color=palette.median, strokeWidth=1.5),
            base.mark_point(color=palette.median, filled=True, size=45, opacity=1).encode(
                tooltip=tips
            ),
            marked.mark_point(color=palette.warning, size=220, strokeWidth=2).encode(tooltip=tips),
        ),
        text,
        palette,
    )
