"""Scores on the logarithmic scale against scikit-learn and closed forms."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from sklearn import metrics as oracle

from upswell.errors import SettingError
from upswell.scoring import log_bias, log_error, rmsle

COUNTS = hnp.arrays(np.float64, (2, 9), elements=st.floats(0, 1e9, allow_subnormal=False))


@settings(max_examples=40)
@given(COUNTS)
def test_rmsle_equals_scikit_learn(pair: np.ndarray) -> None:
    expected = oracle.root_mean_squared_log_error(pair[0], pair[1])
    assert float(rmsle(pair[0], pair[1])) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=40)
@given(COUNTS)
def test_rmsle_is_bias_and_spread_of_the_log_errors(pair: np.ndarray) -> None:
    errors = log_error(pair[0], pair[1])
    expected = np.sqrt(float(log_bias(pair[0], pair[1])) ** 2 + errors.var())
    assert float(rmsle(pair[0], pair[1])) == pytest.approx(expected, abs=1e-9)


def test_a_forecast_that_is_twice_too_high_has_the_log_of_two() -> None:
    actual = np.array([9.0, 99.0, 999.0])
    doubled = 2.0 * (actual + 1.0) - 1.0
    assert float(rmsle(actual, doubled)) == pytest.approx(np.log(2.0))
    assert float(log_bias(actual, doubled)) == pytest.approx(np.log(2.0))
    assert float(log_bias(doubled, actual)) == pytest.approx(-np.log(2.0))


@pytest.mark.parametrize("score", [rmsle, log_bias])
def test_a_missing_actual_is_left_out_and_a_missing_forecast_is_not(score) -> None:
    actual, forecast = np.array([3.0, np.nan, 8.0]), np.array([5.0, 1.0, 2.0])
    assert float(score(actual, forecast)) == float(score(actual[[0, 2]], forecast[[0, 2]]))
    assert np.isnan(score([3.0, 4.0], [np.nan, 4.0]))
    assert np.isnan(score([np.nan], [1.0]))


@pytest.mark.parametrize("pair", [([-1.0], [1.0]), ([1.0], [-0.5]), ([1.0], [np.inf])])
def test_what_has_no_logarithm_is_refused(pair) -> None:
    with pytest.raises(SettingError):
        rmsle(*pair)
