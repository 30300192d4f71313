"""What may be tuned: a typed range or choice for each setting, with its default."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from upswell.errors import SettingError

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

__all__ = ["Choice", "FloatRange", "IntegerRange", "Range", "Space", "defaults", "describe"]


@dataclass(frozen=True, slots=True)
class FloatRange:
    """A real number between two bounds, both included.

    Parameters
    ----------
    low, high
        The bounds.
    default
        The value of the first trial.
    log
        Whether to search on the log scale.

    Examples
    --------
    >>> FloatRange(0.01, 0.3, default=0.05, log=True).default
    0.05
    """

    low: float
    high: float
    default: float
    log: bool = False

    def __post_init__(self) -> None:
        _check_bounds(self.low, self.high, self.default, log=self.log)

    def distribution(self) -> BaseDistribution:
        """Return the range as Optuna has it."""
        from optuna.distributions import FloatDistribution

        return FloatDistribution(float(self.low), float(self.high), log=self.log)


@dataclass(frozen=True, slots=True)
class IntegerRange:
    """A whole number between two bounds, both included; parameters as for `FloatRange`."""

    low: int
    high: int
    default: int
    log: bool = False

    def __post_init__(self) -> None:
        _check_bounds(self.low, self.high, self.default, log=self.log)

    def distribution(self) -> BaseDistribution:
        """Return the range as Optuna has it."""
        from optuna.distributions import IntDistribution

        return IntDistribution(self.low, self.high, log=self.log)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some texts, numbers or truth values.

    Parameters
    ----------
    options
        What can be chosen.
    default
        The choice of the first trial.
    """

    options: tuple[str | int | float | bool, ...]
    default: str | float | bool

    def __post_init__(self) -> None:
        if self.default not in self.options:
            raise SettingError(f"the default {self.default!r} is none of {self.options}")

    def distribution(self) -> BaseDistribution:
        """Return the choice as Optuna has it."""
        from optuna.distributions import CategoricalDistribution

        return CategoricalDistribution(self.options)


Range = FloatRange | IntegerRange | Choice
"""What one setting may be."""

Space = Mapping[str, Range]
"""What each setting may be, by its name."""


def defaults(space: Space) -> dict[str, Any]:
    """Return the default of each setting.

    Examples
    --------
    >>> defaults({"depth": IntegerRange(2, 8, default=6)})
    {'depth': 6}
    """
    return {name: entry.default for name, entry in space.items()}


def describe(space: Space) -> list[str]:
    """Return one line for each setting, by which two spaces can be told apart.

    Examples
    --------
    >>> describe({"depth": IntegerRange(2, 8, default=6)})
    ['depth: IntegerRange(low=2, high=8, default=6, log=False)']
    """
    return [f"{name}: {entry!r}" for name, entry in sorted(space.items())]


def _check_bounds(low: float, high: float, default: float, *, log: bool) -> None:
    if not (math.isfinite(low) and math.isfinite(high) and low <= default <= high):
        raise SettingError(f"a range from {low} to {high} cannot have the default {default}")
    if log and low <= 0:
        raise SettingError(f"a range on the log scale cannot start at {low}")
