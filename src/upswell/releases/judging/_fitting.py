"""The arithmetic of the trivial neighbours: medians, lines and means over what is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.releases.frames import FeatureTable

Floats = NDArray[np.float64]

# exp of more is no count of streams; a line may run far beyond what taught it.
_LARGEST_LOG = 40.0
# Relative to the mean square of the days: keeps days that are copies of each other apart.
_RIDGE = 1e-8


def checked_outcomes(table: FeatureTable, log_outcomes: Floats) -> Floats:
    """Return the outcomes, one row a release, where at each horizon one at least is known."""
    outcomes = np.asarray(log_outcomes, dtype=np.float64)
    if outcomes.ndim != 2 or len(outcomes) != len(table) or outcomes.shape[1] < 1:
        raise SettingError(f"outcomes have shape {outcomes.shape}, not ({len(table)}, H)")
    if not np.isfinite(outcomes).any(axis=0).all():
        raise SettingError("at some horizon no release has a known outcome, so nothing can teach")
    return outcomes


def by_horizon(values: Floats, statistic: Callable[[Floats, NDArray[np.bool_]], float]) -> Floats:
    """Apply a statistic of known values, and of the mask that says which, to each column."""
    known = np.isfinite(values)
    columns = zip(values.T, known.T, strict=True)
    return np.array([statistic(own[there], there) for own, there in columns])


def log_total(table: FeatureTable, metric: str) -> Floats:
    return np.log1p(np.maximum(table.window_total(metric), 0.0))


def streams_of(logs: Floats) -> Floats:
    return np.expm1(np.clip(logs, 0.0, _LARGEST_LOG))


def means_of_known(outcomes: Floats) -> Floats:
    """Return the mean of each column over what is known, NaN where nothing is."""
    known = np.isfinite(outcomes)
    counts = known.sum(axis=0)
    sums = np.where(known, outcomes, 0.0).sum(axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def slope(x: Floats, y: Floats) -> float:
    away = x - x.mean()
    spread = float(np.square(away).sum())
    return float((away * (y - y.mean())).sum() / spread) if spread > 1e-12 else 0.0


def correlation(x: Floats, y: Floats) -> float:
    """Return Pearson's correlation, minus infinity where it is not defined."""
    if x.size < 2 or np.ptp(x) < 1e-12 or np.ptp(y) < 1e-12:
        return -np.inf
    return float(np.corrcoef(x, y)[0, 1])


def relative_least_squares(days: Floats, outcomes: Floats) -> Floats:
    """Return the weights that minimise ``sum (days @ weights / outcome - 1)**2``."""
    if not len(days):
        return np.zeros(days.shape[1])
    scaled = days / outcomes[:, None]
    gram = np.einsum("nd,ne->de", scaled, scaled)
    jitter = _RIDGE * np.trace(gram) / len(gram)
    if jitter <= 0.0:
        return np.zeros(days.shape[1])
    target = scaled.sum(axis=0)
    return np.asarray(np.linalg.solve(gram + jitter * np.eye(len(gram)), target))
