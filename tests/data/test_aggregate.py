from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from observing import daily
from upswell.data import Panel, Tree, node_values

NAN = np.nan


def panel_of(values: np.ndarray, groups: list[str] | None = None) -> Panel:
    return Panel.from_arrays(values, items=[f"i{k}" for k in range(len(values))], groups=groups)


def oracle(panel: Panel) -> np.ndarray:
    """Sum leaf by leaf and day by day, as the words of the definition say."""
    tree = Tree.of_panel(panel)
    count, days = panel.values.shape
    filled = np.zeros((count, days))
    missing = np.zeros((count, days), dtype=bool)
    alive = np.zeros((count, days), dtype=bool)
    for i, row in enumerate(panel.values):
        seen = np.flatnonzero(np.isfinite(row))
        if seen.size == 0:
            continue
        stop = days if seen[-1] >= days - 8 else seen[-1] + 1
        alive[i, seen[0] : stop] = True
        missing[i, seen[0] : stop] = np.isnan(row[seen[0] : stop])
        filled[i] = np.interp(np.arange(days), seen, row[seen])
        filled[i, seen[-1] + 1 :] = row[seen[-7:]].mean()
        filled[i, ~alive[i]] = 0.0
    out = np.full((tree.size, days), NAN)
    out[tree.first_leaf :] = panel.values
    for node in range(tree.first_leaf):
        under = tree.parents[tree.first_leaf :] == node if node else np.ones(count, dtype=bool)
        for day in range(days):
            total = filled[under, day].sum()
            bridged = filled[under & missing[:, day], day].sum()
            observed = (under & np.isfinite(panel.values[:, day])).any()
            nobody = not np.isfinite(panel.values[:, day]).any()
            unseen = alive[under, day].any() and not observed
            if not (bridged > 0.1 * total or nobody or unseen):
                out[node, day] = total
    return out


@settings(max_examples=150, deadline=None)
@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 5), st.integers(1, 30)),
        elements=st.one_of(st.just(NAN), st.integers(0, 9).map(float)),
    ),
    st.booleans(),
)
def test_sums_are_those_of_the_definition(values, grouped):
    groups = ["x" if k % 2 else "y" for k in range(len(values))] if grouped else None
    panel = panel_of(values, groups)
    np.testing.assert_allclose(node_values(panel), oracle(panel), rtol=1e-12)


def test_without_gaps_the_values_are_the_sums_of_the_tree():
    panel = panel_of(daily(6, 40), ["a", "b", "a", "c", "b", "a"])
    tree = Tree.of_panel(panel)
    np.testing.assert_array_equal(node_values(panel), tree.sums(panel.values))


def test_a_small_missing_leaf_is_bridged_and_a_large_one_is_not():
    values = np.array([[95.0] * 5, [5.0, 5.0, NAN, 7.0, 7.0]])
    assert node_values(panel_of(values))[0].tolist() == [100.0, 100.0, 101.0, 102.0, 102.0]
    total = node_values(panel_of(values[:, ::1] * [[0.1], [10.0]]))[0]
    assert np.isnan(total).tolist() == [False, False, True, False, False]


def test_a_category_may_be_missing_while_the_total_is_not():
    values = np.array([[95.0] * 5, [5.0, 5.0, NAN, 7.0, 7.0]])
    nodes = node_values(panel_of(values, ["big", "small"]))
    assert np.isfinite(nodes[0]).all()
    assert np.isnan(nodes[2]).tolist() == [False, False, True, False, False]


def test_a_creator_who_appears_or_vanished_counts_zero_outside_its_life():
    values = np.full((3, 20), 10.0)
    values[1, :5] = NAN
    values[2, 6:] = NAN
    total = node_values(panel_of(values))[0]
    assert total.tolist() == [20.0] * 5 + [30.0] + [20.0] * 14


def test_a_day_without_any_value_has_no_total():
    values = np.full((2, 20), 10.0)
    values[:, 7] = NAN
    total = node_values(panel_of(values))[0]
    assert np.flatnonzero(np.isnan(total)).tolist() == [7]


def test_a_panel_whose_creators_all_vanished_has_no_total_at_its_end():
    values = np.full((2, 30), 10.0)
    values[:, 10:] = NAN
    assert np.isnan(node_values(panel_of(values))[0, 10:]).all()


def test_a_cut_panel_uses_only_its_days():
    values = daily(4, 60)
    values[0, 30:40] = NAN
    changed = values.copy()
    changed[:, 35:] *= 100.0
    one = node_values(panel_of(values).until(35))
    other = node_values(panel_of(changed).until(35))
    assert one.tobytes() == other.tobytes()


def test_an_empty_panel_has_no_days():
    assert node_values(panel_of(np.zeros((2, 0)))).shape == (3, 0)
