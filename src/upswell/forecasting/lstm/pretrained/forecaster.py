"""The shipped LSTM as a forecaster: nothing to fit, nothing to train, no torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.forecasting.history import History
from upswell.forecasting.known_effects import known_effects
from upswell.forecasting.lstm.pretrained._threads import in_threads
from upswell.forecasting.lstm.pretrained.beginning import since_beginning
from upswell.forecasting.lstm.pretrained.continuing import TAUGHT_DAYS, continued
from upswell.forecasting.lstm.pretrained.features import network_inputs
from upswell.forecasting.lstm.pretrained.inference import PretrainedNetwork
from upswell.forecasting.lstm.pretrained.layout import (
    HEADS,
    LEVELS,
    MEMORY,
    future_patches,
)
from upswell.forecasting.lstm.pretrained.targets import GROWTH, decoded
from upswell.forecasting.lstm.pretrained.weights import shipped_network
from upswell.forecasting.quantiles import Quantiles

__all__ = ["PretrainedLstm", "forecast_quantiles"]

Floats = NDArray[np.float64]

# Inputs of some hundred series at once keep the memory low, and the gates within a core's cache.
CHUNK = 256
LEAST_OBSERVED = 7


def forecast_quantiles(
    values: ArrayLike,
    horizon: int,
    holidays: ArrayLike | None = None,
    announced: ArrayLike | None = None,
    network: PretrainedNetwork | None = None,
) -> Quantiles:
    """Forecast quantiles of many series at once with the shipped LSTM.

    Parameters
    ----------
    values
        Counts, shape ``(S, T)``; the last day is the cutoff. What is not finite is missing, and
        what is negative counts as zero. Zeros before a debut are missing, too; see
        `upswell.forecasting.lstm.pretrained.beginning`.
    horizon
        Days ahead, ``H``. The network was taught to look 91 days ahead; beyond them its last weeks
        go on, see `upswell.forecasting.lstm.pretrained.continuing`.
    holidays, announced
        Days off, and days with events known beforehand, of past and future: shape ``(S, T + H)``,
        or ``(T + H,)`` for all series alike. None is nowhere.
    network
        Other weights than the shipped ones.

    Returns
    -------
    Quantiles
        Levels .025 .05 .1 .2 .3 .4 .5 .6 .7 .8 .9 .95 .975. A series with fewer than 7 observed
        days is NaN throughout; one that was always zero stays zero.

    Raises
    ------
    SettingError
        When the horizon or a shape is wrong.
    BundleError
        When the shipped weights are damaged.

    Examples
    --------
    >>> week = [100, 120, 90, 95, 110, 300, 280]
    >>> said = forecast_quantiles([week * 10], horizon=14)
    >>> said.day.shape, said.levels.round(3)[[0, 6, 12]].tolist()
    ((13, 1, 14), [0.025, 0.5, 0.975])
    >>> bool(said.median[0, 5] > 1.5 * said.median[0, 4])
    True
    """
    counts = np.asarray(values, dtype=np.float64)
    network_inputs(counts[:0], horizon)  # says what is wrong with the horizon, if anything is
    net = shipped_network() if network is None else network
    out = np.full((len(HEADS), len(LEVELS), len(counts), horizon), np.nan)
    flags = [
        None if flag is None else np.asarray(flag, dtype=bool) for flag in (holidays, announced)
    ]

    def work(rows: slice) -> None:
        own = [flag if flag is None or flag.ndim < 2 else flag[rows] for flag in flags]
        out[:, :, rows] = _chunk(net, counts[rows], horizon, *own)

    in_threads(work, [slice(start, start + CHUNK) for start in range(0, len(counts), CHUNK)])
    day, total, peak = out
    return Quantiles(LEVELS.astype(np.float64).round(3), day, total, peak)


def _chunk(
    network: PretrainedNetwork,
    counts: Floats,
    horizon: int,
    holidays: NDArray[np.bool_] | None,
    announced: NDArray[np.bool_] | None,
) -> Floats:
    """Return the quantiles of some series, shape ``(3, L, S, H)``."""
    counts = since_beginning(counts, LEAST_OBSERVED)
    inputs = network_inputs(counts, horizon, holidays=holidays, announced=announced)
    taught = min(horizon, TAUGHT_DAYS)
    answers = network(inputs.past, inputs.future[:, : future_patches(taught)])[:, :taught]
    out = np.empty((len(HEADS), answers.shape[3], len(counts), taught))
    for place, head in enumerate(HEADS):
        out[place] = decoded(inputs, answers[:, :, place], head).transpose(2, 0, 1)
    if horizon > taught:
        out = continued(out, inputs.base[:, :horizon], inputs.largest + GROWTH)
    # A longer sum is no smaller, a longer peak neither, and a peak no smaller than its days.
    np.maximum(out[2], out[0], out=out[2])
    np.maximum.accumulate(out[1:], axis=3, out=out[1:])
    recent = counts[:, -MEMORY:]
    seen = np.isfinite(recent)
    out[:, :, ~(np.where(seen, recent, 0.0) > 0).any(axis=1)] = 0.0
    out[:, :, seen.sum(axis=1) < LEAST_OBSERVED] = np.nan
    return out


def quantiles_of(
    history: History, horizon: int, network: PretrainedNetwork | None = None
) -> Quantiles:
    """Return what a network says of a history with known days.

    What such days did before is taken out, and put back on those ahead; the network reads the
    flags of those kinds that the history does not have yet.

    Parameters
    ----------
    history, horizon
        As of `forecast_quantiles`.
    network
        None for the shipped one.
    """
    if history.known is None:
        return forecast_quantiles(history.values, horizon, network=network)
    effects = known_effects(history, horizon)
    left = effects.history
    holidays, announced = None, None
    if left.known is not None:
        holidays, announced = left.known.first(history.days + horizon)
    said = forecast_quantiles(left.values, horizon, holidays, announced, network)
    return effects.on_quantiles(said)


@dataclass(frozen=True)
class PretrainedLstm:
    """The shipped LSTM as a `MedianForecaster` that says quantiles, too.

    Examples
    --------
    >>> history = History(100.0 + np.arange(60.0)[None] % 7, np.arange(60) % 7)
    >>> forecaster = PretrainedLstm()
    >>> forecaster.fit(history, 14, seed=0).predict(history, 14).shape
    (1, 14)
    """

    name: str = "lstm-pretrained"
    costly: bool = False

    def fit(self, history: History, horizon: int, seed: int) -> PretrainedLstm:  # noqa: ARG002
        """Return itself: it was taught beforehand, on simulated audiences only."""
        return self

    def predict(self, history: History, horizon: int) -> Floats:
        """Forecast medians, shape ``(S, H)``; a series with fewer than 7 observed days is NaN."""
        return self.quantiles(history, horizon).median

    def quantiles(self, history: History, horizon: int) -> Quantiles:
        """Forecast quantiles; see `forecast_quantiles`. It reads the flags."""
        return quantiles_of(history, horizon)
