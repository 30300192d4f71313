"""The settings of the LSTM, checked when they are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from upswell.errors import SettingError
from upswell.forecasting.lstm._setting_checks import (
    DEVICES,
    Device,
    check_choice,
    check_numbers,
    check_rate,
    check_whole,
)

__all__ = ["LstmSettings", "Strategy"]

Strategy = Literal["recursive", "direct"]

_WHOLE_RANGES = {
    "layers": (1, 8),
    "units": (1, 1024),
    "sequence_length": (2, 366),
    "batch_size": (1, 65_536),
    "epochs": (1, 10_000),
    "patience": (1, 10_000),
}


@dataclass(frozen=True, slots=True)
class LstmSettings:
    """How the LSTM is built and trained.

    Parameters
    ----------
    layers
        Number of LSTM layers, 1 to 8.
    units
        Size of the hidden state of each layer, 1 to 1024.
    dropout
        Share of values dropped between layers and before the output while training, from 0
        to below 1.
    sequence_length
        Number of days in the window that the network reads, 2 to 366.
    learning_rate
        Step size of Adam, above 0 and at most 1.
    batch_size
        Number of windows a step, 1 to 65536.
    epochs
        Largest number of passes over the training windows, 1 to 10000.
    patience
        Number of epochs without a better validation loss after which training stops.
    strategy
        ``recursive``: the network says the next day, and its own forecast becomes the last day
        of the next window. ``direct``: it says all days of the horizon at once.
    device
        ``cpu``, ``cuda``, or ``auto`` for CUDA where there is one.

    Raises
    ------
    SettingError
        When a setting is out of its range; the message names the command's option.

    Examples
    --------
    >>> LstmSettings(units=20).units
    20
    >>> LstmSettings(units=0)
    Traceback (most recent call last):
        ...
    upswell.errors.SettingError: --units must be between 1 and 1024, got 0
    """

    layers: int = 2
    units: int = 50
    dropout: float = 0.2
    sequence_length: int = 10
    learning_rate: float = 0.001
    batch_size: int = 4
    epochs: int = 50
    patience: int = 10
    strategy: Strategy = "recursive"
    device: Device = "auto"

    def __post_init__(self) -> None:
        check_whole(self, _WHOLE_RANGES)
        check_numbers(self, ("dropout", "learning_rate"))
        if not 0 <= self.dropout < 1:
            raise SettingError(f"--dropout must be at least 0 and below 1, got {self.dropout}")
        check_rate(self.learning_rate)
        check_choice(self, "strategy", get_args(Strategy))
        check_choice(self, "device", DEVICES)
