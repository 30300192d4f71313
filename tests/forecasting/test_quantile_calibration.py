"""A panel's own windows widen what was said too narrowly, and are believed little by little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from upswell.forecasting._normal import normal_scores
from upswell.forecasting.evidence import Evidence
from upswell.forecasting.quantile_calibration import (
    BOUNDS,
    EXPECTED,
    calibrate_quantiles,
    widened,
)
from upswell.forecasting.quantiles import Quantiles

LEVELS = np.array([0.025, 0.1, 0.5, 0.9, 0.975])
HORIZON, WINDOWS, SERIES = 10, 30, 8


def world(factor: float, seed: int = 0) -> Evidence:
    """Windows whose truth lies `factor` times as far from the medians as was said."""
    rng = np.random.default_rng(seed)
    z = normal_scores(LEVELS)[:, None, None]
    # One shock a window for all of its days: sums are as wide as days, on the log scale.
    shock = 0.1 * factor * rng.standard_normal((SERIES, WINDOWS, 1)) * np.ones((1, 1, HORIZON))
    truth = np.maximum(np.expm1(7.0 + shock), 0.0)
    days = np.expm1(7.0 + 0.1 * z) * np.ones((1, SERIES, HORIZON))
    one = Quantiles(LEVELS, days, np.cumsum(days, axis=2), days)
    cutoffs = np.arange(WINDOWS) * HORIZON + 20
    medians = {"a": np.broadcast_to(one.median[:, None], truth.shape)}
    shifts = np.ones((SERIES, WINDOWS))
    last = int(cutoffs[-1]) + HORIZON
    return Evidence(cutoffs, truth, medians, shifts, HORIZON, last, {"a": (one,) * WINDOWS})


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.3])
def test_many_windows_bring_ranges_close_to_what_happened(factor: float):
    widening, report = calibrate_quantiles(world(factor), "a", np.full(SERIES, 1e6))
    assert widening.day == pytest.approx(factor, rel=0.1)
    assert widening.sum == pytest.approx(factor, rel=0.1)
    assert widening.peak == pytest.approx(factor, rel=0.1)
    assert len(report) == SERIES
    coverage = [found.coverage_sum for found in report]
    assert np.mean(coverage) == pytest.approx(0.8, abs=0.06)
    assert all(found.windows == WINDOWS for found in report)
    assert np.mean([found.level_factor for found in report]) == pytest.approx(factor, rel=0.15)
    assert all(found.noise_factor == widening.day for found in report)


def test_peaks_are_judged_by_themselves():
    evidence = world(1.0)
    said = tuple(
        replace(w, peak=np.expm1(np.log1p(w.peak) + 0.2 * normal_scores(LEVELS)[:, None, None]))
        for w in evidence.said["a"]
    )
    wide = replace(evidence, said={"a": said})
    before, after = (calibrate_quantiles(e, "a", np.full(SERIES, 1e6))[0] for e in (evidence, wide))
    assert after.peak < 0.8 * before.peak
    assert (after.day, after.sum) == (before.day, before.sum)


def test_few_windows_change_little():
    few, _ = calibrate_quantiles(world(1.4), "a", np.full(SERIES, 1.0))
    many, _ = calibrate_quantiles(world(1.4), "a", np.full(SERIES, 100.0))
    assert 1.0 < few.sum < 1.2 < many.sum


def test_factors_stay_within_bounds():
    for factor in (0.01, 50.0):
        widening, _ = calibrate_quantiles(world(factor), "a", np.full(SERIES, 1e9))
        assert BOUNDS[0] <= widening.day <= BOUNDS[1]
        assert BOUNDS[0] <= widening.sum <= BOUNDS[1]


def test_windows_without_truth_say_nothing():
    evidence = world(2.0)
    evidence.truth[:] = np.nan
    widening, report = calibrate_quantiles(evidence, "a", np.full(SERIES, 5.0))
    assert widening == EXPECTED
    assert all(np.isnan(found.coverage_sum) and found.windows == 0 for found in report)


def test_no_series_and_no_windows_are_no_calibration():
    nobody = world(1.0).select(np.zeros(0, dtype=np.int64))
    assert calibrate_quantiles(nobody, "a", np.zeros(0)) == (EXPECTED, [])
    full = world(1.0)
    empty = Evidence(full.cutoffs[:0], full.truth[:, :0], {}, full.shifts[:, :0], 1, 20, {})
    widening, report = calibrate_quantiles(empty, "a", np.zeros(SERIES))
    assert widening == EXPECTED
    assert len(report) == SERIES


def test_missing_days_of_a_full_window_do_not_make_its_sum_small():
    whole, holed = world(1.0), world(1.0)
    holed.truth[:, :, 3] = np.nan
    one, _ = calibrate_quantiles(whole, "a", np.full(SERIES, 1e6))
    other, _ = calibrate_quantiles(holed, "a", np.full(SERIES, 1e6))
    assert other.sum == pytest.approx(one.sum, rel=1e-6)


def test_widening_leaves_medians_and_never_goes_below_zero():
    z = normal_scores(LEVELS)[:, None, None]
    head = np.maximum(np.expm1(0.5 + z), 0.0)
    said = Quantiles(LEVELS, head, head, head)
    wide = widened(said, 1.5, 0.7, 1.5)
    np.testing.assert_allclose(wide.median, said.median)
    assert (wide.day >= 0).all()
    assert (np.diff(wide.day, axis=0) >= 0).all()
    assert wide.sum[-1, 0, 0] < said.sum[-1, 0, 0] < wide.peak[-1, 0, 0]
    assert widened(said, 1.0, 1.0, 1.0).day is said.day


def test_a_series_with_windows_of_its_own_leaves_the_panel():
    evidence = world(1.0)
    evidence.truth[0] = world(3.0, seed=1).truth[0]
    widening, report = calibrate_quantiles(evidence, "a", np.full(SERIES, 20.0))
    odd, *others = (found.level_factor for found in report)
    assert odd == BOUNDS[1]
    assert max(others) < 1.3
    few = calibrate_quantiles(evidence, "a", np.full(SERIES, 1.0))[1][0].level_factor
    assert widening.sum < odd
    assert few < odd


def test_series_may_have_factors_of_their_own():
    one = np.array([4.0, 9.0, 19.0])[:, None, None] * np.ones((1, 2, 1))
    said = Quantiles(np.array([0.1, 0.5, 0.9]), one, one, one)
    found = widened(said, 1.0, np.array([2.0, 1.0]), 1.0)
    assert found.sum[:, 0, 0].round(3).tolist() == [1.5, 9.0, 39.0]
    assert found.sum[:, 1, 0] == pytest.approx(one[:, 1, 0])
