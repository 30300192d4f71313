"""How likely so few weighted misses are: the exact lower tail of a sum of weighted coins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEVELS", "WeightedTail", "lower_tail", "recency_weights"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEVELS = 32
"""Weight of a release of today; older ones weigh a whole number from 1 to this."""


class WeightedTail:
    """The distribution of ``sum(w_i * B_i)``, the coins ``B_i`` showing 1 with one chance.

    Parameters
    ----------
    chance
        Of each coin, within (0, 1).

    Examples
    --------
    >>> tail = WeightedTail(0.1)
    >>> for _ in range(22):
    ...     tail.add(1)
    >>> round(tail.at_most(0), 4)
    0.0985
    """

    def __init__(self, chance: float) -> None:
        self._chance = chance
        self._masses: Floats = np.ones(1)

    def add(self, weight: int) -> None:
        """Add one coin; its weight is a whole number from 1 on."""
        masses = np.zeros(self._masses.size + weight)
        masses[: self._masses.size] = (1.0 - self._chance) * self._masses
        masses[weight:] += self._chance * self._masses
        self._masses = masses

    def at_most(self, total: int) -> float:
        """Return the chance that the sum is at most `total`."""
        return min(float(self._masses[: max(total + 1, 0)].sum()), 1.0)


def lower_tail(weights: Integers, chance: float, total: int) -> float:
    """Return ``P(sum(w_i * B_i) <= total)`` for independent coins ``B_i`` of one chance.

    Parameters
    ----------
    weights
        Whole numbers from 1 on, shape ``(n,)``.
    chance
        Of each coin, within (0, 1).
    total
        The sum that was seen.

    Returns
    -------
    float
        The exact tail, but for the rounding of floats. Equal weights give the binomial tail; a
        total of 0 gives ``(1 - chance)**n`` whatever the weights.

    Examples
    --------
    >>> round(lower_tail(np.array([2, 1]), 0.5, 1), 4)
    0.5
    """
    tail = WeightedTail(chance)
    for weight in weights.tolist():
        tail.add(int(weight))
    return tail.at_most(total)


def recency_weights(age_days: Floats, half_life: float) -> Integers:
    """Return whole weights that halve with each half-life, reduced by their common divisor.

    Parameters
    ----------
    age_days
        Days ago, from 0 on, shape ``(n,)``.
    half_life
        Days; infinity weighs all alike.

    Returns
    -------
    numpy.ndarray
        From 1 to `LEVELS`. That they are whole is part of the test, not an approximation of it:
        any weights that do not look at the outcomes give a valid one.

    Examples
    --------
    >>> recency_weights(np.array([0.0, 100.0, 200.0]), 100.0).tolist()
    [4, 2, 1]
    """
    raw = LEVELS * np.exp2(-np.maximum(age_days, 0.0) / half_life)
    whole = np.maximum(np.rint(raw), 1.0).astype(np.int64)
    return np.asarray(whole // np.gcd.reduce(whole)) if whole.size else whole
