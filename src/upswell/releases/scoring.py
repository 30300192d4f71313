"""Scoring: releases of this week, as of a day, by a trained bundle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from upswell.data.ledger import Action, Ledger, Repair
from upswell.errors import RefusalError
from upswell.releases.answers import answer_rows
from upswell.releases.frames import FeatureTable
from upswell.releases.gate import features_at, releases_by_age
from upswell.releases.models.schema import check_features, compare_features
from upswell.releases.tables import RawTables
from upswell.releases.trained import TrainedReleases

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.deciding.week import DecidedReleases
    from upswell.releases.reasons import Reasons
    from upswell.releases.watching.drift import Drift

__all__ = ["ScoredReleases", "score_releases"]


@dataclass(frozen=True)
class ScoredReleases:
    """What a bundle says of some releases.

    Parameters
    ----------
    frame
        A row a release and horizon; see `upswell.releases.answers.answer_rows`. The releases with
        the largest median at the longest horizon come first.
    keys
        Release date, gate, age and artist of each release.
    as_of
        The last day of which anything was known.
    table
        Features and daily counts of the same releases.
    ledger
        What was repaired, dropped or flagged.
    record
        How it was made, as JSON has it.
    costs
        Of promoting some of the releases, by name, where the table of releases says so.
    decided
        What to do about them; None without money.
    reasons
        Why, where that was asked for.
    drift
        Whether they are like those that taught; None where nobody looked.
    """

    frame: pl.DataFrame
    keys: pl.DataFrame
    as_of: dt.date
    table: FeatureTable
    ledger: Ledger
    record: dict[str, Any] = field(default_factory=dict)
    costs: Mapping[str, float] = field(default_factory=dict)
    decided: DecidedReleases | None = None
    reasons: Reasons | None = None
    drift: Drift | None = None


def score_releases(
    trained: TrainedReleases,
    tables: RawTables,
    *,
    as_of: dt.date | None = None,
    since: dt.date | None = None,
) -> ScoredReleases:
    """Score every release of some tables, each as of its own gate or the as-of day.

    Parameters
    ----------
    trained
        What was trained.
    tables
        Releases and signals; outcomes are not looked at.
    as_of
        The last day of which anything is known; by default the last day in the tables. Releases
        later than that are left out and counted.
    since
        Releases before this day are not scored; by default all are.

    Raises
    ------
    ColumnError
        When a metric or feature is missing that training had.
    RefusalError
        When no release can be scored.
    """
    day = as_of or tables.last_day
    window = trained.config.window
    known, unknown = _with_metrics_of(trained, tables)
    line = "the model was not taught on this metric, and it is not used"
    flags = [Repair("unknown-metric", Action.FLAGGED, line, 1, series=name) for name in unknown]
    repairs = [*tables.ledger, *flags]
    ages, later = releases_by_age(tables, window=window, as_of=day, since=since)
    asked = {
        name: age
        for age, names in ages.items()
        for name in names
        if (trained.complete if age == window else trained.short) is not None
    }
    table = features_at(
        known,
        window=window,
        releases=asked,
        as_of=day,
        memory=trained.memory,
        missing=trained.config.signals.missing,
    )
    if not len(table):
        span = "" if since is None else f" since {since}"
        raise RefusalError(
            f"no release can be scored on {day}: none has been released by then{span}",
            code="nothing-to-score",
            fix="give another --as-of or --since, or the releases of this week",
        )
    _check_features(trained, table)
    repairs += table.ledger
    if later:
        line = f"releases dated after {day} are not scored"
        repairs.append(Repair("not-released", Action.DROPPED, line, later))
    frame = _largest_first(_answers(trained, table), trained.config.horizons[-1])
    ledger = Ledger(tuple(dict.fromkeys(repairs)))
    return ScoredReleases(
        frame=frame,
        keys=table.keys,
        as_of=day,
        table=table,
        ledger=ledger,
        costs=tables.costs(),
        record={
            **_record(trained, tables, frame, day),
            "since": None if since is None else since.isoformat(),
            "ledger": ledger.to_frame().to_dicts(),
        },
    )


def _largest_first(found: pl.DataFrame, horizon: int) -> pl.DataFrame:
    """Sort releases by their median at a horizon, each with its own horizons together."""
    import polars as pl

    order = found.filter(pl.col("horizon") == horizon).select("release", size=pl.col("q50"))
    return (
        found.join(order, on="release", how="left", maintain_order="left")
        .sort(["size", "release", "horizon"], descending=[True, False, False])
        .drop("size")
    )


def _answers(trained: TrainedReleases, table: FeatureTable) -> pl.DataFrame:
    """Return what the expert for its kind of window says of each release."""
    import polars as pl

    whole = table.keys["age"].to_numpy() == trained.config.window
    parts = [
        answer_rows(expert, table.take(rows), trained.config)
        for expert, rows in ((trained.complete, whole), (trained.short, ~whole))
        if expert is not None and rows.any()
    ]
    return pl.concat(parts)


def _with_metrics_of(
    trained: TrainedReleases, tables: RawTables
) -> tuple[RawTables, tuple[str, ...]]:
    """Return the tables with the metrics of the training, and the names of the others.

    Raises
    ------
    ColumnError
        When a metric is missing.
    """
    own = trained.schema.metrics
    if not set(own) <= set(tables.metrics):
        check_features(trained.schema, (), tables.metrics)
    unknown = tuple(name for name in tables.metrics if name not in own)
    return replace(tables, metrics=own), unknown


def _check_features(trained: TrainedReleases, table: FeatureTable) -> None:
    """Raise when a feature is missing, or a number on one side and a text on the other."""
    found = compare_features(trained.schema, table.catalogue, table.metrics)
    if found.missing or found.changed:
        check_features(trained.schema, table.catalogue, table.metrics)


def _record(
    trained: TrainedReleases, tables: RawTables, frame: pl.DataFrame, day: dt.date
) -> dict[str, Any]:
    from upswell._version import __version__

    standings = frame.unique("release")["status"].value_counts().sort("status").to_dicts()
    return {
        "command": "releases score",
        "version": __version__,
        "as_of": day.isoformat(),
        "bundle": {
            "sha256": trained.sha256,
            "as_of": trained.as_of.isoformat(),
            "mature": trained.facts["mature"],
            "base": trained.facts["base"],
            "seed": trained.facts["seed"],
        },
        "releases": frame["release"].n_unique(),
        "horizons": list(trained.config.horizons),
        "step": trained.config.step,
        "rounding": trained.config.rounding,
        "tiers": {
            "names": list(trained.config.tiers.names),
            "bounds": list(trained.config.tiers.bounds),
        },
        "status": {row["status"]: row["count"] for row in standings},
        **tables.origin(),
    }
