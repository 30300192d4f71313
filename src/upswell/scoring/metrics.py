"""Scores of point forecasts: pure functions of a few lines on arrays.

Two rules hold for every score of this room. A day whose actual is missing (NaN) is left out; when
no actual is left, the score is NaN. A forecast that is NaN on a day with an actual makes the score
NaN: a forecaster never gains by keeping silent. Infinite values are refused.

Means take an `axis` like NumPy's: None, the default, is the mean over everything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.scoring._checks import Axis, as_floats, pair, ratio, same_shape, sum_over_known

__all__ = [
    "absolute_error",
    "error_of_total",
    "mase",
    "mean_absolute_error",
    "mean_over_known",
    "mean_squared_error",
    "relative_bias",
    "root_mean_squared_error",
    "seasonal_scale",
    "squared_error",
    "wmape",
]


def mean_over_known(scores: ArrayLike, actual: ArrayLike, axis: Axis = None) -> NDArray[np.float64]:
    """Return the mean of scores over the places whose actual is known.

    Parameters
    ----------
    scores, actual
        Arrays of one shape.
    axis
        The axes to average over; None means all.

    Returns
    -------
    numpy.ndarray
        The means; NaN where no actual is known.

    Raises
    ------
    SettingError
        When the shapes differ.

    Examples
    --------
    >>> float(mean_over_known([1.0, 5.0, 9.0], [4.0, 4.0, np.nan]))
    3.0
    """
    values, truth = np.asarray(scores, dtype=np.float64), as_floats(actual, "actual")
    same_shape(values, truth, "scores and actual")
    count = np.asarray(np.isfinite(truth).sum(axis=axis), dtype=np.float64)
    return ratio(sum_over_known(values, truth, axis), count)


def absolute_error(actual: ArrayLike, forecast: ArrayLike) -> NDArray[np.float64]:
    """Return ``|actual - forecast|`` for each place, NaN where either is missing.

    Raises
    ------
    SettingError
        When the shapes differ or a value is infinite.

    Examples
    --------
    >>> absolute_error([1.0, 2.0], [3.0, 2.5]).tolist()
    [2.0, 0.5]
    """
    truth, guess = pair(actual, forecast)
    return np.abs(truth - guess)


def squared_error(actual: ArrayLike, forecast: ArrayLike) -> NDArray[np.float64]:
    """Return ``(actual - forecast)**2`` for each place, NaN where either is missing.

    Raises
    ------
    SettingError
        When the shapes differ or a value is infinite.

    Examples
    --------
    >>> squared_error([1.0, 2.0], [3.0, 2.5]).tolist()
    [4.0, 0.25]
    """
    truth, guess = pair(actual, forecast)
    return np.square(truth - guess)


def mean_absolute_error(
    actual: ArrayLike, forecast: ArrayLike, axis: Axis = None
) -> NDArray[np.float64]:
    """Return the mean absolute error (MAE); the forecast that minimises it is the median.

    Examples
    --------
    >>> float(mean_absolute_error([1.0, 2.0, np.nan], [3.0, 2.5, 7.0]))
    1.25
    """
    return mean_over_known(absolute_error(actual, forecast), actual, axis)


def mean_squared_error(
    actual: ArrayLike, forecast: ArrayLike, axis: Axis = None
) -> NDArray[np.float64]:
    """Return the mean squared error (MSE); the forecast that minimises it is the mean.

    Examples
    --------
    >>> float(mean_squared_error([1.0, 2.0], [3.0, 2.0]))
    2.0
    """
    return mean_over_known(squared_error(actual, forecast), actual, axis)


def root_mean_squared_error(
    actual: ArrayLike, forecast: ArrayLike, axis: Axis = None
) -> NDArray[np.float64]:
    """Return the root of the mean squared error (RMSE), in the unit of the counts.

    Examples
    --------
    >>> float(root_mean_squared_error([0.0, 0.0], [3.0, 3.0]))
    3.0
    """
    return np.sqrt(mean_squared_error(actual, forecast, axis))


def seasonal_scale(history: ArrayLike, season: int = 7) -> NDArray[np.float64]:
    """Return the mean absolute difference of days one season apart, along the last axis.

    Parameters
    ----------
    history
        Counts up to the cutoff, shape ``(..., T)``; pairs with a missing day are left out.
    season
        Days from one season to the next.

    Returns
    -------
    numpy.ndarray
        Shape ``(...)``, not negative; NaN where no pair of days is known.

    Raises
    ------
    SettingError
        When `season` is below 1 or the history has no axis of days.

    Examples
    --------
    >>> float(seasonal_scale([1.0, 2.0, np.nan, 5.0, 4.0], season=2))
    3.0
    """
    values = as_floats(history, "history")
    if season < 1 or values.ndim < 1:
        raise SettingError(f"season {season} and history of shape {values.shape} give no scale")
    steps = np.abs(values[..., season:] - values[..., :-season])
    return mean_over_known(steps, steps, axis=-1)


def mase(actual: ArrayLike, forecast: ArrayLike, scale: ArrayLike) -> NDArray[np.float64]:
    """Return the mean absolute scaled error over the last axis.

    Parameters
    ----------
    actual, forecast
        Shape ``(..., H)``.
    scale
        `seasonal_scale` of the history, shape ``(...)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(...)``; NaN where the scale is 0 or NaN, for there it is undefined.

    Raises
    ------
    SettingError
        When the shapes do not agree.

    Notes
    -----
    Hyndman, R. J. and Koehler, A. B. (2006). Another look at measures of forecast accuracy.
    International Journal of Forecasting 22(4), 679-688; with the seasonal naive forecast in place
    of the naive one.

    Examples
    --------
    >>> float(mase([10.0, 12.0], [11.0, 9.0], scale=4.0))
    0.5
    """
    scales, errors = as_floats(scale, "scale"), mean_absolute_error(actual, forecast, axis=-1)
    same_shape(scales, errors, "scale and the series of actual")
    return ratio(errors, scales)


def wmape(actual: ArrayLike, forecast: ArrayLike, axis: Axis = None) -> NDArray[np.float64]:
    """Return the weighted mean absolute percentage error, ``sum |error| / sum |actual|``.

    It weighs every view alike, so that quiet days do not dominate as in the plain MAPE. NaN where
    all actuals are 0.

    Examples
    --------
    >>> float(wmape([100.0, 0.0], [90.0, 10.0]))
    0.2
    """
    truth, guess = pair(actual, forecast)
    errors = sum_over_known(np.abs(truth - guess), truth, axis)
    return ratio(errors, sum_over_known(np.abs(truth), truth, axis))


def relative_bias(actual: ArrayLike, forecast: ArrayLike, axis: Axis = None) -> NDArray[np.float64]:
    """Return ``sum (forecast - actual) / sum |actual|``: above 0 the forecast was too high.

    NaN where all actuals are 0.

    Examples
    --------
    >>> float(relative_bias([100.0, 100.0], [90.0, 120.0]))
    0.05
    """
    truth, guess = pair(actual, forecast)
    errors = sum_over_known(guess - truth, truth, axis)
    return ratio(errors, sum_over_known(np.abs(truth), truth, axis))


def error_of_total(actual: ArrayLike, median: ArrayLike) -> NDArray[np.float64]:
    """Return ``|sum of medians - sum of truth| / |sum of truth|`` over the last axis.

    Parameters
    ----------
    actual, median
        Shape ``(..., H)``; days with a missing actual are left out of both sums.

    Returns
    -------
    numpy.ndarray
        Shape ``(...)``; NaN where the truth sums to 0.

    Examples
    --------
    >>> float(error_of_total([50.0, 50.0], [60.0, 50.0]))
    0.1
    """
    truth, guess = pair(actual, median)
    total = sum_over_known(truth, truth, axis=-1)
    return ratio(np.abs(sum_over_known(guess, truth, axis=-1) - total), np.abs(total))
