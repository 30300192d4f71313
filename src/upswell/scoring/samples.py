"""Scores of sample paths: CRPS, energy score and the probability integral transform.

Samples stand on the leading axis, shape ``(P, *actual.shape)``, as paths do. Results have the shape
of the actual and are NaN where it or any sample is missing; `metrics.mean_over_known` averages
them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.scoring._checks import as_floats, leading

__all__ = ["crps_from_samples", "energy_score", "pit_from_samples"]


def crps_from_samples(
    actual: ArrayLike, samples: ArrayLike, *, fair: bool = False
) -> NDArray[np.float64]:
    """Return the continuous ranked probability score of each place.

    Parameters
    ----------
    actual
        Any shape.
    samples
        Shape ``(P, *actual.shape)``.
    fair
        Whether to score the distribution that the samples were drawn from, whose score does not
        depend on how many there are (pairs are divided by ``P * (P - 1)``), instead of the
        samples' own step function (``P ** 2``).

    Returns
    -------
    numpy.ndarray
        The shape of `actual`, in its unit. The fair score may be slightly negative.

    Raises
    ------
    SettingError
        When the shapes do not agree, a value is infinite, or `fair` is asked of one sample.

    Notes
    -----
    Gneiting, T. and Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and
    estimation. Journal of the American Statistical Association 102(477), 359-378, equation 21:
    ``E|X - y| - E|X - X'| / 2``. The pairs are summed over sorted samples in O(P log P). Fair
    version: Ferro, C. A. T. (2014). Fair scores for ensemble forecasts. Quarterly Journal of the
    Royal Meteorological Society 140(683), 1917-1923.

    Examples
    --------
    >>> float(crps_from_samples(3.0, [1.0, 5.0]))
    1.0
    >>> float(crps_from_samples(3.0, [1.0, 5.0], fair=True))
    0.0
    """
    truth, stack = as_floats(actual, "actual"), leading(actual, samples, "samples")
    count = stack.shape[0]
    if fair and count < 2:
        raise SettingError("the fair CRPS needs at least two samples")
    # Distances, not values, are sorted: on a large level the pairs would lose their digits.
    errors = np.sort(stack - truth, axis=0)
    ranks = 2.0 * np.arange(1, count + 1) - count - 1.0
    pairs = np.tensordot(ranks, errors, axes=1) / (count * (count - 1 if fair else count))
    return np.asarray(np.abs(errors).mean(axis=0) - pairs)


def energy_score(actual: ArrayLike, samples: ArrayLike) -> float:
    """Return the energy score of one multivariate outcome, such as all days of one series.

    Parameters
    ----------
    actual
        Shape ``(D,)``; missing coordinates are left out.
    samples
        Shape ``(P, D)``.

    Returns
    -------
    float
        In the unit of the counts; for ``D = 1`` it is the CRPS. NaN when nothing is known.

    Raises
    ------
    SettingError
        When the shapes do not agree.

    Notes
    -----
    Gneiting and Raftery (2007), equation 22, with exponent 1. It takes O(P^2 D) steps.

    Examples
    --------
    >>> round(energy_score([0.0, 0.0], [[3.0, 4.0], [3.0, 4.0]]), 6)
    5.0
    """
    from scipy.spatial.distance import pdist

    truth, stack = as_floats(actual, "actual"), leading(actual, samples, "samples")
    if truth.ndim != 1:
        raise SettingError(f"actual has shape {truth.shape}, not (D,)")
    known = np.isfinite(truth)
    if not known.any():
        return float("nan")
    cloud = stack[:, known]
    far = np.linalg.norm(cloud - truth[known], axis=1).mean()
    return float(far - pdist(cloud).sum() / len(cloud) ** 2)


def pit_from_samples(actual: ArrayLike, samples: ArrayLike) -> NDArray[np.float64]:
    """Return where each actual lies among its samples, between 0 and 1.

    Parameters
    ----------
    actual
        Any shape.
    samples
        Shape ``(P, *actual.shape)``.

    Returns
    -------
    numpy.ndarray
        ``(below + equal / 2 + 1 / 2) / (P + 1)``, the middle of the actual's rank among all
        ``P + 1`` values: never 0 or 1, and with mean 1/2 when the actual is one more draw from the
        same distribution, ties included. Nothing is drawn at random.

    Raises
    ------
    SettingError
        When the shapes do not agree.

    Examples
    --------
    >>> pit_from_samples([0.0, 2.0, 9.0], [[1.0] * 3, [2.0] * 3, [3.0] * 3]).tolist()
    [0.125, 0.5, 0.875]
    """
    truth, stack = as_floats(actual, "actual"), leading(actual, samples, "samples")
    below = (stack < truth).sum(axis=0) + 0.5 * (stack == truth).sum(axis=0)
    known = np.isfinite(truth) & np.isfinite(stack).all(axis=0)
    return np.where(known, (below + 0.5) / (stack.shape[0] + 1), np.nan)
