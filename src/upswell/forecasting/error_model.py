"""The error model of a panel: for every series how wide, how heavy-tailed and how correlated."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting._normal import even_scores
from upswell.forecasting.covariance import (
    ErrorStructure,
    Moments,
    fit_structure,
    moments_of,
    prior_moments,
)
from upswell.forecasting.evidence import Evidence

__all__ = ["ErrorModel", "SeriesErrors", "fit_errors", "weekly_change"]

HALF_LIFE_DAYS = 240.0
WINSOR_QUANTILE = 0.95
PRIOR_WINDOWS = 2.0
POOL_WINDOWS = 4.0
BASE_FREEDOM = 3.0
LEAST_RESIDUALS = 30
SHAPE_POINTS = 41


@dataclass(frozen=True)
class SeriesErrors:
    """Errors of one series on the log scale.

    Parameters
    ----------
    structure
        Variances of the four components.
    freedom
        Degrees of freedom of the level's spread: few windows know a variance badly.
    noise_shape
        Quantiles of the noise at evenly spaced probabilities, scaled to a mean square of 1.
    windows
        Effective number of independent full windows behind it.
    """

    structure: ErrorStructure
    freedom: float
    noise_shape: NDArray[np.float64]
    windows: float


@dataclass(frozen=True)
class ErrorModel:
    """Errors of all series of a tree.

    Parameters
    ----------
    series
        One for each series of the tree.
    with_parent
        Correlation of each series' errors with its parent's, shape ``(S,)``.
    """

    series: tuple[SeriesErrors, ...]
    with_parent: NDArray[np.float64]

    def rescaled(self, index: int, level: float, noise: float) -> ErrorModel:
        """Return a model in which one series' level and noise deviations are multiplied."""
        old = self.series[index]
        structure = ErrorStructure(
            offset=old.structure.offset * level**2,
            walk=old.structure.walk * level**2,
            drift=old.structure.drift * level**2,
            noise=old.structure.noise * noise**2,
        )
        new = replace(old, structure=structure)
        return replace(self, series=(*self.series[:index], new, *self.series[index + 1 :]))


def weekly_change(values: NDArray[np.float64], shifts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean squared change of ``log(y + c)`` over 7 days, by series.

    Parameters
    ----------
    values
        Shape ``(S, T)``, NaN marks missing days.
    shifts
        Offsets, shape ``(S,)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(S,)``, above 0. A series too short to tell takes the median of the others.

    Examples
    --------
    >>> growing = np.exp(np.arange(21.0) / 7)[None]
    >>> weekly_change(growing, np.zeros(1)).round(4).tolist()
    [1.0]
    """
    log = np.log(values + shifts[:, None])
    change = (log[:, 7:] - log[:, :-7])[:, -150:]
    seen = np.isfinite(change)
    enough = seen.sum(axis=1) >= 3
    unit = np.where(seen, change, 0.0) ** 2
    mean = unit.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    typical = float(np.median(mean[enough])) if enough.any() else 0.05
    return np.where(enough, mean, typical) + 1e-6


def fit_errors(
    evidence: Evidence,
    name: str,
    studied: NDArray[np.int64],
    parents: NDArray[np.int64],
    units: NDArray[np.float64],
) -> ErrorModel:
    """Fit the error model of one forecaster.

    Series lend each other strength: each is shrunk towards the panel's pooled structure, in
    units of its own weekly change, and that towards a prior; a series without windows of its own
    takes the pooled structure.

    Parameters
    ----------
    evidence
        Windows of the studied series.
    name
        The forecaster.
    studied
        Indices in the tree of the series in `evidence`, the total first.
    parents
        Parent of every series of the tree, shape ``(S,)``.
    units
        Weekly change of every series, from `weekly_change`, shape ``(S,)``.

    Examples
    --------
    >>> from upswell.forecasting.evidence import gather
    >>> from upswell.forecasting.history import History
    >>> from upswell.forecasting.naive import SeasonalNaive
    >>> views = 100 + np.arange(60.0)[None]
    >>> evidence = gather(History(views, np.arange(60) % 7), [SeasonalNaive()], 7, seed=0)
    >>> units = weekly_change(views, np.array([10.0]))
    >>> model = fit_errors(evidence, "seasonal-naive", np.array([0]), np.array([-1]), units)
    >>> len(model.series), model.series[0].noise_shape.shape
    (1, (41,))
    """
    errors = evidence.log_errors(name)
    weights = 0.5 ** (evidence.ages() / HALF_LIFE_DAYS)
    own = [moments_of(_winsorised(e), weights, evidence.step) for e in errors]
    pooled = _pool(own, units[studied], evidence.horizon)
    residuals = [_residuals(e) for e in errors]
    shape_of_all = (
        _shape(np.concatenate(residuals), None) if residuals else _shape(np.zeros(0), None)
    )
    position = {int(node): k for k, node in enumerate(studied)}
    fitted = []
    for node in range(len(parents)):
        k = position.get(node)
        prior = Moments(pooled.mean * units[node], pooled.weight)
        moments = prior if k is None else _blend(own[k], prior)
        windows = float(own[k].weight[-1, -1]) if k is not None else 0.0
        shape = shape_of_all if k is None else _shape(residuals[k], shape_of_all)
        fitted.append(SeriesErrors(fit_structure(moments), BASE_FREEDOM + windows, shape, windows))
    return ErrorModel(tuple(fitted), _correlations(errors, position, parents))


def _winsorised(errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pull the largest errors of each day ahead in: one launch must not widen every range."""
    size = np.where(np.isfinite(errors), np.abs(errors), np.nan)
    limit = np.full(errors.shape[1], np.inf)
    known = np.isfinite(size).any(axis=0)
    limit[known] = np.nanquantile(size[:, known], WINSOR_QUANTILE, axis=0)
    return np.clip(errors, -limit, limit)


def _pool(own: list[Moments], units: NDArray[np.float64], horizon: int) -> Moments:
    """Pool the series' moments in units of their weekly change, with the prior."""
    prior = prior_moments(1.0, horizon, PRIOR_WINDOWS)
    if len(own) < 2:
        return prior
    # Series of one panel move together: S of them count as the square root of S.
    share = 1.0 / np.sqrt(len(own))
    weight = sum(m.weight for m in own) * share
    total = sum(m.weight * m.mean / u for m, u in zip(own, units, strict=True)) * share
    mean = (total + prior.weight * prior.mean) / (weight + prior.weight)
    return Moments(mean, PRIOR_WINDOWS + np.minimum(weight, POOL_WINDOWS))


def _blend(own: Moments, prior: Moments) -> Moments:
    weight = own.weight + prior.weight
    return Moments((own.weight * own.mean + prior.weight * prior.mean) / weight, weight)


def _residuals(errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Errors within their window, after its level and drift are taken out; one flat array."""
    day = np.arange(1, errors.shape[1] + 1, dtype=np.float64)
    out = []
    for row in errors:
        seen = np.isfinite(row)
        if seen.sum() < 10:
            continue
        design = np.column_stack([np.ones(int(seen.sum())), day[seen]])
        coefficients = np.linalg.lstsq(design, row[seen], rcond=None)[0]
        out.append(row[seen] - design @ coefficients)
    return np.concatenate(out) if out else np.zeros(0)


def _shape(
    residuals: NDArray[np.float64], fallback: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Quantiles of the residuals, scaled to a mean square of 1."""
    probabilities = (np.arange(SHAPE_POINTS) + 0.5) / SHAPE_POINTS
    size = float(np.sqrt(np.mean(residuals**2))) if len(residuals) else 0.0
    if len(residuals) < LEAST_RESIDUALS or size < 1e-9:
        quantiles = even_scores(SHAPE_POINTS) if fallback is None else fallback
    else:
        quantiles = np.quantile(residuals, probabilities)
    spread = float(np.sqrt(np.mean(quantiles**2)))
    return np.asarray(quantiles / max(spread, 1e-12), dtype=np.float64)


def _correlations(
    errors: NDArray[np.float64], position: dict[int, int], parents: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Correlation of each series' errors with its parent's, shrunk towards the panel's median."""
    raw = np.full(len(parents), np.nan)
    for node, k in position.items():
        above = position.get(int(parents[node]))
        if above is None:
            continue
        a, b = errors[k].ravel(), errors[above].ravel()
        both = np.isfinite(a) & np.isfinite(b)
        power = float(np.sqrt(np.mean(a[both] ** 2) * np.mean(b[both] ** 2))) if both.any() else 0.0
        if both.sum() >= 10 and power > 0:
            raw[node] = float(np.mean(a[both] * b[both])) / power
    known = np.isfinite(raw)
    typical = float(np.median(raw[known])) if known.any() else 0.5
    shrunk = np.where(known, 0.7 * np.nan_to_num(raw) + 0.3 * typical, typical)
    return np.clip(shrunk, 0.0, 0.95)
