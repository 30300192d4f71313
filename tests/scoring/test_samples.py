"""Scores of samples against scoringrules and closed forms, and their properties."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
import scoringrules
from hypothesis import given, settings
from scipy import stats

from upswell.errors import SettingError
from upswell.scoring import crps_from_samples, energy_score, pit_from_samples

CLOUD = hnp.arrays(np.float64, (9, 3), elements=st.floats(-1e6, 1e6, allow_subnormal=False))


@settings(max_examples=40, deadline=None)
@given(CLOUD)
def test_crps_equals_scoringrules(cloud: np.ndarray) -> None:
    actual, samples = cloud[0], cloud[1:]
    for fair, estimator in ((False, "nrg"), (True, "fair")):
        expected = scoringrules.crps_ensemble(actual, samples, m_axis=0, estimator=estimator)
        np.testing.assert_allclose(
            crps_from_samples(actual, samples, fair=fair), expected, rtol=1e-9, atol=1e-6
        )


def test_crps_equals_the_double_sum_of_its_definition() -> None:
    rng = np.random.default_rng(5)
    actual, samples = rng.normal(size=4), rng.normal(size=(25, 4))
    pairs = np.abs(samples[:, None] - samples[None]).mean(axis=(0, 1))
    expected = np.abs(samples - actual).mean(axis=0) - pairs / 2
    np.testing.assert_allclose(crps_from_samples(actual, samples), expected)


def test_crps_of_many_normal_samples_is_the_closed_form() -> None:
    samples = stats.norm.ppf((np.arange(40_000) + 0.5) / 40_000)
    for y in (-2.0, 0.0, 1.3):
        closed = y * (2 * stats.norm.cdf(y) - 1) + 2 * stats.norm.pdf(y) - 1 / np.sqrt(np.pi)
        assert float(crps_from_samples(y, samples)) == pytest.approx(closed, abs=1e-4)


def test_fair_crps_does_not_depend_on_the_number_of_samples() -> None:
    rng = np.random.default_rng(6)
    truth = rng.normal(size=40_000)
    expected = 1 / np.sqrt(np.pi)  # E crps of a standard normal scored against itself
    for count in (2, 5, 20):
        samples = rng.normal(size=(count, truth.size))
        fair = float(crps_from_samples(truth, samples, fair=True).mean())
        plain = float(crps_from_samples(truth, samples).mean())
        assert fair == pytest.approx(expected, abs=0.015)
        assert plain == pytest.approx(expected * (1 + 1 / count), abs=0.015)


def test_the_true_distribution_has_the_least_expected_crps() -> None:
    grid = (np.arange(400) + 0.5) / 400
    truth = stats.norm.ppf(grid)
    candidates = {
        name: np.broadcast_to(quantiles[:, None], (400, 400))
        for name, quantiles in {
            "true": stats.norm.ppf(grid),
            "shifted": stats.norm.ppf(grid, loc=0.4),
            "narrow": stats.norm.ppf(grid, scale=0.7),
            "wide": stats.norm.ppf(grid, scale=1.4),
            "tailed": stats.t.ppf(grid, df=2),
        }.items()
    }
    scores = {
        name: float(crps_from_samples(truth, samples).mean())
        for name, samples in candidates.items()
    }
    assert min(scores, key=lambda name: scores[name]) == "true"


@settings(max_examples=40, deadline=None)
@given(CLOUD, st.permutations(range(8)), st.floats(0.01, 100), st.floats(-1e6, 1e6))
def test_crps_ignores_order_scales_with_the_unit_and_moves_with_the_level(
    cloud: np.ndarray, order: list[int], unit: float, shift: float
) -> None:
    actual, samples = cloud[0], cloud[1:]
    score = crps_from_samples(actual, samples)
    assert (score >= -1e-6).all()
    assert crps_from_samples(actual, samples[order]).tolist() == score.tolist()
    changed = crps_from_samples(unit * actual + shift, unit * samples + shift)
    np.testing.assert_allclose(changed, unit * score, rtol=1e-6, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(CLOUD)
def test_crps_is_never_above_the_mean_distance(cloud: np.ndarray) -> None:
    bound = np.abs(cloud[1:] - cloud[0]).mean(axis=0)
    assert (crps_from_samples(cloud[0], cloud[1:]) <= bound + 1e-6).all()


def test_crps_keeps_its_digits_on_a_large_level() -> None:
    samples = 1e15 + np.array([0.0, 2.0])
    assert float(crps_from_samples(1e15 + 1.0, samples)) == 0.5


def test_missing_actual_or_sample_gives_nan_there_only() -> None:
    actual = np.array([1.0, np.nan, 1.0])
    samples = np.array([[1.0, 1.0, 2.0], [2.0, 2.0, np.nan], [3.0, 3.0, 3.0]])
    for scores in (crps_from_samples(actual, samples), pit_from_samples(actual, samples)):
        assert np.isnan(scores).tolist() == [False, True, True]


@pytest.mark.parametrize("score", [crps_from_samples, pit_from_samples, energy_score])
def test_wrong_shapes_are_refused(score) -> None:
    with pytest.raises(SettingError, match="shape"):
        score(np.zeros(3), np.zeros((5, 4)))
    with pytest.raises(SettingError, match="shape"):
        score(np.zeros(3), np.zeros((0, 3)))
    with pytest.raises(SettingError, match="infinite"):
        score(np.zeros(1), np.full((2, 1), np.inf))


def test_fair_crps_of_one_sample_is_refused() -> None:
    with pytest.raises(SettingError, match="two samples"):
        crps_from_samples(1.0, [2.0], fair=True)


@settings(max_examples=30, deadline=None)
@given(CLOUD)
def test_energy_score_equals_scoringrules_and_in_one_dimension_crps(cloud: np.ndarray) -> None:
    actual, samples = cloud[0], cloud[1:]
    expected = scoringrules.es_ensemble(actual, samples, estimator="nrg")
    assert energy_score(actual, samples) == pytest.approx(float(expected), rel=1e-6, abs=1e-4)
    crps = float(crps_from_samples(actual[0], samples[:, 0]))
    assert energy_score(actual[:1], samples[:, :1]) == pytest.approx(crps, rel=1e-6, abs=1e-4)


def test_energy_score_leaves_out_missing_days() -> None:
    samples = np.random.default_rng(7).normal(size=(20, 3))
    actual = np.array([0.3, np.nan, -1.0])
    assert energy_score(actual, samples) == energy_score(actual[[0, 2]], samples[:, [0, 2]])
    assert np.isnan(energy_score(np.full(3, np.nan), samples))
    with pytest.raises(SettingError, match="shape"):
        energy_score(np.zeros((2, 2)), np.zeros((4, 2, 2)))


def test_pit_of_draws_from_the_same_distribution_is_uniform() -> None:
    rng = np.random.default_rng(8)
    pit = pit_from_samples(rng.normal(size=9_999), rng.normal(size=(99, 9_999)))
    assert stats.kstest(pit, "uniform").pvalue > 0.01
    assert pit.min() >= 0.5 / 100
    assert pit.max() <= 1 - 0.5 / 100


def test_pit_of_tied_counts_has_mean_one_half() -> None:
    rng = np.random.default_rng(9)
    pit = pit_from_samples(rng.poisson(0.5, size=20_000), rng.poisson(0.5, size=(19, 20_000)))
    assert float(pit.mean()) == pytest.approx(0.5, abs=0.01)
