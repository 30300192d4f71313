"""The price of caution: hits that a dial loses against the false hits that it avoids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["CautionCurve", "caution_chart"]

_APART = 0.07
"""Least distance of two labels, as a part of the chart."""


@dataclass(frozen=True)
class CautionCurve:
    """What settings of a dial would have come to in the past.

    Parameters
    ----------
    dials
        Name of each setting, such as ``caution 3``, the least cautious first.
    avoided, lost
        False hits avoided and hits lost by each, against the first.
    profit
        Profit of each.
    chosen
        Position of the setting in use; None for none of them.
    others
        By name of another rule, false hits avoided, hits lost and profit.
    currency
        Name of the currency.
    releases
        Number of past releases.
    """

    dials: Sequence[str]
    avoided: Sequence[int]
    lost: Sequence[int]
    profit: Sequence[float]
    chosen: int | None
    others: Mapping[str, tuple[int, int, float]]
    currency: str
    releases: int


def caution_chart(curve: CautionCurve, *, palette: Palette = LIGHT) -> alt.TopLevelMixin:
    """Draw hits lost over false hits avoided, setting by setting, and other rules beside them.

    Parameters
    ----------
    curve
        The figures.
    palette
        Colours.

    Examples
    --------
    >>> curve = CautionCurve(["caution 1", "caution 3"], [0, 7], [0, 2], [900.0, 950.0], 1,
    ...                      {"log-linear line": (5, 4, 800.0)}, "USD", 120)
    >>> caution_chart(curve).to_dict()["description"]
    'Hits lost against false hits avoided by caution, on 120 past releases. caution 1: 0 hits \
lost, 0 false hits avoided, profit 900 USD; caution 3 (in use): 2 hits lost, 7 false hits avoided, \
profit 950 USD; log-linear line: 4 hits lost, 5 false hits avoided, profit 800 USD.'
    """
    import altair as alt

    rows = _rows(curve)
    settings = [row for row in rows if row["kind"] != "other"]
    across = alt.X(
        "avoided:Q", axis=alt.Axis(title="false hits avoided", format=",d", tickMinStep=1)
    )
    up = alt.Y("lost:Q", axis=alt.Axis(title="hits lost", format=",d", tickMinStep=1))
    tips = [
        alt.Tooltip("rule:N"),
        alt.Tooltip("lost:Q", title="hits lost", format=",d"),
        alt.Tooltip("avoided:Q", title="false hits avoided", format=",d"),
        alt.Tooltip("profit:Q", title=f"profit, {curve.currency}".rstrip(", "), format=",.0f"),
    ]
    names = ["a setting of the dial", "the one in use", *curve.others]
    shades = [palette.median, palette.good, palette.warning, palette.muted, palette.ink]
    shapes = ["circle", "circle", "diamond", "square", "triangle-up"]
    legend = alt.Legend(title=None, symbolSize=90)
    points = alt.Chart(alt.InlineData(values=rows, name="rules")).mark_point(filled=True, opacity=1)
    return finished(
        alt.layer(
            alt.Chart(alt.InlineData(values=settings, name="curve"))
            .mark_line(color=palette.median, strokeWidth=2)
            .encode(across, up, order=alt.Order("place:Q")),
            points.encode(
                across,
                up,
                color=alt.Color("legend:N", scale=_scale(names, shades), legend=legend),
                shape=alt.Shape("legend:N", scale=_scale(names, shapes), legend=legend),
                size=alt.condition(alt.datum.kind == "setting", alt.value(36), alt.value(140)),
                tooltip=tips,
            ),
            alt.Chart(alt.InlineData(values=_named(settings), name="names"))
            .mark_text(align="left", dx=6, dy=-8, color=palette.muted)
            .encode(across, up, text="label:N"),
        ),
        _text(curve, rows),
        palette,
    )


def _rows(curve: CautionCurve) -> list[dict[str, Any]]:
    """Return a row for each setting and each other rule."""
    rows: list[dict[str, Any]] = []
    figures = zip(curve.dials, curve.avoided, curve.lost, curve.profit, strict=True)
    for place, (name, avoided, lost, profit) in enumerate(figures):
        own = place == curve.chosen
        rows.append(
            {
                "rule": name,
                "avoided": avoided,
                "lost": lost,
                "profit": profit,
                "place": place,
                "kind": "chosen" if own else "setting",
                "legend": "the one in use" if own else "a setting of the dial",
            }
        )
    for name, (avoided, lost, profit) in curve.others.items():
        row = {"rule": name, "avoided": avoided, "lost": lost, "profit": profit}
        rows.append({**row, "place": len(rows), "kind": "other", "legend": name})
    return rows


def _named(settings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return labels for settings, of those that lie too close to each other the first."""
    wide = max((abs(row["avoided"]) for row in settings), default=0) or 1
    high = max((abs(row["lost"]) for row in settings), default=0) or 1
    labels: list[dict[str, Any]] = []
    for row in settings:
        place = (row["avoided"] / wide, row["lost"] / high)
        near = [
            max(abs(place[0] - one["avoided"] / wide), abs(place[1] - one["lost"] / high))
            for one in labels
        ]
        if min(near, default=1.0) >= _APART:
            *_, last = row["rule"].split()
            labels.append({**row, "label": last if last[0].isdigit() else row["rule"]})
    return labels


def _scale(names: list[str], values: list[str]) -> alt.Scale:
    import altair as alt

    repeat = len(names) // len(values) + 1
    return alt.Scale(domain=names, range=(values * repeat)[: len(names)])


def _text(curve: CautionCurve, rows: Sequence[Mapping[str, Any]]) -> str:
    listed = "; ".join(
        f"{row['rule']}{' (in use)' if row['kind'] == 'chosen' else ''}: {row['lost']:,} hits "
        f"lost, {row['avoided']:,} false hits avoided, profit "
        f"{row['profit']:,.0f} {curve.currency}".rstrip()
        for row in rows
    )
    return (
        f"Hits lost against false hits avoided by caution, on {curve.releases:,} past releases. "
        f"{listed}."
    )
