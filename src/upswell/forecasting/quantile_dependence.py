"""How the days ahead hang together, as the quantiles of their sums tell it.

A forecaster that says the range of each day and the range of their sum says, between the two, how
the days depend on each other. Each day is a standard normal score

    z_h = sqrt(a) offset + sqrt(b) memory_h + sqrt(c) noise_h,   a + b + c = 1,

whose memory is an autoregression of one day, or a random walk brought to a variance of 1. Of a
grid of these, each series takes the one whose sums come out as wide as they were said to be.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data.tree import Tree
from upswell.forecasting.quantiles import Quantiles
from upswell.forecasting.sampling import Shocks

__all__ = ["Dependence", "dependence_of", "kinship", "scores"]

Floats = NDArray[np.float64]

OFFSETS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
NOISES = (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
# Autocorrelation of one day; 1 is the random walk.
MEMORIES = (0.5, 0.8, 0.93, 1.0)
# What siblings share is at most this share of variance.
LARGEST_SHARE = 0.9
# Days up to which sums are compared; the horizon is added.
SUMS = (2, 4, 7, 14, 21)
WIDTH_80 = 2.5631031310892007


@dataclass(frozen=True)
class Dependence:
    """Shares of variance of the three parts of a score, and the memory's autocorrelation.

    Examples
    --------
    >>> Dependence(offset=0.5, noise=0.5).correlation(2).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """

    offset: float
    noise: float
    memory: float = 1.0

    @property
    def remembered(self) -> float:
        """Share of variance of the memory."""
        return max(1.0 - self.offset - self.noise, 0.0)

    def correlation(self, horizon: int) -> Floats:
        """Correlation of the scores of any two days, shape ``(H, H)``."""
        day = np.arange(1.0, horizon + 1.0)
        if self.memory < 1.0:
            kept = self.memory ** np.abs(day[:, None] - day)
        else:
            kept = np.minimum.outer(day, day) / np.sqrt(np.outer(day, day))
        return np.asarray(self.offset + self.remembered * kept + self.noise * np.eye(horizon))


def dependence_of(said: Quantiles) -> list[Dependence]:
    """Return the dependence of each series: that whose sums are as wide as was said.

    Widths are those of the central 80%; the width of a sum of dependent days is reckoned as for
    normal ones. What that leaves wrong is set right on the paths.

    Parameters
    ----------
    said
        Quantiles of ``S`` series.

    Examples
    --------
    >>> level = np.array([-1.2815516, 0.0, 1.2815516])[:, None, None]
    >>> days = 9.0 + level * np.ones((1, 1, 30))
    >>> one = Quantiles(np.array([0.1, 0.5, 0.9]), days, level * np.sqrt(np.arange(1, 31)), days)
    >>> dependence_of(one)[0].noise
    0.9
    """
    grid = _grid()
    low, high = said.place(0.1), said.place(0.9)
    days = (said.day[high] - said.day[low]) / WIDTH_80
    sums = (said.sum[high] - said.sum[low]) / WIDTH_80
    loss = np.zeros((len(days), len(grid)))
    parts = np.array(
        [[d.offset, d.noise, *(d.remembered * (d.memory == m) for m in MEMORIES)] for d in grid]
    ).T
    for length in sorted({h for h in SUMS if h < said.horizon} | {said.horizon}):
        if length < 2:
            continue
        part = days[:, :length]
        unit = np.maximum(part.sum(axis=1), 1e-12)
        share = part / unit[:, None]
        implied = np.maximum(_variances(share) @ parts, 1e-6)
        wanted = np.maximum(sums[:, length - 1] / unit, 1e-3) ** 2
        weight = 3.0 if length == said.horizon else 1.0
        loss += weight * (np.log(implied) - np.log(wanted)[:, None]) ** 2
    return [grid[k] for k in loss.argmin(axis=1).tolist()]


def scores(dependence: Dependence, shocks: Shocks) -> Floats:
    """Return standard normal scores of the days of each path, shape ``(P, H)``.

    Parameters
    ----------
    dependence
        Of the series.
    shocks
        Its normal numbers: the first of the level is the offset, the second starts the memory,
        the rest move it on.
    """
    level, horizon = shocks.level, shocks.noise.shape[1]
    if dependence.memory < 1.0:
        memory = np.empty_like(shocks.noise)
        before, new = level[:, 1], np.sqrt(1.0 - dependence.memory**2)
        for day in range(horizon):
            before = dependence.memory * before + new * level[:, 2 + day]
            memory[:, day] = before
    else:
        memory = np.cumsum(level[:, 2:], axis=1) / np.sqrt(np.arange(1.0, horizon + 1.0))
    return np.asarray(
        np.sqrt(dependence.offset) * level[:, :1]
        + np.sqrt(dependence.remembered) * memory
        + np.sqrt(dependence.noise) * shocks.noise
    )


def kinship(said: Quantiles, nodes: NDArray[np.int64], tree: Tree, measured: Floats) -> Floats:
    """Return the correlation of each series with its parent.

    The range of a sum beside the ranges of its parts says what the parts share: with a share
    ``r^2`` of their variance in common, parts of widths ``w`` add up to a width ``W`` of
    ``W^2 = r^2 (sum w)^2 + (1 - r^2) sum(w^2)``. That and the correlation of errors in the panel's
    own windows count half each, as squares.

    Parameters
    ----------
    said, nodes
        Quantiles, and the indices in the tree of their series, ascending.
    tree
        The tree.
    measured
        Correlations measured on windows, of all series of the tree.

    Returns
    -------
    numpy.ndarray
        Of all series of the tree; as measured where a parent or its parts have no quantiles.

    Examples
    --------
    >>> width = np.array([-1.0, 0.0, 1.0])[:, None, None]
    >>> one = 9.0 + width * np.array([2.0, 1.0, 1.0])[None, :, None]
    >>> said = Quantiles(np.array([0.1, 0.5, 0.9]), one, one, one)
    >>> kinship(said, np.arange(3), Tree.of(("a", "b"), None), np.full(3, 0.5)).round(3).tolist()
    [0.5, 0.758, 0.758]
    """
    out = measured.copy()
    width = np.full(tree.size, np.nan)
    width[nodes] = said.sum[said.place(0.9), :, -1] - said.sum[said.place(0.1), :, -1]
    for parent in range(tree.first_leaf):
        children = np.flatnonzero((tree.parents == parent) & np.isfinite(width))
        apart, together = float((width[children] ** 2).sum()), float(width[children].sum()) ** 2
        if not np.isfinite(width[parent]) or together <= apart * (1.0 + 1e-9):
            continue
        share = np.clip((width[parent] ** 2 - apart) / (together - apart), 0.0, LARGEST_SHARE)
        out[children] = np.sqrt((share + np.minimum(out[children] ** 2, LARGEST_SHARE)) / 2.0)
    return out


@functools.cache
def _grid() -> tuple[Dependence, ...]:
    whole = 1.0 + 1e-9
    pairs = [(o, n) for o in OFFSETS for n in NOISES if o + n <= whole]
    return tuple(Dependence(o, n, memory) for memory in MEMORIES for o, n in pairs)


def _variances(share: Floats) -> Floats:
    """Variance of weighted sums of days by offset, noise and each memory, shape ``(S, K)``."""
    columns = [share.sum(axis=1) ** 2, (share**2).sum(axis=1)]
    for memory in MEMORIES:
        kept = Dependence(0.0, 0.0, memory).correlation(share.shape[1])
        columns.append(((share @ kept) * share).sum(axis=1))
    return np.stack(columns, axis=1)
