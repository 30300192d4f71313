"""Shapley values of LightGBM's trees for many rows at once, exact, without its recursion.

LightGBM walks each tree anew for each row, in time that grows with the square of the depth. Here
all rows go through a leaf together. A leaf adds to the value of a feature only by which of the
``d`` features on its path a row satisfies, so a table of ``2^d`` patterns says all that it can add.
With ``o`` for satisfied (1 or 0) and ``z`` for the share of training that goes the leaf's way, what
feature ``i`` gets of a leaf of value ``v`` is ``v (o_i - z_i)`` times the integral over ``t`` from
0 to 1 of the product over the other features of ``t o_j + (1 - t) z_j``: a polynomial, for which a
Gauss-Legendre rule of half as many nodes is exact. This is the path-dependent value of Lundberg,
Erion and Lee (2018), as ``predict(pred_contrib=True)`` gives it; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from upswell.releases.models._text_trees import TextTree

__all__ = ["shares_of_trees"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_TOGETHER = 16_384
_TREES = 8
_MOST_TABLED = 11
"""Features on a path up to which all patterns are reckoned beforehand."""


@dataclass(frozen=True)
class _Leaf:
    """A leaf: the features on its path, the share of training that went its way, its value.

    Two leaves of one node whose feature is new on the path stand as one: the last feature is
    satisfied for the left leaf and not for its twin, so that one table serves both.
    """

    place: int
    features: tuple[int, ...]
    ways: tuple[float, ...]
    value: float
    twin: float | None = None


def shares_of_trees(trees: tuple[TextTree, ...], matrix: Floats) -> Floats:
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
    columns = np.ascontiguousarray(matrix.T)
    answer = np.zeros((width + 1, count))
    for first in range(0, len(trees), _TREES):
        some = trees[first : first + _TREES]
        leaves = [list(_leaves(tree)) for tree in some]
        tables = _tables(leaves)
        for tree, own, told in zip(some, leaves, tables, strict=True):
            answer[-1] += tree.expected
            for start in range(0, count, _TOGETHER):
                rows = slice(start, min(start + _TOGETHER, count))
                _add(tree, own, told, columns[:, rows], answer[:, rows])
    return np.ascontiguousarray(answer.T)


def _add(
    tree: TextTree, leaves: list[_Leaf], tables: dict[int, Floats], columns: Floats, answer: Floats
) -> None:
    """Add what one tree gives some rows to an answer of shape ``(F + 1, n)``."""
    patterns = _patterns(tree, columns)
    target = np.empty(columns.shape[1])
    for leaf in leaves:
        own, table = patterns[leaf.place], tables.get(leaf.place)
        if table is None:
            own, table = _few(leaf, own)
        for feature, values in zip(leaf.features, table, strict=True):
            np.take(values, own, out=target, mode="clip")
            answer[feature] += target


def _leaves(tree: TextTree) -> Iterator[_Leaf]:
    """Yield the leaves with their paths; a feature that is met twice stands once."""
    if not len(tree.feature):
        return
    waiting: list[tuple[int, dict[int, float]]] = [(0, {})]
    while waiting:
        node, path = waiting.pop()
        feature = int(tree.feature[node])
        twins = _are_twins(tree, node, tuple(path))
        for child in (int(tree.left[node]), int(tree.right[node])):
            way = tree.count_of(child) / tree.count_of(node)
            further = {**path, feature: path.get(feature, 1.0) * way}
            if child >= 0:
                waiting.append((child, further))
                continue
            twin = float(tree.value[~int(tree.right[node])]) if twins else None
            yield _Leaf(
                ~child, tuple(further), tuple(further.values()), float(tree.value[~child]), twin
            )
            if twins:
                break


def _are_twins(tree: TextTree, node: int, path: tuple[int, ...]) -> bool:
    """Say whether both children of a node are leaves that one table can serve."""
    both = int(tree.left[node]) < 0 and int(tree.right[node]) < 0
    return both and int(tree.feature[node]) not in path and len(path) < _MOST_TABLED


def _patterns(tree: TextTree, columns: Floats) -> dict[int, NDArray[np.int64]]:
    """Return, of each leaf, which features on its path each row satisfies, as bits."""
    found: dict[int, NDArray[np.int64]] = {}
    if not len(tree.feature):
        return found
    start = np.zeros(columns.shape[1], dtype=np.int64)
    waiting: list[tuple[int, tuple[int, ...], NDArray[np.int64]]] = [(0, (), start)]
    while waiting:
        node, path, bits = waiting.pop()
        feature = int(tree.feature[node])
        left = tree.goes_left(node, columns[feature])
        further = path if feature in path else (*path, feature)
        bit = np.int64(1 << further.index(feature))
        twins = _are_twins(tree, node, path)
        for child, met in ((int(tree.left[node]), left), (int(tree.right[node]), ~left)):
            own = bits & np.where(met, -1, ~bit) if feature in path else bits | (met * bit)
            if child >= 0:
                waiting.append((child, further, own))
                continue
            found[~child] = own
            if twins:
                break
    return found


@cache
def _rule(features: int) -> tuple[Floats, Floats]:
    """Return nodes and weights on 0 to 1, exact for polynomials of one degree less."""
    nodes, weights = np.polynomial.legendre.leggauss((features + 1) // 2)
    return (nodes + 1.0) / 2.0, weights / 2.0


def _tables(leaves: list[list[_Leaf]]) -> list[dict[int, Floats]]:
    """Return, of each leaf of each tree, what each pattern adds to each feature: ``(d, 2^d)``."""
    by_size: dict[int, list[tuple[int, _Leaf]]] = {}
    for tree, group in enumerate(leaves):
        for leaf in group:
            if len(leaf.features) <= _MOST_TABLED:
                by_size.setdefault(len(leaf.features), []).append((tree, leaf))
    found: list[dict[int, Floats]] = [{} for _ in leaves]
    for placed in by_size.values():
        own = [leaf for _, leaf in placed]
        ways, values = np.array([leaf.ways for leaf in own]), np.array([leaf.value for leaf in own])
        tables = _all_patterns(ways, values)
        pairs = [place for place, leaf in enumerate(own) if leaf.twin is not None]
        if pairs:
            ways[:, -1] = 1.0 - ways[:, -1]
            twins = np.array([leaf.twin for leaf in own if leaf.twin is not None])
            others = _all_patterns(ways[pairs], twins)
            # The last feature has the highest bit; the twin is there where it is not satisfied.
            halves = others.reshape(*others.shape[:2], 2, -1)[:, :, ::-1]
            tables[pairs] += halves.reshape(others.shape)
        for (tree, leaf), table in zip(placed, tables, strict=True):
            found[tree][leaf.place] = table
    return found


def _all_patterns(ways: Floats, values: Floats) -> Floats:
    """Return what all patterns add, shape ``(L, d, 2^d)``, for ``L`` leaves of ``d`` features.

    Half of the features make the rows and half the columns of a product of matrices over the nodes.
    """
    count, size = ways.shape
    nodes, weights = _rule(size)
    # Of each feature: not satisfied, satisfied.
    factor = nodes * np.array([0.0, 1.0])[:, None] + (1.0 - nodes) * ways[:, :, None, None]
    lone = np.broadcast_to(
        np.stack([-ways, 1.0 - ways], axis=2)[..., None], (count, size, 2, len(nodes))
    )
    half = size // 2
    low, high = range(half), range(half, size)
    every_low = _product(factor, lone, low, None)
    every_high = _product(factor, lone, high, None) * (weights * values[:, None, None])
    answer = np.empty((count, size, 2 ** (size - half), 2**half))
    for own in low:
        other = _product(factor, lone, low, own)
        np.matmul(every_high, other.transpose(0, 2, 1), out=answer[:, own])
    for own in high:
        other = _product(factor, lone, high, own) * (weights * values[:, None, None])
        np.matmul(other, every_low.transpose(0, 2, 1), out=answer[:, own])
    return answer.reshape(count, size, -1)


def _product(factor: Floats, lone: Floats, places: range, own: int | None) -> Floats:
    """Return products over some features for all their patterns, shape ``(L, 2^n, K)``."""
    count, _, _, nodes = factor.shape
    answer = np.ones((count, 1, nodes))
    for place in places:
        each = lone[:, place] if place == own else factor[:, place]
        answer = (each[:, :, None, :] * answer[:, None, :, :]).reshape(count, -1, nodes)
    return answer


def _few(leaf: _Leaf, patterns: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """Return, of a leaf with a long path, the patterns there are and what these add."""
    there, place = np.unique(patterns, return_inverse=True)
    size = len(leaf.features)
    met = ((there[:, None] >> np.arange(size)) & 1).astype(np.float64)
    nodes, weights = _rule(size)
    ways = np.array(leaf.ways)
    factor = nodes * met[:, :, None] + (1.0 - nodes) * ways[:, None]
    ones = np.ones((len(there), 1, len(nodes)))
    before = np.cumprod(np.concatenate([ones, factor[:, :-1]], axis=1), axis=1)
    after = np.cumprod(np.concatenate([ones, factor[:, :0:-1]], axis=1), axis=1)[:, ::-1]
    added = (met - ways) * ((before * after) @ weights) * leaf.value
    return place, np.ascontiguousarray(added.T)
