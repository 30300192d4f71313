"""Yearly rhythm: a smooth season, the same in each year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.frame import YEAR, Frame
from upswell.simulate.audiences.priors import Chance, LogNormal, Uniform

__all__ = ["YearPrior", "log_year"]

HARMONICS = 3


@dataclass(frozen=True)
class YearPrior:
    """Priors of the yearly rhythm."""

    absent: Chance = Chance(0.25, means="no yearly rhythm at all", why="a judgement")
    amplitude: LogNormal = LogNormal(
        0.08,
        2.2,
        0.005,
        0.6,
        means="deviation of the season over the year, log",
        why="a judgement: most audiences differ by a fifth between their best and worst month, "
        "schools and sports by a multiple",
    )
    own: Uniform = Uniform(
        0.0, 0.7, means="part of the season that a series does not share", why="a judgement"
    )


def log_year(rng: Generator, prior: YearPrior, frame: Frame) -> NDArray[np.float64]:
    """Draw the season of each series, shape ``(S, L)``: three harmonics, each half the last."""
    count = 2 * HARMONICS
    weights = np.repeat(0.5 ** np.arange(HARMONICS), 2)
    weights = weights / np.sqrt((weights**2).sum() / 2)
    own = prior.own.draw(rng, (frame.size, 1))
    shared = rng.standard_normal((frame.panels, count))[frame.panel]
    mixed = np.sqrt(1 - own**2) * shared + own * rng.standard_normal((frame.size, count))
    amplitude = prior.amplitude.draw(rng, (frame.panels, 1))[frame.panel]
    amplitude = amplitude * ~prior.absent.draw(rng, (frame.panels, 1))[frame.panel]
    mixed *= weights * amplitude / np.sqrt(2.0)
    out = np.zeros(frame.shape)
    first_days = frame.start[frame.first_of_panel(), None]
    angle = 2 * np.pi / YEAR * (first_days + frame.time())
    for order in range(HARMONICS):
        sine, cosine = np.sin((order + 1) * angle), np.cos((order + 1) * angle)
        out += mixed[:, 2 * order, None] * sine[frame.panel]
        out += mixed[:, 2 * order + 1, None] * cosine[frame.panel]
    return out
