"""How a burst fades: the shape that fits the days after its peak, and the level it leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["fading"]

Floats = NDArray[np.float64]

HALF_LIVES = (0.7, 1.5, 3.0, 6.0, 12.0)
EXPONENTS = (0.6, 1.0, 1.4)
"""Exponents after a shock cluster between 0.6 and 1.4 (Crane and Sornette 2008)."""

EVIDENCE = 6.0
"""By so many squared deviations a new level must explain more than none."""

LEAST_LEVEL = 1.1
LEAST_RATIO = 1e-6


def fading(ratio: Floats, noise: float, days: int) -> tuple[Floats, float]:
    """Return what a burst still adds on its peak and each day after it, and the level it leaves.

    Parameters
    ----------
    ratio
        Views over what was usual before, from the peak on, shape ``(D,)``; NaN where missing.
    noise
        Usual relative deviation of a day.
    days
        How many days to say this of; beyond ``D`` the shape goes on.

    Returns
    -------
    tuple
        Parts of the new level, shape ``(days,)``, falling; and that level, 1 for the old one.

    Notes
    -----
    Least squares of relative errors over a few exponential and power decays, and one that is over
    after a day; with the old level, unless a higher one explains the days clearly better.

    Examples
    --------
    >>> age = np.arange(12)
    >>> adds, level = fading(1.0 + 4.0 * 0.5 ** (age / 3), 0.1, 12)
    >>> adds[[0, 3, 6]].round(2).tolist(), level
    ([4.0, 2.0, 1.0], 1.0)
    >>> adds, level = fading(np.array([4.0, 2.1, *[2.0] * 10]), 0.1, 12)
    >>> round(level, 1), bool(adds[3:].max() < 0.05)
    (2.0, True)
    """
    age = np.arange(max(days, ratio.size), dtype=np.float64)
    shapes = [np.exp2(-age / life) for life in HALF_LIVES]
    shapes += [(1.0 + age) ** -exponent for exponent in EXPONENTS]
    shapes.append((age == 0).astype(np.float64))
    known = np.isfinite(ratio) & (ratio > LEAST_RATIO)
    weight = np.where(known, 1.0 / np.where(known, ratio, 1.0), 0.0)
    seen = np.where(known, ratio, 0.0)
    near = [shape[: ratio.size] * weight for shape in shapes]
    old = [_fit(shape, (seen - 1.0) * weight) for shape in near]
    best = int(np.argmin([error for _, error in old]))
    adds, level = old[best][0] * shapes[best], 1.0
    new = [_fit_both(shape, weight, seen * weight) for shape in near]
    other = int(np.argmin([error for _, _, error in new]))
    gain = old[best][1] - new[other][2]
    if gain > EVIDENCE * noise**2 and new[other][1] > LEAST_LEVEL:
        level = new[other][1]
        adds = new[other][0] * shapes[other] / level
    return adds[:days], level


def _fit(shape: Floats, target: Floats) -> tuple[float, float]:
    """Return the height of a shape, not negative, and the sum of squares that it leaves."""
    power = float(shape @ shape)
    height = max(float(shape @ target) / power, 0.0) if power > 0 else 0.0
    left = target - height * shape
    return height, float(left @ left)


def _fit_both(shape: Floats, flat: Floats, target: Floats) -> tuple[float, float, float]:
    """Return heights of a shape and of a level above 0, and the sum of squares they leave."""
    cross, ends = float(shape @ flat), (float(shape @ shape), float(flat @ flat))
    room = ends[0] * ends[1] - cross**2
    if room <= 1e-9 * ends[0] * ends[1]:
        return 0.0, 1.0, np.inf
    first, second = float(shape @ target), float(flat @ target)
    height = (ends[1] * first - cross * second) / room
    level = (ends[0] * second - cross * first) / room
    if height < 0 or level <= 0:
        return 0.0, 1.0, np.inf
    left = target - height * shape - level * flat
    return height, level, float(left @ left)
