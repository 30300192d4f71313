import sys

import numpy as np
import pytest

from upswell.errors import MissingPackageError, SettingError
from upswell.forecasting.history import History
from upswell.forecasting.lstm.adapting import AdaptingSettings, adapt_network
from upswell.forecasting.lstm.adapting.model import network_of
from upswell.forecasting.lstm.pretrained import forecast_quantiles

HORIZON = 14


def loss(said, truth):
    away = truth - said.day
    levels = said.levels[:, None, None]
    return np.maximum(levels * away, (levels - 1) * away).mean(axis=(0, 2))


def test_a_peculiarity_that_validation_shows_is_adapted_to(adaptation):
    choice = adaptation.adapted.choice
    assert choice.adapted
    assert choice.loss < 0.9 * choice.zero_shot_loss
    assert choice.why.startswith("adapted: on 5 validation windows")
    assert adaptation.adapted.tuned.keys() == adaptation.adapted.untouched.keys()


def test_the_loss_that_chooses_is_that_of_the_answers(adaptation, history, base):
    # Zero-shot's, computed once more with nothing of the module.
    parts = adaptation.parts
    end = parts.teaching + parts.validation
    cutoffs = np.unique(np.linspace(parts.teaching, end - HORIZON, 5).round().astype(int))
    taught = history.values[:, : parts.teaching]
    scale = np.abs(taught[:, 7:] - taught[:, :-7]).mean(axis=1)
    losses = []
    for cutoff in cutoffs:
        said = forecast_quantiles(history.values[:, :cutoff], HORIZON, network=network_of(base))
        losses.append(2 * loss(said, history.values[:, cutoff : cutoff + HORIZON]))
    wanted = np.exp(np.log(np.mean(losses, axis=0) / scale + 1e-3).mean())
    assert adaptation.adapted.choice.zero_shot_loss == pytest.approx(wanted)


def test_zero_shot_is_kept_where_what_was_taught_no_longer_holds(base, quick):
    # The days that teach always rise; those that choose do not move.
    day = np.arange(120)
    values = np.exp(5 + 0.06 * np.minimum(day, 72)) * np.ones((3, 1))
    values[:, 72:] *= 1 + 0.01 * np.sin(day[72:])
    found = adapt_network(History(np.round(values), day % 7), HORIZON, quick, base=base)
    for model in (found.adapted, found.judged):
        assert model.choice.weight == 0
        assert model.tuned == {}
        assert model.choice.why.startswith("kept zero-shot: on ")
    assert found.adapted.choice.zero_shot_loss * 0.99 < found.adapted.choice.loss
    said = found.adapted.quantiles(History(values, day % 7), 7)
    plain = forecast_quantiles(values, 7, network=network_of(base))
    np.testing.assert_array_equal(said.day, plain.day)


def test_nothing_is_gained_on_days_that_are_always_the_same(base, quick):
    history = History(np.full((3, 80), 500.0), np.arange(80) % 7)
    strict = AdaptingSettings(
        quick.steps, quick.weights, quick.learning_rate, least_gain=0.999, device="cpu"
    )
    assert not adapt_network(history, HORIZON, strict, base=base).adapted.choice.adapted


def test_the_days_of_the_test_neither_teach_nor_choose(adaptation, history, base, quick):
    changed = history.values.copy()
    changed[:, -adaptation.parts.test :] *= 10
    other = adapt_network(History(changed, history.phase), HORIZON, quick, seed=1, base=base)
    assert other.judged.choice == adaptation.judged.choice
    for name, weight in adaptation.judged.tuned.items():
        np.testing.assert_array_equal(other.judged.tuned[name], weight)
    assert any((other.adapted.tuned[n] != w).any() for n, w in adaptation.adapted.tuned.items())


def test_a_seed_decides_the_weights(history, base, quick, adaptation):
    again = adapt_network(history, HORIZON, quick, seed=1, base=base).adapted.tuned
    other = adapt_network(history, HORIZON, quick, seed=2, base=base).adapted.tuned
    assert all((again[n] == w).all() for n, w in adaptation.adapted.tuned.items())
    assert any((other[n] != w).any() for n, w in adaptation.adapted.tuned.items())


def test_missing_days_and_silent_series_do_no_harm(base, quick):
    draw = np.random.default_rng(0)
    values = draw.poisson(50, (5, 90)).astype(float)
    values[draw.random(values.shape) < 0.2] = np.nan
    values[2], values[3] = 0.0, np.nan
    found = adapt_network(History(values, np.arange(90) % 7), HORIZON, quick, base=base)
    assert np.isfinite(found.adapted.choice.loss)
    said = found.adapted.predict(History(values, np.arange(90) % 7), HORIZON)
    assert np.isfinite(said[[0, 1, 4]]).all()
    assert (said[2] == 0).all()
    assert np.isnan(said[3]).all()


def test_without_torch_the_error_says_what_to_install(monkeypatch, history, base):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingPackageError, match="needs the package torch") as caught:
        adapt_network(history, HORIZON, base=base)
    assert "lstm-pretrained" in (caught.value.fix or "")


@pytest.mark.parametrize(("horizon", "seed"), [(0, 0), (5000, 0), (7, -1)])
def test_numbers_out_of_range_are_errors(horizon, seed, history, base):
    with pytest.raises(SettingError, match="must be between"):
        adapt_network(history, horizon, seed=seed, base=base)
