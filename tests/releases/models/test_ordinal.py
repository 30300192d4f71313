"""Probabilities of tiers stay probabilities, whatever the questions answered."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from sklearn.isotonic import IsotonicRegression

from upswell.releases.models.ordinal import (
    log_loss,
    reach,
    smoothed,
    tier_probabilities,
    without_crossings,
)

REACHED = hnp.arrays(
    np.float64, st.tuples(st.integers(1, 5), st.integers(1, 6)), elements=st.floats(0, 1)
)


@given(REACHED)
def test_crossings_are_mended_as_isotonic_regression_does(reached):
    mended = without_crossings(reached)
    for row, own in zip(reached, mended, strict=True):
        oracle = IsotonicRegression(increasing=False).fit_transform(np.arange(len(row)), row)
        assert own == pytest.approx(oracle, abs=1e-12)


@given(REACHED)
def test_rows_are_probabilities_and_reaching_is_their_inverse(reached):
    found = tier_probabilities(reached)
    assert found.shape == (len(reached), reached.shape[1] + 1)
    assert (found >= 0).all()
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert reach(found) == pytest.approx(without_crossings(reached), abs=1e-12)


def test_rows_in_order_are_left_as_they_are():
    reached = np.array([[0.9, 0.9, 0.1], [1.0, 0.0, 0.0]])
    assert without_crossings(reached) is reached
    assert tier_probabilities(reached) == pytest.approx(
        np.array([[0.1, 0.0, 0.8, 0.1], [0.0, 1.0, 0.0, 0.0]])
    )


@given(REACHED, st.integers(0, 1000))
def test_smoothing_leaves_no_tier_impossible(reached, examples):
    found = smoothed(tier_probabilities(reached), examples)
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert found.min() >= 0.5 / (examples + found.shape[1] / 2) * (1 - 1e-12)


def test_log_loss_is_that_of_scikit_learn():
    from sklearn.metrics import log_loss as oracle

    random = np.random.default_rng(1)
    said = random.dirichlet(np.ones(4), size=50)
    tiers = random.integers(0, 4, 50)
    weights = random.random(50)
    assert log_loss(said, tiers) == pytest.approx(oracle(tiers, said, labels=range(4)))
    assert log_loss(said, tiers, weights) == pytest.approx(
        oracle(tiers, said, labels=range(4), sample_weight=weights)
    )
    assert np.isfinite(log_loss(np.array([[1.0, 0.0]]), np.array([1])))
