"""Evidence: each past release once, by models of its eve, whatever came later."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest

from releases.deciding.making import money
from releases.teaching import AS_OF, World, make_quick, planted_after
from upswell.releases.deciding.evidence import MOST_TEACHINGS, evidence_kept, spans
from upswell.releases.ground import Ground
from upswell.releases.judging.folds import Fold
from upswell.releases.models.center import CENTER_SPACE
from upswell.releases.models.classifier import CLASSIFIER_SPACE
from upswell.releases.models.space import defaults
from upswell.releases.trained import TrainedReleases, load_trained


def kept_of(ground: Ground) -> dict[str, pl.DataFrame]:
    return evidence_kept(ground, defaults(CENTER_SPACE), defaults(CLASSIFIER_SPACE), seed=0)


@pytest.fixture(scope="module")
def earning(world: World) -> TrainedReleases:
    """What is taught with money on the world, beside rows that were planted after its day."""
    with pytest.MonkeyPatch.context() as patch:
        make_quick(patch)
        return planted_after(world, AS_OF).train(money=money())


@pytest.mark.usefixtures("quick")
def test_evidence_is_the_same_beside_planted_future_rows(
    earning: TrainedReleases, ground: Ground
) -> None:
    kept = earning.kept["evidence"]
    own = kept_of(ground)["evidence"]
    assert kept.filter(pl.col("fold") != "final").equals(own)


def test_every_release_of_a_past_period_stands_once_with_what_it_came_to(
    earning: TrainedReleases, ground: Ground
) -> None:
    kept = earning.kept["evidence"]
    assert set(kept["horizon"]) == {30}
    assert kept["complete"].all()
    assert not kept["release"].is_duplicated().any()
    final = ground.final()
    assert final is not None
    first = ground.folds()[0].first
    inside = ground.complete.keys.filter(pl.col("release_date").is_between(first, final.last))
    known = ground.outcomes.filter(horizon=30)
    expected = inside.join(known, on="release").sort("release")
    assert kept.sort("release")["release"].to_list() == expected["release"].to_list()
    assert kept.sort("release")["actual"].to_list() == pytest.approx(expected["streams"].to_list())
    assert set(kept["fold"]) == {"final", *(span.label for span in spans(ground.folds()))}
    assert kept["window_total"].min() is not None
    assert (kept["log_linear"] >= 0).all()


def test_evidence_travels_in_the_bundle(earning: TrainedReleases, trained: TrainedReleases) -> None:
    again = load_trained(earning.to_bytes())
    assert again.config.money == money()
    assert again.kept["evidence"].equals(earning.kept["evidence"])
    # Without money none is made.
    assert "evidence" not in trained.kept


def test_folds_are_joined_in_time_without_gaps() -> None:
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=7 * week) for week in range(11)]
    folds = [Fold(f"w{k}", day, day + dt.timedelta(days=6)) for k, day in enumerate(days)]
    for count in range(12):
        found = spans(folds[:count])
        assert len(found) == min(count, MOST_TEACHINGS)
        if found:
            assert (found[0].first, found[-1].last) == (folds[0].first, folds[count - 1].last)
        for one, other in pairwise(found):
            assert other.first == one.last + dt.timedelta(days=1)
        assert {span.cutoff for span in found} <= {fold.cutoff for fold in folds}


@pytest.mark.usefixtures("quick")
def test_a_period_without_teachers_gives_no_evidence(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ground.complete.keys["release_date"].min()
    assert isinstance(first, dt.date)
    early = Fold("early", first + dt.timedelta(days=31), first + dt.timedelta(days=60))
    monkeypatch.setattr(Ground, "folds", lambda _: (early,))
    own = replace(ground, eves={**ground.eves, early.cutoff: ground.outcomes.clear()})
    assert kept_of(own) == {}
