"""Units by day, and the risk that the demand passes the capacity."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from upswell.capacity.load import Load
from upswell.capacity.outlook import UNIT_LEVELS, Overload
from upswell.capacity.terms import Terms
from upswell.data import DayAxis

__all__ = ["RISKY", "overload", "sufficient_units"]

RISKY = 0.05
"""A day is at risk when the chance to run short on it passes this."""


def sufficient_units(needed: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the units that suffice on 50, 90, 95 and 99% of the paths.

    Parameters
    ----------
    needed
        Units by path, shape ``(P, ...)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(4, ...)``; the smallest whole numbers that are not passed on so many paths.

    Examples
    --------
    >>> sufficient_units(np.arange(1.0, 101.0)).tolist()
    [50, 90, 95, 99]
    """
    found = np.quantile(needed, UNIT_LEVELS, axis=0, method="inverted_cdf")
    return np.asarray(found, dtype=np.int64)


def overload(
    load: Load, terms: Terms, commitment: int, axis: DayAxis, lead_time: int | None
) -> Overload | None:
    """Return the risk to run short with a commitment; None without a limit.

    Parameters
    ----------
    load
        Hours of all paths.
    terms
        Prices and bounds.
    commitment
        Units reserved in all.
    axis
        The days ahead.
    lead_time
        Days from an order until its capacity is there, if known.
    """
    capacity = float(terms.capacity(np.array([float(commitment)]))[0])
    if not math.isfinite(capacity):
        return None
    passed = load.busiest > capacity
    by_day = passed.mean(axis=0)
    risky = np.flatnonzero(by_day > RISKY)
    first = axis.start + int(risky[0]) if len(risky) else None
    order_by = None if first is None or lead_time is None else first - lead_time
    return Overload(
        capacity=int(capacity),
        chance=float(passed.any(axis=1).mean()),
        by_day=by_day,
        first_day=first,
        order_by=order_by,
        too_late=order_by is not None and order_by < axis.start,
    )
