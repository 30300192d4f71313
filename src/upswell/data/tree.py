"""The tree total > category > creator, and its sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from upswell.data.panel import Panel

__all__ = ["LEVELS", "Tree"]

LEVELS = ("total", "category", "creator")


@dataclass(frozen=True)
class Tree:
    """The series of a panel with their sums: the total, then categories, then creators.

    Parameters
    ----------
    names
        Name of each of the ``S`` series; the first is ``total``.
    levels
        ``total``, ``category`` or ``creator`` for each series.
    parents
        Index of the parent of each series, shape ``(S,)``; -1 for the total.

    Examples
    --------
    >>> tree = Tree.of(("a", "b", "c"), ("x", "y", "x"))
    >>> list(zip(tree.names, tree.levels, tree.parents.tolist()))[:3]
    [('total', 'total', -1), ('x', 'category', 0), ('y', 'category', 0)]
    >>> tree.parents[3:].tolist()
    [1, 2, 1]
    """

    names: tuple[str, ...]
    levels: tuple[str, ...]
    parents: NDArray[np.int64]

    @classmethod
    def of(cls, items: tuple[str, ...], groups: tuple[str, ...] | None) -> Tree:
        """Build the tree of items and their categories; categories are in order of appearance."""
        categories = tuple(dict.fromkeys(groups)) if groups is not None else ()
        position = {name: 1 + i for i, name in enumerate(categories)}
        above = [position[g] for g in groups] if groups is not None else [0] * len(items)
        return cls(
            names=("total", *categories, *items),
            levels=("total",) + ("category",) * len(categories) + ("creator",) * len(items),
            parents=np.array([-1] + [0] * len(categories) + above, dtype=np.int64),
        )

    @classmethod
    def of_panel(cls, panel: Panel) -> Tree:
        """Build the tree of a panel."""
        return cls.of(panel.items, panel.groups)

    @property
    def size(self) -> int:
        """Number of series, ``S``."""
        return len(self.names)

    @property
    def first_leaf(self) -> int:
        """Index of the first creator; creators fill the end."""
        return self.levels.index("creator") if "creator" in self.levels else self.size

    def pruned(self, keep: NDArray[np.bool_]) -> Tree:
        """Return the tree of some of its series.

        Parameters
        ----------
        keep
            Shape ``(S,)``; a kept series needs a kept parent.

        Examples
        --------
        >>> tree = Tree.of(("a", "b"), ("x", "y"))
        >>> tree.pruned(np.array([True, False, True, False, True])).names
        ('total', 'y', 'b')
        """
        index = np.flatnonzero(keep)
        position = np.full(self.size + 1, -1)
        position[index] = np.arange(len(index))
        return Tree(
            names=tuple(self.names[i] for i in index),
            levels=tuple(self.levels[i] for i in index),
            parents=position[self.parents[index]],
        )

    def sums(self, leaves: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum creators to categories and the total.

        Parameters
        ----------
        leaves
            Values of the creators, shape ``(..., N, D)``.

        Returns
        -------
        numpy.ndarray
            Values of all series, shape ``(..., S, D)``. NaN spreads to the sums.
        """
        first = self.first_leaf
        out = np.zeros((*leaves.shape[:-2], self.size, leaves.shape[-1]), dtype=leaves.dtype)
        out[..., first:, :] = leaves
        for index in range(1, first):
            members = np.flatnonzero(self.parents[first:] == index)
            out[..., index, :] = leaves[..., members, :].sum(axis=-2)
        out[..., 0, :] = leaves.sum(axis=-2)
        return out
