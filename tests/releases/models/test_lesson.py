"""Lessons and rehearsals: what is taught in time, and what was said before it was known."""

from __future__ import annotations

import threading

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from releases.models.ratio_world import table
from releases.teaching import make_quick
from upswell.errors import SettingError
from upswell.releases.judging import inner_folds
from upswell.releases.models.center import CENTER_SPACE
from upswell.releases.models.center_tuning import center_objective
from upswell.releases.models.classifier import CLASSIFIER_SPACE
from upswell.releases.models.expert import Expert, fit_expert
from upswell.releases.models.lesson import Lesson, features_of, run_all
from upswell.releases.models.rehearsal import Rehearsal, rehearse
from upswell.releases.models.space import defaults

BOUNDS = (100.0, 1_000.0)


def lesson(rows: int = 160, seed: int = 1, folds: int = 3) -> Lesson:
    """Return releases whose outcome follows two features and the window."""
    rng = np.random.default_rng(seed)
    daily = np.exp(rng.normal(4, 1.2, (rows, 1))) * rng.dirichlet(np.ones(4), rows)
    features = pl.DataFrame({f"x{i}": rng.normal(size=rows) for i in range(3)})
    own = table(daily, features)
    logs = np.log1p(daily.sum(axis=1)) + 0.6 * features["x0"].to_numpy()
    logs = logs[:, None] + np.array([0.5, 1.0]) + 0.3 * rng.normal(size=(rows, 1))
    closed = own.keys["release_date"].to_numpy().astype("datetime64[D]") + 29
    return Lesson(own, np.maximum(logs, 0), inner_folds(own.keys, closed, folds), BOUNDS, "views")


@pytest.fixture(scope="module")
def taught() -> tuple[Lesson, Rehearsal, Expert]:
    with pytest.MonkeyPatch.context() as patch:
        make_quick(patch)
        own = lesson()
        said = rehearse(own, defaults(CENTER_SPACE), defaults(CLASSIFIER_SPACE), seed=1)
        expert = fit_expert(own, said, defaults(CENTER_SPACE), defaults(CLASSIFIER_SPACE), seed=1)
    return own, said, expert


@given(st.integers(0, 30), st.integers(1, 5))
def test_answers_come_in_the_order_of_their_tasks(count: int, workers: int) -> None:
    tasks = [lambda k=k: k * k for k in range(count)]
    assert run_all(tasks, workers) == [k * k for k in range(count)]


def test_workers_work_at_once_and_errors_come_through() -> None:
    both = threading.Barrier(2, timeout=10)
    assert sorted(run_all([both.wait, both.wait], workers=2)) == [0, 1]
    with pytest.raises(ZeroDivisionError):
        run_all([lambda: 1, lambda: 1 // 0], workers=2)


def test_the_age_stands_beside_the_features() -> None:
    own = lesson(20)
    assert features_of(own.table)["window_days_so_far"].to_list() == [4.0] * 20


def test_tiers_are_those_of_the_streams_also_on_a_bound() -> None:
    own = lesson(6, folds=1)
    streams = np.array([99.0, 100.0, 101.0, 999.0, 1_000.0, 0.0])
    exact = Lesson(own.table, np.log1p(streams)[:, None], (), BOUNDS, "views")
    assert exact.tiers(0, np.arange(6)).tolist() == [0, 1, 1, 1, 2, 0]


def test_old_releases_count_less() -> None:
    weights = lesson(160).weights()
    assert weights[-1] == 1.0
    assert (np.diff(weights) > 0).all()
    days = 3 * 159
    assert weights[0] == pytest.approx(0.5 ** (days / 365.25 / 5.0))


def test_a_rehearsal_tells_of_each_tested_release_once(
    taught: tuple[Lesson, Rehearsal, Expert],
) -> None:
    own, said, _ = taught
    tested = np.concatenate([fold.test for fold in own.folds])
    assert said.places(own).tolist() == tested.tolist()
    assert len(set(said.releases)) == len(said.releases)
    assert said.errors.shape == (len(tested), 2)
    assert said.chances.shape == (len(tested), 2, 3)
    np.testing.assert_allclose(said.chances.sum(axis=2), 1.0)
    assert [int((said.blocks == k).sum()) for k in range(3)] == [len(f.test) for f in own.folds]


def test_what_is_said_of_a_block_does_not_depend_on_outcomes_from_its_first_day_on(
    taught: tuple[Lesson, Rehearsal, Expert], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_quick(monkeypatch)
    own, said, _ = taught
    fold = own.folds[1]
    days = own.table.keys["release_date"].to_numpy().astype("datetime64[D]")
    open_then = days + 29 >= days[fold.test].min()
    assert open_then.sum() > len(fold.test)
    logs = own.log_outcomes.copy()
    logs[open_then] += 9.0
    absurd = Lesson(own.table, logs, own.folds, BOUNDS, "views")
    other = rehearse(absurd, defaults(CENTER_SPACE), defaults(CLASSIFIER_SPACE), seed=1)
    block = said.blocks == 1
    np.testing.assert_allclose(other.errors[block], said.errors[block] + 9.0)
    assert other.chances[block].tolist() == said.chances[block].tolist()


def test_a_later_rehearsal_makes_blocks_of_its_own(
    taught: tuple[Lesson, Rehearsal, Expert],
) -> None:
    own, said, expert = taught
    more = expert.rehearsal_of(own.table.take(np.arange(4)), own.log_outcomes[:4])
    both = said.plus(more)
    assert both.releases == said.releases + more.releases
    assert both.blocks[-4:].tolist() == [3] * 4
    assert both.errors[-4:].tolist() == more.errors.tolist()


def test_an_expert_is_one_consistent_answer_and_reads_back_the_same(
    taught: tuple[Lesson, Rehearsal, Expert],
) -> None:
    own, _, expert = taught
    curves, differs = expert.curves(own.table)
    assert np.isfinite(curves).all()
    assert (np.diff(curves, axis=0) >= 0).all()
    assert (curves[:, :, 0] <= curves[:, :, 1]).all()
    assert differs.shape == (160, 2)
    again = Expert.from_entries(expert.entries("x"), "x")
    assert again.curves(own.table)[0].tolist() == curves.tolist()
    # The middle follows the outcome.
    middle = curves[len(curves) // 2, :, 1]
    assert np.corrcoef(middle, own.log_outcomes[:, 1])[0, 1] > 0.8
    assert expert.reach == (
        own.table.window_total("views").min(),
        own.table.window_total("views").max(),
    )


def test_the_objective_is_the_rmsle_of_each_inner_fold(monkeypatch: pytest.MonkeyPatch) -> None:
    make_quick(monkeypatch)
    own = lesson()
    scores = list(center_objective(own)(defaults(CENTER_SPACE), 1))
    assert len(scores) == 3
    spread = own.log_outcomes[:, 1].std()
    assert all(0.2 < score < 1.5 * spread for score in scores)
    # No outcome after a block teaches it: its score stays as the blocks after it change.
    logs: NDArray[np.float64] = own.log_outcomes.copy()
    logs[own.folds[2].test] += 5.0
    other = list(
        center_objective(Lesson(own.table, logs, own.folds, BOUNDS, "views"))(
            defaults(CENTER_SPACE), 1
        )
    )
    assert other[:2] == scores[:2]
    assert other[2] > scores[2] + 3
    with pytest.raises(SettingError):
        center_objective(Lesson(own.table, own.log_outcomes, (), BOUNDS, "views"))
