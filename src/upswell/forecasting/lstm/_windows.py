"""Windows: the days before an origin as the network reads them, and which of them may teach."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.lstm._scaling import SLOW_RATE, ScaledHistory

__all__ = [
    "CHANNELS",
    "Network",
    "Origins",
    "Targets",
    "Windows",
    "split_origins",
    "targets",
    "validation_days",
]

Floats = NDArray[np.float64]
Inputs = NDArray[np.float32]
Integers = NDArray[np.int64]
Network = Callable[[Inputs], Inputs]

CHANNELS = 3
LARGEST_INPUT = 10.0


@dataclass(frozen=True)
class Origins:
    """Places to forecast from: a series and the first day to forecast, each of shape ``(B,)``."""

    series: Integers
    day: Integers

    @property
    def count(self) -> int:
        """Number of origins, ``B``."""
        return len(self.series)

    def take(self, index: Integers) -> Origins:
        """Return some of the origins."""
        return Origins(self.series[index], self.day[index])


@dataclass
class Windows:
    """The days before each origin, on the scale of the network; moves on with `advance`.

    Parameters
    ----------
    plain
        ``z`` less its weekday effect, shape ``(B, L)``; NaN before a series begins.
    observed
        1 for an observed or forecast day and 0 for a filled one, shape ``(B, L)``.
    weekday
        Day of the week of each day, shape ``(B, L)``.
    slow, spread
        Slow level and scale of each series, shape ``(B,)``.
    effects
        Weekday effects known at the origin, shape ``(B, 7)``.
    """

    plain: Floats
    observed: Floats
    weekday: Integers
    slow: Floats
    spread: Floats
    effects: Floats

    @classmethod
    def before(cls, scaled: ScaledHistory, origins: Origins, length: int) -> Windows:
        """Gather the `length` days before each origin."""
        days = origins.day[:, None] + np.arange(-length, 0)
        row = origins.series[:, None]
        weekday = scaled.phase[days]
        effects = scaled.effects[origins.day, origins.series]
        return cls(
            plain=scaled.log[row, days] - np.take_along_axis(effects, weekday, axis=1),
            observed=scaled.observed[row, days].astype(np.float64),
            weekday=weekday,
            slow=scaled.slow[origins.series, origins.day],
            spread=scaled.spread[origins.series],
            effects=effects,
        )

    def level(self) -> Floats:
        """Return the mean level of each window, shape ``(B,)``; the slow level if it is empty."""
        begun = np.isfinite(self.plain)
        count = begun.sum(axis=1)
        total = np.where(begun, self.plain, 0.0).sum(axis=1)
        return np.where(count > 0, total / np.maximum(count, 1), self.slow)

    def inputs(self, level: Floats) -> Inputs:
        """Return what the network reads, shape ``(B, L, CHANNELS)``.

        The channels are the day's value relative to the window's level, whether it was
        observed, and the slow level relative to the window's. The weekday is in the first: its
        effect, as known at the origin, is taken off the inputs and put back on the forecast.
        """
        scale = np.where(self.spread > 0, self.spread, 1.0)
        relative = np.nan_to_num((self.plain - level[:, None]) / scale[:, None])
        drift = np.nan_to_num((self.slow - level) / scale)
        out = np.empty((*self.plain.shape, CHANNELS), dtype=np.float32)
        out[..., 0] = np.clip(relative, -LARGEST_INPUT, LARGEST_INPUT)
        out[..., 1] = self.observed
        out[..., 2] = np.clip(drift, -LARGEST_INPUT, LARGEST_INPUT)[:, None]
        return out

    def advance(self, plain: Floats) -> None:
        """Drop the first day and append a forecast one."""
        following = (self.weekday[:, -1] + 1) % 7
        self.plain = np.column_stack([self.plain[:, 1:], plain])
        self.observed = np.column_stack([self.observed[:, 1:], np.ones(len(plain))])
        self.weekday = np.column_stack([self.weekday[:, 1:], following])
        self.slow = self.slow + SLOW_RATE * (plain - self.slow)


@dataclass(frozen=True)
class Targets:
    """What the network should have said, relative to the window's level and in spreads.

    Parameters
    ----------
    values
        Shape ``(B, K)``, float32; 0 where there is nothing to say.
    weights
        1 where the day counts and 0 elsewhere, shape ``(B, K)``, float32.
    """

    values: Inputs
    weights: Inputs


def targets(
    scaled: ScaledHistory,
    origins: Origins,
    windows: Windows,
    level: Floats,
    *,
    leads: int,
    days: tuple[int, int],
) -> Targets:
    """Gather the `leads` days from each origin on; those outside `days` do not count."""
    first, stop = days
    day = origins.day[:, None] + np.arange(leads)
    inside = np.minimum(day, stop - 1)
    row = origins.series[:, None]
    effect = np.take_along_axis(windows.effects, scaled.phase[inside], axis=1)
    away = scaled.log[row, inside] - effect - level[:, None]
    scale = np.where(windows.spread > 0, windows.spread, 1.0)[:, None]
    counts = (day >= first) & (day < stop) & scaled.observed[row, inside]
    return Targets(
        values=np.where(counts, away / scale, 0.0).astype(np.float32),
        weights=counts.astype(np.float32),
    )


def validation_days(days: int, horizon: int, length: int) -> int:
    """Return how many days at the end of the training part validate, at least 1.

    A third of the horizon or 15% of the days, whichever is more, but never more than a third
    of the days that have a whole window before them.
    """
    wanted = max(math.ceil(horizon / 3), math.ceil(0.15 * days))
    return max(1, min(wanted, (days - length) // 3))


def split_origins(
    scaled: ScaledHistory, length: int, leads: int, validation: int
) -> tuple[Origins, Origins]:
    """Return the origins that teach and those that validate.

    Parameters
    ----------
    scaled
        The training part of time; nothing else is known here.
    length
        Days in a window, ``L``.
    leads
        Days that the network says at once, ``K``.
    validation
        Number of days at the end that validate.

    Returns
    -------
    tuple
        Origins with a day to learn from before the validation tail, and origins with a day to
        check inside it. Windows that are less than half observed are left out.
    """
    series, days = scaled.observed.shape
    cut = days - validation
    seen = np.concatenate(
        [np.zeros((series, 1), dtype=np.int64), np.cumsum(scaled.observed, axis=1)], axis=1
    )
    origin = np.arange(length, days)
    full = 2 * (seen[:, origin] - seen[:, origin - length]) >= length

    def with_target(first: int, stop: int) -> Origins:
        low = np.clip(origin, first, stop)
        high = np.clip(origin + leads, first, stop)
        row, column = np.nonzero(full & (seen[:, high] > seen[:, low]))
        return Origins(row.astype(np.int64), origin[column])

    return with_target(0, cut), with_target(cut, days)
