"""Reasons of what was scored, from the bundle that scored it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from upswell.releases.frames import FeatureTable
from upswell.releases.models.expert import Expert
from upswell.releases.reasons.effects import Effects, effects_of
from upswell.releases.reasons.lookalikes import lookalikes_of
from upswell.releases.reasons.naming import named_reasons
from upswell.releases.reasons.result import Reasons
from upswell.releases.reasons.usual import COMPLETE, SHORT, Usual

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.scoring import ScoredReleases
    from upswell.releases.trained import TrainedReleases

__all__ = ["MOST", "reasons_of", "with_reasons"]

MOST = 3
"""Reasons of a release beside its start."""


def reasons_of(trained: TrainedReleases, scored: ScoredReleases, *, most: int = MOST) -> Reasons:
    """Return why each scored release is said to come to what it is said to come to.

    Explained are the expected log streams at the longest horizon and the log odds of the highest
    tier, by the Shapley values of the trees; see `upswell.releases.reasons.contributions`. Effects
    of features are summed by theme. The size of the first days, in the first metric of the signals,
    and the platform of those days are where an answer starts; the others are ranked by how far they
    move it from what releases of that size and those days come to.

    Parameters
    ----------
    trained
        The bundle.
    scored
        What it said.
    most
        Reasons of a release beside its start; those that move it by less than 2% are not named.

    Returns
    -------
    Reasons
        In the order of the scores.

    Raises
    ------
    ColumnError
        When a feature is missing or of another kind than in training.
    """
    import polars as pl

    table, window = scored.table, trained.config.window
    whole = table.keys["age"].to_numpy() == window
    kept = trained.kept.get("usual")
    parts = []
    for kind, expert, rows in (
        (COMPLETE, trained.complete, whole),
        (SHORT, trained.short, ~whole),
    ):
        if expert is not None and rows.any():
            usual = None if kept is None else Usual.of(kept, kind, window)
            parts.append(_of_kind(expert, table.take(rows), usual, window, most))
    order = scored.frame.select("release").unique(maintain_order=True).with_row_index("#place")
    frame, groups, starts, alike = (
        found.join(order, on="release", how="left", maintain_order="left")
        .sort("#place", maintain_order=True)
        .drop("#place")
        for found in (
            *(pl.concat([part[place] for part in parts]) for place in range(3)),
            lookalikes_of(trained, scored),
        )
    )
    missing = {"no-usual": kept is None, "no-alike": "alike" not in trained.kept}
    codes = tuple(code for code, said in missing.items() if said)
    return Reasons(frame, groups, starts, alike, codes)


def with_reasons(trained: TrainedReleases, scored: ScoredReleases) -> ScoredReleases:
    """Return what was scored with its reasons, which the record counts."""
    found = reasons_of(trained, scored)
    told = {"rows": found.frame.height, "alike": found.alike.height, "codes": list(found.codes)}
    return replace(scored, reasons=found, record={**scored.record, "reasons": told})


def _of_kind(
    expert: Expert, table: FeatureTable, usual: Usual | None, window: int, most: int
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return reasons, groups and starts of releases with one kind of window."""
    found = effects_of(expert, table, usual)
    frame = named_reasons(found, table, expert.ratio.base, usual, window=window, most=most)
    return frame, *_sums(found, table.keys["release"])


def _sums(found: Effects, releases: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the effects of all themes, and what they start from and sum to."""
    import polars as pl

    effects, odds = found.by_theme(found.each), found.by_theme(found.odds)
    count, themes = len(releases), found.themes
    places = pl.Series(np.repeat(np.arange(count), len(themes)), dtype=pl.UInt32)
    groups = pl.DataFrame(
        {
            "release": releases[places],
            "group": pl.Series(list(themes) * count, dtype=pl.String),
            "effect": effects.ravel(),
            "odds_effect": odds.ravel(),
        }
    )
    starts = pl.DataFrame(
        {
            "release": releases,
            "baseline": np.full(count, found.baseline),
            "expected": found.baseline + effects.sum(axis=1),
            "odds_baseline": np.full(count, found.odds_baseline),
            "odds": found.odds_baseline + odds.sum(axis=1),
        }
    )
    return groups, starts
