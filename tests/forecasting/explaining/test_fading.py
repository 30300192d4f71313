"""The fading of bursts: known shapes are found again."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.forecasting.explaining._fading import EXPONENTS, HALF_LIVES, fading

AGE = np.arange(30.0)


@pytest.mark.parametrize("life", HALF_LIVES)
def test_an_exponential_decay_is_found(life: float) -> None:
    truth = 5.0 * np.exp2(-AGE / life)
    adds, level = fading(1.0 + truth, 0.1, 30)
    assert level == 1.0
    assert np.allclose(adds, truth)


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_a_power_goes_on_beyond_the_days_that_were_seen(exponent: float) -> None:
    truth = 5.0 * (1.0 + np.arange(60.0)) ** -exponent
    adds, level = fading(1.0 + truth[:20], 0.1, 60)
    assert level == 1.0
    assert np.allclose(adds, truth)


def test_days_that_stay_high_are_a_new_level_and_no_burst() -> None:
    rng = np.random.default_rng(3)
    ratio = (2.5 + 4.0 * np.exp2(-AGE / 0.7)) * np.exp(0.1 * rng.standard_normal(30))
    adds, level = fading(ratio, 0.1, 30)
    assert abs(level - 2.5) < 0.2
    assert adds[8:].max() < 0.05


def test_a_single_day_leaves_nothing() -> None:
    adds, level = fading(np.array([6.0, *[1.0] * 12]), 0.1, 13)
    assert (level, adds[0]) == (1.0, pytest.approx(5.0))
    assert adds[1:].max() == 0.0


def test_missing_days_tell_nothing() -> None:
    truth = 3.0 * np.exp2(-AGE / 3.0)
    ratio = 1.0 + truth
    ratio[[1, 5, 6]] = np.nan
    assert np.allclose(fading(ratio, 0.1, 30)[0], truth)


def test_what_a_burst_adds_never_rises_and_is_never_negative() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        adds, level = fading(rng.lognormal(0.3, 0.8, rng.integers(1, 20)), 0.2, 25)
        assert adds.size == 25
        assert (adds >= 0).all()
        assert (np.diff(adds) <= 1e-12).all()
        assert level >= 1.0
