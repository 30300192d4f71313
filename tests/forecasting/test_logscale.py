"""The log scale: offsets, recent means and bridged gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upswell.forecasting._logscale import fill_gaps, offsets, recent_mean

NAN = np.nan
SOME_DAYS = st.lists(st.one_of(st.none(), st.floats(0.0, 1e12)), min_size=1, max_size=90)


def as_days(days: list[float | None]) -> np.ndarray:
    return np.array([NAN if day is None else day for day in days])


@settings(max_examples=60, deadline=None)
@given(SOME_DAYS, st.integers(1, 60))
def test_the_recent_mean_is_that_of_the_last_observed_days(days: list[float | None], last: int):
    values = as_days(days)
    observed = values[np.isfinite(values)][-last:]
    expected = observed.mean() if len(observed) else 0.0
    assert recent_mean(values[None], last)[0] == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_the_recent_mean_forgets_what_lies_before_its_days():
    values = np.concatenate([np.full(10, 1e9), np.full(56, 4.0)])[None]
    assert recent_mean(values).tolist() == [4.0]


def test_offsets_are_a_tenth_of_the_recent_mean_and_one_where_there_is_nothing():
    values = np.array([[20.0, 40.0, NAN], [0.0, 0.0, 0.0], [NAN, NAN, NAN]])
    assert offsets(values).tolist() == [3.0, 1.0, 1.0]


@settings(max_examples=40, deadline=None)
@given(SOME_DAYS)
def test_offsets_are_always_positive_and_scale_with_the_series(days: list[float | None]):
    values = as_days(days)[None]
    own = offsets(values)
    assert (own > 0).all()
    if recent_mean(values)[0] > 1e-300:
        assert offsets(values * 1000.0) == pytest.approx(own * 1000.0, rel=1e-9)


def test_gaps_inside_are_bridged_and_the_end_repeats_the_season():
    filled = fill_gaps(np.array([1.0, 2, NAN, 4, 5, 6, 7, NAN, NAN, NAN]))
    assert filled.tolist() == [1, 2, 3, 4, 5, 6, 7, 1, 2, 3]


def test_an_end_gap_longer_than_a_season_repeats_on():
    values = np.array([1.0, 2.0, NAN, NAN, NAN, NAN, NAN])
    assert fill_gaps(values, season=2).tolist() == [1, 2, 1, 2, 1, 2, 1]


def test_a_history_shorter_than_the_season_repeats_its_first_day():
    assert fill_gaps(np.array([3.0, 5.0, NAN, NAN])).tolist() == [3, 5, 3, 3]


def test_filling_keeps_what_was_observed_and_does_not_change_its_input():
    values = np.array([3.0, NAN, 9.0, NAN])
    before = values.copy()
    filled = fill_gaps(values)
    seen = np.isfinite(before)
    assert (filled[seen] == before[seen]).all()
    assert np.array_equal(values, before, equal_nan=True)
