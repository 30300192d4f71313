"""Launches: the debut of a series, its end, and releases in its life, announced or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.events import Events
from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import Chance, Kinds, LogNormal, LogUniform, Uniform

__all__ = ["LaunchPrior", "draw_debuts", "draw_releases"]

Floats = NDArray[np.float64]

SEEN = 14
"""Days of history that a series has at least after its debut, where the history is that long."""


@dataclass(frozen=True)
class LaunchPrior:
    """Priors of debuts, ends and releases."""

    debuts: Chance = Chance(
        0.15,
        means="a series begins within the history",
        why="a judgement: new channels and new records join a panel all the time",
    )
    entrance: Kinds = Kinds(
        {"hype": 0.4, "ramp": 0.4, "plain": 0.2},
        means="what the first days look like",
        why="a judgement: a promoted debut begins high and fades, an unknown one has to grow "
        "(rising and falling phases: Yu and others 2015)",
    )
    entrance_size: Uniform = Uniform(
        0.3,
        2.5,
        means="height of that entrance above or below the later level, log",
        why="a judgement",
    )
    entrance_days: LogUniform = LogUniform(
        2.0, 60.0, means="days in which an entrance is two thirds over", why="a judgement"
    )
    ends: Chance = Chance(
        0.02, means="a series ends within the second half of its days", why="a judgement"
    )
    releases: Chance = Chance(
        0.35, means="a series lives on releases", why="a judgement: episodes, albums, videos"
    )
    period: LogUniform = LogUniform(
        7.0, 180.0, means="days between releases", why="a judgement: weekly to twice a year"
    )
    weekly: Chance = Chance(
        0.4, means="releases come every so many weeks, on one weekday", why="a judgement"
    )
    size: LogNormal = LogNormal(
        0.5,
        2.2,
        0.03,
        15.0,
        means="what a series' typical release adds on its day, in multiples of its usual views",
        why="a judgement",
    )
    spread: Uniform = Uniform(
        1.1, 2.2, means="factor between that and a release one deviation larger", why="a judgement"
    )
    half_life: LogNormal = LogNormal(
        2.5,
        1.7,
        0.5,
        20.0,
        means="days in which a release's views halve",
        why="a judgement: as with bursts",
    )
    together: Chance = Chance(
        0.3,
        means="the series of a panel have their releases on the same days",
        why="a judgement: a season, a sale, a festival",
    )
    announced: Kinds = Kinds(
        {"all": 0.5, "some": 0.2, "none": 0.3},
        means="which releases a planner knows in advance",
        why="a judgement",
    )


def draw_debuts(rng: Generator, prior: LaunchPrior, frame: Frame) -> tuple[Floats, Floats]:
    """Draw entrances on the log scale, and presence: 1 from debut to end, else 0; ``(S, L)``."""
    size = (frame.size, 1)
    last = max(frame.days - SEEN, 0)
    debut = np.floor(last * rng.random(size)) * prior.debuts.draw(rng, size)
    end = np.floor(frame.length * (0.5 + 0.5 * rng.random(size)))
    end = np.where(prior.ends.draw(rng, size) & (end > debut + SEEN), end, frame.length)
    kind = prior.entrance.draw(rng, size)
    sign = np.where(kind == prior.entrance.place("hype"), 1.0, -1.0)
    sign = np.where(kind == prior.entrance.place("plain"), 0.0, sign)
    height = sign * prior.entrance_size.draw(rng, size)
    lasts = prior.entrance_days.draw(rng, size)
    logs = np.zeros(frame.shape)
    rows = np.flatnonzero(debut[:, 0] > 0)
    age = np.maximum(frame.time() - debut[rows], 0.0)
    logs[rows] = height[rows] * np.exp(-age / lasts[rows])
    time = frame.time()
    return logs, ((time >= debut) & (time < end)).astype(np.float64)


def draw_releases(rng: Generator, prior: LaunchPrior, frame: Frame) -> Events:
    """Draw the releases of each series."""
    period = prior.period.draw(rng, (frame.size, 1))
    weekly = prior.weekly.draw(rng, (frame.size, 1))
    period = np.where(weekly, 7.0 * np.maximum(np.round(period / 7.0), 1.0), period)
    most = int(frame.length / prior.period.low) + 2
    jitter = 1.0 + 0.5 * (rng.random((frame.size, most)) - 0.5) * ~weekly
    first = np.floor(period * rng.random((frame.size, 1)))
    day = (first + np.cumsum(period * jitter, axis=1) - period * jitter).astype(np.int64)
    happens = prior.releases.draw(rng, (frame.size, 1))
    takes_place = rng.random((frame.size, most)) < 0.95
    kind = prior.announced.draw(rng, (frame.size, 1))
    part = np.where(kind == prior.announced.place("some"), 0.5, 0.0)
    part = np.where(kind == prior.announced.place("all"), 1.0, part)
    known = rng.random((frame.size, most)) < part
    leader = _leaders(rng, prior, frame)
    day, known = day[leader], known[leader]
    happens = happens[leader] & takes_place[leader] & (day < frame.length)
    spread = prior.spread.draw(rng, (frame.size, 1))
    size = prior.size.draw(rng, (frame.size, 1))
    size = np.minimum(size * spread ** rng.standard_normal((frame.size, most)), 100.0)
    half_life = np.broadcast_to(prior.half_life.draw(rng, (frame.size, 1)), size.shape)
    series, place = np.nonzero(happens)
    none = np.zeros(series.size)
    days = day[series, place]
    return Events(
        series=series,
        day=days,
        size=size[series, place],
        exponent=none,
        half_life=half_life[series, place],
        rise=none,
        cause=days,
        known=known[series, place],
    )


def _leaders(rng: Generator, prior: LaunchPrior, frame: Frame) -> NDArray[np.int64]:
    """Return whose calendar of releases each series follows: its own, or its panel's first."""
    together = prior.together.draw(rng, frame.panels)[frame.panel]
    return np.where(together, frame.first_of_panel()[frame.panel], np.arange(frame.size))
