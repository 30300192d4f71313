"""Texts become codes by what training saw; what it did not see is unknown."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from upswell.errors import BundleError, ColumnError
from upswell.releases.models.encoding import MOST_CATEGORIES, FeatureEncoder

FRAME = pl.DataFrame(
    {
        "views": [1.0, None, 3.0, 4.0],
        "genre": ["b", "a", None, "b"],
        "label": ["x", "y", "z", None],
    }
)


def test_numbers_stay_and_texts_are_coded_by_how_often_they_occur():
    encoder = FeatureEncoder.fit(FRAME)
    assert encoder.categories == {"genre": ("b", "a"), "label": ("x", "y", "z")}
    assert encoder.category_positions == [1, 2]
    nan = np.nan
    expected = [[1.0, 0.0, 0.0], [nan, 1.0, 1.0], [3.0, nan, 2.0], [4.0, 0.0, nan]]
    np.testing.assert_array_equal(encoder.matrix(FRAME), expected)


def test_the_order_of_rows_and_columns_does_not_matter():
    encoder = FeatureEncoder.fit(FRAME)
    assert FeatureEncoder.fit(FRAME.reverse()) == encoder
    turned = FRAME.select("label", "genre", "views", extra=pl.lit(1.0))
    np.testing.assert_array_equal(encoder.matrix(turned), encoder.matrix(FRAME))


def test_whole_numbers_and_truth_values_are_numbers():
    frame = pl.DataFrame({"days": [3, None], "first": [True, False]})
    found = FeatureEncoder.fit(frame).matrix(frame)
    np.testing.assert_array_equal(found, [[3.0, 1.0], [np.nan, 0.0]])


def test_rare_texts_beyond_the_most_are_unknown():
    texts = [f"t{i:03}" for i in range(MOST_CATEGORIES + 5)] + ["t204"]
    encoder = FeatureEncoder.fit(pl.DataFrame({"a": texts}))
    assert len(encoder.categories["a"]) == MOST_CATEGORIES
    assert encoder.categories["a"][0] == "t204"
    found = encoder.matrix(pl.DataFrame({"a": ["t204", "t000", "t203", None]}))[:, 0]
    np.testing.assert_array_equal(found, [0.0, 1.0, np.nan, np.nan])


def test_a_text_column_without_any_text_and_no_rows_at_all():
    empty = pl.DataFrame({"a": [None, None]}, schema={"a": pl.String})
    encoder = FeatureEncoder.fit(empty)
    assert np.isnan(encoder.matrix(empty)).all()
    assert encoder.matrix(empty.clear()).shape == (0, 1)


def test_missing_columns_and_columns_of_another_kind_are_named():
    encoder = FeatureEncoder.fit(FRAME)
    with pytest.raises(ColumnError, match="'genre', and it is missing"):
        encoder.matrix(FRAME.drop("genre"))
    with pytest.raises(ColumnError, match="'views' is of another kind"):
        encoder.matrix(FRAME.with_columns(views=pl.lit("a")))
    with pytest.raises(ColumnError, match="'genre' is of another kind"):
        encoder.matrix(FRAME.with_columns(genre=pl.lit(1.0)))


def test_json_is_read_back_and_what_is_none_is_refused():
    encoder = FeatureEncoder.fit(FRAME)
    data = json.loads(json.dumps(encoder.to_json()))
    assert FeatureEncoder.from_json(data) == encoder
    for wrong in (
        {},
        [],
        {"names": ["a"]},
        {"names": [1], "categories": {}},
        {"names": ["a"], "categories": {"b": []}},
        {"names": ["a"], "categories": {"a": [1]}},
        {"names": ["a"], "categories": []},
        {"names": 3, "categories": {}},
    ):
        with pytest.raises(BundleError):
            FeatureEncoder.from_json(wrong)
