"""Weekly rhythm: a profile of seven days that changes slowly, with closed days and short weeks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import Chance, LogNormal, Uniform

__all__ = ["WeekPrior", "log_week"]

Floats = NDArray[np.float64]

KNOT = 28
SUNDAY = 6
CLOSED = -4.0
STRONGEST = 2.0


@dataclass(frozen=True)
class WeekPrior:
    """Priors of the weekly rhythm."""

    absent: Chance = Chance(
        0.1, means="no weekly rhythm at all", why="a judgement: audiences all over the world"
    )
    deviation: LogNormal = LogNormal(
        0.08,
        2.2,
        0.01,
        0.8,
        means="deviation of the seven days of the profile, log",
        why="music: Sunday has 81.7% (Latin) to 92.6% (Jazz) of Friday's streams in the United "
        "States (Luminate 2023), a deviation of some 0.03 to 0.07; cinema: three to five times as "
        "many on Saturday as on Monday, a deviation of some 0.5 (a judgement)",
    )
    own: Uniform = Uniform(
        0.0,
        0.7,
        means="part of the profile that a series does not share with its panel",
        why="a judgement: one platform has one rhythm, but genres differ (Luminate 2023)",
    )
    weekend: Uniform = Uniform(
        0.0,
        1.0,
        means="part of the profile that is one step between weekend and working days",
        why="a judgement: leisure and work make weeks, and a Friday release its own peak",
    )
    breathing: LogNormal = LogNormal(
        0.15,
        2.0,
        0.02,
        0.6,
        means="deviation of the strength of the rhythm over the years, log",
        why="a judgement: it is not the same in term and in holidays",
    )
    changes: Chance = Chance(
        0.15,
        means="the profile turns into another within some weeks",
        why="a judgement: a new day of publication",
    )
    closes: Chance = Chance(
        0.02,
        means="almost nothing on one or two days of each week",
        why="a judgement: weeks of five or six days, as in schools and offices",
    )
    short: Uniform = Uniform(
        0.0,
        1.0,
        means="how far a holiday takes the place of a Sunday in the rhythm",
        why="a judgement: short weeks; music is heard less on a Tuesday that is a holiday, as "
        "on Sundays (Luminate 2023)",
    )


def log_week(rng: Generator, prior: WeekPrior, frame: Frame, holiday: NDArray[np.bool_]) -> Floats:
    """Draw the weekly rhythm of each series, shape ``(S, L)``.

    Parameters
    ----------
    rng, prior, frame
        As in all families.
    holiday
        Days off, shape ``(S, L)``: there the week behaves as on a Sunday, more or less.
    """
    size = (frame.size, 1)
    deviation = prior.deviation.draw(rng, (frame.panels, 1))[frame.panel]
    deviation = deviation * np.exp(0.3 * rng.standard_normal(size))
    deviation *= ~prior.absent.draw(rng, (frame.panels, 1))[frame.panel]
    own = prior.own.draw(rng, size)
    shapes = [_shapes(rng, prior, frame, own) * np.minimum(deviation, STRONGEST) for _ in range(2)]
    closed = prior.closes.draw(rng, size) & _days_off(rng, frame.size)
    first, second = (np.where(closed, CLOSED, shape) for shape in shapes)
    weekday = frame.weekday()
    short = prior.short.draw(rng, size) * holiday
    rhythm = _as_on_sundays(first, weekday, short)
    turn = _turns(rng, prior, frame)
    changing = np.flatnonzero(turn[:, -1] > 0)
    later = _as_on_sundays(second[changing], weekday[changing], short[changing])
    rhythm[changing] += turn[changing] * (later - rhythm[changing])
    return np.asarray(rhythm * _breath(rng, prior, frame))


def _shapes(rng: Generator, prior: WeekPrior, frame: Frame, own: Floats) -> Floats:
    """Draw profiles of mean 0 and deviation about 1, shape ``(S, 7)``."""
    weekend = np.sqrt(prior.weekend.draw(rng, (frame.panels, 1)))
    step = np.array([-0.63, -0.63, -0.63, -0.63, -0.63, 1.58, 1.58])
    step = step * np.sign(rng.random((frame.panels, 1)) - 0.3)
    shared = weekend * step + np.sqrt(1 - weekend**2) * rng.standard_normal((frame.panels, 7))
    mixed = np.sqrt(1 - own**2) * shared[frame.panel]
    mixed += own * rng.standard_normal((frame.size, 7))
    return np.asarray(mixed - mixed.mean(axis=1, keepdims=True))


def _days_off(rng: Generator, size: int) -> NDArray[np.bool_]:
    """Draw one or two days of the week that follow each other, mostly the weekend."""
    first = np.where(rng.random((size, 1)) < 0.7, 5, rng.integers(0, 7, (size, 1)))
    after = (np.arange(7) - first) % 7
    return after < 1 + (rng.random((size, 1)) < 0.7)


def _as_on_sundays(profile: Floats, weekday: NDArray[np.int64], short: Floats) -> Floats:
    usual = np.take_along_axis(profile, weekday, axis=1)
    usual += short * (profile[:, SUNDAY:] - usual)
    return usual


def _turns(rng: Generator, prior: WeekPrior, frame: Frame) -> Floats:
    """Return how far the first profile has turned into the second, shape ``(S, L)``."""
    out = np.zeros(frame.shape)
    places = np.flatnonzero(prior.changes.draw(rng, frame.size))
    middle = frame.length * rng.random((places.size, 1))
    width = 2.0 + 10.0 * rng.random((places.size, 1))
    away = np.clip((frame.time() - middle) / width, -30.0, 30.0)
    out[places] = 1.0 / (1.0 + np.exp(-away))
    return out


def _breath(rng: Generator, prior: WeekPrior, frame: Frame) -> Floats:
    """Return the strength of the rhythm, which changes from month to month, shape ``(S, L)``."""
    knots = frame.length // KNOT + 2
    steps = rng.standard_normal((frame.size, knots)) / np.sqrt(13.0)
    path = np.clip(prior.breathing.draw(rng, (frame.size, 1)) * np.cumsum(steps, axis=1), -1, 1)
    place, rest = np.divmod(frame.time(), KNOT)
    left = np.exp(path)
    return np.asarray(left[:, place] + (left[:, place + 1] - left[:, place]) * (rest / KNOT))
