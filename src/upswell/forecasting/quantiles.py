"""Quantiles that a forecaster says itself: of each day, of sums and of peaks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.forecasting.history import History

__all__ = ["QuantileForecaster", "Quantiles", "moved"]

Floats = NDArray[np.float64]

LARGEST_MOVE = 5.0


@dataclass(frozen=True)
class Quantiles:
    """Quantiles of ``S`` series over the ``H`` days ahead.

    Parameters
    ----------
    levels
        Ascending, shape ``(L,)``; the middle one is 0.5.
    day
        Of the count of each day, shape ``(L, S, H)``.
    sum
        Of the sum of all days up to each day, shape ``(L, S, H)``.
    peak
        Of the largest of these days, shape ``(L, S, H)``.

    Raises
    ------
    SettingError
        When the shapes do not agree.

    Examples
    --------
    >>> one = np.array([4.0, 5.0, 6.0])[:, None, None] * np.ones((1, 2, 3))
    >>> said = Quantiles(np.array([0.1, 0.5, 0.9]), one, one * [1, 2, 3], one)
    >>> said.median.tolist()
    [[5.0, 5.0, 5.0], [5.0, 5.0, 5.0]]
    >>> said.select(np.array([1])).sum[:, 0, 2].tolist()
    [12.0, 15.0, 18.0]
    """

    levels: Floats
    day: Floats
    sum: Floats
    peak: Floats

    def __post_init__(self) -> None:
        shapes = {self.day.shape, self.sum.shape, self.peak.shape}
        if len(shapes) > 1 or self.day.ndim != 3 or len(self.day) != len(self.levels):
            raise SettingError(f"quantiles have {len(self.levels)} levels and shapes {shapes}")

    @property
    def median(self) -> Floats:
        """Median of each day, shape ``(S, H)``."""
        return np.asarray(self.day[len(self.levels) // 2])

    @property
    def horizon(self) -> int:
        """Number of days ahead, ``H``."""
        return int(self.day.shape[2])

    def place(self, level: float) -> int:
        """Return the place of the level nearest to one."""
        return int(np.argmin(np.abs(self.levels - level)))

    def select(self, index: NDArray[np.int64]) -> Quantiles:
        """Return some of the series."""
        return Quantiles(self.levels, self.day[:, index], self.sum[:, index], self.peak[:, index])

    def unsaid(self) -> Quantiles:
        """Return quantiles of the same shapes that say nothing: NaN throughout."""
        heads = (self.day, self.sum, self.peak)
        return Quantiles(self.levels, *(np.full_like(head, np.nan) for head in heads))


@runtime_checkable
class QuantileForecaster(Protocol):
    """A forecaster that says quantiles itself, and needs no fit for it."""

    def quantiles(self, history: History, horizon: int) -> Quantiles:
        """Forecast quantiles of each series.

        Parameters
        ----------
        history
            The days to condition on.
        horizon
            Number of days, ``H``.

        Returns
        -------
        Quantiles
            Finite, not negative and ascending; NaN throughout for a series that it failed on.
        """


def moved(said: Quantiles, medians: Floats, most: float = LARGEST_MOVE) -> Quantiles:
    """Multiply quantiles so that the days have other medians.

    Those of sums move as the sum of the medians does, and those of peaks as the largest.

    Parameters
    ----------
    said
        Quantiles of ``S`` series.
    medians
        What the medians of the days should be, shape ``(S, H)``.
    most
        Largest factor by which anything moves, up or down.

    Examples
    --------
    >>> one = np.array([4.0, 5.0, 6.0])[:, None, None] * np.ones((1, 1, 2))
    >>> said = Quantiles(np.array([0.1, 0.5, 0.9]), one, one * [1, 2], one)
    >>> moved(said, np.array([[5.0, 10.0]])).sum[:, 0].tolist()
    [[4.0, 12.0], [5.0, 15.0], [6.0, 18.0]]
    """
    before = said.median
    days = _ratio(medians, before, most)
    sums = _ratio(np.cumsum(before * days, axis=1), np.cumsum(before, axis=1), most)
    peaks = _ratio(
        np.maximum.accumulate(before * days, axis=1), np.maximum.accumulate(before, axis=1), most
    )
    return replace(
        said,
        day=said.day * days,
        sum=np.maximum.accumulate(said.sum * sums, axis=2),
        peak=np.maximum.accumulate(said.peak * peaks, axis=2),
    )


def _ratio(new: Floats, old: Floats, most: float) -> Floats:
    usable = np.isfinite(new) & (old > 0)
    ratio = np.where(usable, new, 1.0) / np.where(usable, old, 1.0)
    return np.asarray(np.clip(ratio, 1.0 / most, most))
