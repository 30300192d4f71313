"""From views a day to whole units an hour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from upswell.capacity._settings import HOURS, MOST_UNITS, ProfileSettings, UnitSettings
from upswell.errors import SettingError

__all__ = ["Load", "hourly_load", "profile_shares", "views_by_hour", "whole_units"]

_ROUNDING = 1e-12
_BUSIEST_HOUR = 20


def profile_shares(profile: ProfileSettings) -> NDArray[np.float64]:
    """Return the share of a day's views in each of its hours.

    A peak-to-average ratio becomes a smooth day, ``share ~ exp(k cos(2 pi (hour - 20) / 24))``,
    with the ``k`` that gives the ratio: the shape of a von Mises distribution.

    Parameters
    ----------
    profile
        Shares, a ratio, or neither.

    Returns
    -------
    numpy.ndarray
        Shape ``(24,)``, summing to 1.

    Examples
    --------
    >>> shares = profile_shares(ProfileSettings(peak_to_average=1.8))
    >>> round(24 * float(shares.max()), 6), int(shares.argmax())
    (1.8, 20)
    """
    if profile.hours is not None:
        return np.array(profile.hours) / math.fsum(profile.hours)
    ratio = 1.0 if profile.peak_to_average is None else profile.peak_to_average
    wave = np.cos(2.0 * np.pi * (np.arange(HOURS) - _BUSIEST_HOUR) / HOURS)
    low, high = 0.0, 200.0
    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _peak_of(wave, middle) < ratio else (low, middle)
    shape = np.exp(high * (wave - 1.0)) if ratio > 1.0 else np.ones(HOURS)
    return np.asarray(shape / shape.sum())


def _peak_of(wave: NDArray[np.float64], steepness: float) -> float:
    shape = np.exp(steepness * (wave - 1.0))
    return float(HOURS * shape.max() / shape.sum())


def whole_units(views: NDArray[np.float64], unit: UnitSettings) -> NDArray[np.float64]:
    """Return the whole units that hours of so many views ask for, headroom included.

    ``ceil(views * (1 + headroom) / views_per_hour)``, where a millionth of a millionth above a
    whole number counts as that number: it is the rounding of the arithmetic, not a view.

    Examples
    --------
    >>> unit = UnitSettings(views_per_hour=100, headroom=0.1)
    >>> whole_units(np.array([0.0, 1.0, 1000.0, 1001.0]), unit).tolist()
    [0.0, 1.0, 11.0, 12.0]
    """
    needed = views * ((1.0 + unit.headroom) / unit.views_per_hour)
    return np.ceil(needed * (1.0 - _ROUNDING))


@dataclass(frozen=True)
class Load:
    """Units that the hours of some paths ask for.

    Parameters
    ----------
    rows
        Whole units by hour, ascending in each path, shape ``(P, N)``; sorted, since a bill does
        not care for the order of hours.
    weight
        Hours that each column stands for: 1, or 24 where all hours of a day are alike.
    busiest
        Units of the busiest hour of each day, shape ``(P, H)``.
    """

    rows: NDArray[np.float64]
    weight: int
    busiest: NDArray[np.float64]

    @property
    def hours(self) -> int:
        """Hours of the horizon."""
        return int(self.rows.shape[1]) * self.weight

    @property
    def pooled(self) -> Load:
        """All hours of all paths as those of one path."""
        return Load(np.sort(self.rows, axis=None)[None], self.weight, self.busiest.reshape(1, -1))

    def above(self, levels: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return hours above each level, and the unit-hours above it.

        Parameters
        ----------
        levels
            Units, shape ``(G,)``, the same for all paths, or ``(P, G)``, its own for each.

        Returns
        -------
        tuple of numpy.ndarray
            Hours and unit-hours, both of shape ``(P, G)``.

        Examples
        --------
        >>> load = Load(np.array([[1.0, 2.0, 5.0]]), 24, np.array([[1.0, 2.0, 5.0]]))
        >>> [figures.tolist() for figures in load.above(np.array([2.0]))]
        [[[24.0]], [[72.0]]]
        """
        paths = len(self.rows)
        wanted = np.broadcast_to(levels, (paths, np.shape(levels)[-1]))
        columns = self._columns_above(wanted)
        sums = np.take_along_axis(self._sums_of_largest, columns, axis=1)
        # An infinite level is above everything, and infinity times nothing is no number.
        excess = sums - np.where(columns > 0, wanted, 0.0) * columns
        return np.asarray(columns * float(self.weight)), np.asarray(excess * self.weight)

    @cached_property
    def _sums_of_largest(self) -> NDArray[np.float64]:
        """Sum of the largest 0, 1, ..., N hours of each path, shape ``(P, N + 1)``."""
        paths, count = self.rows.shape
        sums = np.zeros((paths, count + 1))
        np.cumsum(self.rows[:, ::-1], axis=1, out=sums[:, 1:])
        return sums

    def _columns_above(self, levels: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return how many columns of each path are above levels ``(P, G)``: a binary search."""
        paths, count = self.rows.shape
        path = np.arange(paths)[:, None]
        low = np.zeros(levels.shape, dtype=np.int64)
        high = np.full(levels.shape, count, dtype=np.int64)
        for _ in range(count.bit_length()):
            middle = np.minimum((low + high) // 2, count - 1)
            within = (low < high) & (self.rows[path, middle] <= levels)
            high = np.where(within, high, np.where(low < high, middle, high))
            low = np.where(within, middle + 1, low)
        return np.asarray(count - low)


def views_by_hour(
    views: NDArray[np.float64],
    shares: NDArray[np.float64],
    throttle: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return the views of the hours of paths.

    Parameters
    ----------
    views
        Views a day, shape ``(P, H)``.
    shares
        Shape ``(24,)``, see `profile_shares`.
    throttle
        Views an hour that are let in at most on each day, shape ``(H,)``, infinite where all are.

    Returns
    -------
    numpy.ndarray
        Shape ``(P, H, 24)``, or ``(P, H, 1)`` where all hours of a day are alike.
    """
    parts = shares[:1] if (shares == shares[0]).all() else shares
    by_hour = views[:, :, None] * parts
    if throttle is not None:
        np.minimum(by_hour, throttle[:, None], out=by_hour)
    return np.asarray(by_hour)


def hourly_load(
    views: NDArray[np.float64],
    shares: NDArray[np.float64],
    unit: UnitSettings,
    throttle: NDArray[np.float64] | None = None,
) -> Load:
    """Return what paths of daily views ask for.

    Parameters
    ----------
    views, shares, throttle
        As of `views_by_hour`.
    unit
        What one unit serves.

    Raises
    ------
    SettingError
        When an hour asks for so many units that they cannot be counted one by one.

    Examples
    --------
    >>> unit = UnitSettings(views_per_hour=50)
    >>> load = hourly_load(np.array([[2400.0]]), np.full(24, 1 / 24), unit)
    >>> load.rows.tolist(), load.hours
    ([[2.0]], 24)
    """
    units = whole_units(views_by_hour(views, shares, throttle), unit)
    busiest = units.max(axis=2)
    most = float(busiest.max(initial=0.0))
    if most > MOST_UNITS:
        raise SettingError(
            f"[unit] views_per_hour ({unit.views_per_hour:g}) is too small: an hour would ask for "
            f"{most:.3g} units",
            fix="correct [unit] views_per_hour, or check the views",
        )
    weight = HOURS // units.shape[2]
    rows = units.reshape(len(views), -1)
    rows.sort(axis=1)
    return Load(rows, weight, busiest)
