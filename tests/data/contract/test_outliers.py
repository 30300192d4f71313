from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from observing import daily
from upswell.data.contract._outliers import _median_before, _weekday_median, find_outliers


def test_a_spike_and_a_dip_are_flagged():
    values = daily(2, 90)
    values[0, 60], values[1, 70] = 40_000.0, 2.0
    assert np.argwhere(find_outliers(values)).tolist() == [[0, 60], [1, 70]]


def test_ordinary_noise_growth_and_weeks_are_hardly_flagged():
    values = daily(50, 200, seed=4) * np.exp(0.02 * np.arange(200))
    assert find_outliers(values).mean() < 0.002


def test_small_counts_are_judged_as_counts():
    values = np.random.default_rng(0).poisson(2.0, (50, 200)).astype(float)
    assert find_outliers(values).mean() < 0.001


def test_constant_series_and_first_days_are_not_flagged():
    values = np.full((1, 60), 500.0)
    values[0, 10] = 1e6
    assert not find_outliers(values).any()


@settings(max_examples=60, deadline=None)
@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 3), st.integers(1, 90)),
        elements=st.one_of(st.just(np.nan), st.integers(0, 50).map(float), st.floats(0, 1e12)),
    ),
    st.data(),
)
def test_flags_depend_on_the_past_only(values, data):
    days = data.draw(st.integers(0, values.shape[1]))
    whole, part = find_outliers(values), find_outliers(values[:, :days])
    np.testing.assert_array_equal(part, whole[:, :days])


@pytest.mark.parametrize("window", [28, 56])
def test_the_trailing_median_is_that_of_numpy(window):
    values = daily(3, 120, seed=9)
    values[0, 5:40] = np.nan
    values[1, ::3] = np.nan
    expected = np.full(values.shape, np.nan)
    for item in range(3):
        for day in range(120):
            past = values[item, max(day - window, 0) : day]
            past = past[np.isfinite(past)]
            if past.size >= 14:
                expected[item, day] = np.median(past)
    np.testing.assert_allclose(_median_before(values, window), expected, rtol=1e-15)


def test_the_weekday_median_is_that_of_numpy():
    values = daily(3, 60, seed=2)
    values[0, 5:40] = np.nan
    values[1, ::3] = np.nan
    expected = np.zeros(values.shape)
    for item in range(3):
        for day in range(60):
            past = values[item, [day - 7 * w for w in range(1, 5) if day >= 7 * w]]
            past = past[np.isfinite(past)]
            expected[item, day] = np.median(past) if past.size else 0.0
    np.testing.assert_allclose(_weekday_median(values), expected, rtol=1e-12)
