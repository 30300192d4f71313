"""How the shipped network is fine-tuned."""

from __future__ import annotations

from dataclasses import dataclass

from upswell.errors import SettingError
from upswell.forecasting.lstm._setting_checks import DEVICES, check_choice, check_rate

__all__ = ["AdaptingSettings"]


@dataclass(frozen=True, slots=True)
class AdaptingSettings:
    """How many steps are tried, how large they are, and by what they must win.

    Parameters
    ----------
    steps
        Numbers of steps that are tried, ascending.
    weights
        Weights of the tuned network that are tried, above 0 and at most 1; the untouched one has
        the rest.
    learning_rate
        Step size of AdamW (Loshchilov and Hutter 2019).
    batch_size
        Windows a step.
    least_gain
        Share by which the loss on validation windows must fall; below it nothing is adapted.
    device
        ``cpu``, ``cuda``, or ``auto`` for CUDA where there is one.

    Raises
    ------
    SettingError
        When a setting makes no sense.

    Examples
    --------
    >>> AdaptingSettings().steps
    (15, 30, 60)
    """

    steps: tuple[int, ...] = (15, 30, 60)
    weights: tuple[float, ...] = (0.5, 1.0)
    learning_rate: float = 0.0003
    batch_size: int = 16
    least_gain: float = 0.01
    device: str = "auto"

    def __post_init__(self) -> None:
        if not self.steps or min(self.steps) < 1 or list(self.steps) != sorted(set(self.steps)):
            raise SettingError(f"steps must be ascending and above 0, got {self.steps}")
        if not self.weights or not all(0 < weight <= 1 for weight in self.weights):
            raise SettingError(f"weights must be above 0 and at most 1, got {self.weights}")
        check_rate(self.learning_rate)
        if self.batch_size < 1:
            raise SettingError(f"--batch-size must be at least 1, got {self.batch_size}")
        if not 0 <= self.least_gain < 1:
            raise SettingError(f"least_gain must be from 0 to below 1, got {self.least_gain}")
        check_choice(self, "device", DEVICES)
