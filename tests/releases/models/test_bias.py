"""The mean error to expect: what stays, what comes and goes, and what skewness adds."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.releases.models._bias import expected_error


def blocks_of(*sizes: int) -> list[np.ndarray]:
    """Positions of blocks of some sizes, one after another."""
    ends = np.cumsum(sizes)
    return [np.arange(end - size, end) for size, end in zip(sizes, ends, strict=True)]


def test_an_error_that_is_the_same_for_all_stays() -> None:
    errors = np.full(60, 2.5)
    assert expected_error(errors, blocks_of(30, 30)) == pytest.approx(2.5, rel=1e-6)


def test_a_small_drift_counts_in_part_and_only_that_of_the_latest_block() -> None:
    noise = np.random.default_rng(1).normal(0, 1.0, 4000)
    noise = np.concatenate([noise - noise.mean()] * 3)
    drifted = noise + np.repeat([-0.4, 0.0, 0.2], 4000)
    own = expected_error(drifted, blocks_of(4000, 4000, 4000))
    assert 0.08 < own < 0.18
    steady = expected_error(noise + np.repeat([-0.4, 0.2, 0.0], 4000), blocks_of(4000, 4000, 4000))
    assert abs(steady) < 0.05


def test_skewness_is_added_since_robust_learners_aim_below_the_mean() -> None:
    skewed = np.random.default_rng(2).exponential(1.0, 20_000)
    middle = np.median(skewed)
    own = expected_error(skewed - middle, blocks_of(10_000, 10_000))
    # Most of the way from the middle to the mean, which is 0.31.
    assert 0.2 < own < 0.32


def test_unknown_errors_and_empty_blocks_are_left_out() -> None:
    errors = np.array([np.nan, 1.0, 1.0, np.nan])
    blocks = [np.array([0, 1, 2]), np.array([3]), np.array([], dtype=np.int64)]
    assert expected_error(errors, blocks) == pytest.approx(1.0, rel=1e-4)


def test_one_absurd_error_does_not_decide() -> None:
    errors = np.random.default_rng(3).normal(0, 0.1, 50)
    errors[7] = 1e6
    assert abs(expected_error(errors, blocks_of(25, 25))) < 0.1
