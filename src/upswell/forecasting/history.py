"""What a forecaster may see: the series of the tree up to a cutoff, and nothing after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError

__all__ = ["FittedMedian", "History", "KnownDays", "MedianForecaster"]


@dataclass(frozen=True)
class KnownDays:
    """Flags of days that are known beforehand: days off, and days of announced events.

    They run from the first day of a history over its last one into the future. Days beyond them
    have no flag.

    Parameters
    ----------
    holidays
        Days off, shape ``(D,)``.
    announced
        Days with events, by series, shape ``(S, D)``.

    Raises
    ------
    SettingError
        When the shapes do not agree.

    Examples
    --------
    >>> known = KnownDays(np.arange(5) == 4, np.zeros((2, 5), dtype=bool))
    >>> holidays, announced = known.first(6)
    >>> holidays.tolist(), announced.shape
    ([False, False, False, False, True, False], (2, 6))
    """

    holidays: NDArray[np.bool_]
    announced: NDArray[np.bool_]

    def __post_init__(self) -> None:
        if self.announced.ndim != 2 or self.holidays.shape != self.announced.shape[1:]:
            raise SettingError(
                f"days off have shape {self.holidays.shape}, events {self.announced.shape}"
            )

    def first(self, days: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return the flags of the first days, shapes ``(days,)`` and ``(S, days)``."""
        beyond = max(days - len(self.holidays), 0)
        return (
            np.pad(self.holidays[:days], (0, beyond)),
            np.pad(self.announced[:, :days], ((0, 0), (0, beyond))),
        )

    def select(self, index: NDArray[np.int64]) -> KnownDays:
        """Return the flags of some of the series."""
        return KnownDays(self.holidays, self.announced[index])


@dataclass(frozen=True)
class History:
    """Daily values of ``S`` series over the ``T`` days up to a cutoff.

    Parameters
    ----------
    values
        Counts, shape ``(S, T)``, not negative; NaN marks a missing day.
    phase
        Day of the week of each day, 0 to 6, shape ``(T,)``.
    known
        Flags of the days and of those that follow; None when there are none.

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
    known: KnownDays | None = None

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.phase.shape != self.values.shape[1:]:
            raise SettingError(
                f"history has values of shape {self.values.shape} and phase {self.phase.shape}"
            )
        if self.known is not None and len(self.known.announced) != len(self.values):
            raise SettingError(
                f"{len(self.known.announced)} series have flags, and {len(self.values)} values"
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
        """Return the first `days` days: what was known then.

        Flags of later days stay: calendars are known for years ahead, and an event is taken to
        have been announced before.
        """
        return History(self.values[:, :days], self.phase[:days], self.known)

    def select(self, index: NDArray[np.int64]) -> History:
        """Return some of the series."""
        known = None if self.known is None else self.known.select(index)
        return History(self.values[index], self.phase, known)

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
