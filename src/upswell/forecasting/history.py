"""What a forecaster may see: the series of the tree up to a cutoff, and nothing after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError

__all__ = ["FittedMedian", "History", "MedianForecaster"]


@dataclass(frozen=True)
class History:
    """Daily values of ``S`` series over the ``T`` days up to a cutoff.

    Parameters
    ----------
    values
        Counts, shape ``(S, T)``, not negative; NaN marks a missing day.
    phase
        Day of the week of each day, 0 to 6, shape ``(T,)``.

    Raises
    ------
    SettingError
        When the shapes do not agree.

    Examples
    --------
    >>> import numpy as np
    >>> history = History(np.arange(10.0)[None, :], np.arange(10) % 7)
    >>> history.until(8).days, history.future_phase(3).tolist()
    (8, [3, 4, 5])
    """

    values: NDArray[np.float64]
    phase: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.phase.shape != self.values.shape[1:]:
            raise SettingError(
                f"history has values of shape {self.values.shape} and phase {self.phase.shape}"
            )

    @property
    def days(self) -> int:
        """Number of days, ``T``."""
        return int(self.values.shape[1])

    @property
    def series(self) -> int:
        """Number of series, ``S``."""
        return int(self.values.shape[0])

    def until(self, days: int) -> History:
        """Return the first `days` days: what was known then."""
        return History(self.values[:, :days], self.phase[:days])

    def select(self, index: NDArray[np.int64]) -> History:
        """Return some of the series."""
        return History(self.values[index], self.phase)

    def future_phase(self, horizon: int) -> NDArray[np.int64]:
        """Return the day of the week of the next days, shape ``(horizon,)``."""
        last = self.phase[-1] if self.days else -1
        return (last + 1 + np.arange(horizon)) % 7


class FittedMedian(Protocol):
    """A fitted forecaster of medians; it may be asked at later cutoffs without fitting again."""

    def predict(self, history: History, horizon: int) -> NDArray[np.float64]:
        """Forecast the median of each series and day.

        Parameters
        ----------
        history
            The days to condition on. Its series are those of the fit, in the same order.
        horizon
            Number of days, ``H``.

        Returns
        -------
        numpy.ndarray
            Shape ``(S, H)``, finite and not negative. A series that the forecaster failed on
            is NaN throughout; another forecaster's numbers never stand in for it.
        """


class MedianForecaster(Protocol):
    """A forecaster of medians: fit once on what was known at a cutoff, then predict."""

    @property
    def name(self) -> str:
        """The name by which it is chosen and shown."""

    @property
    def costly(self) -> bool:
        """Whether a fit takes seconds, so that rolling windows share a few fits."""

    def fit(self, history: History, horizon: int, seed: int) -> FittedMedian:
        """Fit on a history.

        Parameters
        ----------
        history
            What was known at the cutoff.
        horizon
            Number of days that will be asked for.
        seed
            Seed of every random choice.
        """
