"""Look-alikes: the nearest mature releases, never the release itself, never the future."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from releases.teaching import AS_OF, World, ground_of, planted_after
from upswell.releases import score
from upswell.releases.reasons import lookalikes_of
from upswell.releases.reasons.lookalikes import _ranked
from upswell.releases.reasons.training import reasons_kept
from upswell.releases.trained import TrainedReleases


def test_they_were_mature_when_the_bundle_was_made(world: World, trained: TrainedReleases) -> None:
    scored = score(trained, signals=world.signals, releases=world.releases)
    found = lookalikes_of(trained, scored)
    assert (found["release"] != found["other"]).all()
    assert (found["release_date"] + dt.timedelta(days=29) <= AS_OF).all()
    per = found.group_by("release", maintain_order=True).agg(
        pl.col("rank"), pl.col("distance"), pl.col("other")
    )
    assert per.height == len(scored.table)
    for row in per.to_dicts():
        assert row["rank"] == [1, 2, 3, 4, 5]
        assert row["distance"] == sorted(row["distance"])
        assert len(set(row["other"])) == 5


def test_they_show_their_own_days_and_outcomes(world: World, trained: TrainedReleases) -> None:
    scored = score(trained, signals=world.signals, releases=world.releases, since="2025-05-01")
    found = lookalikes_of(trained, scored)
    known = trained.memory.records.filter(pl.col("horizon") == 30).sort("known")
    streams = dict(known.select("release", "streams").iter_rows())
    for row in found.head(40).to_dicts():
        assert row["outcome"] == pytest.approx(streams[row["other"]], rel=1e-5)
        tier = "low" if row["outcome"] < 3_000 else "middle" if row["outcome"] < 30_000 else "hit"
        assert row["tier"] == tier


def test_as_of_an_earlier_day_none_is_known_later(world: World, trained: TrainedReleases) -> None:
    day = dt.date(2024, 9, 30)
    scored = score(trained, signals=world.signals, releases=world.releases, as_of=day)
    found = lookalikes_of(trained, scored)
    assert found.height
    assert (found["release_date"] + dt.timedelta(days=29) <= day).all()


def test_what_happens_later_changes_nothing_that_is_kept(
    world: World, trained: TrainedReleases
) -> None:
    ground = ground_of(planted_after(world, AS_OF))
    again = reasons_kept(ground, trained.complete, trained.short)
    for name in ("usual", "alike"):
        assert again[name].equals(trained.kept[name])


def test_a_twin_is_the_nearest(world: World, trained: TrainedReleases) -> None:
    scored = score(trained, signals=world.signals, releases=world.releases)
    kept = trained.kept["alike"]
    name = kept["release"][-1]
    # The same release under another name is as near as can be.
    renamed = kept.with_columns(
        pl.when(pl.col("release") == name)
        .then(pl.lit("twin"))
        .otherwise("release")
        .alias("release")
    )
    other = replace(trained, kept={**trained.kept, "alike": renamed})
    first = lookalikes_of(other, scored).filter((pl.col("release") == name) & (pl.col("rank") == 1))
    assert first["other"].item() == "twin"
    assert first["distance"].item() < 1e-3


def test_ranks_are_those_of_brute_force() -> None:
    rng = np.random.default_rng(0)
    seen, others = rng.normal(size=(40, 6)), rng.normal(size=(90, 6))
    selves = np.where(np.arange(40) % 3 == 0, np.arange(40), -1)
    found, distances = _ranked(seen, others, selves, 5)
    for row in range(40):
        far = np.sqrt(((others - seen[row]) ** 2).sum(axis=1))
        if selves[row] >= 0:
            far[selves[row]] = np.inf
        best = np.argsort(far)[:5]
        assert found[row].tolist() == best.tolist()
        np.testing.assert_allclose(distances[row], far[best], atol=1e-9)
