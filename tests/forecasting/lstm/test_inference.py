import numpy as np
import pytest
import torch

from upswell.errors import BundleError
from upswell.forecasting.lstm._network import ViewsNetwork
from upswell.forecasting.lstm._scaling import scale_history
from upswell.forecasting.lstm._windows import CHANNELS
from upswell.forecasting.lstm.inference import (
    BLOCK,
    NumpyNetwork,
    forecast_recursive,
    weight_shapes,
)


def random_weights(layers, units, outputs, seed=0, size=0.3):
    generator = np.random.default_rng(seed)
    return {
        name: generator.normal(0, size, shape).astype(np.float32)
        for name, shape in weight_shapes(layers, units, outputs).items()
    }


@pytest.mark.parametrize(("layers", "units", "outputs"), [(1, 3, 1), (2, 50, 1), (3, 16, 30)])
def test_numpy_says_what_torch_says(layers, units, outputs):
    weights = random_weights(layers, units, outputs)
    network = ViewsNetwork(layers, units, 0.2, outputs).eval()
    network.load_state_dict({name: torch.from_numpy(w) for name, w in weights.items()})
    generator = np.random.default_rng(1)
    inputs = generator.normal(0, 2, (BLOCK + 7, 10, CHANNELS)).astype(np.float32)
    with torch.no_grad():
        expected = network(torch.from_numpy(inputs)).numpy()
    found = NumpyNetwork(weights, layers, units, outputs)(inputs)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_large_inputs_and_weights_give_finite_outputs():
    weights = random_weights(2, 8, 1, size=100)
    inputs = np.full((3, 10, CHANNELS), 1e6, dtype=np.float32)
    assert np.isfinite(NumpyNetwork(weights, 2, 8, 1)(inputs)).all()


def test_forecasts_need_no_torch(run_python):
    code = (
        "import sys, upswell.forecasting.lstm, upswell.forecasting.lstm.inference;"
        "sys.exit('torch' in sys.modules)"
    )
    assert run_python(code) == 0


def test_a_recursion_that_always_says_more_stays_within_its_room(make_panel):
    scaled = scale_history(make_panel(60))

    def more(inputs):
        return np.full((len(inputs), 1), 1e6, dtype=np.float32)

    forecast = forecast_recursive(scaled, more, 10, np.arange(60) % 7, 0.1)
    assert np.isfinite(forecast).all()
    history = make_panel(60).values
    # A week of 0.1 allows 0.2 a week: about e^2 in 60 days, and a swing on top of it.
    assert (forecast.max(axis=1) < 40 * history.max(axis=1)).all()


@pytest.mark.parametrize("harm", ["missing", "extra", "shape", "type", "nan"])
def test_weights_that_do_not_fit_are_refused(harm):
    weights = random_weights(1, 4, 1)
    if harm == "missing":
        del weights["head.bias"]
    elif harm == "extra":
        weights["more"] = np.zeros(1, dtype=np.float32)
    elif harm == "shape":
        weights["head.bias"] = np.zeros(2, dtype=np.float32)
    elif harm == "type":
        weights["head.bias"] = np.zeros(1)
    else:
        weights["head.bias"] = np.array([np.nan], dtype=np.float32)
    with pytest.raises(BundleError, match=r"weight"):
        NumpyNetwork(weights, 1, 4, 1)
