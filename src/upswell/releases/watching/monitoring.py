"""Monitoring: a bundle held against what came after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from upswell.data.ledger import Ledger
from upswell.errors import RefusalError
from upswell.releases.frames import FeatureTable
from upswell.releases.gate import outcomes_at
from upswell.releases.scoring import ScoredReleases, score_releases
from upswell.releases.tables import RawTables
from upswell.releases.trained import TrainedReleases
from upswell.releases.watching.drift import Drift, drift_of
from upswell.releases.watching.mixes import artist_drift, ratio_drift
from upswell.releases.watching.past import line_of, past_scores
from upswell.releases.watching.record import judged
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
    scored = _since_the_bundle(trained, tables, day)
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
            *judged(past, trained.kept.get("promise")),
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


def _since_the_bundle(trained: TrainedReleases, tables: RawTables, day: dt.date) -> ScoredReleases:
    """Score what was released after the last day of the bundle."""
    try:
        return score_releases(
            trained, tables, as_of=day, since=trained.as_of + dt.timedelta(days=1)
        )
    except RefusalError as error:
        if error.code != "nothing-to-score":
            raise
        raise RefusalError(
            f"there is nothing to monitor on {day}: no release came after the bundle, whose last "
            f"day is {trained.as_of}",
            code=error.code,
            fix="give tables, or an --as-of, that hold later releases",
        ) from error


def _counts(table: FeatureTable, past: pl.DataFrame, scores: pl.DataFrame | None) -> dict[str, Any]:
    days = table.keys["release_date"]
    told = None
    if scores is not None:
        told = int(table.keys["release"].is_in(scores["release"].implode()).sum())
    return {
        "releases": len(table),
        "first": str(days.min()),
        "last": str(days.max()),
        "outcomes": past.height,
        "scored_by": "this bundle" if scores is None else "past scores",
        "told": told,
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
