import dataclasses
import json

import numpy as np
import pytest

from upswell.errors import BundleError
from upswell.forecasting.lstm import load_bundled
from upswell.forecasting.lstm.adapting import AdaptedLstm, Choice, load_adapted, save_adapted
from upswell.forecasting.quantiles import QuantileForecaster
from upswell.store import read_bundle, write_bundle

KIND = "lstm-adapted"


@pytest.fixture
def model(adaptation):
    return dataclasses.replace(adaptation.adapted, taught_until=20_000)


def test_a_loaded_model_says_what_the_saved_one_said(model, history, tmp_path):
    save_adapted(model, tmp_path / "views.upswell")
    loaded = load_bundled(tmp_path / "views.upswell")
    assert isinstance(loaded, QuantileForecaster)
    assert (loaded.name, loaded.taught_until) == ("views.upswell", 20_000)
    assert (loaded.choice, loaded.horizon) == (model.choice, model.horizon)
    ours, theirs = model.quantiles(history, 30), loaded.quantiles(history, 30)
    for head in ("day", "sum", "peak"):
        np.testing.assert_array_equal(getattr(ours, head), getattr(theirs, head))


def test_zero_shot_is_kept_in_a_bundle_too(base, history, tmp_path):
    kept = AdaptedLstm(base, {}, Choice(0, 0.0, float("nan"), float("nan"), 0, 20), 14)
    save_adapted(kept, tmp_path / "kept")
    loaded = load_adapted(tmp_path / "kept")
    assert loaded.choice.why == kept.choice.why
    assert loaded.taught_until is None
    np.testing.assert_array_equal(loaded.predict(history, 7), kept.predict(history, 7))


def test_the_same_model_gives_the_same_bytes(model, tmp_path):
    save_adapted(model, tmp_path / "one")
    save_adapted(model, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_loading_and_forecasting_need_no_torch(model, tmp_path, run_python):
    save_adapted(model, tmp_path / "model")
    code = (
        "import sys, numpy as np; sys.modules['torch'] = None\n"
        "from upswell.forecasting.history import History\n"
        "from upswell.forecasting.lstm.adapting import load_adapted\n"
        "history = History(1 + np.arange(40.0)[None, :], np.arange(40) % 7)\n"
        "assert np.isfinite(load_adapted(sys.argv[1]).predict(history, 30)).all()\n"
    )
    assert run_python(code, str(tmp_path / "model")) == 0


def test_a_changed_byte_is_refused(model, tmp_path):
    save_adapted(model, tmp_path / "model")
    data = bytearray((tmp_path / "model").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "model").write_bytes(data)
    with pytest.raises(BundleError):
        load_bundled(tmp_path / "model")


def test_a_bundle_of_another_kind_is_refused(tmp_path):
    write_bundle(tmp_path / "other", "releases", {"a.json": b"{}"}, {}, created_by="a test")
    with pytest.raises(BundleError, match="'lstm' or 'lstm-adapted' is needed"):
        load_bundled(tmp_path / "other")


@pytest.mark.parametrize(
    ("meta", "drop"),
    [
        ({"layout": 9}, None),
        ({"features": 3}, None),
        ({"horizon": 0}, None),
        ({"horizon": True}, None),
        ({"taught_until": "today"}, None),
        ({"choice": {"weight": 2.0}}, None),
        ({"choice": {"steps": -1}}, None),
        ({"choice": {"odd": 1}}, None),
        ({"choice": {"weight": 0.0}}, None),
        ({}, "tuned.safetensors"),
        ({}, "untouched.safetensors"),
    ],
    ids=json.dumps,
)
def test_what_cannot_be_an_adapted_lstm_is_refused(meta, drop, model, tmp_path):
    path = tmp_path / "model"
    save_adapted(model, path)
    found = read_bundle(path, KIND)
    entries = {name: data for name, data in found.entries.items() if name.endswith("tensors")}
    entries.pop(drop, None)
    new = dict(found.meta) | meta
    if "choice" in meta:
        new["choice"] = found.meta["choice"] | meta["choice"]
    write_bundle(path, KIND, entries, new, created_by="a test")
    with pytest.raises(BundleError, match="no adapted LSTM of this version"):
        load_adapted(path)
