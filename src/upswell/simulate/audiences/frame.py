"""What a block of series stands in: its days, its calendar, and who belongs to whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Frame"]

YEAR = 365.2425


@dataclass(frozen=True)
class Frame:
    """The days of ``S`` series, ``T`` of history and ``H`` after it, ``L`` in all.

    Parameters
    ----------
    days, horizon
        ``T``, at least 1, and ``H``.
    start
        First day of each series in days since 1970-01-01, shape ``(S,)``; the same in a panel.
    panel
        Place of each series' panel in the block, from 0 on and rising, shape ``(S,)``.

    Examples
    --------
    >>> frame = Frame(3, 2, np.array([0, 0, 4]), np.array([0, 0, 1]))
    >>> frame.weekday()[:, 0]  # 1970-01-01 was a Thursday
    array([3, 3, 0])
    >>> frame.first_of_panel()
    array([0, 2])
    """

    days: int
    horizon: int
    start: NDArray[np.int64]
    panel: NDArray[np.int64]

    @property
    def size(self) -> int:
        """Number of series, ``S``."""
        return self.start.size

    @property
    def length(self) -> int:
        """Number of days, ``L``."""
        return self.days + self.horizon

    @property
    def shape(self) -> tuple[int, int]:
        """``(S, L)``."""
        return self.size, self.length

    @property
    def panels(self) -> int:
        """Number of panels."""
        return int(self.panel[-1]) + 1

    def time(self) -> NDArray[np.int64]:
        """Return the days from the start on, shape ``(L,)``."""
        return np.arange(self.length)

    def weekday(self) -> NDArray[np.int64]:
        """Return the day of the week, 0 for Monday, shape ``(S, L)``."""
        return (self.start[:, None] + self.time() + 3) % 7

    def first_of_panel(self) -> NDArray[np.int64]:
        """Return the place of the first series of each panel."""
        return np.flatnonzero(np.diff(self.panel, prepend=-1))
