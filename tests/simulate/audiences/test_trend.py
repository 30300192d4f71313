"""Trends: closed forms against sums day by day, and no explosion."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.priors import Kinds, LogNormal
from upswell.simulate.audiences.trend import (
    DEEPEST,
    MOST,
    TrendPrior,
    damped,
    decline,
    exponential,
    log_trend,
    saturation,
)


def only(kind: str, **more) -> TrendPrior:
    return TrendPrior(kind=Kinds({**dict.fromkeys(TrendPrior.kind.weights, 0.0), kind: 1.0},
                                 means="kind", why="a test"), **more)  # fmt: skip


@given(st.floats(-0.04, 0.04), st.floats(0.9, 0.999), st.integers(1, 60))
def test_a_damped_trend_is_the_sum_of_its_growth_day_by_day(rate, damping, days) -> None:
    slow = np.cumsum([0.0, *(rate * damping**day for day in range(days))])
    fast = damped(np.array([rate]), np.array([damping]), np.arange(days + 1.0))
    np.testing.assert_allclose(fast, slow, rtol=1e-9, atol=1e-12)


def test_an_s_curve_solves_the_logistic_equation() -> None:
    time = np.linspace(-50, 150, 20_001)
    curve = np.exp(saturation(np.array([0.05]), np.array([60.0]), time))
    slope = np.gradient(curve, time)
    np.testing.assert_allclose(slope[5:-5], (0.05 * curve * (1 - curve))[5:-5], rtol=1e-3)


def test_a_decline_halves_what_is_above_its_floor() -> None:
    left = np.exp(decline(np.array([7.0]), np.array([0.2]), np.arange(0.0, 50.0, 7.0))) - 0.2
    np.testing.assert_allclose(left[1:] / left[:-1], 0.5, rtol=1e-10)


def test_exponential_growth_multiplies_each_day_by_the_same_factor() -> None:
    curve = exponential(np.array([0.035]), np.array([10.0]), np.array([20.0]), np.arange(40.0))
    changes = np.diff(curve)
    np.testing.assert_allclose(changes[10:20], 0.035)
    assert (changes[:10] == 0).all()
    assert (changes[20:] == 0).all()


def test_a_trend_is_zero_at_the_cutoff_and_its_future_is_bounded() -> None:
    for days in (3, 200, 1095):
        block = frame(600, days, 60)
        logs = log_trend(default_rng(days), TrendPrior(), block)
        assert (logs[:, days - 1] == 0).all()
        assert logs[:, days:].max() <= 60 * 0.05
        assert logs.min() >= DEEPEST
        assert logs.max() <= max(-DEEPEST, MOST + 4.0)


def test_a_fast_trend_is_really_that_fast_up_to_the_cutoff() -> None:
    fast = LogNormal(0.035, 1.0, 0.035, 0.035, means="growth", why="a test")
    logs = log_trend(default_rng(1), only("steady", fast=fast), frame(200, 100, 30))
    grown = np.abs(logs[:, 69] - logs[:, 60])
    assert (np.abs(grown - 9 * 0.035) < 1e-9).mean() == pytest.approx(
        1 - np.log(40 / 20) / np.log(600 / 20), abs=0.08
    )  # those that have lasted for 40 days


def test_steady_trends_fall_nearly_as_often_as_they_grow() -> None:
    logs = log_trend(default_rng(3), only("steady"), frame(2000, 100, 30))
    falling = (logs[:, 0] > 0).mean()
    assert falling == pytest.approx(TrendPrior().falls.probability, abs=0.04)


def test_a_decline_never_rises_and_a_flat_trend_does_nothing() -> None:
    assert (np.diff(log_trend(default_rng(2), only("decline"), frame())) <= 1e-12).all()
    assert (log_trend(default_rng(2), only("flat"), frame()) == 0).all()
