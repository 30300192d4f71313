"""Charts of an audit: for each measure what groups of signals and cleaning rules bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import nan
from typing import TYPE_CHECKING, Any

from upswell.charts import Effect, effects_chart
from upswell.charts.theme import LIGHT

if TYPE_CHECKING:
    from upswell.charts import Palette

__all__ = ["KINDS", "MEASURES", "effect_charts", "gain"]

MEASURES = {
    "rmsle": ("Error", "less error (RMSLE)"),
    "hit_recall": ("Hits found", "more of the hits found"),
    "cost": ("Cost", "saved"),
}
"""By measure its title, and what a gain is."""

KINDS = {"signals": "Groups of signals", "cleaning": "Cleaning rules"}


def effect_charts(
    rows: Iterable[Mapping[str, Any]], unit: str = "", palette: Palette = LIGHT
) -> dict[str, Any]:
    """Return charts by name: ``audit-``, the measure, ``-`` and the kind of subject.

    Groups of signals and cleaning rules have a chart each, since a rule may weigh far more.

    Parameters
    ----------
    rows
        ``title, kind, measure, gain, low, high, verdict``; a gain or an end that is None is
        not drawn.
    unit
        In which the cost is counted.
    palette
        Colours.

    Examples
    --------
    >>> row = {"title": "likes", "kind": "signals", "measure": "cost", "verdict": "unclear"}
    >>> charts = effect_charts([row | {"gain": 1.0, "low": -1.0, "high": 2.0}], "EUR")
    >>> print(*charts, charts["audit-cost-signals"].description)
    audit-cost-signals Gain of each (saved, EUR), with 95% intervals: likes 1 (unclear).
    """
    whole, charts = list(rows), {}
    for measure, (_, gained) in MEASURES.items():
        axis = f"{gained}, {unit}" if measure == "cost" and unit else gained
        for kind in KINDS:
            own = [row for row in whole if (row["measure"], row["kind"]) == (measure, kind)]
            effects = [_effect(row) for row in own if row["gain"] is not None]
            if effects:
                charts[f"audit-{measure}-{kind}"] = effects_chart(
                    effects, axis, share=measure == "hit_recall", palette=palette
                )
    return charts


def gain(value: float | None, measure: str) -> str:
    """Return a gain with its sign, in the units of its measure.

    Examples
    --------
    >>> gain(-0.0123, "rmsle"), gain(0.05, "hit_recall"), gain(None, "cost")
    ('−0.012', '+5.0%', '–')
    >>> gain(-0.0001, "rmsle"), gain(0.0, "cost")
    ('0.000', '0.00')
    """
    if value is None:
        return "–"
    text = f"{value:+.1%}" if measure == "hit_recall" else f"{value:+.3f}"
    if measure == "cost":
        text = f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.2f}"
    # What is rounded to nothing has no sign.
    return text.replace("-", "−") if any(digit in "123456789" for digit in text) else text[1:]


def _effect(row: Mapping[str, Any]) -> Effect:
    low, high = (nan if row[name] is None else row[name] for name in ("low", "high"))
    return Effect(row["title"], row["gain"], low, high, row["verdict"])
