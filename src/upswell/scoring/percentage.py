"""Percentage errors: MAPE, its median, and both by the size of what happened.

An actual of 0 has no percentage error: it is left out like a missing one, and counted where a
count is returned. A mean percentage error is ruled by the smallest items, hence the bands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.scoring._checks import as_floats, pair, ratio
from upswell.scoring.logscale import rmsle

__all__ = ["SizeBand", "mape", "mape_by_size", "median_ape", "percentage_error"]


@dataclass(frozen=True, slots=True)
class SizeBand:
    """The errors of the items of one size.

    Parameters
    ----------
    low, high
        The actual lies in ``[low, high)``; the last band has no upper end, `high` is infinite.
    count
        How many items lie in it.
    excluded
        How many of them have an actual of 0, and so no percentage error.
    mape, median_ape, rmsle
        Their errors, as shares of 1 and on the logarithmic scale; NaN without an item.
    """

    low: float
    high: float
    count: int
    excluded: int
    mape: float
    median_ape: float
    rmsle: float


def percentage_error(actual: ArrayLike, forecast: ArrayLike) -> NDArray[np.float64]:
    """Return ``|actual - forecast| / |actual|`` for each place, NaN where the actual is 0.

    Raises
    ------
    SettingError
        When the shapes differ or a value is infinite.

    Examples
    --------
    >>> percentage_error([100.0, 0.0], [90.0, 10.0]).tolist()
    [0.1, nan]
    """
    truth, guess = pair(actual, forecast)
    return ratio(np.abs(truth - guess), np.abs(truth))


def mape(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Return the mean absolute percentage error over all places whose actual is not 0.

    Returns
    -------
    float
        A share of 1; NaN where no actual is known and not 0, or a forecast of one is missing.

    Examples
    --------
    >>> mape([100.0, 50.0, 0.0], [90.0, 60.0, 7.0])
    0.15000000000000002
    """
    errors = _defined(actual, forecast)
    return float(errors.mean()) if errors.size else float("nan")


def median_ape(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Return the median of the absolute percentage errors, over the places that `mape` takes.

    Examples
    --------
    >>> median_ape([100.0, 100.0, 100.0], [90.0, 99.0, 500.0])
    0.1
    """
    errors = _defined(actual, forecast)
    return float(np.median(errors)) if errors.size else float("nan")


def mape_by_size(
    actual: ArrayLike, forecast: ArrayLike, bounds: Sequence[float]
) -> tuple[SizeBand, ...]:
    """Return the percentage errors of each band of actual size.

    Parameters
    ----------
    actual, forecast
        Counts from 0, arrays of one shape; items without a known actual lie in no band.
    bounds
        Ascending sizes above 0 that part the bands; a bound belongs to the band above it.

    Returns
    -------
    tuple of SizeBand
        ``len(bounds) + 1`` bands, smallest first, the empty ones among them.

    Raises
    ------
    SettingError
        When the bounds do not ascend from above 0, or the arrays do not fit.

    Examples
    --------
    >>> for band in mape_by_size([10.0, 20.0, 1000.0], [20.0, 20.0, 900.0], bounds=(100.0,)):
    ...     print(band.count, band.mape, band.median_ape)
    2 0.5 0.5
    1 0.1 0.1
    """
    edges = (0.0, *map(float, bounds), float("inf"))
    if not all(low < high for low, high in pairwise(edges)):
        raise SettingError(f"bounds {tuple(bounds)} do not ascend from above 0")
    truth, guess = pair(actual, forecast)
    bands = []
    for low, high in pairwise(edges):
        inside = (truth >= low) & (truth < high)
        own, given = truth[inside], guess[inside]
        bands.append(
            SizeBand(
                low=low,
                high=high,
                count=int(inside.sum()),
                excluded=int((own == 0).sum()),
                mape=mape(own, given),
                median_ape=median_ape(own, given),
                rmsle=float(rmsle(own, given)),
            )
        )
    return tuple(bands)


def _defined(actual: ArrayLike, forecast: ArrayLike) -> NDArray[np.float64]:
    """Return the percentage errors of all places whose actual is known and not 0."""
    truth = as_floats(actual, "actual")
    errors = percentage_error(actual, forecast)
    return np.asarray(errors[np.isfinite(truth) & (truth != 0)])
