"""The LSTM that already knows audiences: what it reads, what it says, and in which units."""

from upswell.forecasting.lstm.pretrained.features import NetworkInputs, network_inputs
from upswell.forecasting.lstm.pretrained.forecaster import PretrainedLstm, forecast_quantiles
from upswell.forecasting.lstm.pretrained.layout import FEATURES, HEADS, LEVELS, MEMORY, PAST_PATCHES
from upswell.forecasting.lstm.pretrained.targets import bases, decoded, targets

__all__ = [
    "FEATURES",
    "HEADS",
    "LEVELS",
    "MEMORY",
    "PAST_PATCHES",
    "NetworkInputs",
    "PretrainedLstm",
    "bases",
    "decoded",
    "forecast_quantiles",
    "network_inputs",
    "targets",
]
