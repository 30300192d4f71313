"""Scores on the logarithmic scale ``log(1 + count)``, where a factor counts the same at any size.

What is missing is treated as in `metrics`. Counts below 0 have no logarithm here and are refused.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.scoring._checks import Axis, pair
from upswell.scoring.metrics import mean_over_known

__all__ = ["log_bias", "log_error", "rmsle"]


def log_error(actual: ArrayLike, forecast: ArrayLike) -> NDArray[np.float64]:
    """Return ``log(1 + forecast) - log(1 + actual)`` for each place, NaN where either is missing.

    Parameters
    ----------
    actual, forecast
        Counts from 0, arrays of one shape.

    Returns
    -------
    numpy.ndarray
        The signed errors; above 0 the forecast was too high, and ``exp`` of it is the factor.

    Raises
    ------
    SettingError
        When the shapes differ, or a value is infinite or below 0.

    Examples
    --------
    >>> log_error([0.0, 9.0], [0.0, 99.0]).round(3).tolist()
    [0.0, 2.303]
    """
    truth, guess = pair(actual, forecast)
    if (truth < 0).any() or (guess < 0).any():
        raise SettingError("counts below 0 have no error on the logarithmic scale")
    return np.log1p(guess) - np.log1p(truth)


def rmsle(actual: ArrayLike, forecast: ArrayLike, axis: Axis = None) -> NDArray[np.float64]:
    """Return the root of the mean squared logarithmic error (RMSLE).

    ``exp`` of it is the typical factor between forecast and truth; the forecast that minimises it
    is the geometric mean, which for a log-symmetric distribution is the median.

    Examples
    --------
    >>> round(float(rmsle([9.0, 9.0], [19.0, 4.0])), 3)
    0.693
    """
    return np.sqrt(mean_over_known(np.square(log_error(actual, forecast)), actual, axis))


def log_bias(actual: ArrayLike, forecast: ArrayLike, axis: Axis = None) -> NDArray[np.float64]:
    """Return the mean of `log_error`: above 0 the forecast was too high on the typical item.

    Examples
    --------
    >>> log_bias([9.0, 0.0], [9.0, 1.0]).round(3).tolist()
    0.347
    """
    return mean_over_known(log_error(actual, forecast), actual, axis)
