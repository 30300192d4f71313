"""Counts: what is counted of what was expected, from zeros and ones to hundreds of millions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import Chance, LogNormal, LogUniform, Uniform

__all__ = ["CountPrior", "activity", "draw_counts"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CountPrior:
    """Priors of counting noise and of days on which nothing happens."""

    poisson: Chance = Chance(
        0.35,
        means="counts are Poisson, else negative binomial",
        why="most videos are Poisson processes (Crane and Sornette 2008)",
    )
    dispersion: LogNormal = LogNormal(
        0.004,
        4.0,
        0.0001,
        0.5,
        means="dispersion: variance is mean + dispersion * mean^2",
        why="a judgement: days differ by some 6% beyond Poisson at the median, by 70% at most",
    )
    pauses: Chance = Chance(
        0.06,
        means="a series has days of no activity at all (zero inflation)",
        why="a judgement: streamers with days off; sporadic demand is the rule at the bottom of "
        "trees (M5 competition)",
    )
    paused: Uniform = Uniform(
        0.03, 0.8, means="part of such a series' days without activity", why="a judgement"
    )
    pause: LogUniform = LogUniform(
        1.0, 10.0, means="days that a pause lasts on average", why="a judgement"
    )


def activity(rng: Generator, prior: CountPrior, frame: Frame) -> Floats:
    """Draw on which days anything happens, 1 or 0, shape ``(S, L)``: a chain of two states."""
    out = np.ones(frame.shape)
    rows = np.flatnonzero(prior.pauses.draw(rng, frame.size))
    part = prior.paused.draw(rng, rows.size)
    leave = 1.0 / prior.pause.draw(rng, rows.size)
    enter = np.minimum(leave * part / (1.0 - part), 1.0)
    draws = rng.random((frame.length, rows.size))
    stays, returns = draws >= enter, draws < leave
    active = draws[0] >= part
    days = np.empty((frame.length, rows.size), dtype=bool)
    for day in range(frame.length):
        if day:
            active = np.where(active, stays[day], returns[day])
        days[day] = active
    out[rows] = days.T
    return out


def draw_counts(rng: Generator, prior: CountPrior, frame: Frame, expected: Floats) -> Floats:
    """Draw counts around what was expected, whole numbers of shape ``(S, L)``.

    Notes
    -----
    A negative binomial count is a Poisson count whose mean is drawn from a gamma distribution.
    """
    mean = expected.copy()
    rows = np.flatnonzero(~prior.poisson.draw(rng, frame.size))
    dispersion = prior.dispersion.draw(rng, (rows.size, 1))
    noise = rng.standard_gamma(np.broadcast_to(1.0 / dispersion, (rows.size, frame.length)))
    mean[rows] *= noise * dispersion
    return rng.poisson(mean).astype(np.float64)
