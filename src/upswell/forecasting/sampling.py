"""Joint sample paths around medians: days hang together, and so do series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.error_model import ErrorModel, SeriesErrors

__all__ = ["PathMaker", "Shocks", "deviations", "draw_paths", "paths_of", "unusualness"]

# exp(4) is a factor of 55 in either direction: beyond it a draw says nothing any more.
LARGEST_DEVIATION = 4.0


@dataclass(frozen=True)
class Shocks:
    """Standard normal numbers that drive one series.

    Parameters
    ----------
    level
        Shape ``(P, H + 2)``: for the offset, the drift and each step of the walk.
    noise
        Shape ``(P, H)``.
    """

    level: NDArray[np.float64]
    noise: NDArray[np.float64]

    @classmethod
    def draw(cls, generator: np.random.Generator, paths: int, horizon: int) -> Shocks:
        """Draw independent shocks."""
        level = generator.standard_normal((paths, horizon + 2))
        return cls(level, generator.standard_normal((paths, horizon)))

    def mixed(self, parent: Shocks, correlation: float) -> Shocks:
        """Return shocks that correlate with a parent's: the Gaussian one-factor copula."""
        own = np.sqrt(1.0 - correlation**2)
        return Shocks(
            correlation * parent.level + own * self.level,
            correlation * parent.noise + own * self.noise,
        )


PathMaker = Callable[[Shocks], NDArray[np.float64]]
"""Makes the paths of one series, shape ``(P, H)``, of its shocks."""


def unusualness(uniform: NDArray[np.float64], freedom: float) -> NDArray[np.float64]:
    """Turn uniform numbers into the scale that makes normal numbers Student-t.

    Parameters
    ----------
    uniform
        Shape ``(P,)``, within (0, 1); shared by all series, so that an unusual month is unusual
        for all.
    freedom
        Degrees of freedom.

    Returns
    -------
    numpy.ndarray
        ``sqrt(freedom / chi2)``, shape ``(P,)``.

    Examples
    --------
    >>> unusualness(np.array([0.1, 0.5, 0.9]), 4.0).round(2).tolist()
    [1.94, 1.09, 0.72]
    """
    from scipy.special import gammaincinv

    return np.asarray(np.sqrt(freedom / (2.0 * gammaincinv(freedom / 2.0, uniform))))


def deviations(
    errors: SeriesErrors, shocks: Shocks, scale: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log deviations of paths from the median, shape ``(P, H)``.

    Parameters
    ----------
    errors
        The series' error model.
    shocks
        Its normal numbers.
    scale
        From `unusualness`, shape ``(P,)``.
    """
    from scipy.special import ndtr

    horizon = shocks.noise.shape[1]
    day = np.arange(1, horizon + 1, dtype=np.float64)
    parts = errors.structure
    level = (
        np.sqrt(parts.offset) * shocks.level[:, :1]
        + np.sqrt(parts.drift) * shocks.level[:, 1:2] * day
        + np.sqrt(parts.walk) * np.cumsum(shocks.level[:, 2:], axis=1)
    )
    shape = errors.noise_shape
    points = (np.arange(len(shape)) + 0.5) / len(shape)
    noise = np.interp(ndtr(shocks.noise), points, shape)
    total = level * scale[:, None] + np.sqrt(parts.noise) * noise
    clipped = np.clip(total, -LARGEST_DEVIATION, LARGEST_DEVIATION)
    return np.asarray(clipped, dtype=np.float64)


def paths_of(
    medians: NDArray[np.float64], shift: float, deviation: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Apply log deviations to medians.

    Parameters
    ----------
    medians
        Shape ``(H,)``, not negative.
    shift
        Offset of the log scale.
    deviation
        Shape ``(P, H)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(P, H)``, not negative; all zero where the series has ended (medians all zero).

    Examples
    --------
    >>> paths_of(np.array([90.0]), 10.0, np.log([[0.05], [1.0], [2.0]])).round(6).tolist()
    [[0.0], [90.0], [190.0]]
    """
    if not medians.any():
        return np.zeros_like(deviation)
    return np.maximum((medians + shift) * np.exp(deviation) - shift, 0.0)


def draw_paths(
    medians: NDArray[np.float64],
    shifts: NDArray[np.float64],
    model: ErrorModel,
    parents: NDArray[np.int64],
    *,
    paths: int,
    seed: int,
    own: Mapping[int, PathMaker] | None = None,
) -> NDArray[np.float64]:
    """Draw joint paths of all series of a tree, not yet coherent.

    Each series has a random stream of its own, so that the others do not change when one is
    added at the end.

    Parameters
    ----------
    medians
        Shape ``(S, H)``.
    shifts
        Shape ``(S,)``.
    model
        Errors of all series.
    parents
        Parent of each series, -1 for the total; parents come before children.
    paths
        Number of paths, ``P``.
    seed
        Seed.
    own
        Series whose paths are made of their shocks in another way than by the error model.

    Returns
    -------
    numpy.ndarray
        Shape ``(P, S, H)``.
    """
    series, horizon = medians.shape
    shared, *streams = np.random.SeedSequence(seed).spawn(series + 1)
    uniform = np.random.default_rng(shared).uniform(1e-6, 1.0 - 1e-6, paths)
    scales: dict[float, NDArray[np.float64]] = {}
    has_children = set(parents.tolist())
    kept: dict[int, Shocks] = {}
    out = np.empty((paths, series, horizon))
    for node in range(series):
        errors = model.series[node]
        shocks = Shocks.draw(np.random.default_rng(streams[node]), paths, horizon)
        above = kept.get(int(parents[node]))
        if above is not None:
            shocks = shocks.mixed(above, float(model.with_parent[node]))
        if node in has_children:
            kept[node] = shocks
        if own is not None and node in own:
            out[:, node] = own[node](shocks)
            continue
        freedom = round(errors.freedom, 1)
        if freedom not in scales:
            scales[freedom] = unusualness(uniform, freedom)
        deviation = deviations(errors, shocks, scales[freedom])
        out[:, node] = paths_of(medians[node], float(shifts[node]), deviation)
    return out
