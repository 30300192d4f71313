"""Scores of a ranking: how early it puts the hits, and how many a budget of places would find."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.scoring._checks import as_floats
from upswell.scoring.classes import as_labels

__all__ = ["average_precision", "hits_at_budget", "recall_at_budget"]


def average_precision(hit: ArrayLike, score: ArrayLike) -> float:
    """Return the area under the precision-recall curve, as a sum of steps.

    Parameters
    ----------
    hit
        Whether an item is a hit, shape ``(N,)``, as 0 and 1 or booleans.
    score
        What it is ranked by, highest first, shape ``(N,)``. Items of equal score count as one step.

    Returns
    -------
    float
        ``sum (recall_k - recall_{k-1}) precision_k``; the share of hits for a ranking that says
        nothing (all scores equal), 1 for a perfect one, NaN without a hit.

    Raises
    ------
    SettingError
        When the shapes differ or a score is missing or infinite.

    Examples
    --------
    >>> average_precision([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1]).__round__(3)
    0.833
    """
    hits, places = _steps(hit, score)
    total = hits.sum()
    if total == 0:
        return float("nan")
    precision = np.cumsum(hits) / np.cumsum(places)
    return float((hits / total * precision).sum())


def hits_at_budget(hit: ArrayLike, score: ArrayLike, budget: int) -> float:
    """Return how many hits are among the `budget` items ranked highest.

    Where equal scores straddle the budget, the places left are shared out evenly among them: the
    result is the mean over all orders of the equal ones, so no order of rows makes a ranking look
    better, and the same input always gives the same result.

    Parameters
    ----------
    hit, score
        As for `average_precision`.
    budget
        Number of places, from 0; one above the number of items takes all.

    Returns
    -------
    float
        Not always whole, because of equal scores.

    Raises
    ------
    SettingError
        When the budget is below 0, or as for `average_precision`.

    Examples
    --------
    >>> hits_at_budget([1, 0, 1, 0], [3.0, 2.0, 2.0, 1.0], budget=2)
    1.5
    """
    if budget < 0:
        raise SettingError(f"the budget must be from 0, got {budget}")
    hits, places = _steps(hit, score)
    before = np.cumsum(places) - places
    taken = np.clip(budget - before, 0, places)
    return float((hits * taken / places).sum())


def recall_at_budget(hit: ArrayLike, score: ArrayLike, budget: int) -> float:
    """Return the share of all hits that `hits_at_budget` finds; NaN without a hit.

    It cannot exceed ``budget / hits``.

    Examples
    --------
    >>> recall_at_budget([1, 0, 1, 0], [3.0, 2.0, 2.0, 1.0], budget=2)
    0.75
    """
    found = hits_at_budget(hit, score, budget)
    total = float(np.asarray(hit, dtype=np.float64).sum())
    return found / total if total else float("nan")


def _steps(hit: ArrayLike, score: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return hits and items of each different score, highest score first."""
    happened = as_labels(np.asarray(hit).astype(np.float64), 2, "hit")
    ranks = as_floats(score, "score")
    if happened.shape != ranks.shape:
        raise SettingError(
            f"hit and score have shapes {happened.shape} and {ranks.shape}, not one shape"
        )
    if np.isnan(ranks).any():
        raise SettingError("an item without a score cannot be ranked")
    different, place = np.unique(-ranks, return_inverse=True)
    size = len(different)
    return (
        np.bincount(place, weights=happened, minlength=size).astype(np.float64),
        np.bincount(place, minlength=size).astype(np.float64),
    )
