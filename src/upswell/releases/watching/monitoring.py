"""Monitoring: a bundle held against what came after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from upswell.data.ledger import Ledger
from upswell.releases.frames import FeatureTable
from upswell.releases.gate import outcomes_at
from upswell.releases.scoring import score_releases
from upswell.releases.tables import RawTables
from upswell.releases.trained import TrainedReleases
from upswell.releases.watching._weekly import WeeklyMean, greater, weekly_mean
from upswell.releases.watching.drift import Drift, drift_of
from upswell.releases.watching.mixes import artist_drift, ratio_drift
from upswell.releases.watching.past import line_of, past_scores, values_of
from upswell.releases.watching.reference import day_numbers
from upswell.releases.watching.verdict import Evidence, decided, verdict_of

if TYPE_CHECKING:
    import polars as pl

__all__ = ["MonitoredReleases", "monitor_releases"]

SPAN = 28
"""Days of release dates in which drift is looked for."""


@dataclass(frozen=True, kw_only=True)
class MonitoredReleases:
    """What became of a bundle.

    Parameters
    ----------
    verdict
        ``keep``, ``retrain`` or ``suspend decisions``.
    tests
        What it rests on.
    drift
        Of signals, artists and outcome ratio, a row a column, with ``test`` before the columns of
        `upswell.releases.watching.drift.Drift.frame`.
    past
        Past scores beside outcomes; see `upswell.releases.watching.past.PAST_COLUMNS`.
    as_of
        The last day of which anything was known.
    record
        How it was made, as JSON has it.
    ledger
        What was repaired, dropped or flagged.
    """

    verdict: str
    tests: tuple[Evidence, ...]
    drift: pl.DataFrame
    past: pl.DataFrame
    as_of: dt.date
    ledger: Ledger
    record: Mapping[str, Any] = field(default_factory=dict)


def monitor_releases(
    trained: TrainedReleases,
    tables: RawTables,
    *,
    as_of: dt.date | None = None,
    scores: pl.DataFrame | None = None,
) -> MonitoredReleases:
    """Hold a bundle against releases that came after it.

    Parameters
    ----------
    trained
        The bundle.
    tables
        Releases, signals and outcomes.
    as_of
        The last day of which anything is known; by default the last day in the tables.
    scores
        Past scores; without them each release is scored by the bundle, as of its own gate.

    Raises
    ------
    RefusalError
        When no release came after the bundle.
    """
    import polars as pl

    day = as_of or tables.last_day
    scored = score_releases(trained, tables, as_of=day, since=trained.as_of + dt.timedelta(days=1))
    table = scored.table
    outcomes = outcomes_at(tables, trained.config.horizons, day)
    said = scored.frame if scores is None else scores
    reference = trained.kept.get("reference")
    past = past_scores(said, outcomes, table, trained.facts["base"], line_of(reference))
    looks = {
        "signals": drift_of(trained, table, spans=(SPAN,)),
        "artists": artist_drift(trained, table, (SPAN,)),
        "outcome ratio": ratio_drift(trained, table, outcomes, (2 * SPAN,)),
    }
    tests = decided(
        (
            *(_looked(name, look) for name, look in looks.items()),
            *_judged(past, trained.kept.get("promise")),
        )
    )
    frame = pl.concat(
        [look.frame.select(pl.lit(name).alias("test"), pl.all()) for name, look in looks.items()]
    )
    return MonitoredReleases(
        verdict=verdict_of(tests),
        tests=tests,
        drift=frame,
        past=past,
        as_of=day,
        ledger=scored.ledger,
        record={
            **{name: scored.record[name] for name in ("version", "as_of", "bundle", "horizons")},
            **_counts(table, past, scores),
            **tables.origin(scored.ledger),
        },
    )


def _counts(table: FeatureTable, past: pl.DataFrame, scores: pl.DataFrame | None) -> dict[str, Any]:
    days = table.keys["release_date"]
    return {
        "releases": len(table),
        "first": str(days.min()),
        "last": str(days.max()),
        "outcomes": past.height,
        "scored_by": "this bundle" if scores is None else "past scores",
    }


def _looked(name: str, look: Drift) -> Evidence:
    told = look.code in {"drifted", "no-drift"}
    return Evidence(
        test=name,
        code=("failed" if look.drifted else "ok") if told else look.code,
        sentence=look.sentence,
        value=None,
        expected=None,
        p_value=look.p_value if told else None,
        asks="retrain" if name == "artists" else "suspend decisions",
    )


def _judged(past: pl.DataFrame, promise: pl.DataFrame | None) -> tuple[Evidence, ...]:
    """Test bias, coverage and error of past scores against the final test."""
    days = day_numbers(past["release_date"])
    signed = values_of(past, "log_error")
    beside = values_of(past, "neighbour_log_error")
    kept = (
        {} if promise is None else {name: values_of(promise, name) for name in promise.columns[1:]}
    )
    before = (
        np.zeros(0, dtype=np.int64) if promise is None else day_numbers(promise["release_date"])
    )

    def promised(values: Any) -> WeeklyMean | None:
        return None if promise is None or not before.size else weekly_mean(values, before)

    error = promised(np.abs(kept["log_error"])) if kept else None
    bias = promised(kept["log_error"]) if kept else None
    tests = [
        _one("too high", weekly_mean(-signed, days), _minus(bias), "suspend decisions"),
        _one("too low", weekly_mean(signed, days), bias, "retrain"),
        _one("error", weekly_mean(np.abs(signed), days), error, "retrain"),
    ]
    for name, nominal in (("80", 0.8), ("90", 0.9)):
        misses = weekly_mean(1.0 - values_of(past, f"inside_{name}"), days, nominal * (1 - nominal))
        old = promised(1.0 - kept[f"inside_{name}"]) if kept else None
        tests.append(_coverage(name, nominal, misses, old))
    if np.isfinite(beside).all():
        worse = weekly_mean(np.abs(signed) - np.abs(beside), days)
        tests.append(_one("neighbour", worse, 0.0, "retrain"))
    return tuple(tests)


def _minus(mean: WeeklyMean | None) -> WeeklyMean | None:
    if mean is None:
        return None
    return WeeklyMean(-mean.mean, mean.variance, mean.count, mean.weeks)


_WORDS = {
    "too high": "scores lie above the outcomes by a factor of {value:.2f} (final test: {old:.2f})",
    "too low": "outcomes lie above the scores by a factor of {value:.2f} (final test: {old:.2f})",
    "error": "the typical error is a factor of {value:.2f} (final test: {old:.2f})",
    "neighbour": "the typical error is {value:.2f} times that of the log-linear line",
}


def _one(test: str, now: WeeklyMean, before: WeeklyMean | float | None, asks: str) -> Evidence:
    expected = before.mean if isinstance(before, WeeklyMean) else before
    if before is None or not now.enough:
        return _untold(test, asks, now, "no-final-test" if now.enough else "too-few-outcomes")
    value, old = float(np.exp(now.mean)), float(np.exp(expected or 0.0))
    return Evidence(
        test=test,
        code="ok",
        sentence=_WORDS[test].format(value=value, old=old) + _of(now),
        value=value,
        expected=old,
        p_value=greater(now, before),
        asks=asks,
    )


def _coverage(name: str, nominal: float, misses: WeeklyMean, before: WeeklyMean | None) -> Evidence:
    """Fail only what covers less than it should and less than the final test did."""
    test = f"coverage {name}"
    if not misses.enough:
        return _untold(test, "retrain", misses, "too-few-outcomes")
    p_value = greater(misses, 1.0 - nominal)
    tested = ""
    if before is not None and before.weeks >= 2:
        p_value = max(p_value, greater(misses, before))
        tested = f" (final test: {1 - before.mean:.0%})"
    return Evidence(
        test=test,
        code="ok",
        sentence=f"the {name}% range held {1 - misses.mean:.0%} of the outcomes{tested}"
        + _of(misses),
        value=1.0 - misses.mean,
        expected=nominal,
        p_value=p_value,
        asks="retrain",
    )


def _of(mean: WeeklyMean) -> str:
    return f", {mean.count} releases of {mean.weeks} weeks"


def _untold(test: str, asks: str, now: WeeklyMean, code: str) -> Evidence:
    words = {
        "too-few-outcomes": "not enough outcomes yet",
        "no-final-test": "the bundle has no final test to hold it against",
    }
    return Evidence(
        test=test,
        code=code,
        sentence=words[code] + _of(now),
        value=None,
        expected=None,
        p_value=None,
        asks=asks,
    )
