"""How sure a gain is that was measured with several seeds: weeks and seeds are drawn again.

A model that learns by chance gains a little more or less with each seed. With the mean over the
seeds alone, drawing weeks again would take the luck of these seeds for a property of the models.
So both count: the variance of the gain is that of the weeks plus that of the seeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.scoring._checks import as_floats, check_level

__all__ = ["SeededGain", "seeded_block_bootstrap"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SeededGain:
    """A mean gain, and how sure it is.

    Parameters
    ----------
    estimate
        Mean over items and seeds; NaN without an item.
    low, high
        Ends of the interval; NaN with fewer than two blocks.
    above, below
        One-sided p-values: the chance of so large (so small) a gain where there is none; NaN with
        fewer than two blocks.
    seed_error
        Standard error of the estimate that the seeds alone give; NaN with one seed.
    blocks, seeds
        How many there are.
    """

    estimate: float
    low: float
    high: float
    above: float
    below: float
    seed_error: float
    blocks: int
    seeds: int


def seeded_block_bootstrap(
    gains: ArrayLike, blocks: ArrayLike, *, seed: int, draws: int = 9999, level: float = 0.95
) -> SeededGain:
    """Test whether a mean gain is other than 0.

    The gain over its standard error is compared with what it is when blocks, and seeds, are drawn
    again with replacement around the observed mean, and with what it is when the signs of whole
    blocks are dealt out anew. The larger p-value counts: drawing again follows skewed gains, signs
    hold where all the gain lies in a few blocks.

    Parameters
    ----------
    gains
        Gain of each item with each seed, shape ``(S, N)``, known and finite.
    blocks
        The block of each item, such as its week, shape ``(N,)``.
    seed
        Of the draws.
    draws
        How often blocks and seeds are drawn.
    level
        Of the interval.

    Returns
    -------
    SeededGain

    Raises
    ------
    SettingError
        When shapes differ, a gain is not finite, or a setting makes no sense.

    Notes
    -----
    Owen, A. B. (2007). The pigeonhole bootstrap. Annals of Applied Statistics 1(2), 386-411: rows
    and columns drawn apart. Cameron, A. C., Gelbach, J. B., and Miller, D. L. (2008).
    Bootstrap-based improvements for inference with clustered errors. Review of Economics and
    Statistics 90(3), 414-427: studentised draws, and signs of whole clusters.

    Examples
    --------
    >>> found = seeded_block_bootstrap(np.ones((3, 40)), np.arange(40) // 2, seed=1)
    >>> found.estimate, found.low, found.high, found.above < 0.001
    (1.0, 1.0, 1.0, True)
    """
    sums, items = _block_sums(gains, blocks)
    if draws < 1:
        raise SettingError(f"draws must be at least 1, got {draws}")
    check_level(level)
    (seeds, count), nan = sums.shape, float("nan")
    if not count:
        return SeededGain(nan, nan, nan, nan, nan, nan, 0, seeds)
    even = np.full((1, seeds), 1.0 / seeds)
    once = np.ones((1, count))
    mean, luck, error = (float(x[0]) for x in _studentised(sums, items, once, even))
    seed_error = luck**0.5 if seeds > 1 else np.nan
    if count < 2:
        return SeededGain(mean, nan, nan, nan, nan, seed_error, count, seeds)
    times, shares, signs = _drawn(count, seeds, draws, seed)
    drawn, _, errors = _studentised(sums, items, times, shares)
    away = _over(drawn - mean, errors)
    here = float(_over(np.array(mean), np.array(error)))
    flipped = _signed(sums.mean(axis=0), items, luck, signs)
    above, below = (
        max((1 + int((side * each >= side * here).sum())) / (draws + 1) for each in (away, flipped))
        for side in (1.0, -1.0)
    )
    low, high = _interval(mean, error, drawn, away, level)
    return SeededGain(mean, low, high, above, below, seed_error, count, seeds)


@lru_cache(maxsize=4)
def _drawn(count: int, seeds: int, draws: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Return how often each block counts, the share of each seed, and signs of the blocks.

    Kept for the next test, since many tests are of the same weeks and seeds.
    """
    rng = np.random.default_rng(seed)
    times = rng.multinomial(count, np.full(count, 1.0 / count), size=draws).astype(np.float64)
    shares = rng.multinomial(seeds, np.full(seeds, 1.0 / seeds), size=draws) / seeds
    signs = rng.integers(2, size=(draws, count), dtype=np.int8).astype(np.float64) * 2.0 - 1.0
    for each in (times, shares, signs):
        each.setflags(write=False)
    return times, shares, signs


def _block_sums(gains: ArrayLike, blocks: ArrayLike) -> tuple[Floats, Floats]:
    """Return the sum of each seed and block, shape (S, B), and the items of each block."""
    values, names = as_floats(gains, "gains"), np.asarray(blocks)
    if values.ndim != 2 or not len(values) or names.shape != values.shape[1:]:
        raise SettingError(f"gains and blocks have shapes {values.shape} and {names.shape}")
    if not np.isfinite(values).all():
        raise SettingError("a gain is not finite")
    different, place = np.unique(names, return_inverse=True)
    size = len(different)
    sums = np.array([np.bincount(place, weights=own, minlength=size) for own in values])
    return sums.reshape(len(values), size), np.bincount(place, minlength=size).astype(np.float64)


def _studentised(
    sums: Floats, items: Floats, times: Floats, shares: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the mean gain of each draw, the variance that its seeds give, and its error.

    Draws are given by how often each block counts, shape (D, B), and the share of each seed, shape
    (D, S). Not by matrix products: the order of their sums depends on the threads of the library.
    """
    seeds, count = sums.shape
    number = np.einsum("db,b->d", times, items)
    by_seed = np.einsum("db,sb->ds", times, sums) / number[:, None]
    mean = np.einsum("ds,ds->d", shares, by_seed)
    luck = np.zeros(len(mean))
    if seeds > 1:
        spread = np.einsum("ds,ds->d", shares, (by_seed - mean[:, None]) ** 2)
        luck = spread / (seeds - 1)
    rest = np.einsum("ds,sb->db", shares, sums) - mean[:, None] * items
    weeks = np.einsum("db,db->d", times, rest**2) / number**2 * count / max(count - 1, 1)
    return mean, luck, np.sqrt(weeks + luck)


def _signed(sums: Floats, items: Floats, luck: float, signs: Floats) -> Floats:
    """Return the gains over their errors when whole blocks have these signs, shape (D,)."""
    count, number = len(items), items.sum()
    dealt = signs * sums
    mean = dealt.sum(axis=1) / number
    rest = dealt - mean[:, None] * items
    weeks = np.einsum("db,db->d", rest, rest) / number**2 * count / (count - 1)
    return _over(mean, np.sqrt(weeks + luck))


def _over(gain: Floats, error: Floats) -> Floats:
    """Return gains over their errors: 0 for no gain, infinite for a gain without error."""
    tiny = np.abs(gain) <= 1e-12
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(tiny, 0.0, gain / error))


def _interval(
    mean: float, error: float, drawn: Floats, away: Floats, level: float
) -> tuple[float, float]:
    """Return the symmetric studentised interval; that of the draws where gains are too sparse."""
    reach = float(np.quantile(np.abs(away), level, method="higher"))
    if np.isfinite(reach):
        return mean - reach * error, mean + reach * error
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
