"""What features add to models is the same for few rows and many, and for each kind of model."""

from __future__ import annotations

import catboost
import lightgbm
import numpy as np
import pytest

from upswell.releases.models import _model_shares
from upswell.releases.models._model_shares import shares_of_models
from upswell.releases.models._text_booster import TextBooster


def rows(count: int) -> np.ndarray:
    rng = np.random.default_rng(3)
    matrix = rng.normal(size=(count, 6)).round(1)
    matrix[rng.random(matrix.shape) < 0.15] = np.nan
    return matrix


def target_of(matrix: np.ndarray) -> np.ndarray:
    return np.nan_to_num(matrix[:, 0]) ** 2 + np.nan_to_num(matrix[:, 1] * matrix[:, 2])


def boosted(matrix: np.ndarray) -> lightgbm.Booster:
    settings = {"verbosity": -1, "num_threads": 1, "min_data_in_leaf": 2}
    return lightgbm.train(settings, lightgbm.Dataset(matrix, target_of(matrix)), 8)


def test_few_rows_and_many_get_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = rows(400)
    forest = catboost.CatBoostRegressor(
        iterations=10, depth=4, verbose=False, allow_writing_files=False, thread_count=1
    ).fit(matrix, target_of(matrix))
    booster = boosted(matrix)
    models = [forest, booster, TextBooster(booster.model_to_string()), 0.7]
    few = shares_of_models(models, [matrix[:50]] * 4)
    monkeypatch.setattr(_model_shares, "_MANY", 10)
    many = shares_of_models(models, [matrix[:50]] * 4)
    for one, other in zip(few, many, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)
    np.testing.assert_allclose(many[0].sum(axis=1), forest.predict(matrix[:50]), atol=1e-12)
    assert np.all(many[3] == [0.0] * 6 + [0.7])
    assert [each.shape for each in shares_of_models(models, [matrix[:0]] * 4)] == [(0, 7)] * 4


def test_models_with_categories_are_left_to_the_library() -> None:
    matrix = np.random.default_rng(1).integers(0, 5, (300, 2)).astype(float)
    data = lightgbm.Dataset(matrix, matrix[:, 0] == 2, categorical_feature=[0])
    booster = lightgbm.train({"verbosity": -1, "num_threads": 1}, data, num_boost_round=3)
    (found,) = shares_of_models([booster], [matrix])
    np.testing.assert_allclose(found, booster.predict(matrix, pred_contrib=True), atol=1e-12)
