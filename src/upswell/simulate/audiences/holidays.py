"""Holidays: days off that return each year, known long before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.frame import YEAR, Frame
from upswell.simulate.audiences.priors import Chance, LogNormal, Normal, Uniform

__all__ = ["HolidayPrior", "draw_holidays"]

Floats = NDArray[np.float64]

MOST = 14
SPAN = (-1, 0, 1)
MOVES = 15


@dataclass(frozen=True)
class HolidayPrior:
    """Priors of holidays."""

    number: Uniform = Uniform(
        5.0,
        15.0,
        means="holidays in a year of the panel's country",
        why="a judgement: most countries have between five and fifteen",
    )
    movable: Chance = Chance(
        0.3,
        means="a holiday moves by up to 15 days from year to year",
        why="Easter and the lunar new year do",
    )
    ignored: Chance = Chance(
        0.2, means="a series does not notice holidays", why="a judgement: audiences of all lands"
    )
    common: Normal = Normal(
        -0.02,
        0.08,
        -0.4,
        0.4,
        means="effect that all holidays of a series share, log",
        why="music: 5.4% fewer streams on the Fourth of July in the United States, 3.8% fewer "
        "on the day after (Luminate 2023); cinema gains (a judgement)",
    )
    strong: Chance = Chance(
        0.15,
        means="a series lives on holidays, or rests on them",
        why="a judgement: cinemas, shops and offices",
    )
    strength: Uniform = Uniform(
        2.0, 8.0, means="how many times as strong holidays then are", why="a judgement"
    )
    special: LogNormal = LogNormal(
        0.06,
        2.0,
        0.01,
        0.5,
        means="deviation of the effects of single holidays around it, log",
        why="a judgement: New Year is not Labour Day",
    )
    mood: Uniform = Uniform(
        0.0, 0.5, means="how far one year's effect differs from the next", why="a judgement"
    )
    spill: Uniform = Uniform(
        0.0,
        0.7,
        means="part of the effect on the day before and after",
        why="3.8% after 5.4% on the Fourth of July (Luminate 2023)",
    )


def draw_holidays(
    rng: Generator, prior: HolidayPrior, frame: Frame
) -> tuple[Floats, NDArray[np.bool_]]:
    """Draw the effect of holidays, and the days themselves, both of shape ``(S, L)``.

    All series of a panel live in one country; each answers to its holidays in its own way.
    """
    places, happens = _calendar(rng, prior, frame)
    size = (frame.size, 1, 1)
    effect = prior.common.draw(rng, size)
    strong = prior.strong.draw(rng, size)
    effect = effect * np.where(strong, prior.strength.draw(rng, size), 1.0)
    special = prior.special.draw(rng, size)
    effect = effect + special * rng.standard_normal((frame.size, 1, MOST))
    years = places.shape[1]
    moods = prior.mood.draw(rng, size) * rng.standard_normal((frame.size, years, MOST))
    effect = effect * (1.0 + moods) * ~prior.ignored.draw(rng, size)
    spill = prior.spill.draw(rng, (frame.size, 2))
    logs, days = np.zeros(frame.shape), np.zeros(frame.shape, dtype=bool)
    series = np.broadcast_to(np.arange(frame.size)[:, None, None], effect.shape)
    for offset in SPAN:
        day = places[frame.panel] + offset
        inside = happens[frame.panel] & (day >= 0) & (day < frame.length)
        part = 1.0 if offset == 0 else spill[:, max(offset, 0), None, None]
        np.add.at(logs, (series[inside], day[inside]), (effect * part)[inside])
        if offset == 0:
            days[series[inside], day[inside]] = True
    return np.clip(logs, -2.0, 2.0), days


def _calendar(
    rng: Generator, prior: HolidayPrior, frame: Frame
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the places of holidays and which are real, shape ``(panels, years, MOST)``."""
    shape = (frame.panels, 1, MOST)
    start = frame.start[frame.first_of_panel(), None, None]
    first = np.floor(start / YEAR)
    years = np.arange(-1, frame.length // int(YEAR) + 2)[None, :, None]
    day = np.floor(YEAR * rng.random(shape))
    moves = prior.movable.draw(rng, shape) * rng.integers(
        -MOVES, MOVES + 1, (frame.panels, years.size, MOST)
    )
    places = np.round(YEAR * (first + years)) + day + moves - start
    number = np.floor(prior.number.draw(rng, (frame.panels, 1, 1)))
    happens = np.broadcast_to(np.arange(MOST) < number, places.shape)
    return places.astype(np.int64), happens
