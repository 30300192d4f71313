"""Dependence is found where it was put, and scores and sums have it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upswell.data.tree import Tree
from upswell.forecasting._normal import normal_scores
from upswell.forecasting.quantile_dependence import Dependence, dependence_of, kinship, scores
from upswell.forecasting.quantiles import Quantiles
from upswell.forecasting.sampling import Shocks

HORIZON = 30
LEVELS = np.array([0.1, 0.5, 0.9])
KINDS = [
    Dependence(0.0, 0.9, 0.5),
    Dependence(0.95, 0.0, 1.0),
    Dependence(0.1, 0.2, 1.0),
    Dependence(0.35, 0.35, 0.8),
    Dependence(0.0, 0.0, 0.93),
]


def said_with(dependence: Dependence, widths: np.ndarray) -> Quantiles:
    """Normal days of some widths, and sums as wide as a dependence makes them."""
    correlation = dependence.correlation(len(widths)) * np.outer(widths, widths)
    sums = np.sqrt([correlation[:h, :h].sum() for h in range(1, len(widths) + 1)])
    z = normal_scores(LEVELS)[:, None, None]
    day = 1000.0 + z * widths
    return Quantiles(LEVELS, day, 1000.0 * np.arange(1, len(widths) + 1) + z * sums, day)


@pytest.mark.parametrize("put", KINDS)
def test_sums_come_out_as_wide_as_they_were_said_to_be(put: Dependence):
    widths = 5.0 + np.arange(HORIZON) / 3
    (found,) = dependence_of(said_with(put, widths))
    for length in (7, 14, 30):
        wanted, made = (
            widths[:length] @ d.correlation(HORIZON)[:length, :length] @ widths[:length]
            for d in (put, found)
        )
        assert made == pytest.approx(wanted, rel=0.02)


@pytest.mark.parametrize("dependence", KINDS)
def test_scores_have_the_correlation_that_is_promised(dependence: Dependence):
    shocks = Shocks.draw(np.random.default_rng(0), 40_000, HORIZON)
    found = scores(dependence, shocks)
    np.testing.assert_allclose(found.std(axis=0), 1.0, atol=0.02)
    np.testing.assert_allclose(
        np.corrcoef(found, rowvar=False), dependence.correlation(HORIZON), atol=0.03
    )


def test_a_day_and_a_series_without_width_have_some_dependence():
    flat = np.zeros((3, 2, 1))
    assert len(dependence_of(Quantiles(LEVELS, flat, flat, flat))) == 2
    flat = np.zeros((3, 1, 30))
    assert len(dependence_of(Quantiles(LEVELS, flat, flat, flat))) == 1


@given(share=st.floats(0.0, 0.9), measured=st.floats(0.0, 0.9))
def test_kinship_stands_between_what_was_said_and_what_was_measured(share: float, measured: float):
    widths = np.array([3.0, 2.0, 1.0])
    whole = np.sqrt(share * widths.sum() ** 2 + (1 - share) * (widths**2).sum())
    z = np.array([-1.0, 0.0, 1.0])[:, None, None]
    head = 50.0 + z * np.concatenate([[whole], widths])[None, :, None]
    said = Quantiles(LEVELS, head, head, head)
    tree = Tree.of(("a", "b", "c"), None)
    found = kinship(said, np.arange(4), tree, np.full(4, measured))
    np.testing.assert_allclose(found[1:] ** 2, (share + measured**2) / 2, atol=1e-6)


def test_kinship_stays_as_measured_where_nothing_was_said_of_a_parent_or_of_two_parts():
    head = np.array([1.0, 2.0, 3.0])[:, None, None] * np.ones((1, 2, 1))
    said = Quantiles(LEVELS, head, head, head)
    measured = np.array([0.5, 0.4, 0.3])
    tree = Tree.of(("a", "b"), None)
    for nodes in (np.array([1, 2]), np.array([0, 2])):
        np.testing.assert_array_equal(kinship(said, nodes, tree, measured), measured)
