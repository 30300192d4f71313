"""The ensemble: several forecasters' medians, averaged on the log scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting._logscale import offsets
from upswell.forecasting.history import FittedMedian, History, MedianForecaster

__all__ = ["Ensemble", "combine"]


def combine(
    medians: NDArray[np.float64],
    shifts: NDArray[np.float64],
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Average medians on the log scale.

    Parameters
    ----------
    medians
        Shape ``(M, S, ..., H)``: one layer for each member. Where one member is NaN so is the
        result: an ensemble never quietly becomes a smaller one.
    shifts
        Offsets of the series, shape ``(S, ...)``, broadcast over the days.
    weights
        Of the members, with a sum of 1, shape ``(M,)``; equal by default.

    Returns
    -------
    numpy.ndarray
        Shape ``(S, ..., H)``.

    Examples
    --------
    >>> combine(np.array([[[1.0]], [[7.0]]]), np.array([1.0])).round(6).tolist()
    [[3.0]]
    """
    shift = shifts[..., None]
    average = np.exp(np.average(np.log(medians + shift), axis=0, weights=weights)) - shift
    return np.asarray(np.maximum(average, 0.0), dtype=np.float64)


@dataclass(frozen=True)
class Ensemble:
    """Equal weights over its members; simple averages are hard to beat.

    References
    ----------
    Timmermann, A. (2006). Forecast combinations. Handbook of Economic Forecasting 1, 135-196.
    """

    members: tuple[MedianForecaster, ...]
    name: str = "ensemble"
    costly: bool = False

    def fit(self, history: History, horizon: int, seed: int) -> FittedEnsemble:
        """Fit every member."""
        return FittedEnsemble(tuple(member.fit(history, horizon, seed) for member in self.members))


@dataclass(frozen=True)
class FittedEnsemble:
    """Fitted members."""

    members: tuple[FittedMedian, ...]

    def predict(self, history: History, horizon: int) -> NDArray[np.float64]:
        """Forecast medians, shape ``(S, H)``."""
        layers = np.stack([member.predict(history, horizon) for member in self.members])
        return combine(layers, offsets(history.values))
