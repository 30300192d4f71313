"""Random walk: where a level wanders for no reason that anybody knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.autoregression import autoregressions, heavy_normals
from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import Chance, LogNormal, Uniform

__all__ = ["WalkPrior", "log_walk"]

FARTHEST = 5.0


@dataclass(frozen=True)
class WalkPrior:
    """Priors of the random walk."""

    step: LogNormal = LogNormal(
        0.012,
        2.0,
        0.001,
        0.06,
        means="deviation of a day's lasting step, log",
        why="a judgement: 7% in a month and 23% in a year at the median; changes are "
        "proportional to size (Gibrat's law, found in 10 million videos by Miotto and others "
        "2017)",
    )
    heavy: Chance = Chance(
        0.3,
        means="steps have heavy tails",
        why="fluctuations around proportional growth are themselves heavy-tailed (Miotto and "
        "others 2017)",
    )
    drifts: Chance = Chance(
        0.5, means="the growth rate itself wanders", why="a judgement: local linear trends"
    )
    drift: LogNormal = LogNormal(
        0.0015,
        2.0,
        0.0001,
        0.006,
        means="deviation of that growth rate, log a day",
        why="a judgement: 5% a month at the median",
    )
    memory: Uniform = Uniform(
        0.95,
        0.995,
        means="correlation of that growth rate from day to day",
        why="a judgement: a growing or shrinking phase lasts for weeks to months (Yu and others "
        "2015 find such phases in the life of videos)",
    )


def log_walk(rng: Generator, prior: WalkPrior, frame: Frame) -> NDArray[np.float64]:
    """Draw the wandering of each series, shape ``(S, L)``; it is 0 before the first day."""
    size = (frame.size, 1)
    steps = heavy_normals(rng, prior.heavy.draw(rng, size), frame.shape)
    steps *= prior.step.draw(rng, size)
    scale = prior.drift.draw(rng, size) * prior.drifts.draw(rng, size)
    steps += scale * autoregressions(
        prior.memory.draw(rng, frame.size), rng.standard_normal(frame.shape)
    )
    return np.clip(np.cumsum(steps, axis=1), -FARTHEST, FARTHEST)
