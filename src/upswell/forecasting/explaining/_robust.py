"""Robust statistics along the last axis that leave missing values out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["median", "repeated_median", "spread"]

Floats = NDArray[np.float64]

NORMAL = 1.4826
"""Makes a median absolute deviation the standard deviation of normal noise."""


def median(values: Floats) -> Floats:
    """Return the median along the last axis; NaN where nothing is known.

    Examples
    --------
    >>> median(np.array([[3.0, np.nan, 1.0, 2.0], [np.nan] * 4])).tolist()
    [2.0, nan]
    """
    ordered = np.sort(values, axis=-1)
    count = np.isfinite(values).sum(axis=-1, keepdims=True)
    upper = np.minimum(count // 2, max(values.shape[-1] - 1, 0))
    lower = np.maximum((count - 1) // 2, 0)
    ends = [np.take_along_axis(ordered, place, axis=-1)[..., 0] for place in (lower, upper)]
    return np.asarray(0.5 * (ends[0] + ends[1]))


def spread(values: Floats) -> Floats:
    """Return the deviation of normal noise that has this median absolute deviation.

    Examples
    --------
    >>> spread(np.array([1.0, 2.0, 3.0, 4.0, 100.0])).round(4).item()
    1.4826
    """
    return NORMAL * median(np.abs(values - median(values)[..., None]))


def repeated_median(values: Floats, window: int) -> tuple[Floats, Floats]:
    """Return a robust local line at each place: its height there, and its slope.

    Parameters
    ----------
    values
        Shape ``(S, K)``, NaN where missing.
    window
        How many neighbouring places a line rests on; near an end, those that are next to it.

    Returns
    -------
    tuple
        Heights and slopes, shape ``(S, K)``; a slope that cannot be told is 0.

    Notes
    -----
    The slope is the median over places of the median slope to all other places: Siegel, A. F.
    (1982). Robust regression using repeated medians. Biometrika 69(1), 242-244. Nearly half of
    the places may be spoilt.

    Examples
    --------
    >>> heights, slopes = repeated_median(np.array([[0.0, 1.0, 90.0, 3.0, 4.0]]), 5)
    >>> heights[0, 2].item(), slopes[0, 4].item()
    (2.0, 1.0)
    """
    places = values.shape[1]
    window = min(window, places)
    first = np.clip(np.arange(places) - window // 2, 0, places - window)
    index = first[:, None] + np.arange(window)
    near = values[:, index]
    run = index[:, :, None] - index[:, None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        between = (near[..., :, None] - near[..., None, :]) / np.where(run == 0, np.nan, run)
    slopes = median(median(between))
    slopes = np.where(np.isfinite(slopes), slopes, 0.0)
    away = index - np.arange(places)[:, None]
    return median(near - slopes[..., None] * away), slopes
