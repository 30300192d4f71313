"""First-order autoregression: moods that come and go within days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import Chance, LogNormal, Uniform

__all__ = ["MoodPrior", "autoregressions", "heavy_normals", "log_moods"]

Floats = NDArray[np.float64]

RARE, WIDE = 0.03, 4.0


@dataclass(frozen=True)
class MoodPrior:
    """Priors of the ups and downs that pass."""

    memory: Uniform = Uniform(
        0.1,
        0.9,
        means="correlation from day to day",
        why="a judgement: a mood is half gone after a day to a week",
    )
    deviation: LogNormal = LogNormal(
        0.06,
        2.0,
        0.005,
        0.4,
        means="stationary deviation, log",
        why="a judgement: a total of many creators is smooth, one small channel is not",
    )
    heavy: Chance = Chance(
        0.3,
        means="moods have heavy tails",
        why="as with the steps of the walk (Miotto and others 2017)",
    )


def heavy_normals(rng: Generator, heavy: NDArray[np.bool_], shape: tuple[int, int]) -> Floats:
    """Draw normals of deviation 1; where `heavy`, 3% of the days are four times as wide.

    Notes
    -----
    A contaminated normal: Tukey, J. W. (1960). A survey of sampling from contaminated
    distributions. Its kurtosis here is 9.9 instead of 3.
    """
    out = rng.standard_normal(shape)
    wide = heavy & (rng.random(shape, dtype=np.float32) < RARE)
    out[wide] *= WIDE
    scale = 1.0 / np.sqrt(1.0 - RARE + RARE * WIDE**2)
    out *= np.where(heavy, scale, 1.0)
    return out


def autoregressions(memory: Floats, normals: Floats) -> Floats:
    """Return stationary autoregressions of deviation 1, shape ``(S, L)``.

    Parameters
    ----------
    memory
        Correlation from day to day, shape ``(S,)``.
    normals
        Independent draws of deviation 1, shape ``(S, L)``.

    Examples
    --------
    >>> autoregressions(np.array([0.6]), np.array([[1.0, 0.0, 1.0]]))
    array([[1.  , 0.6 , 1.16]])
    """
    innovations = np.ascontiguousarray(normals.T)
    innovations[1:] *= np.sqrt(1.0 - memory**2)
    for day in range(1, len(innovations)):
        innovations[day] += memory * innovations[day - 1]
    return np.ascontiguousarray(innovations.T)


def log_moods(rng: Generator, prior: MoodPrior, frame: Frame) -> Floats:
    """Draw the moods of each series, shape ``(S, L)``."""
    size = (frame.size, 1)
    memory = prior.memory.draw(rng, frame.size)
    normals = heavy_normals(rng, prior.heavy.draw(rng, size), frame.shape)
    return np.asarray(prior.deviation.draw(rng, size) * autoregressions(memory, normals))
