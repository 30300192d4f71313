"""What the mean error of the next releases will be, from errors out of fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from upswell.releases.models.center import robust_spread

__all__ = ["expected_error"]

Floats = NDArray[np.float64]

_COMES_AND_GOES = 1 / 6
"""Spread of the middle error of a block of time, in units of that of the errors themselves."""


def expected_error(errors: Floats, blocks: Sequence[NDArray[np.int64]]) -> float:
    """Return the mean error to expect next.

    It has two parts. Robust learners aim at the middle of the outcomes, and the mean lies above
    that by their skewness, at any time. The middle itself moves with the times: there the latest
    block of time says most, and what it was off by stays when it is large beside the spread of the
    errors, which is the model's own fault, and comes and goes when it is small. So the latter is
    shrunk as by empirical Bayes.

    Examples
    --------
    >>> errors, blocks = np.array([-1.0, 1.0, -0.9, 1.1]), [np.arange(2), np.arange(2, 4)]
    >>> round(expected_error(errors, blocks), 2), round(expected_error(errors + 3.0, blocks), 2)
    (0.04, 3.09)
    >>> expected_error(np.full(4, np.nan), [np.arange(4)])
    0.0
    """
    known = _finite(errors)
    if not known.size:
        return 0.0
    spread = robust_spread(known)
    latest = [own for block in blocks if (own := _finite(errors[block])).size][-1]
    # One absurd error among few counts six spreads at most.
    skewness = _location(known, 6.0 * spread) - _location(known, 1.5 * spread)
    middle = _location(latest, 1.5 * spread)
    return skewness + middle * middle**2 / (middle**2 + (_COMES_AND_GOES * spread) ** 2)


def _finite(errors: Floats) -> Floats:
    return np.asarray(errors[np.isfinite(errors)])


def _location(errors: Floats, bend: float) -> float:
    """Return the middle of some errors: those farther than the bend pull no more (Huber 1964).

    Examples
    --------
    >>> errors = np.array([0.0, 0.0, 3.0])
    >>> round(_location(errors, 100.0), 6), round(_location(errors, 0.5), 6)
    (1.0, 0.25)
    """
    middle = float(np.median(errors))
    for _ in range(100):
        step = float(np.clip(errors - middle, -bend, bend).mean())
        middle += step
        if abs(step) < 1e-9 * bend:
            break
    return middle
