"""An audit's part of the page of the week: what is sure to help or hurt, and charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upswell.report._effects import KINDS, MEASURES, effect_charts

if TYPE_CHECKING:
    from upswell.charts import Palette
    from upswell.report.releases._facts import WeekFacts

__all__ = ["audit_context", "draw_audit"]


def audit_context(facts: WeekFacts) -> dict[str, Any] | None:
    """Return an audit for the template, or None without one.

    Returns
    -------
    dict or None
        ``rows``, with the ``words`` for their measure; ``sure``, those of them that help or hurt;
        ``kinds`` and ``measures``, the title of each.
    """
    if facts.audit is None or not facts.audit.height:
        return None
    titles = {name: title for name, (title, _) in MEASURES.items()}
    rows = [
        row | {"words": titles.get(row["measure"], row["measure"].replace("_", " "))}
        for row in facts.audit.to_dicts()
    ]
    sure = [row for verdict in ("hurts", "helps") for row in rows if row["verdict"] == verdict]
    return {"rows": rows, "sure": sure, "kinds": KINDS, "measures": titles}


def draw_audit(facts: WeekFacts, palette: Palette) -> dict[str, Any]:
    """Return charts of the audit by name; empty without one."""
    if facts.audit is None or not facts.audit.height:
        return {}
    units = facts.audit["unit"].to_list() if "unit" in facts.audit.columns else []
    return effect_charts(facts.audit.to_dicts(), units[0] if units else "", palette)
