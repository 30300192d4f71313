"""What came of each release, and what the best possible predictor would have said of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.random import Generator

from upswell.simulate._release_cast import (
    DAYS,
    Calendar,
    Cast,
    Flags,
    Floats,
    Integers,
    stream,
)
from upswell.simulate._release_days import (
    LENGTH,
    SEEN,
    WINDOW,
    Plan,
    State,
    beginning,
    draw_shock,
    draw_unseen,
    expected_streams,
    make_plan,
    step,
)

HORIZONS = (14, 30)
"""Days to which the truth counts streams."""

CHUNK = 512
"""Releases drawn together. It is part of the world: another number gives other draws."""

FUTURES = 64
"""Futures of each release from which its expectation is taken."""


@dataclass(frozen=True)
class Days:
    """What happened to ``N`` releases by day."""

    natural: Floats
    """Expected views of all but large creators, paid ones and bots, shape ``(N, SEEN)``."""
    large: Floats
    """Expected views of large creators that took the song up, shape ``(N, SEEN)``."""
    paid: Floats
    bots: Floats
    streams: Integers
    """Shape ``(N, LENGTH)``."""
    expected_log: Floats
    """Mean of ``log1p`` of the streams to each horizon over the futures, shape ``(N, 2)``."""
    deviation: Floats
    """Their standard deviation, shape ``(N, 2)``."""

    def at(self, rows: slice) -> Days:
        """Return some of the releases."""
        return Days(**{name: values[rows] for name, values in vars(self).items()})

    def known_streams(self, cast: Cast) -> Flags:
        """Return which days have a row of outcomes, shape ``(N, LENGTH)``.

        A day without streams has none, nor has a day after the tables end.
        """
        return (self.streams > 0) & (cast.day[:, None] + np.arange(LENGTH) < DAYS)


def live(cast: Cast, calendar: Calendar, seed: int) -> Days:
    """Draw what happened to all releases, chunk by chunk."""
    parts = [
        _live(cast.at(slice(start, start + CHUNK)), calendar, seed, start // CHUNK)
        for start in range(0, len(cast), CHUNK)
    ]
    return Days(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in Days.__dataclass_fields__
        }
    )


def _live(cast: Cast, calendar: Calendar, seed: int, chunk: int) -> Days:
    """Draw what happened to one chunk, and the futures that its first days could have had."""
    plan = make_plan(cast, calendar)
    rng = stream(seed, "actual", chunk)
    unseen = draw_unseen(rng, cast, 1)
    state, gate = beginning(len(cast)), beginning(len(cast))
    natural, large, base, streams = (np.zeros((len(cast), LENGTH)) for _ in range(4))
    for day in range(LENGTH):
        one = slice(day, day + 1)
        calm, pickup = draw_shock(rng, (len(cast), 1))
        state, natural[:, one], large[:, one] = step(plan, state, day, calm, pickup)
        base[:, one] = expected_streams(plan, state, day)
        streams[:, one] = base[:, one] * unseen.on(day)
        if day == WINDOW - 1:
            gate = state
    found = futures(plan, cast, gate, base[:, :WINDOW], rng=stream(seed, "futures", chunk))
    return Days(
        natural=natural[:, :SEEN].copy(),
        large=large[:, :SEEN].copy(),
        paid=plan.paid[:, :SEEN].copy(),
        bots=plan.bots[:, :SEEN].copy(),
        streams=rng.poisson(streams),
        expected_log=np.stack([mean for mean, _ in found], axis=1),
        deviation=np.stack([deviation for _, deviation in found], axis=1),
    )


def futures(
    plan: Plan,
    cast: Cast,
    gate: State,
    base: Floats,
    *,
    rng: Generator,
    copies: int = FUTURES,
) -> list[tuple[Floats, Floats]]:
    """Return mean and deviation of the log outcome to each horizon, given the state at the gate.

    The best possible predictor knows everything about the release and its first `WINDOW` days but
    the unseen causes, and nothing of what comes after. What remains is simulated; only the counting
    noise, a Poisson count around the sum, is integrated in closed form.

    Parameters
    ----------
    plan, cast
        Of ``n`` releases.
    gate
        State at the end of the window, shape ``(n, 1)``.
    base
        Streams of the window's days before unseen causes, shape ``(n, WINDOW)``.
    rng
        Source of the futures.
    copies
        Number of futures, even.
    """
    unseen = draw_unseen(rng, cast, copies)
    total = np.zeros((len(cast), copies))
    for day in range(WINDOW):
        total += base[:, day : day + 1] * unseen.on(day)
    state = gate
    found = []
    for day in range(WINDOW, LENGTH):
        state, _, _ = step(plan, state, day, *draw_shock(rng, (len(cast), copies)))
        total += expected_streams(plan, state, day) * unseen.on(day)
        if day + 1 in HORIZONS:
            means = mean_log_count(total)
            counting = 1.0 / (1.0 + total)
            spread = np.sqrt(means.var(axis=1, ddof=1) + counting.mean(axis=1))
            found.append((means.mean(axis=1), spread))
    return found


@cache
def _exact_mean_logs() -> tuple[Floats, Floats]:
    """Return logs of Poisson means from 0.01 to 300, and the mean of ``log1p`` of their counts."""
    logs = np.linspace(np.log(0.01), np.log(300.0), 721)
    counts = np.arange(600)
    factorials = np.concatenate([[0.0], np.cumsum(np.log(counts[1:]))])
    chance = np.exp(logs[:, None] * counts - np.exp(logs)[:, None] - factorials)
    return logs, chance @ np.log1p(counts)


def mean_log_count(mean: Floats) -> Floats:
    """Return the mean of ``log1p`` of Poisson counts.

    Exact sums, interpolated, up to a mean of 300; beyond, the first two terms of the expansion
    around the mean, which is off by less than 1e-5 there.

    Examples
    --------
    >>> mean_log_count(np.array([1.0])).round(4).tolist()
    [0.5734]
    """
    exact = np.interp(np.log(np.maximum(mean, 1e-300)), *_exact_mean_logs())
    small = mean * np.log(2.0)
    large = np.log1p(mean) - 0.5 * mean / (1.0 + mean) ** 2
    return np.where(mean > 300.0, large, np.where(mean < 0.01, small, exact))
