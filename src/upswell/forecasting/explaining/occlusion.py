"""Occlusion: what a forecaster says of a history, and of the same history without a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.explaining.bursts import Burst
from upswell.forecasting.explaining.parts import FAMILIES, Parts

__all__ = [
    "Asked",
    "BurstOcclusion",
    "ForecastFunction",
    "Occlusion",
    "occlude",
    "occlude_bursts",
    "shapley_values",
]

Floats = NDArray[np.float64]
Left = frozenset[str]
"""What was left out of a history."""

ForecastFunction = Callable[[Floats, int], tuple[Floats, Floats]]
"""From values ``(S, T)`` and a horizon to medians of days ``(S, H)`` and of sums ``(S,)``."""


@dataclass(frozen=True)
class Asked:
    """An answer of the forecaster for ``S`` series.

    Parameters
    ----------
    medians
        Of the days ahead, shape ``(S, H)``.
    sums
        Median of the sum over these days, shape ``(S,)``.
    """

    medians: Floats
    sums: Floats


@dataclass(frozen=True)
class Occlusion:
    """Answers for ``S`` histories with every choice of parts left out.

    Parameters
    ----------
    answers
        By what was left out: 8 answers for 3 parts.
    flat
        A usual day at the end of the history times the days ahead, shape ``(S,)``.
    """

    answers: Mapping[Left, Asked]
    flat: Floats

    @property
    def whole(self) -> Asked:
        """The forecast of the history as it is."""
        return self.answers[frozenset()]

    @property
    def bare(self) -> Asked:
        """The forecast of a history of which level and rest are left."""
        return self.answers[frozenset(FAMILIES)]

    def without(self, family: str) -> Asked:
        """Return the forecast of the history without one part."""
        return self.answers[frozenset({family})]

    def shares(self) -> dict[str, Floats]:
        """Return what each part adds to the sum, in views; they add up from `bare` to `whole`."""
        return shapley_values({left: answer.sums for left, answer in self.answers.items()})

    @property
    def remainder(self) -> Floats:
        """What the forecaster makes of level and rest beyond the level repeated, ``(S,)``."""
        return np.asarray(self.bare.sums - self.flat)


@dataclass(frozen=True)
class BurstOcclusion:
    """The forecast of one series without one of its bursts.

    Parameters
    ----------
    burst
        The burst.
    medians
        Of the days ahead, shape ``(H,)``.
    total
        Median of their sum.
    """

    burst: Burst
    medians: Floats
    total: float


def shapley_values(answers: Mapping[Left, Floats]) -> dict[str, Floats]:
    """Return the Shapley value of each part, exactly.

    Parameters
    ----------
    answers
        Answers of any shape for every subset of the parts that may be left out.

    Returns
    -------
    dict
        By part: the mean, over all orders in which the parts can be put back, of what it adds
        when it comes. The values sum to the difference between the answer with nothing left out
        and that with everything left out.

    Notes
    -----
    Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games II,
    307-317.

    Examples
    --------
    >>> one = lambda number: np.array([float(number)])
    >>> left = [frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")]
    >>> found = shapley_values(dict(zip(left, map(one, (10, 6, 5, 2)))))
    >>> {name: value.item() for name, value in found.items()}
    {'a': 3.5, 'b': 4.5}
    """
    names = sorted({name for left in answers for name in left})
    count = len(names)
    found = {}
    for name in names:
        others = [other for other in names if other != name]
        terms = []
        for size in range(count):
            weight = factorial(size) * factorial(count - 1 - size) / factorial(count)
            for gone in combinations(others, size):
                gain = answers[frozenset(gone)] - answers[frozenset((*gone, name))]
                terms.append(weight * gain)
        found[name] = np.asarray(sum(terms))
    return found


def occlude(parts: Parts, horizon: int, forecast: ForecastFunction) -> Occlusion:
    """Forecast histories as they are and with every choice of parts left out.

    Parameters
    ----------
    parts
        Of ``S`` histories.
    horizon
        Days ahead.
    forecast
        Asked 8 times.

    Examples
    --------
    >>> from upswell.forecasting.explaining.parts import split_history
    >>> def last_week(values, horizon):
    ...     medians = np.tile(values[:, -7:], horizon // 7 + 1)[:, :horizon]
    ...     return medians, medians.sum(axis=1)
    >>> days = np.arange(70)
    >>> parts = split_history((100.0 + 70 * (days % 7 == 5))[None])
    >>> found = occlude(parts, 7, last_week)
    >>> round(float(found.whole.sums[0])), round(float(found.without("week").medians[0, 0]))
    (770, 110)
    """
    answers = {}
    for size in range(len(FAMILIES) + 1):
        for left in combinations(FAMILIES, size):
            answers[frozenset(left)] = Asked(*forecast(parts.without(left), horizon))
    return Occlusion(answers, parts.level * horizon)


def occlude_bursts(
    parts: Parts, horizon: int, forecast: ForecastFunction, latest: int
) -> list[list[BurstOcclusion]]:
    """Forecast histories without each of their latest bursts.

    Parameters
    ----------
    parts, horizon, forecast
        As of `occlude`; asked once for each burst of the series that has most of them.
    latest
        How many bursts of a series, at most.

    Returns
    -------
    list
        Of each series the latest burst first.
    """
    bursts = [found[::-1][:latest] for found in parts.bursts]
    out: list[list[BurstOcclusion]] = [[] for _ in bursts]
    for place in range(max(map(len, bursts), default=0)):
        chosen = {row: found[place] for row, found in enumerate(bursts) if place < len(found)}
        medians, sums = forecast(parts.without_bursts(chosen), horizon)
        for row, burst in chosen.items():
            out[row].append(BurstOcclusion(burst, medians[row], float(sums[row])))
    return out
