"""Inner folds: each block is later than everything that teaches it."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from releases.judging.making import DAY, keys_of
from upswell.errors import SettingError
from upswell.releases.judging import inner_folds

START = dt.date(2024, 1, 1)
ROWS = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 40)), min_size=0, max_size=40)


def _of(rows: list[tuple[int, int]]) -> tuple:
    """Keys and closed days; a length of 0 is an unknown outcome."""
    keys = keys_of([START + offset * DAY for offset, _ in rows])
    closed = [
        np.datetime64(START + (offset + length) * DAY) if length else np.datetime64("NaT", "D")
        for offset, length in rows
    ]
    return keys, np.array(closed, dtype="datetime64[D]")


@settings(max_examples=200)
@given(ROWS, st.integers(1, 5))
def test_what_teaches_a_block_had_closed_before_it(rows: list, count: int) -> None:
    keys, closed = _of(rows)
    folds = inner_folds(keys, closed, count)
    days = np.array([START + offset * DAY for offset, _ in rows], dtype="datetime64[D]")
    assert len(folds) <= count
    for fold in folds:
        assert fold.train.size
        assert fold.test.size
        assert closed[fold.train].max() < days[fold.test].min()
        assert not np.isnat(closed[np.concatenate(fold)]).any()
        # Nothing that could teach is left out.
        assert fold.train.size == (closed < days[fold.test].min()).sum()
    for before, after in pairwise(folds):
        assert days[before.test].max() < days[after.test].min()
        assert set(before.train) <= set(after.train)


def test_blocks_are_of_about_equal_size_in_the_later_half() -> None:
    keys, closed = _of([(n, 1) for n in range(90)])
    folds = inner_folds(keys, closed, 3)
    assert [fold.test.size for fold in folds] == [15, 15, 15]
    assert folds[0].test.tolist() == list(range(45, 60))
    assert folds[0].train.tolist() == list(range(44))


def test_the_order_of_rows_changes_positions_only() -> None:
    rows = [(n * 7 % 61, 5) for n in range(60)]
    keys, closed = _of(rows)
    sorted_rows = sorted(range(60), key=lambda n: rows[n][0])
    keys_sorted, closed_sorted = _of([rows[n] for n in sorted_rows])
    for here, there in zip(
        inner_folds(keys, closed), inner_folds(keys_sorted, closed_sorted), strict=True
    ):
        assert set(here.test) == {sorted_rows[n] for n in there.test}
        assert set(here.train) == {sorted_rows[n] for n in there.train}


def test_too_little_gives_fewer_folds_or_none() -> None:
    assert inner_folds(*_of([])) == ()
    assert inner_folds(*_of([(3, 5)])) == ()
    assert inner_folds(*_of([(3, 5)] * 20)) == ()  # one day cannot be parted
    assert inner_folds(*_of([(n, 300) for n in range(50)])) == ()  # nothing closes in time
    assert len(inner_folds(*_of([(0, 1), (0, 1), (50, 1), (50, 1)]), 3)) == 1


def test_what_makes_no_sense_is_refused() -> None:
    keys, closed = _of([(1, 1), (2, 1)])
    with pytest.raises(SettingError):
        inner_folds(keys, closed, 0)
    with pytest.raises(SettingError):
        inner_folds(keys, closed[:1])
