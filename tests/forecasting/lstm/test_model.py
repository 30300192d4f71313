import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from upswell.errors import SettingError
from upswell.forecasting.history import FittedMedian, History, MedianForecaster
from upswell.forecasting.lstm import LstmForecaster, LstmSettings, train_network


def seasonal_naive(history, horizon):
    return history.values[:, history.days - 7 + np.arange(horizon) % 7]


def mean_error(forecast, truth):
    return (np.abs(forecast - truth).mean(axis=1) / truth.mean(axis=1)).mean()


def test_it_keeps_the_protocol(make_panel, small_settings):
    forecaster: MedianForecaster = LstmForecaster(small_settings)
    fitted: FittedMedian = forecaster.fit(make_panel(40), 14, seed=0)
    assert forecaster.name == "lstm"
    assert fitted.predict(make_panel(40), 14).shape == (9, 14)


def test_the_strategies_have_names(trained, trained_direct):
    assert (trained.name, trained_direct.name) == ("lstm", "lstm-direct")


@pytest.mark.parametrize("which", ["trained", "trained_direct"])
def test_forecasts_are_finite_and_not_negative(which, make_panel, request):
    forecast = request.getfixturevalue(which).predict(make_panel(60), 14)
    assert forecast.shape == (9, 14)
    assert np.isfinite(forecast).all()
    assert (forecast >= 0).all()


COUNTS = arrays(
    np.float64,
    st.tuples(st.integers(1, 3), st.integers(10, 40)),
    elements=st.one_of(
        st.just(np.nan), st.integers(0, 10**18).map(float), st.integers(0, 50).map(float)
    ),
)


@settings(max_examples=40, deadline=None)
@given(values=COUNTS, horizon=st.integers(1, 14))
def test_any_counts_give_a_finite_forecast_or_none(trained, trained_direct, values, horizon):
    history = History(values, np.arange(values.shape[1]) % 7)
    enough = np.isfinite(values).sum(axis=1) >= 10
    recent = np.isfinite(values[:, -28:]).any(axis=1)
    for model in (trained, trained_direct):
        forecast = model.predict(history, horizon)
        np.testing.assert_array_equal(
            np.isfinite(forecast), np.repeat((enough & recent)[:, None], horizon, axis=1)
        )
        assert not (forecast < 0).any()


def test_a_recursive_model_can_be_asked_for_any_horizon(trained, make_panel):
    near, far = trained.predict(make_panel(60), 5), trained.predict(make_panel(60), 400)
    np.testing.assert_array_equal(near, far[:, :5])
    assert np.isfinite(far).all()


def test_a_direct_model_says_its_own_horizon_at_most(trained_direct, make_panel):
    whole = trained_direct.predict(make_panel(60), 14)
    np.testing.assert_array_equal(trained_direct.predict(make_panel(60), 5), whole[:, :5])
    with pytest.raises(SettingError, match="trained for 14 days, and 15 were asked for"):
        trained_direct.predict(make_panel(60), 15)


def test_a_horizon_below_one_is_named(trained, make_panel):
    with pytest.raises(SettingError, match="--horizon must be at least 1, got 0"):
        trained.predict(make_panel(60), 0)


@pytest.mark.parametrize("which", ["trained", "trained_direct"])
def test_days_after_the_cutoff_change_no_forecast(which, make_panel, request):
    model = request.getfixturevalue(which)
    full = make_panel(90)
    values = full.values.copy()
    values[:, 60:] = 1e15
    planted = History(values, full.phase)
    np.testing.assert_array_equal(
        model.predict(full.until(60), 14), model.predict(planted.until(60), 14)
    )


def test_a_later_cutoff_needs_no_new_training_and_follows_the_level(trained, make_panel):
    full = make_panel(90)
    values = full.values.copy()
    values[:, 60:] *= 3
    later = trained.predict(History(values, full.phase), 14)
    ratio = later.mean(axis=1) / trained.predict(full, 14).mean(axis=1)
    assert (np.abs(ratio - 3) < 0.5).all()


@pytest.mark.parametrize("which", ["trained", "trained_direct"])
@pytest.mark.parametrize("factor", [1000.0, 0.001])
def test_a_thousandfold_history_has_a_thousandfold_forecast(which, factor, make_panel, request):
    model = request.getfixturevalue(which)
    panel = make_panel(60)
    scaled = model.predict(History(factor * panel.values, panel.phase), 14)
    np.testing.assert_allclose(scaled, factor * model.predict(panel, 14), rtol=1e-4)


def test_a_series_forecast_alone_has_the_same_forecast(trained, make_panel):
    panel = make_panel(60)
    together = trained.predict(panel, 14)
    alone = trained.predict(panel.select(np.array([4, 2])), 14)
    np.testing.assert_allclose(alone, together[[4, 2]], rtol=1e-4)


def test_a_series_without_enough_days_is_nan_and_harms_no_other(trained, make_panel):
    panel = make_panel(60)
    values = np.vstack([panel.values, np.full((3, 60), np.nan)])
    values[9, -9:] = 5.0  # one day less than a window
    values[10, :20] = 5.0  # silent for 40 days
    forecast = trained.predict(History(values, panel.phase), 14)
    assert np.isnan(forecast[9:]).all()
    np.testing.assert_allclose(forecast[:9], trained.predict(panel, 14), rtol=1e-4)


def test_a_history_shorter_than_a_window_gives_nan(trained, make_panel):
    assert np.isnan(trained.predict(make_panel(60).until(9), 3)).all()
    assert np.isnan(trained.predict(make_panel(60).until(0), 3)).all()


def test_missing_days_change_a_forecast_little(trained, make_panel):
    panel = make_panel(60)
    values = panel.values.copy()
    values[:, [20, 33, 47, 57]] = np.nan
    with_gaps = trained.predict(History(values, panel.phase), 14)
    whole = trained.predict(panel, 14)
    assert np.isfinite(with_gaps).all()
    assert np.median(np.abs(with_gaps / whole - 1)) < 0.1


def test_constant_series_go_on(trained):
    values = np.full((2, 40), [[0.0], [12.0]])
    forecast = trained.predict(History(values, np.arange(40) % 7), 30)
    np.testing.assert_allclose(forecast, np.full((2, 30), [[0.0], [12.0]]), atol=1e-9)


@pytest.mark.parametrize("strategy", ["recursive", "direct"])
def test_growth_goes_on_past_the_largest_value_seen(strategy):
    days = np.arange(90)
    generator = np.random.default_rng(2)
    rhythm = 0.1 * np.cos(2 * np.pi * days / 7)
    shocks = generator.normal(0, 0.03, (6, 90))
    values = np.round(1000 * np.exp(0.035 * days + rhythm + shocks) * np.arange(1, 7)[:, None])
    history = History(values, days % 7)
    small = LstmSettings(units=16, batch_size=16, epochs=15, strategy=strategy, device="cpu")
    forecast = train_network(history, 30, small, seed=0).predict(history, 30)
    assert (forecast[:, 29] > values.max(axis=1)).all()


@pytest.mark.parametrize("days", [60, 200])
def test_on_trend_and_weekly_rhythm_it_beats_the_last_value_and_keeps_up_with_naive(
    make_panel, days
):
    panel = make_panel(days + 30, seed=days)
    past, truth = panel.until(days), panel.values[:, days:]
    chosen = LstmSettings(batch_size=16, epochs=20, patience=5, device="cpu")
    forecast = train_network(past, 30, chosen, seed=0).predict(past, 30)
    last_value = np.repeat(past.values[:, -1:], 30, axis=1)
    assert mean_error(forecast, truth) < mean_error(last_value, truth)
    assert mean_error(forecast, truth) < 1.05 * mean_error(seasonal_naive(past, 30), truth)
