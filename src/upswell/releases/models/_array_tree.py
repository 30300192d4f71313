"""A tree of yes-or-no tests as arrays, whichever library grew it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["NAN_LEFT", "NAN_RIGHT", "ArrayTree"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_DEFAULT_LEFT = 2
_ZERO, _NAN = 1, 2
NAN_LEFT, NAN_RIGHT = (_NAN << 2) | _DEFAULT_LEFT, _NAN << 2
"""Kinds of nodes where what is missing is not a number, and where it goes."""

_TINY = 1e-35
"""Values up to which LightGBM takes a number for zero."""


@dataclass(frozen=True)
class ArrayTree:
    """A tree of ``L`` leaves and ``L - 1`` nodes; a negative child is the leaf ``~child``.

    Parameters
    ----------
    feature, threshold, kind
        Of each node: a row goes left when the feature is not above the threshold; ``kind`` has
        LightGBM's bits for what is missing and where it goes.
    left, right
        Children of each node.
    node_count, leaf_count
        Rows of training at each.
    value
        Of each leaf.
    """

    feature: Integers
    threshold: Floats
    kind: Integers
    left: Integers
    right: Integers
    node_count: Floats
    leaf_count: Floats
    value: Floats

    @property
    def expected(self) -> float:
        """The mean value of the leaves by the rows of training."""
        if not len(self.feature):
            return float(self.value[0])
        return float(self.value @ self.leaf_count / self.leaf_count.sum())

    @cached_property
    def tests(self) -> tuple[tuple[int, float, int], ...]:
        """Feature, threshold and kind of each node."""
        own = (self.feature.tolist(), self.threshold.tolist(), self.kind.tolist())
        return tuple(zip(*own, strict=True))

    @cached_property
    def same_test(self) -> tuple[int, ...]:
        """The first node with the test of each node, which stands for all with it."""
        first: dict[tuple[int, float, int], int] = {}
        return tuple(first.setdefault(test, node) for node, test in enumerate(self.tests))

    @cached_property
    def tests_below(self) -> tuple[tuple[int, ...], ...]:
        """The tests at and below each node, by the first node with each, ascending."""
        found: list[frozenset[int]] = [frozenset()] * len(self.feature)
        for node in self._upwards():
            below = (found[child] for child in self.children(node) if child >= 0)
            found[node] = frozenset({self.same_test[node]}).union(*below)
        return tuple(tuple(sorted(each)) for each in found)

    @cached_property
    def longest(self) -> int:
        """The most features on a path."""
        most, waiting = 0, [(0, frozenset[int]())] if len(self.feature) else []
        while waiting:
            node, path = waiting.pop()
            if node < 0:
                most = max(most, len(path))
            else:
                further = path | {int(self.feature[node])}
                waiting += [(child, further) for child in self.children(node)]
        return most

    def children(self, node: int) -> tuple[int, int]:
        """Return what is left and right of a node."""
        return int(self.left[node]), int(self.right[node])

    def ways(self, node: int) -> tuple[float, float]:
        """Return the shares of the training at a node that went left and right."""
        whole = self.count_of(node)
        left, right = (self.count_of(child) / whole for child in self.children(node))
        return left, right

    def _upwards(self) -> list[int]:
        """Return the nodes, each after its children."""
        order = [0] if len(self.feature) else []
        for node in order:
            order += [child for child in self.children(node) if child >= 0]
        return order[::-1]

    def count_of(self, place: int) -> float:
        """Return the rows of training at a node, or at a leaf by its negative number."""
        return float(self.leaf_count[~place] if place < 0 else self.node_count[place])

    def goes_left(self, node: int, values: Floats) -> NDArray[np.bool_]:
        """Return which rows go left at a node, by the rules of LightGBM for what is missing."""
        kind = int(self.kind[node])
        missing = (kind >> 2) & 3
        unknown = np.isnan(values)
        if missing == _NAN:
            absent = unknown
        else:
            values = np.where(unknown, 0.0, values)
            absent = np.abs(values) <= _TINY if missing == _ZERO else np.zeros_like(unknown)
        below: NDArray[np.bool_] = values <= self.threshold[node]
        return np.where(absent, bool(kind & _DEFAULT_LEFT), below)
