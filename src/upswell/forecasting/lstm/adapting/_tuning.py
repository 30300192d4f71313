"""Fine-tuning in torch: a few steps of AdamW on windows of one panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from upswell.forecasting.lstm._device import find_device
from upswell.forecasting.lstm._optimise import deterministic
from upswell.forecasting.lstm.adapting.record import StepReport
from upswell.forecasting.lstm.adapting.settings import AdaptingSettings
from upswell.forecasting.lstm.adapting.windows import TeachingWindows
from upswell.forecasting.lstm.pretrained.layout import LEVELS
from upswell.forecasting.lstm.pretraining._network import AudienceNetwork, file_name
from upswell.forecasting.lstm.pretraining.settings import PretrainingSettings

__all__ = ["masked_pinball", "tune"]

Weights = dict[str, NDArray[np.float32]]

# Days, sums and peaks, as in pretraining.
HEAD_WEIGHTS = (1.0, 0.35, 0.25)
WARMUP = 5
WEIGHT_DECAY = 0.01
CLIP = 1.0


def tune(
    weights: Mapping[str, NDArray[np.float32]],
    windows: TeachingWindows,
    settings: AdaptingSettings,
    steps: tuple[int, ...],
    *,
    seed: int,
    progress: Callable[[StepReport], None] | None = None,
) -> dict[int, Weights]:
    """Tune a network, and return its weights after each of some numbers of steps.

    Parameters
    ----------
    weights
        Where to start, by the names of the file.
    windows
        What teaches.
    settings
        Size of steps and batches, and the device.
    steps
        Ascending. The weights after some steps do not depend on how many follow.
    seed
        Seed of the order of the windows.
    progress
        Called after each step.
    """
    device = find_device(settings.device)
    draw = np.random.default_rng([seed, 5])
    kept: dict[int, Weights] = {}
    with deterministic(device):
        network = _network(weights).to(device)
        network.train()
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=settings.learning_rate, weight_decay=WEIGHT_DECAY
        )
        heads = torch.tensor(HEAD_WEIGHTS, device=device)
        for step in range(1, steps[-1] + 1):
            rows = draw.integers(0, len(windows), settings.batch_size)
            past, future, truth = (
                torch.from_numpy(part[rows]).to(device)
                for part in (windows.past, windows.future, windows.targets)
            )
            for group in optimiser.param_groups:
                group["lr"] = settings.learning_rate * min(step / WARMUP, 1.0)
            optimiser.zero_grad()
            loss = (masked_pinball(network(past, future), truth) * heads).sum()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
            optimiser.step()
            if step in steps:
                kept[step] = _weights(network)
            if progress is not None:
                progress(StepReport(step, steps[-1], float(loss.detach())))
    return kept


def masked_pinball(quantiles: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the mean pinball loss by head, of what is known of the targets.

    Parameters
    ----------
    quantiles
        Shape ``(B, D, 3, L)`` with ``D`` of at least ``H`` days; the first ``H`` are used.
    targets
        Shape ``(B, H, 3)``; NaN is not known.

    Examples
    --------
    >>> targets = torch.tensor([[[1.0, 1.0, torch.nan]]])
    >>> masked_pinball(torch.zeros(1, 7, 3, len(LEVELS)), targets).numpy().round(3).tolist()
    [0.5, 0.5, 0.0]
    """
    levels = torch.from_numpy(LEVELS).to(quantiles.device)
    known = torch.isfinite(targets)
    away = torch.nan_to_num(targets)[..., None] - quantiles[:, : targets.shape[1]]
    losses = torch.maximum(levels * away, (levels - 1) * away).mean(dim=3) * known
    return losses.sum(dim=(0, 1)) / known.sum(dim=(0, 1)).clamp(min=1)


def _network(weights: Mapping[str, NDArray[np.float32]]) -> AudienceNetwork:
    """Return a network of the sizes that the weights show, with copies of these weights."""
    network = AudienceNetwork(
        PretrainingSettings(
            units=weights["inp.bias"].shape[0],
            layers=sum(name.startswith("lstm.weight_ih_l") for name in weights),
            head_units=weights["h1.bias"].shape[0],
            residual=any(name.startswith("norm.") for name in weights),
        )
    )
    names = network.state_dict()
    network.load_state_dict({n: torch.from_numpy(weights[file_name(n)].copy()) for n in names})
    return network


def _weights(network: AudienceNetwork) -> Weights:
    state = network.state_dict()
    return {file_name(name): tensor.cpu().numpy().copy() for name, tensor in state.items()}
