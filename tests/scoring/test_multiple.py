"""Holm's correction against its definition by closed testing and against its promise."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upswell.errors import SettingError
from upswell.scoring import holm


def test_it_is_what_can_be_computed_by_hand() -> None:
    # The smallest counts four times, the next three times, and none is below the one before it.
    assert holm([0.02, 0.005, 0.2, 0.012]).tolist() == pytest.approx([0.04, 0.02, 0.2, 0.036])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=7))
def test_it_is_bonferroni_of_all_families_that_a_test_belongs_to(values: list[float]) -> None:
    places = range(len(values))
    families = [set(own) for size in places for own in combinations(places, size + 1)]
    expected = [
        max(
            min(1.0, len(own) * min(values[each] for each in own))
            for own in families
            if place in own
        )
        for place in places
    ]
    np.testing.assert_allclose(holm(values), expected, rtol=1e-12, atol=0)


def test_what_was_not_tested_does_not_count() -> None:
    found = holm([0.02, np.nan, 0.03])
    assert found[[0, 2]].tolist() == [0.04, 0.04]
    assert np.isnan(found[1])
    assert np.isnan(holm([np.nan])).all()
    assert holm([]).shape == (0,)


def test_few_families_of_true_nulls_have_a_small_value() -> None:
    rng = np.random.default_rng(1)
    # Half of the tests say the same as one another.
    draws = rng.random((4000, 12))
    draws[:, 6:] = draws[:, :1]
    smallest = [holm(family).min() for family in draws]
    assert np.mean(np.array(smallest) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 4000)


@pytest.mark.parametrize("values", [[-0.1], [1.1], [[0.1]]])
def test_what_is_no_p_value_is_refused(values: list[float]) -> None:
    with pytest.raises(SettingError):
        holm(values)
