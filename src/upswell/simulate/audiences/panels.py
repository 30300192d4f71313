"""Panels: who belongs together, and the shocks that move all of a panel at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.autoregression import autoregressions
from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import Chance, LogNormal, LogUniform, Normal, Uniform

__all__ = ["PanelPrior", "draw_frame", "log_shared"]

EARLIEST, LATEST = 12_784, 25_567  # 2005-01-01 and 2040-01-01


@dataclass(frozen=True)
class PanelPrior:
    """Priors of panels."""

    alone: Chance = Chance(
        0.93, means="a panel is one series", why="a judgement: about half of the series stand alone"
    )
    members: LogUniform = LogUniform(
        2.0, 40.0, means="series of a panel that is not", why="a judgement; a block holds 128"
    )
    memory: Uniform = Uniform(
        0.5, 0.95, means="correlation of shared moods from day to day", why="a judgement"
    )
    mood: LogNormal = LogNormal(
        0.05,
        2.0,
        0.004,
        0.25,
        means="deviation of shared moods, log",
        why="a judgement: the total of independent creators would be far too sure of itself",
    )
    step: LogNormal = LogNormal(
        0.006,
        2.0,
        0.0005,
        0.03,
        means="deviation of a day's lasting step that all share, log",
        why="a judgement: a platform grows or shrinks as a whole",
    )
    rate: LogUniform = LogUniform(
        1 / 400, 1 / 30, means="shared events a day", why="a judgement: one month to a year apart"
    )
    size: Normal = Normal(
        0.0, 0.25, -1.0, 1.0, means="size of a shared event, log", why="a judgement"
    )
    half_life: LogUniform = LogUniform(
        1.0, 20.0, means="days in which a shared event halves", why="a judgement"
    )
    loading: Uniform = Uniform(
        0.2, 1.5, means="how strongly a series answers to what its panel shares", why="a judgement"
    )


def draw_frame(rng: Generator, prior: PanelPrior, size: int, days: int, horizon: int) -> Frame:
    """Divide a block into panels, and give each its first day."""
    alone = prior.alone.draw(rng, size)
    members = np.where(alone, 1, np.round(prior.members.draw(rng, size))).astype(np.int64)
    panel = np.repeat(np.arange(size), members)[:size]
    start = rng.integers(EARLIEST, LATEST, size)
    return Frame(days, horizon, start[panel], panel)


def log_shared(rng: Generator, prior: PanelPrior, frame: Frame) -> NDArray[np.float64]:
    """Draw what the series of a panel share, shape ``(S, L)``; 0 for one that stands alone."""
    panels = np.flatnonzero(np.bincount(frame.panel) > 1)
    size, shape = (panels.size, 1), (panels.size, frame.length)
    memory = prior.memory.draw(rng, panels.size)
    moods = autoregressions(memory, rng.standard_normal(shape)) * prior.mood.draw(rng, size)
    walk = np.cumsum(rng.standard_normal(shape), axis=1) * prior.step.draw(rng, size)
    happens = rng.random(shape) < prior.rate.draw(rng, size)
    pulses = np.ascontiguousarray((happens * prior.size.draw(rng, shape)).T)
    fade = 0.5 ** (1.0 / prior.half_life.draw(rng, panels.size))
    for day in range(1, frame.length):
        pulses[day] += fade * pulses[day - 1]
    out = np.zeros(frame.shape)
    place = np.full(frame.panels, -1)
    place[panels] = np.arange(panels.size)
    mine = place[frame.panel]
    rows = np.flatnonzero(mine >= 0)
    loading = prior.loading.draw(rng, (rows.size, 1))
    out[rows] = loading * np.clip(moods + walk + pulses.T, -3.0, 3.0)[mine[rows]]
    return out
