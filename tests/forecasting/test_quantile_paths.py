"""Paths have the days, totals and peaks that were said of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from upswell.forecasting._normal import normal_scores
from upswell.forecasting.lstm.pretrained.forecaster import forecast_quantiles
from upswell.forecasting.quantile_dependence import dependence_of, scores
from upswell.forecasting.quantile_paths import marginals_of, paths_with
from upswell.forecasting.quantiles import Quantiles
from upswell.forecasting.said_paths import YIELDING
from upswell.forecasting.sampling import Shocks
from upswell.simulate.audiences import simulate_audiences

SERIES, PATHS, HORIZON = 48, 500, 30


@pytest.fixture(scope="module")
def said() -> Quantiles:
    worlds = simulate_audiences(SERIES, days=300, horizon=HORIZON, seed=12, components=False)
    return forecast_quantiles(worlds.observed, HORIZON)


def drawn(said: Quantiles, paths: int = PATHS, yielding: float = 0.0) -> np.ndarray:
    """Paths of all series, each for itself, shape ``(P, S, H)``."""
    generator = np.random.default_rng(0)
    made = [
        paths_with(
            scores(dependence, Shocks.draw(generator, paths, said.horizon)),
            marginals_of(said, series, paths),
            yielding,
        )
        for series, dependence in enumerate(dependence_of(said))
    ]
    return np.stack(made, axis=1)


def distance(samples: np.ndarray, quantiles: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """How far the share of samples below each quantile is from its level, ``(L, ...)``.

    Where many samples are equal, as zeros are, the nearest share that they allow counts.
    """
    level = levels.reshape(-1, *[1] * (quantiles.ndim - 1))
    below = (samples[None] < quantiles[:, None] * (1 - 1e-9)).mean(axis=1)
    upto = (samples[None] <= quantiles[:, None] * (1 + 1e-9)).mean(axis=1)
    return np.maximum(np.maximum(below - level, level - upto), 0.0)


def test_days_totals_and_peaks_of_simulated_audiences_agree_with_what_was_said(said: Quantiles):
    paths = drawn(said)
    assert (paths >= 0).all()
    assert np.isfinite(paths).all()
    total = distance(paths.sum(axis=2), said.sum[..., -1], said.levels)
    peak = distance(paths.max(axis=2), said.peak[..., -1], said.levels)
    assert total.max() <= 0.005
    assert peak.mean() <= 0.01
    # What was said of days, total and peak need not fit one distribution; the days give way.
    days = distance(paths, said.day, said.levels).mean(axis=2)
    assert days.mean() <= 0.04
    assert np.quantile(days.max(axis=0), 0.8) <= 0.12
    for length in (7, 14):
        sums = distance(paths[..., :length].sum(axis=2), said.sum[..., length - 1], said.levels)
        assert sums.mean() <= 0.04


def test_totals_and_peaks_may_give_way_to_the_days(said: Quantiles):
    off = []
    for yielding in (0.0, YIELDING, 1.0):
        paths = drawn(said, yielding=yielding)
        days = distance(paths, said.day, said.levels).mean()
        total = distance(paths.sum(axis=2), said.sum[..., -1], said.levels).mean()
        peak = distance(paths.max(axis=2), said.peak[..., -1], said.levels).mean()
        off.append((days, total, peak))
    bent, both, ranked = np.array(off)
    assert ranked[0] < 0.005 < both[0] < bent[0]
    assert bent[1] < both[1] < ranked[1] + 0.005
    assert bent[2] < both[2] < ranked[2]
    assert both[1] < 0.03
    assert both[2] < 0.06


def test_independent_days_would_not_agree(said: Quantiles):
    """The tolerance above can fail: days drawn each for itself make totals far too narrow."""
    generator = np.random.default_rng(0)
    found = []
    for series in range(12):
        marginals = marginals_of(said, series, PATHS)
        order = generator.permuted(marginals.days, axis=0).sum(axis=1)
        found.append(distance(order, said.sum[:, series, -1], said.levels).mean())
    assert np.mean(found) > 0.08


def test_a_series_of_zeros_stays_zero():
    nothing = np.zeros((3, 1, 5))
    said = Quantiles(np.array([0.1, 0.5, 0.9]), nothing, nothing, nothing)
    assert not drawn(said).any()


COUNTS = st.floats(0, 1e12)


@settings(max_examples=60)
@given(
    days=arrays(np.float64, (5, 1, 4), elements=COUNTS),
    total=arrays(np.float64, 5, elements=COUNTS),
    peak=arrays(np.float64, 5, elements=COUNTS),
)
def test_any_quantiles_give_finite_paths_that_are_not_negative(
    days: np.ndarray, total: np.ndarray, peak: np.ndarray
):
    levels = np.array([0.05, 0.1, 0.5, 0.9, 0.95])
    sums, peaks = (np.sort(a)[:, None, None] * np.ones((1, 1, 4)) for a in (total, peak))
    said = Quantiles(levels, np.sort(days, axis=0), sums, peaks)
    paths = drawn(said, paths=40)
    assert np.isfinite(paths).all()
    assert (paths >= 0).all()


def test_evenly_spaced_quantiles_go_through_the_levels_and_end_at_a_bounded_tail():
    levels = np.array([0.05, 0.1, 0.5, 0.9, 0.95])
    head = np.expm1(5.0 + normal_scores(levels))[:, None, None]
    found = marginals_of(Quantiles(levels, head, head, head * 0 + 7.0), 0, 1001)
    middle = normal_scores((np.arange(1001) + 0.5) / 1001)
    # The log is a straight line in the score here, in and beyond the levels.
    np.testing.assert_allclose(np.log1p(found.total), 5.0 + middle, atol=1e-9)
    np.testing.assert_allclose(found.peak, 7.0)
    steep = np.array([1.0, 1.0, 1.0, 1e3, 1e9])[:, None, None]
    tail = marginals_of(Quantiles(levels, steep, steep, steep), 0, 1001).total
    assert tail.max() <= 1e9 * np.exp(2.0) * 1.001


def test_paths_keep_the_order_of_their_scores_for_one_day():
    levels = np.array([0.1, 0.5, 0.9])
    head = np.array([10.0, 20.0, 40.0])[:, None, None]
    marginals = marginals_of(Quantiles(levels, head, head, head), 0, 50)
    numbers = np.random.default_rng(0).standard_normal((50, 1))
    paths = paths_with(numbers, marginals)
    np.testing.assert_array_equal(np.argsort(paths[:, 0]), np.argsort(numbers[:, 0]))
    np.testing.assert_allclose(np.sort(paths[:, 0]), marginals.total)
