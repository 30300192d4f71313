"""Simulated panels of the LSTM's tests, and networks trained once for all of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import upswell
from upswell.forecasting.history import History
from upswell.forecasting.lstm import LstmSettings, TrainedLstm, train_network

MakePanel = Callable[..., History]


def simulate(
    days: int, *, seed: int = 0, creators: int = 8, growth: float = 0.004, noise: float = 0.12
) -> History:
    """Return a total and its creators with trend, weekly rhythm and noise."""
    generator = np.random.default_rng(seed)
    day = np.arange(days)
    level = generator.lognormal(9, 1, (creators, 1))
    trend = generator.normal(growth, 0.003, (creators, 1)) * day
    shift = generator.integers(0, 7, (creators, 1))
    rhythm = 0.35 * np.cos(2 * np.pi * (day - shift) / 7)
    shocks = generator.normal(0, noise, (creators, days))
    values = np.round(level * np.exp(trend + rhythm + shocks))
    return History(np.vstack([values.sum(axis=0), values]), day % 7)


@pytest.fixture(scope="session")
def make_panel() -> MakePanel:
    return simulate


@pytest.fixture(scope="session")
def run_python() -> Callable[..., int]:
    """Run code in a fresh interpreter that imports the package under test."""

    def run(code: str, *arguments: str) -> int:
        environment = os.environ | {"PYTHONPATH": str(Path(upswell.__file__).parents[1])}
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, check=False, env=environment).returncode

    return run


@pytest.fixture(scope="session")
def small_settings() -> LstmSettings:
    return LstmSettings(units=8, epochs=3, batch_size=16, device="cpu")


@pytest.fixture(scope="session")
def trained(small_settings: LstmSettings) -> TrainedLstm:
    return train_network(simulate(60), 14, small_settings, seed=3)


@pytest.fixture(scope="session")
def trained_direct() -> TrainedLstm:
    settings = LstmSettings(units=8, epochs=3, batch_size=16, strategy="direct", device="cpu")
    return train_network(simulate(60), 14, settings, seed=3)
