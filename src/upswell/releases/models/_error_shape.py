"""The shape of errors in units of their scale, as quantiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRID", "SIDES", "shape_of"]

Floats = NDArray[np.float64]

GRID: tuple[float, ...] = (
    *(0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04),
    *(i / 40 for i in range(2, 39)),
    *(0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.9975, 0.999),
)
"""Levels of the quantiles by which a distribution is held."""

SIDES = (0.1, 0.9)
"""The levels whose quantiles are the scale, below and above."""

_PRIOR = 30.0
"""The shape counts as if this many errors of a normal had been seen besides."""


def shape_of(units: Floats) -> Floats:
    """Return quantiles at `GRID`, those of a normal where few errors say otherwise.

    Level ``p`` of ``n`` errors is read at rank ``p (n + 1)``, so that a new one lies below it with
    that chance (split conformal); beyond the largest and the smallest the tail is exponential.
    """
    from scipy.special import ndtri

    levels = np.array(GRID)
    normal = ndtri(levels) / ndtri(SIDES[1])
    count = units.size
    if count < 2:
        return np.asarray(normal)
    ordered = np.sort(units)
    ranks = levels * (count + 1)
    own = np.interp(ranks, np.arange(1, count + 1), ordered)
    own += np.where(ranks < 1, np.log(np.maximum(ranks, 1e-9)) * _tail(ordered[::-1]), 0.0)
    left = count + 1 - ranks
    own -= np.where(left < 1, np.log(np.maximum(left, 1e-9)) * _tail(ordered), 0.0)
    weight = count / (count + _PRIOR)
    shape = np.maximum.accumulate(weight * own + (1.0 - weight) * normal)
    logits = np.log(levels) - np.log1p(-levels)
    # The middle is where the error is 0; a bump leaves the quarters nearly where they are.
    moved = shape - shape[GRID.index(0.5)] * np.exp(-((logits / 0.7) ** 2))
    return np.maximum.accumulate(moved)


def _tail(ordered: Floats) -> float:
    """Return the mean excess of the last twentieth over the value before it (Hill's manner)."""
    size = max(len(ordered) // 20, 1)
    edge = ordered[-size - 1] if len(ordered) > size else ordered[0]
    return max(float(np.abs(ordered[-size:] - edge).mean()), 0.05)
