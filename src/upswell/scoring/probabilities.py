"""Scores of answers that give a probability to each class, and how far these can be believed.

Probabilities have shape ``(N, C)``, classes in their order along the second axis, rows adding up
to 1. All losses are means over the items, lower is better, and NaN without items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.scoring._checks import as_floats
from upswell.scoring.classes import as_labels

__all__ = [
    "CalibrationBin",
    "brier_score",
    "calibration_table",
    "expected_calibration_error",
    "log_loss",
    "ranked_probability_score",
]

_SUM_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """What happened where a probability of about this size was given.

    Parameters
    ----------
    low, high
        The probability lies in ``[low, high)``; the last bin holds 1 too.
    count, hits
        How many items lie in it, and to how many of them the event happened.
    mean_probability
        Mean of the probabilities given; NaN without an item.
    observed
        ``hits / count``; NaN without an item.
    """

    low: float
    high: float
    count: int
    hits: int
    mean_probability: float
    observed: float


def log_loss(actual: ArrayLike, probabilities: ArrayLike, floor: float = 1e-15) -> float:
    """Return the mean of ``-log`` of the probability that was given to the true class.

    Parameters
    ----------
    actual
        Classes, shape ``(N,)``.
    probabilities
        Shape ``(N, C)``.
    floor
        Smallest probability that is counted, so that one certain error stays finite.

    Returns
    -------
    float
        In natural logarithms; ``log(C)`` for equal probabilities.

    Raises
    ------
    SettingError
        When the shapes do not agree, or the rows are not probabilities that add up to 1.

    Examples
    --------
    >>> round(log_loss([0, 1], [[0.5, 0.5], [0.5, 0.5]]), 3)
    0.693
    """
    truth, chances = _checked(actual, probabilities)
    if not truth.size:
        return float("nan")
    own = chances[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(own, floor)).mean())


def brier_score(actual: ArrayLike, probabilities: ArrayLike) -> float:
    """Return the mean over items of the summed squares ``(probability - [true class])**2``.

    It lies between 0 and 2. With two classes it is twice the score of one of them.

    Notes
    -----
    Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. Monthly
    Weather Review 78(1), 1-3.

    Examples
    --------
    >>> brier_score([0, 1], [[1.0, 0.0], [0.5, 0.5]])
    0.25
    """
    truth, chances = _checked(actual, probabilities)
    if not truth.size:
        return float("nan")
    return float(np.square(chances - _one_hot(truth, chances.shape[1])).sum(axis=1).mean())


def ranked_probability_score(actual: ArrayLike, probabilities: ArrayLike) -> float:
    """Return the ranked probability score of classes that have an order, between 0 and 1.

    The squared differences of the cumulated probabilities, summed over the ``C - 1`` bounds
    between classes and divided by their number: an answer two classes off costs more than one
    that is one class off. With one class it is 0.

    Notes
    -----
    Epstein, E. S. (1969). A scoring system for probability forecasts of ranked categories. Journal
    of Applied Meteorology 8(6), 985-987, in the form of Murphy, A. H. (1971), divided by ``C - 1``.

    Examples
    --------
    >>> sure_of_first = [[1.0, 0.0, 0.0]]
    >>> [ranked_probability_score([label], sure_of_first) for label in (0, 1, 2)]
    [0.0, 0.5, 1.0]
    """
    truth, chances = _checked(actual, probabilities)
    if not truth.size:
        return float("nan")
    classes = chances.shape[1]
    if classes == 1:
        return 0.0
    gaps = np.cumsum(chances - _one_hot(truth, classes), axis=1)[:, :-1]
    return float(np.square(gaps).sum(axis=1).mean() / (classes - 1))


def calibration_table(
    hit: ArrayLike, probability: ArrayLike, bins: int = 10
) -> tuple[CalibrationBin, ...]:
    """Return what happened by the size of the probability given, in bins of equal width.

    Parameters
    ----------
    hit
        Whether the event happened, shape ``(N,)``, as 0 and 1 or booleans.
    probability
        Its probability as given, shape ``(N,)``.
    bins
        How many bins between 0 and 1.

    Returns
    -------
    tuple of CalibrationBin
        All bins, the empty ones among them.

    Raises
    ------
    SettingError
        When the shapes differ, a probability lies outside 0 to 1, or `bins` is below 1.

    Examples
    --------
    >>> [(b.count, b.observed) for b in calibration_table([0, 1, 1], [0.2, 0.9, 1.0], bins=2)]
    [(1, 0.0), (2, 1.0)]
    """
    if bins < 1:
        raise SettingError(f"there must be at least one bin, got {bins}")
    happened = as_labels(np.asarray(hit).astype(np.float64), 2, "hit")
    chance = as_floats(probability, "probability")
    _check_chances(chance)
    if happened.shape != chance.shape:
        raise SettingError(
            f"hit and probability have shapes {happened.shape} and {chance.shape}, not one shape"
        )
    edges = np.linspace(0.0, 1.0, bins + 1)
    place = np.clip(np.searchsorted(edges, chance, side="right") - 1, 0, bins - 1)
    table = []
    for number in range(bins):
        own = place == number
        count, hits = int(own.sum()), int(happened[own].sum())
        table.append(
            CalibrationBin(
                low=float(edges[number]),
                high=float(edges[number + 1]),
                count=count,
                hits=hits,
                mean_probability=float(chance[own].mean()) if count else float("nan"),
                observed=hits / count if count else float("nan"),
            )
        )
    return tuple(table)


def expected_calibration_error(hit: ArrayLike, probability: ArrayLike, bins: int = 10) -> float:
    """Return the mean distance between probability and frequency over the bins, by their counts.

    Of few items it is well above 0 even for perfect probabilities. NaN without items.

    Notes
    -----
    Naeini, M. P., Cooper, G. F. and Hauskrecht, M. (2015). Obtaining well calibrated probabilities
    using Bayesian binning. AAAI 29, with bins of equal width.

    Examples
    --------
    >>> round(expected_calibration_error([0, 1, 1, 1], [0.25, 0.75, 0.75, 0.75], bins=2), 3)
    0.25
    """
    used = [one for one in calibration_table(hit, probability, bins) if one.count]
    count = sum(one.count for one in used)
    if not count:
        return float("nan")
    return sum(one.count * abs(one.observed - one.mean_probability) for one in used) / count


def _checked(
    actual: ArrayLike, probabilities: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return classes and probabilities that fit each other."""
    chances = as_floats(probabilities, "probabilities")
    if chances.ndim != 2 or chances.shape[1] < 1:
        raise SettingError(f"probabilities have shape {chances.shape}, not (N, C)")
    truth = as_labels(actual, chances.shape[1], "actual")
    if len(truth) != len(chances):
        raise SettingError(f"{len(truth)} classes and {len(chances)} rows of probabilities")
    _check_chances(chances)
    if (np.abs(chances.sum(axis=1) - 1.0) > _SUM_TOLERANCE).any():
        raise SettingError("the probabilities of an item do not add up to 1")
    return truth, chances


def _check_chances(chances: NDArray[np.float64]) -> None:
    if not ((chances >= -_SUM_TOLERANCE) & (chances <= 1.0 + _SUM_TOLERANCE)).all():
        raise SettingError("a probability is missing or lies outside 0 to 1")


def _one_hot(labels: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    return np.asarray(labels[:, None] == np.arange(classes), dtype=np.float64)
