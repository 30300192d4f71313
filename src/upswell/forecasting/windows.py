"""Windows of a backtest: the values of a panel around a cutoff, and the paths of the total."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data import Panel, Tree, node_values

__all__ = ["SeriesValues", "TotalWindow", "Watch"]


@dataclass(frozen=True)
class TotalWindow:
    """The total in one window: what was known, what was forecast, and what then happened.

    Parameters
    ----------
    model
        Name of the forecaster.
    cutoff
        Days known at the cutoff.
    history
        The total up to there, shape ``(cutoff,)``, NaN where missing.
    paths
        Shape ``(P, H)``.
    actual
        Shape ``(H,)``, NaN where missing.
    """

    model: str
    cutoff: int
    history: NDArray[np.float64]
    paths: NDArray[np.float64]
    actual: NDArray[np.float64]


Watch = Callable[[TotalWindow], None]
"""Takes each window of each forecaster as soon as it is done."""


@dataclass(frozen=True)
class SeriesValues:
    """Values by day of all series of a panel, found by level and name."""

    values: NDArray[np.float64]
    index: dict[tuple[str, str], int]

    @classmethod
    def of(cls, panel: Panel) -> SeriesValues:
        """Take the values of a panel."""
        tree = Tree.of_panel(panel)
        return cls(node_values(panel), {key: i for i, key in enumerate(_keys(tree))})

    @property
    def days(self) -> int:
        """Number of days."""
        return int(self.values.shape[1])

    def series(self, tree: Tree) -> NDArray[np.float64]:
        """Values of the series of a tree, in its order."""
        return self.values[[self.index[key] for key in _keys(tree)]]


def _keys(tree: Tree) -> list[tuple[str, str]]:
    """Level and name of each series: together they are unique."""
    return list(zip(tree.levels, tree.names, strict=True))
