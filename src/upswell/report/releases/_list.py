"""The week's list: a row a release, those first that money does most for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from upswell.releases.answers import CODES
from upswell.report.releases._svg import StreamScale, sparkline

if TYPE_CHECKING:
    import polars as pl

    from upswell.report.releases._facts import WeekFacts

__all__ = ["MOST_DETAILS", "MOST_ROWS", "TOP", "list_context", "list_rows"]

MOST_ROWS = 1000
"""So many releases have a row in the page; ``scores.csv`` holds all of them."""

TOP = 40
"""So many of the first have details of their own; so have all that are promoted."""

MOST_DETAILS = 150
"""But no more than these."""

RANGE = ("q10", "q25", "q50", "q75", "q90")


def list_rows(facts: WeekFacts) -> list[dict[str, Any]]:
    """Return a row of the list for each release, in its order.

    Returns
    -------
    list of dict
        At most `MOST_ROWS`. Keys ``number`` (from 1 on; None without details of its own),
        ``release, artist, released, gate, age, daily, spark, seen, total, range, bar, mean,
        chances, top, tier, status, codes, decision, why, profit``.
    """
    found = _ordered(facts)
    place = {name: row for row, name in enumerate(facts.keys["release"].to_list())}
    keys = facts.keys.to_dicts()
    shown = found.head(MOST_ROWS).to_dicts()
    scale = stream_scale(facts)
    rows = [
        _row(facts, row, keys[place[row["release"]]], facts.daily[place[row["release"]]], scale)
        for row in shown
    ]
    number = 0
    for position, row in enumerate(rows):
        if number < MOST_DETAILS and (position < TOP or row["decision"] == "promote"):
            number += 1
            row["number"] = number
    return rows


def stream_scale(facts: WeekFacts) -> StreamScale:
    """Return the scale of streams that all rows share."""
    found = _ordered(facts).head(MOST_ROWS)
    return StreamScale.over(found["q10"].to_list(), found["q90"].to_list(), facts.bounds)


def list_context(facts: WeekFacts, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the list for the template."""
    import polars as pl

    whole = facts.scores.filter(pl.col("horizon") == facts.horizon)
    tally = {} if not facts.decided else dict(whole["decision"].value_counts(sort=True).iter_rows())
    promoted = sum(row["decision"] == "promote" for row in rows)
    detailed = [row for row in rows if row["number"] is not None]
    return {
        "rows": rows,
        "count": whole.height,
        "left_out": whole.height - len(rows),
        "decisions": [name for name in ("promote", "watch", "hold") if name in tally],
        "tally": tally,
        "tiers": list(facts.tiers)[::-1],
        "axis": stream_scale(facts).labels(facts.tiers),
        "detailed": len(detailed),
        "undetailed": len(rows) - len(detailed),
        "promoted_undetailed": promoted - sum(r["decision"] == "promote" for r in detailed),
    }


def _ordered(facts: WeekFacts) -> pl.DataFrame:
    import polars as pl

    found = facts.scores.filter(pl.col("horizon") == facts.horizon)
    by = ["expected_profit", "q50"] if facts.decided else ["q50"]
    return found.sort([*by, "release"], descending=[True] * len(by) + [False], nulls_last=True)


def _row(
    facts: WeekFacts,
    row: dict[str, Any],
    key: dict[str, Any],
    daily: np.ndarray[Any, np.dtype[np.float64]],
    scale: StreamScale,
) -> dict[str, Any]:
    tiers = facts.tiers
    seen = daily[: key["age"]].tolist()
    low, high = (f"{row[name]:,.0f}" for name in ("q10", "q90"))
    words = f"streams to day {facts.horizon}: median {row['q50']:,.0f}, 80% range {low} to {high}"
    return {
        "number": None,
        "release": row["release"],
        "artist": key["artist"] or "",
        "released": key["release_date"],
        "gate": key["gate"],
        "age": key["age"],
        "daily": daily.tolist(),
        "spark": sparkline(seen, f"{facts.metric} a day", days=len(daily)),
        "seen": bool(np.isfinite(daily).any()),
        "total": float(np.nansum(daily)),
        "range": [row[name] for name in RANGE],
        "bar": scale.bar([row[name] for name in RANGE], words),
        "mean": row["mean"],
        "chances": [row[f"probability_{name}"] for name in tiers],
        "top": row[f"probability_{tiers[-1]}"],
        "tier": row["tier"],
        "status": row["status"],
        "codes": _said(row["codes"], CODES),
        "decision": row.get("decision") or "",
        "why": _said(row.get("decision_codes"), facts.meanings),
        "profit": row.get("expected_profit"),
    }


def _said(codes: str | None, meanings: Any) -> list[dict[str, str]]:
    """Return codes with their meaning; one without is said in its own words."""
    return [
        {"code": code, "meaning": meanings.get(code, code.replace("-", " "))}
        for code in (codes or "").split()
    ]
