"""What each group of signals and each rule brings, as points with their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["Effect", "effects_chart"]

_ROLES = ("helps", "hurts", "unclear")
_ROOM = 14
_SHARE = "datum.value == 0 ? '0' : format(datum.value, '+.2~%')"
_AMOUNT = "datum.value == 0 ? '0' : format(datum.value, '+,.3~r')"
"""Ticks with a sign, no power of ten, and a zero without a sign."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One gain with its interval.

    Parameters
    ----------
    name
        What gains.
    gain, low, high
        The gain and the ends of its interval; an end that is NaN is not drawn.
    verdict
        ``helps``, ``hurts`` or ``unclear``.
    """

    name: str
    gain: float
    low: float
    high: float
    verdict: str


def effects_chart(
    effects: Sequence[Effect], axis: str, *, share: bool = False, palette: Palette = LIGHT
) -> alt.TopLevelMixin:
    """Draw gains with their intervals and verdicts, one line each, around 0.

    Parameters
    ----------
    effects
        In the order in which they are drawn; those without a known gain are left out.
    axis
        What a gain is, for the axis and the sentence.
    share
        Whether gains are shares, to be shown in percent.
    palette
        Colours.

    Examples
    --------
    >>> chart = effects_chart([Effect("likes", -0.01, -0.02, 0.0, "hurts")], "less error")
    >>> chart.to_dict()["description"]
    'Gain of each (less error), with 95% intervals: likes -0.01 (hurts).'
    """
    import altair as alt

    known = [each for each in effects if math.isfinite(each.gain)]
    said = ", ".join(f"{each.name} {each.gain:.2g} ({each.verdict})" for each in known)
    rows: list[dict[str, Any]] = [
        {
            "name": each.name,
            "gain": each.gain,
            "low": each.low if math.isfinite(each.low) else each.gain,
            "high": each.high if math.isfinite(each.high) else each.gain,
            "verdict": each.verdict,
        }
        for each in known
    ]
    colours = alt.Scale(domain=list(_ROLES), range=[palette.good, palette.warning, palette.muted])
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.Y("name:N", sort=None, axis=alt.Axis(title=None, domain=False, labelLimit=140)),
        color=alt.Color("verdict:N", scale=colours, legend=None),
    )
    # What touches the frame could go on beyond it, so that the scale is wider than the intervals.
    ends = [0.0, *(row["low"] for row in rows), *(row["high"] for row in rows)]
    reach = [min(ends), max(ends)] if any(ends) else [-1.0, 1.0]
    scale = alt.Scale(domain=reach, padding=_ROOM, nice=False)
    shown = alt.Axis(
        title=["← hurts · helps →", axis], tickCount=5, labelExpr=_SHARE if share else _AMOUNT
    )
    ranges = base.mark_rule(strokeWidth=2).encode(
        alt.X("low:Q", axis=shown, scale=scale), alt.X2("high:Q")
    )
    words = base.mark_text(align="left", dx=8).encode(text="verdict:N", x=alt.value("width"))
    shapes = alt.Scale(domain=list(_ROLES), range=["triangle-right", "triangle-left", "circle"])
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        alt.X("gain:Q"), shape=alt.Shape("verdict:N", scale=shapes, legend=None)
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(
        strokeDash=[4, 3], color=palette.ink
    )
    text = f"Gain of each ({axis}), with 95% intervals: {said}."
    layers = alt.layer(zero.encode(alt.X("zero:Q")), ranges, words, points)
    return finished(layers, text, palette, height=max(60, 26 * len(rows)))
