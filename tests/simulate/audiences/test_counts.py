"""Counts have the variance that they are given, from zeros to a hundred billion."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.counts import CountPrior, activity, draw_counts
from upswell.simulate.audiences.priors import Chance, LogNormal, LogUniform, Uniform

ALWAYS, NEVER = (Chance(share, means="chance", why="a test") for share in (1.0, 0.0))


def counted(mean: float, prior: CountPrior) -> np.ndarray:
    block = frame(1000, 200, 0)
    return draw_counts(default_rng(1), prior, block, np.full(block.shape, mean))


@pytest.mark.parametrize("mean", [0.2, 5.0, 1e4, 1e9])
def test_poisson_counts_have_their_mean_as_variance(mean: float) -> None:
    found = counted(mean, CountPrior(poisson=ALWAYS))
    assert found.mean() == pytest.approx(mean, rel=0.02)
    assert found.var() == pytest.approx(mean, rel=0.03)


@pytest.mark.parametrize("mean", [0.2, 5.0, 1e4, 1e9])
def test_negative_binomial_counts_have_more(mean: float) -> None:
    dispersion = LogNormal(0.1, 1.0, 0.1, 0.1, means="dispersion", why="a test")
    found = counted(mean, CountPrior(poisson=NEVER, dispersion=dispersion))
    assert found.mean() == pytest.approx(mean, rel=0.02)
    assert found.var() == pytest.approx(mean + 0.1 * mean**2, rel=0.05)


def test_nothing_expected_is_nothing_counted_and_the_largest_can_be_counted() -> None:
    assert (counted(0.0, CountPrior()) == 0).all()
    assert np.isfinite(counted(1e16, CountPrior())).all()


def test_pauses_have_their_share_and_their_length() -> None:
    prior = CountPrior(
        pauses=ALWAYS,
        paused=Uniform(0.3, 0.3, means="part", why="a test"),
        pause=LogUniform(4.0, 4.0, means="days", why="a test"),
    )
    active = activity(default_rng(2), prior, frame(1000, 400, 0))
    assert set(np.unique(active)) == {0.0, 1.0}
    assert (active == 0).mean() == pytest.approx(0.3, abs=0.02)
    begins = (np.diff(active, axis=1) == -1).sum()
    assert (active == 0).sum() / begins == pytest.approx(4.0, rel=0.1)
    assert activity(default_rng(3), CountPrior(), frame(2000, 5, 0)).min(axis=1).mean() > 0.9
