"""The shipped forecaster: sound on any input, nothing from later, no torch."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from upswell.errors import SettingError
from upswell.forecasting.history import History
from upswell.forecasting.lstm.pretrained import forecaster as module
from upswell.forecasting.lstm.pretrained.forecaster import PretrainedLstm, forecast_quantiles
from upswell.forecasting.quantiles import QuantileForecaster, Quantiles
from upswell.simulate.audiences import simulate_audiences

ANY = st.floats(allow_nan=True, allow_infinity=True)
USUAL = st.one_of(st.integers(0, 10**6).map(float), st.just(float("nan")), st.just(0.0))


def check_sound(said: Quantiles) -> None:
    for head in (said.day, said.sum, said.peak):
        assert np.isfinite(head).all()
        assert (head >= 0).all()
        assert (np.diff(head, axis=0) >= 0).all()
    for grown in (said.sum, said.peak):
        assert (np.diff(grown, axis=2) >= 0).all()
    assert (said.peak >= said.day).all()


@settings(max_examples=60)
@given(
    values=st.one_of(
        arrays(np.float64, st.tuples(st.just(2), st.integers(7, 60)), elements=ANY),
        arrays(np.float64, st.tuples(st.just(2), st.integers(7, 400)), elements=USUAL),
    ),
    horizon=st.integers(1, 60),
)
def test_any_input_gives_finite_ascending_quantiles_that_are_not_negative(
    values: np.ndarray, horizon: int
):
    said = forecast_quantiles(values, horizon)
    assert said.day.shape == (13, 2, horizon)
    failed = np.isfinite(values).sum(axis=1) < 7
    assert np.isnan(said.day[:, failed]).all()
    check_sound(said.select(np.flatnonzero(~failed)))


@pytest.mark.parametrize("scale", [1.0, 1e6])
def test_ranges_cover_simulated_futures_that_they_never_saw(scale: float):
    worlds = simulate_audiences(256, days=200, horizon=30, seed=31, components=False)
    said = forecast_quantiles(worlds.observed * scale, 30)
    for head, truth in (
        (said.day, worlds.future),
        (said.sum[..., -1], worlds.total),
        (said.peak[..., -1], worlds.peak),
    ):
        low, high = head[2] / scale, head[10] / scale
        assert 0.7 <= np.mean((truth >= low) & (truth <= high)) <= 0.9


def test_a_series_of_zeros_stays_zero_and_one_without_days_is_a_failure():
    values = np.zeros((2, 50))
    values[1, 6:] = np.nan
    said = forecast_quantiles(values, 14)
    assert (said.sum[:, 0] == 0).all()
    assert np.isnan(said.sum[:, 1]).all()


def test_days_after_the_cutoff_change_nothing():
    values = np.random.default_rng(0).poisson(50, (3, 90)).astype(float)
    history = History(values, np.arange(90) % 7)
    lstm = PretrainedLstm()
    known = lstm.fit(history, 14, seed=0).predict(history.until(70), 14)
    planted = History(np.where(np.arange(90) < 70, values, 1e9), history.phase)
    np.testing.assert_array_equal(lstm.predict(planted.until(70), 14), known)


def test_a_forecast_in_parts_is_the_forecast_as_a_whole(monkeypatch: pytest.MonkeyPatch):
    worlds = simulate_audiences(40, days=100, horizon=7, seed=8, components=False)
    flags = worlds.holidays
    whole = forecast_quantiles(worlds.observed, 7, flags, flags)
    again = forecast_quantiles(worlds.observed, 7, flags, flags)
    np.testing.assert_array_equal(whole.day, again.day)
    monkeypatch.setattr(module, "CHUNK", 16)
    parts = forecast_quantiles(worlds.observed, 7, flags, flags)
    np.testing.assert_allclose(parts.day, whole.day, rtol=1e-3, atol=1e-3)


def test_known_days_are_read():
    values = 100.0 + np.arange(100.0)[None] % 7
    nowhere = forecast_quantiles(values, 14)
    days = np.zeros(114, dtype=bool)
    np.testing.assert_array_equal(forecast_quantiles(values, 14, days, days).day, nowhere.day)
    days[105] = True
    assert (forecast_quantiles(values, 14, None, days).day != nowhere.day).any()


@pytest.mark.parametrize(
    ("values", "horizon", "flags"),
    [
        (np.ones(20), 7, None),
        (np.ones((1, 20)), 0, None),
        (np.ones((1, 20)), 7.5, None),
        (np.ones((1, 20)), 7, np.zeros(20)),
    ],
)
def test_what_has_no_meaning_is_a_setting_error(values, horizon, flags):
    with pytest.raises(SettingError):
        forecast_quantiles(values, horizon, flags)


def test_no_series_are_no_quantiles():
    assert forecast_quantiles(np.ones((0, 30)), 7).day.shape == (13, 0, 7)


def test_the_forecaster_says_quantiles_itself():
    assert isinstance(PretrainedLstm(), QuantileForecaster)


def test_a_forecast_needs_neither_torch_nor_scipy():
    code = (
        "import sys, numpy as np\n"
        "from upswell.forecasting.lstm.pretrained.forecaster import forecast_quantiles\n"
        "forecast_quantiles(np.ones((1, 40)), 7)\n"
        "assert not {'torch', 'scipy.special'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
