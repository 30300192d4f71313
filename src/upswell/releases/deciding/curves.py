r"""The distribution of a release, read back from the columns that go out: 19 quantiles and a mean.

The curve is the quantile function ``Q(p)``, streams by level:

- between two levels it is a straight line;
- below the first, ``Q(p) = q05 * (p / 0.05) ** a`` with ``a = log2(q10 / q05)``: a power through
  the first two quantiles that ends at 0 streams. What is known for sure stays so (``a = 0``), and
  what is wide is read lower than by a curve that stops at ``q05``;
- above the last it is an exponential tail, ``q95 - d * log((1 - p) / 0.05)``, with the ``d`` that
  makes the mean of the whole curve the mean that was said. Where the mean lies too low for any tail
  (``d`` would be below 0), the tail is flat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.scoring import quantile_name

if TYPE_CHECKING:
    import polars as pl

__all__ = ["LEVELS", "StreamCurves"]

Floats = NDArray[np.float64]

LEVELS: tuple[float, ...] = tuple(i / 20 for i in range(1, 20))
"""Levels of the quantiles that go out."""

_LEVELS = np.array(LEVELS)
_LOW, _HIGH = LEVELS[0], LEVELS[-1]
_TAIL = 1.0 - _HIGH


@dataclass(frozen=True)
class StreamCurves:
    """Quantile functions of the streams of ``N`` releases.

    Parameters
    ----------
    quantiles
        Streams at `LEVELS`, shape ``(N, 19)``, from 0, not falling along a row.
    mean
        Expected streams, shape ``(N,)``.
    """

    quantiles: Floats
    mean: Floats

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Self:
        """Read the curves of a frame with the columns of ``scores.csv``, a row a release."""
        names = [quantile_name(level) for level in LEVELS]
        return cls(
            frame.select(names).to_numpy().astype(np.float64),
            frame["mean"].to_numpy().astype(np.float64),
        )

    def __len__(self) -> int:
        return len(self.mean)

    @property
    def power(self) -> Floats:
        """The exponent ``a`` of the curve below the first level, shape ``(N,)``; 0 where flat."""
        first, second = self.quantiles[:, 0], self.quantiles[:, 1]
        ratio = np.divide(second, first, out=np.ones_like(first), where=first > 0)
        return np.asarray(np.log2(ratio) / np.log2(LEVELS[1] / LEVELS[0]))

    @property
    def tail(self) -> Floats:
        """The scale ``d`` of the curve above the last level, shape ``(N,)``, from 0."""
        below = _LOW * self.quantiles[:, 0] / (1.0 + self.power)
        middle = (self.quantiles[:, 1:] + self.quantiles[:, :-1]) / 2 * np.diff(_LEVELS)
        rest = self.mean - below - middle.sum(axis=1)
        return np.asarray(np.maximum(rest / _TAIL - self.quantiles[:, -1], 0.0))

    def at(self, levels: ArrayLike) -> Floats:
        """Return the streams at some levels.

        Parameters
        ----------
        levels
            Strictly between 0 and 1; shape ``(K,)`` for all releases, or ``(N, K)``.

        Returns
        -------
        numpy.ndarray
            Shape ``(N, K)``.

        Examples
        --------
        >>> curves = StreamCurves(np.array([np.array(LEVELS) * 1000]), np.array([500.0]))
        >>> curves.at([0.025, 0.05, 0.5, 0.525]).round(6).tolist()
        [[25.0, 50.0, 500.0, 525.0]]
        """
        given = np.asarray(levels, dtype=np.float64)
        wanted = np.broadcast_to(given, (len(self), given.shape[-1]))
        place = np.clip(np.searchsorted(_LEVELS, wanted, side="right") - 1, 0, len(LEVELS) - 2)
        share = (wanted - _LEVELS[place]) / (_LEVELS[place + 1] - _LEVELS[place])
        low = np.take_along_axis(self.quantiles, place, axis=1)
        high = np.take_along_axis(self.quantiles, place + 1, axis=1)
        inside = low + np.clip(share, 0.0, 1.0) * (high - low)
        below = self.quantiles[:, :1] * (wanted / _LOW) ** self.power[:, None]
        above = self.quantiles[:, -1:] - self.tail[:, None] * np.log((1.0 - wanted) / _TAIL)
        return np.where(wanted < _LOW, below, np.where(wanted > _HIGH, above, inside))

    def level_of(self, streams: ArrayLike) -> Floats:
        """Return the level at which each curve passes a count: the chance to stay below it.

        Parameters
        ----------
        streams
            A count for each release, shape ``(N,)``.

        Returns
        -------
        numpy.ndarray
            Shape ``(N,)``, from 0 to 1; of several levels with this count, the middle.

        Examples
        --------
        >>> curves = StreamCurves(np.array([np.array(LEVELS) * 1000]), np.array([500.0]))
        >>> curves.level_of([525.0]).round(6).tolist()
        [0.525]
        """
        counts = np.asarray(streams, dtype=np.float64)
        first, last = self.quantiles[:, 0], self.quantiles[:, -1]
        power, tail = self.power, self.tail
        # A flat end of the curve is one step to level 0 or 1.
        bottom = (counts <= first) & ((power == 0) | (first == 0))
        lowest = np.where(bottom, 0.0, self._inside(counts, self.quantiles < counts[:, None]))
        top = (counts >= last) & (tail == 0)
        highest = np.where(top, 1.0, self._inside(counts, self.quantiles <= counts[:, None]))
        share = np.divide(counts, first, out=np.ones_like(counts), where=counts < first)
        inverse = np.divide(1.0, power, out=np.full_like(power, np.inf), where=power > 0)
        steps = np.full_like(counts, np.inf)
        np.divide(counts - last, tail, out=steps, where=tail > 0)
        above = 1.0 - _TAIL * np.exp(-np.maximum(steps, 0.0))
        inside = np.where(counts > last, above, (lowest + highest) / 2)
        return np.where(counts < first, _LOW * share**inverse, inside)

    def _inside(self, counts: Floats, passed: NDArray[np.bool_]) -> Floats:
        """Return the level at a count between the quantiles that it passed and the next one."""
        place = np.clip(passed.sum(axis=1) - 1, 0, len(LEVELS) - 2)
        rows = np.arange(len(self))
        low, high = self.quantiles[rows, place], self.quantiles[rows, place + 1]
        rise = np.where(high > low, high - low, 1.0)
        # Where the two are equal, all of the step is passed or nothing of it.
        share = np.where(high > low, (counts - low) / rise, counts >= high)
        step = np.where(passed.any(axis=1), np.clip(share, 0.0, 1.0), 0.0)
        return np.asarray(_LEVELS[place] + step * (_LEVELS[place + 1] - _LEVELS[place]))

    def lack(self, streams: ArrayLike) -> Floats:
        """Return the expected lack of streams below a count, ``E[max(count - S, 0)]``, exactly.

        Parameters
        ----------
        streams
            A count for each release, shape ``(N,)``, from 0.

        Returns
        -------
        numpy.ndarray
            Shape ``(N,)``: the integral of ``max(count - Q(p), 0)`` over the levels, piece by
            piece, each in closed form.

        Examples
        --------
        >>> curves = StreamCurves(np.array([np.array(LEVELS) * 1000]), np.array([500.0]))
        >>> curves.lack([400.0]).round(6).tolist()  # 400 ** 2 / 2000
        [80.0]
        """
        counts = np.asarray(streams, dtype=np.float64)
        return self._lack_below(counts) + self._lack_inside(counts) + self._lack_above(counts)

    def _lack_below(self, counts: Floats) -> Floats:
        first, power = self.quantiles[:, 0], self.power
        whole = _LOW * (counts - first / (1.0 + power))
        share = np.divide(counts, first, out=np.ones_like(counts), where=first > 0)
        inverse = np.divide(1.0, power, out=np.zeros_like(power), where=power > 0)
        reached = _LOW * np.minimum(share, 1.0) ** inverse
        part = counts * reached * power / (1.0 + power)
        return np.where(counts >= first, whole, part)

    def _lack_inside(self, counts: Floats) -> Floats:
        low, high = self.quantiles[:, :-1], self.quantiles[:, 1:]
        count = counts[:, None]
        rise = np.where(high > low, high - low, 1.0)
        part = np.clip(count - low, 0.0, None) ** 2 / (2.0 * rise)
        return np.asarray(
            (np.where(count >= high, count - (low + high) / 2, part) * np.diff(_LEVELS)).sum(axis=1)
        )

    def _lack_above(self, counts: Floats) -> Floats:
        over, tail = np.maximum(counts - self.quantiles[:, -1], 0.0), self.tail
        steps = np.divide(over, tail, out=np.zeros_like(over), where=tail > 0)
        return np.asarray(_TAIL * (over + tail * np.expm1(-steps)))
