"""The network in torch: ascending quantiles, no look ahead, names that stay."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from upswell.forecasting.lstm.pretrained import FEATURES, LEVELS, PAST_PATCHES
from upswell.forecasting.lstm.pretraining._loss import pinball
from upswell.forecasting.lstm.pretraining._network import AudienceNetwork, file_name


@pytest.fixture
def network(tiny):
    torch.manual_seed(1)
    return AudienceNetwork(dataclasses.replace(tiny, units=8, layers=3))


def weeks(number, seed=2):
    torch.manual_seed(seed)
    return torch.randn(5, number, FEATURES)


def test_quantiles_ascend_and_begin_near_nothing(network):
    said = network(weeks(PAST_PATCHES), weeks(5))
    assert said.shape == (5, 35, 3, len(LEVELS))
    assert (said.diff(dim=-1) > 0).all()
    assert said[..., len(LEVELS) // 2].abs().max() < 0.5


def test_a_week_is_said_from_what_lies_before_it(network):
    past, future = weeks(PAST_PATCHES), weeks(9)
    said = network(past, future)
    other = future.clone()
    other[:, 4:] += 3
    moved = network(past, other)
    assert torch.equal(said[:, :28], moved[:, :28])
    assert not torch.equal(said[:, 28:], moved[:, 28:])


def test_layers_after_the_first_add_their_input_when_asked(network):
    plain, residual = network, network
    past, future = weeks(PAST_PATCHES), weeks(2)
    said = plain(past, future)
    residual.residual = True
    assert not torch.allclose(residual(past, future), said)
    for weight in network.lstm[1:].parameters():
        torch.nn.init.zeros_(weight)  # such layers say 0, so that all is as with one layer
    deep = residual(past, future)
    residual.lstm = residual.lstm[:1]
    assert torch.allclose(residual(past, future), deep)


def test_the_settings_know_the_number_of_weights(tiny):
    for settings in (tiny, dataclasses.replace(tiny, units=9, layers=3, head_units=5)):
        found = sum(weight.numel() for weight in AudienceNetwork(settings).parameters())
        assert settings.parameters == found


def test_names_in_the_file_are_those_of_one_lstm(network):
    names = [file_name(name) for name in network.state_dict()]
    lstm = torch.nn.LSTM(8, 8, 3)
    assert [name for name in names if "lstm" in name] == [
        f"lstm.{name}" for name in lstm.state_dict()
    ]
    assert [name for name in names if "lstm" not in name] == [
        *("inp.weight", "inp.bias"),
        *("h1.weight", "h1.bias", "out.weight", "out.bias"),
    ]


def test_the_loss_is_the_mean_pinball_loss_of_each_head():
    generator = np.random.default_rng(3)
    said = np.sort(generator.normal(size=(2, 14, 3, len(LEVELS))), axis=-1).astype(np.float32)
    truth = generator.normal(size=(2, 10, 3)).astype(np.float32)
    found = pinball(torch.from_numpy(said), torch.from_numpy(truth)).numpy()
    for example in range(2):
        for head in range(3):
            losses = []
            for day in range(10):
                for level, quantile in zip(LEVELS, said[example, day, head], strict=True):
                    away = truth[example, day, head] - quantile
                    losses.append(level * away if away >= 0 else (level - 1) * away)
            assert found[example, head] == pytest.approx(np.mean(losses), rel=1e-5)
