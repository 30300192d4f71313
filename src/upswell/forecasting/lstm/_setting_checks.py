"""Checks that the settings of the LSTM's classes have in common; errors name the option."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, get_args

from upswell.errors import SettingError

__all__ = [
    "DEVICES",
    "Device",
    "check_choice",
    "check_numbers",
    "check_rate",
    "check_whole",
    "option",
]

Device = Literal["auto", "cpu", "cuda"]
"""Where torch works; ``auto`` is CUDA where there is one."""

DEVICES: tuple[str, ...] = get_args(Device)
"""The choices of a device."""


def option(field: str) -> str:
    """Return the option of the command line that sets a field.

    >>> option("batch_size")
    '--batch-size'
    """
    return "--" + field.replace("_", "-")


def check_whole(
    settings: object, ranges: Mapping[str, tuple[int, int]], *, optional: Collection[str] = ()
) -> None:
    """Raise where a field is no whole number from its least to its most; some may be None."""
    for field, (low, high) in ranges.items():
        value = getattr(settings, field)
        if value is None and field in optional:
            continue
        if isinstance(value, bool) or not isinstance(value, int):
            raise SettingError(f"{option(field)} must be a whole number, got {value!r}")
        if not low <= value <= high:
            raise SettingError(f"{option(field)} must be between {low} and {high}, got {value}")


def check_numbers(settings: object, fields: Iterable[str]) -> None:
    """Raise where a field is no number."""
    for field in fields:
        value = getattr(settings, field)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SettingError(f"{option(field)} must be a number, got {value!r}")


def check_rate(learning_rate: float) -> None:
    """Raise where a step size is not above 0 and at most 1."""
    if not (0 < learning_rate <= 1 and math.isfinite(learning_rate)):
        raise SettingError(f"--learning-rate must be above 0 and at most 1, got {learning_rate}")


def check_choice(settings: object, field: str, choices: Collection[str]) -> None:
    """Raise where a field is none of its choices."""
    value = getattr(settings, field)
    if value not in choices:
        raise SettingError(f"{option(field)} must be one of {', '.join(choices)}, got {value!r}")
