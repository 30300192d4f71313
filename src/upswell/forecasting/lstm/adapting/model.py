"""The adapted LSTM as a forecaster: the untouched and the tuned network, averaged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.forecasting.history import History
from upswell.forecasting.lstm.adapting.record import Choice
from upswell.forecasting.lstm.pretrained.forecaster import quantiles_of
from upswell.forecasting.lstm.pretrained.inference import PretrainedNetwork
from upswell.forecasting.quantiles import Quantiles

__all__ = ["AdaptedLstm", "averaged", "network_of"]

Weights = Mapping[str, NDArray[np.float32]]


def network_of(weights: Weights) -> PretrainedNetwork:
    """Return the network of some weights, in NumPy; whether it is residual shows in their names.

    Raises
    ------
    BundleError
        When the weights do not fit each other.
    """
    return PretrainedNetwork(weights, any(name.startswith("norm.") for name in weights))


def averaged(untouched: Quantiles, tuned: Quantiles, weight: float) -> Quantiles:
    """Average quantiles on the scale ``log(1 + count)``; the tuned ones have the weight.

    Examples
    --------
    >>> low, high = (Quantiles(np.array([0.5]), *[np.full((1, 1, 1), n)] * 3) for n in (0.0, 3.0))
    >>> averaged(low, high, 0.5).median.tolist()
    [[1.0]]
    """
    if weight == 0.0:
        return untouched
    if weight == 1.0:
        return tuned
    heads = (
        np.expm1((1.0 - weight) * np.log1p(one) + weight * np.log1p(other))
        for one, other in (
            (untouched.day, tuned.day),
            (untouched.sum, tuned.sum),
            (untouched.peak, tuned.peak),
        )
    )
    return Quantiles(untouched.levels, *heads)


@dataclass(frozen=True)
class AdaptedLstm:
    """The shipped LSTM after a panel's windows said whether to tune it; it needs no torch.

    It is a `MedianForecaster` that says quantiles, too, of this panel's series and of any other.

    Parameters
    ----------
    untouched
        The shipped weights that it started from, by the names of the file.
    tuned
        The weights after tuning; empty when zero-shot was kept.
    choice
        What was decided: `choice.weight` is the weight of the tuned network.
    horizon
        Days ahead that were taught.
    taught_until
        Number of the last day that taught, as the panel's axis counts; None when none did.
    name
        Its name; of a loaded one the file's.

    Raises
    ------
    BundleError
        When the weights are none of this network, or do not fit the choice.
    """

    untouched: Weights
    tuned: Weights
    choice: Choice
    horizon: int
    taught_until: int | None = None
    name: str = "lstm-adapted"
    costly: bool = False

    def __post_init__(self) -> None:
        if bool(self.tuned) != self.choice.adapted:
            raise BundleError(f"tuned weights and a weight of {self.choice.weight:g} do not agree")
        _ = self._networks

    @cached_property
    def _networks(self) -> tuple[PretrainedNetwork, PretrainedNetwork | None]:
        return network_of(self.untouched), network_of(self.tuned) if self.tuned else None

    def fit(self, history: History, horizon: int, seed: int) -> AdaptedLstm:  # noqa: ARG002
        """Return itself: it was taught beforehand."""
        return self

    def predict(self, history: History, horizon: int) -> NDArray[np.float64]:
        """Forecast medians, shape ``(S, H)``; a series with fewer than 7 observed days is NaN."""
        return self.quantiles(history, horizon).median

    def quantiles(self, history: History, horizon: int) -> Quantiles:
        """Forecast quantiles; see `upswell.forecasting.quantiles.QuantileForecaster`."""
        untouched, tuned = self._networks
        said = quantiles_of(history, horizon, untouched)
        if tuned is None:
            return said
        other = quantiles_of(history, horizon, tuned)
        return averaged(said, other, self.choice.weight)

    def zero_shot(self) -> AdaptedLstm:
        """Return the forecaster without its tuned part."""
        kept = Choice(0, 0.0, *(self.choice.zero_shot_loss,) * 2, self.choice.windows, 0)
        return AdaptedLstm(self.untouched, {}, kept, self.horizon)
