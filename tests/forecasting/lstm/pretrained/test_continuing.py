"""Beyond the taught days: the near ones stay, the far ones go on, and nothing explodes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upswell.forecasting.lstm.pretrained.continuing import TAUGHT_DAYS, continued
from upswell.forecasting.lstm.pretrained.forecaster import forecast_quantiles
from upswell.forecasting.lstm.pretrained.weights import shipped_card

DAYS = np.arange(200)
RNG = np.random.default_rng(3)
WEEKLY = 1000.0 * (1.0 + 0.5 * (DAYS % 7 == 2)) * np.exp(0.1 * RNG.standard_normal((4, 200)))


def flat(level: float, spread: float) -> np.ndarray:
    """Quantiles of three levels that are the same on all taught days."""
    day = level * np.exp(spread * np.array([-1.0, 0.0, 1.0]))[:, None, None]
    day = day * np.ones((1, 1, TAUGHT_DAYS))
    return np.stack([day, np.cumsum(day, axis=2), day])


def test_the_taught_days_are_those_of_the_card() -> None:
    assert shipped_card().horizon == TAUGHT_DAYS


def test_the_days_up_to_there_are_not_touched() -> None:
    near, far = (forecast_quantiles(WEEKLY, days) for days in (TAUGHT_DAYS, 365))
    for name in ("day", "sum", "peak"):
        assert getattr(far, name)[..., :TAUGHT_DAYS].tobytes() == getattr(near, name).tobytes()


def test_a_calm_series_stays_calm_a_year_ahead() -> None:
    said = forecast_quantiles(WEEKLY, 365)
    usual = WEEKLY.mean() * 365
    low, median, high = said.sum[[2, 6, 10], :, -1] / usual
    assert (median > 0.8).all()
    assert (median < 1.25).all()
    assert (low > 0.3).all()
    assert (high < 3.0).all()
    assert (said.day[12] < 12.0 * WEEKLY.max()).all()


def test_the_week_goes_on() -> None:
    median = forecast_quantiles(WEEKLY, 364).median
    weeks = median.reshape(4, -1, 7)
    # Day 200 has slot 4 of the week, so that the high one comes five days later.
    assert (weeks[:, 13:].argmax(axis=2) == 5).all()
    assert np.ptp(weeks[:, 13:], axis=1).max() < 1e-6 * WEEKLY.mean()


def test_a_known_day_in_the_last_taught_week_does_not_come_back_each_week() -> None:
    flags = np.zeros((2, 200 + 364), dtype=bool)
    flags[1, 200 + TAUGHT_DAYS - 3] = True
    plain, marked = forecast_quantiles(WEEKLY[:1].repeat(2, 0), 364, announced=flags).median
    last = slice(TAUGHT_DAYS - 7, TAUGHT_DAYS)
    assert np.abs(np.log(marked[last] / plain[last])).max() > 0.1
    assert np.abs(np.log(marked[TAUGHT_DAYS:] / plain[TAUGHT_DAYS:])).max() < 0.05


def test_ranges_of_days_and_sums_widen_as_those_of_a_random_walk() -> None:
    far = continued(flat(1e6, 0.2), np.full((1, 4 * TAUGHT_DAYS), np.log1p(1e6)), np.array([30.0]))
    for head in (0, 1):
        width = math.log(far[head, 2, 0, -1] / far[head, 1, 0, -1])
        assert width == pytest.approx(0.2 * 2.0, rel=1e-4)
    assert far[1, 1, 0, -1] == pytest.approx(4 * TAUGHT_DAYS * 1e6, rel=1e-4)


def test_sums_of_days_without_a_median_grow_by_their_mean() -> None:
    said = flat(0.0, 0.0)
    said[1, 1:] = 0.5 * np.arange(1, TAUGHT_DAYS + 1)
    far = continued(said, np.zeros((1, 2 * TAUGHT_DAYS)), np.array([9.0]))
    assert far[1, 1, 0, -1] == pytest.approx(TAUGHT_DAYS)
    assert (far[0, 1] == 0).all()


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([92, 98, 100, 200, 700]),
    st.floats(0.0, 12.0),
    st.floats(0.0, 3.0),
    st.sampled_from([7, 15, 60, 300]),
)
@settings(max_examples=25, deadline=None)
def test_nothing_explodes_crosses_or_falls(
    seed: int, horizon: int, level: float, noise: float, days: int
) -> None:
    rng = np.random.default_rng(seed)
    values = np.round(10.0**level * np.exp(noise * rng.standard_normal((3, days))))
    values[0] *= rng.random(days) < 0.2
    said = forecast_quantiles(values, horizon)
    largest = values.max(axis=1)[:, None] + 1.0
    for head, longest in ((said.day, 1.0), (said.sum, np.arange(1, horizon + 1)), (said.peak, 1.0)):
        assert np.isfinite(head).all()
        assert (head >= 0).all()
        assert (np.diff(head, axis=0) >= -1e-9 * head[:-1]).all()
        assert (head <= math.e**4 * 1.001 * largest * longest).all()
    assert (np.diff(said.sum, axis=2) >= 0).all()
    assert (np.diff(said.peak, axis=2) >= 0).all()
    assert (said.peak >= said.day).all()
