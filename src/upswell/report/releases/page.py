"""The page of the week itself: context from its facts, one template, one text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upswell._version import __version__
from upswell.charts import PAGE, alternative_text, reliability_chart, shortened, sized
from upswell.report._effects import gain
from upswell.report._rendering import render
from upswell.report.releases._audited import audit_context, draw_audit
from upswell.report.releases._caution import caution_context, draw_caution
from upswell.report.releases._details import detail_rows, fan_data
from upswell.report.releases._filters import filters
from upswell.report.releases._judged import calibration, scorecard_context
from upswell.report.releases._list import list_context, list_rows

if TYPE_CHECKING:
    from upswell.report.releases._facts import WeekFacts

__all__ = ["week_bytes", "week_page"]

MOST_CERTAIN = 1000
"""Scenarios that a chance of never is taken to rest on where the record does not say."""


def week_page(facts: WeekFacts) -> str:
    """Return the page of a week as HTML that needs no other file and no network.

    Parameters
    ----------
    facts
        What is known; a section whose frame is absent says why, or is absent, too.

    Returns
    -------
    str
        Equal input gives equal text.
    """
    rows = list_rows(facts)
    details = detail_rows(facts, rows)
    judged = calibration(facts)
    charts = _charts(facts, judged)
    listed = list_context(facts, rows)
    return render(
        "week/page.html.j2",
        data={
            "charts": {name: sized(chart) for name, chart in charts.items()},
            "fans": fan_data(facts, details),
        },
        scripts=("numbers.js", "charts.js", "tables.js", "week.js"),
        styles=("page.css", "week.css"),
        more_filters=filters() | {"gain": gain},
        version=__version__,
        record=facts.record,
        facts=facts,
        top=facts.tiers[-1],
        answer=_answer(facts),
        week=listed,
        details=details,
        judged=judged,
        scorecard=scorecard_context(facts),
        caution=caution_context(facts),
        audit=audit_context(facts),
        review=None if facts.review is None else facts.review.to_dicts(),
        ledger=list(facts.record.get("ledger", ())),
        texts={name: alternative_text(chart) for name, chart in charts.items()},
    )


def week_bytes(facts: WeekFacts) -> bytes:
    """Return the page of a week as a file in UTF-8; see `week_page`."""
    # A name that is no UTF-8 holds surrogates; none of them reaches the page.
    return week_page(facts).encode("utf-8", "replace")


def _charts(facts: WeekFacts, judged: dict[str, Any] | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    caution = draw_caution(facts, PAGE)
    if caution is not None:
        found["caution"] = caution
    for place, (name, points) in enumerate((judged or {"points": {}})["points"].items()):
        found[f"reliability-{place}"] = reliability_chart(points, name=name, palette=PAGE)
    return found | draw_audit(facts, PAGE)


def _answer(facts: WeekFacts) -> dict[str, Any]:
    """Return the figures of the first sentence."""
    import polars as pl

    found = facts.scores.filter(pl.col("horizon") == facts.horizon)
    answer = {
        "releases": found.height,
        "likely": found.filter(pl.col(f"probability_{facts.tiers[-1]}") > 0.5).height,
    }
    if not facts.decided:
        return answer
    promoted = found.filter(pl.col("decision") == "promote")
    hits = float(promoted[f"probability_{facts.tiers[-1]}"].sum())
    return answer | {
        "promoted": promoted.height,
        "watched": found.filter(pl.col("decision") == "watch").height,
        "profit": promoted["expected_profit"].sum(),
        "hits": shortened(hits, 2),
        "chance": hits if promoted.height == 1 else None,
        "funded": facts.money.get("funded"),
        "scenarios": facts.money.get("scenarios", {}).get("count", MOST_CERTAIN),
    }
