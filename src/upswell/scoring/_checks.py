"""Shared checks of the scores: arrays of the right shape, and means over the days with a truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError

Axis = int | tuple[int, ...] | None
Floats = NDArray[np.float64]


def as_floats(values: ArrayLike, name: str) -> Floats:
    """Return an array of floats without infinite values."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise SettingError(f"{name} cannot be read as numbers: {error}") from error
    if np.isinf(array).any():
        raise SettingError(f"{name} holds infinite values", fix="score finite forecasts only")
    return array


def same_shape(first: Floats, second: Floats, names: str) -> None:
    """Raise unless two arrays have one shape."""
    if first.shape != second.shape:
        raise SettingError(f"{names} have shapes {first.shape} and {second.shape}, not one shape")


def pair(actual: ArrayLike, forecast: ArrayLike) -> tuple[Floats, Floats]:
    """Return actual and forecast as arrays of one shape."""
    truth, guess = as_floats(actual, "actual"), as_floats(forecast, "forecast")
    same_shape(truth, guess, "actual and forecast")
    return truth, guess


def leading(actual: ArrayLike, stack: ArrayLike, name: str, count: int | None = None) -> Floats:
    """Return an array of shape ``(K, *actual.shape)``, K as given if given and at least 1."""
    truth, values = np.shape(actual), as_floats(stack, name)
    length = count if count is not None else (values.shape[0] if values.ndim else 0)
    if length < 1 or values.shape != (length, *truth):
        wanted = "K >= 1" if count is None else str(count)
        raise SettingError(
            f"{name} has shape {values.shape}, not ({wanted}, ...) with actual's {truth} behind"
        )
    return values


def check_level(level: float, name: str = "level") -> float:
    """Return a probability strictly between 0 and 1."""
    if not 0.0 < level < 1.0:
        raise SettingError(f"{name} must lie between 0 and 1, got {level}")
    return float(level)


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide; where the denominator is 0 or NaN the ratio is undefined: NaN, and no warning."""
    shape = np.broadcast_shapes(np.shape(numerator), np.shape(denominator))
    out = np.full(shape, np.nan)
    with np.errstate(over="ignore"):
        np.divide(numerator, denominator, out=out, where=np.abs(denominator) > 0)
    return out


def sum_over_known(scores: Floats, actual: Floats, axis: Axis) -> Floats:
    """Sum the scores where the actual is known; 0 where it never is."""
    return np.asarray(np.sum(np.where(np.isfinite(actual), scores, 0.0), axis=axis))
