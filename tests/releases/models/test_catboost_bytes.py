"""CatBoost models give the same bytes whenever they are trained, and come back the same."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from catboost import CatBoostClassifier, CatBoostRegressor, Pool

from upswell.errors import BundleError
from upswell.releases.models.catboost_bytes import catboost_bytes, catboost_from_bytes

NAMES = ("views", "likes", "genre")


def rows() -> np.ndarray[Any, Any]:
    random = np.random.default_rng(1)
    answer = random.normal(size=(200, 3)).astype(object)
    answer[:, 2] = random.choice(["pop", "rap"], 200)
    return answer


def fitted(loss: str = "MultiQuantile:alpha=0.1,0.5,0.9", seed: int = 1) -> CatBoostRegressor:
    given = rows()
    model = CatBoostRegressor(
        iterations=12,
        depth=3,
        loss_function=loss,
        random_seed=seed,
        thread_count=1,
        verbose=False,
        allow_writing_files=False,
    )
    target = given[:, 0].astype(float) + (given[:, 2] == "rap")
    return model.fit(Pool(given, target, cat_features=[2], feature_names=list(NAMES)))


@pytest.mark.parametrize("loss", ["RMSE", "MultiQuantile:alpha=0.1,0.5,0.9"])
def test_two_trainings_a_second_apart_give_the_same_bytes(loss: str):
    first = fitted(loss)
    time.sleep(1.05)  # the time of training is kept to the second
    second = fitted(loss)
    assert first.get_metadata()["train_finish_time"] != second.get_metadata()["train_finish_time"]
    assert catboost_bytes(first) == catboost_bytes(second)
    assert catboost_bytes(fitted(loss, seed=2)) != catboost_bytes(first)


def test_the_model_itself_stays_as_it_was():
    model = fitted()
    before = dict(model.get_metadata().items())
    assert catboost_bytes(model) == catboost_bytes(model)
    assert dict(model.get_metadata().items()) == before


def test_a_model_comes_back_bit_for_bit():
    model = fitted()
    again = catboost_from_bytes(catboost_bytes(model), "regressor", NAMES)
    assert isinstance(again, CatBoostRegressor)
    np.testing.assert_array_equal(again.predict(rows()), model.predict(rows()))
    given = rows()
    classes = CatBoostClassifier(
        iterations=5, verbose=False, allow_writing_files=False, thread_count=1
    ).fit(given[:, :2].astype(float), given[:, 2] == "rap")
    back = catboost_from_bytes(catboost_bytes(classes), "classifier")
    assert isinstance(back, CatBoostClassifier)
    numbers = given[:, :2].astype(float)
    np.testing.assert_array_equal(back.predict_proba(numbers), classes.predict_proba(numbers))


def test_what_is_no_model_is_refused():
    data = catboost_bytes(fitted())
    for wrong in (b"", b"PAR1", b"CBM1", b"CBM1" + b"\xff" * 60, b"x" + data):
        with pytest.raises(BundleError):
            catboost_from_bytes(wrong, "regressor")
    with pytest.raises(BundleError, match="other features"):
        catboost_from_bytes(data, "regressor", ("views", "genre", "likes"))
