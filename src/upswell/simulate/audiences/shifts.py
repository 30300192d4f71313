"""Level shifts: a new format, a ban, a change of the recommendations; some pass again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import Chance, LogUniform, Normal, Uniform

__all__ = ["ShiftPrior", "log_shifts"]

FARTHEST = 3.0


@dataclass(frozen=True)
class ShiftPrior:
    """Priors of level shifts."""

    rate: LogUniform = LogUniform(
        1 / 4000,
        1 / 250,
        means="shifts a day",
        why="a judgement: from one in ten years to three in two years; videos go through "
        "several phases over many months (Yu and others 2015)",
    )
    size: Normal = Normal(
        0.0,
        0.5,
        -2.5,
        2.5,
        means="size of a shift, log",
        why="a judgement: two thirds lie between 0.6 and 1.6 times the level before",
    )
    gradual: Chance = Chance(0.4, means="a shift takes some days", why="a judgement")
    takes: Uniform = Uniform(1.0, 14.0, means="days that it takes", why="a judgement")
    passes: Chance = Chance(0.3, means="a shift is undone later", why="a judgement: bans end")
    lasts: LogUniform = LogUniform(
        5.0, 150.0, means="days until it is undone", why="a judgement: a week to a season"
    )


def log_shifts(rng: Generator, prior: ShiftPrior, frame: Frame) -> NDArray[np.float64]:
    """Draw the level shifts of each series, shape ``(S, L)``."""
    numbers = rng.poisson(prior.rate.draw(rng, frame.size) * frame.length)
    series = np.repeat(np.arange(frame.size), numbers)
    count = series.size
    begin = 1 + (frame.length - 1) * rng.random(count)
    size = prior.size.draw(rng, count)
    takes = np.where(prior.gradual.draw(rng, count), prior.takes.draw(rng, count), 1e-3)
    end = np.where(
        prior.passes.draw(rng, count), begin + takes + prior.lasts.draw(rng, count), np.inf
    )
    time = frame.time()
    out = np.zeros(frame.shape)
    for place, row in enumerate(series.tolist()):
        risen = np.clip((time - begin[place]) / takes[place], 0.0, 1.0)
        fallen = np.clip((time - end[place]) / takes[place], 0.0, 1.0)
        out[row] += size[place] * (risen - fallen)
    return np.clip(out, -FARTHEST, FARTHEST)
