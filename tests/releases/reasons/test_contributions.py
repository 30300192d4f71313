"""Contributions sum to what the expert says, whichever learners it has."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from releases.teaching import World
from upswell.releases import score
from upswell.releases.models.lesson import features_of
from upswell.releases.reasons import reasons_of
from upswell.releases.reasons.contributions import contributions_of
from upswell.releases.scoring import ScoredReleases
from upswell.releases.trained import TrainedReleases, load_trained


@pytest.fixture(scope="module")
def scored(world: World, trained: TrainedReleases) -> ScoredReleases:
    return score(trained, signals=world.signals, releases=world.releases)


@pytest.mark.parametrize("whole", [True, False])
def test_they_sum_to_the_expected_log_and_to_the_log_odds(
    trained: TrainedReleases, scored: ScoredReleases, whole: bool
) -> None:
    rows = (scored.table.keys["age"] == 7).to_numpy() == whole
    expert = trained.complete if whole else trained.short
    assert expert is not None
    assert rows.any()
    table = scored.table.take(rows)
    found = contributions_of(expert, table)
    features = features_of(table)
    center = expert.ratio.offset(table)[:, -1] + expert.center.predict(features)[:, -1]
    np.testing.assert_allclose(found.expected, center, atol=1e-9)
    booster = expert.tiers[-1].boosters[-1]
    assert not isinstance(booster, float)
    chance = booster.predict(expert.tiers[-1].encoder.matrix(features), num_threads=1)
    odds = found.odds_baseline + found.odds.sum(axis=1)
    np.testing.assert_allclose(odds, np.log(chance / (1 - chance)), atol=1e-9)


def test_groups_sum_to_the_same(trained: TrainedReleases, scored: ScoredReleases) -> None:
    found = reasons_of(trained, scored)
    sums = found.groups.group_by("release").agg(pl.col("effect", "odds_effect").sum())
    both = found.starts.join(sums, on="release")
    assert both.height == len(scored.table)
    for total, base, effect in (
        ("expected", "baseline", "effect"),
        ("odds", "odds_baseline", "odds_effect"),
    ):
        off = both[total] - both[base] - both[effect]
        assert off.abs().max() < 1e-9
    table = scored.table
    whole = (table.keys["age"] == 7).to_numpy()
    raw = contributions_of(trained.complete, table.take(whole))
    said = dict(found.starts.select("release", "expected").iter_rows())
    names = table.take(whole).keys["release"].to_list()
    np.testing.assert_allclose([said[name] for name in names], raw.expected, atol=1e-9)


def test_a_bundle_that_was_read_says_the_same(
    trained: TrainedReleases, scored: ScoredReleases
) -> None:
    again = load_trained(trained.to_bytes())
    first, second = reasons_of(trained, scored), reasons_of(again, scored)
    assert first.frame.equals(second.frame)
    assert first.alike.equals(second.alike)
