"""The network in torch, for training; `pretrained.inference` computes the same without torch."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import silu, softplus

from upswell.forecasting.lstm.pretrained.layout import FEATURES, HEADS, LEVELS, WEEK
from upswell.forecasting.lstm.pretraining.settings import PretrainingSettings

__all__ = ["AudienceNetwork", "file_name"]

# Raw outputs are near 0 at first: the quantiles then lie a little apart.
GAP = -1.5


def file_name(name: str) -> str:
    """Return under which name a weight is kept, given that of the network's state.

    Examples
    --------
    >>> file_name("lstm.1.weight_ih_l0"), file_name("out.bias")
    ('lstm.weight_ih_l1', 'out.bias')
    """
    part, _, rest = name.partition(".")
    if part != "lstm":
        return name
    layer, _, weight = rest.partition(".")
    return f"lstm.{weight.removesuffix('_l0')}_l{layer}"


class AudienceNetwork(nn.Module):
    """Weeks through a linear layer, an LSTM and two linear layers, to quantiles of each day.

    Parameters
    ----------
    settings
        Sizes and shape of the network.
    """

    def __init__(self, settings: PretrainingSettings) -> None:
        super().__init__()
        units = settings.units
        self.residual = settings.residual
        self.inp = nn.Linear(FEATURES, units)
        self.lstm = nn.ModuleList(
            nn.LSTM(units, units, batch_first=True) for _ in range(settings.layers)
        )
        self.h1 = nn.Linear(2 * units, settings.head_units)
        self.out = nn.Linear(settings.head_units, WEEK * len(HEADS) * len(LEVELS))
        self._begin(units)

    def _begin(self, units: int) -> None:
        """Start near an answer of 0, and with cells that keep more than they forget."""
        with torch.no_grad():
            nn.init.zeros_(self.out.bias)
            self.out.weight.mul_(0.1)
            for name, weight in self.lstm.named_parameters():
                if "bias" in name:
                    weight.zero_()
                    weight[units : 2 * units] = 0.5

    def forward(self, past: torch.Tensor, future: torch.Tensor) -> torch.Tensor:
        """Return ascending quantiles, shape ``(B, 7 Q, 3, L)``, on the scale of the targets.

        Parameters
        ----------
        past, future
            Weeks, shapes ``(B, 26, F)`` and ``(B, Q, F)``.
        """
        weeks = future.shape[1]
        entered = silu(self.inp(torch.cat([past, future], dim=1)))
        states = entered
        for number, layer in enumerate(self.lstm):
            said, _ = layer(states)
            states = said + states if self.residual and number else said
        seen = torch.cat([states[:, -weeks:], entered[:, -weeks:]], dim=2)
        raw = self.out(silu(self.h1(seen))).float()
        by_head = raw.view(len(past), weeks, len(HEADS), WEEK, len(LEVELS)).transpose(2, 3)
        return _ascending(by_head.reshape(len(past), weeks * WEEK, len(HEADS), len(LEVELS)))


def _ascending(raw: torch.Tensor) -> torch.Tensor:
    """Return quantiles: the middle one, and those above and below it by steps greater than 0."""
    middle = len(LEVELS) // 2
    median = raw[..., middle : middle + 1]
    above = torch.cumsum(softplus(raw[..., middle + 1 :] + GAP), dim=-1)
    below = torch.cumsum(softplus(raw[..., :middle].flip(-1) + GAP), dim=-1).flip(-1)
    return torch.cat([median - below, median, median + above], dim=-1)
