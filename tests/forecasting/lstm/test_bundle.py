import dataclasses
import json

import numpy as np
import pytest

from upswell.errors import BundleError
from upswell.forecasting.lstm import load_lstm, save_lstm
from upswell.store import read_bundle, write_bundle


@pytest.mark.parametrize("which", ["trained", "trained_direct"])
def test_a_loaded_model_is_the_saved_one_bit_for_bit(which, request, make_panel, tmp_path):
    model = request.getfixturevalue(which)
    save_lstm(model, tmp_path / "model")
    loaded = load_lstm(tmp_path / "model")
    assert loaded.settings == model.settings
    assert loaded.record == model.record
    assert loaded.horizon == model.horizon
    panel = make_panel(60)
    np.testing.assert_array_equal(loaded.predict(panel, 14), model.predict(panel, 14))


def test_the_same_model_gives_the_same_bytes(trained, tmp_path):
    save_lstm(trained, tmp_path / "one")
    save_lstm(trained, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_model_forecasts_series_it_never_saw(trained, make_panel, tmp_path):
    save_lstm(trained, tmp_path / "model")
    others = make_panel(45, seed=77, creators=20)
    assert np.isfinite(load_lstm(tmp_path / "model").predict(others, 30)).all()


def test_loading_and_forecasting_need_no_torch(trained, tmp_path, run_python):
    save_lstm(trained, tmp_path / "model")
    code = (
        "import sys, numpy as np; sys.modules['torch'] = None\n"
        "from upswell.forecasting.history import History\n"
        "from upswell.forecasting.lstm import load_lstm\n"
        "history = History(np.arange(40.0)[None, :], np.arange(40) % 7)\n"
        "assert np.isfinite(load_lstm(sys.argv[1]).predict(history, 30)).all()\n"
    )
    assert run_python(code, str(tmp_path / "model")) == 0


def rewritten(model, path, *, meta=None, entries=None):
    save_lstm(model, path)
    bundle = read_bundle(path, "lstm")
    write_bundle(
        path, "lstm", dict(bundle.entries) | (entries or {}), dict(bundle.meta) | (meta or {})
    )


@pytest.mark.parametrize(
    "meta",
    [
        {"scaling_version": 99},
        {"horizon": 0},
        {"horizon": True},
        {"growth": -1.0},
        {"growth": "fast"},
        {"settings": {"units": 0}},
        {"settings": {"unknown": 1}},
        {"settings": "none"},
        {"settings": {"units": 9}},
    ],
)
def test_a_bundle_that_says_what_cannot_be_is_refused(trained, tmp_path, meta):
    rewritten(trained, tmp_path / "model", meta=meta)
    with pytest.raises(BundleError):
        load_lstm(tmp_path / "model")


@pytest.mark.parametrize(
    "training", [b"{}", b"[]", b"null", json.dumps({"train_loss": 3}).encode()]
)
def test_a_bundle_without_a_proper_record_is_refused(trained, tmp_path, training):
    rewritten(trained, tmp_path / "model", entries={"training.json": training})
    with pytest.raises(BundleError):
        load_lstm(tmp_path / "model")


def test_damaged_bytes_are_refused(trained, tmp_path):
    path = tmp_path / "model"
    save_lstm(trained, path)
    whole = path.read_bytes()
    middle = len(whole) // 2
    for harmed in (whole[:middle], whole[:middle] + b"\xff\xfe" + whole[middle + 2 :], b""):
        path.write_bytes(harmed)
        with pytest.raises(BundleError):
            load_lstm(path)


def test_weights_of_other_sizes_are_refused(trained, tmp_path):
    other = dataclasses.replace(trained.settings, units=9)
    with pytest.raises(BundleError, match="shape"):
        dataclasses.replace(trained, settings=other)
    with pytest.raises(BundleError, match="cannot be read"):
        load_lstm(tmp_path / "nowhere")
