"""Coherent paths: on every path creators sum to categories and to the total."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upswell.data.tree import Tree

__all__ = ["make_coherent"]


def make_coherent(paths: NDArray[np.float64], tree: Tree) -> NDArray[np.float64]:
    """Scale children to their parent, path by path and day by day, from the total down.

    The total keeps the distribution that was calibrated for it; a child keeps its share among
    its siblings on that path.

    Parameters
    ----------
    paths
        Shape ``(P, S, H)``, not negative; changed in place.
    tree
        The tree of the ``S`` series.

    Returns
    -------
    numpy.ndarray
        Shape ``(P, S, H)``; each sum agrees with its parts to rounding.

    References
    ----------
    Top-down with forecast proportions: Athanasopoulos, Ahmed & Hyndman (2009), here on paths.

    Examples
    --------
    >>> tree = Tree.of(("a", "b"), None)
    >>> make_coherent(np.array([[[12.0], [1.0], [3.0]]]), tree)[0, :, 0].tolist()
    [12.0, 3.0, 9.0]
    """
    for parent in range(tree.first_leaf):
        children = np.flatnonzero(tree.parents == parent)
        if len(children) == 0:
            continue
        total = paths[:, children].sum(axis=1)
        none = total <= 0.0
        # Shares first: the ratio of the parent to children close to zero could overflow.
        paths[:, children] /= np.where(none, 1.0, total)[:, None]
        paths[:, children] *= np.where(none, 0.0, paths[:, parent])[:, None]
        if none.any():
            _share_out(paths, parent, children, none)
    return tree.sums(paths[:, tree.first_leaf :])


def _share_out(
    paths: NDArray[np.float64],
    parent: int,
    children: NDArray[np.int64],
    none: NDArray[np.bool_],
) -> None:
    """Give the parent's value to children that are all zero there, by their mean shares."""
    share = paths[:, children].mean(axis=(0, 2))
    share = share / share.sum() if share.sum() > 0 else np.full(len(children), 1 / len(children))
    given = np.where(none, paths[:, parent], 0.0)
    paths[:, children] += share[None, :, None] * given[:, None]
