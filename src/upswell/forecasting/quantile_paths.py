"""Paths of one series whose days, total and peak have the quantiles that were said of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting._normal import even_scores, normal_scores
from upswell.forecasting.quantiles import Quantiles

__all__ = ["Marginals", "marginals_of", "paths_with"]

Floats = NDArray[np.float64]

# Beyond the outermost levels the log goes on as it did between the last three, up to this score
# and by no more than this.
FURTHEST_SCORE = 4.5
LARGEST_TAIL = 2.0
# Less than this is nothing.
LEAST_COUNT = 1e-9
NEWTON_STEPS = 4
POWERS = (0.25, 4.0)


@dataclass(frozen=True)
class Marginals:
    """Values that days, total and peak of ``P`` paths take, each ascending along the paths.

    Parameters
    ----------
    days
        Shape ``(P, H)``.
    total, peak
        Over the horizon, shape ``(P,)``.
    """

    days: Floats
    total: Floats
    peak: Floats


def marginals_of(said: Quantiles, series: int, paths: int) -> Marginals:
    """Return evenly spaced quantiles of one series.

    Between the levels, ``log(1 + count)`` is a straight line in the normal score; beyond them it
    goes on with the slope of the last three, no further than a factor of ``e^2``.

    Parameters
    ----------
    said
        Quantiles of all series.
    series
        Which one.
    paths
        Number of values, ``P``.

    Examples
    --------
    >>> one = np.array([4.0, 5.0, 6.0])[:, None, None]
    >>> said = Quantiles(np.array([0.1, 0.5, 0.9]), one, one, one)
    >>> marginals_of(said, 0, 5).total.round(3).tolist()
    [4.0, 4.569, 5.0, 5.391, 6.0]
    """
    knots = normal_scores(said.levels)
    both = np.stack([said.sum[:, series, -1], said.peak[:, series, -1]], axis=1)
    values = _at_scores(
        np.concatenate([said.day[:, series], both], axis=1), knots, even_scores(paths)
    )
    return Marginals(values[:, :-2], values[:, -2], values[:, -1])


def _at_scores(quantiles: Floats, knots: Floats, at: Floats) -> Floats:
    """Return values at normal scores, shape ``(P, K)``, of quantiles of shape ``(L, K)``."""
    logs = np.log1p(quantiles)
    reach = FURTHEST_SCORE - knots[-1]
    inner = max(len(knots) - 3, 1), min(2, len(knots) - 2)
    up = (logs[-1] - logs[inner[0]]) / (knots[-1] - knots[inner[0]])
    down = (logs[inner[1]] - logs[0]) / (knots[inner[1]] - knots[0])
    values = np.concatenate([(logs[0] - down * reach)[None], logs, (logs[-1] + up * reach)[None]])
    places = np.concatenate([[-FURTHEST_SCORE], knots, [FURTHEST_SCORE]])
    inside = np.clip(at, -FURTHEST_SCORE, FURTHEST_SCORE)
    left = np.clip(np.searchsorted(places, inside, side="right") - 1, 0, len(places) - 2)
    part = ((inside - places[left]) / (places[left + 1] - places[left]))[:, None]
    found = values[left] * (1.0 - part) + values[left + 1] * part
    counts = np.expm1(np.clip(found, logs[0] - LARGEST_TAIL, logs[-1] + LARGEST_TAIL))
    return np.asarray(np.where(counts > LEAST_COUNT, counts, 0.0))


def paths_with(scores: Floats, marginals: Marginals, yielding: float = 0.0) -> Floats:
    """Give scores the values of a series, shape ``(P, H)``.

    By turns, days take their quantiles by rank, each path is bent until its largest day has the
    quantile of the peak at its rank among the paths' peaks, and is rescaled until its total has
    that of the total. Totals and peaks come last and are met; days are met as far as what was said
    of the three agrees, and as far as a path that is bent and rescaled as a whole can. Where they
    do not agree, `yielding` lets totals and peaks give way to the days.

    Parameters
    ----------
    scores
        Dependent numbers of which only the ranks by day count, such as normal scores, shape
        ``(P, H)``.
    marginals
        From `marginals_of`, for as many paths.
    yielding
        0 meets totals and peaks, 1 the days; between them a mean on the scale ``log(1 + count)``.

    References
    ----------
    Iterative proportional fitting (Deming & Stephan 1940), on ranks as in the Schaake shuffle
    (Clark et al. 2004).
    """
    if not marginals.total.any() and not marginals.days.any():
        return np.zeros_like(scores)
    values = _peaked(_ranked(scores, marginals.days), marginals.peak)
    values = _summed(_ranked(values, marginals.days), marginals.total)
    values = _summed(_peaked(values, marginals.peak), marginals.total)
    if yielding == 0.0:
        return values
    days = np.log1p(_ranked(values, marginals.days))
    return np.asarray(np.expm1((1.0 - yielding) * np.log1p(values) + yielding * days))


def _ranked(values: Floats, ascending: Floats) -> Floats:
    """Replace values by those of the same rank, along the paths."""
    out = np.empty_like(ascending)
    np.put_along_axis(out, np.argsort(values, axis=0), ascending, axis=0)
    return out


def _summed(values: Floats, ascending: Floats) -> Floats:
    """Rescale paths to the totals of their ranks; a path of zeros takes the mean path's shape."""
    total = values.sum(axis=1)
    wanted = _ranked(total, ascending)
    empty = total <= 0.0
    out = values * (wanted / np.where(empty, 1.0, total))[:, None]
    if empty.any():
        shape = values.mean(axis=0)
        size = float(shape.sum())
        out[empty] = wanted[empty, None] * (shape / size if size > 0 else 1.0 / len(shape))
    return np.asarray(out)


def _peaked(values: Floats, ascending: Floats) -> Floats:
    """Raise the days of each path to a power that gives it the peak of its rank, and its total.

    ``sum((x / max)^g) = total / peak`` falls as ``g`` grows; Newton's steps find it.
    """
    largest, total = values.max(axis=1), values.sum(axis=1)
    peak = _ranked(largest, ascending)
    usable = (largest > 0.0) & (peak > 0.0)
    relative = values / np.where(usable, largest, 1.0)[:, None]
    logs = np.log(np.maximum(relative, 1e-12))
    wanted = total / np.where(usable, peak, 1.0)
    power = np.ones(len(values))
    bent = relative
    for _ in range(NEWTON_STEPS):
        slope = np.minimum((bent * logs).sum(axis=1), -1e-9)
        # On the log scale the curve is nearly straight.
        count = np.maximum(bent.sum(axis=1), 1e-9)
        step = (np.log(np.maximum(wanted, 1e-9)) - np.log(count)) * count / slope
        power = np.clip(power + np.clip(step, -1.0, 1.0), *POWERS)
        bent = np.exp(logs * power[:, None]) * (relative > 0.0)
    scale = total / np.maximum(bent.sum(axis=1), 1e-300)
    return np.where(usable[:, None], bent * scale[:, None], values)
