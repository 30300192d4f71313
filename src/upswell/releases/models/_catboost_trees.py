"""The trees of a CatBoost model, as arrays."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.releases.models._array_tree import NAN_LEFT, NAN_RIGHT, ArrayTree

if TYPE_CHECKING:
    import catboost

__all__ = ["CatBoostTrees", "catboost_trees"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CatBoostTrees:
    """Trees whose sum, times a scale and beside a bias, is what the model answers.

    CatBoost compares features in single precision: so must who asks the trees.
    """

    trees: tuple[ArrayTree, ...]
    scale: float
    bias: float


def catboost_trees(model: catboost.CatBoost) -> CatBoostTrees | None:
    """Return the trees of a model; None where it has some of another kind than numbers ask for.

    They are read from CatBoost's JSON, which has all digits: trees of the same test at all nodes of
    one depth (https://catboost.ai/docs/en/concepts/json-format).

    Parameters
    ----------
    model
        A fitted model of one answer.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        told = json.loads(path.read_bytes())
    inputs = told["features_info"]
    if set(inputs) != {"float_features"} or "oblivious_trees" not in told:
        return None
    features = {each["feature_index"]: each for each in inputs["float_features"]}
    scale, (bias, *more) = told["scale_and_bias"]
    trees = [_tree(each, features) for each in told["oblivious_trees"]]
    found = tuple(tree for tree in trees if tree is not None)
    if more or len(found) < len(trees):
        return None
    return CatBoostTrees(found, float(scale), float(bias))


def _tree(told: Mapping[str, Any], features: Mapping[int, Mapping[str, Any]]) -> ArrayTree | None:
    """Return a tree with its nodes in the order of depth; None where it does not fit."""
    # The first split is the lowest bit of a leaf's number, so the last is the root.
    splits = told["splits"][::-1]
    depth = len(splits)
    values, counts = (np.array(told[name], dtype=float) for name in ("leaf_values", "leaf_weights"))
    plain = all(split["split_type"] == "FloatFeature" for split in splits)
    # What nothing of the training reached has no share; it must say nothing either.
    if not plain or len(values) != 1 << depth or values[counts == 0.0].any():
        return None
    own = [features[split["float_feature_index"]] for split in splits]
    kinds = [NAN_RIGHT if each["nan_value_treatment"] == "AsTrue" else NAN_LEFT for each in own]
    times = 1 << np.arange(depth)
    inner = (1 << depth) - 1
    below = np.arange(1, 2 * inner + 1)
    below = np.where(below < inner, below, ~(below - inner))
    return ArrayTree(
        feature=np.repeat(np.array([each["flat_feature_index"] for each in own], int), times),
        threshold=np.repeat(np.array([split["border"] for split in splits], float), times),
        kind=np.repeat(np.array(kinds, int), times),
        left=below[::2],
        right=below[1::2],
        node_count=np.concatenate(
            [np.empty(0), *(counts.reshape(1 << level, -1).sum(axis=1) for level in range(depth))]
        ),
        leaf_count=counts,
        value=values,
    )
