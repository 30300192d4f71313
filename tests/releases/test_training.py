"""Training: nothing from the future, nothing of the final test, and the same bytes each time."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from releases.teaching import AS_OF, World, contents, ground_of, planted_after
from upswell.errors import RefusalError, SettingError
from upswell.releases.choosing import Chosen, tuned
from upswell.releases.evaluation import Taught, predict_fold, teach
from upswell.releases.ground import Ground
from upswell.releases.judging.folds import Fold
from upswell.releases.models.center import CENTER_SPACE
from upswell.releases.models.classifier import CLASSIFIER_SPACE
from upswell.releases.models.space import defaults
from upswell.releases.trained import TrainedReleases

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture(scope="module")
def early(world: World) -> World:
    """What was known on the as-of day, and nothing else."""
    return world.until(AS_OF)


def assert_same_model(one: TrainedReleases, other: TrainedReleases) -> None:
    entries, facts = contents(one)
    others, other_facts = contents(other)
    assert facts == other_facts
    assert sorted(entries) == sorted(others)
    for name, data in entries.items():
        assert data == others[name], name


def test_a_model_trained_beside_planted_future_rows_is_identical(
    world: World, trained: TrainedReleases
) -> None:
    assert_same_model(planted_after(world, AS_OF).train(), trained)


def test_a_tuned_model_beside_planted_future_rows_is_identical(early: World, world: World) -> None:
    assert len(early.signals) < len(world.signals)
    one = early.train(trials=2, evaluation={"final_days": 0})
    assert len(one.studies) == 2
    other = planted_after(world, AS_OF).train(trials=2, workers=2, evaluation={"final_days": 0})
    assert_same_model(one, other)


def test_rows_planted_up_to_the_day_do_change_what_is_taught(world: World, ground: Ground) -> None:
    planted = ground_of(planted_after(world, AS_OF - dt.timedelta(days=1)))
    one, other = (g.lesson(g.complete, None) for g in (ground, planted))
    assert one.table.keys.equals(other.table.keys)
    assert not np.array_equal(one.log_outcomes, other.log_outcomes)


def test_the_same_tables_and_seed_give_the_same_bytes_with_any_number_of_workers(
    world: World, trained: TrainedReleases
) -> None:
    assert world.train(workers=2).to_bytes() == trained.to_bytes()


def before_final(
    ground: Ground, folder: Path
) -> tuple[Fold, Chosen, tuple[Taught, ...], pl.DataFrame]:
    """Return all that is made before the final test is opened, and what it says."""
    final = ground.final()
    assert final is not None
    lesson = ground.lesson(ground.complete, final)
    chosen = tuned(
        lesson,
        ground,
        2,
        0,
        folder,
        timeout=None,
        resume=False,
        workers=1,
        told=lambda *_: None,
    )
    taught = teach(ground, final, chosen.center, chosen.tiers, seed=0)
    return final, chosen, taught, predict_fold(ground, final, taught)[0]


def test_nothing_of_the_last_period_reaches_what_is_tested_in_it(
    world: World, ground: Ground, tmp_path: Path
) -> None:
    final, chosen, taught, said = before_final(ground, tmp_path / "one")
    inside = world.releases.filter(pl.col("release_date").is_between(final.first, final.last))
    own = pl.col("release").is_in(inside["release"].to_list())
    absurd = World(
        world.releases,
        world.signals,
        world.outcomes.with_columns(
            streams=pl.when(own).then(pl.col("streams") * 1_000 + 7).otherwise("streams")
        ),
    )
    other_final, other_chosen, others, other_said = before_final(
        ground_of(absurd), tmp_path / "two"
    )
    assert other_final == final
    assert dict(other_chosen.center) == dict(chosen.center)
    assert dict(other_chosen.tiers) == dict(chosen.tiers)
    for one, other in zip(taught, others, strict=True):
        assert one.expert.entries("x") == other.expert.entries("x")
    # No outcome of the period was known at the gates of its first days.
    first = pl.col("release_date") <= final.first + dt.timedelta(days=6)
    judged = said.filter(first)
    assert judged.height >= 8
    assert judged.drop("actual").equals(other_said.filter(first).drop("actual"))
    assert not judged.equals(other_said.filter(first))


def test_outcomes_that_became_known_after_the_cutoff_do_not_teach_the_final_test(
    world: World, ground: Ground
) -> None:
    final = ground.final()
    assert final is not None
    old = world.releases.filter(pl.col("release_date") < final.first - dt.timedelta(days=60))
    late = old.select(
        "release",
        date="release_date",
        streams=pl.lit(10_000_000, dtype=pl.Int64),
        known=pl.lit(final.first),
    ).drop_nulls()
    other = ground_of(world.plus(outcomes=late))
    assert other.final() == final
    one, two = (g.lesson(g.complete, final) for g in (ground, other))
    assert len(one.table) > 100
    assert one.table.keys.equals(two.table.keys)
    assert np.array_equal(one.log_outcomes, two.log_outcomes, equal_nan=True)
    # They do teach what is trained on the as-of day.
    one, two = (g.lesson(g.complete, None) for g in (ground, other))
    assert not np.array_equal(one.log_outcomes, two.log_outcomes, equal_nan=True)


def test_only_mature_releases_teach_each_lesson_and_each_inner_fold(ground: Ground) -> None:
    longest = dt.timedelta(days=ground.horizons[-1] - 1)
    assert ground.short is not None
    for fold in (*ground.folds(), ground.final(), None):
        cutoff = AS_OF if fold is None else fold.cutoff
        for table in (ground.complete, ground.short):
            try:
                lesson = ground.lesson(table, fold)
            except RefusalError:
                continue
            days = lesson.table.keys["release_date"].to_list()
            assert all(day + longest <= cutoff for day in days)
            assert np.isfinite(lesson.log_outcomes).all()
            for inner in lesson.folds:
                first = min(days[row] for row in inner.test)
                assert all(days[row] + longest < first for row in inner.train)
                assert not set(inner.train) & set(inner.test)


def test_facts_are_json_and_say_how_the_model_was_made(
    world: World, trained: TrainedReleases
) -> None:
    facts = json.loads(json.dumps(dict(trained.facts), allow_nan=False))
    assert facts["seed"] == 0
    assert facts["trials"] == 0
    assert facts["settings"]["streams"] == defaults(CENTER_SPACE)
    assert facts["settings"]["tiers"] == defaults(CLASSIFIER_SPACE)
    last = AS_OF - dt.timedelta(days=29)
    mature = world.releases.filter(pl.col("release_date") <= last)
    told = set(world.outcomes["release"])
    assert facts["mature"] == sum(name in told for name in mature["release"])
    assert facts["final_test"]["opened"] == 1
    assert facts["scorecard"] is not None
    assert [source["rows"] for source in facts["sources"]] == [
        len(world.releases),
        len(world.signals),
        len(world.outcomes),
    ]


@pytest.mark.parametrize("wrong", [{"trials": -1}, {"seed": -1}, {"seed": True}])
def test_numbers_that_make_no_sense_are_refused(world: World, wrong: dict[str, int]) -> None:
    with pytest.raises(SettingError):
        world.train(**wrong)  # type: ignore[arg-type]
