import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from upswell.forecasting.history import History
from upswell.forecasting.lstm.adapting.windows import (
    Parts,
    largest_series,
    spread_cutoffs,
    teaching_windows,
)


@given(st.integers(1, 4000), st.integers(1, 400))
def test_the_parts_hold_every_day_once(days, horizon):
    parts = Parts.of(days, horizon)
    assert parts.teaching + parts.validation + parts.test == days
    assert min(parts.teaching, parts.validation, parts.test) >= 0
    assert parts.teaching >= days // 2


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 30))
def test_cutoffs_ascend_between_the_ends(first, last, most):
    found = spread_cutoffs(first, last, most)
    assert found == sorted(set(found))
    assert len(found) <= most
    assert all(first <= cutoff <= last for cutoff in found)


def test_the_largest_series_and_the_total_teach():
    values = np.ones((300, 30))
    values[200:] = 9.0
    chosen = largest_series(values)
    assert len(chosen) == 128
    assert chosen[0] == 0
    assert set(range(200, 300)) <= set(chosen.tolist())


def test_windows_know_nothing_after_the_history():
    values = np.random.default_rng(0).poisson(90, (2, 60)).astype(float)
    history = History(values, np.arange(60) % 7)
    found, cut = teaching_windows(history.until(40), 14), teaching_windows(history, 14)
    assert np.isfinite(found.past).all()
    assert np.isnan(found.targets[-1, 7:]).all()
    assert np.isfinite(found.targets[-1, :7]).all()
    assert len(cut) == 2 * 24


def test_a_missing_day_is_no_target_and_a_silent_series_no_window():
    values = np.full((3, 40), 9.0)
    values[1, 30] = np.nan
    values[2] = 0.0
    found = teaching_windows(History(values, np.arange(40) % 7), 7)
    cutoffs = spread_cutoffs(14, 33, 24)
    row = 2 * cutoffs.index(28) + 1
    assert np.isnan(found.targets[row, :, 0]).tolist() == [False, False, True, *[False] * 4]
    assert np.isnan(found.targets[row, :, 1]).tolist() == [False, False, *[True] * 5]
    assert len(found) == 2 * len(cutoffs)
