"""Events that begin on a day and fade: their table, and what they add to each day."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

__all__ = ["Events", "response"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAINT = 1e-4
"""Below this part of its first day an exponential decay is over."""


@dataclass(frozen=True)
class Events:
    """Events of many series, one row each, ordered by series and day of their cause.

    Parameters
    ----------
    series, day
        Place of the series, and day of the peak counted from the first day; shape ``(E,)``.
    size
        What the peak adds, in multiples of the views without it.
    exponent
        Power by which the event fades; 0 for an exponential decay.
    half_life
        Days in which an exponential decay halves; 0 for a power.
    rise
        Half-life of the rise before the peak in days; 0 for none.
    cause
        Day of the first event of its cascade; its own for one that nothing triggered.
    known
        Whether the day was known in advance.
    """

    series: Ints
    day: Ints
    size: Floats
    exponent: Floats
    half_life: Floats
    rise: Floats
    cause: Ints
    known: NDArray[np.bool_]

    @classmethod
    def none(cls) -> Events:
        """Return a table without rows."""
        whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
        return cls(whole, whole, real, real, real, real, whole, np.zeros(0, dtype=bool))

    def where(self, keep: NDArray[np.bool_] | Ints) -> Events:
        """Return some of the rows."""
        return Events(*(getattr(self, name.name)[keep] for name in fields(self)))

    def moved(self, by: int) -> Events:
        """Return the same rows for series that stand `by` places further on."""
        return Events(self.series + by, *(getattr(self, f.name) for f in fields(self)[1:]))

    @staticmethod
    def joined(tables: list[Events]) -> Events:
        """Return the rows of several tables below each other."""
        return Events(
            *(np.concatenate([getattr(t, f.name) for t in tables]) for f in fields(Events))
        )

    def __len__(self) -> int:
        return self.series.size


def response(events: Events, shape: tuple[int, int]) -> Floats:
    """Return what events add to each day, in multiples of the views without them.

    Parameters
    ----------
    events
        Their table.
    shape
        Number of series and of days.

    Notes
    -----
    A power fades as ``(1 + age) ** -exponent``, an exponential decay as ``0.5 ** (age /
    half_life)``, and a rise is the same in the mirror.

    Examples
    --------
    >>> one = lambda number: np.array([number])
    >>> rest = (one(0), one(True))
    >>> power = Events(one(0), one(1), one(2.0), one(1.0), one(0.0), one(0.0), *rest)
    >>> response(power, (1, 4))
    array([[0.        , 2.        , 1.        , 0.66666667]])
    """
    out = np.zeros(shape)
    length = shape[1]
    logs = np.log1p(np.arange(length))
    ages = -np.log(2.0) * np.arange(length)
    for row, day, size, exponent, half_life, rise in zip(
        events.series.tolist(),
        events.day.tolist(),
        events.size.tolist(),
        events.exponent.tolist(),
        events.half_life.tolist(),
        events.rise.tolist(),
        strict=True,
    ):
        if exponent > 0:
            out[row, day:] += size * np.exp(-exponent * logs[: length - day])
        else:
            lasts = min(length - day, 1 + int(-np.log2(FAINT) * half_life))
            out[row, day : day + lasts] += size * np.exp(ages[:lasts] / half_life)
        if rise > 0:
            lasts = min(day, int(-np.log2(FAINT) * rise))
            out[row, day - lasts : day] += size * np.exp(ages[lasts:0:-1] / rise)
    return out
