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
"""Tests of a part: no more than an octet has bits."""


@dataclass(frozen=True)
class _Part:
    """A node whose leaves are gone through together, and what leads to it.

    Parameters
    ----------
    node
        The node, or a leaf by its negative number.
    path
        Of each feature above it, which of the ``K`` kinds of rows satisfy it, and the share of
        training that did.
    kind
        The kind of each row.
    count
        Number of kinds, ``K``.
    """

    node: int
    path: dict[int, State]
    kind: Codes
    count: int


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
        tests = _Tests(np.ascontiguousarray(matrix[rows].T))
        for tree in trees:
            _add(tree, tests, answer[:, rows])
    answer[-1] = sum(tree.expected for tree in trees)
    return np.ascontiguousarray(answer.T)


class _Tests:
    """How the tests of some trees come out for ``n`` rows; most are met in several trees."""

    def __init__(self, columns: Floats) -> None:
        self._columns = columns
        self._known: dict[tuple[int, float, int], Flags] = {}

    def left(self, tree: ArrayTree, node: int) -> Flags:
        """Return which rows go left at a node."""
        test = tree.tests[node]
        found = self._known.get(test)
        if found is None:
            found = self._known[test] = tree.goes_left(node, self._columns[test[0]])
        return found

    @property
    def rows(self) -> int:
        """Number of rows, ``n``."""
        return int(self._columns.shape[1])


def _add(tree: ArrayTree, tests: _Tests, answer: Floats) -> None:
    """Add what one tree gives some rows to an answer of shape ``(F + 1, n)``."""
    if not len(tree.feature):
        return
    target = np.empty(tests.rows)
    for part in _parts(tree, tests):
        below = tree.tests_below[part.node] if part.node >= 0 else ()
        kind, kinds = _kinds(part, [tests.left(tree, node) for node in below])
        for feature, values in _PartShares(tree, part, below, kinds).found():
            np.take(values, kind, out=target, mode="clip")
            answer[feature] += target


def _parts(tree: ArrayTree, tests: _Tests) -> Iterator[_Part]:
    """Yield the largest parts of a tree of few enough tests; they hold each leaf once."""
    waiting = [_Part(0, {}, np.zeros(tests.rows, dtype=np.int64), 1)]
    while waiting:
        part = waiting.pop()
        if part.node < 0 or len(tree.tests_below[part.node]) <= _MOST_TESTS:
            yield part
            continue
        feature = int(tree.feature[part.node])
        kind, kinds = _kinds(part, [tests.left(tree, part.node)])
        path = {name: (met[kinds >> 1], way) for name, (met, way) in part.path.items()}
        left = (kinds & 1).astype(np.float64)
        for child, way, met in zip(
            tree.children(part.node), tree.ways(part.node), (left, 1.0 - left), strict=True
        ):
            if way > 0.0:
                state = _narrowed(path.get(feature), met, way)
                waiting.append(_Part(child, {**path, feature: state}, kind, len(kinds)))


def _kinds(part: _Part, flags: list[Flags]) -> tuple[Codes, Codes]:
    """Tell the kinds of rows of a part further apart by some flags, eight at most.

    Returns
    -------
    numpy.ndarray
        The new kind of each row, shape ``(n,)``.
    numpy.ndarray
        Of each new kind the old one, and by lower bits its flags.
    """
    octet = np.zeros(len(part.kind), dtype=np.uint8)
    for bit, flag in enumerate(flags):
        octet |= flag.view(np.uint8) << np.uint8(bit)
    codes = (part.kind << len(flags)) | octet
    there = np.zeros(part.count << len(flags), dtype=np.bool_)
    there[codes] = True
    kinds = np.flatnonzero(there)
    places = np.empty(len(there), dtype=np.int64)
    places[kinds] = np.arange(len(kinds))
    return places[codes], kinds


def _narrowed(before: State | None, met: Floats, way: float) -> State:
    """Return the state of a feature after a further test of it."""
    return (met, way) if before is None else (before[0] * met, before[1] * way)


@cache
def _rule(features: int) -> tuple[Floats, Floats]:
    """Return nodes and weights on 0 to 1, exact for polynomials of one degree less, as columns."""
    nodes, weights = np.polynomial.legendre.leggauss((features + 1) // 2)
    return (nodes[:, None] + 1.0) / 2.0, weights[:, None] / 2.0


class _PartShares:
    """What one part of a tree adds to features, for each of ``K`` kinds of rows."""

    def __init__(self, tree: ArrayTree, part: _Part, below: tuple[int, ...], kinds: Codes) -> None:
        self._tree, self._part = tree, part
        self._left = {
            node: ((kinds >> bit) & 1).astype(np.float64) for bit, node in enumerate(below)
        }
        old = kinds >> len(below)
        self._path = {name: (met[old], way) for name, (met, way) in part.path.items()}
        self._nodes, self._weights = _rule(min(tree.longest, len(part.path) + len(below)))
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
        """Return the sum over leaves of value and product, ``(nodes, K)``; note the shares."""
        tree = self._tree
        if node < 0:
            return np.asarray(product * tree.value[~node])
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
            state = _narrowed(before, own, way)
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
