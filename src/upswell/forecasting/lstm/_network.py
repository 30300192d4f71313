"""The network in torch, for training; `inference` computes the same without torch."""

from __future__ import annotations

import torch
from torch import nn

from upswell.forecasting.lstm._windows import CHANNELS

__all__ = ["ViewsNetwork"]


class ViewsNetwork(nn.Module):
    """An LSTM over the window, dropout, and a linear head on the last hidden state.

    The head starts at zero: before training, the network says that the window's level stays.

    Parameters
    ----------
    layers, units, dropout
        As in `LstmSettings`.
    outputs
        Number of days said at once, ``K``.
    """

    def __init__(self, layers: int, units: int, dropout: float, outputs: int) -> None:
        super().__init__()
        between = dropout if layers > 1 else 0.0
        self.lstm = nn.LSTM(CHANNELS, units, layers, batch_first=True, dropout=between)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(units, outputs)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the outputs, shape ``(B, K)``, of windows of shape ``(B, L, CHANNELS)``."""
        states, _ = self.lstm(inputs)
        said: torch.Tensor = self.head(self.dropout(states[:, -1]))
        return said
