"""What a refit cost: the square of its log error, the hits it missed, the money it lost.

Each measure is a loss of each release with each seed, so that two refits can be compared release
by release; less is better.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.releases.auditing.refits import Refits

if TYPE_CHECKING:
    from upswell.releases.config import ReleasesConfig

__all__ = ["MEASURES", "Losses", "losses_of", "score_of"]

Floats = NDArray[np.float64]

RMSLE, RECALL, COST = "rmsle", "hit_recall", "cost"
MEASURES = (RMSLE, RECALL, COST)
"""The measures in their order: error, hits found, money."""

_HUNDRED = 100.0


@dataclass(frozen=True)
class Losses:
    """One measure of all refits.

    Parameters
    ----------
    measure
        Its name.
    items
        Positions of the releases that count, shape ``(K,)``: for the recall, the hits.
    by_variant
        By subject and role, the losses with each seed, shape ``(S, K)``.
    """

    measure: str
    items: NDArray[np.int64]
    by_variant: Mapping[tuple[str, str], Floats]


def losses_of(refits: Refits, config: ReleasesConfig) -> tuple[Losses, ...]:
    """Return the losses of all refits by each measure.

    - ``rmsle``: the square of the log error.
    - ``hit_recall``: 1 for each hit (a release of the top tier) that was not expected to be one,
      which is one whose median was expected below the bound of the top tier.
    - ``cost``: with ``[money]``, the profit that was not made: of each release that was expected to
      pay on average, the profit that it made, with its sign turned. Without, 1 for each release
      that was expected to be a hit and is none, or the other way round.

    Parameters
    ----------
    refits
        What was said.
    config
        Tiers and money.
    """
    bound = np.log1p(config.tiers.bounds[-1])
    hit = refits.truth >= bound - 1e-9
    every, hits = np.arange(len(hit)), np.flatnonzero(hit)
    found: list[Losses] = []
    for measure, items in ((RMSLE, every), (RECALL, hits), (COST, every)):
        own = {}
        for key, said in refits.said.items():
            if measure == RMSLE:
                own[key] = (said - refits.truth) ** 2
            elif measure == COST and config.money is not None:
                own[key] = -_profit(refits, key, config)
            else:
                own[key] = ((said >= bound) != hit).astype(np.float64)[:, items]
        found.append(Losses(measure, items, own))
    return tuple(found)


def _profit(refits: Refits, key: tuple[str, str], config: ReleasesConfig) -> Floats:
    """Return the profit of each release, 0 where it was not expected to pay on average."""
    money = config.money
    assert money is not None  # noqa: S101 - asked only with money
    # The mean of a lognormal; without a logarithm the mean itself was learned.
    more = 0.0 if key == ("raw", "changed") else refits.spread**2 / 2
    streams = np.exp(np.minimum(refits.said[key] + more, 40.0))
    promoted = money.value * money.uplift * streams > money.cost
    profit = money.value * money.uplift * np.expm1(refits.truth) - money.cost
    return np.where(promoted, profit, 0.0)


def score_of(measure: str, losses: Floats) -> float:
    """Return the score that losses add up to, as it is shown; NaN without a release.

    Examples
    --------
    >>> losses = np.array([[0.0, 0.0, 0.0, 1.0]])
    >>> [score_of(measure, losses) for measure in MEASURES]
    [0.5, 0.75, 25.0]
    """
    if not losses.size:
        return float("nan")
    mean = float(losses.mean())
    if measure == RMSLE:
        return math.sqrt(mean)
    return 1.0 - mean if measure == RECALL else _HUNDRED * mean
