from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from observing import daily
from upswell.data import Panel, composition

NAN = np.nan


def panel_of(values: np.ndarray) -> Panel:
    return Panel.from_arrays(values, items=[f"i{k}" for k in range(len(values))])


def test_the_change_is_split_between_those_who_came_went_and_stayed():
    values = np.full((3, 100), 10.0)
    values[0, 72:] = 12.0
    values[1, :72] = NAN
    values[2, 28:] = NAN
    found = composition(panel_of(values))
    assert found.window == 28
    assert (found.appeared, found.vanished) == (("i1",), ("i2",))
    assert np.isclose(found.change_continuing, 2.0)
    assert np.isclose(found.change_appeared, 10.0)
    assert np.isclose(found.change_vanished, -10.0)


def test_the_change_is_that_of_the_total_where_nothing_is_missing():
    values = daily(5, 90)
    found = composition(panel_of(values))
    total = values.sum(axis=0)
    assert np.isclose(found.change_total, total[-28:].mean() - total[:28].mean())
    assert found.change_total == found.change_continuing


def test_a_last_value_seven_days_before_the_end_is_not_yet_vanished():
    values = np.full((2, 40), 10.0)
    values[0, -7:] = NAN
    values[1, -8:] = NAN
    assert composition(panel_of(values)).vanished == ("i1",)


@settings(max_examples=80, deadline=None)
@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 6), st.integers(0, 40)),
        elements=st.one_of(st.just(NAN), st.floats(0, 1e9)),
    )
)
def test_the_parts_add_up_exactly(values):
    found = composition(panel_of(values))
    parts = found.change_appeared + found.change_vanished + found.change_continuing
    assert found.change_total == parts
