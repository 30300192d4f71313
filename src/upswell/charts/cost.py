"""The cost curve: what each commitment is expected to cost, with the rules of thumb on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.charts._units import unit_of
from upswell.charts.rendering import finished
from upswell.charts.theme import LIGHT, Palette

if TYPE_CHECKING:
    import altair as alt

__all__ = ["CostCurve", "cost_chart"]


@dataclass(frozen=True)
class CostCurve:
    """What commitments cost.

    Parameters
    ----------
    units
        Commitments, shape ``(K,)``, ascending.
    expected, low, high
        Expected cost, and the ends of its 80% range, shape ``(K,)``.
    rules
        By name, commitment and expected cost; the first is the one of least cost.
    currency
        Name of the currency.
    """

    units: NDArray[np.float64]
    expected: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    rules: Mapping[str, tuple[float, float]]
    currency: str


def cost_chart(curve: CostCurve, *, palette: Palette = LIGHT) -> alt.TopLevelMixin:
    """Draw the expected cost of each commitment, its 80% range, and the rules.

    Parameters
    ----------
    curve
        The costs.
    palette
        Colours.

    Examples
    --------
    >>> units, cost = np.array([1.0, 2.0, 3.0]), np.array([9.0, 7.0, 8.0])
    >>> curve = CostCurve(units, cost, cost - 1, cost + 1, {"least-cost": (2.0, 7.0)}, "USD")
    >>> cost_chart(curve).to_dict()["description"]
    'Expected cost by commitment. least-cost: 2 units, 7 USD.'
    """
    import altair as alt

    listed = "; ".join(
        f"{name}: {units:,.0f} units, {cost:,.0f} {curve.currency}"
        for name, (units, cost) in curve.rules.items()
    )
    text = f"Expected cost by commitment. {listed}."
    columns = (curve.units, curve.expected, curve.low, curve.high)
    rows = [
        dict(zip(("units", "cost", "low", "high"), figures, strict=True))
        for figures in zip(*(column.tolist() for column in columns), strict=True)
    ]
    unit = unit_of(float(curve.high.max()))
    axis = alt.Axis(title=unit.title(f"cost, {curve.currency}"), labelExpr=unit.label, tickCount=5)
    across = alt.X(
        "units:Q",
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(title="units committed", format=",d", tickMinStep=1),
    )
    tips = [
        alt.Tooltip("units:Q", title="units", format=",d"),
        alt.Tooltip("cost:Q", title="expected", format=",.0f"),
    ]
    base = alt.Chart(alt.InlineData(values=rows, name="curve")).encode(across)
    marks = [
        {"units": units, "cost": cost, "rule": name} for name, (units, cost) in curve.rules.items()
    ]
    points = alt.Chart(alt.InlineData(values=marks, name="rules")).encode(across, alt.Y("cost:Q"))
    names = list(curve.rules)
    shades = [palette.good, palette.ink, palette.median, palette.warning, palette.muted]
    shapes = ["circle", "square", "diamond", "triangle-up", "triangle-down"]
    # A legend, since the rules often lie too close to each other for names beside them.
    legend = alt.Legend(title=None, symbolSize=90)
    repeat = len(names) // len(shades) + 1
    return finished(
        alt.layer(
            base.mark_area(color=palette.range95).encode(
                alt.Y("low:Q", axis=axis, scale=alt.Scale(zero=False)), alt.Y2("high:Q")
            ),
            base.mark_line(color=palette.median, strokeWidth=2).encode(
                alt.Y("cost:Q"), tooltip=tips
            ),
            points.mark_point(size=90, filled=True, opacity=1).encode(
                color=alt.Color("rule:N", scale=_ordered(names, shades * repeat), legend=legend),
                shape=alt.Shape("rule:N", scale=_ordered(names, shapes * repeat), legend=legend),
                tooltip=[alt.Tooltip("rule:N"), *tips],
            ),
        ),
        text,
        palette,
    )


def _ordered(names: list[str], values: list[str]) -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=names, range=values[: len(names)])
