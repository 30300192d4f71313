"""The scale of forecasters and errors: logarithms with an offset that follows the series."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["fill_gaps", "offsets", "recent_mean"]

OFFSET_SHARE = 0.1
RECENT_DAYS = 56


def recent_mean(values: NDArray[np.float64], days: int = RECENT_DAYS) -> NDArray[np.float64]:
    """Mean of the last observed days of each series.

    Parameters
    ----------
    values
        Shape ``(S, T)``, NaN marks missing days.
    days
        How many observed days count, at most.

    Returns
    -------
    numpy.ndarray
        Shape ``(S,)``; 0 for a series that was never observed.

    Examples
    --------
    >>> recent_mean(np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])).tolist()
    [2.0, 0.0]
    """
    observed = np.isfinite(values)
    from_the_end = np.cumsum(observed[:, ::-1], axis=1)[:, ::-1]
    counts = observed & (from_the_end <= days)
    total = np.where(counts, values, 0.0).sum(axis=1)
    return np.asarray(total / np.maximum(counts.sum(axis=1), 1), dtype=np.float64)


def offsets(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Offset `c` of each series for the scale ``log(y + c)``.

    A tenth of the recent mean: zeros stay finite, and a series in thousands is treated as the
    same series in units, which ``log(1 + y)`` does not.

    Parameters
    ----------
    values
        Shape ``(S, T)``, NaN marks missing days.

    Returns
    -------
    numpy.ndarray
        Shape ``(S,)``, above 0; 1 for a series without a positive day.

    Examples
    --------
    >>> offsets(np.array([[5.0, 15.0], [0.0, 0.0]])).tolist()
    [1.0, 1.0]
    """
    share = OFFSET_SHARE * recent_mean(values)
    return np.where(share > 0, share, 1.0)


def fill_gaps(values: NDArray[np.float64], season: int = 7) -> NDArray[np.float64]:
    """Fill the missing days of one series for models that cannot take them.

    Gaps inside are bridged by a straight line; missing days at the end repeat the season before
    them. The panel itself stays as it was: this is a forecaster's private view.

    Parameters
    ----------
    values
        Shape ``(T,)``, with at least one finite value and none missing at the start.
    season
        Days after which the end repeats.

    Returns
    -------
    numpy.ndarray
        Shape ``(T,)``, finite.

    Examples
    --------
    >>> fill_gaps(np.array([1.0, np.nan, 3.0, np.nan]), season=2).tolist()
    [1.0, 2.0, 3.0, 2.0]
    """
    finite = np.flatnonzero(np.isfinite(values))
    last = int(finite[-1]) + 1
    filled = np.interp(np.arange(last), finite, values[finite])
    for _ in range(last, len(values)):
        filled = np.append(filled, filled[max(len(filled) - season, 0)])
    return filled
