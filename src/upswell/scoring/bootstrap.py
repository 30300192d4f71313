"""How sure a comparison is: two forecasters on the same items, drawn again block by block.

Items of one block, such as the releases of one week, share what happened in it; drawing whole
blocks keeps that. Both forecasters are scored on the same draw, so what is hard for both cancels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.scoring._checks import as_floats, check_level, ratio, same_shape

__all__ = ["BootstrapInterval", "BootstrapStatistic", "paired_block_bootstrap"]

BootstrapStatistic = Literal["difference", "ratio", "root-ratio"]


@dataclass(frozen=True, slots=True)
class BootstrapInterval:
    """A comparison of two forecasters with its confidence interval.

    Parameters
    ----------
    estimate
        The statistic on all items; NaN where it is not defined.
    low, high
        Ends of the percentile interval; NaN with fewer than two blocks, or when the statistic is
        not defined on some draw.
    better
        Share of draws in which the first has the lower loss, equal ones counting half; NaN where
        the interval is.
    blocks, draws
        How many blocks there are and how often they were drawn.
    """

    estimate: float
    low: float
    high: float
    better: float
    blocks: int
    draws: int


def paired_block_bootstrap(
    losses_a: ArrayLike,
    losses_b: ArrayLike,
    blocks: ArrayLike,
    *,
    statistic: BootstrapStatistic = "ratio",
    draws: int = 2000,
    seed: int,
    level: float = 0.9,
) -> BootstrapInterval:
    """Compare the mean losses of two forecasters, and say how sure the comparison is.

    Parameters
    ----------
    losses_a, losses_b
        Loss of each on each item, shape ``(N,)``; items of which neither loss is known are left
        out, and one known loss without the other leaves everything undefined.
    blocks
        The block of each item, shape ``(N,)``, of any type that can be sorted.
    statistic
        ``difference`` of the means ``a - b``, their ``ratio`` ``a / b``, or ``root-ratio``, the
        root of the ratio: with squared errors as losses, the ratio of two RMSEs.
    draws
        How often as many blocks as there are are drawn with replacement.
    seed
        Of the draws.
    level
        Of the percentile interval.

    Returns
    -------
    BootstrapInterval

    Raises
    ------
    SettingError
        When shapes differ, a loss is infinite, or a setting makes no sense.

    Notes
    -----
    Künsch, H. R. (1989). The jackknife and the bootstrap for general stationary observations.
    Annals of Statistics 17(3), 1217-1241; here with fixed blocks of unequal size. Few blocks make
    the interval too narrow.

    Examples
    --------
    >>> weeks = [1, 1, 2, 2, 3, 3]
    >>> found = paired_block_bootstrap([1.0] * 6, [2.0] * 6, weeks, seed=1)
    >>> found.estimate, found.low, found.high, found.better
    (0.5, 0.5, 0.5, 1.0)
    """
    if draws < 1:
        raise SettingError(f"draws must be at least 1, got {draws}")
    if statistic not in {"difference", "ratio", "root-ratio"}:
        raise SettingError(f"no statistic {statistic!r}", fix="use difference, ratio or root-ratio")
    tail = (1.0 - check_level(level)) / 2.0
    first, second, sums, count = _block_sums(losses_a, losses_b, blocks)
    estimate = float(_statistic(first.mean(), second.mean(), statistic)) if first.size else np.nan
    undefined = BootstrapInterval(estimate, np.nan, np.nan, np.nan, count, draws)
    if count < 2:
        return undefined
    generator = np.random.default_rng(seed)
    times = generator.multinomial(count, np.full(count, 1.0 / count), size=draws)
    # Not a matrix product: the order of its sums depends on the threads of the library.
    total_a, total_b, items = np.einsum("db,kb->kd", times.astype(np.float64), sums)
    drawn = _statistic(total_a / items, total_b / items, statistic)
    if not np.isfinite(drawn).all():
        return undefined
    low, high = np.quantile(drawn, [tail, 1.0 - tail])
    better = np.mean(total_a < total_b) + 0.5 * np.mean(total_a == total_b)
    return BootstrapInterval(estimate, float(low), float(high), float(better), count, draws)


def _block_sums(
    losses_a: ArrayLike, losses_b: ArrayLike, blocks: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], int]:
    """Return both losses, and by block the sum of each and the number of items, shape (3, B)."""
    first, second = as_floats(losses_a, "losses_a"), as_floats(losses_b, "losses_b")
    same_shape(first, second, "losses_a and losses_b")
    names = np.asarray(blocks)
    if first.ndim != 1 or names.shape != first.shape:
        raise SettingError(f"losses and blocks have shapes {first.shape} and {names.shape}")
    kept = ~(np.isnan(first) & np.isnan(second))
    first, second = first[kept], second[kept]
    different, place = np.unique(names[kept], return_inverse=True)
    size = len(different)
    sums = [np.bincount(place, weights=part, minlength=size) for part in (first, second)]
    return first, second, np.stack([*sums, np.bincount(place, minlength=size)]), size


def _statistic(
    mean_a: NDArray[np.float64], mean_b: NDArray[np.float64], statistic: BootstrapStatistic
) -> NDArray[np.float64]:
    if statistic == "difference":
        return np.asarray(mean_a - mean_b)
    quotient = ratio(np.asarray(mean_a), np.asarray(mean_b))
    return np.sqrt(quotient) if statistic == "root-ratio" else quotient
