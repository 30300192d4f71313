"""Probabilities of ordered tiers: from "this tier or above" to each tier, always in order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["log_loss", "reach", "sigmoid", "smoothed", "tier_probabilities", "without_crossings"]

Floats = NDArray[np.float64]


def sigmoid(logits: Floats) -> Floats:
    """Return the probabilities of some logits, without overflow.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0])).tolist()
    [0.0, 0.5]
    """
    return np.asarray(np.exp(-np.logaddexp(0.0, -logits)), dtype=np.float64)


def reach(probabilities: Floats) -> Floats:
    """Return the probability of reaching each tier above the lowest.

    Parameters
    ----------
    probabilities
        Of each tier, from the lowest, shape ``(N, K)``.

    Returns
    -------
    NDArray
        Shape ``(N, K - 1)``; column ``k`` is the probability of tier ``k + 1`` or above.

    Examples
    --------
    >>> reach(np.array([[0.5, 0.25, 0.25]])).tolist()
    [[0.5, 0.25]]
    """
    return np.asarray(np.cumsum(probabilities[:, :0:-1], axis=1)[:, ::-1], dtype=np.float64)


def tier_probabilities(reached: Floats) -> Floats:
    """Return the probability of each tier; the inverse of `reach`, with crossings mended.

    Parameters
    ----------
    reached
        Probability of reaching each tier above the lowest, shape ``(N, K - 1)``.

    Returns
    -------
    NDArray
        Shape ``(N, K)``; rows are not negative and sum to 1.

    Examples
    --------
    >>> tier_probabilities(np.array([[0.5, 0.25], [0.25, 0.75]])).tolist()
    [[0.5, 0.25, 0.25], [0.5, 0.0, 0.5]]
    """
    ordered = np.clip(without_crossings(reached), 0.0, 1.0)
    edges = np.pad(ordered, ((0, 0), (1, 0)), constant_values=1.0)
    edges = np.pad(edges, ((0, 0), (0, 1)), constant_values=0.0)
    parts = np.maximum(edges[:, :-1] - edges[:, 1:], 0.0)
    return np.asarray(parts / parts.sum(axis=1, keepdims=True), dtype=np.float64)


def without_crossings(reached: Floats) -> Floats:
    """Return the nearest rows, by squares, that do not rise from one tier to the next.

    This is isotonic regression, by its formula of minima over maxima of means (Barlow et al.
    1972), which needs ``K²`` steps for ``K`` tiers and is the same for all rows at once.

    Parameters
    ----------
    reached
        Shape ``(N, K - 1)``.

    Examples
    --------
    >>> without_crossings(np.array([[0.9, 0.2, 0.4, 0.1]])).round(2).tolist()
    [[0.9, 0.3, 0.3, 0.1]]
    """
    rows, steps = reached.shape
    crossing = (np.diff(reached, axis=1) > 0).any(axis=1)
    if not crossing.any():
        return reached
    wrong = reached[crossing]
    sums = np.pad(np.cumsum(wrong, axis=1), ((0, 0), (1, 0)))
    mended = np.full_like(wrong, np.inf)
    for place in range(steps):
        for start in range(place + 1):
            means = [
                (sums[:, end + 1] - sums[:, start]) / (end + 1 - start)
                for end in range(place, steps)
            ]
            mended[:, place] = np.minimum(mended[:, place], np.max(means, axis=0))
    answer = reached.copy()
    answer[crossing] = mended
    return answer.reshape(rows, steps)


def smoothed(probabilities: Floats, examples: int) -> Floats:
    """Return probabilities with half an example more of each tier (Krichevsky and Trofimov 1981).

    No tier is impossible then, not even one that training had no example of, and a tier that was
    never seen among ``n`` examples has a probability of ``1 / (2n + K)``.

    Parameters
    ----------
    probabilities
        Shape ``(N, K)``.
    examples
        Number of examples in training.

    Examples
    --------
    >>> smoothed(np.array([[1.0, 0.0]]), 9).tolist()
    [[0.95, 0.05]]
    """
    tiers = probabilities.shape[1]
    return np.asarray((examples * probabilities + 0.5) / (examples + tiers / 2))


def log_loss(
    probabilities: Floats, tiers: NDArray[np.int64], weights: Floats | None = None
) -> float:
    """Return the mean negative logarithm of the probability of what happened.

    Parameters
    ----------
    probabilities
        Shape ``(N, K)``.
    tiers
        What happened, 0 to ``K - 1``, shape ``(N,)``.
    weights
        Weight of each row, shape ``(N,)``.

    Examples
    --------
    >>> round(log_loss(np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 1])), 4)
    0.4904
    """
    hit = probabilities[np.arange(len(tiers)), tiers]
    losses = -np.log(np.maximum(hit, np.finfo(np.float64).tiny))
    return float(np.average(losses, weights=weights))
