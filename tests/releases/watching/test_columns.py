"""Features as numbers from 0 to 1."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from upswell.releases.watching._columns import MOST_LEVELS, as_columns

values = st.lists(st.one_of(st.none(), st.integers(-5, 5).map(float)), min_size=1, max_size=30)


@given(values, values)
@settings(max_examples=60, deadline=None)
def test_numbers_become_ranks_and_what_is_missing_is_told_apart(
    past: list[float | None], batch: list[float | None]
) -> None:
    frames = [pl.DataFrame({"x": each}, schema={"x": pl.Float64}) for each in (past, batch)]
    own, new, names = as_columns(*frames)
    known = np.array([each for each in past if each is not None])
    if known.size:
        there = np.array([each is not None for each in past])
        expected = (rankdata(known) - 0.5) / known.size
        np.testing.assert_allclose(own[there, 0], expected)
        assert (own[~there, 0] == 0.5).all()
    assert ((new >= 0) & (new <= 1)).all()
    assert [kind for _, kind in names[:3]] == ["size", "high", "low"]
    missing = ("x", "missing") in names
    assert missing == (None in past or None in batch)
    if missing:
        assert new[:, 3].tolist() == [float(each is None) for each in batch]


def test_texts_are_told_by_the_most_frequent_ones_and_the_others() -> None:
    past = pl.DataFrame({"genre": ["pop"] * 5 + ["rap"] * 3 + [None] + list("abcdefgh")})
    batch = pl.DataFrame({"genre": ["rap", "never heard", None]})
    own, new, names = as_columns(past, batch)
    assert [what for _, what in names[:3]] == ["pop", "rap", ""]
    assert len(names) == MOST_LEVELS + 1
    assert names[-1] == ("genre", "another")
    np.testing.assert_array_equal(own.sum(axis=1), 1.0)
    assert new[:, -1].tolist() == [0.0, 1.0, 0.0]
    assert new[:, 1].tolist() == [1.0, 0.0, 0.0]


def test_truth_values_are_shares_and_nothing_is_nothing() -> None:
    past, batch = pl.DataFrame({"new": [True, False]}), pl.DataFrame({"new": [True]})
    own, new, names = as_columns(past, batch)
    assert (own.tolist(), new.tolist(), names) == ([[1.0], [0.0]], [[1.0]], [("new", "share")])
    own, new, names = as_columns(past.select(), batch.select())
    assert names == []
