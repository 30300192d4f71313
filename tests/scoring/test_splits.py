"""Cutoffs of a rolling backtest."""

from __future__ import annotations

from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from upswell.errors import SettingError
from upswell.scoring import effective_windows, rolling_cutoffs

SIZES = st.integers(1, 60)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 400), SIZES, st.integers(1, 12), SIZES, st.none() | SIZES)
def test_cutoffs_keep_every_promise(
    days: int, horizon: int, windows: int, minimum: int, step: int | None
) -> None:
    cutoffs = rolling_cutoffs(days, horizon, windows, minimum, step)
    assert len(cutoffs) <= windows
    assert bool(cutoffs) == (days >= horizon + minimum)
    if cutoffs:
        assert cutoffs[-1] == days - horizon
        assert cutoffs[0] >= minimum
        gaps = {b - a for a, b in pairwise(cutoffs)}
        assert len(gaps) <= 1
        assert all(1 <= gap <= (step or horizon) for gap in gaps)
        covered = {day for cutoff in cutoffs for day in range(cutoff, cutoff + horizon)}
        assert effective_windows(cutoffs, horizon) == pytest.approx(len(covered) / horizon)
        if len(cutoffs) < windows:
            before = cutoffs[0] - (step or 1)
            assert before < minimum, "one more window would have fitted"


def test_windows_do_not_overlap_when_the_history_is_long() -> None:
    cutoffs = rolling_cutoffs(1000, 30, 5, 60)
    assert cutoffs == (850, 880, 910, 940, 970)
    assert effective_windows(cutoffs, 30) == 5.0


def test_fifty_days_hold_overlapping_windows_and_say_so() -> None:
    cutoffs = rolling_cutoffs(50, 30, 5, 12)
    assert cutoffs == (12, 14, 16, 18, 20)
    assert effective_windows(cutoffs, 30) == pytest.approx(38 / 30)


def test_a_given_step_is_not_shortened() -> None:
    assert rolling_cutoffs(100, 30, 5, 40, step=20) == (50, 70)


def test_wide_steps_count_only_covered_days() -> None:
    assert effective_windows((10, 100), 30) == 2.0
    assert effective_windows((), 30) == 0.0


@pytest.mark.parametrize(
    "wrong", [{"horizon": 0}, {"windows": 0}, {"minimum_history": 0}, {"step": 0}]
)
def test_sizes_below_one_are_refused(wrong: dict[str, int]) -> None:
    sizes = {"horizon": 30, "windows": 5, "minimum_history": 14} | wrong
    with pytest.raises(SettingError, match=next(iter(wrong))):
        rolling_cutoffs(100, **sizes)


@pytest.mark.parametrize(("cutoffs", "horizon"), [((3, 2), 5), ((2, 2), 5), ((1, 2), 0)])
def test_cutoffs_out_of_order_are_refused(cutoffs: tuple[int, ...], horizon: int) -> None:
    with pytest.raises(SettingError):
        effective_windows(cutoffs, horizon)
