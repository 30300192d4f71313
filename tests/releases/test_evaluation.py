"""Evaluation: each period by what was known on its eve, every release once, and sums that agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from releases.teaching import EVALUATION, TIERS, World, make_quick
from upswell.errors import RefusalError
from upswell.releases import evaluate
from upswell.releases.evaluation import EvaluatedReleases, evaluate_ground, predict_fold, teach
from upswell.releases.ground import Ground
from upswell.releases.judging.folds import Fold
from upswell.releases.models.center import CENTER_SPACE
from upswell.releases.models.classifier import CLASSIFIER_SPACE
from upswell.releases.models.space import defaults


@pytest.fixture(scope="module")
def evaluated(world: World) -> EvaluatedReleases:
    with pytest.MonkeyPatch.context() as patch:
        make_quick(patch)
        return evaluate(world.settings(), workers=1)


def test_every_tested_release_stands_once_for_each_horizon_and_kind_of_window(
    evaluated: EvaluatedReleases, ground: Ground
) -> None:
    frame = evaluated.predictions
    assert len(evaluated.folds) >= 2
    keys = ["release", "horizon", "complete"]
    assert frame.select(keys).is_duplicated().sum() == 0
    longest = ground.outcomes.filter(pl.col("horizon") == 30)["release"].to_list()
    for fold in evaluated.folds:
        own = frame.filter(pl.col("fold") == fold.label)
        inside = ground.complete.keys.filter(
            pl.col("release_date").is_between(fold.first, fold.last)
            & pl.col("release").is_in(longest)
        )["release"].to_list()
        assert inside
        for complete in (True, False):
            part = own.filter(pl.col("complete") == complete)
            for horizon in (14, 30):
                named = part.filter(pl.col("horizon") == horizon)["release"].to_list()
                assert sorted(named) == sorted(inside)
        assert own["release_date"].is_between(fold.first, fold.last).all()


def test_the_last_period_is_tested_last_and_opened_once(evaluated: EvaluatedReleases) -> None:
    assert [fold.label for fold in evaluated.folds][-1] == "final"
    assert evaluated.facts["final_test"] == {"opened": 1}
    final = evaluated.folds[-1]
    assert all(fold.last < final.first for fold in evaluated.folds[:-1])


def test_predictions_are_consistent_and_say_what_happened(
    evaluated: EvaluatedReleases, ground: Ground
) -> None:
    frame = evaluated.predictions
    names = [f"probability_{name}" for name in TIERS["names"]]
    np.testing.assert_allclose(frame.select(names).to_numpy().sum(axis=1), 1.0, atol=1e-12)
    joined = frame.join(
        ground.outcomes.select("release", "horizon", "streams"), on=["release", "horizon"]
    )
    assert len(joined) == len(frame)
    np.testing.assert_allclose(joined["actual"], joined["streams"], rtol=1e-9, atol=1e-6)
    assert (frame["age"] == 7).equals(frame["complete"])
    short = frame.filter(~pl.col("complete"))
    assert short["codes"].str.contains("short-window").all()


def test_the_scorecard_says_what_the_predictions_give(evaluated: EvaluatedReleases) -> None:
    frame = evaluated.predictions.filter("complete")
    card = evaluated.scorecard.regression
    labels = {"all": pl.col("fold") != "final", "final": pl.col("fold") == "final"}
    seen = labels["all"] & pl.col("artist_seen")
    unseen = labels["all"] & ~pl.col("artist_seen")
    models = card.filter(pl.col("model") == pl.col("model").first())
    scopes = set(card["scope"])
    assert {"all", "final"} <= scopes
    checked = 0
    for horizon in (14, 30):
        counts = {}
        for scope, which in {**labels, "seen": seen, "unseen": unseen}.items():
            own = frame.filter(which & (pl.col("horizon") == horizon))
            row = models.filter((pl.col("scope") == scope) & (pl.col("horizon") == horizon))
            if row.is_empty():
                continue
            counts[scope] = row["count"][0]
            assert row["count"][0] == len(own)
            gap = np.log1p(own["q50"].to_numpy()) - np.log1p(own["actual"].to_numpy())
            assert row["rmsle"][0] == pytest.approx(np.sqrt(np.mean(gap**2)))
            checked += 1
        if {"seen", "unseen"} <= set(counts):
            assert counts["seen"] + counts["unseen"] == counts["all"]
    assert checked >= 4


def test_an_artist_is_seen_when_an_earlier_release_of_the_same_artist_taught(
    evaluated: EvaluatedReleases, ground: Ground
) -> None:
    fold = evaluated.folds[0]
    lesson = ground.lesson(ground.complete, fold)
    taught = set(lesson.table.keys["artist"].drop_nulls())
    own = evaluated.predictions.filter(
        (pl.col("fold") == fold.label) & pl.col("complete") & (pl.col("horizon") == 30)
    ).join(ground.complete.keys.select("release", "artist"), on="release")
    assert own["artist_seen"].to_list() == [artist in taught for artist in own["artist"]]
    assert own["artist_seen"].sum() > 0


@pytest.mark.usefixtures("quick")
def test_a_period_without_teachers_is_passed_over_and_named(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    final = ground.final()
    assert final is not None
    first = ground.complete.keys["release_date"].min()
    assert isinstance(first, dt.date)
    early = Fold("early", first + dt.timedelta(days=31), first + dt.timedelta(days=60))
    monkeypatch.setattr(Ground, "folds", lambda _: (early,))
    own = replace(ground, eves={**ground.eves, early.cutoff: ground.outcomes.clear()})
    settings = defaults(CENTER_SPACE), defaults(CLASSIFIER_SPACE)
    found = evaluate_ground(own, *settings, seed=0)
    assert found.facts["folds_without_teachers"] == ["early"]
    assert [fold.label for fold in found.folds] == ["final"]
    assert set(found.predictions["fold"]) == {"final"}
    monkeypatch.setattr(Ground, "final", lambda _: None)
    with pytest.raises(RefusalError) as caught:
        evaluate_ground(own, *settings, seed=0)
    assert caught.value.code == "no-fold"


@pytest.mark.usefixtures("quick")
def test_a_release_is_predicted_as_if_it_were_alone_in_its_period(ground: Ground) -> None:
    fold = ground.final()
    assert fold is not None
    taught = teach(ground, fold, defaults(CENTER_SPACE), defaults(CLASSIFIER_SPACE), seed=0)
    whole, beside = predict_fold(ground, fold, taught)
    assert beside.height == whole.height
    assert beside["release"].to_list() == whole["release"].to_list()
    one = Fold(fold.label, fold.last - dt.timedelta(days=20), fold.last)
    part, _ = predict_fold(ground, one, taught)
    assert 0 < part.height < whole.height
    same = whole.join(part.select("release").unique(), on="release", how="semi")
    assert same.equals(part)


@pytest.mark.usefixtures("quick")
def test_the_same_tables_and_seed_give_the_same_predictions(
    world: World, evaluated: EvaluatedReleases
) -> None:
    last = evaluated.folds[-1]
    again = evaluate(
        world.settings(evaluation={**EVALUATION, "first": last.cutoff - dt.timedelta(days=9)}),
        workers=2,
    )
    assert len(again.folds) <= 2
    for fold in again.folds:
        own = pl.col("fold") == fold.label
        if fold in evaluated.folds:
            assert again.predictions.filter(own).equals(evaluated.predictions.filter(own))
    assert again.folds[-1] == last
