"""Coherence as a property: random trees, random paths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from upswell.data import Tree
from upswell.forecasting.coherence import make_coherent

CELLS = st.one_of(st.just(0.0), st.floats(1e-12, 1e18), st.floats(0.0, 100.0))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Tree, np.ndarray]:
    leaves = draw(st.integers(1, 6))
    groups = draw(st.one_of(st.none(), st.lists(st.sampled_from("xyz"), min_size=6, max_size=6)))
    items = tuple(f"c{i}" for i in range(leaves))
    tree = Tree.of(items, None if groups is None else tuple(groups[:leaves]))
    shape = (draw(st.integers(1, 3)), tree.size, draw(st.integers(1, 4)))
    return tree, draw(arrays(np.float64, shape, elements=CELLS))


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_parts_add_up_on_every_path_and_day_and_the_total_stays(world: tuple[Tree, np.ndarray]):
    tree, drawn = world
    total = drawn[:, 0].copy()
    paths = make_coherent(drawn.copy(), tree)
    assert paths.shape == drawn.shape
    assert np.isfinite(paths).all()
    assert (paths >= 0).all()
    np.testing.assert_allclose(paths[:, 0], total, rtol=1e-9, atol=0)
    for parent in range(tree.first_leaf):
        children = paths[:, tree.parents == parent].sum(axis=1)
        np.testing.assert_allclose(children, paths[:, parent], rtol=1e-9, atol=0)


def test_children_keep_their_shares_on_each_path():
    tree = Tree.of(("a", "b", "c"), ("x", "x", "y"))
    drawn = np.random.default_rng(0).uniform(1.0, 9.0, (50, tree.size, 5))
    paths = make_coherent(drawn.copy(), tree)
    np.testing.assert_allclose(paths[:, 3] / paths[:, 4], drawn[:, 3] / drawn[:, 4], rtol=1e-9)
    np.testing.assert_allclose(paths[:, 1] / paths[:, 2], drawn[:, 1] / drawn[:, 2], rtol=1e-9)


def test_a_parent_with_silent_children_is_shared_by_their_usual_shares():
    tree = Tree.of(("a", "b"), None)
    drawn = np.array([[[8.0], [1.0], [3.0]], [[8.0], [0.0], [0.0]]])
    paths = make_coherent(drawn, tree)
    # On the first path a has 2 of 8 and b 6: the only shares that are known.
    assert paths[1, :, 0].tolist() == [8.0, 2.0, 6.0]


def test_children_that_are_always_silent_share_alike():
    tree = Tree.of(("a", "b"), None)
    assert make_coherent(np.array([[[8.0], [0.0], [0.0]]]), tree)[0, :, 0].tolist() == [8, 4, 4]


def test_children_close_to_zero_do_not_overflow():
    tree = Tree.of(("a", "b"), None)
    paths = make_coherent(np.array([[[1e18], [1e-300], [3e-300]]]), tree)
    assert paths[0, :, 0] == pytest.approx([1e18, 2.5e17, 7.5e17])


def test_a_silent_parent_silences_its_children():
    tree = Tree.of(("a", "b"), None)
    assert not make_coherent(np.array([[[0.0], [5.0], [3.0]]]), tree).any()
