"""Bursts: how many, how large, how they fade, and what they trigger."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.bursts import BurstPrior, draw_bursts
from upswell.simulate.audiences.priors import Chance, LogUniform, Uniform

NEVER = Chance(0.0, means="never", why="a test")
BLOCK = frame(4000, 370, 30)
EVENTS = draw_bursts(default_rng(1), BurstPrior(), BLOCK)


def test_they_fade_by_published_exponents_or_within_days() -> None:
    powers = EVENTS.exponent[EVENTS.exponent > 0]
    assert powers.min() >= 0.6
    assert powers.max() <= 1.4
    assert abs((EVENTS.exponent > 0).mean() - 0.5) < 0.03
    assert ((EVENTS.exponent > 0) == (EVENTS.half_life == 0)).all()
    lives = EVENTS.half_life[EVENTS.half_life > 0]
    assert 1.5 < np.median(lives) < 2.5


def test_some_series_have_none_and_sizes_are_heavy_tailed() -> None:
    quiet = 1 - np.unique(EVENTS.series).size / BLOCK.size
    assert 0.3 < quiet < 0.6
    assert EVENTS.size.min() > 0
    assert EVENTS.size.max() <= 300
    assert np.quantile(EVENTS.size, 0.99) > 10 * np.median(EVENTS.size)


def test_what_triggers_nothing_comes_at_its_rate() -> None:
    rate = LogUniform(0.02, 0.02, means="rate", why="a test")
    prior = BurstPrior(absent=NEVER, rate=rate, children=Uniform(0, 0, means="0", why="a test"))
    events = draw_bursts(default_rng(2), prior, BLOCK)
    assert len(events) == pytest.approx(0.02 * 4000 * 400, rel=0.03)
    assert (events.cause == events.day).all()


def test_a_cascade_has_as_many_as_a_branching_process() -> None:
    # Where nothing is cut off at the end, four generations of 0.5: 1 + 1/2 + ... + 1/16.
    half = Uniform(0.5, 0.5, means="children", why="a test")
    prior = BurstPrior(absent=NEVER, children=half)
    events = draw_bursts(default_rng(3), prior, frame(3000, 3000, 0))
    early = events.cause < 300
    roots = early & (events.cause == events.day)
    assert early.sum() / roots.sum() == pytest.approx(1.9375, rel=0.08)


def test_what_is_triggered_comes_later_and_is_ordered_by_its_cause() -> None:
    assert (EVENTS.day >= EVENTS.cause).all()
    assert (np.diff(EVENTS.series) >= 0).all()
    assert 0.05 < (EVENTS.day > EVENTS.cause).mean() < 0.5
    assert not EVENTS.known.any()
