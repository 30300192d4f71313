from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from observing import daily
from upswell.data.contract._counters import difference_counters
from upswell.data.contract._findings import CellFinding

NAN = np.nan


def days_of(findings: list[CellFinding], code: str) -> list[int]:
    return [int(day) for found in findings if found.code == code for day in found.days]


def test_differences_are_daily_counts():
    counts = daily(3, 30)
    found, findings = difference_counters(1e6 + np.cumsum(counts, axis=1))
    np.testing.assert_array_equal(found[:, 1:], counts[:, 1:])
    assert np.isnan(found[:, 0]).all()
    assert days_of(findings, "counter-start") == [0, 0, 0]
    assert len(days_of(findings, "differenced")) == 3 * 29


def test_a_difference_over_several_days_is_given_to_none_of_them():
    found, findings = difference_counters(np.array([[10.0, 12, NAN, NAN, 90, 95]]))
    np.testing.assert_array_equal(found, [[NAN, 2, NAN, NAN, NAN, 5]])
    assert days_of(findings, "counter-gap") == [2, 3, 4]


def test_a_fall_to_a_lower_level_is_a_reset():
    found, findings = difference_counters(np.array([[1000.0, 1010, 1020, 5, 16, 25]]))
    np.testing.assert_array_equal(found, [[NAN, 10, 10, NAN, 11, 9]])
    assert days_of(findings, "counter-reset") == [3]


def test_a_reset_to_zero_that_grows_on_keeps_its_gains():
    found, findings = difference_counters(np.array([[1000.0, 1010, 1020, 0, 11, 20]]))
    np.testing.assert_array_equal(found, [[NAN, 10, 10, NAN, 11, 9]])
    assert days_of(findings, "counter-reset") == [3]


def test_a_small_fall_is_a_correction():
    found, findings = difference_counters(np.array([[1000.0, 1010, 1020, 1015, 1025]]))
    np.testing.assert_array_equal(found, [[NAN, 10, 10, NAN, 10]])
    assert days_of(findings, "counter-correction") == [3]


def test_a_dip_that_comes_back_is_left_out():
    for low in (0.0, 3.0):
        found, findings = difference_counters(np.array([[1000.0, 1010, low, low, 1040, 1050]]))
        np.testing.assert_array_equal(found, [[NAN, 10, NAN, NAN, NAN, 10]])
        assert days_of(findings, "counter-glitch") == [2, 3]
        assert days_of(findings, "counter-reset") == []


def test_a_rise_that_goes_back_is_left_out():
    found, findings = difference_counters(np.array([[1000.0, 1010, 90_000, 90_010, 1040, 1050]]))
    np.testing.assert_array_equal(found, [[NAN, 10, NAN, NAN, NAN, 10]])
    assert days_of(findings, "counter-glitch") == [2, 3]


def test_zeros_to_the_end_are_left_out():
    found, findings = difference_counters(np.array([[1000.0, 1010, 0, 0, 0]]))
    np.testing.assert_array_equal(found, [[NAN, 10, NAN, NAN, NAN]])
    assert days_of(findings, "counter-glitch") == [2, 3, 4]


def test_zeros_before_a_high_first_reading_are_left_out_but_a_new_counter_may_start_at_zero():
    late = np.array([[0.0, 0, 5_000_000, 5_000_100, 5_000_190]])
    born = np.array([[0.0, 0, 12, 30, 55]])
    np.testing.assert_array_equal(difference_counters(late)[0], [[NAN, NAN, NAN, 100, 90]])
    np.testing.assert_array_equal(difference_counters(born)[0], [[NAN, 0, 12, 18, 25]])


def test_a_day_on_which_every_counter_is_zero_was_not_read():
    totals = np.cumsum(daily(4, 20), axis=1)
    totals[3, :9] = 0.0
    totals[3, 9:] = np.arange(11)
    totals[:, 5] = 0.0
    found, findings = difference_counters(totals)
    assert np.isnan(found[:, 5:7]).all()
    assert days_of(findings, "counter-glitch").count(5) == 4


def test_a_long_second_life_keeps_its_gains_but_not_its_jumps():
    readings = np.concatenate([1e6 + 10.0 * np.arange(40), 10.0 * np.arange(40) + 5, [1.002e6]])
    found, findings = difference_counters(readings[None, :])
    assert np.nanmax(found) == 10.0
    assert days_of(findings, "counter-reset") == [40, 80]


def test_a_day_on_which_all_counters_stand_still_was_not_read():
    totals = np.cumsum(daily(5, 30), axis=1)
    totals[:, 12] = totals[:, 11]
    found, findings = difference_counters(totals)
    assert np.isnan(found[:, 12:14]).all()
    assert days_of(findings, "stale-day") == [12] * 5


@settings(max_examples=150, deadline=None)
@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 4), st.integers(1, 25)),
        elements=st.one_of(st.just(NAN), st.just(0.0), st.floats(0, 1e300)),
    )
)
def test_any_readings_give_counts_that_their_readings_bear_out(readings):
    found, findings = difference_counters(readings)
    known = np.isfinite(found)
    assert (found[known] >= 0).all()
    assert not np.isinf(found).any()
    naive = np.full(readings.shape, NAN)
    naive[:, 1:] = np.diff(readings, axis=1)
    np.testing.assert_array_equal(found[known], naive[known])
    assert known.sum() == len(days_of(findings, "differenced"))
