"""How unusual a block of weeks is, beside all earlier blocks of as many weeks.

Releases of one week share a platform, a season and a calendar, so that rows are no independent
draws and a test that takes them as such cries wolf every week. Here the weeks are the draws. The
batch is compared with the pool of what was known to the models; and each earlier block, of as many
weeks, is compared in the same way with its own pool, as far back from it as the batch is from the
models' last day. What trends by nature, such as the level of a platform, is then as far off in
every earlier block, and does not count as unusual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAST_BLOCKS", "POOL_WEEKS", "Blocks", "Unusual", "blocks_of", "how_unusual"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

POOL_WEEKS = 26
"""Weeks of a pool; half of it where the history is short."""

LEAST_BLOCKS = 19
"""Earlier blocks below which nothing can be told at the 5% level."""

HEAVIER = 1.5
"""By what the tail beyond all earlier blocks is stretched: it is fitted to few of them."""

LEAST_ROWS = 4
"""Releases of a block, and five times as many of a pool, below which it is left out."""


@dataclass(frozen=True)
class Blocks:
    """Deviations of blocks from their pools.

    Parameters
    ----------
    deviation
        Of ``B`` earlier blocks and ``F`` columns, shape ``(B, F)``.
    noise
        Variance of each deviation if rows were independent, shape ``(B, F)``.
    weeks
        Weeks of a block.
    """

    deviation: Floats
    noise: Floats
    weeks: int


@dataclass(frozen=True)
class Unusual:
    """How unusual a batch is.

    Parameters
    ----------
    statistic
        Deviation of each column over its usual size, with its sign, shape ``(F,)``.
    p_values
        Of each column, adjusted for their number, shape ``(F,)``.
    p_value
        Of the batch as a whole: the least of `p_values`; 1 where nothing can be told.
    blocks
        Earlier blocks it was held against.
    """

    statistic: Floats
    p_values: Floats
    p_value: float
    blocks: int

    @property
    def told(self) -> bool:
        """Whether there were enough earlier blocks."""
        return self.blocks >= LEAST_BLOCKS

    def of(self, looks: int) -> Unusual:
        """Return the same as one of several looks: Bonferroni's correction."""
        p_values = np.minimum(self.p_values * looks, 1.0)
        return replace(self, p_values=p_values, p_value=min(self.p_value * looks, 1.0))


def blocks_of(
    values: Floats, days: Integers, batch: Floats, batch_days: Integers
) -> tuple[Floats, Floats, Blocks]:
    """Return deviation and noise of a batch, and those of all earlier blocks of its length.

    Parameters
    ----------
    values, days
        Of the past: shape ``(N, F)``, and day numbers, shape ``(N,)``.
    batch, batch_days
        Of the batch; every day lies after all of `days`.
    """
    last = int(batch_days.max())
    weeks = max(-(-(last + 1 - int(batch_days.min())) // 7), 1)
    index = (last - days) // 7
    count = int(index.max()) + 1 if index.size else 0
    sums = np.zeros((count + 1, values.shape[1]))
    tally = np.zeros(count + 1)
    np.add.at(sums, index + 1, values)
    np.add.at(tally, index + 1, 1.0)
    sums, tally = np.cumsum(sums, axis=0), np.cumsum(tally)
    variance = values.var(axis=0)
    gap = max(int(index.min()) - weeks, 0)
    pool = POOL_WEEKS
    if count - gap - weeks - pool - weeks - gap < LEAST_BLOCKS:
        pool = POOL_WEEKS // 2

    def part(first: int, length: int) -> tuple[Floats, float]:
        end = min(first + length, count)
        return sums[end] - sums[first], float(tally[end] - tally[first])

    def beside(total: Floats, number: float, start: int) -> tuple[Floats, Floats] | None:
        """Compare a block with the pool that begins at a week."""
        own, size = part(start, pool)
        if number < LEAST_ROWS or size < 5 * LEAST_ROWS:
            return None
        # One release more or less is never unusual, even where the past never saw its like.
        noise = variance * (1.0 / number + 1.0 / size) + 0.25 / number**2
        return total / number - own / size, noise

    found = []
    for start in range(gap + weeks, count - weeks - gap - pool + 1):
        one = beside(*part(start, weeks), start + weeks + gap)
        if one is not None:
            found.append(one)
    now = beside(batch.sum(axis=0), float(len(batch)), min(gap + weeks, count))
    empty = np.zeros((0, values.shape[1]))
    past = Blocks(
        np.array([one[0] for one in found]) if found else empty,
        np.array([one[1] for one in found]) if found else empty,
        weeks,
    )
    if now is None:
        return np.zeros(values.shape[1]), np.ones(values.shape[1]), Blocks(empty, empty, weeks)
    return now[0], now[1], past


def how_unusual(
    deviation: Floats, noise: Floats, past: Blocks, families: Sequence[str] | None = None
) -> Unusual:
    """Hold a batch against earlier blocks, over all columns at once.

    Each deviation is divided by its usual size: the noise of independent rows and what weeks differ
    by besides. In each family of columns the largest is compared with the largest of every earlier
    block, so that the chance of a false alarm is that of the whole, however many columns there are
    and however they go together (Westfall and Young 1993, Resampling-Based Multiple Testing, maxT).
    Families are put together by Bonferroni's rule: columns that jump by nature, such as the level
    of a platform, are not to drown the others. The p-value is the rank among the earlier blocks;
    beyond all of them it goes on along an exponential tail fitted to their upper quarter.

    Parameters
    ----------
    deviation, noise, past
        As `blocks_of` gives them.
    families
        The family of each column; by default one for all.
    """
    blocks = len(past.deviation)
    if blocks < LEAST_BLOCKS:
        nothing = np.ones(deviation.size)
        return Unusual(np.zeros(deviation.size), nothing, 1.0, blocks)
    excess = past.deviation**2 - past.noise
    total = excess.sum(axis=0)
    statistic = deviation / np.sqrt(np.maximum(total / blocks, 0.0) + noise)
    # A block does not vouch for itself, nor do those that share weeks with it.
    sums = np.concatenate([np.zeros((1, deviation.size)), np.cumsum(excess, axis=0)])
    place = np.arange(blocks)
    low = np.maximum(place - past.weeks + 1, 0)
    high = np.minimum(place + past.weeks, blocks)
    others = np.maximum(blocks - (high - low), 1)[:, None]
    usual = np.maximum((total - (sums[high] - sums[low])) / others, 0.0)
    earlier = np.abs(past.deviation) / np.sqrt(usual + past.noise)
    names = np.array(families if families is not None else [""] * deviation.size)
    p_values = np.ones(deviation.size)
    found = np.unique(names)
    for name in found:
        own = names == name
        largest = np.sort(earlier[:, own].max(axis=1))
        p_values[own] = np.minimum(_tail(np.abs(statistic[own]), largest) * found.size, 1.0)
    return Unusual(statistic, p_values, float(p_values.min(initial=1.0)), blocks)


def _tail(values: Floats, past: Floats) -> Floats:
    """Return how often the past, sorted, is at least as large."""
    above = past.size - np.searchsorted(past, values, side="left")
    rank = (1.0 + above) / (past.size + 1.0)
    cut = float(np.quantile(past, 0.75))
    scale = max(float(np.mean(past[past > cut] - cut)) if (past > cut).any() else 0.0, 1e-9)
    beyond = 0.25 * np.exp(-np.maximum(values - cut, 0.0) / (HEAVIER * scale))
    return np.where(values > past[-1], np.minimum(rank, beyond), rank)
