"""Level shifts last, or are undone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.priors import Chance, LogUniform
from upswell.simulate.audiences.shifts import FARTHEST, ShiftPrior, log_shifts

NEVER, ALWAYS = (Chance(share, means="chance", why="a test") for share in (0.0, 1.0))
RATE = LogUniform(0.004, 0.004, means="rate", why="a test")


def test_sudden_ones_that_stay_are_steps_at_their_rate() -> None:
    prior = ShiftPrior(rate=RATE, gradual=NEVER, passes=NEVER)
    logs = log_shifts(default_rng(1), prior, frame(1000, 400, 0))
    steps = (np.abs(np.diff(logs)) > 1e-12).sum()
    assert steps == pytest.approx(0.004 * 400 * 1000, rel=0.08)
    assert (logs[:, 0] == 0).all()
    sizes = np.diff(logs)[np.abs(np.diff(logs)) > 1e-12]
    assert sizes.std() == pytest.approx(0.5, rel=0.1)


def test_those_that_pass_leave_nothing_behind() -> None:
    prior = ShiftPrior(rate=RATE, gradual=NEVER, passes=ALWAYS)
    logs = log_shifts(default_rng(2), prior, frame(1000, 2000, 0))
    assert (logs[:, 1000:] == 0).mean() > 0.3
    stays = log_shifts(default_rng(2), ShiftPrior(rate=RATE, passes=NEVER), frame(1000, 2000, 0))
    assert np.abs(logs[:, -1]).mean() < 0.5 * np.abs(stays[:, -1]).mean()
    assert np.abs(stays).max() <= FARTHEST
