"""Averaged smoothing: each set of parameters against another library, and the average by hand."""

from __future__ import annotations

import warnings

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays

from upswell.forecasting import smoothing
from upswell.forecasting.history import History
from upswell.forecasting.smoothing import MINIMUM_DAYS, PARAMETERS, AveragedSmoothing, smoothed

RNG = np.random.default_rng(3)
DAYS = np.arange(126)
LOGS = 5 + 0.004 * DAYS + 0.2 * np.sin(2 * np.pi * DAYS / 7) + 0.05 * RNG.standard_normal(126)


def history(values: np.ndarray) -> History:
    return History(values, np.arange(values.shape[1]) % 7)


@pytest.mark.parametrize("row", [0, 5, 39, 100, 239])
def test_one_set_of_parameters_is_damped_holt_winters_smoothing(row: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsmodels.tsa.holtwinters import ExponentialSmoothing

        level, trend, damping, season = PARAMETERS[row]
        start = LOGS[:21].mean()
        profile = (LOGS[:21] - start).reshape(3, 7).mean(axis=0)
        model = ExponentialSmoothing(
            LOGS,
            trend="add",
            damped_trend=True,
            seasonal="add",
            seasonal_periods=7,
            initialization_method="known",
            initial_level=start,
            initial_trend=0.0,
            initial_seasonal=profile,
        )
        fitted = model.fit(
            smoothing_level=level,
            smoothing_trend=trend,
            smoothing_seasonal=season * (1 - level),
            damping_trend=damping,
            optimized=False,
        )
        expected = fitted.forecast(30)
    found = smoothed(LOGS[None], 30, PARAMETERS[row : row + 1])[0]
    # That library's last day does not move its season, so this weekday is left to the next test.
    others = np.arange(30) % 7 != 6
    np.testing.assert_allclose(found[others], expected[others], rtol=1e-9)


def test_sets_are_averaged_by_their_likelihood() -> None:
    some = PARAMETERS[[0, 100, 239]]
    apart = [smoothed(LOGS[None], 30, one[None])[0] for one in some]
    together = smoothed(LOGS[None], 30, some)[0]
    weights, *_ = np.linalg.lstsq(np.stack(apart, axis=1), together, rcond=None)
    assert weights.sum() == pytest.approx(1.0)
    assert (weights > -1e-9).all()
    errors = [_one_step_squares(LOGS, one) for one in some]
    number = len(LOGS) - MINIMUM_DAYS
    likelihood = np.array(errors) ** (-0.5 * smoothing.WORTH * number)
    np.testing.assert_allclose(weights, likelihood / likelihood.sum(), rtol=1e-4, atol=1e-9)


def _one_step_squares(logs: np.ndarray, one: np.ndarray) -> float:
    """Errors of one day, each from a forecast of its own of all days before it."""
    start = logs[:21].mean()
    state = [start, 0.0, *(logs[:21] - start).reshape(3, 7).mean(axis=0)]
    total = 0.0
    for day, value in enumerate(logs):
        level, trend, season = state[0], one[2] * state[1], state[2 + day % 7]
        error = value - level - trend - season
        total += error**2 if day >= MINIMUM_DAYS else 0.0
        state[0], state[1] = level + trend + one[0] * error, trend + one[0] * one[1] * error
        state[2 + day % 7] = season + (1 - one[0]) * one[3] * error
    return total


def test_a_steady_decline_goes_on_for_a_while() -> None:
    values = 1e5 * np.exp(-0.01 * np.arange(200))[None]
    found = AveragedSmoothing().predict(history(values), 30)[0]
    assert found[0] < values[0, -1]
    assert 0.75 < found[-1] / values[0, -1] < 0.95


def test_a_missing_day_moves_nothing() -> None:
    whole = np.exp(np.tile(LOGS[:7], 18))[None]
    holes = whole.copy()
    holes[0, 60:80] = np.nan
    holes[0, -3:] = np.nan
    found = [AveragedSmoothing().predict(history(v), 14) for v in (whole, holes)]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6)


def test_series_do_not_know_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    values = RNG.lognormal(5, 1, (9, 90))
    together = AveragedSmoothing().predict(history(values), 10)
    monkeypatch.setattr(smoothing, "CELLS", 2 * len(PARAMETERS))
    assert (AveragedSmoothing().predict(history(values), 10) == together).all()
    alone = AveragedSmoothing().predict(history(values[4:5]), 10)
    np.testing.assert_allclose(alone, together[4:5], rtol=1e-12)


def test_thousands_are_forecast_as_ones() -> None:
    values = RNG.lognormal(3, 0.5, (1, 100))
    few, many = (AveragedSmoothing().predict(history(k * values), 10) for k in (1, 1000))
    np.testing.assert_allclose(many, 1000 * few, rtol=1e-9)


def test_a_short_or_empty_series_has_no_forecast() -> None:
    values = np.full((3, 40), np.nan)
    values[1, -MINIMUM_DAYS + 1 :] = 5.0
    values[2, -MINIMUM_DAYS:] = 5.0
    found = AveragedSmoothing().predict(history(values), 4)
    assert np.isnan(found[:2]).all()
    np.testing.assert_allclose(found[2], 5.0, rtol=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    arrays(
        float,
        (2, 45),
        elements=st.one_of(st.just(0.0), st.just(np.nan), st.floats(0, 1e12)),
    )
)
def test_no_input_gives_a_negative_infinite_or_exploding_median(values: np.ndarray) -> None:
    found = AveragedSmoothing().predict(history(values), 30)
    known = found[np.isfinite(found)]
    assert not np.isinf(found).any()
    assert (known >= 0).all()
    assert known.max(initial=0) <= smoothing.EXPLOSION * max(np.nanmax(values, initial=0), 1)
