"""Sums are made of their parts, and siblings move together as the range of their sum says."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.data.tree import Tree
from upswell.forecasting.error_model import ErrorModel
from upswell.forecasting.lstm.pretrained.forecaster import forecast_quantiles
from upswell.forecasting.quantile_paths import marginals_of
from upswell.forecasting.quantiles import Quantiles
from upswell.forecasting.said_paths import SaidPaths
from upswell.forecasting.sampling import Shocks
from upswell.simulate.audiences import simulate_audiences

PATHS, HORIZON = 400, 30
TREE = Tree.of(("a", "b"), None)


@pytest.fixture(scope="module")
def said() -> Quantiles:
    worlds = simulate_audiences(3, days=300, horizon=HORIZON, seed=12, components=False)
    return forecast_quantiles(worlds.observed, HORIZON)


def drawn(said: SaidPaths) -> np.ndarray:
    """Paths of a total and two creators, sums not yet made."""
    makers = said.makers(TREE)
    generator = np.random.default_rng(0)
    made = [makers[node](Shocks.draw(generator, PATHS, HORIZON)) for node in range(3)]
    return np.stack(made, axis=1)


def test_a_sum_is_made_of_its_parts_in_their_order(said: Quantiles):
    one = SaidPaths("lstm", np.arange(3), said)
    paths = drawn(one)
    assert not paths[:, 0].any()
    creators = paths[:, 1:].copy()
    one.add_up(paths, TREE)
    np.testing.assert_array_equal(paths[:, 1:], creators)
    wanted = marginals_of(said, 0, PATHS).total
    np.testing.assert_allclose(np.sort(paths[:, 0].sum(axis=1)), wanted, rtol=0.3)
    np.testing.assert_allclose(np.median(paths[:, 0].sum(axis=1)), np.median(wanted), rtol=0.05)
    ranks = [np.argsort(np.argsort(p.sum(axis=1))) for p in (creators.sum(axis=1), paths[:, 0])]
    assert np.corrcoef(*ranks)[0, 1] > 0.9


def test_a_sum_that_nothing_was_said_of_is_left_alone(said: Quantiles):
    one = SaidPaths("lstm", np.array([1, 2]), said.select(np.array([1, 2])))
    assert sorted(one.makers(TREE)) == [1, 2]
    paths = np.full((PATHS, 3, HORIZON), 5.0)
    one.add_up(paths, TREE)
    assert (paths == 5.0).all()


def test_siblings_move_together_as_the_range_of_their_sum_says():
    z = np.array([-1.0, 0.0, 1.0])[:, None, None]
    head = 50.0 + z * np.array([4.0, 2.0, 2.0])[None, :, None]
    said = Quantiles(np.array([0.1, 0.5, 0.9]), head, head, head)
    errors = ErrorModel((), np.zeros(3))
    related = SaidPaths("lstm", np.arange(3), said).related(errors, TREE)
    np.testing.assert_allclose(related.with_parent[1:], np.sqrt(0.45))
