"""A feature table taken apart keeps its parts together."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.models.ratio_world import table
from upswell.releases.frames import FeatureTable


def example(rows: int = 6) -> FeatureTable:
    daily = np.arange(rows * 3, dtype=float).reshape(rows, 3)
    daily[0, 1] = np.nan
    names = pl.DataFrame(
        {"x": np.arange(rows, dtype=float), "genre": [f"g{k}" for k in range(rows)]}
    )
    return table(daily, names)


@given(st.lists(st.integers(0, 5), max_size=9))
def test_positions_take_keys_features_and_counts_alike(rows: list[int]) -> None:
    whole = example()
    taken = whole.take(np.array(rows, dtype=np.int64))
    assert len(taken) == len(rows)
    assert taken.keys["release"].to_list() == [whole.keys["release"][row] for row in rows]
    assert taken.features.rows() == [whole.features.row(row) for row in rows]
    assert np.array_equal(taken.daily["views"], whole.daily["views"][rows], equal_nan=True)
    assert taken.catalogue == whole.catalogue
    assert taken.metrics == ("views",)


@given(st.lists(st.booleans(), min_size=6, max_size=6))
def test_a_mask_takes_what_its_positions_take(mask: list[bool]) -> None:
    whole = example()
    one = whole.take(np.array(mask, dtype=np.bool_))
    other = whole.take(np.flatnonzero(mask))
    assert one.keys.equals(other.keys)
    assert one.features.equals(other.features)
    assert np.array_equal(one.daily["views"], other.daily["views"], equal_nan=True)


def test_nothing_taken_is_an_empty_table() -> None:
    none = example().take(np.zeros(0, dtype=np.int64))
    assert len(none) == 0
    assert none.window_total("views").tolist() == []


def test_the_window_total_leaves_missing_days_out() -> None:
    daily = np.array([[1.0, np.nan, 2.0], [np.nan, np.nan, np.nan]])
    assert table(daily).window_total("views").tolist() == [3.0, 0.0]
    with pytest.raises(KeyError):
        table(daily).window_total("likes")
