"""The LSTM as a forecaster of medians, and what its training gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.forecasting.history import History
from upswell.forecasting.lstm._scaling import scale_history
from upswell.forecasting.lstm.inference import NumpyNetwork, forecast_direct, forecast_recursive
from upswell.forecasting.lstm.record import EpochReport, TrainingRecord
from upswell.forecasting.lstm.settings import LstmSettings

__all__ = ["LstmForecaster", "TrainedLstm", "forecaster_name"]

# A series that has been silent for longer has no level to forecast from.
LONGEST_SILENCE = 28


def forecaster_name(settings: LstmSettings) -> str:
    """Return ``lstm`` for the recursive strategy and ``lstm-direct`` for the direct one."""
    return "lstm" if settings.strategy == "recursive" else "lstm-direct"


@dataclass(frozen=True)
class TrainedLstm:
    """A trained LSTM: it may be asked at any cutoff and for any series, and needs no torch.

    Parameters
    ----------
    settings
        The settings of its training.
    horizon
        The horizon of its training; the longest one that a direct model can be asked for.
    weights
        Weights by torch's names, float32.
    growth
        Weekly growth, in logs, that the middle series of the training stayed within in nine of
        ten weeks. It is granted to every series as room to grow; see `predict`.
    record
        What the training did.
    taught_until
        Number of the last day it learnt from, as the panel's axis counts; None when unknown.
        Errors on days up to it would flatter.

    Raises
    ------
    BundleError
        When the weights do not fit the settings.
    """

    settings: LstmSettings
    horizon: int
    weights: Mapping[str, NDArray[np.float32]]
    growth: float
    record: TrainingRecord
    taught_until: int | None = None

    def __post_init__(self) -> None:
        _ = self._network

    @property
    def name(self) -> str:
        """``lstm`` or ``lstm-direct``."""
        return forecaster_name(self.settings)

    @cached_property
    def _network(self) -> NumpyNetwork:
        outputs = 1 if self.settings.strategy == "recursive" else self.horizon
        return NumpyNetwork(self.weights, self.settings.layers, self.settings.units, outputs)

    def predict(self, history: History, horizon: int) -> NDArray[np.float64]:
        """Forecast the median of each series and day.

        Scaling is computed anew from `history`, which ends at its own cutoff. Forecasts may
        grow past anything seen, but stay within the room that the past supports: from the last
        level, one and a half times the largest swing of a day, and from then on twice the weekly
        growth that nine of ten weeks of the series (or of the middle series of the training)
        stayed within.

        Parameters
        ----------
        history
            The days to condition on; any series, not only those of the training.
        horizon
            Number of days, ``H``; a direct model can say at most those it was trained for.

        Returns
        -------
        numpy.ndarray
            Shape ``(S, H)``, finite and not negative. A series is NaN throughout when it has
            fewer observed days than a window, or none in the last 28 days.

        Raises
        ------
        SettingError
            When the horizon is below 1 or too long for a direct model.
        """
        recursive = self.settings.strategy == "recursive"
        if horizon < 1:
            raise SettingError(f"--horizon must be at least 1, got {horizon}")
        if not recursive and horizon > self.horizon:
            raise SettingError(
                f"lstm-direct was trained for {self.horizon} days, and {horizon} were asked for",
                fix=f"train it with --horizon {horizon}, or use --strategy recursive",
            )
        out = np.full((history.series, horizon), np.nan)
        usable = np.flatnonzero(self._usable(history))
        if not len(usable):
            return out
        forecast = forecast_recursive if recursive else forecast_direct
        out[usable] = forecast(
            scale_history(history.select(usable)),
            self._network,
            self.settings.sequence_length,
            history.future_phase(horizon),
            self.growth,
        )
        return out

    def _usable(self, history: History) -> NDArray[np.bool_]:
        observed = np.isfinite(history.values)
        enough = observed.sum(axis=1) >= self.settings.sequence_length
        return np.asarray(enough & observed[:, -LONGEST_SILENCE:].any(axis=1))


@dataclass(frozen=True)
class LstmForecaster:
    """The LSTM as a `MedianForecaster`.

    Parameters
    ----------
    settings
        The network and its training; `settings.strategy` decides the name.
    progress
        Called after each epoch.

    Examples
    --------
    >>> LstmForecaster().name, LstmForecaster(LstmSettings(strategy="direct")).name
    ('lstm', 'lstm-direct')
    """

    settings: LstmSettings = field(default_factory=LstmSettings)
    progress: Callable[[EpochReport], None] | None = None
    costly: bool = True

    @property
    def name(self) -> str:
        """``lstm`` or ``lstm-direct``."""
        return forecaster_name(self.settings)

    def fit(self, history: History, horizon: int, seed: int) -> TrainedLstm:
        """Train on a history; see `upswell.forecasting.lstm.train_network`."""
        from upswell.forecasting.lstm.training import train_network

        return train_network(history, horizon, self.settings, seed, progress=self.progress)
