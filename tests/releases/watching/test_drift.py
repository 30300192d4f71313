"""Drift of signals: what is looked at, what is named, and when nothing can be told."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import polars as pl
import pytest

from releases.teaching import AS_OF, World
from releases.watching.making import light_world
from upswell.releases import score
from upswell.releases.ground import Ground
from upswell.releases.scoring import ScoredReleases
from upswell.releases.trained import TrainedReleases, load_trained
from upswell.releases.watching.drift import DRIFT_CODES, drift_of
from upswell.releases.watching.reference import DATE, MOST_ROWS, RATIO, TOTAL, reference_kept

PAST, NOW = range(100), range(104, 105)


def test_a_signal_that_moved_is_named_with_its_group_and_direction() -> None:
    world = light_world(0)
    table = world.table(NOW)
    moved = table.features.with_columns(pl.col("signal_6") - 5.0)
    found = drift_of(world.bundle(PAST), replace(table, features=moved))
    assert (found.code, found.drifted) == ("drifted", True)
    assert found.frame["feature"][0] == "signal_6"
    assert found.frame["statistic"][0] != 0
    assert "likes: signal_6 is l" in found.sentence
    assert set(found.frame.filter("drifted")["feature"]) == {"signal_6"}
    calm = drift_of(world.bundle(PAST), table)
    assert calm.code == "no-drift"
    assert calm.sentence.startswith("like those of earlier weeks: no feature stands out beside ")


def test_missing_signals_are_drift_too() -> None:
    world = light_world(0)
    table = world.table(NOW)
    gone = table.features.with_columns(signal_2=pl.lit(None, dtype=pl.Float64))
    found = drift_of(world.bundle(PAST), replace(table, features=gone))
    assert "signal_2 is missing more often" in found.sentence


def test_what_cannot_be_told_is_no_drift_and_says_why() -> None:
    world = light_world(0)
    table = world.table(NOW)
    bare = cast("TrainedReleases", SimpleNamespace(kept={}, config=SimpleNamespace(window=7)))
    few = table.take(np.arange(3))
    short = replace(table, keys=table.keys.with_columns(age=pl.lit(3, dtype=pl.Int64)))
    for bundle, batch, code in (
        (bare, table, "no-reference"),
        (world.bundle(PAST), few, "too-few-releases"),
        (world.bundle(PAST), short, "too-few-releases"),
        (world.bundle(range(70, 100)), table, "too-few-weeks"),
        (world.bundle(range(104, 105)), table, "too-few-weeks"),
    ):
        found = drift_of(bundle, batch)
        assert (found.code, found.drifted, found.p_value) == (code, False, 1.0)
        assert found.sentence == DRIFT_CODES[code]
        assert found.frame.height == 0


def test_a_thin_week_is_looked_at_together_with_those_before_it() -> None:
    world = light_world(0)
    weeks = world.table(range(101, 105))
    rows = np.flatnonzero(np.arange(len(weeks)) % 7 == 0)
    found = drift_of(world.bundle(PAST), weeks.take(rows))
    assert found.releases == 9
    assert found.first is not None
    assert found.last is not None
    assert (found.last - found.first).days == 7
    assert drift_of(world.bundle(PAST), weeks).releases == 30


@pytest.fixture(scope="module")
def scored(world: World, trained: TrainedReleases) -> ScoredReleases:
    return score(trained, signals=world.signals, releases=world.releases, since=AS_OF)


def test_a_training_keeps_what_its_mature_releases_were_like(
    ground: Ground, trained: TrainedReleases
) -> None:
    frame = trained.kept["reference"]
    assert frame.equals(reference_kept(ground)["reference"])
    assert 0 < frame.height <= MOST_ROWS
    names = set(frame.columns)
    assert {DATE, TOTAL, RATIO, "views_log_total"} <= names
    assert "genre" not in names
    assert not names & {"release_month", "artist_no_history", "recent_56_days_mean_log_ratio_14"}
    assert frame[RATIO].is_finite().all()
    assert frame[DATE].is_sorted()
    # Nothing of a release whose outcome was still open.
    assert (AS_OF - frame[DATE].max()).days >= 29  # type: ignore[operator]
    again = load_trained(trained.to_bytes())
    assert again.kept["reference"].equals(frame)


def test_scored_releases_can_be_held_against_the_bundle(
    trained: TrainedReleases, scored: ScoredReleases
) -> None:
    found = drift_of(trained, scored.table)
    assert found.code in {"no-drift", "drifted"}
    assert found.releases >= 8
    likes = [name for name in scored.table.features.columns if name.startswith("likes_log")]
    more = scored.table.features.with_columns(pl.col(likes) + 4.0)
    moved = drift_of(trained, replace(scored.table, features=more))
    assert moved.drifted
    assert "likes" in moved.sentence
