"""The trees of a LightGBM text model, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["TextTree", "trees_of_text"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_CATEGORY, _DEFAULT_LEFT = 1, 2
_ZERO, _NAN = 1, 2
_TINY = 1e-35
"""Values up to which LightGBM takes a number for zero."""


@dataclass(frozen=True)
class TextTree:
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


def trees_of_text(text: str) -> tuple[TextTree, ...] | None:
    """Return the trees of a model; None where it has some of another kind than numbers ask for.

    Parameters
    ----------
    text
        What `lightgbm.Booster.model_to_string` gave.
    """
    body = text.split("\nend of trees", 1)[0]
    trees = []
    for part in body.split("\nTree=")[1:]:
        fields = dict(line.split("=", 1) for line in part.splitlines()[1:] if "=" in line)
        if fields.get("num_cat", "0") != "0" or fields.get("is_linear", "0") != "0":
            return None
        trees.append(_tree(fields))
    return tuple(trees)


def _tree(fields: Mapping[str, str]) -> TextTree:
    def numbers(name: str) -> Floats:
        return np.array(fields.get(name, "").split(), dtype=np.float64)

    def integers(name: str) -> Integers:
        return np.array(fields.get(name, "").split(), dtype=np.int64)

    alone = int(fields["num_leaves"]) == 1
    return TextTree(
        feature=integers("split_feature")[: 0 if alone else None],
        threshold=numbers("threshold"),
        kind=integers("decision_type"),
        left=integers("left_child"),
        right=integers("right_child"),
        node_count=numbers("internal_count"),
        leaf_count=numbers("leaf_count"),
        value=numbers("leaf_value"),
    )
