"""Bursts are found where they are, with their size, and nowhere else."""

from __future__ import annotations

import numpy as np

from upswell.forecasting.explaining.bursts import LONGEST_RUN, find_bursts

USUAL = np.full(60, 100.0)


def test_a_burst_has_its_days_its_size_and_its_largest_day() -> None:
    views = USUAL.copy()
    views[30:33] = 300.0, 500.0, 200.0
    (burst,), factors = find_bursts(views, USUAL, 0.05)
    assert (burst.first, burst.last, burst.peak, burst.times) == (30, 32, 31, 5.0)
    assert abs(burst.views - 700.0) < 60.0
    assert burst.share == burst.views / views[burst.days].sum()
    assert factors[30:33].tolist() == [3.0, 5.0, 2.0]
    assert (factors[:30] == 1.0).all()


def test_a_tail_that_fades_belongs_to_its_burst() -> None:
    age = np.arange(30.0)
    views = USUAL.copy()
    views[30:] *= 1.0 + 8.0 / (1.0 + age)
    (burst,), factors = find_bursts(views, USUAL, 0.1)
    assert burst.faded == 59
    assert np.allclose(views / factors, USUAL)
    assert abs(burst.views - (views - USUAL).sum()) < 1e-6


def test_several_bursts_are_told_apart_and_their_factors_multiply() -> None:
    views = USUAL.copy()
    views[20] = 400.0
    views[40] = 900.0
    found, factors = find_bursts(views, USUAL, 0.05)
    assert [burst.first for burst in found] == [20, 40]
    whole = np.ones(60)
    for burst in found:
        whole[burst.days] *= burst.factors
    assert np.allclose(whole, factors)


def test_noise_has_no_bursts() -> None:
    rng = np.random.default_rng(2)
    views = USUAL * np.exp(0.1 * rng.standard_normal(60))
    found, factors = find_bursts(views, USUAL, 0.1)
    assert found == ()
    assert (factors == 1.0).all()


def test_what_lasts_is_a_level() -> None:
    views = USUAL.copy()
    views[10 : 11 + LONGEST_RUN] = 300.0
    assert find_bursts(views, USUAL, 0.05)[0] == ()


def test_a_missing_day_within_a_burst_does_not_break_it() -> None:
    views = USUAL.copy()
    views[30:34] = 300.0, np.nan, 280.0, 250.0
    (burst,), factors = find_bursts(views, USUAL, 0.05)
    assert (burst.first, burst.last) == (30, 33)
    assert np.isfinite(factors).all()


def test_a_series_that_was_never_seen_has_none() -> None:
    found, factors = find_bursts(np.full(60, np.nan), USUAL, 0.05)
    assert (found, factors.tolist()) == ((), [1.0] * 60)
