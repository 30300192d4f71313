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

_APART, _WIDER = 0.07, 0.35
"""Least distance of two labels as a part of the chart, and beside the longer one of the dial."""

_ROOM = 20


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
        "avoided:Q",
        axis=alt.Axis(title="false hits avoided", format=",d", tickMinStep=1),
        scale=_scale(rows, "avoided"),
    )
    up = alt.Y(
        "lost:Q",
        axis=alt.Axis(title="hits lost", format=",d", tickMinStep=1),
        scale=_scale(rows, "lost"),
    )
    tips = [
        alt.Tooltip("rule:N"),
        alt.Tooltip("lost:Q", title="hits lost", format=",d"),
        alt.Tooltip("avoided:Q", title="false hits avoided", format=",d"),
        alt.Tooltip("profit:Q", title=f"profit, {curve.currency}".rstrip(", "), format=",.0f"),
    ]
    points = alt.Chart(alt.InlineData(values=rows, name="rules"))
    names = alt.Chart(alt.InlineData(values=_named(settings), name="names")).encode(
        across, up, text="label:N"
    )
    label: dict[str, Any] = {"align": "left", "dx": 7, "dy": 11}
    return finished(
        alt.layer(
            alt.Chart(alt.InlineData(values=settings, name="curve"))
            .mark_line(color=palette.median, strokeWidth=2)
            .encode(across, up, order=alt.Order("place:Q")),
            # A legend of nothing cannot be drawn.
            *([_others(points, palette).encode(across, up, tooltip=tips)] if curve.others else []),
            _kind(points, "setting")
            .mark_point(filled=True, opacity=1, size=36, color=palette.median)
            .encode(across, up, tooltip=tips),
            # The dial in use is drawn last and ringed, so that nothing hides it, on paper either.
            _kind(points, "chosen")
            .mark_point(
                filled=True, opacity=1, size=110, color=palette.good, stroke=palette.ink,
                strokeWidth=1.5,
            )
            .encode(across, up, tooltip=tips),
            _kind(names, "setting").mark_text(color=palette.muted, **label),
            _kind(names, "chosen").mark_text(
                color=palette.good, fontWeight="bold", dy=14, **_side(rows)
            ),
        ),
        _text(curve, rows),
        palette,
    )  # fmt: skip


def _scale(rows: Sequence[Mapping[str, Any]], name: str) -> alt.Scale:
    """Return a scale with room on both sides: a point at an end is whole."""
    import altair as alt

    ends = [0, *(row[name] for row in rows)]
    return alt.Scale(domain=[min(ends), max(*ends, 1)], padding=_ROOM, nice=False)


def _kind(chart: alt.Chart, kind: str) -> alt.Chart:
    return chart.transform_filter(f"datum.kind == '{kind}'")


def _side(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return on which side of the dial in use its label has room."""
    widest = max(row["avoided"] for row in rows)
    own = next((row["avoided"] for row in rows if row["kind"] == "chosen"), 0)
    return {"align": "right", "dx": -9} if own > 0.8 * widest else {"align": "left", "dx": 9}


def _others(points: alt.Chart, palette: Palette) -> Any:
    """Return rules that need no model: hollow, so that what they lie upon is seen."""
    import altair as alt

    shapes = alt.Shape(
        "legend:N",
        scale=alt.Scale(range=["diamond", "square", "triangle-up"]),
        legend=alt.Legend(
            title=None, columns=1, labelLimit=300, symbolSize=110, symbolStrokeWidth=2,
            symbolStrokeColor=palette.warning, symbolFillColor="transparent",
        ),
    )  # fmt: skip
    mark: dict[str, Any] = {"filled": False, "opacity": 1, "size": 340, "strokeWidth": 2}
    return _kind(points, "other").mark_point(color=palette.warning, **mark).encode(shape=shapes)


def _rows(curve: CautionCurve) -> list[dict[str, Any]]:
    """Return a row for each setting and each other rule; equal rules share a name."""
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
            }
        )
    same: dict[tuple[int, int], list[str]] = {}
    for name, (avoided, lost, _) in curve.others.items():
        same.setdefault((avoided, lost), []).append(name)
    for name, (avoided, lost, profit) in curve.others.items():
        row = {"rule": name, "avoided": avoided, "lost": lost, "profit": profit}
        legend = " = ".join(same[avoided, lost])
        rows.append({**row, "place": len(rows), "kind": "other", "legend": legend})
    return rows


def _named(settings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return labels for settings: the one in use, and of the others the first that have room."""
    wide = max((abs(row["avoided"]) for row in settings), default=0) or 1
    high = max((abs(row["lost"]) for row in settings), default=0) or 1
    labels: list[dict[str, Any]] = []
    for row in sorted(settings, key=lambda each: each["kind"] != "chosen"):
        own, near = row["kind"] == "chosen", []
        for one in labels:
            across = abs(row["avoided"] - one["avoided"]) / wide
            room = _WIDER if one["kind"] == "chosen" else _APART
            near.append(across >= room or abs(row["lost"] - one["lost"]) / high >= _APART)
        if all(near):
            *_, last = row["rule"].split()
            name = last if last[0].isdigit() else row["rule"]
            labels.append({**row, "label": f"{name}, in use" if own else name})
    return labels


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
