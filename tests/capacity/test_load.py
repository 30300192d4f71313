"""From views to whole units."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.drawing import loads
from upswell.capacity._settings import ProfileSettings, UnitSettings
from upswell.capacity.load import Load, hourly_load, profile_shares, whole_units

UNIT = UnitSettings(views_per_hour=100.0, headroom=0.0)


@given(ratio=st.floats(1.0, 20.0))
def test_a_smooth_day_has_the_ratio_asked_for_and_loses_no_view(ratio: float) -> None:
    shares = profile_shares(ProfileSettings(peak_to_average=ratio))
    assert shares.sum() == pytest.approx(1.0, rel=1e-12)
    assert 24 * shares.max() == pytest.approx(ratio, rel=1e-9)
    assert (shares > 0).all()
    assert shares[20] == shares.max()


def test_a_day_without_a_profile_is_flat() -> None:
    assert profile_shares(ProfileSettings()).tolist() == [1 / 24] * 24


def test_shares_that_sum_to_one_but_for_rounding_do_so_exactly() -> None:
    hours = tuple([0.0416667] * 24)
    assert math.fsum(profile_shares(ProfileSettings(hours=hours))) == pytest.approx(1.0, rel=1e-15)


@given(units=st.integers(0, 10**9), headroom=st.sampled_from([0.0, 0.1, 0.25]))
def test_views_of_whole_units_ask_for_no_unit_more(units: int, headroom: float) -> None:
    unit = UnitSettings(views_per_hour=0.7, headroom=headroom)
    views = np.array([units * 0.7 / (1 + headroom)])
    assert whole_units(views, unit).tolist() == [units]


@given(views=st.floats(0, 1e12, allow_subnormal=False))
def test_units_are_the_fewest_that_serve(views: float) -> None:
    (units,) = whole_units(np.array([views]), UNIT).tolist()
    assert units == int(units)
    assert units * 100.0 >= views * (1 - 1e-8)
    assert (units - 1) * 100.0 < views or units == 0


def test_hours_get_their_share_and_the_busiest_is_told_by_day() -> None:
    shares = np.array([0.5, 0.25, 0.25] + [0.0] * 21)
    load = hourly_load(np.array([[400.0, 1000.0]]), shares, UNIT)
    assert load.rows[0, -6:].tolist() == [1.0, 1.0, 2.0, 3.0, 3.0, 5.0]
    assert load.busiest.tolist() == [[2.0, 5.0]]
    assert load.hours == 48


def test_a_flat_day_counts_each_hour_though_it_keeps_one() -> None:
    load = hourly_load(np.array([[2400.0, 4800.0]]), np.full(24, 1 / 24), UNIT)
    assert (load.rows.tolist(), load.weight, load.hours) == ([[1.0, 2.0]], 24, 48)


def test_a_throttle_holds_for_each_hour_of_its_days() -> None:
    throttle = np.array([150.0, np.inf])
    load = hourly_load(np.array([[2400.0 * 9, 2400.0 * 9]]), np.full(24, 1 / 24), UNIT, throttle)
    assert load.busiest.tolist() == [[2.0, 9.0]]


@given(load=loads(), level=st.one_of(st.integers(0, 35).map(float), st.just(math.inf)))
def test_hours_above_a_level_are_counted_one_by_one(load: Load, level: float) -> None:
    hours, excess = load.above(np.array([level]))
    for row, counted, summed in zip(load.rows, hours[:, 0], excess[:, 0], strict=True):
        above = [units - level for units in row if units > level]
        assert (counted, summed) == (load.weight * len(above), load.weight * sum(above))
