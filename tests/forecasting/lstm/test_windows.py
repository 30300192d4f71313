import numpy as np
import pytest

from upswell.forecasting.history import History
from upswell.forecasting.lstm import LstmSettings
from upswell.forecasting.lstm._scaling import scale_history
from upswell.forecasting.lstm._teaching import Teaching, largest_epoch
from upswell.forecasting.lstm._windows import (
    Origins,
    Windows,
    split_origins,
    targets,
    validation_days,
)


def origins_of(pairs):
    series, day = np.array(pairs, dtype=np.int64).T
    return Origins(series, day)


@pytest.mark.parametrize(
    ("days", "horizon", "length", "expected"),
    [(50, 30, 10, 10), (20, 30, 10, 3), (200, 30, 10, 30), (12, 30, 10, 1), (400, 7, 10, 60)],
)
def test_the_validation_tail_has_its_share(days, horizon, length, expected):
    assert validation_days(days, horizon, length) == expected


@pytest.mark.parametrize("leads", [1, 14])
def test_targets_of_training_and_validation_are_apart_and_inside_the_training_part(
    make_panel, leads
):
    scaled = scale_history(make_panel(50))
    train, validation = split_origins(scaled, 10, leads, 12)
    assert (train.day >= 10).all()
    assert (validation.day >= 10).all()
    assert (train.day < 38).all()
    assert (validation.day < 50).all()
    for origins, days in ((train, (0, 38)), (validation, (38, 50))):
        windows = Windows.before(scaled, origins, 10)
        known = targets(scaled, origins, windows, windows.level(), leads=leads, days=days)
        target = origins.day[:, None] + np.arange(leads)
        inside = (target >= days[0]) & (target < days[1])
        np.testing.assert_array_equal(known.weights, inside)
        assert (known.weights.sum(axis=1) > 0).all()


def test_a_target_is_the_way_from_the_level_in_spreads(make_panel):
    scaled = scale_history(make_panel(40))
    origins = origins_of([(2, 30)])
    windows = Windows.before(scaled, origins, 10)
    level = windows.level()
    known = targets(scaled, origins, windows, level, leads=3, days=(0, 32))
    effects = scaled.effects[30, 2, scaled.phase[30:32]]
    expected = (scaled.log[2, 30:32] - effects - level) / scaled.spread[2]
    np.testing.assert_allclose(known.values[0, :2], expected, rtol=1e-6)
    np.testing.assert_array_equal(known.weights, [[1, 1, 0]])
    assert known.values[0, 2] == 0


def test_missing_days_are_no_targets_and_sparse_windows_do_not_teach():
    values = np.arange(100.0, 140.0)[None, :].repeat(2, axis=0)
    values[0, 20] = np.nan
    values[1, 5:35] = np.nan
    scaled = scale_history(History(values, np.arange(40) % 7))
    train, validation = split_origins(scaled, 10, 1, 5)
    assert 20 not in train.day[train.series == 0]
    assert not (train.series == 1).any()
    assert set(validation.day[validation.series == 0]) == set(range(35, 40))


def test_a_window_that_moves_on_equals_one_gathered_later():
    values = np.exp(np.linspace(3, 6, 60))[None, :]
    scaled = scale_history(History(values, np.arange(60) % 7))
    scaled.effects[:] = 0
    moving = Windows.before(scaled, origins_of([(0, 40)]), 10)
    for day in range(40, 45):
        moving.advance(scaled.log[:, day])
    later = Windows.before(scaled, origins_of([(0, 45)]), 10)
    np.testing.assert_allclose(moving.plain, later.plain)
    np.testing.assert_array_equal(moving.weekday, later.weekday)
    level = later.level()
    assert moving.inputs(level).shape == (1, 10, 3)
    np.testing.assert_allclose(moving.inputs(level)[..., :2], later.inputs(level)[..., :2])


def test_inputs_do_not_know_how_large_a_series_is(make_panel):
    panel = make_panel(40)
    origins = origins_of([(s, 40) for s in range(panel.series)])
    inputs = []
    for factor in (1, 1000):
        scaled = scale_history(History(factor * panel.values, panel.phase))
        windows = Windows.before(scaled, origins, 10)
        inputs.append(windows.inputs(windows.level()))
    np.testing.assert_allclose(inputs[0], inputs[1], atol=1e-5)


def test_an_epoch_of_a_large_panel_is_capped_and_drawn_anew(make_panel):
    assert largest_epoch(4) == 8_000
    assert largest_epoch(64) == 20_000
    settings = LstmSettings(batch_size=1)
    scaled = scale_history(make_panel(300, creators=9))
    teaching = Teaching(scaled, settings, 7, 45, seed=0)
    assert teaching.epoch_windows == 2_000 < teaching.train.count
    first, second = teaching.lesson(0), teaching.lesson(1)
    assert len(first.inputs) == 2_000
    assert not np.array_equal(first.inputs, second.inputs)
    np.testing.assert_array_equal(first.inputs, teaching.lesson(0).inputs)


@pytest.mark.parametrize("strategy", ["recursive", "direct"])
def test_the_validation_loss_of_the_silent_network_is_that_of_the_level(make_panel, strategy):
    settings = LstmSettings(strategy=strategy)
    scaled = scale_history(make_panel(50))
    teaching = Teaching(scaled, settings, 14, 10, seed=0)
    leads = 1 if strategy == "recursive" else 14
    silent = teaching.validation_loss(lambda x: np.zeros((len(x), leads), dtype=np.float32))
    wild = teaching.validation_loss(lambda x: np.full((len(x), leads), 5, dtype=np.float32))
    assert 0 < silent < wild
