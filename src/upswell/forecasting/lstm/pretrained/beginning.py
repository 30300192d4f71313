"""Where a series begins: zeros before a debut are days without the series, not days of nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["since_beginning"]

Floats = NDArray[np.float64]

LEAST_DAYS = 3
LEAST_ACTIVE = 2.0 / 3.0


def since_beginning(counts: Floats, keep: int) -> Floats:
    """Return histories whose zeros before the first count are missing.

    Files that are filled up have zeros before a creator's debut. The network takes them for a part
    of the series' usual ups and downs, and believes in neither the level of a debut of two weeks
    nor any limit to it. Where a series had counts on at least two thirds of its days since the
    first one, and three days at least, it is taken to have begun there. Else, as for a song that
    is heard once a month, zeros before the first count say how rare counts are.

    Parameters
    ----------
    counts
        Shape ``(S, T)``; what is not finite is missing.
    keep
        So many of the last observed days are left as they are.

    Examples
    --------
    >>> since_beginning(np.array([[0.0, 0.0, 0.0, 5.0, 0.0, 6.0, 7.0, 9.0]]), 6).tolist()
    [[nan, nan, 0.0, 5.0, 0.0, 6.0, 7.0, 9.0]]
    >>> since_beginning(np.array([[0.0, 0.0, 5.0, 0.0, 0.0, 4.0]]), 1).tolist()
    [[0.0, 0.0, 5.0, 0.0, 0.0, 4.0]]
    """
    seen = np.isfinite(counts)
    active = seen & (np.where(seen, counts, 0.0) > 0)
    begun = np.maximum.accumulate(active, axis=1)
    days = (begun & seen).sum(axis=1)
    alive = (days >= LEAST_DAYS) & (active.sum(axis=1) >= LEAST_ACTIVE * days)
    from_end = np.cumsum(seen[:, ::-1], axis=1)[:, ::-1]
    before = alive[:, None] & ~begun & (from_end > keep)
    return np.where(before, np.nan, counts)
