from __future__ import annotations

import numpy as np

from observing import daily
from upswell.data.contract._stale import mark_stale


def codes(values: np.ndarray) -> list[tuple[str, int]]:
    return [(found.code, found.items.size) for found in mark_stale(values)[1] if found.items.size]


def test_a_day_that_repeats_the_day_before_is_missing_for_those_that_repeat():
    values = daily(20, 40)
    values[:19, 25] = values[:19, 24]
    marked, _ = mark_stale(values)
    assert np.isnan(marked[:19, 25]).all()
    assert marked[19, 25] == values[19, 25]
    assert codes(values) == [("stale-day", 19)]


def test_consecutive_stale_days_are_all_missing():
    values = daily(5, 40)
    values[:, 25] = values[:, 26] = values[:, 24]
    assert codes(values) == [("stale-day", 10)]


def test_a_panel_of_one_or_two_series_has_no_stale_day():
    for series in (1, 2):
        values = daily(series, 40)
        values[:, 25] = values[:, 24]
        assert codes(values) == []


def test_too_few_repeats_are_no_stale_day():
    values = daily(10, 40)
    values[:8, 25] = values[:8, 24]
    assert codes(values) == []


def test_zeros_do_not_repeat_and_do_not_hinder():
    values = daily(10, 40)
    values[5:] = 0.0
    values[:5, 25] = values[:5, 24]
    assert codes(values) == [("stale-day", 5)]


def test_constant_and_small_counts_are_left_alone():
    rng = np.random.default_rng(0)
    assert codes(np.full((6, 40), 5000.0)) == []
    assert codes(np.full((1, 40), 1234.5)) == []
    assert codes(rng.poisson(0.4, (4, 300)).astype(float)) == []


def test_a_large_count_on_more_than_three_days_is_missing_but_for_the_first():
    values = daily(2, 60, level=50_000.0)
    values[1, 30:34] = 51_237.0
    marked, _ = mark_stale(values)
    assert np.flatnonzero(np.isnan(marked[1])).tolist() == [31, 32, 33]
    assert codes(values) == [("stale-run", 3)]


def test_three_days_small_counts_and_rounded_counts_are_no_stale_run():
    values = daily(3, 60, level=50_000.0)
    values[0, 30:33] = 51_237.0
    values[1] = np.round(values[1], -3)
    values[1, 20:30] = 51_000.0
    values[2] = np.round(values[2] / 100.0)
    values[2, 20:30] = 501.0
    assert codes(values) == []
