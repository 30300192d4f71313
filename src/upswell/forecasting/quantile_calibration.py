"""Calibration of quantiles: how a panel's own windows fall within what was said of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.calibration import LEAST_SHARE_OF_DAYS, TARGET, Calibration
from upswell.forecasting.error_model import HALF_LIFE_DAYS
from upswell.forecasting.evidence import Evidence
from upswell.forecasting.quantiles import Quantiles

__all__ = ["Widening", "calibrate_quantiles", "widened"]

Floats = NDArray[np.float64]

# Windows by which a panel must speak against 1 before it is half believed, and a series against
# its panel.
PANEL_SHRINKAGE, SERIES_SHRINKAGE = 40.0, 12.0
BOUNDS = (0.7, 1.5)
LEAST_WINDOWS = 2
LEAST_WIDTH = 1e-3
LEAST_FACTOR = 0.05
FURTHEST = 10.0


@dataclass(frozen=True)
class Widening:
    """By what the spreads of single days, of sums and of peaks are multiplied.

    Examples
    --------
    >>> Widening()
    Widening(day=1.0, sum=1.0, peak=1.0)
    """

    day: float = 1.0
    sum: float = 1.0
    peak: float = 1.0


EXPECTED = Widening(sum=1.08)
"""What is expected before any window: audiences are a little less calm over a month than simulated
ones, as the ranges of sums at hundreds of cutoffs of real totals show (docs/benchmarks.md)."""


def widened(
    said: Quantiles, day: Floats | float, total: Floats | float, peak: Floats | float
) -> Quantiles:
    """Move quantiles away from their median, or towards it, on the scale ``log(1 + count)``.

    Parameters
    ----------
    said
        Quantiles of ``S`` series.
    day, total, peak
        Factors of the spreads of days, sums and peaks: of all series, or shape ``(S,)``.

    Examples
    --------
    >>> one = np.array([4.0, 9.0, 19.0])[:, None, None]
    >>> said = Quantiles(np.array([0.1, 0.5, 0.9]), one, one, one)
    >>> widened(said, 1.0, 2.0, 1.0).sum.round(3)[:, 0, 0].tolist()
    [1.5, 9.0, 39.0]
    """
    return replace(
        said,
        day=_spread(said.day, day),
        sum=_spread(said.sum, total),
        peak=_spread(said.peak, peak),
    )


def _spread(quantiles: Floats, factor: Floats | float) -> Floats:
    factors = np.asarray(factor, dtype=np.float64)
    if (factors == 1.0).all():
        return quantiles
    logs = np.log1p(quantiles)
    middle = logs[len(logs) // 2]
    away = (logs - middle) * (factors[:, None] if factors.ndim else factors)
    return np.asarray(np.maximum(np.expm1(middle + away), 0.0))


def calibrate_quantiles(
    evidence: Evidence, name: str, windows: Floats
) -> tuple[Widening, list[Calibration]]:
    """Let the windows of a panel say how much wider or narrower its ranges should be.

    Each known day is placed in its range: 0 at the median, 1 at the end of the 80% range on its
    side. The factor is the 80% quantile of these places over all series and windows, and is shrunk
    on the log scale towards what is expected: it has the weight ``n / (n + 40)``, where ``n``
    counts the windows as what they are worth without overlap, and ``S`` series as the square root
    of ``S``. Sums and peaks of full windows are treated alike.

    Parameters
    ----------
    evidence
        Windows of the series that the forecaster stands for; ``evidence.said`` has its quantiles.
    name
        The forecaster.
    windows
        What the windows of each series are worth as independent ones, shape ``(S,)``.

    Returns
    -------
    widening : Widening
        That of the panel, for series without windows of their own.
    report : list of Calibration
        By series, with the factors and with coverage after them. A series' own windows move the
        factor of its sums from the panel's towards its own, by ``n / (n + 12)`` again.
    """
    if not len(windows) or not len(evidence.cutoffs):
        return EXPECTED, [
            Calibration(0, float(effective), EXPECTED.sum, EXPECTED.day) for effective in windows
        ]
    placed = _Placed.of(evidence, name)
    worth = float(np.mean(windows)) * np.sqrt(len(windows))
    expected = (EXPECTED.day, EXPECTED.sum, EXPECTED.peak)
    heads = zip((placed.day, placed.sum, placed.peak), expected, strict=True)
    found = [_quantile(places, placed, worth, prior) for places, prior in heads]
    total = found[1]
    widening = Widening(
        *(
            _bounded(prior * _shrunk(each / prior, worth, PANEL_SHRINKAGE))
            for each, prior in zip(found, expected, strict=True)
        )
    )
    report = []
    for k, effective in enumerate(windows.tolist()):
        # A series without windows of its own says nothing against its panel.
        own = _quantile(placed.sum[k : k + 1], placed, effective, total)
        factor = widening.sum * _shrunk(own / total, effective, SERIES_SHRINKAGE)
        report.append(_report(placed, k, replace(widening, sum=_bounded(factor)), effective))
    return widening, report


@dataclass(frozen=True)
class _Placed:
    """Where the truth fell in its ranges, and the windows' weights; NaN where not known."""

    day: Floats
    sum: Floats
    peak: Floats
    weights: Floats

    @classmethod
    def of(cls, evidence: Evidence, name: str) -> _Placed:
        said, truth = evidence.said[name], evidence.truth
        seen = np.isfinite(truth)
        complete = evidence.cutoffs + evidence.horizon <= evidence.days
        full = complete & (seen.mean(axis=2) >= LEAST_SHARE_OF_DAYS)
        # A missing day of a full window counts as the mean of the others.
        number = np.maximum(seen.sum(axis=2), 1)
        total = np.where(seen, truth, 0.0).sum(axis=2) / number * evidence.horizon
        largest = np.where(seen, truth, -1.0).max(axis=2)
        total, largest = (np.where(full, value, np.nan) for value in (total, largest))
        places = [
            (
                _places(window, window.day, truth[:, w]),
                _places(window, window.sum[..., -1], total[:, w]),
                _places(window, window.peak[..., -1], largest[:, w]),
            )
            for w, window in enumerate(said)
        ]
        day, sums, peaks = (np.stack(head, axis=1) for head in zip(*places, strict=True))
        return cls(day, sums, peaks, 0.5 ** (evidence.ages() / HALF_LIFE_DAYS))


def _places(said: Quantiles, quantiles: Floats, truth: Floats) -> Floats:
    """Return the distance from the median in widths of the 80% range on the truth's side."""
    low, median, high = (np.log1p(quantiles[said.place(level)]) for level in (0.1, 0.5, 0.9))
    away = np.log1p(truth) - median
    width = np.maximum(np.where(away > 0, high - median, median - low), LEAST_WIDTH)
    return np.asarray(np.minimum(np.abs(away) / width, FURTHEST))


def _quantile(places: Floats, placed: _Placed, worth: float, nothing: float = 1.0) -> float:
    """Return the place within which the truth fell as often as it should.

    Where too few windows are known, that is `nothing`.
    """
    shape = (1, -1, *([1] * (places.ndim - 2)))
    weights = np.broadcast_to(placed.weights.reshape(shape), places.shape)
    known = np.isfinite(places)
    count = known.reshape(*places.shape[:2], -1).any(axis=2).sum()
    if count < LEAST_WINDOWS or worth <= 0.0:
        return nothing
    order = np.argsort(places[known])
    cumulative = np.cumsum(weights[known][order])
    target = TARGET * cumulative[-1]
    return max(float(places[known][order][np.searchsorted(cumulative, target)]), LEAST_FACTOR)


def _shrunk(factor: float, worth: float, shrinkage: float) -> float:
    return float(factor ** (worth / (worth + shrinkage)))


def _bounded(factor: float) -> float:
    return float(np.clip(factor, *BOUNDS))


def _report(placed: _Placed, k: int, factors: Widening, effective: float) -> Calibration:
    full = int(np.isfinite(placed.sum[k]).sum())
    if full < LEAST_WINDOWS:
        return Calibration(full, effective, factors.sum, factors.day)

    def inside(places: Floats, factor: float) -> float:
        return float(np.mean(places[np.isfinite(places)] <= factor))

    return Calibration(
        full,
        effective,
        factors.sum,
        factors.day,
        inside(placed.day[k], factors.day),
        inside(placed.sum[k], factors.sum),
        inside(placed.peak[k], factors.peak),
    )
