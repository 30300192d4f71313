"""What happens to a release day by day: a self-exciting cascade of views, and streams from it.

Views follow a Hawkes process in days (Hawkes 1971; Crane and Sornette 2008): a day's views are what
fame brings by itself plus `reproduction` times the views of the days before, weighted by a kernel
that fades by `EXCITED` a day, times a shock. Shocks do not average out with size, because a few
large creators carry a day. Streams follow the views with a delay that fades by `DELAYED` a day,
plus the fans; playlists and radio, which no table shows, multiply them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from upswell.simulate._release_cast import FIRST_DAY, Calendar, Cast, Flags, Floats, Integers

LENGTH = 30
"""Days of an outcome."""

SEEN = 14
"""Days from the release date on for which the platform's signals are exported."""

WINDOW = 7
"""Days of which the best predictor knows everything but the unseen causes."""

EXCITED = 0.5
DELAYED = 0.6
PAID_WORTH = 0.3
"""Share of a paid view that a natural view is worth, to the cascade and to the streams."""

SHOCK = 0.25
PICKUP_CHANCE = 0.04
LISTENING = 0.36
"""Deviation of the log of what is unseen from the first day on, such as radio."""


@dataclass(frozen=True)
class State:
    """The memory of the cascade and of the delay at the end of a day, and streams so far.

    All have shape ``(n, 1)`` or ``(n, copies)``.
    """

    excitement: Floats
    delayed: Floats


@dataclass(frozen=True)
class Unseen:
    """Causes that no table shows, shape ``(n, copies)``."""

    factor: Floats
    """Factor of the streams of all days."""
    day: Integers
    """Day on which a playlist or radio begins; `LENGTH` for none."""
    lift: Floats
    """Factor of the streams from that day on."""

    def on(self, day: int) -> Floats:
        """Return the factor of the streams of one day."""
        return np.asarray(self.factor * np.where(self.day <= day, self.lift, 1.0))


@dataclass(frozen=True)
class Plan:
    """What is settled before the first day, shape ``(n, LENGTH)``."""

    natural: Floats
    """Views that fame and quality bring."""
    rhythm: Floats
    """Factor of the views that views lead to, with mean about 1."""
    paid: Floats
    bots: Floats
    fans: Floats
    """Streams by fans."""
    rate: Floats
    """Streams for each view that was worth it."""
    reproduction: Floats
    """Shape ``(n, 1)``."""


def make_plan(cast: Cast, calendar: Calendar) -> Plan:
    """Return what is settled before the first day.

    Attention fades with a power of 0.9 of the day, fans' with 0.5. Paid views and bots come in a
    burst that falls by two thirds a day.
    """
    age = np.arange(LENGTH)
    days = cast.day[:, None] + age
    platform, service = calendar.platform[days], calendar.service[days]
    level = platform[:, :7].mean(axis=1, keepdims=True)
    burst = np.where(age < WINDOW, 0.35**age, 0.0) * platform / platform[:, :1]
    natural = np.exp(FIRST_DAY + cast.fame + 0.2 * cast.quality)[:, None]
    return Plan(
        natural=natural * (1.0 + age) ** -0.9 * platform,
        rhythm=platform / level,
        paid=cast.paid[:, None] * burst,
        bots=cast.bots[:, None] * burst,
        fans=np.exp(cast.fans)[:, None] * (1.0 + age) ** -0.5 * service,
        rate=np.exp(cast.conversion)[:, None] * service,
        reproduction=cast.reproduction[:, None],
    )


def draw_unseen(rng: Generator, cast: Cast, copies: int) -> Unseen:
    """Draw playlists and radio.

    Prior: a lasting factor with deviation 0.36 on the log scale; and, with the release's own
    chance, a playlist that begins on a day of 2 to 26 and adds 70%, give or take a factor of 2.
    Copies come in mirrored pairs, which takes what is linear in the normals out of the error of
    their mean.
    """
    size = (len(cast), copies)
    chance = rng.random(size)
    day = rng.integers(1, 26, size=size)
    normal = mirrored(rng, size)
    lift = 1.0 + 0.7 * np.exp(0.7 * mirrored(rng, size))
    return Unseen(
        factor=np.exp(LISTENING * normal),
        day=np.where(chance < cast.playlist[:, None], day, LENGTH),
        lift=lift,
    )


def mirrored(rng: Generator, size: tuple[int, int]) -> Floats:
    """Draw normals of which the second half of the columns mirrors the first."""
    if size[1] == 1:
        return rng.standard_normal(size)
    half = rng.standard_normal((size[0], size[1] // 2))
    return np.concatenate([half, -half], axis=1)


def draw_shock(rng: Generator, size: tuple[int, int]) -> tuple[Floats, Floats]:
    """Draw the shock of one day, and the part of it that one large creator is the cause of.

    Prior: lognormal with mean 1 and deviation 0.25; with a chance of 4%, a large creator adds 1.3
    times the day's views, give or take a factor of 2.7.
    """
    calm = np.exp(SHOCK * mirrored(rng, size) - SHOCK**2 / 2)
    picked: Flags = rng.random(size) < PICKUP_CHANCE
    pickup = np.zeros(size)
    pickup[picked] = np.exp(0.3 + rng.standard_normal(int(picked.sum())))
    return calm, pickup


def step(
    plan: Plan, state: State, day: int, calm: Floats, pickup: Floats
) -> tuple[State, Floats, Floats]:
    """Advance by one day; return the state, the natural views and those of large creators."""
    one = slice(day, day + 1)
    pressed = plan.natural[:, one] + plan.reproduction * plan.rhythm[:, one] * state.excitement
    natural, picked = pressed * calm, pressed * calm * pickup
    worth = natural + picked + PAID_WORTH * plan.paid[:, one]
    following = State(
        excitement=EXCITED * state.excitement + (1.0 - EXCITED) * worth,
        delayed=DELAYED * state.delayed + (1.0 - DELAYED) * worth,
    )
    return following, natural, picked


def expected_streams(plan: Plan, state: State, day: int) -> Floats:
    """Return the streams of a day before unseen causes, given the state at its end."""
    one = slice(day, day + 1)
    return plan.rate[:, one] * state.delayed + plan.fans[:, one]


def beginning(count: int, copies: int = 1) -> State:
    """Return the state before the first day."""
    return State(np.zeros((count, copies)), np.zeros((count, copies)))
