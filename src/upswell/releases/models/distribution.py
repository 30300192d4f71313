"""One distribution per release and horizon, held by its quantiles, from which all else is read.

The regression gives quantiles, the classification the chance to reach each tier. They are made one:
the quantiles are shifted so that the chances of the tiers are the two models' average on the
logit scale (a logarithmic opinion pool). Number, rounded figure, range, tier and probabilities are
then read from the same curve and cannot contradict each other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from upswell.releases.models.ordinal import sigmoid
from upswell.releases.models.spread import GRID

__all__ = ["mean_of", "monotone", "pool", "quantiles_at", "reach_of"]

Floats = NDArray[np.float64]

_LEVELS = np.array(GRID)
_LOGITS = np.log(_LEVELS) - np.log1p(-_LEVELS)
_FADE = 4.0
"""Beyond the outermost bound a shift fades over so many units of the logit."""
_EDGE = 1e-4


def reach_of(curves: Floats, bounds: Sequence[float]) -> Floats:
    """Return the chance to reach each bound.

    Parameters
    ----------
    curves
        Quantiles of ``log(1 + streams)`` at `GRID`, shape ``(G, N)``, ascending.
    bounds
        Streams, ``B`` of them.

    Returns
    -------
    numpy.ndarray
        Shape ``(N, B)``.

    Examples
    --------
    >>> curves = np.log1p(np.array(GRID) * 1000)[:, None]
    >>> reach_of(curves, [250.0, 500.0]).round(3).tolist()
    [[0.75, 0.5]]
    """
    answer = np.empty((curves.shape[1], len(bounds)))
    for place, bound in enumerate(np.log1p(np.asarray(bounds, dtype=np.float64))):
        answer[:, place] = 1.0 - sigmoid(_logit_below(curves, float(bound)))
    return answer


def pool(curves: Floats, bounds: Sequence[float], reached: Floats, weight: float) -> Floats:
    """Shift quantiles so that each bound is reached with a pooled chance.

    Parameters
    ----------
    curves
        Quantiles of ``log(1 + streams)`` at `GRID`, shape ``(G, N)``, ascending.
    bounds
        Streams, ``B`` of them, ascending.
    reached
        Chance to reach each bound by the other model, shape ``(N, B)``, descending.
    weight
        Weight of the other model, 0 to 1.

    Returns
    -------
    numpy.ndarray
        Shape ``(G, N)``, ascending. A chance between the two at each bound, as far as the
        grid can say.

    Examples
    --------
    >>> curves = np.log1p(np.array(GRID) * 1000)[:, None]
    >>> moved = pool(curves, [500.0], np.array([[0.8]]), weight=1.0)
    >>> reach_of(moved, [500.0]).round(2).tolist()
    [[0.8]]
    """
    if weight == 0 or not len(bounds):
        return curves
    logs = np.log1p(np.asarray(bounds, dtype=np.float64))
    own = np.stack([_logit_below(curves, float(bound)) for bound in logs], axis=1)
    inside = np.clip(reached, _EDGE, 1.0 - _EDGE)
    other = np.log1p(-inside) - np.log(inside)
    wanted = np.maximum.accumulate((1.0 - weight) * own + weight * other, axis=1)
    return _shifted(curves, own, wanted)


def _shifted(curves: Floats, own: Floats, wanted: Floats) -> Floats:
    """Return curves whose level at each bound is the wanted one instead of their own.

    The logits of the levels at the bounds have shape ``(N, B)``, ascending; of equal ones that are
    wanted, the first counts.
    """
    shifts = own - wanted
    for place in range(1, shifts.shape[1]):
        same = wanted[:, place] == wanted[:, place - 1]
        shifts[:, place] = np.where(same, shifts[:, place - 1], shifts[:, place])
    ends = np.abs(shifts[:, [0, -1]]) + _FADE
    knots = np.column_stack([wanted[:, 0] - ends[:, 0], wanted, wanted[:, -1] + ends[:, 1]])
    shifts = np.pad(shifts, ((0, 0), (1, 1)))
    # From the wanted logit of a level to the logit at which the old curve is read.
    read = np.maximum.accumulate(_LOGITS[:, None] + _broken_line(_LOGITS, knots, shifts), axis=0)
    return _read_at(curves, read)


def _broken_line(points: Floats, knots: Floats, values: Floats) -> Floats:
    """Return a line through knots, another for each row, at the same points, shape ``(G, N)``.

    It is `numpy.interp` for all rows at once; left and right of the knots it stays level.
    """
    answer = np.broadcast_to(values[:, 0], (len(points), len(knots))).copy()
    for place in range(knots.shape[1] - 1):
        start, width = knots[:, place], knots[:, place + 1] - knots[:, place]
        share = (points[:, None] - start) / np.where(width > 0, width, 1.0)
        rise = values[:, place + 1] - values[:, place]
        answer += rise * np.where(width > 0, np.clip(share, 0.0, 1.0), 0.0)
    return answer


def _read_at(curves: Floats, logits: Floats) -> Floats:
    """Return each curve at logits of its own, shape ``(G, N)``; level beyond the grid."""
    place = np.clip(np.searchsorted(_LOGITS, logits, side="right") - 1, 0, len(GRID) - 2)
    share = (logits - _LOGITS[place]) / (_LOGITS[place + 1] - _LOGITS[place])
    low = np.take_along_axis(curves, place, axis=0)
    high = np.take_along_axis(curves, place + 1, axis=0)
    inside = np.maximum.accumulate(low + np.clip(share, 0.0, 1.0) * (high - low), axis=0)
    return np.asarray(np.clip(inside, curves[0], curves[-1]))


def monotone(curves: Floats) -> Floats:
    """Make quantiles ascend over levels and horizons.

    Parameters
    ----------
    curves
        Shape ``(G, N, H)``, horizons ascending.

    Returns
    -------
    numpy.ndarray
        The same shape: where a later horizon lay below an earlier one, both are at their middle
        (isotonic regression over horizons at each level), which keeps the order of the levels.

    Examples
    --------
    >>> crossing = np.zeros((len(GRID), 1, 2)) + [2.0, 1.0]
    >>> monotone(crossing)[0, 0].tolist()
    [1.5, 1.5]
    """
    ordered = np.maximum.accumulate(curves, axis=0)
    count = ordered.shape[2]
    # Isotonic regression as max over starts of min over ends of means: few horizons, many rows.
    sums = np.concatenate([np.zeros((*ordered.shape[:2], 1)), np.cumsum(ordered, axis=2)], axis=2)
    answer = np.empty_like(ordered)
    for place in range(count):
        best = np.full(ordered.shape[:2], -np.inf)
        for start in range(place + 1):
            means = [
                (sums[:, :, stop] - sums[:, :, start]) / (stop - start)
                for stop in range(place + 1, count + 1)
            ]
            best = np.maximum(best, np.minimum.reduce(means))
        answer[:, :, place] = best
    # Rounding of the cumulated sums must not undo the order.
    return np.maximum.accumulate(np.maximum.accumulate(answer, axis=2), axis=0)


def quantiles_at(curves: Floats, levels: Sequence[float]) -> Floats:
    """Return streams at some levels, shape ``(L, N)``; not below 0.

    Parameters
    ----------
    curves
        Quantiles of ``log(1 + streams)`` at `GRID`, shape ``(G, N)``.
    levels
        ``L`` levels within the grid.
    """
    wanted = np.asarray(levels, dtype=np.float64)
    logits = np.log(wanted) - np.log1p(-wanted)
    place = np.clip(np.searchsorted(_LOGITS, logits, side="right") - 1, 0, len(GRID) - 2)
    share = (logits - _LOGITS[place]) / (_LOGITS[place + 1] - _LOGITS[place])
    # A level of the grid is read without rounding error, so that q50 is the curve's middle.
    logs = np.where(
        (share < 1e-9)[:, None],
        curves[place],
        curves[place] + share[:, None] * (curves[place + 1] - curves[place]),
    )
    return np.maximum(np.expm1(logs), 0.0)


def mean_of(curves: Floats) -> Floats:
    """Return the expected streams, shape ``(N,)``: the area under the quantiles between levels.

    Examples
    --------
    >>> mean_of(np.log1p(np.array(GRID) * 1000)[:, None]).round(1).tolist()
    [500.0]
    """
    streams = np.maximum(np.expm1(curves), 0.0)
    inner = ((streams[1:] + streams[:-1]) / 2 * np.diff(_LEVELS)[:, None]).sum(axis=0)
    ends = streams[0] * _LEVELS[0] + streams[-1] * (1.0 - _LEVELS[-1])
    return np.asarray(inner + ends)


def _logit_below(curves: Floats, bound: float) -> Floats:
    """Return the logit of the chance to stay below a bound, shape ``(N,)``, within the grid."""
    count = (curves < bound).sum(axis=0)
    place = np.clip(count - 1, 0, len(GRID) - 2)
    rows = np.arange(curves.shape[1])
    low, high = curves[place, rows], curves[place + 1, rows]
    width = high - low
    share = np.where(width > 0, (bound - low) / np.where(width > 0, width, 1.0), 0.0)
    inside = _LOGITS[place] + np.clip(share, 0.0, 1.0) * (_LOGITS[place + 1] - _LOGITS[place])
    beyond = 1.0 / (1.0 - _LEVELS[-1])
    # Beyond the grid nothing is known but that the level lies there.
    edge = np.log(2.0 * beyond)
    outside = np.where(count == 0, -edge, edge)
    return np.asarray(np.where((count == 0) | (count == len(GRID)), outside, inside))
