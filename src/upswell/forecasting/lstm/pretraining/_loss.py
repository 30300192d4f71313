"""What is minimised: the pinball loss of all quantiles of days, sums and peaks."""

from __future__ import annotations

import torch

from upswell.forecasting.lstm.pretrained.layout import LEVELS

__all__ = ["pinball"]


def pinball(quantiles: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the mean pinball loss of each example and head.

    Parameters
    ----------
    quantiles
        Shape ``(B, D, 3, L)`` with ``D`` of at least ``H`` days; the first ``H`` are used.
    targets
        Shape ``(B, H, 3)``.

    Returns
    -------
    Tensor
        Shape ``(B, 3)``, means over days and levels (Koenker and Bassett 1978).

    Examples
    --------
    >>> from upswell.forecasting.lstm.pretraining._loss import pinball
    >>> zeros = torch.zeros(1, 7, 3, len(LEVELS))
    >>> pinball(zeros, torch.ones(1, 7, 3)).numpy().round(3).tolist()
    [[0.5, 0.5, 0.5]]
    """
    levels = torch.from_numpy(LEVELS).to(quantiles.device)
    away = targets[..., None] - quantiles[:, : targets.shape[1]]
    return torch.maximum(levels * away, (levels - 1) * away).mean(dim=(1, 3))
