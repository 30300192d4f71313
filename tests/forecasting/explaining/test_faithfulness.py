"""What the shipped network and the explanation make of parts, beside the simulated truth.

`benchmarks/explaining.py` measures this on many more series; these are floors.
"""

from __future__ import annotations

import numpy as np
import pytest

from upswell.forecasting.explaining import occlude, split_history
from upswell.forecasting.explaining.asking import forecast_function
from upswell.forecasting.history import History
from upswell.forecasting.lstm.pretrained.forecaster import PretrainedLstm
from upswell.simulate.audiences import simulate_audiences

DAYS, HORIZON = 240, 30


@pytest.fixture(scope="module")
def world():
    """Simulated audiences that are alive, and the shipped network as a function."""
    batch = simulate_audiences(128, DAYS, HORIZON, seed=23)
    last = np.nan_to_num(batch.observed[:, -56:])
    alive = (last.mean(axis=1) > 50) & (batch.expected[:, DAYS:] > 0).all(axis=1)
    history = History(batch.observed[alive], np.arange(DAYS) % 7)
    return batch, alive, forecast_function(PretrainedLstm(), history, HORIZON, 0)


def redrawn(batch, without: np.ndarray) -> np.ndarray:
    """The histories as they would have been, with the noise that they had."""
    past = batch.expected[:, :DAYS]
    return batch.observed * np.where(past > 0, without[:, :DAYS] / np.maximum(past, 1e-12), 1.0)


def shape(whole: np.ndarray, without: np.ndarray) -> np.ndarray:
    """The effect on each day beside that on the mean day of four weeks."""
    logs = np.log(whole[:, :28] / without[:, :28])
    return (logs - logs.mean(axis=1, keepdims=True)).ravel()


def test_the_network_uses_the_week_as_it_is(world) -> None:
    batch, alive, ask = world
    without = batch.components.expected(without=["week"])
    whole, left = ask(batch.observed[alive], HORIZON)[0], ask(redrawn(batch, without)[alive], 30)[0]
    truth = shape(batch.expected[alive, DAYS:], without[alive, DAYS:])
    assert np.corrcoef(truth, shape(whole, left))[0, 1] > 0.9
    found = occlude(split_history(batch.observed[alive]), HORIZON, ask)
    said = shape(found.whole.medians, found.without("week").medians)
    assert np.corrcoef(truth, said)[0, 1] > 0.7
    large = np.abs(truth) > 0.1
    assert (np.sign(truth) == np.sign(said))[large].mean() >= 0.85


def test_the_network_lets_bursts_fade_as_they_do(world) -> None:
    batch, alive, ask = world
    began = np.zeros(len(alive), dtype=bool)
    late = (batch.bursts.day >= DAYS - 45) & (batch.bursts.day < DAYS) & (batch.bursts.size > 0.5)
    began[batch.bursts.series[late]] = True
    rows = alive & began
    assert rows.sum() >= 10
    before = batch.expected_without_bursts(DAYS, DAYS + HORIZON)
    after = batch.expected_without_bursts(0, DAYS + HORIZON)
    truth = np.log(before[rows, DAYS:].sum(axis=1) / after[rows, DAYS:].sum(axis=1))
    whole = ask(batch.observed[rows], HORIZON)[1]
    said = np.log(whole / ask(redrawn(batch, after)[rows], HORIZON)[1])
    assert np.corrcoef(truth, said)[0, 1] > 0.6
    notable = truth > 0.05
    assert (said[notable] > 0).mean() >= 0.85


def test_growth_is_attributed_to_the_trend_by_a_forecaster_that_lets_it_go_on() -> None:
    rates = np.array([-0.02, -0.01, 0.0, 0.01, 0.02, 0.035])
    rng = np.random.default_rng(12)
    time = np.arange(150) - 149
    views = 1e5 * np.exp(rates[:, None] * time + 0.05 * rng.standard_normal((6, 150)))

    def ask(values: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        logs = np.log(values[:, -56:])
        slope, height = np.polyfit(np.arange(56), logs.T, 1)
        medians = np.exp(height[:, None] + slope[:, None] * (56 + np.arange(horizon)))
        return medians, medians.sum(axis=1)

    found = occlude(split_history(views), HORIZON, ask)
    said = np.log(found.whole.sums) - np.log(found.without("trend").sums)
    truth = np.log(np.exp(rates[:, None] * np.arange(1, HORIZON + 1)).mean(axis=1))
    assert np.abs(said - truth).max() < 0.1
