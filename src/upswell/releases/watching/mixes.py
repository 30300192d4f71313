"""Drift of the mix of artists, and of the outcome ratio as outcomes arrive."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureNote, FeatureTable
from upswell.releases.watching.drift import Drift, held_against, latest, untold
from upswell.releases.watching.reference import DATE, RATIO, day_numbers

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.trained import TrainedReleases

__all__ = ["artist_drift", "ratio_drift"]

_NEW = FeatureNote("artist_unknown", "artists", "No mature release of the artist was known.")
_RATIO = FeatureNote("outcome_ratio", "outcomes", "Outcome over window total.")


def artist_drift(trained: TrainedReleases, table: FeatureTable, spans: tuple[int, ...]) -> Drift:
    """Hold the share of artists that the bundle does not know against that of earlier weeks.

    An earlier release counts as by an unknown artist when none of the artist's releases was mature
    as long before it as the bundle's last day lies before the batch.
    """
    import polars as pl

    batch = latest(table, spans)
    if not len(batch):
        return untold("too-few-releases", batch)
    records = trained.memory.records.drop_nulls("artist").unique(
        ["release"], keep="first", maintain_order=True
    )
    known = records.group_by("artist").agg(pl.col("closed").min())
    days = day_numbers(batch.keys["release_date"])
    lag = int(np.median(days)) - (trained.as_of - dt.date(1970, 1, 1)).days
    past = records.join(known, on="artist", suffix="_first", maintain_order="left")
    dates = day_numbers(past["release_date"])
    unknown = dates - lag < day_numbers(past["closed_first"])
    seen = set(known["artist"].to_list())
    artists = batch.keys["artist"].to_list()
    rows = np.flatnonzero([artist is not None for artist in artists])
    new = np.array([artists[row] not in seen for row in rows.tolist()])
    found = held_against(
        pl.DataFrame({_NEW.name: unknown}),
        dates,
        pl.DataFrame({_NEW.name: new}),
        batch.take(rows),
        {_NEW.name: _NEW},
    )
    return _said(
        found,
        f"{_mean(new):.0%} of {found.releases} releases are by artists that the bundle does not "
        f"know; of earlier ones {_mean(unknown):.0%} were",
    )


def ratio_drift(
    trained: TrainedReleases,
    table: FeatureTable,
    outcomes: pl.DataFrame,
    spans: tuple[int, ...],
) -> Drift:
    """Hold outcomes over window totals against those of the reference, as outcomes arrive."""
    import polars as pl

    reference = trained.kept.get("reference")
    own = outcomes.filter(horizon=trained.config.horizons[-1]).select("release", "streams")
    whole = table.take(table.keys["age"].to_numpy() == trained.config.window)
    known = whole.keys.join(own, on="release", how="left", maintain_order="left")["streams"]
    rows = np.flatnonzero(known.is_not_null().to_numpy())
    batch = latest(whole.take(rows), spans)
    if reference is None:
        return untold("no-reference", batch)
    streams = batch.keys.join(own, on="release", how="left", maintain_order="left")["streams"]
    total = batch.window_total(trained.facts["base"])
    ratio = np.log1p(streams.cast(pl.Float64).to_numpy()) - np.log1p(np.maximum(total, 0.0))
    found = held_against(
        reference.select(pl.col(RATIO).alias(_RATIO.name)),
        day_numbers(reference[DATE]),
        pl.DataFrame({_RATIO.name: ratio}),
        batch,
        {_RATIO.name: _RATIO},
    )
    if found.code == "too-few-releases":
        return replace(found, sentence="too few releases with a known outcome to tell")
    usual = float(reference[RATIO].cast(pl.Float64).median() or 0.0)  # type: ignore[arg-type]
    factor = float(np.exp(np.median(ratio) - usual)) if ratio.size else 1.0
    return _said(
        found, f"outcomes over window totals are {factor:.2f} times those of the reference"
    )


def _said(found: Drift, sentence: str) -> Drift:
    """Return what was found with a sentence of its own, where anything could be told."""
    if found.code not in {"drifted", "no-drift"}:
        return found
    beside = f"{found.blocks} earlier blocks of weeks"
    return replace(found, sentence=f"{sentence}; p = {found.p_value:.2g} beside {beside}")


def _mean(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if flags.size else 0.0
