"""How far the answers can be trusted: reliability, coverage, and scores beside trivial ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from upswell.charts import ReliabilityPoint
from upswell.scoring import calibration_table, clopper_pearson, quantile_name

if TYPE_CHECKING:
    import polars as pl

    from upswell.report.releases._facts import WeekFacts

__all__ = ["calibration", "scorecard_context"]

LEVEL = 0.9
CENTRAL = (0.5, 0.8, 0.9)
SCOPES = ("final", "all")
NEIGHBOURS = {
    "constant": "the same figure for every release",
    "majority": "the most frequent tier for every release",
    "median-ratio": "the window's total times the usual ratio",
    "log-linear": "a straight line from the log of the window's total",
    "multivariate-linear": "a straight line from the counts of each day",
    "artist-mean": "what the artist's earlier releases came to on average",
}
"""What each trivial neighbour says, for readers who have not met it."""


def calibration(facts: WeekFacts) -> dict[str, Any] | None:
    """Return how chances and ranges fared on releases that had not been seen.

    Returns
    -------
    dict or None
        ``source`` (``evidence`` or ``final test``), ``count``, ``points`` (by tier, as
        `ReliabilityPoint`), ``coverage`` (``level, count, held, low, high,
        verdict``). None where nothing
        was kept.
    """
    if facts.evidence is not None and facts.evidence.height:
        return _of_evidence(facts, facts.evidence)
    return None if facts.scorecard is None else _of_scorecard(facts, facts.scorecard)


def _of_evidence(facts: WeekFacts, evidence: pl.DataFrame) -> dict[str, Any] | None:
    import polars as pl

    known = evidence.filter(pl.col("actual").is_finite())
    if not known.height:
        return None
    actual = known["actual"].to_numpy()
    labels = np.searchsorted(np.asarray(facts.bounds), actual, side="right")
    points = {
        name: [
            _point(found.mean_probability, found.hits, found.count)
            for found in calibration_table(
                labels == tier, known[f"probability_{name}"].to_numpy().clip(0.0, 1.0)
            )
            if found.count
        ]
        for tier, name in enumerate(facts.tiers)
        if f"probability_{name}" in known.columns
    }
    coverage = []
    for level in CENTRAL:
        low, high = (known[quantile_name(t)].to_numpy() for t in (_tail(level), 1 - _tail(level)))
        held = int(((low <= actual) & (actual <= high)).sum())
        coverage.append(_covered(level, held, known.height))
    return {
        "source": "evidence",
        "count": known.height,
        "folds": known["fold"].n_unique() if "fold" in known.columns else None,
        "points": points,
        "coverage": coverage,
    }


def _tail(level: float) -> float:
    return round((1 - level) / 2, 4)


def _point(given: float, hits: int, count: int) -> ReliabilityPoint:
    low, high = clopper_pearson(hits, count, LEVEL)
    return ReliabilityPoint(given, hits / count, low, high, count)


def _covered(level: float, held: int, count: int) -> dict[str, Any]:
    low, high = clopper_pearson(held, count, LEVEL)
    verdict = "too narrow" if high < level else "too wide" if low > level else "as it should"
    found = {"level": level, "count": count, "held": held / count, "low": low, "high": high}
    return found | {"verdict": verdict}


def _of_scorecard(facts: WeekFacts, card: Mapping[str, Any]) -> dict[str, Any] | None:
    tables, scope = card["tables"], _scope(card)
    model = _model(tables, facts.horizon, scope)
    if model is None:
        return None
    points: dict[str, list[ReliabilityPoint]] = {name: [] for name in facts.tiers}
    for row in _rows(tables["calibration"], facts.horizon, scope):
        points[row["tier"]].append(_point(row["mean_probability"], row["hits"], row["count"]))
    coverage = [
        _covered(level, round(model[f"coverage{level * 100:.0f}"] * model["count"]), model["count"])
        for level in CENTRAL
        if model[f"coverage{level * 100:.0f}"] is not None
    ]
    return {
        "source": "final test",
        "count": model["count"],
        "folds": None,
        "points": points,
        "coverage": coverage,
    }


def scorecard_context(facts: WeekFacts) -> dict[str, Any] | None:
    """Return the final test of the training: the model beside its trivial neighbours.

    Returns
    -------
    dict or None
        ``scope``, ``regression``, ``tiers`` and ``budget``, rows of the scorecard at the longest
        horizon; ``base``, the metric that ranks alone; ``neighbours``, what those in the tables do.
        None without one.
    """
    if facts.scorecard is None:
        return None
    tables, scope = facts.scorecard["tables"], _scope(facts.scorecard)
    model = _model(tables, facts.horizon, scope)
    if model is None:
        return None
    own = {
        name: _rows(tables[name], facts.horizon, scope)
        for name in ("regression", "tiers", "budget")
    }
    names = {row["model"] for row in [*own["regression"], *own["tiers"]]}
    return {
        "scope": scope,
        "model": model,
        "base": (facts.record.get("bundle") or {}).get("base") or "the base metric",
        "neighbours": {name: text for name, text in NEIGHBOURS.items() if name in names},
        **own,
    }


def _scope(card: Mapping[str, Any]) -> str:
    """Return the last period where there is one, else all periods."""
    given = {row["scope"] for row in card["tables"]["regression"]}
    return next((scope for scope in SCOPES if scope in given), SCOPES[-1])


def _model(tables: Mapping[str, Any], horizon: int, scope: str) -> dict[str, Any] | None:
    rows = _rows(tables["regression"], horizon, scope)
    return next((row for row in rows if row["model"] == "model" and row["count"]), None)


def _rows(table: list[dict[str, Any]], horizon: int, scope: str) -> list[dict[str, Any]]:
    return [row for row in table if row["horizon"] == horizon and row["scope"] == scope]
