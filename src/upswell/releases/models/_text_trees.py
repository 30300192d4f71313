"""The trees of a LightGBM text model, as arrays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from upswell.releases.models._array_tree import ArrayTree

__all__ = ["trees_of_text"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def trees_of_text(text: str) -> tuple[ArrayTree, ...] | None:
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


def _tree(fields: Mapping[str, str]) -> ArrayTree:
    def numbers(name: str) -> Floats:
        return np.array(fields.get(name, "").split(), dtype=np.float64)

    def integers(name: str) -> Integers:
        return np.array(fields.get(name, "").split(), dtype=np.int64)

    alone = int(fields["num_leaves"]) == 1
    return ArrayTree(
        feature=integers("split_feature")[: 0 if alone else None],
        threshold=numbers("threshold"),
        kind=integers("decision_type"),
        left=integers("left_child"),
        right=integers("right_child"),
        node_count=numbers("internal_count"),
        leaf_count=numbers("leaf_count"),
        value=numbers("leaf_value"),
    )
