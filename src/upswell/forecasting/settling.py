"""Settling: who answers for a panel, as its own windows shape and choose it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data import Tree
from upswell.forecasting._logscale import recent_mean
from upswell.forecasting.blending import Blend
from upswell.forecasting.evidence import Evidence, gather
from upswell.forecasting.history import History, MedianForecaster
from upswell.forecasting.naive import SeasonalNaive
from upswell.forecasting.protocol import Progress
from upswell.forecasting.registry import AUTO_NAME
from upswell.forecasting.relative_error import relative_errors
from upswell.forecasting.selection import Selection, select

__all__ = ["Settled", "settle"]

STUDIED_CATEGORIES = 20
STUDIED_CREATORS = 40


@dataclass(frozen=True)
class Settled:
    """Who answers for a panel, and the windows that say so.

    Parameters
    ----------
    chosen
        The forecaster of medians.
    selection
        Its name, and why.
    evidence
        The windows.
    studied
        Whose they are: places in the tree, ascending.
    """

    chosen: MedianForecaster
    selection: Selection
    evidence: Evidence
    studied: NDArray[np.int64]


def settle(
    name: str,
    forecaster: MedianForecaster,
    history: History,
    tree: Tree,
    *,
    horizon: int,
    seed: int,
    start: int,
    progress: Progress | None = None,
) -> Settled:
    """Let the windows of a panel's largest series say who answers for it.

    Parameters
    ----------
    name
        The name that was asked for. ``auto`` falls back on seasonal naive where the windows speak
        for it.
    forecaster
        The forecaster behind that name; the windows set the weights of a blend.
    history
        All series of the tree.
    tree
        The series.
    horizon, seed
        Of the forecast.
    start
        Number of the first day.
    progress
        Called with the name of a forecaster after each window.

    Examples
    --------
    >>> values = np.arange(40.0)[None] % 7
    >>> tree = Tree.of(("ana",), None)
    >>> history = History(tree.sums(values), np.arange(40) % 7)
    >>> found = settle(
    ...     "seasonal-naive", SeasonalNaive(), history, tree, horizon=7, seed=0, start=0
    ... )
    >>> found.chosen.name, found.studied.tolist()
    ('seasonal-naive', [0, 1])
    """
    studied = _studied(tree, history.values)
    known = history.select(studied)
    own = forecaster.for_days(history.days) if isinstance(forecaster, Blend) else forecaster
    members = own.members if isinstance(own, Blend) else (own,)
    asked = {f.name: f for f in (SeasonalNaive(), *members)}
    evidence = gather(known, tuple(asked.values()), horizon, seed, progress)
    evidence = evidence.without_what_was_taught(asked.values(), start)
    if isinstance(own, Blend):
        own = own.supported(evidence)
        evidence = own.tested(evidence)
    selection = _selection(name, own, evidence)
    chosen = own if selection.chosen == own.name else SeasonalNaive()
    return Settled(chosen, selection, evidence, studied)


def _studied(tree: Tree, values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Series whose windows are looked at: the total, the largest categories and creators."""
    size = recent_mean(values)
    first = tree.first_leaf

    def largest(low: int, high: int, count: int) -> NDArray[np.int64]:
        order = np.argsort(-size[low:high], kind="stable")[:count]
        return low + np.sort(order)

    categories = largest(1, first, STUDIED_CATEGORIES)
    creators = largest(first, tree.size, STUDIED_CREATORS)
    return np.concatenate([np.zeros(1, dtype=np.int64), categories, creators])


def _selection(name: str, forecaster: MedianForecaster, evidence: Evidence) -> Selection:
    described = forecaster.described() if isinstance(forecaster, Blend) else ""
    if name == AUTO_NAME:
        return select(evidence, forecaster.name, described)
    scores = relative_errors(evidence)
    why = f"asked for by name: {described}" if described else "asked for by name"
    return Selection(forecaster.name, why, scores, len(evidence.cutoffs))
