"""Any forecaster by name as a plain function of histories, so that it can be asked what if."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upswell.errors import ForecasterError, SettingError
from upswell.forecasting.explaining.occlusion import ForecastFunction
from upswell.forecasting.history import History
from upswell.forecasting.quantiles import QuantileForecaster
from upswell.forecasting.registry import AUTO_NAME, forecasters

__all__ = ["forecast_function"]

Floats = NDArray[np.float64]


def forecast_function(
    model: str,
    history: History,
    horizon: int,
    seed: int,
    series: NDArray[np.int64] | None = None,
) -> ForecastFunction:
    """Return a forecaster as a function of values.

    Parameters
    ----------
    model
        Name of a forecaster, or the path of a bundle.
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

    Raises
    ------
    SettingError
        When there is no such forecaster, or it is ``auto``.

    Examples
    --------
    >>> values = np.arange(28.0)[None]
    >>> ask = forecast_function("seasonal-naive", History(values, np.arange(28) % 7), 7, 0)
    >>> ask(2 * values, 7)[1].tolist()
    [336.0]
    """
    if model == AUTO_NAME:
        raise SettingError(
            "auto is a choice among forecasters, and each has its own explanation",
            fix="name the forecaster; upswell forecast says which one auto chose",
        )
    (forecaster,) = forecasters([model]).values()
    if isinstance(forecaster, QuantileForecaster):
        said = forecaster
        known = None if history.known is None or series is None else history.known.select(series)

        def ask_quantiles(values: Floats, days: int) -> tuple[Floats, Floats]:
            found = said.quantiles(History(values, history.phase, known), days)
            return _known(model, found.median, found.sum[len(found.levels) // 2, :, -1])

        return ask_quantiles
    fitted = forecaster.fit(history, horizon, seed)

    def ask_medians(values: Floats, days: int) -> tuple[Floats, Floats]:
        medians = fitted.predict(History(values, history.phase), days)
        return _known(model, medians, medians.sum(axis=1))

    return ask_medians


def _known(model: str, medians: Floats, sums: Floats) -> tuple[Floats, Floats]:
    """Return both, unless the forecaster failed."""
    if not (np.isfinite(medians).all() and np.isfinite(sums).all()):
        raise ForecasterError(
            f'the forecaster "{model}" failed on this history, or on it without a part',
            fix="choose another forecaster (--model), or give a longer history",
        )
    return medians, sums
