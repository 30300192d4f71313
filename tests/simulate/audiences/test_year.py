"""Seasons return each year."""

from __future__ import annotations

import numpy as np
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.year import YearPrior, log_year


def test_it_returns_each_year_and_has_mean_zero() -> None:
    season = log_year(default_rng(1), YearPrior(), frame(300, 1095, 0))
    # 1095 days are three years less three quarters of a day.
    assert np.abs(season[:, 730:] - season[:, :365]).max() < 0.05
    np.testing.assert_allclose(season.mean(axis=1), 0, atol=0.01)


def test_a_quarter_has_none_and_the_others_differ_in_strength() -> None:
    spread = log_year(default_rng(2), YearPrior(), frame(2000, 365, 0)).std(axis=1)
    assert abs((spread == 0).mean() - 0.25) < 0.04
    assert 0.04 < np.median(spread[spread > 0]) < 0.12
    assert spread.max() < 2.0
