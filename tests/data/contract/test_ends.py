from __future__ import annotations

import numpy as np
import pytest

from observing import daily
from upswell.data.contract._ends import drop_partial_days


def kept(values: np.ndarray) -> int:
    return drop_partial_days(values)[0]


@pytest.mark.parametrize("series", [1, 2, 5])
@pytest.mark.parametrize("part", [0.0, 0.2])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_three_last_days_that_collapse_are_dropped(series, part, count):
    values = daily(series, 60)
    values[:, -count:] *= part
    days, findings = drop_partial_days(values)
    assert days == 60 - count
    assert [found.code for found in findings] == ["partial-last-day"]
    assert findings[0].items.size == series * count


def test_four_days_of_zeros_are_no_partial_day():
    values = daily(4, 60)
    values[:, -4:] = 0.0
    assert kept(values) == 60


def test_a_day_that_most_series_lack_is_dropped():
    values = daily(10, 60)
    values[2:, -1] = np.nan
    assert kept(values) == 59


def test_a_day_that_all_series_lack_is_dropped():
    values = daily(10, 60)
    values[:, -1] = np.nan
    assert kept(values) == 59
    values[:, 20] = np.nan
    assert kept(values) == 60


def test_series_that_ended_earlier_do_not_make_the_last_day_partial():
    values = daily(10, 60)
    values[2:, 40:] = np.nan
    assert kept(values) == 60


def test_a_fall_that_happened_before_is_no_evidence():
    values = daily(5, 80)
    values[:, [50, 79]] = 0.0
    assert kept(values) == 80


def test_a_fall_longer_ago_than_56_days_is_forgotten():
    values = daily(5, 100)
    values[:, [20, 99]] = 0.0
    assert kept(values) == 99


def test_a_creator_who_rests_every_week_keeps_the_last_day():
    values = daily(1, 63)
    values[:, 6::7] = 0.0
    assert values[0, -1] == 0.0
    assert kept(values) == 63


def test_intermittent_counts_keep_their_last_day():
    rng = np.random.default_rng(0)
    lost = 0
    for _ in range(100):
        values = rng.poisson(0.7, (1, 90)).astype(float) * rng.lognormal(0, 1, (1, 90))
        lost += 90 - kept(values)
    assert lost <= 2


def test_ordinary_noisy_panels_keep_their_last_day():
    rng = np.random.default_rng(1)
    for series in (1, 3, 10):
        for _ in range(50):
            noise = np.exp(0.4 * rng.standard_normal((series, 70)))
            assert kept(daily(series, 70) * noise) == 70


@pytest.mark.parametrize("days", [1, 2, 7])
def test_short_panels_are_left_alone(days):
    values = daily(3, days)
    values[:, -1] = 0.0
    assert kept(values) == days


def test_a_short_panel_needs_a_deeper_fall():
    zeros, low = daily(3, 15), daily(3, 15)
    zeros[:, -1] = 0.0
    low[:, -1] *= 0.2
    assert kept(zeros) == 14
    assert kept(low) == 15


def test_a_low_last_day_is_flagged_only():
    values = daily(20, 60)
    values[:, -1] *= 0.4
    days, findings = drop_partial_days(values)
    assert days == 60
    assert [found.code for found in findings] == ["low-last-day"]


def test_values_near_the_largest_float_do_not_overflow():
    values = daily(3, 60) * 1e300
    values[:, -1] = 0.0
    assert kept(values) == 59
