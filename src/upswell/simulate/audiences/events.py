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


CHUNK = 512
"""Events that are spread over their days at once."""


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
    cells = out.reshape(-1)
    last = -np.log2(FAINT)
    exponential = events.exponent == 0
    lasts = np.minimum(length - events.day, 1 + (last * events.half_life).astype(np.int64))
    lasts = np.where(exponential, lasts, length - events.day)
    rate = np.where(exponential, np.log(2.0) / np.where(exponential, events.half_life, 1.0), 0.0)
    peak = events.series * length + events.day
    _spread(cells, peak, lasts, size=events.size, rate=rate, exponent=events.exponent, forward=True)
    rises = np.flatnonzero(events.rise > 0)
    day, rise = events.day[rises], events.rise[rises]
    before = np.minimum(day, (last * rise).astype(np.int64))
    size = events.size[rises] * np.exp2(-1.0 / rise)
    _spread(
        cells,
        peak[rises] - 1,
        before,
        size=size,
        rate=np.log(2.0) / rise,
        exponent=np.zeros(rises.size),
        forward=False,
    )
    return out


def _spread(
    cells: Floats,
    first: Ints,
    lasts: Ints,
    *,
    size: Floats,
    rate: Floats,
    exponent: Floats,
    forward: bool,
) -> None:
    """Add decays to the cells from `first` on; event by event, so that the order is always one."""
    logs = np.log1p(np.arange(max(int(lasts.max(initial=0)), 1)))
    for begin in range(0, first.size, CHUNK):
        part = slice(begin, begin + CHUNK)
        times = lasts[part]
        ends = np.cumsum(times)
        age = np.arange(ends[-1]) - np.repeat(ends - times, times)
        fading = np.repeat(-rate[part], times) * age
        fading -= np.repeat(exponent[part], times) * logs[age]
        place = np.repeat(first[part], times) + (age if forward else -age)
        np.add.at(cells, place, np.repeat(size[part], times) * np.exp(fading))
