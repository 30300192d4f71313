"""Shapley values of trees for many rows: those of LightGBM, and of the definition."""

from __future__ import annotations

from itertools import permutations

import lightgbm
import numpy as np
import pytest

from upswell.releases.models import _tree_shares
from upswell.releases.models._array_tree import ArrayTree
from upswell.releases.models._text_trees import trees_of_text
from upswell.releases.models._tree_shares import shares_of_trees


def taught(
    leaves: int = 31, rows: int = 600, **others: object
) -> tuple[lightgbm.Booster, np.ndarray]:
    rng = np.random.default_rng(3)
    matrix = rng.normal(size=(rows, 8)).round(1)
    matrix[rng.random(matrix.shape) < 0.15] = np.nan
    target = np.nan_to_num(matrix[:, 0]) ** 2 + np.nan_to_num(matrix[:, 1] * matrix[:, 2])
    settings = {
        "verbosity": -1,
        "num_leaves": leaves,
        "min_data_in_leaf": 2,
        "num_threads": 1,
        "seed": 1,
        "deterministic": True,
        **others,
    }
    return lightgbm.train(settings, lightgbm.Dataset(matrix, target), num_boost_round=8), matrix


@pytest.mark.parametrize(
    ("leaves", "others"),
    [(2, {}), (31, {}), (120, {}), (31, {"extra_trees": True}), (31, {"zero_as_missing": True})],
)
@pytest.mark.parametrize("most", [0, 3, 8])
def test_they_are_those_of_lightgbm(
    leaves: int, others: dict[str, object], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_tree_shares, "_MOST_TESTS", most)
    monkeypatch.setattr(_tree_shares, "_TOGETHER", 77)
    booster, matrix = taught(leaves, **others)
    trees = trees_of_text(booster.model_to_string())
    assert trees is not None
    found = shares_of_trees(trees, matrix)
    np.testing.assert_allclose(found, booster.predict(matrix, pred_contrib=True), atol=1e-10)
    np.testing.assert_allclose(found.sum(axis=1), booster.predict(matrix), atol=1e-10)


def test_they_are_the_mean_gains_over_all_orders_of_the_features() -> None:
    tree = ArrayTree(
        feature=np.array([0, 1, 0]),
        threshold=np.array([0.0, 0.0, 1.0]),
        kind=np.array([2, 2, 2]),
        left=np.array([-1, -2, -3]),
        right=np.array([1, 2, -4]),
        node_count=np.array([10.0, 7.0, 4.0]),
        leaf_count=np.array([3.0, 3.0, 1.0, 3.0]),
        value=np.array([1.0, 5.0, -2.0, 8.0]),
    )

    def given(row: np.ndarray, known: set[int], node: int = 0) -> float:
        if node < 0:
            return float(tree.value[~node])
        feature, left, right = int(tree.feature[node]), int(tree.left[node]), int(tree.right[node])
        if feature in known:
            return given(row, known, left if row[feature] <= tree.threshold[node] else right)
        share = tree.count_of(left) / tree.count_of(node)
        return share * given(row, known, left) + (1 - share) * given(row, known, right)

    rows = np.array([[-1.0, 3.0], [0.5, -1.0], [2.0, 2.0], [0.5, 2.0]])
    found = shares_of_trees((tree,), rows)
    for row, shares in zip(rows, found, strict=True):
        gains = np.zeros(2)
        for order in permutations(range(2)):
            known: set[int] = set()
            for feature in order:
                before = given(row, known)
                known.add(feature)
                gains[feature] += (given(row, known) - before) / 2
        np.testing.assert_allclose(shares, [*gains, given(row, set())], atol=1e-12)
