"""Outliers: single days far off that leave no trace on the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import Chance, LogNormal, LogUniform, Uniform

__all__ = ["OutlierPrior", "outlier_factors"]


@dataclass(frozen=True)
class OutlierPrior:
    """Priors of outliers."""

    absent: Chance = Chance(0.4, means="a series has none", why="a judgement")
    rate: LogUniform = LogUniform(
        1 / 2000, 1 / 60, means="outliers a day", why="a judgement: rare, or every other month"
    )
    upward: Chance = Chance(
        0.6, means="an outlier is upward", why="a judgement: raids and robots, else outages"
    )
    extra: LogNormal = LogNormal(
        1.0,
        2.5,
        0.2,
        50.0,
        means="what an upward outlier adds, in multiples of the day",
        why="a judgement",
    )
    left: Uniform = Uniform(
        0.0, 0.7, means="what an outage leaves of a day", why="a judgement: hours to a whole day"
    )


def outlier_factors(rng: Generator, prior: OutlierPrior, frame: Frame) -> NDArray[np.float64]:
    """Draw the factor of each day, 1 on almost all, shape ``(S, L)``."""
    rate = prior.rate.draw(rng, frame.size) * ~prior.absent.draw(rng, frame.size)
    series = np.repeat(np.arange(frame.size), rng.poisson(rate * frame.length))
    day = rng.integers(0, frame.length, series.size)
    upward = prior.upward.draw(rng, series.size)
    factor = np.where(
        upward, 1.0 + prior.extra.draw(rng, series.size), prior.left.draw(rng, series.size)
    )
    out = np.ones(frame.shape)
    out[series, day] = factor
    return out
