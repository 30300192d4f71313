from __future__ import annotations

import sys

import numpy as np
import pytest

from documents import ROOT
from upswell.data import Panel

sys.path.append(str(ROOT / "benchmarks"))

from demand_windows import fingerprint, interpolated, largest, windows_of

# Its modules share names with folders of tests.
sys.path.remove(str(ROOT / "benchmarks"))


def test_series_count_as_complete_by_the_days_that_the_source_recorded() -> None:
    values = np.ones((5, 200))
    values[1:, :20] = np.nan  # days on which the source stood still: four of five are missing
    values[1, 50:60] = np.nan
    values[2, 50:55] = np.nan  # 175 of 180 recorded days: 97.2%
    assert sorted(largest(values).tolist()) == [0, 2, 3, 4]


def test_the_largest_come_first_and_no_more_than_forty() -> None:
    sizes = np.random.default_rng(0).permutation(50) + 1.0
    values = np.tile(sizes[:, None], (1, 10))
    assert sizes[largest(values)].tolist() == list(range(50, 10, -1))


def test_a_source_that_recorded_nothing_has_no_series() -> None:
    assert largest(np.full((3, 10), np.nan)).size == 0


def test_windows_go_back_from_the_end_by_thirty_days() -> None:
    values = np.arange(200.0)[None] + np.array([[1.0], [5.0]])
    panel = Panel.from_arrays(values, items=["a", "b"], start=100)
    found = windows_of("p", panel)
    assert [w.history.shape for w in found] == [(3, 170), (3, 140), (3, 110)]
    for window, end in zip(found, (170, 140, 110), strict=True):
        assert window.truth[2].tolist() == values[0, end : end + 30].tolist()
        assert window.history[2].tolist() == values[0, :end].tolist()


def test_the_total_holds_the_series_that_are_not_among_the_largest() -> None:
    values = np.ones((45, 100))
    (window,) = windows_of("p", Panel.from_arrays(values, items=[str(i) for i in range(45)]))[:1]
    assert window.series == 41
    assert (window.history[0] == 45).all()


def test_a_panel_of_one_series_has_its_total_alone() -> None:
    assert windows_of("p", Panel.from_arrays(np.ones((1, 100)), items=["a"]))[0].series == 1


def test_a_panel_too_short_for_three_cutoffs_has_fewer() -> None:
    assert len(windows_of("p", Panel.from_arrays(np.ones((1, 61)), items=["a"]))) == 2


@pytest.mark.parametrize(
    ("days", "kept", "start"), [(50, 50, 220), (None, 170, 100), (999, 170, 100)]
)
def test_the_last_days_keep_their_dates(days: int | None, kept: int, start: int) -> None:
    panel = Panel.from_arrays(np.arange(200.0)[None], items=["a"], start=100)
    window = windows_of("p", panel)[0].last(days)
    assert window.history.shape == (1, kept)
    assert window.start == start
    assert window.history[0, 0] == start - 100
    assert window.truth[0, 0] == 170


def test_gaps_are_bridged_and_days_before_the_first_stay_missing() -> None:
    gaps = np.array([[np.nan, 2.0, np.nan, np.nan, 8.0, np.nan], [np.nan] * 6])
    filled = interpolated(gaps)
    np.testing.assert_array_equal(filled[0], [np.nan, 2.0, 4.0, 6.0, 8.0, 8.0])
    assert np.isnan(filled[1]).all()
    assert np.isnan(gaps[0, 2])


def test_one_other_value_gives_other_windows() -> None:
    values = np.arange(200.0)[None]
    first = windows_of("p", Panel.from_arrays(values, items=["a"]))
    again = windows_of("p", Panel.from_arrays(values.copy(), items=["a"]))
    values[0, 190] += 1
    other = windows_of("p", Panel.from_arrays(values, items=["a"]))
    assert fingerprint(first) == fingerprint(again) != fingerprint(other)
