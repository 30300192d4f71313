"""What caution costs: hits lost against false hits avoided, from past releases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upswell.charts import caution_chart
from upswell.releases.deciding.picture import caution_curve

if TYPE_CHECKING:
    from upswell.charts import Palette
    from upswell.report.releases._facts import WeekFacts

__all__ = ["caution_context", "caution_rows", "draw_caution"]

MOST_DIALS = 12

TRIVIAL = {
    "all": "promote all",
    "none": "promote none",
    "log-linear": "by the log-linear line",
    "window-total": "as many, by window total",
}
"""What the rules are called that need no model."""


def caution_rows(facts: WeekFacts) -> list[dict[str, Any]]:
    """Return the settings of the dial that was chosen, in their order; empty without evidence."""
    if facts.caution is None:
        return []
    rows = facts.caution.to_dicts()
    rule = next((row["rule"] for row in rows if row["chosen"]), "caution")
    return [row for row in rows if row["rule"] == rule]


def caution_context(facts: WeekFacts) -> dict[str, Any] | None:
    """Return the price of caution for the template.

    Returns
    -------
    dict or None
        ``name`` of the dial; ``chosen``, its setting in use or None; ``rows``, some dozen of its
        settings, the chosen and the best among them; ``trivial``, rules that need no model,
        with their ``title``.
    """
    rows = caution_rows(facts)
    if not rows or facts.caution is None:
        return None
    step = -(-len(rows) // MOST_DIALS)
    best = max(row["profit"] for row in rows)
    return {
        "name": rows[0]["rule"],
        "chosen": next((row for row in rows if row["chosen"]), None),
        "rows": [
            row | {"best": row["profit"] == best}
            for place, row in enumerate(rows)
            if place % step == 0 or row["chosen"] or row["profit"] == best
        ],
        "trivial": [
            row | {"title": TRIVIAL.get(row["rule"], row["rule"])}
            for row in facts.caution.to_dicts()
            if row["dial"] is None
        ],
    }


def draw_caution(facts: WeekFacts, palette: Palette) -> Any:
    """Return the chart of the price of caution, or None without evidence."""
    if facts.caution is None or not caution_rows(facts):
        return None
    return caution_chart(caution_curve(facts.caution, facts.currency), palette=palette)
