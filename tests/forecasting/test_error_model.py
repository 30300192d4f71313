"""The error model of a panel: what each series learns from its own windows and the others'."""

from __future__ import annotations

import numpy as np
import pytest

from observing import daily
from upswell.forecasting.covariance import PRIOR_NOISE, PRIOR_WALK, basis
from upswell.forecasting.error_model import (
    BASE_FREEDOM,
    SHAPE_POINTS,
    ErrorModel,
    fit_errors,
    weekly_change,
)
from worlds import evidence_of

PARENTS = np.array([-1, 0, 0])
UNITS = np.array([0.1, 0.1, 0.1])


def windows_of(errors: np.ndarray, *, step: int = 30) -> ErrorModel:
    """Fit the model of given log errors, shape ``(S, W, H)``."""
    medians = np.full(errors.shape, 100.0)
    truth = np.exp(errors) * 101.0 - 1.0
    evidence = evidence_of(truth, {"a": medians}, step=step)
    studied = np.arange(len(errors))
    return fit_errors(evidence, "a", studied, PARENTS[: len(errors)], UNITS[: len(errors)])


def noise(shape: tuple[int, ...], spread: float, seed: int = 0) -> np.ndarray:
    return spread * np.random.default_rng(seed).standard_normal(shape)


def test_the_weekly_change_is_the_mean_square_of_log_differences():
    values = daily(2, 60)
    shifts = np.array([10.0, 20.0])
    log = np.log(values + shifts[:, None])
    expected = ((log[:, 7:] - log[:, :-7]) ** 2).mean(axis=1) + 1e-6
    assert weekly_change(values, shifts) == pytest.approx(expected, rel=1e-9)


def test_a_series_too_short_takes_the_typical_weekly_change_of_the_others():
    values = daily(4, 60)
    values[3, :-4] = np.nan
    found = weekly_change(values, np.ones(4))
    assert found[3] == pytest.approx(np.median(found[:3]), rel=1e-9)
    assert np.isfinite(weekly_change(values[3:], np.ones(1))).all()


def test_a_constant_series_has_a_small_positive_weekly_change():
    assert weekly_change(np.full((1, 30), 4.0), np.ones(1)).tolist() == [1e-6]


def test_wider_errors_give_wider_ranges():
    narrow = windows_of(noise((1, 10, 30), 0.1)).series[0].structure
    wide = windows_of(noise((1, 10, 30), 0.4)).series[0].structure
    assert wide.noise > 4 * narrow.noise


def test_many_windows_overrule_the_prior():
    level = 0.5 * np.random.default_rng(3).standard_normal((1, 60, 1))
    structure = windows_of(level + noise((1, 60, 30), 0.05)).series[0].structure
    assert structure.variance_of_mean(30) == pytest.approx(0.25, rel=0.5)


def test_without_windows_a_series_takes_the_prior_in_its_own_unit():
    evidence = evidence_of(np.zeros((1, 0, 10)), {"a": np.zeros((1, 0, 10))})
    model = fit_errors(evidence, "a", np.array([0]), np.array([-1]), np.array([0.3]))
    (series,) = model.series
    assert series.structure.walk == pytest.approx(0.3 * PRIOR_WALK, rel=1e-6)
    assert series.structure.noise == pytest.approx(0.3 * PRIOR_NOISE, rel=1e-6)
    assert (series.windows, series.freedom) == (0.0, BASE_FREEDOM)


def test_a_failed_forecaster_leaves_the_prior_and_no_nan():
    model = windows_of(np.full((3, 5, 10), np.nan))
    for series in model.series:
        assert np.isfinite(series.structure.variance_of_mean(10))
        assert np.isfinite(series.noise_shape).all()
    assert np.isfinite(model.with_parent).all()


def test_a_series_that_was_not_studied_takes_the_pool_in_its_own_unit():
    errors = noise((2, 12, 10), 0.2)
    medians = np.full(errors.shape, 100.0)
    evidence = evidence_of(np.exp(errors) * 101.0 - 1.0, {"a": medians}, step=10)
    units = np.array([0.1, 0.1, 0.1, 0.4])
    model = fit_errors(evidence, "a", np.array([0, 1]), np.array([-1, 0, 0, 0]), units)
    small, large = model.series[2].structure, model.series[3].structure
    assert model.series[2].windows == 0.0
    assert large.variance_of_mean(10) == pytest.approx(4 * small.variance_of_mean(10), rel=1e-6)


def test_freedom_grows_with_the_windows():
    few, many = windows_of(noise((1, 3, 30), 0.1)), windows_of(noise((1, 30, 30), 0.1))
    assert BASE_FREEDOM < few.series[0].freedom < many.series[0].freedom
    # Recent windows that do not overlap count one each; older ones fade.
    assert 2.0 < few.series[0].windows < 3.0


def test_one_launch_does_not_widen_every_range():
    calm = noise((1, 40, 10), 0.1)
    struck = calm.copy()
    struck[0, 20] += 3.0
    before = windows_of(calm, step=10).series[0].structure.variance_of_mean(10)
    after = windows_of(struck, step=10).series[0].structure.variance_of_mean(10)
    raw = np.mean(struck[0].mean(axis=1) ** 2) - np.mean(calm[0].mean(axis=1) ** 2)
    assert after - before < 0.5 * raw


def test_the_noise_shape_has_a_mean_square_of_one_and_keeps_its_skew():
    skewed = np.random.default_rng(1).exponential(0.3, (1, 40, 30))
    shape = windows_of(skewed).series[0].noise_shape
    assert shape.shape == (SHAPE_POINTS,)
    assert np.mean(shape**2) == pytest.approx(1.0)
    assert (np.diff(shape) >= 0).all()
    assert shape[-1] > -1.5 * shape[0]


def test_few_residuals_give_a_normal_shape():
    from scipy.stats import norm

    shape = windows_of(noise((1, 1, 12), 0.3)).series[0].noise_shape
    points = norm.ppf((np.arange(SHAPE_POINTS) + 0.5) / SHAPE_POINTS)
    assert shape == pytest.approx(points / np.sqrt(np.mean(points**2)))


def test_correlation_with_the_parent_follows_the_errors():
    total = noise((1, 20, 30), 0.2, seed=1)
    together = np.concatenate([total, total + noise((1, 20, 30), 0.02, 2), total])
    apart = np.concatenate([total, noise((2, 20, 30), 0.2, seed=3)])
    assert (windows_of(together).with_parent[1:] > 0.9).all()
    assert (windows_of(apart).with_parent[1:] < 0.15).all()
    against = np.concatenate([total, -total, -total])
    assert (windows_of(against).with_parent[1:] == 0.0).all()


def test_rescaling_multiplies_the_deviations_of_one_series_only():
    model = windows_of(noise((3, 10, 20), 0.2))
    wider = model.rescaled(1, level=2.0, noise=3.0)
    old, new = model.series[1].structure, wider.series[1].structure
    assert new.offset == pytest.approx(4 * old.offset)
    assert new.walk == pytest.approx(4 * old.walk)
    assert new.drift == pytest.approx(4 * old.drift)
    assert new.noise == pytest.approx(9 * old.noise)
    assert (wider.series[0], wider.series[2]) == (model.series[0], model.series[2])
    assert basis(20).shape == (4, 20, 20)
