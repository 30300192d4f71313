"""Calibration: too narrow becomes wider, too wide becomes narrower, and ranges then cover."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from upswell.forecasting.calibration import calibrate
from upswell.forecasting.covariance import ErrorStructure
from upswell.forecasting.error_model import ErrorModel, SeriesErrors
from upswell.forecasting.evidence import Evidence
from upswell.forecasting.paths import path_forecasters
from worlds import evidence_of, panel_of, walk

STUDIED = np.array([0])
WALK, NOISE, HORIZON = 0.002, 0.02, 20


def world(windows: int = 25, seed: int = 0) -> Evidence:
    """Make windows whose log errors are a walk of known spread with noise."""
    rng = np.random.default_rng(seed)
    shape = (1, windows, HORIZON)
    errors = np.sqrt(WALK) * np.cumsum(rng.standard_normal(shape), axis=2)
    errors += np.sqrt(NOISE) * rng.standard_normal(shape)
    medians = np.full(shape, 1000.0)
    return evidence_of(1001.0 * np.exp(errors) - 1.0, {"a": medians}, step=HORIZON)


def model(factor: float = 1.0, windows: float = 20.0) -> ErrorModel:
    """Make a model whose deviations are the truth's times a factor."""
    from scipy.stats import norm

    structure = ErrorStructure(0.0, WALK * factor**2, 0.0, NOISE * factor**2)
    shape = norm.ppf((np.arange(41) + 0.5) / 41)
    errors = SeriesErrors(structure, 30.0, shape / np.sqrt(np.mean(shape**2)), windows)
    return ErrorModel((errors,), np.array([0.5]))


def spread(found: ErrorModel) -> float:
    return float(np.sqrt(found.series[0].structure.variance_of_mean(HORIZON)))


def test_a_model_too_narrow_becomes_wider():
    narrow = model(0.4)
    found, report = calibrate(narrow, world(), "a", STUDIED, seed=0)
    assert report[0].level_factor > 1.3
    assert 1.3 * spread(narrow) < spread(found) < 1.6 * spread(model())


def test_a_model_too_wide_becomes_narrower():
    wide = model(2.5)
    found, report = calibrate(wide, world(), "a", STUDIED, seed=0)
    # 20 windows must cover 84% to claim 80%: the truth would be kept a twelfth too wide.
    assert report[0].level_factor < 0.85
    assert spread(found) < 0.85 * spread(wide)


def noise_factors(noise: float) -> tuple[float, float]:
    """Return mean noise factor and peak coverage over worlds whose noise is modelled wrongly."""
    found = []
    for seed in range(6):
        wrong = model().rescaled(0, 1.0, noise)
        report = calibrate(wrong, world(seed=seed), "a", STUDIED, seed=0)[1][0]
        found.append((report.noise_factor, report.coverage_peak))
    factor, peak = np.mean(found, axis=0).tolist()
    return factor, peak


def test_too_much_noise_becomes_less_and_too_little_more():
    # Too much noise lifts all peaks: the error this makes must not be taken for a want of noise.
    assert noise_factors(2.0)[0] < 0.85
    assert noise_factors(0.4)[0] > 1.15
    assert noise_factors(1.0)[0] == pytest.approx(1.0, abs=0.15)


def test_peaks_are_covered_after_calibration():
    assert noise_factors(1.0)[1] == pytest.approx(0.8, abs=0.1)


def test_a_true_model_is_left_nearly_alone():
    factors = [
        calibrate(model(), world(seed=seed), "a", STUDIED, seed=0)[1][0].level_factor
        for seed in range(5)
    ]
    assert np.exp(np.mean(np.log(factors))) == pytest.approx(1.0, abs=0.2)


def test_few_windows_move_the_model_less():
    few = calibrate(model(0.4, windows=1.0), world(), "a", STUDIED, seed=0)[1][0].level_factor
    many = calibrate(model(0.4, windows=50.0), world(), "a", STUDIED, seed=0)[1][0].level_factor
    assert 1.0 < few < many


def test_the_report_counts_windows_and_their_coverage():
    _, report = calibrate(model(), world(), "a", STUDIED, seed=0)
    found = report[0]
    assert (found.windows, found.effective_windows) == (25, 20.0)
    assert 0.6 <= found.coverage_day <= 0.95
    assert found.coverage_sum * 25 == pytest.approx(round(found.coverage_sum * 25))
    assert 0.6 <= found.coverage_sum <= 1.0
    assert 0.5 <= found.coverage_peak <= 1.0


def test_less_than_two_full_windows_change_nothing():
    narrow = model(0.2)
    found, report = calibrate(narrow, world(windows=1), "a", STUDIED, seed=0)
    assert found == narrow
    assert (report[0].windows, report[0].level_factor, report[0].noise_factor) == (1, 1.0, 1.0)
    assert np.isnan(report[0].coverage_sum)


def test_windows_that_are_not_over_or_failed_or_mostly_missing_do_not_count():
    evidence = world()
    truth, medians = evidence.truth.copy(), evidence.medians["a"].copy()
    truth[0, 0, :5] = np.nan
    medians[0, 1] = np.nan
    truth[0, 2, :4] = np.nan
    partial = replace(evidence, truth=truth, medians={"a": medians}, days=evidence.days - 1)
    _, report = calibrate(model(), partial, "a", STUDIED, seed=0)
    # Lost: one with a quarter missing, one failed, and the last, which lacks its last day.
    assert report[0].windows == 22


def test_the_same_seed_gives_the_same_factors():
    first = calibrate(model(0.5), world(), "a", STUDIED, seed=3)
    again = calibrate(model(0.5), world(), "a", STUDIED, seed=3)
    assert first[1] == again[1]
    assert first[0].series[0].structure == again[0].series[0].structure


def test_series_that_are_zero_in_their_windows_give_no_nan():
    evidence = evidence_of(np.zeros((1, 5, HORIZON)), {"a": np.zeros((1, 5, HORIZON))})
    found, report = calibrate(model(), evidence, "a", STUDIED, seed=0)
    assert np.isfinite(spread(found))
    assert np.isfinite(report[0].level_factor)
    assert report[0].noise_factor == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["seasonal-naive", "theta-log"])
def test_the_80_percent_range_of_the_total_covers_80_percent_of_simulated_worlds(name: str):
    (forecaster,) = path_forecasters([name])
    inside = []
    for seed in range(40):
        days = 120 + 10 * (seed % 8)
        values = walk(days + 30, seed=1000 + seed)
        fitted = forecaster.fit(panel_of(values[None, :days]), 30, seed=seed)
        low, high = np.quantile(fitted.sample(400)[:, 0].sum(axis=1), [0.1, 0.9])
        inside.append(low <= values[days:].sum() <= high)
    assert 0.70 <= np.mean(inside) <= 0.90
