"""Random walks spread as the square root of time."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.priors import Chance, LogNormal
from upswell.simulate.audiences.walk import FARTHEST, WalkPrior, log_walk

STEP = LogNormal(0.02, 1.0, 0.02, 0.02, means="step", why="a test")


@pytest.mark.parametrize("heavy", [0.0, 1.0])
def test_a_walk_spreads_as_the_square_root_of_time(heavy: float) -> None:
    prior = WalkPrior(
        step=STEP,
        heavy=Chance(heavy, means="heavy", why="a test"),
        drifts=Chance(0.0, means="drifts", why="a test"),
    )
    walk = log_walk(default_rng(1), prior, frame(3000, 200, 0))
    for day in (10, 50, 200):
        assert walk[:, day - 1].std() == pytest.approx(0.02 * day**0.5, rel=0.06)


def test_a_drift_makes_it_wander_farther_and_it_has_an_end() -> None:
    rates = [
        WalkPrior(step=STEP, drifts=Chance(share, means="drifts", why="a test")) for share in (0, 1)
    ]
    still, moving = (log_walk(default_rng(1), prior, frame(500, 1095, 60)) for prior in rates)
    assert moving[:, -1].std() > 1.05 * still[:, -1].std()
    assert np.abs(moving).max() <= FARTHEST
