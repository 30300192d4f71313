"""Ranges of counted coverage, and the level that a number of windows supports."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from upswell.errors import SettingError
from upswell.scoring import clopper_pearson, supported_level, windows_needed


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 200), st.integers(0, 200), st.floats(0.5, 0.99))
def test_clopper_pearson_equals_scipy(hits: int, misses: int, level: float) -> None:
    trials = hits + misses
    if trials == 0:
        assert clopper_pearson(0, 0, level) == (0.0, 1.0)
        return
    expected = stats.binomtest(hits, trials).proportion_ci(level, method="exact")
    assert clopper_pearson(hits, trials, level) == pytest.approx(tuple(expected), abs=1e-9)


def test_clopper_pearson_covers_at_least_its_level() -> None:
    for share in (0.5, 0.8, 0.95):
        ends = [clopper_pearson(hits, 20, 0.9) for hits in range(21)]
        weights = stats.binom.pmf(np.arange(21), 20, share)
        covered = sum(
            w for w, (low, high) in zip(weights, ends, strict=True) if low <= share <= high
        )
        assert covered >= 0.9


@pytest.mark.parametrize(("hits", "trials", "level"), [(3, 2, 0.9), (-1, 2, 0.9), (1, 2, 1.0)])
def test_clopper_pearson_refuses_nonsense(hits: int, trials: int, level: float) -> None:
    with pytest.raises(SettingError):
        clopper_pearson(hits, trials, level)


@pytest.mark.parametrize("windows", [2, 5, 9, 19])
def test_supported_level_is_the_coverage_of_the_widest_range_of_seen_errors(windows: int) -> None:
    errors = np.random.default_rng(10).lognormal(size=(60_000, windows + 1))
    seen, coming = errors[:, :-1], errors[:, -1]
    inside = (seen.min(axis=1) <= coming) & (coming <= seen.max(axis=1))
    assert supported_level(windows) == pytest.approx(inside.mean(), abs=0.01)


def test_supported_level_of_few_windows() -> None:
    assert [supported_level(windows) for windows in (0, 0.9, 1, 1.9)] == [0.0] * 4
    assert supported_level(5) == supported_level(5.9) == pytest.approx(2 / 3)
    assert supported_level(2.9999999999) == supported_level(3)


@pytest.mark.parametrize("windows", [-1, float("nan"), float("inf")])
def test_supported_level_refuses_nonsense(windows: float) -> None:
    with pytest.raises(SettingError):
        supported_level(windows)


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 1000))
def test_windows_needed_is_the_inverse(windows: int) -> None:
    assert windows_needed(supported_level(windows)) == windows


@settings(max_examples=100, deadline=None)
@given(st.floats(0.01, 0.999))
def test_windows_needed_are_enough_and_one_fewer_is_not(level: float) -> None:
    needed = windows_needed(level)
    assert supported_level(needed) >= level - 1e-9
    assert supported_level(needed - 1) < level
