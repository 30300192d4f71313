"""The layout of what the pretrained network reads and says: patches, lags, heads and levels."""

from __future__ import annotations

import numpy as np

__all__ = [
    "DAYS_BACK",
    "FEATURES",
    "HEADS",
    "LAG",
    "LEVELS",
    "MEMORY",
    "PAST_PATCHES",
    "WEEK",
    "future_patches",
]

WEEK = 7
"""Days of a patch. The last patch of the past ends at the cutoff, whatever weekday that is."""

PAST_PATCHES = 26
"""Weeks before the cutoff that the network reads."""

DAYS_BACK = PAST_PATCHES * WEEK
"""Days before the cutoff that the network reads."""

LAG = 52 * WEEK
"""Days between a day and the same day of the year before: whole weeks."""

MEMORY = 2 * LAG + DAYS_BACK
"""Days before the cutoff that are used at all, older ones through values one and two lags back."""

LEVELS = np.array(
    [0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975], dtype=np.float32
)
"""Levels of the quantiles that the network says, ``L`` of them."""

HEADS = ("day", "sum", "peak")
"""Of each future day: its count, the sum of all days up to it, and the largest of them."""

FEATURES = 66
"""Inputs of a patch, ``F``; `features` says which."""


def future_patches(horizon: int) -> int:
    """Return the number of patches that hold `horizon` days.

    Examples
    --------
    >>> future_patches(28), future_patches(30)
    (4, 5)
    """
    return -(-horizon // WEEK)
