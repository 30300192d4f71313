"""Errors of forecasters relative to seasonal naive's, over the windows of a panel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.evidence import Evidence
from upswell.forecasting.naive import BASELINE

__all__ = ["relative_error", "relative_errors", "window_worth"]

LEAST_COVERED = 0.9


def relative_errors(evidence: Evidence) -> dict[str, float]:
    """Mean absolute error relative to seasonal naive's, by forecaster.

    Geometric mean over windows; the total counts as much as all other series together, since
    the plan is made on it. A forecaster that failed on more than a tenth of what seasonal naive
    could do is NaN; that it says nothing of a creator with less than 14 days is no failure.

    Parameters
    ----------
    evidence
        Windows of several forecasters, seasonal naive among them; the first series is the total.

    Examples
    --------
    >>> truth = np.full((1, 2, 3), 100.0)
    >>> medians = {"seasonal-naive": truth + 10, "ets": truth - 5}
    >>> evidence = Evidence(np.array([20, 23]), truth, medians, np.ones((1, 2)), 3, 26)
    >>> relative_errors(evidence)
    {'seasonal-naive': 1.0, 'ets': 0.5}
    """
    return {name: relative_error(evidence, medians) for name, medians in evidence.medians.items()}


def relative_error(evidence: Evidence, medians: NDArray[np.float64]) -> float:
    """Mean absolute error of medians relative to seasonal naive's; see `relative_errors`.

    Parameters
    ----------
    evidence
        Windows of seasonal naive.
    medians
        Shape ``(S, W, H)``.
    """
    naive, own = _errors(evidence, evidence.medians[BASELINE]), _errors(evidence, medians)
    usable = np.isfinite(naive) & (naive > 0)
    both = usable & np.isfinite(own)
    due = usable & evidence.old_enough()
    if not both.any() or (both & due).sum() < LEAST_COVERED * due.sum():
        return float("nan")
    ratio = np.where(both, np.maximum(own, 1e-12) / np.where(both, naive, 1.0), 1.0)
    weight = np.where(both, 1.0, 0.0)
    rest = weight[1:].sum()
    if rest > 0 and weight[0].sum() > 0:
        weight[0] *= rest / weight[0].sum()
    return float(np.exp((weight * np.log(ratio)).sum() / weight.sum()))


def window_worth(evidence: Evidence) -> float:
    """Return how many windows without overlap the windows are worth.

    Examples
    --------
    >>> truth = np.full((1, 2, 3), 100.0)
    >>> window_worth(Evidence(np.array([20, 23]), truth, {}, np.ones((1, 2)), 3, 26))
    2.0
    """
    if not len(evidence.cutoffs):
        return 0.0
    span = evidence.days - int(evidence.cutoffs[0])
    return min(span / evidence.horizon, float(len(evidence.cutoffs)))


def _errors(evidence: Evidence, medians: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean absolute error by series and window; NaN where nothing is known."""
    error = np.abs(evidence.truth - medians)
    seen = np.isfinite(error)
    total = np.where(seen, error, 0.0).sum(axis=2)
    return np.asarray(np.where(seen.any(axis=2), total / np.maximum(seen.sum(axis=2), 1), np.nan))
