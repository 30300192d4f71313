"""Outliers stand alone."""

from __future__ import annotations

import numpy as np
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.outliers import OutlierPrior, outlier_factors


def test_almost_all_days_are_as_they_are_and_two_fifths_of_the_series_have_none() -> None:
    factors = outlier_factors(default_rng(1), OutlierPrior(), frame(3000, 400, 0))
    assert (factors == 1).mean() > 0.99
    assert 0.4 < (factors == 1).all(axis=1).mean() < 0.75
    assert (factors >= 0).all()
    assert factors.max() <= 51
    off = factors[factors != 1]
    assert 0.5 < (off > 1).mean() < 0.7
    assert np.median(off[off > 1]) > 1.5
