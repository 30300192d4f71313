"""Scores of quantiles and ranges: pinball loss and its scaled means, coverage, interval score.

Quantile forecasts carry their levels on the leading axis, shape ``(Q, *actual.shape)``, as
`numpy.quantile` of sample paths gives them. What is missing is treated as in `metrics`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.scoring._checks import (
    Axis,
    as_floats,
    check_level,
    leading,
    pair,
    ratio,
    same_shape,
    sum_over_known,
)
from upswell.scoring.metrics import mean_over_known

__all__ = [
    "QUANTILE_LEVELS",
    "coverage",
    "interval_score",
    "mean_pinball_loss",
    "mean_scaled_quantile_loss",
    "pinball_loss",
    "quantile_name",
    "scaled_quantile_loss",
    "weighted_quantile_loss",
]

QUANTILE_LEVELS: tuple[float, ...] = (0.025, *(i / 20 for i in range(1, 20)), 0.975)
"""The 21 levels of every table that goes out."""


def quantile_name(level: float) -> str:
    """Return the column name of a quantile: ``q`` and the decimals of its level, at least two.

    Parameters
    ----------
    level
        Between 0 and 1, with at most six decimals.

    Raises
    ------
    SettingError
        When the level does not lie between 0 and 1.

    Examples
    --------
    >>> [quantile_name(level) for level in (0.025, 0.05, 0.1, 0.5, 0.975)]
    ['q025', 'q05', 'q10', 'q50', 'q975']
    """
    decimals = f"{check_level(level):.6f}"
    if not decimals.startswith("0.") or not decimals.strip("0."):
        raise SettingError(f"level {level} has more than six decimals")
    return "q" + decimals[2:].rstrip("0").ljust(2, "0")


def pinball_loss(actual: ArrayLike, forecast: ArrayLike, level: float) -> NDArray[np.float64]:
    """Return the pinball loss of one quantile for each place.

    Parameters
    ----------
    actual, forecast
        Arrays of one shape.
    level
        The level of the quantile, between 0 and 1.

    Returns
    -------
    numpy.ndarray
        ``level * (y - q)`` where the actual is above the quantile, else ``(1 - level) * (q - y)``.

    Raises
    ------
    SettingError
        When the shapes differ or the level does not lie between 0 and 1.

    Notes
    -----
    Koenker, R. and Bassett, G. (1978). Regression quantiles. Econometrica 46(1), 33-50.

    Examples
    --------
    >>> pinball_loss([10.0, 10.0], [8.0, 12.0], level=0.75).tolist()
    [1.5, 0.5]
    """
    check_level(level)
    truth, guess = pair(actual, forecast)
    error = truth - guess
    return np.maximum(level * error, (level - 1.0) * error)


def mean_pinball_loss(
    actual: ArrayLike, quantiles: ArrayLike, levels: Sequence[float]
) -> NDArray[np.float64]:
    """Return the pinball loss of each place, averaged over the levels.

    Parameters
    ----------
    actual
        Any shape.
    quantiles
        Shape ``(Q, *actual.shape)``.
    levels
        The ``Q`` levels.

    Returns
    -------
    numpy.ndarray
        The shape of `actual`.

    Raises
    ------
    SettingError
        When the shapes do not agree or a level does not lie between 0 and 1.

    Examples
    --------
    >>> mean_pinball_loss([10.0], [[8.0], [12.0]], levels=(0.25, 0.75)).tolist()
    [0.5]
    """
    stack = leading(actual, quantiles, "quantiles", len(levels))
    losses = [pinball_loss(actual, row, level) for row, level in zip(stack, levels, strict=True)]
    return np.asarray(np.mean(losses, axis=0))


def scaled_quantile_loss(
    actual: ArrayLike, quantiles: ArrayLike, levels: Sequence[float], scale: ArrayLike
) -> NDArray[np.float64]:
    """Return twice the mean pinball loss over levels and days, divided by a scale.

    The factor 2 makes the loss of the median alone the MASE.

    Parameters
    ----------
    actual
        Shape ``(..., H)``.
    quantiles
        Shape ``(Q, ..., H)``.
    levels
        The ``Q`` levels.
    scale
        `seasonal_scale` of the history, shape ``(...)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(...)``; NaN where the scale is 0 or NaN.

    Raises
    ------
    SettingError
        When the shapes do not agree or a level does not lie between 0 and 1.

    Examples
    --------
    >>> float(scaled_quantile_loss([10.0, 12.0], [[11.0, 9.0]], levels=(0.5,), scale=4.0))
    0.5
    """
    scales = as_floats(scale, "scale")
    losses = mean_over_known(mean_pinball_loss(actual, quantiles, levels), actual, axis=-1)
    same_shape(scales, losses, "scale and the series of actual")
    return ratio(2.0 * losses, scales)


def mean_scaled_quantile_loss(
    actual: ArrayLike, quantiles: ArrayLike, levels: Sequence[float], scale: ArrayLike
) -> NDArray[np.float64]:
    """Return `scaled_quantile_loss` averaged over the series on which it is defined.

    Series with a scale of 0 or NaN are left out; a NaN forecast of any other makes it NaN.

    Examples
    --------
    >>> actual, median = [[10.0, 12.0], [1.0, 1.0]], [[[11.0, 9.0], [1.0, 1.0]]]
    >>> float(mean_scaled_quantile_loss(actual, median, levels=(0.5,), scale=[4.0, 0.0]))
    0.5
    """
    losses = scaled_quantile_loss(actual, quantiles, levels, scale)
    scales = as_floats(scale, "scale")
    defined = np.isfinite(as_floats(actual, "actual")).any(axis=-1) & (scales > 0)
    return mean_over_known(losses, np.where(defined, 0.0, np.nan))


def weighted_quantile_loss(
    actual: ArrayLike, quantiles: ArrayLike, levels: Sequence[float], axis: Axis = None
) -> NDArray[np.float64]:
    """Return twice the pinball loss, averaged over levels, as a share of ``sum |actual|``.

    The loss of the median alone is `wmape`. NaN where all actuals are 0.

    Examples
    --------
    >>> float(weighted_quantile_loss([100.0, 0.0], [[90.0, 10.0]], levels=(0.5,)))
    0.2
    """
    truth = as_floats(actual, "actual")
    losses = sum_over_known(mean_pinball_loss(actual, quantiles, levels), truth, axis)
    return ratio(2.0 * losses, sum_over_known(np.abs(truth), truth, axis))


def coverage(
    actual: ArrayLike, lower: ArrayLike, upper: ArrayLike, axis: Axis = None
) -> NDArray[np.float64]:
    """Return the share of actuals within their range, both ends included.

    Raises
    ------
    SettingError
        When the shapes differ.

    Examples
    --------
    >>> float(coverage([1.0, 5.0, np.nan, 3.0], [0.0] * 4, [3.0] * 4).round(3))
    0.667
    """
    truth, low, high = _range(actual, lower, upper)
    inside = ((truth >= low) & (truth <= high)).astype(np.float64)
    return mean_over_known(np.where(np.isnan(low + high), np.nan, inside), truth, axis)


def interval_score(
    actual: ArrayLike, lower: ArrayLike, upper: ArrayLike, level: float
) -> NDArray[np.float64]:
    """Return the interval score (Winkler score) of each place.

    Parameters
    ----------
    actual, lower, upper
        Arrays of one shape; the ends are the quantiles ``(1 - level) / 2`` and
        ``(1 + level) / 2``.
    level
        The central level of the range, such as 0.8.

    Returns
    -------
    numpy.ndarray
        Width of the range, plus ``2 / (1 - level)`` times the distance by which the actual lies
        outside it.

    Raises
    ------
    SettingError
        When the shapes differ or the level does not lie between 0 and 1.

    Notes
    -----
    Gneiting, T. and Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and
    estimation. Journal of the American Statistical Association 102(477), 359-378, equation 43.

    Examples
    --------
    >>> interval_score([5.0, 12.0], [0.0, 0.0], [10.0, 10.0], level=0.75).tolist()
    [10.0, 26.0]
    """
    check_level(level)
    truth, low, high = _range(actual, lower, upper)
    outside = np.maximum(low - truth, 0.0) + np.maximum(truth - high, 0.0)
    return (high - low) + 2.0 / (1.0 - level) * outside


def _range(
    actual: ArrayLike, lower: ArrayLike, upper: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the three arrays with one shape."""
    truth, low = pair(actual, lower)
    high = as_floats(upper, "upper")
    same_shape(truth, high, "actual and upper")
    if (low > high).any():
        raise SettingError("a range has its lower end above its upper end")
    return truth, low, high
