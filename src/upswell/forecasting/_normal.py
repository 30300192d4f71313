"""Scores of the normal distribution without scipy, whose import costs a quarter of a second."""

from __future__ import annotations

import functools
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["even_scores", "normal_scores"]


def normal_scores(probabilities: ArrayLike) -> NDArray[np.float64]:
    """Return the standard normal quantiles of some probabilities within (0, 1); for short arrays.

    Examples
    --------
    >>> normal_scores([0.1, 0.5]).round(4).tolist()
    [-1.2816, 0.0]
    """
    flat = np.asarray(probabilities, dtype=np.float64)
    inverse = NormalDist().inv_cdf
    return np.array([inverse(p) for p in flat.ravel().tolist()]).reshape(flat.shape)


@functools.cache
def even_scores(count: int) -> NDArray[np.float64]:
    """Return the scores of ``count`` evenly spaced probabilities; not to be changed.

    Examples
    --------
    >>> even_scores(3).round(4).tolist()
    [-0.9674, 0.0, 0.9674]
    """
    scores = normal_scores((np.arange(count) + 0.5) / count)
    scores.flags.writeable = False
    return scores
