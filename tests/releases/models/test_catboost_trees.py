"""Shapley values of CatBoost's trees are those that CatBoost gives."""

from __future__ import annotations

import catboost
import numpy as np
import pytest

from upswell.releases.models._catboost_trees import catboost_trees
from upswell.releases.models._tree_shares import shares_of_trees


def taught(**others: object) -> tuple[catboost.CatBoost, np.ndarray]:
    rng = np.random.default_rng(5)
    # Few features, so that trees ask of one twice, and leaves that no row reaches.
    matrix = rng.normal(size=(300, 4))
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    target = np.nan_to_num(matrix[:, 0]) * 3 + np.nan_to_num(matrix[:, 1]) ** 2 + 10
    settings = {"iterations": 20, "depth": 5, "thread_count": 1, **others}
    model = catboost.CatBoostRegressor(
        verbose=False, allow_writing_files=False, random_seed=1, **settings
    )
    return model.fit(matrix, target), matrix


@pytest.mark.parametrize(
    "others", [{}, {"nan_mode": "Max"}, {"depth": 1}, {"depth": 7}, {"boost_from_average": False}]
)
def test_they_are_those_of_catboost(others: dict[str, object]) -> None:
    model, matrix = taught(**others)
    told = catboost_trees(model)
    assert told is not None
    found = shares_of_trees(told.trees, matrix.astype(np.float32).astype(float)) * told.scale
    found[:, -1] += told.bias
    native = model.get_feature_importance(catboost.Pool(matrix), type="ShapValues")
    np.testing.assert_allclose(found, native, atol=1e-10)
    np.testing.assert_allclose(found.sum(axis=1), model.predict(matrix), atol=1e-10)


def test_some_trees_ask_twice_and_have_leaves_that_none_reached() -> None:
    told = catboost_trees(taught()[0])
    assert told is not None
    assert any(tree.longest < 5 for tree in told.trees)
    assert any((tree.leaf_count == 0).any() for tree in told.trees)


def test_trees_of_another_kind_are_left_to_catboost() -> None:
    assert catboost_trees(taught(grow_policy="Depthwise")[0]) is None
