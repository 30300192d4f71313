"""Joint paths of the series of a tree whose quantiles a forecaster has said itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upswell.data.tree import Tree
from upswell.forecasting.error_model import ErrorModel
from upswell.forecasting.quantile_dependence import Dependence, dependence_of, kinship, scores
from upswell.forecasting.quantile_paths import marginals_of, paths_with
from upswell.forecasting.quantiles import Quantiles
from upswell.forecasting.sampling import PathMaker, Shocks

__all__ = ["SaidPaths"]

Floats = NDArray[np.float64]

# Where what was said of days, sum and peak cannot all be met, days give way less than the others.
YIELDING = 0.7


@dataclass(frozen=True)
class SaidPaths:
    """Series of a tree whose quantiles a forecaster has said itself.

    Parameters
    ----------
    name
        Of the forecaster.
    nodes
        Their indices in the tree, shape ``(S,)``.
    quantiles
        What was said of them.
    """

    name: str
    nodes: NDArray[np.int64]
    quantiles: Quantiles

    def makers(self, tree: Tree) -> dict[int, PathMaker]:
        """Return what makes the paths of each series of its shocks, by index in the tree.

        Those of sums are left at zero; `add_up` makes them.
        """
        places = np.flatnonzero(self.nodes >= tree.first_leaf)
        found = dependence_of(self.quantiles.select(places))
        makers: dict[int, PathMaker] = dict.fromkeys(self.nodes.tolist(), _nothing)
        for place, dependence in zip(places.tolist(), found, strict=True):
            makers[int(self.nodes[place])] = self._maker(place, dependence)
        return makers

    def related(self, errors: ErrorModel, tree: Tree) -> ErrorModel:
        """Return errors whose correlations with the parent follow what was said, too."""
        measured = errors.with_parent
        return replace(errors, with_parent=kinship(self.quantiles, self.nodes, tree, measured))

    def add_up(self, paths: Floats, tree: Tree) -> None:
        """Make the paths of sums out of those of their parts, in place.

        A sum takes its own quantiles in the order that the sums of its parts' paths have: so it
        keeps what was said of it, and its parts need to be scaled but little to add up to it.

        Parameters
        ----------
        paths
            Shape ``(P, S, H)``; those of creators are drawn.
        tree
            The tree.
        """
        places = np.flatnonzero(self.nodes < tree.first_leaf)
        for place in places[::-1].tolist():
            node = int(self.nodes[place])
            parts = paths[:, tree.parents == node].sum(axis=1)
            paths[:, node] = paths_with(
                parts, marginals_of(self.quantiles, place, len(paths)), YIELDING
            )

    def _maker(self, place: int, dependence: Dependence) -> PathMaker:
        def make(shocks: Shocks) -> Floats:
            marginals = marginals_of(self.quantiles, place, len(shocks.noise))
            return paths_with(scores(dependence, shocks), marginals, YIELDING)

        return make


def _nothing(shocks: Shocks) -> Floats:
    return np.zeros_like(shocks.noise)
