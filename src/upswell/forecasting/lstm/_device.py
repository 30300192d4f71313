"""The device that a training in torch asks for."""

from __future__ import annotations

import torch

from upswell.errors import SettingError

__all__ = ["find_device"]


def find_device(wanted: str) -> torch.device:
    """Return ``cpu``, ``cuda``, or for ``auto`` CUDA where there is one.

    Raises
    ------
    SettingError
        When CUDA is wanted and not there.

    Examples
    --------
    >>> find_device("cpu").type
    'cpu'
    """
    found = torch.cuda.is_available()
    if wanted == "cuda" and not found:
        raise SettingError(
            "--device cuda was asked for, and torch finds no CUDA device",
            fix="use --device cpu, or auto",
        )
    return torch.device("cpu" if wanted == "cpu" or not found else "cuda")
