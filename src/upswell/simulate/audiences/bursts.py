"""Bursts: sudden attention that fades exponentially or by a power, and that breeds more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.events import Events
from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import Chance, LogNormal, LogUniform, Uniform

__all__ = ["BurstPrior", "draw_bursts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GENERATIONS = 4

_Rows = tuple[Ints, Ints, Floats, Ints]
"""Series, day, size and day of the cause of some bursts."""


@dataclass(frozen=True)
class BurstPrior:
    """Priors of bursts."""

    absent: Chance = Chance(
        0.3,
        means="a series has no bursts",
        why="nine in ten videos show none that counting noise does not explain (Crane and "
        "Sornette 2008); a channel has many videos",
    )
    rate: LogUniform = LogUniform(
        1 / 800,
        1 / 20,
        means="bursts a day that nothing triggered",
        why="a judgement: from one in two years to one in three weeks; three in four of the "
        "most popular videos go through three phases or more in two years (Yu and others 2015)",
    )
    typical: LogNormal = LogNormal(
        0.6,
        2.5,
        0.05,
        20.0,
        means="size of a series' typical burst, in multiples of its usual views",
        why="a judgement; big hits are far larger than proportional growth lets expect "
        "(Miotto and others 2017)",
    )
    spread: LogNormal = LogNormal(
        2.2,
        1.3,
        1.2,
        5.0,
        means="factor between the typical burst and one a deviation larger",
        why="a judgement: heavy tails, cut at 300 times the usual views",
    )
    power: Chance = Chance(
        0.5,
        means="a burst fades by a power, else exponentially",
        why="powers in videos (Crane and Sornette 2008), exponentials on pages of Wikipedia "
        "that were promoted (ten Thij and others 2013)",
    )
    exponent: Uniform = Uniform(
        0.6,
        1.4,
        means="that power",
        why="relaxation exponents of videos cluster between 0.6 and 1.4 after a shock (Crane "
        "and Sornette 2008)",
    )
    half_life: LogNormal = LogNormal(
        2.0,
        1.7,
        0.4,
        20.0,
        means="half-life of an exponential burst in days",
        why="a judgement: promoted pages return to normal within days (ten Thij and others 2013)",
    )
    rises: Chance = Chance(
        0.15,
        means="a burst has a rise before its peak",
        why="bursts from within are preceded by growth, those from outside are not (Crane and "
        "Sornette 2008)",
    )
    rise: Uniform = Uniform(0.5, 5.0, means="half-life of that rise in days", why="a judgement")
    children: Uniform = Uniform(
        0.0,
        0.6,
        means="bursts that one burst triggers on average",
        why="self-exciting processes explain the popularity of videos (Rizoiu and others 2017); "
        "below 1, so that cascades end",
    )


def draw_bursts(rng: Generator, prior: BurstPrior, frame: Frame) -> Events:
    """Draw the bursts of each series: those that come from outside, and what they trigger."""
    rate = prior.rate.draw(rng, frame.size) * ~prior.absent.draw(rng, frame.size)
    breed = prior.children.draw(rng, frame.size)
    typical = prior.typical.draw(rng, frame.size)
    spread = prior.spread.draw(rng, frame.size)
    numbers = rng.poisson(rate * frame.length)
    series = np.repeat(np.arange(frame.size), numbers)
    day = rng.integers(0, frame.length, series.size)
    size = typical[series] * spread[series] ** rng.standard_normal(series.size)
    found = [(series, day, size, day)]
    for _ in range(GENERATIONS):
        found.append(_children(rng, frame, breed, found[-1]))
    series, day, cause = (np.concatenate([one[part] for one in found]) for part in (0, 1, 3))
    size = np.minimum(np.concatenate([one[2] for one in found]), 300.0)
    count = series.size
    power = prior.power.draw(rng, count)
    events = Events(
        series=series,
        day=day,
        size=size,
        exponent=prior.exponent.draw(rng, count) * power,
        half_life=prior.half_life.draw(rng, count) * ~power,
        rise=prior.rise.draw(rng, count) * prior.rises.draw(rng, count),
        cause=cause,
        known=np.zeros(count, dtype=bool),
    )
    return events.where(np.lexsort((day, cause, series)))


def _children(rng: Generator, frame: Frame, breed: Floats, parents: _Rows) -> _Rows:
    """Draw what bursts trigger: smaller ones, soon after, by a power of the waiting time."""
    series, day, size, cause = parents
    parent = np.repeat(np.arange(series.size), rng.poisson(breed[series]))
    waits = np.floor(rng.random(parent.size) ** -1.25).clip(max=frame.length)
    later = day[parent] + waits.astype(np.int64)
    smaller = size[parent] * (0.2 + 0.7 * rng.random(parent.size))
    inside = later < frame.length
    parent = parent[inside]
    return series[parent], later[inside], smaller[inside], cause[parent]
