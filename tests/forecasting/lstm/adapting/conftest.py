"""A tiny network in place of the shipped one, and a panel with a growth that it does not know."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from upswell.forecasting.history import History
from upswell.forecasting.lstm.adapting import Adaptation, AdaptingSettings, adapt_network
from upswell.forecasting.lstm.adapting.model import Weights
from upswell.forecasting.lstm.pretraining._network import AudienceNetwork, file_name
from upswell.forecasting.lstm.pretraining.settings import PretrainingSettings

HORIZON = 14


def tiny_weights() -> Weights:
    """Weights of a network that was never taught: it says level and weekday profile."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        network = AudienceNetwork(PretrainingSettings(units=8, layers=1, head_units=16))
    return {file_name(n): t.numpy().copy() for n, t in network.state_dict().items()}


def peculiar(days: int = 120, series: int = 4) -> History:
    """Return a total and its series, all of which grow by 3% a day without an end."""
    draw = np.random.default_rng(2)
    day = np.arange(days)
    growth = np.exp(0.03 * day + draw.normal(0, 0.05, (series, days)))
    values = np.round(draw.lognormal(8, 1, (series, 1)) * growth)
    return History(np.vstack([values.sum(axis=0), values]), day % 7)


@pytest.fixture(scope="session")
def base() -> Weights:
    return tiny_weights()


@pytest.fixture(scope="session")
def quick() -> AdaptingSettings:
    return AdaptingSettings(steps=(10, 25), learning_rate=0.01, batch_size=16, device="cpu")


@pytest.fixture(scope="session")
def history() -> History:
    return peculiar()


@pytest.fixture(scope="session")
def adaptation(history: History, base: Weights, quick: AdaptingSettings) -> Adaptation:
    return adapt_network(history, HORIZON, quick, seed=1, base=base)
