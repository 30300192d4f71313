"""Robust statistics: against NumPy and brute force."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from upswell.forecasting.explaining._robust import median, repeated_median, spread

VALUES = arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(1, 9)),
    elements=st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))),
)


@given(VALUES)
def test_the_median_is_that_of_the_known_values(values: np.ndarray) -> None:
    for row, found in zip(values, median(values), strict=True):
        known = row[np.isfinite(row)]
        assert (np.isnan(found) and not known.size) or found == np.median(known)


def test_the_spread_is_the_deviation_of_normal_noise_and_outliers_do_not_move_it() -> None:
    noise = np.random.default_rng(1).normal(0, 3, 4001)
    noise[:400] = 1e6
    assert 2.9 < spread(noise) < 3.8


def brute(values: np.ndarray, place: int, window: int) -> tuple[float, float]:
    """A repeated median at one place, in plain words."""
    window = min(window, values.size)
    first = min(max(place - window // 2, 0), values.size - window)
    near = [(t, values[t]) for t in range(first, first + window) if np.isfinite(values[t])]
    slopes = []
    for t, y in near:
        others = [(y - v) / (t - u) for u, v in near if u != t]
        if others:
            slopes.append(np.median(others))
    slope = float(np.median(slopes)) if slopes else 0.0
    height = np.median([y - slope * (t - place) for t, y in near]) if near else np.nan
    return float(height), slope


@given(VALUES, st.sampled_from([1, 3, 7]))
def test_repeated_medians_are_those_of_brute_force(values: np.ndarray, window: int) -> None:
    heights, slopes = repeated_median(values, window)
    for row in range(len(values)):
        for place in range(values.shape[1]):
            height, slope = brute(values[row], place, window)
            assert np.isclose(slopes[row, place], slope, rtol=1e-9, atol=1e-6)
            assert np.isclose(heights[row, place], height, rtol=1e-9, atol=1e-5, equal_nan=True)


def test_three_spoilt_places_of_seven_do_not_bend_the_line() -> None:
    line = 2.0 + 0.5 * np.arange(30)
    line[[27, 28, 29]] += 100.0
    heights, slopes = repeated_median(line[None], 7)
    assert np.allclose(heights[0, :20], 2.0 + 0.5 * np.arange(20))
    assert abs(slopes[0, 23] - 0.5) < 1e-9
