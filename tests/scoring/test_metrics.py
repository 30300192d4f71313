"""Point scores against scikit-learn and closed forms, and their properties."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from sklearn import metrics as oracle

from upswell.errors import SettingError
from upswell.scoring import (
    absolute_error,
    error_of_total,
    mase,
    mean_absolute_error,
    mean_over_known,
    mean_squared_error,
    relative_bias,
    root_mean_squared_error,
    seasonal_scale,
    wmape,
)

COUNTS = hnp.arrays(np.float64, (2, 12), elements=st.floats(0, 1e9, allow_subnormal=False))
MEANS = [mean_absolute_error, mean_squared_error, root_mean_squared_error, wmape, relative_bias]


@settings(max_examples=40, deadline=None)
@given(COUNTS)
def test_means_equal_scikit_learn(pair: np.ndarray) -> None:
    actual, forecast = pair
    expected_absolute = oracle.mean_absolute_error(actual, forecast)
    expected_squared = oracle.mean_squared_error(actual, forecast)
    assert float(mean_absolute_error(actual, forecast)) == pytest.approx(expected_absolute)
    assert float(mean_squared_error(actual, forecast)) == pytest.approx(expected_squared)
    assert float(root_mean_squared_error(actual, forecast)) == pytest.approx(
        oracle.root_mean_squared_error(actual, forecast)
    )


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.floats(0.01, 1000))
def test_errors_scale_with_the_unit_and_relative_ones_do_not(pair: np.ndarray, unit: float) -> None:
    actual, forecast = pair + 1.0
    for score in (mean_absolute_error, root_mean_squared_error):
        assert float(score(unit * actual, unit * forecast)) == pytest.approx(
            unit * float(score(actual, forecast)), rel=1e-6, abs=1e-6
        )
    for score in (wmape, error_of_total, relative_bias):
        assert float(score(unit * actual, unit * forecast)) == pytest.approx(
            float(score(actual, forecast)), rel=1e-6, abs=1e-9
        )


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.permutations(range(12)))
def test_order_of_days_does_not_matter(pair: np.ndarray, order: list[int]) -> None:
    actual, forecast = pair
    for score in (*MEANS, error_of_total):
        before, after = score(actual, forecast), score(actual[order], forecast[order])
        np.testing.assert_allclose(after, before, rtol=1e-9, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(COUNTS)
def test_error_of_the_total_is_never_above_wmape(pair: np.ndarray) -> None:
    actual, forecast = pair[0] + 1.0, pair[1]
    assert (
        float(error_of_total(actual, forecast))
        <= float(wmape(actual, forecast)) * (1 + 1e-9) + 1e-9
    )
    assert abs(float(relative_bias(actual, forecast))) == pytest.approx(
        float(error_of_total(actual, forecast)), rel=1e-9, abs=1e-9
    )


@pytest.mark.parametrize("score", [*MEANS, error_of_total])
def test_missing_actual_is_left_out(score) -> None:
    actual, forecast = np.array([3.0, np.nan, 5.0]), np.array([4.0, 100.0, 9.0])
    assert float(score(actual, forecast)) == float(score(actual[[0, 2]], forecast[[0, 2]]))
    nan_where_missing = np.array([4.0, np.nan, 9.0])
    assert float(score(actual, nan_where_missing)) == float(score(actual, forecast))


@pytest.mark.parametrize("score", [*MEANS, error_of_total])
def test_missing_forecast_of_a_known_day_is_never_skipped(score) -> None:
    assert np.isnan(score(np.array([3.0, 4.0]), np.array([3.0, np.nan])))


@pytest.mark.parametrize("score", [*MEANS, error_of_total])
def test_nothing_known_gives_nan(score) -> None:
    assert np.isnan(score(np.array([np.nan, np.nan]), np.array([3.0, 4.0])))


@pytest.mark.parametrize("score", [wmape, relative_bias, error_of_total])
def test_all_zero_truth_gives_nan(score) -> None:
    assert np.isnan(score(np.zeros(3), np.ones(3)))


@pytest.mark.parametrize("score", [*MEANS, error_of_total, absolute_error])
def test_wrong_shape_and_infinity_are_refused(score) -> None:
    with pytest.raises(SettingError, match="shape"):
        score(np.zeros(3), np.zeros(4))
    with pytest.raises(SettingError, match="infinite"):
        score(np.zeros(2), np.array([1.0, np.inf]))
    with pytest.raises(SettingError, match="numbers"):
        score(["a"], [1.0])


def test_axis_gives_one_score_a_series() -> None:
    actual, forecast = np.arange(12.0).reshape(3, 4), np.ones((3, 4))
    rows = [float(mean_absolute_error(a, f)) for a, f in zip(actual, forecast, strict=True)]
    assert mean_absolute_error(actual, forecast, axis=-1).tolist() == rows
    assert mean_absolute_error(actual, forecast, axis=(0, 1)) == pytest.approx(np.mean(rows))


def test_mean_over_known_checks_shapes() -> None:
    with pytest.raises(SettingError, match="shape"):
        mean_over_known(np.zeros(3), np.zeros(2))


def test_seasonal_scale_is_the_mae_of_seasonal_naive_in_sample() -> None:
    history = np.random.default_rng(1).gamma(2.0, 100.0, size=(4, 60))
    expected = [oracle.mean_absolute_error(row[7:], row[:-7]) for row in history]
    np.testing.assert_allclose(seasonal_scale(history), expected)


def test_a_season_of_one_day_compares_with_the_day_before() -> None:
    assert float(seasonal_scale([1.0, 4.0, 2.0, 2.0], season=1)) == pytest.approx(5 / 3)


def test_wmape_equals_the_weighted_percentage_error_of_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    actual, forecast = rng.gamma(2.0, 100.0, 50), rng.gamma(2.0, 100.0, 50)
    expected = oracle.mean_absolute_percentage_error(actual, forecast, sample_weight=actual)
    assert float(wmape(actual, forecast)) == pytest.approx(expected)
    assert float(wmape(actual, actual)) == 0


def test_relative_bias_has_the_sign_of_what_is_too_much() -> None:
    assert float(relative_bias([100.0, 300.0], [150.0, 350.0])) == pytest.approx(0.25)
    assert float(relative_bias([100.0, 300.0], [50.0, 250.0])) == pytest.approx(-0.25)
    assert float(error_of_total([100.0, 300.0], [50.0, 350.0])) == 0


def test_seasonal_scale_leaves_out_pairs_with_a_gap() -> None:
    history = np.arange(20.0) ** 2
    history[10] = np.nan
    kept = [t for t in range(7, 20) if t not in (10, 17)]
    expected = np.mean([t**2 - (t - 7) ** 2 for t in kept])
    assert float(seasonal_scale(history)) == pytest.approx(expected)


def test_seasonal_scale_of_a_short_history_is_nan() -> None:
    assert np.isnan(seasonal_scale(np.ones((2, 7)))).tolist() == [True, True]
    assert np.isnan(seasonal_scale(np.empty(0)))


def test_seasonal_scale_refuses_nonsense() -> None:
    with pytest.raises(SettingError):
        seasonal_scale(np.ones(9), season=0)
    with pytest.raises(SettingError):
        seasonal_scale(3.0)


def test_mase_of_seasonal_naive_on_a_periodic_series_with_a_step_is_known() -> None:
    # Each week is 7 above the last: the scale is 7, seasonal naive errs 7 in the first week after
    # the cutoff and 14 in the second.
    series = np.repeat(np.arange(6.0) * 7.0, 7) + np.tile(np.arange(7.0), 6)
    history, truth = series[:28], series[28:]
    forecast = np.tile(history[-7:], 2)
    assert float(mase(truth, forecast, seasonal_scale(history))) == pytest.approx(1.5)


def test_mase_is_nan_where_the_scale_is_zero_or_missing() -> None:
    truth = np.ones((3, 2))
    assert np.isnan(mase(truth, truth + 1, np.array([0.0, np.nan, 2.0]))).tolist() == [
        True,
        True,
        False,
    ]


def test_mase_checks_that_each_series_has_a_scale() -> None:
    with pytest.raises(SettingError, match="scale"):
        mase(np.ones((3, 2)), np.ones((3, 2)), np.ones(2))


def test_mean_minimises_the_squared_and_median_the_absolute_error() -> None:
    draws = np.random.default_rng(2).lognormal(size=4001)
    for score, best in (
        (mean_squared_error, draws.mean()),
        (mean_absolute_error, np.median(draws)),
    ):
        at_best = float(score(draws, np.full_like(draws, best)))
        for other in (0.8 * best, 1.2 * best):
            assert at_best < float(score(draws, np.full_like(draws, other)))
