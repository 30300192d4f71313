"""The network without torch says what it says with torch, and knows weights that are not ours."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from upswell.errors import BundleError
from upswell.forecasting.lstm.pretrained import FEATURES, LEVELS, network_inputs
from upswell.forecasting.lstm.pretrained._layers import ordered
from upswell.forecasting.lstm.pretrained.inference import BLOCK, PretrainedNetwork
from upswell.forecasting.lstm.pretrained.weights import shipped_card, shipped_network
from upswell.simulate.audiences import simulate_audiences

Weights = dict[str, np.ndarray]


def random_weights(units: int = 8, layers: int = 2, head: int = 6, seed: int = 0) -> Weights:
    """Weights of torch's names and shapes, large enough to drive gates to their ends."""
    rng = np.random.default_rng(seed)
    outputs = 21 * len(LEVELS)
    shapes: dict[str, tuple[int, ...]] = {
        "inp.weight": (units, FEATURES),
        "inp.bias": (units,),
        "h1.weight": (head, 2 * units),
        "h1.bias": (head,),
        "out.weight": (outputs, head),
        "out.bias": (outputs,),
    }
    for k in range(layers):
        shapes |= {f"lstm.weight_{kind}_l{k}": (4 * units, units) for kind in ("ih", "hh")}
        shapes |= {f"lstm.bias_{kind}_l{k}": (4 * units,) for kind in ("ih", "hh")}
    return {n: rng.normal(0, 0.5, shape).astype(np.float32) for n, shape in shapes.items()}


def in_torch(weights: Weights, past: np.ndarray, future: np.ndarray, *, residual: bool):
    """What torch's own layers say, shape ``(S, 7 Q, 3, L)``."""
    tensors = {name: torch.from_numpy(weight.copy()) for name, weight in weights.items()}
    functional = nn.functional
    with torch.no_grad():
        steps = torch.from_numpy(np.concatenate([past, future], axis=1))
        entered = functional.silu(
            functional.linear(steps, tensors["inp.weight"], tensors["inp.bias"])
        )
        states = entered
        layers = sum(name.startswith("lstm.weight_ih") for name in weights)
        for k in range(layers):
            layer = nn.LSTM(states.shape[2], tensors[f"lstm.weight_hh_l{k}"].shape[1], 1)
            layer.load_state_dict(
                {
                    f"{kind}_l0": tensors[f"lstm.{kind}_l{k}"]
                    for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
                }
            )
            said = layer(states.transpose(0, 1))[0].transpose(0, 1)
            states = said + states if residual and k else said
        weeks = future.shape[1]
        seen = torch.cat([states[:, -weeks:], entered[:, -weeks:]], dim=2)
        between = functional.silu(functional.linear(seen, tensors["h1.weight"], tensors["h1.bias"]))
        raw = functional.linear(between, tensors["out.weight"], tensors["out.bias"])
        raw = raw.reshape(len(past), weeks, 3, 7, -1).transpose(2, 3)
        raw = raw.reshape(len(past), 7 * weeks, 3, -1)
        middle = raw.shape[3] // 2
        up = functional.softplus(raw[..., middle + 1 :] - 1.5).cumsum(3)
        down = functional.softplus(raw[..., :middle].flip(3) - 1.5).cumsum(3).flip(3)
        median = raw[..., middle : middle + 1]
        return torch.cat([median - down, median, median + up], dim=3).numpy()


@pytest.mark.parametrize(("layers", "residual"), [(1, False), (2, False), (3, True)])
def test_numpy_says_what_torch_says(layers: int, residual: bool):
    rng = np.random.default_rng(1)
    past = rng.standard_normal((BLOCK + 3, 26, FEATURES)).astype(np.float32)
    future = rng.standard_normal((BLOCK + 3, 3, FEATURES)).astype(np.float32)
    weights = random_weights(layers=layers)
    said = PretrainedNetwork(weights, residual)(past, future)
    assert said.shape == (BLOCK + 3, 21, 3, len(LEVELS))
    wanted = in_torch(weights, past, future, residual=residual)
    np.testing.assert_allclose(said, wanted, atol=1e-4)


def test_the_shipped_weights_say_the_same_without_torch():
    from upswell.forecasting.lstm.pretrained.weights import shipped_weights

    worlds = simulate_audiences(24, days=500, horizon=7, seed=5, components=False)
    inputs = network_inputs(worlds.observed, 35)
    said = shipped_network()(inputs.past, inputs.future)
    residual = shipped_card().residual
    wanted = in_torch(shipped_weights(), inputs.past, inputs.future, residual=residual)
    np.testing.assert_allclose(said, wanted, atol=1e-4)


def test_a_series_is_forecast_as_if_it_were_alone():
    rng = np.random.default_rng(2)
    past = rng.standard_normal((40, 26, FEATURES)).astype(np.float32)
    future = rng.standard_normal((40, 2, FEATURES)).astype(np.float32)
    network = PretrainedNetwork(random_weights())
    together = network(past, future)
    for k in (0, 39):
        alone = network(past[k : k + 1], future[k : k + 1])
        np.testing.assert_allclose(alone[0], together[k], atol=1e-5)


def test_no_series_is_no_answer():
    nothing = np.zeros((0, 26, FEATURES), dtype=np.float32)
    network = PretrainedNetwork(random_weights())
    assert network(nothing, nothing[:, :2]).shape == (0, 14, 3, len(LEVELS))


def _without(weights: Weights) -> Weights:
    return {name: w for name, w in weights.items() if name != "lstm.bias_hh_l1"}


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        (_without, "lstm.bias_hh_l1"),
        (lambda w: {**w, "extra": np.zeros(1, np.float32)}, "extra"),
        (lambda w: {**w, "h1.weight": w["h1.weight"][:, :-1]}, "h1.weight"),
        (lambda w: {**w, "inp.bias": w["inp.bias"] * np.float32(np.nan)}, "not finite"),
        (lambda w: {**w, "inp.bias": w["inp.bias"].astype(np.float64)}, "float64"),
        (lambda w: {**w, "inp.weight": w["inp.bias"]}, "matrix"),
        (lambda w: {**w, "out.weight": w["out.weight"][:-1]}, "outputs"),
        (lambda _: {}, "lacks"),
    ],
)
def test_weights_that_are_not_ours_are_an_error_that_names_them(damaged, said: str):
    with pytest.raises(BundleError, match=said):
        PretrainedNetwork(damaged(random_weights()))


def test_what_is_said_ascends_as_the_layers_promise():
    raw = np.random.default_rng(0).normal(0, 30, (4, 13, 2)).astype(np.float32)
    assert (np.diff(ordered(raw), axis=1) >= 0).all()
