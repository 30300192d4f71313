"""Folds in time: no release teaches before its outcome closed, and the last period stays shut."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from releases.judging.making import DAY, HORIZONS, keys_of, outcomes_of
from upswell.errors import SettingError
from upswell.releases.config import EvaluationSettings
from upswell.releases.judging import (
    FINAL,
    Fold,
    final_fold,
    folds_of,
    rows_that_teach,
    rows_to_test,
)

START = dt.date(2023, 1, 1)
PERIODS = st.sampled_from(["week", "month", "quarter", "year"])
WORLDS = st.lists(
    st.tuples(st.integers(0, 800), st.booleans(), st.booleans()), min_size=1, max_size=40
)


def _world(rows: list[tuple[int, bool, bool]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    keys = keys_of([START + offset * DAY for offset, _, _ in rows])
    known = np.array([[first, first and last] for _, first, last in rows])
    return keys, outcomes_of(keys, np.where(known, 1.0, np.nan))


@settings(max_examples=150)
@given(WORLDS, PERIODS, st.integers(0, 200))
def test_nothing_that_closes_after_a_cutoff_teaches(rows: list, every, final_days: int) -> None:
    keys, outcomes = _world(rows)
    asked = EvaluationSettings(every=every, final_days=final_days)
    final = final_fold(keys, outcomes, asked)
    folds = folds_of(keys, outcomes, asked)
    for fold in (*folds, *([final] if final else [])):
        for horizon in HORIZONS:
            taught = set(keys["release"].gather(rows_that_teach(keys, outcomes, fold, horizon)))
            # Said again in plain Python, from the outcomes themselves.
            expected = {
                row["release"]
                for row in outcomes.iter_rows(named=True)
                if row["horizon"] == horizon and row["closed"] < fold.first
            }
            assert taught == expected
            tested = set(keys["release"].gather(rows_to_test(keys, fold)))
            assert not taught & tested


@pytest.mark.parametrize("horizon", HORIZONS)
def test_an_outcome_that_closes_on_the_cutoff_teaches_and_one_a_day_later_does_not(horizon) -> None:
    fold = Fold("x", dt.date(2023, 6, 1), dt.date(2023, 6, 30))
    on_time = fold.cutoff - (horizon - 1) * DAY
    keys = keys_of([on_time - DAY, on_time, on_time + DAY, on_time + 2 * DAY])
    assert rows_that_teach(keys, outcomes_of(keys), fold, horizon).tolist() == [0, 1]


@settings(max_examples=150)
@given(WORLDS, PERIODS, st.integers(1, 200))
def test_rolling_folds_ascend_and_never_touch_the_last_period(
    rows: list, every, final_days: int
) -> None:
    keys, outcomes = _world(rows)
    asked = EvaluationSettings(every=every, final_days=final_days)
    folds, final = folds_of(keys, outcomes, asked), final_fold(keys, outcomes, asked)
    assert all(fold.first <= fold.last for fold in folds)
    assert all(before.last < after.first for before, after in pairwise(folds))
    assert len({fold.label for fold in folds}) == len(folds)
    if final is None:
        return
    late = {
        row["release"] for row in keys.iter_rows(named=True) if row["release_date"] >= final.first
    }
    for fold in folds:
        assert fold.last < final.first
        taught = rows_that_teach(keys, outcomes, fold, 14)
        used = (*taught, *rows_to_test(keys, fold))
        assert not late & {keys["release"][int(row)] for row in used}


@settings(max_examples=100)
@given(WORLDS, PERIODS)
def test_every_mature_release_of_the_later_half_is_tested_once(rows: list, every) -> None:
    keys, outcomes = _world(rows)
    folds = folds_of(keys, outcomes, EvaluationSettings(every=every, final_days=0))
    found = [row for fold in folds for row in rows_to_test(keys, fold, outcomes, 30)]
    assert len(found) == len(set(found))
    if folds:
        days = keys["release_date"]
        mature = set(outcomes.filter(pl.col("horizon") == 30)["release"])
        wanted = {
            row
            for row in range(keys.height)
            if keys["release"][row] in mature and days[row] >= folds[0].first
        }
        assert set(found) == wanted


def _daily(days: int, start: dt.date = START) -> tuple[pl.DataFrame, pl.DataFrame]:
    keys = keys_of([start + n * DAY for n in range(days)])
    return keys, outcomes_of(keys)


@pytest.mark.parametrize(
    ("every", "labels"),
    [
        ("year", ["2023", "2024"]),
        ("quarter", ["2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1"]),
        ("month", ["2023-06", "2023-07", "2023-08"]),
    ],
)
def test_periods_are_those_of_the_calendar_and_the_first_is_cut(every, labels) -> None:
    keys, outcomes = _daily(425)
    asked = EvaluationSettings(every=every, final_days=0, first=dt.date(2023, 6, 10))
    folds = folds_of(keys, outcomes, asked)
    assert [fold.label for fold in folds][: len(labels)] == labels
    assert folds[0].first == dt.date(2023, 6, 10)
    assert folds[0].cutoff == dt.date(2023, 6, 9)
    assert folds[-1].last == START + 424 * DAY
    assert all(after.first == before.last + DAY for before, after in pairwise(folds))


def test_weeks_begin_on_monday_and_carry_the_year_of_their_week() -> None:
    keys, outcomes = _daily(60, dt.date(2024, 11, 20))
    asked = EvaluationSettings(every="week", final_days=0, first=dt.date(2024, 12, 23))
    folds = folds_of(keys, outcomes, asked)
    assert [fold.label for fold in folds] == ["2024-W52", "2025-W01", "2025-W02", "2025-W03"]
    assert {fold.first.weekday() for fold in folds} == {0}


def test_by_default_whole_periods_fill_the_later_half() -> None:
    keys, outcomes = _daily(731)
    folds = folds_of(keys, outcomes, EvaluationSettings(every="quarter", final_days=0))
    assert [fold.label for fold in folds] == ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]


def test_the_last_period_is_as_long_as_asked_and_ends_with_the_last_mature_release() -> None:
    keys, _ = _daily(300)
    streams = np.ones((300, 2))
    streams[280:, 1] = np.nan  # the longest horizon has not closed for these
    outcomes = outcomes_of(keys, streams)
    final = final_fold(keys, outcomes, EvaluationSettings(final_days=90))
    assert final == Fold(FINAL, START + 190 * DAY, START + 279 * DAY)
    assert (final.last - final.first).days + 1 == 90
    from_day = EvaluationSettings(final_from=START + 250 * DAY)
    assert final_fold(keys, outcomes, from_day) == Fold(FINAL, START + 250 * DAY, START + 279 * DAY)


def test_a_period_that_nothing_could_teach_is_no_fold() -> None:
    keys, outcomes = _daily(100)
    asked = EvaluationSettings(every="month", first=START, final_days=0)
    # The first outcome at day 30 closes on 30 January: nothing teaches January.
    assert [f.label for f in folds_of(keys, outcomes, asked)] == ["2023-02", "2023-03", "2023-04"]
    assert final_fold(keys, outcomes, EvaluationSettings(final_days=90)) is None


def test_a_last_period_after_all_releases_is_refused() -> None:
    keys, outcomes = _daily(100)
    with pytest.raises(SettingError, match="final_from"):
        final_fold(keys, outcomes, EvaluationSettings(final_from=dt.date(2030, 1, 1)))


def test_without_known_outcomes_there_is_no_fold() -> None:
    keys, outcomes = _daily(50)
    nothing = outcomes.clear()
    assert folds_of(keys, nothing, EvaluationSettings()) == ()
    assert final_fold(keys, nothing, EvaluationSettings()) is None
    empty = keys.clear()
    assert folds_of(empty, nothing, EvaluationSettings()) == ()
    assert rows_to_test(empty, Fold("x", START, START)).tolist() == []


def test_test_rows_can_be_held_to_known_outcomes() -> None:
    keys, _ = _daily(4)
    outcomes = outcomes_of(keys, np.array([[1.0, 1.0], [1.0, np.nan], [np.nan, 1.0], [1.0, 1.0]]))
    fold = Fold("x", START, START + 2 * DAY)
    assert rows_to_test(keys, fold).tolist() == [0, 1, 2]
    assert rows_to_test(keys, fold, outcomes, 14).tolist() == [0, 1]
    assert rows_to_test(keys, fold, outcomes, 30).tolist() == [0, 2]
