"""Quantile scores against scikit-learn, scoringrules and closed forms, and their properties."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
import scoringrules
from hypothesis import given, settings
from scipy import stats
from sklearn import metrics as oracle

from upswell.errors import SettingError
from upswell.scoring import (
    QUANTILE_LEVELS,
    coverage,
    crps_from_samples,
    interval_score,
    mase,
    mean_pinball_loss,
    mean_scaled_quantile_loss,
    pinball_loss,
    quantile_name,
    scaled_quantile_loss,
    weighted_quantile_loss,
    wmape,
)

COUNTS = hnp.arrays(np.float64, (2, 9), elements=st.floats(0, 1e9, allow_subnormal=False))
LEVELS = st.floats(0.01, 0.99)


def test_there_are_21_levels_with_the_names_of_the_contract() -> None:
    names = [quantile_name(level) for level in QUANTILE_LEVELS]
    tens = [f"q{number:02d}" for number in range(5, 100, 5)]
    assert names == ["q025", *tens, "q975"]
    assert len(names) == 21
    assert list(QUANTILE_LEVELS) == sorted(QUANTILE_LEVELS)


def test_levels_are_the_nearest_floats_to_their_decimals() -> None:
    assert (
        0.025,
        *(float(f"0.{number:02d}") for number in range(5, 100, 5)),
        0.975,
    ) == QUANTILE_LEVELS


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 999))
def test_the_name_of_a_level_reads_back_as_the_level(thousandths: int) -> None:
    level = thousandths / 1000
    assert float("0." + quantile_name(level)[1:]) == level


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, 1.5, 1e-9, float("nan")])
def test_a_level_outside_0_and_1_has_no_name(level: float) -> None:
    with pytest.raises(SettingError):
        quantile_name(level)


@settings(max_examples=40, deadline=None)
@given(COUNTS, LEVELS)
def test_pinball_equals_scikit_learn(pair: np.ndarray, level: float) -> None:
    actual, forecast = pair
    assert float(pinball_loss(actual, forecast, level).mean()) == pytest.approx(
        oracle.mean_pinball_loss(actual, forecast, alpha=level)
    )


@settings(max_examples=40, deadline=None)
@given(COUNTS, LEVELS, st.floats(0.01, 100))
def test_pinball_is_not_negative_and_scales_with_the_unit(
    pair: np.ndarray, level: float, unit: float
) -> None:
    losses = pinball_loss(*pair, level)
    assert (losses >= 0).all()
    np.testing.assert_allclose(pinball_loss(*(unit * pair), level), unit * losses, rtol=1e-6)


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_pinball_of_a_uniform_is_least_at_the_true_quantile(level: float) -> None:
    # For y uniform on (0, 1): E loss(q) = level/2 - level*q + q**2/2, least at q = level.
    grid = (np.arange(20_000) + 0.5) / 20_000
    for q in (0.05, 0.3, level, 0.8):
        expected = level / 2 - level * q + q**2 / 2
        assert float(pinball_loss(grid, np.full_like(grid, q), level).mean()) == pytest.approx(
            expected, abs=1e-6
        )


def test_mean_pinball_over_many_levels_is_half_the_crps() -> None:
    levels = (np.arange(2000) + 0.5) / 2000
    quantiles = stats.norm.ppf(levels)
    expected = scoringrules.crps_normal(0.7, 0.0, 1.0)
    assert 2 * float(mean_pinball_loss(0.7, quantiles, tuple(levels))) == pytest.approx(
        expected, rel=1e-3
    )
    assert float(crps_from_samples(0.7, quantiles)) == pytest.approx(expected, rel=1e-3)


def test_scaled_loss_of_the_median_alone_is_mase_and_weighted_loss_wmape() -> None:
    rng = np.random.default_rng(3)
    actual, median = rng.gamma(2.0, 50.0, size=(2, 5, 30))
    scale = rng.gamma(2.0, 10.0, size=5)
    np.testing.assert_allclose(
        scaled_quantile_loss(actual, median[None], (0.5,), scale), mase(actual, median, scale)
    )
    assert float(weighted_quantile_loss(actual, median[None], (0.5,))) == pytest.approx(
        float(wmape(actual, median))
    )


def test_scaled_quantile_loss_follows_its_definition_step_by_step() -> None:
    rng = np.random.default_rng(4)
    levels = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
    actual = rng.gamma(2.0, 50.0, size=30)
    actual[3] = np.nan
    quantiles = np.sort(rng.gamma(2.0, 50.0, size=(11, 30)), axis=0)
    total = count = 0.0
    for day in range(30):
        if not np.isnan(actual[day]):
            for row, level in zip(quantiles, levels, strict=True):
                error = actual[day] - row[day]
                total += level * error if error > 0 else (level - 1) * error
                count += 1
    assert float(scaled_quantile_loss(actual, quantiles, levels, 25.0)) == pytest.approx(
        2 * total / count / 25.0
    )


def test_mean_scaled_loss_leaves_out_undefined_series_but_no_failed_one() -> None:
    actual = np.array([[1.0, 2.0], [1.0, 2.0], [np.nan, np.nan]])
    medians = np.array([[[2.0, 3.0], [5.0, 6.0], [1.0, 1.0]]])
    assert float(mean_scaled_quantile_loss(actual, medians, (0.5,), [2.0, 0.0, 1.0])) == 0.5
    medians[0, 0] = np.nan
    assert np.isnan(mean_scaled_quantile_loss(actual, medians, (0.5,), [2.0, 0.0, 1.0]))


def test_missing_actual_is_left_out_and_missing_forecast_is_not() -> None:
    actual, quantiles = np.array([np.nan, 4.0]), np.array([[7.0, 3.0]])
    assert float(scaled_quantile_loss(actual, quantiles, (0.5,), 1.0)) == 1.0
    assert np.isnan(scaled_quantile_loss(actual[::-1], [[np.nan, 1.0]], (0.5,), 1.0))
    assert np.isnan(coverage([1.0, 2.0], [0.0, np.nan], [3.0, 3.0]))
    assert float(coverage([1.0, np.nan], [0.0, np.nan], [3.0, 3.0])) == 1.0


def test_wrong_shapes_and_levels_are_refused() -> None:
    with pytest.raises(SettingError, match="quantiles has shape"):
        mean_pinball_loss(np.zeros(3), np.zeros((2, 4)), (0.1, 0.9))
    with pytest.raises(SettingError, match="quantiles has shape"):
        mean_pinball_loss(np.zeros(3), np.zeros((2, 3)), (0.1, 0.5, 0.9))
    with pytest.raises(SettingError, match="level"):
        mean_pinball_loss(np.zeros(3), np.zeros((1, 3)), (1.0,))
    with pytest.raises(SettingError, match="scale"):
        scaled_quantile_loss(np.zeros((2, 3)), np.zeros((1, 2, 3)), (0.5,), 1.0)
    with pytest.raises(SettingError, match="upper"):
        coverage(np.zeros(3), np.zeros(3), np.zeros(2))
    with pytest.raises(SettingError, match="lower end above"):
        interval_score([1.0], [3.0], [2.0], 0.8)


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.floats(0, 1e6), st.floats(0.05, 0.98))
def test_interval_score_equals_scoringrules(pair: np.ndarray, width: float, level: float) -> None:
    actual, low = pair
    high = low + width
    np.testing.assert_allclose(
        interval_score(actual, low, high, level),
        scoringrules.interval_score(actual, low, high, 1 - level),
        rtol=1e-9,
    )


def test_interval_score_is_the_pinball_loss_of_both_ends() -> None:
    actual, low, high = np.array([1.0, 5.0, 20.0]), np.full(3, 3.0), np.full(3, 9.0)
    both = pinball_loss(actual, low, 0.1) + pinball_loss(actual, high, 0.9)
    np.testing.assert_allclose(interval_score(actual, low, high, 0.8), 2 / 0.2 * both)


def test_interval_score_of_a_normal_is_least_at_its_own_quantiles() -> None:
    grid = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    best = stats.norm.ppf(0.9)

    def expected(end: float) -> float:
        ends = np.full_like(grid, end)
        return float(interval_score(grid, -ends, ends, 0.8).mean())

    assert expected(best) < min(expected(0.8 * best), expected(1.2 * best))


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.floats(0, 1e9))
def test_coverage_is_a_share_and_grows_with_the_range(pair: np.ndarray, more: float) -> None:
    actual, low = pair
    narrow, wide = coverage(actual, low, low + 1.0), coverage(actual, low - more, low + 1.0 + more)
    assert 0.0 <= float(narrow) <= float(wide) <= 1.0


def test_coverage_counts_both_ends() -> None:
    assert float(coverage([1.0, 2.0, 3.0, 4.0], [2.0] * 4, [3.0] * 4)) == 0.5
