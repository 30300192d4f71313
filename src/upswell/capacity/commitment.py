"""The commitment of least cost: a quantile of the hours, extended to tiers and limits."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from upswell.capacity.load import Load
from upswell.capacity.terms import Segment, Terms

__all__ = ["cost_by_path", "least_cost"]

_ROUNDING = 1e-12


def cost_by_path(load: Load, terms: Terms, commitments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each path costs with each commitment.

    Parameters
    ----------
    load
        Hours of ``P`` paths.
    terms
        Prices and bounds; its docstring has the formula.
    commitments
        Shape ``(G,)``, or ``(P, G)`` with its own for each path.

    Returns
    -------
    numpy.ndarray
        Shape ``(P, G)``.
    """
    levels = np.asarray(commitments, dtype=np.float64)
    above = load.above(levels)[1]
    capacity = terms.capacity(levels)
    short = load.above(capacity)[1] if np.isfinite(capacity).any() else np.zeros_like(above)
    fixed = load.hours * (terms.existing * terms.existing_price + terms.reserved(levels))
    return fixed + terms.on_demand * (above - short) + terms.shortage * short


def least_cost(load: Load, terms: Terms) -> NDArray[np.float64]:
    """Return the smallest of the commitments that cost each path least.

    Where a further unit costs ``r`` an hour throughout, the cost is convex, and its minimum is the
    newsvendor's: the smallest ``c`` with ``on_demand * hours(u > c) <= r * T``, that is the
    ``1 - r / on_demand`` quantile of the hours. Where on-demand units are limited, hours above the
    capacity weigh ``shortage - on_demand`` besides. Between tiers the cost is not convex: each
    stretch of one price is searched, and the cheapest taken.

    Parameters
    ----------
    load
        Hours of ``P`` paths; give `Load.pooled` for the least expected cost.
    terms
        Prices and bounds.

    Returns
    -------
    numpy.ndarray
        Shape ``(P,)``, whole numbers. Costs that differ by less than a part in 10^12 count as
        equal.

    References
    ----------
    Arrow, Harris, Marschak (1951), Optimal Inventory Policy, Econometrica 19.

    Examples
    --------
    >>> rows = np.arange(1.0, 101.0)[None]
    >>> terms = Terms(0, 1.0, (1,), (0.06,), False, 0.1, 0.0, math.inf, math.inf)
    >>> least_cost(Load(rows, 1, rows), terms).tolist()
    [40.0]
    """
    candidates = np.stack([_best_within(load, terms, s) for s in terms.segments()], axis=1)
    candidates.sort(axis=1)
    costs = cost_by_path(load, terms, candidates)
    good = costs <= costs.min(axis=1, keepdims=True) * (1.0 + _ROUNDING)
    return np.asarray(candidates[np.arange(len(candidates)), good.argmax(axis=1)])


def _best_within(load: Load, terms: Terms, segment: Segment) -> NDArray[np.float64]:
    """Return the smallest best commitment of each path among those of one price, shape ``(P,)``."""
    price = segment.price * load.hours * (1.0 + _ROUNDING)
    low = np.full(len(load.rows), float(segment.low))
    high = np.clip(load.rows[:, -1], segment.low, segment.high)
    while (low < high).any():
        middle = np.floor((low + high) / 2.0)
        enough = _saved_by_one_more(load, terms, middle) <= price
        searching = low < high
        low = np.where(searching & ~enough, middle + 1.0, low)
        high = np.where(searching & enough, middle, high)
    return low


def _saved_by_one_more(
    load: Load, terms: Terms, commitments: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what one more unit saves each path in on-demand units and shortage, shape ``(P,)``."""
    saved = terms.on_demand * load.above(commitments[:, None])[0][:, 0]
    if math.isfinite(terms.quota):
        capacity = commitments + terms.quota
        short = load.above(capacity[:, None])[0][:, 0]
        saved += (terms.shortage - terms.on_demand) * np.where(capacity < terms.limit, short, 0.0)
    return np.asarray(saved)
