"""Failure in one form: a forecaster that cannot be fitted says nothing, and is named for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.errors import ForecasterError
from upswell.forecasting.history import FittedMedian, History, MedianForecaster

__all__ = ["Failed", "fit_or_fail"]


@dataclass(frozen=True)
class Failed:
    """Stands where a fit failed: NaN for every series, nobody else's numbers.

    Parameters
    ----------
    error
        What the forecaster said.
    """

    error: ForecasterError

    def predict(self, history: History, horizon: int) -> NDArray[np.float64]:
        """Return NaN, shape ``(S, H)``."""
        return np.full((history.series, horizon), np.nan)


def fit_or_fail(
    forecaster: MedianForecaster, history: History, horizon: int, seed: int
) -> FittedMedian:
    """Fit a forecaster; what it cannot learn from becomes `Failed` instead of an error.

    Parameters
    ----------
    forecaster, history, horizon, seed
        As for `MedianForecaster.fit`.

    Examples
    --------
    >>> from upswell.forecasting.naive import SeasonalNaive
    >>> history = History(np.arange(14.0)[None, :], np.arange(14) % 7)
    >>> isinstance(fit_or_fail(SeasonalNaive(), history, 7, 0), Failed)
    False
    """
    try:
        return forecaster.fit(history, horizon, seed)
    except ForecasterError as error:
        return Failed(error)
