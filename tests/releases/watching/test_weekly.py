"""Means whose weeks are the draws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from upswell.releases.watching._weekly import greater, weekly_mean


def test_the_variance_is_that_of_drawing_weeks() -> None:
    rng = np.random.default_rng(0)
    draws, told = [], []
    for _ in range(3000):
        week = np.repeat(np.arange(12), 5)
        values = rng.normal(size=12)[week] + rng.normal(size=60)
        found = weekly_mean(values, 7 * week)
        draws.append(found.mean)
        told.append(found.variance)
    assert np.mean(told) == pytest.approx(np.var(draws), rel=0.08)


def test_with_one_release_a_week_it_is_welchs_test() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.normal(0.3, 1, 25), rng.normal(0, 2, 40)
    first, second = weekly_mean(one, 7 * np.arange(25)), weekly_mean(other, 7 * np.arange(40))
    expected = ttest_ind(one, other, equal_var=False, alternative="greater").pvalue
    assert greater(first, second) == pytest.approx(expected)


def test_too_few_weeks_or_releases_are_no_evidence() -> None:
    few = weekly_mean(np.ones(30), np.repeat([0, 7, 14], 10))
    assert not few.enough
    assert greater(few, 0.0) == 1.0
    small = weekly_mean(np.ones(10), 7 * np.arange(10))
    assert not small.enough
    nothing = weekly_mean(np.zeros(0), np.zeros(0, dtype=np.int64))
    assert (nothing.count, nothing.weeks) == (0, 0)
    assert np.isnan(nothing.mean)


def test_values_without_spread_are_decided_by_their_mean_unless_a_spread_is_assumed() -> None:
    days = 7 * np.arange(30)
    assert greater(weekly_mean(np.ones(30), days), 0.5) == 0.0
    assert greater(weekly_mean(np.ones(30), days), 1.5) == 1.0
    assert 0 < greater(weekly_mean(np.ones(30), days, floor=0.16), 0.9) < 1
    assert greater(weekly_mean(np.ones(30), days), weekly_mean(np.ones(1), days[:1])) == 1.0
