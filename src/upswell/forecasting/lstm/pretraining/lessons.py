"""Lessons: simulated audiences, cut where their future is known; a function of seed and number.

A lesson is one block of 128 simulated series and the sums of its panels. Each is cut at its last
day and at some earlier ones; of the history before a cut, as much is shown as a real file might
hold. What comes after it is the truth, without what recording did to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.forecasting.lstm.pretrained.features import NetworkInputs, network_inputs
from upswell.forecasting.lstm.pretrained.layout import DAYS_BACK, MEMORY
from upswell.forecasting.lstm.pretrained.targets import targets
from upswell.simulate.audiences import BLOCK, Audiences, simulate_audiences

__all__ = ["CHAPTER", "Batch", "Examples", "Lesson", "chapter_batches", "examples", "lesson"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Singles = NDArray[np.float32]

CHAPTER = 4
"""Lessons that are shuffled together; all of them look equally far ahead."""

CUTOFFS = 4
LENGTHS, LENGTH_SHARES = (200, 420, 1155), (0.3, 0.4, 0.3)
HORIZONS, HORIZON_SHARES = (35, 91), (0.85, 0.15)
# How many days are shown, log-uniformly between two bounds, and how often which bounds.
VISIBLE = ((14, 50, 0.2), (50, 128, 0.4), (128, 400, 0.2), (400, MEMORY, 0.2))
FEWEST_DAYS = 10
EARLIEST_CUT = 20
# Most of a panel's views on a day that may be missing for its sum to be recorded.
MOST_MISSING = 0.3
# Part of a sum whose event is one of the sum.
MOST_OF_A_SUM = 0.5
# How often holidays, and announced events, are kept from the network: most files say neither.
HIDDEN = (0.3, 0.35)


@dataclass(frozen=True)
class Examples:
    """Histories and their futures.

    Parameters
    ----------
    histories
        What was recorded up to the cutoff, shape ``(E, MEMORY)``; NaN before what is shown.
    holidays, announced
        Flags of the same days and the future ones, shape ``(E, MEMORY + H)``.
    future
        What then happened, shape ``(E, H)``; no NaN.
    """

    histories: Floats
    holidays: Bools
    announced: Bools
    future: Floats

    def inputs(self) -> NetworkInputs:
        """Return what the network reads of them."""
        return network_inputs(
            self.histories,
            self.future.shape[1],
            holidays=self.holidays,
            announced=self.announced,
        )


@dataclass(frozen=True)
class Batch:
    """What the network learns from at once, all in float32.

    Parameters
    ----------
    past, future
        Inputs, shapes ``(E, 26, F)`` and ``(E, Q, F)``.
    targets
        Shape ``(E, H, 3)``.
    """

    past: Singles
    future: Singles
    targets: Singles

    def __len__(self) -> int:
        return len(self.past)


@dataclass(frozen=True)
class Lesson:
    """Examples with what the network reads of them, and what it should say."""

    examples: Examples
    inputs: NetworkInputs
    targets: Floats

    def batch(self) -> Batch:
        """Return what the network learns from."""
        return Batch(self.inputs.past, self.inputs.future, self.targets.astype(np.float32))


def lesson(seed: int, number: int) -> Lesson:
    """Return one lesson.

    Parameters
    ----------
    seed, number
        Which lesson; at least 0 both.

    Returns
    -------
    Lesson
        About 500 examples; the same to the last bit for the same seed and number.

    Examples
    --------
    >>> one = lesson(seed=5, number=3)
    >>> one.batch().past.shape[1:], one.targets.shape[1:]
    ((26, 73), (35, 3))
    """
    some = examples(seed, number)
    inputs = some.inputs()
    return Lesson(some, inputs, targets(inputs, some.future))


def chapter_batches(seed: int, chapter: int, batch_size: int) -> list[Batch]:
    """Return the examples of `CHAPTER` lessons, shuffled, in batches of about that size.

    Parameters
    ----------
    seed, chapter
        Lessons ``CHAPTER * chapter`` and the next ones.
    batch_size
        Batches differ by at most one example, so that none is left over.

    Returns
    -------
    list
        At least one batch.
    """
    parts = [lesson(seed, CHAPTER * chapter + k).batch() for k in range(CHAPTER)]
    past = np.concatenate([part.past for part in parts])
    future = np.concatenate([part.future for part in parts])
    truth = np.concatenate([part.targets for part in parts])
    order = np.random.default_rng([seed, chapter, CHAPTER]).permutation(len(past))
    number = max(round(len(past) / batch_size), 1)
    return [Batch(past[k], future[k], truth[k]) for k in np.array_split(order, number)]


def examples(seed: int, number: int) -> Examples:
    """Simulate a block of audiences and cut it; see `lesson`."""
    rng = np.random.default_rng([seed, number])
    days = int(rng.choice(LENGTHS, p=LENGTH_SHARES))
    horizon = _horizon(seed, number // CHAPTER)
    audiences = simulate_audiences(
        BLOCK, days=days, horizon=horizon, seed=seed, first=number * BLOCK, components=False
    )
    return _cut(rng, _with_sums(audiences), days, horizon)


def _horizon(seed: int, chapter: int) -> int:
    draw = np.random.default_rng([seed, chapter, CHAPTER + 1])
    return int(draw.choice(HORIZONS, p=HORIZON_SHARES))


@dataclass(frozen=True)
class _Series:
    """What is cut: records ``(N, T)``; counts and flags of all days ``(N, T + H)``."""

    observed: Floats
    counts: Floats
    holidays: Bools
    announced: Bools


def _with_sums(audiences: Audiences) -> _Series:
    """Return the series and the sums of panels of two or more.

    A sum is what a planner's total is: members that are missing are filled, unless too much is. An
    event of members that make up half of it, by their usual counts, is one of the sum.
    """
    observed, counts = audiences.observed, audiences.counts
    _, first, members = np.unique(audiences.panel, return_index=True, return_counts=True)
    several = members >= 2
    if not several.any():
        return _Series(observed, counts, audiences.holidays, audiences.announced)
    missing, happened = np.isnan(observed), counts[:, : audiences.days]
    filled = np.add.reduceat(np.where(missing, happened, observed), first, axis=0)[several]
    some = happened + 1e-9
    absent = np.add.reduceat(missing * some, first, axis=0)[several]
    share = absent / np.add.reduceat(some, first, axis=0)[several]
    leaders = first[several]
    usual = happened.mean(axis=1, keepdims=True)
    part = np.add.reduceat(audiences.announced * usual, first, axis=0)
    flagged = part >= MOST_OF_A_SUM * np.add.reduceat(usual, first, axis=0) + 1e-9
    return _Series(
        observed=np.concatenate([observed, np.where(share > MOST_MISSING, np.nan, filled)]),
        counts=np.concatenate([counts, np.add.reduceat(counts, first, axis=0)[several]]),
        holidays=np.concatenate([audiences.holidays, audiences.holidays[leaders]]),
        announced=np.concatenate([audiences.announced, flagged[several]]),
    )


def _cut(rng: Generator, series: _Series, days: int, horizon: int) -> Examples:
    """Cut each series at its last day and at earlier ones, and show a part of what was before."""
    number = len(series.observed)
    rows = np.tile(np.arange(number), CUTOFFS)
    cut = rng.integers(14, days + 1, size=rows.size)
    cut[:number] = days
    cut = np.maximum(cut, min(days, EARLIEST_CUT))[:, None]
    visible = _visible_days(rng, rows.size)[:, None]
    back = np.arange(-MEMORY, 0)
    there = (cut + back >= 0) & (-back <= visible)
    histories = np.where(there, series.observed[rows[:, None], np.maximum(cut + back, 0)], np.nan)
    around = cut + np.arange(-DAYS_BACK, horizon)
    flags = []
    hidden = rng.random((rows.size, 2)) < np.array(HIDDEN)
    for place, flag in enumerate((series.holidays, series.announced)):
        shown = np.zeros((rows.size, MEMORY + horizon), dtype=bool)
        known = flag[rows[:, None], np.maximum(around, 0)] & (around >= 0)
        shown[:, -(DAYS_BACK + horizon) :] = known & ~hidden[:, place, None]
        flags.append(shown)
    future = series.counts[rows[:, None], cut + np.arange(horizon)]
    seen = np.isfinite(histories)
    fit = seen.sum(axis=1) >= FEWEST_DAYS
    fit &= np.where(seen, histories, 0.0).max(axis=1) > 0
    return Examples(histories[fit], flags[0][fit], flags[1][fit], future[fit])


def _visible_days(rng: Generator, size: int) -> NDArray[np.int64]:
    """Draw how many days before the cutoff are shown."""
    low, high, share = (np.array(column, dtype=np.float64) for column in zip(*VISIBLE, strict=True))
    which = np.searchsorted(np.cumsum(share)[:-1], rng.random(size), side="right")
    between = rng.random(size)
    days = np.exp(np.log(low[which]) + between * np.log(high[which] / low[which]))
    return days.astype(np.int64)
