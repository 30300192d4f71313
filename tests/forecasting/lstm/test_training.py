import dataclasses
import sys

import numpy as np
import pytest
import torch

from upswell.errors import (
    BundleError,
    ForecasterError,
    MissingPackageError,
    OutputError,
    SettingError,
)
from upswell.forecasting.history import History
from upswell.forecasting.lstm import LstmSettings, train_network

QUICK = LstmSettings(units=6, epochs=4, batch_size=32, device="cpu")


def same_weights(one, two):
    return one.weights.keys() == two.weights.keys() and all(
        np.array_equal(one.weights[name], two.weights[name]) for name in one.weights
    )


@pytest.mark.parametrize("strategy", ["recursive", "direct"])
def test_training_twice_gives_the_same_bits(make_panel, strategy):
    settings = dataclasses.replace(QUICK, strategy=strategy)
    one = train_network(make_panel(40), 14, settings, seed=5)
    torch.manual_seed(99)
    torch.rand(7)
    two = train_network(make_panel(40), 14, settings, seed=5)
    assert same_weights(one, two)
    assert one.record == two.record


def test_another_seed_gives_other_weights(make_panel):
    one = train_network(make_panel(40), 14, QUICK, seed=1)
    assert not same_weights(one, train_network(make_panel(40), 14, QUICK, seed=2))


def test_torch_is_left_as_it_was_found(make_panel):
    torch.manual_seed(7)
    before = torch.random.get_rng_state()
    threads = torch.get_num_threads()
    train_network(make_panel(40), 14, QUICK)
    assert torch.equal(before, torch.random.get_rng_state())
    assert torch.get_num_threads() == threads
    assert not torch.are_deterministic_algorithms_enabled()


def test_the_record_says_what_was_done(make_panel):
    seen = []
    settings = dataclasses.replace(QUICK, epochs=5)
    record = train_network(make_panel(50), 30, settings, progress=seen.append).record
    assert record.days == 50
    assert record.validation_days == 10
    assert record.epochs == len(record.train_loss) == 5
    assert len(record.validation_loss) == 6
    assert record.validation_loss[record.best_epoch] == min(record.validation_loss)
    assert record.train_windows == 9 * 30
    assert record.steps == -(-270 // 32)
    assert [report.epoch for report in seen] == [1, 2, 3, 4, 5]
    assert [report.validation_loss for report in seen] == list(record.validation_loss[1:])


def test_training_stops_when_patience_ends_and_keeps_the_best_weights(make_panel):
    # A rate of 1 spoils the network at once, so nothing is better than the first weights.
    settings = dataclasses.replace(QUICK, learning_rate=1.0, epochs=40, patience=2)
    trained = train_network(make_panel(40), 14, settings)
    record = trained.record
    assert record.epochs == record.best_epoch + 2 < 40
    if record.best_epoch == 0:
        assert not trained.weights["head.weight"].any()
        assert any("no epoch was better" in note for note in record.notes)


def test_values_after_the_cutoff_change_no_weight(make_panel):
    full = make_panel(70)
    values = full.values.copy()
    values[:, 40:] = 1e12
    planted = History(values, full.phase)
    one = train_network(full.until(40), 14, QUICK)
    assert same_weights(one, train_network(planted.until(40), 14, QUICK))


def test_the_validation_tail_teaches_nothing(make_panel):
    # With the same scale, other values in the tail leave the first epoch's steps as they are.
    panel = make_panel(50)
    days = train_network(panel, 14, QUICK).record.validation_days
    values = panel.values.copy()
    values[:, -days:] = values[:, -days:][:, ::-1]
    once = dataclasses.replace(QUICK, epochs=1)
    one = train_network(panel, 14, once).record
    two = train_network(History(values, panel.phase), 14, once).record
    assert one.validation_loss[0] != two.validation_loss[0]
    assert one.train_loss[0] == pytest.approx(two.train_loss[0], rel=0.2)


class StopError(Exception):
    pass


@pytest.mark.parametrize("strategy", ["recursive", "direct"])
@pytest.mark.parametrize("interruption", [StopError, KeyboardInterrupt])
def test_an_interrupted_training_goes_on_to_the_same_weights(
    make_panel, tmp_path, strategy, interruption
):
    settings = dataclasses.replace(QUICK, strategy=strategy)
    path = tmp_path / "state.safetensors"

    def stop(report):
        if report.epoch == 2:
            raise interruption

    whole = train_network(make_panel(40), 14, settings, seed=1)
    threads = torch.get_num_threads()
    with pytest.raises(interruption):
        train_network(make_panel(40), 14, settings, seed=1, progress=stop, checkpoint=path)
    assert torch.get_num_threads() == threads
    seen = []
    rest = train_network(
        make_panel(40), 14, settings, seed=1, progress=seen.append, checkpoint=path
    )
    assert [report.epoch for report in seen] == [3, 4]
    assert same_weights(whole, rest)
    assert whole.record == rest.record
    assert [file.name for file in tmp_path.iterdir()] == ["state.safetensors"]


def test_a_checkpoint_of_another_training_is_refused(make_panel, tmp_path):
    path = tmp_path / "state.safetensors"
    train_network(make_panel(40), 14, QUICK, checkpoint=path)
    with pytest.raises(SettingError, match="belongs to a training with other data or settings"):
        train_network(make_panel(40), 14, QUICK, seed=1, checkpoint=path)
    with pytest.raises(SettingError, match="belongs to a training with other data or settings"):
        train_network(make_panel(41), 14, QUICK, checkpoint=path)


def test_a_damaged_checkpoint_is_refused(make_panel, tmp_path):
    path = tmp_path / "state.safetensors"
    train_network(make_panel(40), 14, QUICK, checkpoint=path)
    whole = path.read_bytes()
    for harmed in (whole[:-3], whole[:-3] + b"\x00\x01\x02", b"", b"no checkpoint at all"):
        path.write_bytes(harmed)
        with pytest.raises(BundleError, match="damaged"):
            train_network(make_panel(40), 14, QUICK, checkpoint=path)


def test_a_checkpoint_that_cannot_be_written_is_an_output_error(make_panel, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError):
        train_network(make_panel(40), 14, QUICK, checkpoint=tmp_path / "file" / "state")


def test_without_torch_the_package_to_install_is_named(make_panel, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingPackageError) as caught:
        train_network(make_panel(40), 14, QUICK)
    assert "pip install 'upswell[train]'" in str(caught.value)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_named(make_panel):
    with pytest.raises(SettingError, match="--device cuda"):
        train_network(make_panel(40), 14, dataclasses.replace(QUICK, device="cuda"))


@pytest.mark.parametrize(
    "values",
    [np.ones((2, 11)), np.full((2, 40), np.nan), np.ones((0, 40)), np.ones((2, 0))],
    ids=["short", "missing", "no series", "no days"],
)
@pytest.mark.parametrize("strategy", ["recursive", "direct"])
def test_a_history_that_cannot_teach_is_named(values, strategy):
    history = History(values, np.arange(values.shape[1]) % 7)
    name = {"recursive": "lstm: ", "direct": "lstm-direct: "}[strategy]
    with pytest.raises(ForecasterError, match=name):
        train_network(history, 14, dataclasses.replace(QUICK, strategy=strategy))


@pytest.mark.parametrize(("horizon", "seed"), [(0, 0), (-3, 0), (5000, 0), (14, -1)])
def test_a_horizon_or_seed_out_of_range_is_named(make_panel, horizon, seed):
    with pytest.raises(SettingError, match=r"--horizon|--seed"):
        train_network(make_panel(40), horizon, QUICK, seed)


def test_a_direct_model_trains_on_fewer_days_than_its_horizon(make_panel):
    settings = dataclasses.replace(QUICK, strategy="direct")
    history = make_panel(25)
    trained = train_network(history, 30, settings)
    assert np.isfinite(trained.predict(history, 30)).all()


def test_impossible_values_train_to_finite_weights():
    values = np.zeros((4, 40))
    values[1] = 1e18
    values[2, ::3] = 1e18
    values[3, 20:] = np.nan
    history = History(values, np.arange(40) % 7)
    trained = train_network(history, 14, QUICK)
    forecast = trained.predict(history, 30)
    np.testing.assert_array_equal(forecast[0], 0)
    np.testing.assert_allclose(forecast[1], 1e18, rtol=1e-6)
    assert np.isfinite(forecast[2]).all()
    assert (forecast[2] >= 0).all()
