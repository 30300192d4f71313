"""Sample paths: spread, tails and correlation against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.forecasting.covariance import ErrorStructure
from upswell.forecasting.error_model import ErrorModel, SeriesErrors
from upswell.forecasting.sampling import (
    LARGEST_DEVIATION,
    Shocks,
    deviations,
    draw_paths,
    paths_of,
    unusualness,
)

PATHS = 40_000


def errors_of(freedom: float = 1e6, **parts: float) -> SeriesErrors:
    """Make errors with a normal noise shape; variances are zero where not given."""
    from scipy.stats import norm

    structure = ErrorStructure(**{"offset": 0.0, "walk": 0.0, "drift": 0.0, "noise": 0.0, **parts})
    shape = norm.ppf((np.arange(41) + 0.5) / 41)
    return SeriesErrors(structure, freedom, shape / np.sqrt(np.mean(shape**2)), 5.0)


def deviate(errors: SeriesErrors, horizon: int = 12, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    shocks = Shocks.draw(generator, PATHS, horizon)
    return deviations(errors, shocks, unusualness(generator.uniform(size=PATHS), errors.freedom))


@pytest.mark.parametrize(
    "parts",
    [
        {"offset": 0.05},
        {"walk": 0.004},
        {"drift": 0.0003},
        {"noise": 0.04},
        {"offset": 0.01, "walk": 0.002, "drift": 0.0001, "noise": 0.03},
    ],
)
def test_the_variance_of_each_day_is_that_of_the_structure(parts: dict[str, float]):
    errors = errors_of(**parts)
    found = deviate(errors)
    assert found.var(axis=0) == pytest.approx(errors.structure.variance_by_day(12), rel=0.05)
    assert found.mean(axis=1).var() == pytest.approx(
        errors.structure.variance_of_mean(12), rel=0.05
    )


def test_few_windows_widen_the_level_by_the_variance_of_student_t():
    errors = errors_of(freedom=9.0, walk=0.004)
    expected = errors.structure.variance_by_day(12) * 9.0 / 7.0
    assert deviate(errors).var(axis=0) == pytest.approx(expected, rel=0.06)


@pytest.mark.parametrize("freedom", [4.0, 7.5, 30.0])
def test_a_normal_number_times_the_scale_is_student_t(freedom: float):
    from scipy.stats import t

    generator = np.random.default_rng(1)
    scale = unusualness(generator.uniform(size=200_000), freedom)
    draws = generator.standard_normal(200_000) * scale
    levels = [0.025, 0.1, 0.25, 0.75, 0.9, 0.975]
    assert np.quantile(draws, levels) == pytest.approx(t.ppf(levels, freedom), rel=0.03)


def test_the_scale_is_exact_at_its_median():
    from scipy.stats import chi2

    assert unusualness(np.array([0.5]), 5.0)[0] == pytest.approx(np.sqrt(5.0 / chi2.median(5.0)))


def test_a_draw_never_leaves_the_bounds():
    found = deviate(errors_of(freedom=4.0, offset=25.0))
    assert np.abs(found).max() == LARGEST_DEVIATION


@pytest.mark.parametrize("correlation", [0.0, 0.4, 0.95])
def test_mixed_shocks_stay_standard_and_correlate_as_asked(correlation: float):
    generator = np.random.default_rng(2)
    parent = Shocks.draw(generator, PATHS, 4)
    child = Shocks.draw(generator, PATHS, 4).mixed(parent, correlation)
    for own, above in ((child.level, parent.level), (child.noise, parent.noise)):
        assert own.std() == pytest.approx(1.0, abs=0.01)
        found = np.corrcoef(own.ravel(), above.ravel())[0, 1]
        assert found == pytest.approx(correlation, abs=0.01)


def test_the_median_of_paths_is_the_median_that_was_given():
    medians = np.array([100.0, 5.0, 2000.0])
    deviation = np.random.default_rng(0).normal(0, 0.3, (20_001, 3))
    found = paths_of(medians, 10.0, deviation - np.median(deviation, axis=0))
    assert np.median(found, axis=0) == pytest.approx(medians, rel=1e-12)


def test_paths_are_never_negative_and_an_ended_series_stays_at_zero():
    deviation = np.random.default_rng(0).normal(0, 3.0, (500, 4))
    assert paths_of(np.array([0.0, 1.0, 0.0, 2.0]), 5.0, deviation).min() == 0.0
    assert not paths_of(np.zeros(4), 5.0, deviation).any()


def model_of(correlations: list[float]) -> ErrorModel:
    errors = errors_of(walk=0.01, noise=0.01)
    return ErrorModel((errors,) * len(correlations), np.array(correlations))


def draw(count: int, seed: int = 0, correlation: float = 0.8, paths: int = 3000) -> np.ndarray:
    parents = np.array([-1] + [0] * (count - 1))
    return draw_paths(
        np.full((count, 8), 100.0),
        np.full(count, 10.0),
        model_of([0.0] + [correlation] * (count - 1)),
        parents,
        paths=paths,
        seed=seed,
    )


def test_children_move_with_their_parent_as_far_as_the_model_says():
    paths = np.log(draw(3) + 10.0)
    sums = paths.mean(axis=2)
    assert np.corrcoef(sums[:, 0], sums[:, 1])[0, 1] == pytest.approx(0.8, abs=0.04)
    assert np.corrcoef(sums[:, 1], sums[:, 2])[0, 1] == pytest.approx(0.64, abs=0.05)
    apart = np.log(draw(2, correlation=0.0) + 10.0).mean(axis=2)
    assert abs(np.corrcoef(apart[:, 0], apart[:, 1])[0, 1]) < 0.06


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    assert draw(3, paths=50).tobytes() == draw(3, paths=50).tobytes()
    assert draw(3, seed=1, paths=50).tobytes() != draw(3, paths=50).tobytes()


def test_a_series_added_at_the_end_does_not_change_the_others():
    assert draw(4, paths=50)[:, :3].tobytes() == draw(3, paths=50).tobytes()
