"""The parts of a simulated audience: small functions of a random generator, each with its prior.

Parts named "log" are added on the log scale and then taken to the power of e, so 0.1 means about
10%. A part over days draws day by day: a longer simulation starts with the same days.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.autoregression import autoregressions
from upswell.simulate.audiences.trend import damped

Floats = NDArray[np.float64]

LAUNCH_CHANCE = 0.12
YOUNG_CHANCE = 0.15
YOUNG_GROWTH = 0.035


def log_level(rng: Generator) -> float:
    """Draw the log of a creator's views a day.

    Prior: normal around the log of 20,000 with deviation 1.6, so views are lognormal: one creator
    in 40 has over 450,000 a day, one in 40 under 900, and in a dozen the largest has two fifths of
    the total, as on platforms.
    """
    return math.log(20_000.0) + 1.6 * float(rng.standard_normal())


def launch_day(rng: Generator, days: int) -> int:
    """Draw the day on which a creator appears; 0 means there from the start.

    Prior: with chance 0.12 within the first 60% of the days, all alike, so that something of the
    creator is seen.
    """
    launched, place = rng.random(2)
    return int(launched < LAUNCH_CHANCE) * int(0.6 * days * place)


def growth_rate(rng: Generator, *, young: bool) -> tuple[float, float]:
    """Draw growth on the first day, on the log scale, and its damping a day.

    Prior: a young creator, 15% of all and each that launches, starts with 3.5% a day, give or take
    a third, damped by 0.97 to 0.99: in the end it is some 6 times as large, nine in ten between 2.5
    and 45 times. Any other starts with 0 give or take 0.3% a day, damped by 0.98 to 0.995: in the
    end it has moved by some 30%.
    """
    size, place = float(rng.standard_normal()), float(rng.random())
    if young:
        return YOUNG_GROWTH * math.exp(0.3 * size), 0.97 + 0.02 * place
    return 0.003 * size, 0.98 + 0.015 * place


def damped_trend(rate: float, damping: float, days: int, start: int = 0) -> Floats:
    """Return the log growth since a start: the sum of ``rate * damping**k`` over its days.

    Notes
    -----
    Gardner, E. S. and McKenzie, E. (1985). Forecasting trends in time series. Management Science
    31(10), 1237-1246.
    """
    age = np.maximum(np.arange(days) - start, 0).astype(np.float64)
    return damped(np.asarray(rate), np.asarray(damping), age)


def weekly_profile(rng: Generator, deviation: float) -> Floats:
    """Draw a log profile of the seven days of the week, with mean 0.

    Prior: independent normals. The profile shared by a category has deviation 0.15 and a creator's
    own 0.05 on top: the strongest day has about one and a half times the views of the weakest.
    """
    profile = deviation * rng.standard_normal(7)
    return np.asarray(profile - profile.mean())


def random_walk(rng: Generator, days: int) -> Floats:
    """Draw the slow wandering of the log level; it is 0 on the first day.

    Prior: normal steps with a deviation of 1% a day, give or take a factor of 1.6, which is 5% in a
    month and 20% in a year.
    """
    deviation = 0.01 * math.exp(0.5 * float(rng.standard_normal()))
    return deviation * np.concatenate([[0.0], np.cumsum(rng.standard_normal(max(days - 1, 0)))])


def autoregression(rng: Generator, days: int, memory: float, deviation: float) -> Floats:
    """Draw a stationary first-order autoregression: correlation `memory` from day to day."""
    normals = rng.standard_normal((1, days))
    return np.asarray(deviation * autoregressions(np.array([memory]), normals)[0])


def moods(rng: Generator, days: int) -> Floats:
    """Draw a creator's own ups and downs on the log scale.

    Prior: an autoregression with memory 0.3 to 0.8 and deviation 3% to 12%.
    """
    memory, deviation = rng.random(2)
    return autoregression(rng, days, 0.3 + 0.5 * float(memory), 0.03 + 0.09 * float(deviation))


def shared_shocks(rng: Generator, days: int) -> Floats:
    """Draw what moves a whole category at once, on the log scale.

    Prior: an autoregression with memory 0.85 and deviation 5%, and about every 60 days an event (a
    holiday, a change of the recommendations) of 0 give or take 25% that halves every three days.
    Creators of one category are thereby correlated and the total is less certain than independent
    creators would make it.
    """
    calm, events = rng.spawn(2)
    out = autoregression(calm, days, 0.85, 0.05)
    draws = events.random(days)
    sizes = 0.25 * events.spawn(1)[0].standard_normal(days)
    for day in np.flatnonzero(draws < 1 / 60).tolist():
        out[day:] += sizes[day] * exponential_decay(days - day, half_life=3.0)
    return out


def exponential_decay(days: int, half_life: float) -> Floats:
    """Return a decay from 1 that halves every `half_life` days."""
    return np.asarray(0.5 ** (np.arange(days) / half_life))


def power_decay(days: int, exponent: float) -> Floats:
    """Return a decay from 1 as a power of the age in days, ``(1 + age) ** -exponent``."""
    return np.asarray((1.0 + np.arange(days)) ** -exponent)


def bursts(rng: Generator, days: int) -> Floats:
    """Draw the extra views of viral videos, as multiples of the views without them.

    Prior: a burst about every 50 days. Its first day adds once the usual views, give or take a
    factor of 2.5 (lognormal, at most 50 times). Half of them decay exponentially with a half-life
    of about two days (lognormal, give or take a factor of 1.5); the other half by a power of 0.8 to
    1.4, whose tail lasts for weeks.

    Notes
    -----
    Crane, R. and Sornette, D. (2008). Robust dynamic classes revealed by measuring the response
    function of a social system. PNAS 105(41), 15649-15653: daily views of videos relax by powers of
    0.6 to 1.4.
    """
    shares = rng.random((days, 3))
    normals = rng.spawn(1)[0].standard_normal((days, 2))
    out = np.zeros(days)
    for day in np.flatnonzero(shares[:, 0] < 1 / 50).tolist():
        size = min(math.exp(0.9 * normals[day, 0]), 50.0)
        if shares[day, 1] < 0.5:
            decay = exponential_decay(days - day, 2.0 * math.exp(0.4 * normals[day, 1]))
        else:
            decay = power_decay(days - day, 0.8 + 0.6 * shares[day, 2])
        out[day:] += size * decay
    return out


def level_shifts(rng: Generator, days: int) -> Floats:
    """Draw lasting jumps of the log level, such as a new format or a ban.

    Prior: about every 500 days, by 0 give or take 0.4 (half as many to one and a half as many).
    """
    happens = rng.random(days) < 1 / 500
    return np.cumsum(happens * 0.4 * rng.spawn(1)[0].standard_normal(days))


def counts(rng: Generator, expected: Floats, dispersion: float) -> Floats:
    """Draw counts: negative binomial with variance ``mean + dispersion * mean**2``.

    A dispersion of 0 gives Poisson counts.
    """
    noise, draws = rng.spawn(2)
    if dispersion > 0:
        shape = 1.0 / dispersion
        expected = expected * noise.gamma(shape, dispersion, size=expected.shape)
    return draws.poisson(expected).astype(np.float64)


def count_dispersion(rng: Generator) -> float:
    """Draw the dispersion of a creator's counts.

    Prior: lognormal around 0.002, give or take a factor of 2.7: days differ by some 4% beyond what
    Poisson counts would.
    """
    return 0.002 * math.exp(float(rng.standard_normal()))


def missing_days(rng: Generator, days: int) -> NDArray[np.bool_]:
    """Draw the days that were not recorded.

    Prior: each day with chance 0.4%, and about every 400 days a gap of 2 to 9 days.
    """
    draws = rng.random((days, 3))
    missing = draws[:, 0] < 0.004
    for day in np.flatnonzero(draws[:, 1] < 1 / 400).tolist():
        missing[day : day + 2 + int(8 * draws[day, 2])] = True
    return np.asarray(missing)


def likes(rng: Generator, views: Floats) -> Floats:
    """Draw likes for views: 2% to 12% of them by creator, 15% more or less by day, never more."""
    share = 0.02 + 0.10 * float(rng.random())
    return np.floor(views * np.minimum(share * np.exp(0.15 * rng.standard_normal(views.shape)), 1))


def followers(rng: Generator, views: Floats) -> Floats:
    """Draw followers at the end of each day: they never fall.

    Prior: at the start 5 to 50 times the views of an average first week's day; 0.05% to 0.5% of
    viewers follow.
    """
    start, share = rng.random(2)
    first = 5.0 * 10.0**start * views[:7].mean() if views.size else 0.0
    return np.asarray(np.floor(first) + np.cumsum(np.floor(views * 0.0005 * 10.0**share)))
