"""Levels of all sizes, alike within a panel."""

from __future__ import annotations

import numpy as np
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.level import LevelPrior, log_level


def test_every_order_of_magnitude_is_as_likely_for_series_that_stand_alone() -> None:
    levels = np.exp(log_level(default_rng(1), LevelPrior(), frame(8000)))[:, 0]
    shares = np.histogram(np.log10(levels), bins=np.arange(9))[0] / 8000
    np.testing.assert_allclose(shares, 1 / 8, atol=0.02)


def test_series_of_a_panel_are_more_alike_than_series_of_different_panels() -> None:
    logs = log_level(default_rng(2), LevelPrior(), frame(2000, members=10))[:, 0].reshape(200, 10)
    assert logs.std(axis=1).mean() < 0.4 * logs.std()
    assert (logs >= 0).all()
