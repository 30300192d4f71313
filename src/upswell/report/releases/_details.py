"""One release in full: its first days, its fan, the reasons, and what others like it became."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from upswell.charts import PAGE, ReleaseFan, release_fan_chart, sized
from upswell.report.releases._svg import bars, sparkline

if TYPE_CHECKING:
    import polars as pl

    from upswell.report.releases._facts import WeekFacts

__all__ = ["detail_rows", "fan_data"]

MOST_REASONS = 7
MOST_ALIKE = 5
FAN = (5, 10, 25, 50, 75, 90, 95)


def detail_rows(facts: WeekFacts, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the template says of each release that has details of its own.

    Parameters
    ----------
    facts
        What is known.
    rows
        Of the list.

    Returns
    -------
    list of dict
        A row of the list with ``bars, horizons, reasons, alike, fan, said`` besides.
    """
    chosen = [row for row in rows if row["number"] is not None]
    names = [row["release"] for row in chosen]
    horizons = _by_release(facts.scores, names)
    reasons = _by_release(facts.reasons, names)
    alike = _by_release(facts.alike, names)
    found = []
    for row in chosen:
        name = row["release"]
        others = [_alike(facts, other) for other in alike.get(name, [])[:MOST_ALIKE]]
        answers = sorted(horizons[name], key=lambda answer: answer["horizon"])
        fan = ReleaseFan(
            name,
            {a["horizon"]: {level: a[f"q{level:02}"] for level in FAN} for a in answers},
            row["age"],
            [other["outcome"] for other in others if other["outcome"] is not None],
        )
        found.append(
            row
            | {
                "bars": bars(row["daily"], f"{facts.metric} a day", row["age"]),
                "horizons": [_horizon(facts, answer) for answer in answers],
                "reasons": reasons.get(name, [])[:MOST_REASONS],
                "alike": others,
                "fan": fan,
                "said": _once(row["why"] + row["codes"]),
            }
        )
    return found


def fan_data(facts: WeekFacts, details: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return what the page draws fans from, or None without any.

    Returns
    -------
    dict or None
        ``charts``, one with look-alikes and one without; by number, ``kinds`` says which of them,
        and ``rows`` and ``texts`` what it shows.
    """
    if not details:
        return None
    first = {("beside" if row["fan"].alike else "alone"): row["fan"] for row in details[::-1]}
    charts = {
        kind: sized(release_fan_chart(fan, tiers=facts.tiers, bounds=facts.bounds, palette=PAGE))
        for kind, fan in first.items()
    }
    return {
        "charts": charts,
        "kinds": {row["number"]: "beside" if row["fan"].alike else "alone" for row in details},
        "rows": {row["number"]: row["fan"].rows() for row in details},
        "texts": {row["number"]: row["fan"].text for row in details},
    }


def _by_release(frame: pl.DataFrame | None, names: list[str]) -> dict[str, list[dict[str, Any]]]:
    import polars as pl

    found: dict[str, list[dict[str, Any]]] = {}
    if frame is None:
        return found
    own = frame.filter(pl.col("release").is_in(names))
    if "rank" in own.columns:
        own = own.sort("rank", maintain_order=True)
    for row in own.to_dicts():
        found.setdefault(row["release"], []).append(row)
    return found


def _horizon(facts: WeekFacts, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "day": answer["horizon"],
        "figures": [answer[f"q{level:02}"] for level in (5, 10, 25, 50, 75, 90, 95)],
        "mean": answer["mean"],
        "rounded": answer["rounded"],
        "chances": [answer[f"probability_{name}"] for name in facts.tiers],
    }


def _once(said: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return codes of the decision and of the score, each once with all that it means."""
    parts: dict[str, dict[str, None]] = {}
    for one in said:
        parts.setdefault(one["code"], {}).update(dict.fromkeys(one["meaning"].split("; ")))
    return [{"code": code, "meaning": "; ".join(own)} for code, own in parts.items()]


def _alike(facts: WeekFacts, row: dict[str, Any]) -> dict[str, Any]:
    """Return a look-alike with a line of its first days; a day that is not known is a gap."""
    days = sorted((name for name in row if re.fullmatch(r"day\d+", name)), key=lambda d: int(d[3:]))
    counts = [math.nan if row[name] is None else float(row[name]) for name in days]
    outcome = row["outcome"]
    known = outcome is not None and math.isfinite(outcome)
    return {
        "name": row["other"],
        "artist": row.get("artist") or "",
        "released": row.get("release_date"),
        "spark": sparkline(counts, f"{facts.metric} a day"),
        "outcome": outcome if known else None,
        "tier": row.get("tier") or "",
    }
