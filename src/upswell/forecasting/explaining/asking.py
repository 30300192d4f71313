"""Any forecaster as a plain function of histories, so that it can be asked what if."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upswell.errors import ForecasterError
from upswell.forecasting.explaining.occlusion import ForecastFunction
from upswell.forecasting.history import History, MedianForecaster
from upswell.forecasting.quantiles import QuantileForecaster

__all__ = ["forecast_function"]

Floats = NDArray[np.float64]


def forecast_function(
    forecaster: MedianForecaster,
    history: History,
    horizon: int,
    seed: int,
    series: NDArray[np.int64] | None = None,
) -> ForecastFunction:
    """Return a forecaster as a function of values.

    Parameters
    ----------
    forecaster
        The forecaster.
    history
        It is fitted to this, once; the days are those of all values that will be asked about, which
        may be of some of the series only.
    horizon
        Days ahead that will be asked for.
    seed
        Of the fit.
    series
        Places in the history of the series that will be asked about, whose known days are read;
        None where they have none.

    Examples
    --------
    >>> from upswell.forecasting.naive import SeasonalNaive
    >>> values = np.arange(28.0)[None]
    >>> ask = forecast_function(SeasonalNaive(), History(values, np.arange(28) % 7), 7, 0)
    >>> ask(2 * values, 7)[1].tolist()
    [336.0]
    """
    known = None if history.known is None or series is None else history.known.select(series)
    if isinstance(forecaster, QuantileForecaster):
        said = forecaster

        def ask_quantiles(values: Floats, days: int) -> tuple[Floats, Floats]:
            found = said.quantiles(History(values, history.phase, known), days)
            return _known(said.name, found.median, found.sum[len(found.levels) // 2, :, -1])

        return ask_quantiles
    fitted = forecaster.fit(history, horizon, seed)

    def ask_medians(values: Floats, days: int) -> tuple[Floats, Floats]:
        medians = fitted.predict(History(values, history.phase, known), days)
        return _known(forecaster.name, medians, medians.sum(axis=1))

    return ask_medians


def _known(name: str, medians: Floats, sums: Floats) -> tuple[Floats, Floats]:
    """Return both, unless the forecaster failed."""
    if not (np.isfinite(medians).all() and np.isfinite(sums).all()):
        raise ForecasterError(
            f'the forecaster "{name}" failed on this history, or on it without a part',
            fix="choose another forecaster (--model), or give a longer history",
        )
    return medians, sums
