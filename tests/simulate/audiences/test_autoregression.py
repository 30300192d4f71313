"""Autoregressions against a loop, their stationarity and their tails."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import default_rng
from scipy.signal import lfilter

from audience_frames import frame
from upswell.simulate.audiences.autoregression import (
    MoodPrior,
    autoregressions,
    heavy_normals,
    log_moods,
)


def test_it_is_what_a_linear_filter_makes() -> None:
    normals = default_rng(1).standard_normal((3, 50))
    memory = np.array([0.1, 0.5, 0.9])
    found = autoregressions(memory, normals)
    for row, part in enumerate(memory):
        scaled = normals[row] * np.where(np.arange(50) > 0, np.sqrt(1 - part**2), 1.0)
        np.testing.assert_allclose(found[row], lfilter([1.0], [1.0, -part], scaled), rtol=1e-10)


def test_it_is_stationary_with_the_correlation_that_it_is_given() -> None:
    memory = np.full(6000, 0.7)
    found = autoregressions(memory, default_rng(2).standard_normal((6000, 20)))
    np.testing.assert_allclose(found.std(axis=0), 1.0, atol=0.04)
    assert np.corrcoef(found[:, 9], found[:, 10])[0, 1] == pytest.approx(0.7, abs=0.03)


def test_heavy_tails_are_heavy_and_as_wide_as_the_others() -> None:
    heavy = np.array([[True]] * 200 + [[False]] * 200)
    drawn = heavy_normals(default_rng(3), heavy, (400, 500))
    wide, plain = drawn[:200].ravel(), drawn[200:].ravel()
    assert wide.std() == pytest.approx(1.0, abs=0.02)
    assert plain.std() == pytest.approx(1.0, abs=0.02)
    kurtosis = (1 - 0.03 + 0.03 * 4**4) * 3 / (1 - 0.03 + 0.03 * 4**2) ** 2
    assert (wide**4).mean() == pytest.approx(kurtosis, rel=0.1)
    assert (plain**4).mean() == pytest.approx(3, rel=0.05)


def test_moods_pass() -> None:
    moods = log_moods(default_rng(4), MoodPrior(), frame(1000))
    assert abs(moods.mean()) < 0.005
    assert 0.04 < np.median(moods.std(axis=1)) < 0.08
