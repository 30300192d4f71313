"""What is kept of a forecast that was made again: little enough to keep several at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data import DayAxis
from upswell.forecasting.result import Forecast

__all__ = ["Gist"]

Key = tuple[str, str]


@dataclass(frozen=True)
class Gist:
    """Means of all series, and the paths of the total.

    Parameters
    ----------
    axis
        The ``H`` days ahead.
    keys
        Level and name of each of the ``S`` series.
    means
        Mean of each series and day, shape ``(S, H)``.
    total
        Paths of the total, shape ``(P, H)``.
    """

    axis: DayAxis
    keys: tuple[Key, ...]
    means: NDArray[np.float64]
    total: NDArray[np.float64]

    @classmethod
    def of(cls, forecast: Forecast) -> Gist:
        """Return the gist of a forecast."""
        tree = forecast.tree
        return cls(
            axis=forecast.axis,
            keys=tuple(zip(tree.levels, tree.names, strict=True)),
            means=forecast.paths.mean(axis=0),
            total=forecast.paths[:, 0].copy(),
        )

    def _columns(self, days: DayAxis) -> slice:
        first = days.start - self.axis.start
        return slice(first, first + days.length)

    def sums(self, days: DayAxis) -> NDArray[np.float64]:
        """Return the total's sum over some of the days on each path, shape ``(P,)``."""
        return np.asarray(self.total[:, self._columns(days)].sum(axis=1))

    def means_of_sums(self, days: DayAxis) -> dict[Key, float]:
        """Return the mean sum over some of the days of each series."""
        sums = self.means[:, self._columns(days)].sum(axis=1)
        return dict(zip(self.keys, sums.tolist(), strict=True))

    def mean_of_total(self, chosen: NDArray[np.int64]) -> float:
        """Return the mean sum of the total over the days of some numbers."""
        return float(self.total[:, chosen - self.axis.start].sum(axis=1).mean())
