"""Trend: damped, steady, saturating or declining, on the log scale, 0 at the cutoff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import (
    Chance,
    Kinds,
    LogNormal,
    LogUniform,
    Normal,
    Uniform,
)

__all__ = ["TrendPrior", "damped", "decline", "exponential", "log_trend", "saturation"]

Floats = NDArray[np.float64]

MOST = 4.0
"""Most that a damped trend can gain or lose in the end, on the log scale: a factor of 55."""

DEEPEST = -9.0
"""Least that a trend is below its end, on the log scale: a factor of 8,100."""

LATEST = 2.0
"""Latest middle of an S-curve, in days after the cutoff times its rate: a factor of 8 to come."""


@dataclass(frozen=True)
class TrendPrior:
    """Priors of the trend."""

    kind: Kinds = Kinds(
        {"flat": 0.22, "damped": 0.33, "steady": 0.2, "saturation": 0.12, "decline": 0.13},
        means="kind of trend",
        why="a judgement; damping is the rule, since trends that go on unchanged overshoot "
        "(Gardner and McKenzie 1985)",
    )
    rate: Normal = Normal(
        0.0,
        0.006,
        -0.04,
        0.04,
        means="growth on the first day of a damped trend, log a day",
        why="a judgement: most audiences move by less than a fifth in a month",
    )
    damping: Uniform = Uniform(
        0.95,
        0.998,
        means="part of yesterday's growth that is left today",
        why="a judgement, in the form of Gardner and McKenzie (1985): half of the growth is "
        "gone after two weeks to a year",
    )
    fast: LogNormal = LogNormal(
        0.012,
        2.0,
        0.002,
        0.05,
        means="growth or decline that is the same each day, log a day",
        why="the file that the project began with grows by 3.5% a day; it lies one and a half "
        "deviations above the median, and a rate above 5% has not been seen to last",
    )
    falls: Chance = Chance(
        0.45,
        means="a steady trend is a decline",
        why="a judgement: interest in what is not renewed falls for months (Candia and others "
        "2019), and what grows has to stop somewhere",
    )
    lasting: LogUniform = LogUniform(
        20.0, 600.0, means="days since a steady trend began", why="a judgement"
    )
    goes_on: Chance = Chance(
        0.65,
        means="a steady trend goes on over the whole horizon",
        why="a judgement: else it stops on some day from 30 days before the cutoff on",
    )
    steep: LogNormal = LogNormal(
        0.03,
        2.0,
        0.005,
        0.15,
        means="growth of a logistic curve before it saturates, log a day",
        why="adoption follows S-curves (Bass 1969); a judgement for the rate",
    )
    half_life: LogUniform = LogUniform(
        15.0,
        600.0,
        means="days in which a decline halves what is above its floor",
        why="interest decays fast at first and slowly later (Candia and others 2019)",
    )
    floor: Uniform = Uniform(
        0.02, 0.6, means="part of the audience that a decline leaves", why="a judgement"
    )


def damped(rate: Floats, damping: Floats, age: Floats) -> Floats:
    """Return the log growth of a damped trend after `age` days.

    Notes
    -----
    ``rate * (1 - damping**age) / (1 - damping)``: Gardner, E. S. and McKenzie, E. (1985).
    Forecasting trends in time series. Management Science 31(10), 1237-1246.

    Examples
    --------
    >>> damped(np.array([0.02]), np.array([0.5]), np.array([0.0, 1.0, 2.0]))
    array([0.  , 0.02, 0.03])
    """
    return np.asarray(rate * (1.0 - damping**age) / (1.0 - damping))


def exponential(rate: Floats, begin: Floats, end: Floats, time: Floats) -> Floats:
    """Return log growth by `rate` a day from `begin` to `end`, flat before and after.

    Examples
    --------
    >>> exponential(np.array([0.5]), np.array([1.0]), np.array([3.0]), np.arange(5.0))
    array([0. , 0. , 0.5, 1. , 1. ])
    """
    return rate * (np.clip(time, begin, end) - begin)


def saturation(rate: Floats, middle: Floats, time: Floats) -> Floats:
    """Return the log of a logistic curve, which is at half its limit on the day `middle`.

    Examples
    --------
    >>> np.exp(saturation(np.array([1.0]), np.array([0.0]), np.array([0.0])))
    array([0.5])
    """
    return np.maximum(-np.logaddexp(0.0, -rate * (time - middle)), DEEPEST)


def decline(half_life: Floats, floor: Floats, age: Floats) -> Floats:
    """Return the log of an exponential decline from 1 to `floor`.

    Examples
    --------
    >>> np.exp(decline(np.array([5.0]), np.array([0.5]), np.array([0.0, 5.0])))
    array([1.  , 0.75])
    """
    return np.asarray(np.log(floor + (1.0 - floor) * np.exp2(-age / half_life)))


def log_trend(rng: Generator, prior: TrendPrior, frame: Frame) -> Floats:
    """Draw the trend of each series, shape ``(S, L)``; it is 0 on the last day of the history."""
    kinds = prior.kind.draw(rng, frame.size)
    out = np.zeros(frame.shape)
    makers: dict[str, Callable[[int], Floats]] = {
        "damped": lambda count: _damped(rng, prior, frame, count),
        "steady": lambda count: _steady(rng, prior, frame, count),
        "saturation": lambda count: _saturation(rng, prior, frame, count),
        "decline": lambda count: _decline(rng, prior, frame, count),
    }
    for name, make in makers.items():
        places = np.flatnonzero(kinds == prior.kind.place(name))
        if places.size:
            curve = make(places.size)
            out[places] = curve - curve[:, frame.days - 1 : frame.days]
    return out


def _damped(rng: Generator, prior: TrendPrior, frame: Frame, count: int) -> Floats:
    damping = prior.damping.draw(rng, (count, 1))
    rate = np.clip(prior.rate.draw(rng, (count, 1)), -MOST * (1 - damping), MOST * (1 - damping))
    begin = frame.days * rng.random((count, 1))
    return damped(rate, damping, np.maximum(frame.time() - begin, 0.0))


def _steady(rng: Generator, prior: TrendPrior, frame: Frame, count: int) -> Floats:
    rate = prior.fast.draw(rng, (count, 1))
    begin = frame.days - np.minimum(prior.lasting.draw(rng, (count, 1)), -DEEPEST / rate)
    stop = frame.days - 30 + (frame.horizon + 30) * rng.random((count, 1))
    end = np.where(prior.goes_on.draw(rng, (count, 1)), frame.length, np.maximum(stop, begin))
    sign = np.where(prior.falls.draw(rng, (count, 1)), -1.0, 1.0)
    return exponential(sign * rate, begin, end, frame.time().astype(np.float64))


def _saturation(rng: Generator, prior: TrendPrior, frame: Frame, count: int) -> Floats:
    rate = prior.steep.draw(rng, (count, 1))
    middle = frame.length * (1.3 * rng.random((count, 1)) - 0.2)
    # Later, a steep curve would have most of its growth before it: up to a factor of thousands.
    middle = np.minimum(middle, frame.days + LATEST / rate)
    return saturation(rate, middle, frame.time().astype(np.float64))


def _decline(rng: Generator, prior: TrendPrior, frame: Frame, count: int) -> Floats:
    half_life = prior.half_life.draw(rng, (count, 1))
    floor = prior.floor.draw(rng, (count, 1))
    begin = frame.days - (frame.days + 2 * half_life) * rng.random((count, 1))
    return decline(half_life, floor, np.maximum(frame.time() - begin, 0.0))
