"""The four components of an error: closed forms against simulation and another solver."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upswell.forecasting.covariance import (
    PRIOR_NOISE,
    PRIOR_WALK,
    ErrorStructure,
    Moments,
    _nonnegative,
    basis,
    fit_structure,
    moments_of,
    prior_moments,
)

STRUCTURES = [
    ErrorStructure(offset=0.04, walk=0.0, drift=0.0, noise=0.1),
    ErrorStructure(offset=0.0, walk=0.003, drift=0.0, noise=0.05),
    ErrorStructure(offset=0.01, walk=0.002, drift=0.00005, noise=0.03),
    ErrorStructure(offset=0.0, walk=0.0, drift=0.0002, noise=0.0),
]


def simulate(structure: ErrorStructure, windows: int, horizon: int, seed: int = 0) -> np.ndarray:
    """Draw errors of independent windows, shape ``(W, H)``."""
    rng = np.random.default_rng(seed)
    day = np.arange(1, horizon + 1)
    steps = rng.standard_normal((windows, horizon))
    return (
        np.sqrt(structure.offset) * rng.standard_normal((windows, 1))
        + np.sqrt(structure.walk) * np.cumsum(steps, axis=1)
        + np.sqrt(structure.drift) * rng.standard_normal((windows, 1)) * day
        + np.sqrt(structure.noise) * rng.standard_normal((windows, horizon))
    )


def values_of(structure: ErrorStructure) -> list[float]:
    return [structure.offset, structure.walk, structure.drift, structure.noise]


@pytest.mark.parametrize("structure", STRUCTURES)
def test_closed_forms_agree_with_simulated_errors(structure: ErrorStructure):
    errors = simulate(structure, 40_000, 20)
    assert structure.variance_of_mean(20) == pytest.approx(errors.mean(axis=1).var(), rel=0.04)
    assert structure.variance_by_day(20) == pytest.approx(errors.var(axis=0), rel=0.05)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_exact_moments_give_the_structure_back(structure: ErrorStructure):
    mean = np.tensordot(np.array(values_of(structure)), basis(30), axes=1)
    found = fit_structure(Moments(mean, np.ones((30, 30))))
    assert values_of(found) == pytest.approx(values_of(structure), rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_simulated_errors_give_the_spread_of_the_total_back(structure: ErrorStructure):
    errors = simulate(structure, 4000, 30, seed=1)
    found = fit_structure(moments_of(errors, np.ones(4000), step=30))
    truth = structure.variance_of_mean(30)
    assert found.variance_of_mean(30) == pytest.approx(truth, rel=0.1)
    assert found.variance_by_day(30)[-1] == pytest.approx(
        structure.variance_by_day(30)[-1], rel=0.1
    )


@pytest.mark.parametrize("horizon", [1, 2, 3])
def test_horizons_too_short_to_tell_components_apart_keep_the_variance(horizon: int):
    errors = simulate(STRUCTURES[2], 500, horizon)
    moments = moments_of(errors, np.ones(500), step=horizon)
    found = fit_structure(moments)
    assert min(values_of(found)) >= 0
    assert found.variance_by_day(horizon) == pytest.approx(np.diag(moments.mean), rel=0.15)


def test_independent_days_make_totals_far_too_sure():
    structure = ErrorStructure(offset=0.0, walk=0.002, drift=0.0, noise=0.05)
    by_day = structure.variance_by_day(30)
    assert structure.variance_of_mean(30) > 5 * by_day.sum() / 30**2


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_least_squares_agree_with_scipy(seed: int, size: int):
    from scipy.optimize import nnls

    rng = np.random.default_rng(seed)
    design, target = rng.standard_normal((12, size)), rng.standard_normal(12)
    expected, _ = nnls(design, target)
    found = _nonnegative(design.T @ design, design.T @ target)
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_weighted_least_squares_agree_with_scipy():
    from scipy.optimize import nnls

    errors = simulate(STRUCTURES[2], 9, 14, seed=3)
    moments = moments_of(errors, 0.5 ** np.arange(9.0), step=5)
    variance = np.maximum(np.diag(moments.mean), 1e-10)
    variance = variance + 0.3 * variance.mean()
    root = np.sqrt(moments.weight / np.outer(variance, variance)).ravel()
    columns = basis(14).reshape(4, -1).T * root[:, None]
    size = np.linalg.norm(columns, axis=0)
    expected, _ = nnls(columns / size, moments.mean.ravel() * root)
    assert values_of(fit_structure(moments)) == pytest.approx(expected / size, rel=1e-5, abs=1e-9)


def test_moments_are_weighted_means_of_products_over_known_days():
    errors = np.array([[1.0, 2.0], [3.0, np.nan], [-1.0, 1.0]])
    weights = np.array([1.0, 0.5, 0.25])
    moments = moments_of(errors, weights, step=1)
    assert moments.mean[0, 0] == pytest.approx((1 + 0.5 * 9 + 0.25 * 1) / 1.75)
    assert moments.mean[0, 1] == pytest.approx((2 - 0.25) / 1.25)
    assert moments.mean[1, 0] == moments.mean[0, 1]
    # One day apart, windows of one day are independent; of two days they count half.
    assert moments.weight.tolist() == [[1.75, 0.625], [0.625, 0.625]]


def test_moments_without_windows_are_zero_with_no_weight():
    moments = moments_of(np.zeros((0, 3)), np.zeros(0), step=1)
    assert (moments.mean == 0).all()
    assert (moments.weight == 0).all()


def test_windows_without_overlap_count_fully():
    assert moments_of(np.ones((4, 5)), np.ones(4), step=5).weight.tolist() == [[4.0] * 5] * 5


def test_the_prior_is_a_walk_with_noise_in_units_of_the_weekly_change():
    moments = prior_moments(0.2, 10, strength=3.0)
    found = fit_structure(moments)
    expected = [0.0, 0.2 * PRIOR_WALK, 0.0, 0.2 * PRIOR_NOISE]
    assert values_of(found) == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert (moments.weight == 3.0).all()
