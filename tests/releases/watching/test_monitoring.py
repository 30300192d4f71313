"""Monitoring a real small bundle: what came after it, and nothing from before or the future."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from releases.teaching import AS_OF, World
from upswell.errors import ColumnError, RefusalError
from upswell.releases import monitor, score
from upswell.releases.trained import TrainedReleases
from upswell.releases.watching.monitoring import MonitoredReleases

LATER = AS_OF + dt.timedelta(days=64)


def _monitored(world: World, trained: TrainedReleases, **given: object) -> MonitoredReleases:
    return monitor(
        trained,
        signals=world.signals,
        outcomes=world.outcomes,
        releases=world.releases,
        **given,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def found(world: World, trained: TrainedReleases) -> MonitoredReleases:
    return _monitored(world, trained, as_of=LATER)


def test_only_what_came_after_the_bundle_counts(found: MonitoredReleases) -> None:
    assert found.past["release_date"].min() > AS_OF  # type: ignore[operator]
    # Outcomes that had closed by the day.
    assert found.past["release_date"].max() <= LATER - dt.timedelta(days=29)  # type: ignore[operator]
    assert found.past["horizon"].unique().to_list() == [30]
    assert found.record["outcomes"] == found.past.height > 5


def test_scores_are_those_of_the_bundle_as_of_each_gate(
    world: World, trained: TrainedReleases, found: MonitoredReleases
) -> None:
    said = score(trained, signals=world.signals, releases=world.releases, as_of=LATER).frame
    own = found.past.join(said.filter(horizon=30), on="release", suffix="_said")
    assert own.height == found.past.height
    assert own["q50"].to_list() == own["q50_said"].to_list()


def test_what_came_later_changes_nothing(
    world: World, trained: TrainedReleases, found: MonitoredReleases
) -> None:
    again = _monitored(world.until(LATER), trained)
    assert again.past.equals(found.past)
    assert again.drift.equals(found.drift)
    assert again.tests == found.tests


def test_past_scores_take_the_place_of_new_ones(
    world: World, trained: TrainedReleases, found: MonitoredReleases
) -> None:
    said = score(trained, signals=world.signals, releases=world.releases, as_of=LATER).frame
    twice = said.with_columns(pl.col("q05", "q10", "q50", "q90", "q95") * 2)
    other = _monitored(world, trained, as_of=LATER, scores=twice)
    assert other.past["q50"].to_list() == [2 * value for value in found.past["q50"].to_list()]
    assert other.past["actual"].to_list() == found.past["actual"].to_list()
    assert other.drift.equals(found.drift)


def test_a_bundle_with_nothing_after_it_is_refused(world: World, trained: TrainedReleases) -> None:
    with pytest.raises(RefusalError) as caught:
        _monitored(world, trained, as_of=AS_OF)
    assert caught.value.code == "nothing-to-score"
    assert f"whose last day is {AS_OF}" in caught.value.what
    # A monitoring has no --since that could be given.
    assert "--since" not in str(caught.value)


def test_past_scores_of_earlier_releases_are_said_to_speak_of_none(
    world: World, trained: TrainedReleases
) -> None:
    said = score(trained, signals=world.signals, releases=world.releases, as_of=AS_OF).frame
    found = _monitored(world, trained, as_of=LATER, scores=said)
    assert (found.record["told"], found.record["outcomes"]) == (0, 0)
    assert found.record["releases"] > 5
    ratio = next(one for one in found.tests if one.test == "outcome ratio")
    assert ratio.code != "too-few-releases"


def test_releases_without_outcomes_are_not_called_incomplete(
    world: World, trained: TrainedReleases
) -> None:
    day = AS_OF + dt.timedelta(days=20)
    found = _monitored(world, trained, as_of=day)
    ratio = next(one for one in found.tests if one.test == "outcome ratio")
    assert (ratio.code, ratio.sentence) == (
        "too-few-releases",
        "too few releases with a known outcome to tell",
    )
    error = next(one for one in found.tests if one.test == "error")
    assert error.sentence == "not enough outcomes yet, 0 releases of 0 weeks"


def test_a_missing_column_is_asked_for_as_the_training_had_it(
    world: World, trained: TrainedReleases
) -> None:
    outcomes = world.outcomes.drop("streams")
    with pytest.raises(ColumnError) as caught:
        monitor(trained, signals=world.signals, outcomes=outcomes, releases=world.releases)
    # The settings are those of the bundle: nobody can give another.
    assert "[" not in str(caught.value.fix)
    assert "as in the training" in str(caught.value.fix)


def test_a_bundle_of_before_has_no_reference_and_is_still_monitored(
    world: World, trained: TrainedReleases
) -> None:
    from dataclasses import replace

    found = _monitored(world, replace(trained, kept={}), as_of=LATER)
    told = {one.test: one.code for one in found.tests}
    assert told["signals"] == told["outcome ratio"] == "no-reference"
    assert "neighbour" not in told
    assert found.verdict == "keep"
