"""Means over releases whose weeks are the draws, and how sure it is that two of them differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAST_RELEASES", "LEAST_WEEKS", "WeeklyMean", "greater", "weekly_mean"]

Floats = NDArray[np.float64]

LEAST_WEEKS = 4
LEAST_RELEASES = 20
"""Below these nothing is said of a mean."""


@dataclass(frozen=True, slots=True)
class WeeklyMean:
    """A mean over releases.

    Parameters
    ----------
    mean
        NaN without a release.
    variance
        Of the mean, the weeks being the draws; NaN below two weeks.
    count, weeks
        Releases and weeks.
    """

    mean: float
    variance: float
    count: int
    weeks: int

    @property
    def enough(self) -> bool:
        """Whether it can be tested."""
        return self.count >= LEAST_RELEASES and self.weeks >= LEAST_WEEKS


def weekly_mean(values: Floats, days: NDArray[np.int64], floor: float = 0.0) -> WeeklyMean:
    """Return the mean of values, and its variance when whole weeks were drawn.

    Parameters
    ----------
    values
        One a release, shape ``(n,)``.
    days
        Release dates as day numbers, shape ``(n,)``.
    floor
        Variance of a single value that is assumed at least.

    Notes
    -----
    The cluster-robust variance of a mean, ``W / (W - 1) * sum_w (sum_i (x_i - mean))**2 / n**2``:
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika 73(1), 13-22.

    Examples
    --------
    >>> found = weekly_mean(np.array([1.0, 3.0, 2.0, 4.0]), np.array([0, 0, 7, 7]))
    >>> found.mean, found.variance, found.weeks
    (2.5, 0.25, 2)
    """
    if not values.size:
        return WeeklyMean(float("nan"), float("nan"), 0, 0)
    mean = float(values.mean())
    _, week = np.unique((days - days.min()) // 7, return_inverse=True)
    sums = np.bincount(week, weights=values - mean)
    if sums.size < 2:
        return WeeklyMean(mean, float("nan"), values.size, int(sums.size))
    variance = sums.size / (sums.size - 1) * float(np.square(sums).sum()) / values.size**2
    return WeeklyMean(mean, max(variance, floor / values.size), values.size, int(sums.size))


def greater(one: WeeklyMean, other: WeeklyMean | float) -> float:
    """Return the one-sided p-value of ``one > other``; 1 where it cannot be tested.

    Welch's t-test with the weeks as draws; a number in place of the other mean is exact.
    """
    from scipy.stats import t

    if not one.enough:
        return 1.0
    if isinstance(other, WeeklyMean):
        if other.weeks < 2:
            return 1.0
        parts = [(one.variance, one.weeks), (other.variance, other.weeks)]
        difference = one.mean - other.mean
    else:
        parts = [(one.variance, one.weeks)]
        difference = one.mean - other
    variance = sum(part for part, _ in parts)
    if variance <= 0.0:
        return 0.0 if difference > 0.0 else 1.0
    freedom = variance**2 / sum(part**2 / (weeks - 1) for part, weeks in parts)
    return float(t.sf(difference / np.sqrt(variance), freedom))
