"""An audit of a small simulated world, from its tables to its table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl
import pytest

from releases.teaching import World, ground_of, planted_after
from upswell.errors import RefusalError, SettingError
from upswell.releases import audit
from upswell.releases.auditing import AuditedReleases, run
from upswell.releases.auditing.learner import lean_learner
from upswell.releases.auditing.periods import periods_of
from upswell.releases.ground import Ground
from upswell.releases.judging import rows_that_teach, rows_to_test

FEW = {"seeds": 2, "quick": True, "workers": 1}


@pytest.fixture(scope="module")
def few_trees() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "QUICK_TREES", 4)
        yield


@pytest.fixture
def few_subjects(few_trees: None, monkeypatch: pytest.MonkeyPatch) -> None:
    del few_trees
    few = partial(run.audit_tables, only={"views", "drop"})
    monkeypatch.setattr(run, "audit_tables", few)


@pytest.fixture(scope="module")
def audited(world: World, few_trees: None) -> AuditedReleases:
    del few_trees
    return audit(world.settings(), **FEW)


def test_periods_are_the_rolling_folds_and_only_what_was_mature_teaches(ground: Ground) -> None:
    periods = periods_of(ground)
    folds = {fold.label: fold for fold in ground.folds()}
    final = ground.final()
    assert final is not None
    longest = ground.horizons[-1]
    for period in periods:
        fold = folds[period.label]
        keys = ground.complete.keys
        taught = rows_that_teach(keys, ground.outcomes, fold, longest)
        tested = rows_to_test(keys, fold, ground.outcomes, longest)
        logs = ground.log_outcomes(ground.complete)[:, -1]
        np.testing.assert_allclose(period.logs, logs[taught])
        np.testing.assert_allclose(period.truth, logs[tested])
        days = keys["release_date"].to_list()
        assert all(days[row] < final.first for row in tested)
        mondays = [days[row] - dt.timedelta(days=days[row].weekday()) for row in tested]
        same = [(a == b) == (x == y) for a, x in zip(mondays, period.weeks, strict=True)
                for b, y in zip(mondays, period.weeks, strict=True)]  # fmt: skip
        assert all(same)


def test_each_subject_is_judged_by_each_measure(audited: AuditedReleases) -> None:
    frame = audited.frame
    assert frame["measure"].unique(maintain_order=True).to_list() == [
        "rmsle",
        "hit_recall",
        "cost",
    ]
    subjects = frame["subject"].unique(maintain_order=True).to_list()
    assert frame.height == 3 * len(subjects)
    assert {"views", "likes", "creators", "track record", "calendar"} <= set(subjects)
    assert subjects[-3:] == ["clip", "drop", "raw"]
    assert set(frame["verdict"]) <= {"helps", "hurts", "unclear"}
    rules = frame.filter(pl.col("kind") == "cleaning")
    assert rules["features"].is_null().all()
    assert frame.filter(pl.col("subject") == "raw")["over_random"].is_null().all()


def test_it_says_how_it_was_made(audited: AuditedReleases, ground: Ground) -> None:
    facts = audited.facts
    assert [each["label"] for each in facts["periods"]] == [each.label for each in ground.folds()]
    assert facts["releases"] == sum(each["releases"] for each in facts["periods"])
    assert (facts["seeds"], facts["base"], facts["quick"]) == (2, ground.base, True)
    assert facts["scores"]["rmsle"]["constant_ratio"] > 0
    assert facts["sources"]


def test_an_audit_is_the_same_bit_for_bit_however_many_work(
    world: World, audited: AuditedReleases, few_subjects: None
) -> None:
    del few_subjects
    one, two = (audit(world.settings(), **{**FEW, "workers": count}) for count in (1, 2))
    assert one.record() == two.record()
    assert one.frame.equals(two.frame, null_equal=True)
    # What one subject is found to gain does not hang on which others are audited.
    whole = {(row["subject"], row["measure"]): row for row in audited.frame.to_dicts()}
    for row in one.frame.to_dicts():
        assert row["gain"] == whole[row["subject"], row["measure"]]["gain"]


def test_nothing_of_the_last_period_or_later_is_read(world: World, ground: Ground) -> None:
    final = ground.final()
    assert final is not None
    as_of = ground.as_of
    bent = planted_after(world, as_of)
    # Releases of the last period came to something else altogether.
    late = world.releases.filter(pl.col("release_date") >= final.first)["release"].implode()
    outcomes = bent.outcomes.with_columns(
        streams=pl.when(pl.col("release").is_in(late)).then(7).otherwise(pl.col("streams"))
    )
    other = ground_of(replace(bent, outcomes=outcomes), as_of=as_of)
    one, two = (periods_of(each) for each in (ground, other))
    for before, after in zip(one, two, strict=True):
        np.testing.assert_array_equal(before.logs, after.logs)
        np.testing.assert_array_equal(before.truth, after.truth)
        for name in ("taught", "asked", "taught_offset", "asked_offset"):
            np.testing.assert_array_equal(
                getattr(before.views[0], name), getattr(after.views[0], name)
            )


def test_the_only_metric_cannot_be_left_out(world: World, few_subjects: None) -> None:
    del few_subjects
    one = {"source": world.signals, "metrics": ["views"]}
    found = audit(world.settings(signals=one), **FEW)
    assert found.facts["left_out"] == [{"subject": "views", "why": "it is the only metric"}]
    assert "views" not in found.frame["subject"].to_list()


@pytest.mark.parametrize("seeds", [1, 0, -3, 1001, True, 2.5])
def test_seeds_whose_spread_cannot_be_seen_are_refused(world: World, seeds: int) -> None:
    with pytest.raises(SettingError, match="seeds"):
        audit(world.settings(), seeds=seeds)


def test_too_short_a_history_is_refused(world: World) -> None:
    first = world.releases["release_date"].drop_nulls().min()
    early = world.until(first + dt.timedelta(days=75))  # type: ignore[operator]
    with pytest.raises(RefusalError) as caught:
        audit(early.settings(as_of=first + dt.timedelta(days=75)), **FEW)  # type: ignore[operator]
    assert caught.value.code in {"no-fold", "too-few-mature", "no-mature-release"}


def test_the_lean_learner_learns_and_stands_by_its_seed() -> None:
    rng = np.random.default_rng(1)
    taught = rng.standard_normal((300, 4))
    target = taught[:, 0] + 0.1 * rng.standard_normal(300)
    learner = lean_learner(60)
    said = learner(taught, target, taught, 1)
    assert np.corrcoef(said, target)[0, 1] > 0.8
    assert (learner(taught, target, taught, 1) == said).all()
    assert (learner(taught, target, taught, 2) != said).any()
    assert (learner(taught, np.ones(300), taught, 1) == 1.0).all()
