"""What the pretrained network reads: finite for any history, in units of it, nothing from later."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from upswell.errors import SettingError
from upswell.forecasting.lstm.pretrained import FEATURES, MEMORY, network_inputs
from upswell.forecasting.lstm.pretrained.features import (
    ABOUT,
    FLAGS,
    IN_FUTURE,
    LAGGED,
    SEEN,
    VALUES,
)

ODD = {
    "no days": np.zeros((1, 0)),
    "one day": np.array([[5.0]]),
    "all missing": np.full((1, 100), np.nan),
    "all zeros": np.zeros((1, 400)),
    "constant": np.full((1, 1100), 7.0),
    "huge": np.full((1, 60), 1e15),
    "beyond": np.full((1, 60), np.finfo(float).max),
    "infinite": np.array([[1.0, np.inf, -np.inf] * 20]),
    "below zero": np.full((1, 30), -4.0),
    "14 days": np.arange(14.0)[None, :],
    "three years": np.random.default_rng(1).poisson(30, (1, 1096)).astype(float),
    "only old days": np.concatenate([np.full((1, 300), 9.0), np.full((1, 200), np.nan)], axis=1),
}
FIELDS = ("past", "future", "location", "scale", "profile", "base", "largest")


def lively(series: int, days: int, seed: int = 3) -> np.ndarray:
    """Counts with a week, a trend and holes."""
    rng = np.random.default_rng(seed)
    week = 1 + 0.4 * np.sin(2 * np.pi * np.arange(days) / 7)
    counts = rng.poisson(np.exp(rng.normal(5, 1, (series, 1))) * week * 1.002 ** np.arange(days))
    values = counts.astype(float)
    values[rng.random(values.shape) < 0.05] = np.nan
    return values


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("horizon", [1, 30, 100, 800])
def test_inputs_are_finite_for_odd_histories(name, horizon):
    inputs = network_inputs(ODD[name], horizon)
    weeks = -(-horizon // 7)
    assert inputs.past.shape == (1, 26, FEATURES)
    assert inputs.future.shape == (1, weeks, FEATURES)
    assert inputs.past.dtype == inputs.future.dtype == np.float32
    assert inputs.base.shape == (1, 7 * weeks)
    assert all(np.isfinite(getattr(inputs, field)).all() for field in FIELDS)


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 4), st.integers(0, 120)),
        elements=st.floats(-1e3, 1e18) | st.sampled_from([np.nan, 0.0, np.inf]),
    ),
    st.integers(1, 40),
)
def test_inputs_are_finite_for_any_history(histories, horizon):
    inputs = network_inputs(histories, horizon)
    assert all(np.isfinite(getattr(inputs, field)).all() for field in FIELDS)
    assert (inputs.scale >= 0.01).all()


def test_each_series_is_read_alone():
    histories = lively(5, 500)
    together = network_inputs(histories, 30)
    for row in range(5):
        alone = network_inputs(histories[row : row + 1], 30)
        for field in FIELDS:
            assert np.array_equal(getattr(together, field)[row], getattr(alone, field)[0]), field


def test_days_beyond_memory_are_not_read():
    histories = lively(2, MEMORY + 300)
    whole, cut = network_inputs(histories, 30), network_inputs(histories[:, -MEMORY:], 30)
    for field in FIELDS:
        assert np.array_equal(getattr(whole, field), getattr(cut, field)), field


def test_missing_days_before_the_first_change_nothing():
    histories = lively(2, 60)
    longer = np.concatenate([np.full((2, 200), np.nan), histories], axis=1)
    short, padded = network_inputs(histories, 30), network_inputs(longer, 30)
    for field in FIELDS:
        assert np.array_equal(getattr(short, field), getattr(padded, field)), field


def test_a_longer_horizon_only_adds_weeks():
    short, long = (network_inputs(lively(3, 1000), horizon) for horizon in (30, 300))
    assert np.array_equal(short.past, long.past)
    assert np.array_equal(short.future, long.future[:, :5])
    assert np.array_equal(short.base, long.base[:, :35])


def test_a_thousandfold_series_looks_alike():
    histories = np.round(lively(4, 800) * 100)
    one, thousand = network_inputs(histories, 30), network_inputs(1000 * histories, 30)
    assert np.allclose(thousand.location - one.location, np.log(1000), atol=0.01)
    assert np.allclose(thousand.scale, one.scale, rtol=0.01)
    same = [*range(ABOUT.start), ABOUT.start, 59, 60, 62, 63, 64]  # all but the level
    assert np.allclose(one.past[:, :, same], thousand.past[:, :, same], atol=0.05)
    level = ABOUT.start + 3
    grown = thousand.past[:, :, level] - one.past[:, :, level]
    assert np.allclose(grown, np.log(1000) / 10, atol=0.01)


def test_a_series_without_noise_is_its_level_and_its_week():
    week = np.array([90.0, 100, 110, 105, 95, 150, 160])
    inputs = network_inputs(np.tile(week, 60)[None, :], 14)
    assert np.allclose(np.expm1(inputs.base[0]), np.tile(week, 2), rtol=0.08)
    assert inputs.profile[0].sum() == pytest.approx(0)
    assert np.argsort(inputs.profile[0]).tolist() == np.argsort(week).tolist()


def test_values_are_distances_in_units_of_the_scale():
    histories = lively(1, 182)
    inputs = network_inputs(histories, 7)
    logs = np.log1p(histories[0])
    away = logs - inputs.location - np.tile(inputs.profile[0], 26)
    expected = np.where(np.isfinite(logs), np.arcsinh(away / inputs.scale), 0)
    assert np.allclose(inputs.past[0, :, VALUES].ravel(), expected, atol=1e-6)
    assert np.array_equal(inputs.past[0, :, SEEN].ravel(), np.isfinite(logs))


def test_the_scale_is_a_trimmed_mean_of_weekly_changes():
    logs = np.log1p(lively(1, 126)[0])

    def trimmed(changes):
        changes = [c for c in changes if np.isfinite(c)]
        largest = max(5 * np.median(changes), 0.5 * np.mean(changes))
        return sum(min(c, largest) for c in changes), len(changes)

    weekly, weeks = trimmed([abs(logs[i] - logs[i - 7]) for i in range(7, 126)])
    daily, days = trimmed([abs(logs[i] - logs[i - 1]) for i in range(1, 126)])
    change = (daily + 0.4) / (days + 2)
    inputs = network_inputs(np.expm1(logs)[None, :], 7)
    assert inputs.scale[0] == pytest.approx((weekly + 3 * change) / (weeks + 3))


def test_one_outlier_hardly_moves_the_scale():
    histories = lively(1, 200)
    spiked = histories.copy()
    spiked[0, 150] *= 1000
    calm, moved = network_inputs(histories, 7), network_inputs(spiked, 7)
    assert moved.scale[0] < 1.2 * calm.scale[0]


@pytest.mark.parametrize("years", [1, 2])
def test_lagged_inputs_are_those_days_of_the_year_before(years):
    histories = np.full((1, 910), np.nan)
    day = 910 + 10 - 364 * years  # the same day as the eleventh after the cutoff
    histories[0, -60:] = 100.0
    histories[0, day - 30 : day + 1] = 20.0
    inputs = network_inputs(histories, 14)
    values, there = LAGGED[years - 1]
    known = inputs.future[0, :, there].ravel()
    assert known.tolist() == [1.0] * 11 + [0.0] * 3
    assert np.allclose(inputs.future[0, :, values].ravel(), 0, atol=1e-5)


def test_a_lag_never_reaches_after_the_cutoff():
    inputs = network_inputs(lively(1, 910), 800)
    seen = [inputs.future[0, :, there].ravel() for _, there in LAGGED]
    assert seen[0][:300].mean() > 0.9
    assert seen[0][364:].max() == 0
    assert seen[1][:700].mean() > 0.9
    assert seen[1][728:].max() == 0


def test_flags_fall_on_their_days():
    histories = lively(2, 40)
    holidays = np.zeros((2, 50), dtype=bool)
    holidays[1, [38, 41, 49]] = True
    announced = np.zeros(50, dtype=bool)
    announced[40] = True
    inputs = network_inputs(histories, 10, holidays=holidays, announced=announced)
    days = [
        np.concatenate([inputs.past[:, :, f], inputs.future[:, :, f]], axis=1).reshape(2, -1)
        for f in FLAGS
    ]
    assert [np.flatnonzero(row).tolist() for row in days[0]] == [[], [180, 183, 191]]
    assert [np.flatnonzero(row).tolist() for row in days[1]] == [[182], [182]]
    assert (inputs.future[:, :, IN_FUTURE] == 1).all()
    assert (inputs.past[:, :, IN_FUTURE] == 0).all()


def test_flags_of_a_long_history_end_at_the_cutoff():
    flags = np.zeros(1000 + 10, dtype=bool)
    flags[999:1001] = True
    inputs = network_inputs(lively(1, 1000), 10, holidays=flags)
    assert inputs.past[0, -1, FLAGS[0]].tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert inputs.future[0, 0, FLAGS[0]].tolist() == [1, 0, 0, 0, 0, 0, 0]


def test_wrong_shapes_are_refused():
    with pytest.raises(SettingError, match="histories must have shape"):
        network_inputs(np.zeros(9), 7)
    with pytest.raises(SettingError, match="horizon must be an integer from 1"):
        network_inputs(np.zeros((1, 9)), 0)
    with pytest.raises(SettingError, match=r"holidays must have shape \(1, 16\)"):
        network_inputs(np.zeros((1, 9)), 7, holidays=np.zeros((1, 9), dtype=bool))
