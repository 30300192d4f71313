"""Shapley values of trees for many rows at once, exact, without a walk for each row.

The libraries walk each tree anew for each row, in time that grows with the square of the depth.
Here a tree is taken in parts of few tests. What a part adds to the value of a feature depends only
on which features above it a row satisfies and on how these tests come out, of which even thousands
of rows show few combinations: each is reckoned once, and the rows take theirs.

With ``o`` for satisfied (1 or 0) and ``z`` for the share of training that goes the leaf's way, what
feature ``i`` gets of a leaf of value ``v`` is ``v (o_i - z_i)`` times the integral over ``t`` from
0 to 1 of the product over the other features of ``t o_j + (1 - t) z_j``: a polynomial, for which a
Gauss-Legendre rule of half as many nodes is exact. Leaves below an edge share its factor, so one
way down and up says it for all (Yu, Xu, Bifet and Read 2022, who interpolate in place of the rule).
This is the path-dependent value of Lundberg, Erion and Lee (2018), as LightGBM gives it by
``predict(pred_contrib=True)`` and CatBoost by ``ShapValues``; tests hold them together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, reduce
from operator import mul

import numpy as np
from numpy.typing import NDArray

from upswell.releases.models._array_tree import ArrayTree

__all__ = ["shares_of_trees"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

State = tuple[Floats, float]
"""Of a feature on a path: whether each kind of row satisfies it, and the share of training that
did."""

_TOGETHER = 16_384
_MOST_TESTS = 8
"""Tests of a part."""

_MOST_MARKED = 1 << 18
"""Codes up to which those that occur are marked in a row, not sorted."""


@dataclass(frozen=True)
class _Part:
    """A node whose leaves are gone through together, and what leads to it.

    Parameters
    ----------
    node
        The node, or a leaf by its negative number.
    path
        The features above it, and the share of training that went this way by each.
    met
        Which rows satisfy each of them.
    """

    node: int
    path: dict[int, float]
    met: dict[int, Flags]


def shares_of_trees(trees: tuple[ArrayTree, ...], matrix: Floats) -> Floats:
    """Return what each feature adds to the sum of some trees, shape ``(N, F + 1)``.

    Parameters
    ----------
    trees
        Of numbers only, without categories.
    matrix
        Shape ``(N, F)``, NaN where unknown.

    Returns
    -------
    numpy.ndarray
        The last column is what the trees give without knowing a feature.
    """
    count, width = matrix.shape
    answer = np.zeros((width + 1, count))
    for start in range(0, count, _TOGETHER):
        rows = slice(start, min(start + _TOGETHER, count))
        columns = np.ascontiguousarray(matrix[rows].T)
        for tree in trees:
            _add(tree, columns, answer[:, rows])
    answer[-1] = sum(tree.expected for tree in trees)
    return np.ascontiguousarray(answer.T)


def _add(tree: ArrayTree, columns: Floats, answer: Floats) -> None:
    """Add what one tree gives some rows to an answer of shape ``(F + 1, n)``."""
    if not len(tree.feature):
        return
    left = {
        node: tree.goes_left(node, columns[tree.feature[node]]) for node in set(tree.same_test)
    }
    target = np.empty(columns.shape[1])
    for part in _parts(tree, left):
        tests = tree.tests_below[part.node] if part.node >= 0 else ()
        place, kinds = _kinds([*part.met.values(), *(left[node] for node in tests)])
        for feature, values in _PartShares(tree, part, tests, kinds).found():
            np.take(values, place, out=target, mode="clip")
            answer[feature] += target


def _parts(tree: ArrayTree, left: dict[int, Flags]) -> Iterator[_Part]:
    """Yield the largest parts of a tree of few enough tests; they hold each leaf once."""
    waiting = [_Part(0, {}, {})]
    while waiting:
        part = waiting.pop()
        if part.node < 0 or len(tree.tests_below[part.node]) <= _MOST_TESTS:
            yield part
            continue
        feature, path = int(tree.feature[part.node]), part.path
        own, before = left[tree.same_test[part.node]], part.met.get(feature)
        for child, way, met in zip(
            tree.children(part.node), tree.ways(part.node), (own, ~own), strict=True
        ):
            if way > 0.0:
                both = met if before is None else met & before
                further = {**path, feature: path.get(feature, 1.0) * way}
                waiting.append(_Part(child, further, {**part.met, feature: both}))


def _kinds(flags: list[Flags]) -> tuple[Codes, Codes]:
    """Return the kind of each row by some flags, and the flags of each kind as bits."""
    codes = np.zeros(len(flags[0]), dtype=np.int64)
    for start in range(0, len(flags), 8):
        octet = np.zeros(len(codes), dtype=np.uint8)
        for bit, flag in enumerate(flags[start : start + 8]):
            octet |= flag.view(np.uint8) << np.uint8(bit)
        codes |= octet.astype(np.int64) << start
    size = 1 << len(flags)
    if size > _MOST_MARKED:
        kinds, place = np.unique(codes, return_inverse=True)
        return place, kinds
    there = np.zeros(size, dtype=np.bool_)
    there[codes] = True
    kinds = np.flatnonzero(there)
    places = np.empty(size, dtype=np.int64)
    places[kinds] = np.arange(len(kinds))
    return places[codes], kinds


@cache
def _rule(features: int) -> tuple[Floats, Floats]:
    """Return nodes and weights on 0 to 1, exact for polynomials of one degree less, as columns."""
    nodes, weights = np.polynomial.legendre.leggauss((features + 1) // 2)
    return (nodes[:, None] + 1.0) / 2.0, weights[:, None] / 2.0


class _PartShares:
    """What one part of a tree adds to features, for each of ``K`` kinds of rows."""

    def __init__(self, tree: ArrayTree, part: _Part, tests: tuple[int, ...], kinds: Codes) -> None:
        bits = ((kinds >> np.arange(len(part.path) + len(tests))[:, None]) & 1).astype(np.float64)
        self._tree, self._part = tree, part
        self._left = dict(zip(tests, bits[len(part.path) :], strict=True))
        self._path = {
            feature: (own, way) for (feature, way), own in zip(part.path.items(), bits, strict=False)
        }
        self._nodes, self._weights = _rule(min(tree.longest, len(bits)))
        self._rest = 1.0 - self._nodes
        self._shares: dict[int, Floats] = {}

    def found(self) -> Iterator[tuple[int, Floats]]:
        """Yield features and what is added to them, shape ``(K,)``."""
        factors = [self._factor(state) for state in self._path.values()]
        total = self._below(self._part.node, reduce(mul, factors, self._weights), self._path)
        for (feature, state), factor in zip(self._path.items(), factors, strict=True):
            self._share(feature, state, (total / factor).sum(axis=0))
        yield from self._shares.items()

    def _below(self, node: int, product: Floats, path: dict[int, State]) -> Floats:
        """Return the sum over leaves of value and product, shape ``(nodes, K)``; note the shares."""
        tree = self._tree
        if node < 0:
            return product * tree.value[~node]
        feature, left = int(tree.feature[node]), self._left[tree.same_test[node]]
        before = path.get(feature)
        if before is not None:
            product = product / self._factor(before)
        total, alone = np.zeros(1), None
        for child, way, own in zip(
            tree.children(node), tree.ways(node), (left, 1.0 - left), strict=True
        ):
            if way == 0.0:
                continue
            state = (own, way) if before is None else (before[0] * own, before[1] * way)
            factor = self._factor(state)
            if child < 0:
                value = tree.value[~child]
                alone = product.sum(axis=0) if alone is None else alone
                self._share(feature, state, value * alone)
                total = total + product * (value * factor)
            else:
                found = self._below(child, product * factor, {**path, feature: state})
                self._share(feature, state, (found / factor).sum(axis=0))
                total = total + found
        if before is not None:
            # The leaves below belong to the later edge.
            self._share(feature, before, -(total / self._factor(before)).sum(axis=0))
        return total

    def _factor(self, state: State) -> Floats:
        """Return what a feature multiplies by, shape ``(nodes, K)``."""
        met, way = state
        return np.asarray(self._nodes * met + self._rest * way)

    def _share(self, feature: int, state: State, rest: Floats) -> None:
        """Add to a feature, once it is known what the others come to."""
        met, way = state
        share = (met - way) * rest
        found = self._shares.get(feature)
        self._shares[feature] = share if found is None else found + share
