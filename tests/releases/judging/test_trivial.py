"""What the trivial neighbours answer, as a frame."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from releases.judging.making import HORIZONS, table_of
from upswell.errors import SettingError
from upswell.releases.config import TierSettings
from upswell.releases.judging import NEIGHBOURS, TrivialRules, tiers_of

TIERS = TierSettings(names=("low", "middle", "hit"), bounds=(100.0, 1000.0))


@given(st.lists(st.floats(0, 1e7), max_size=20))
def test_a_tier_is_how_many_bounds_were_reached(streams: list) -> None:
    expected = [sum(value >= bound for bound in (5.0, 10.0, 1e6)) for value in streams]
    assert tiers_of(streams, (5.0, 10.0, 1e6)).tolist() == expected


def test_a_single_tier_and_a_missing_count() -> None:
    assert tiers_of([1.0, 2.0], ()).tolist() == [0, 0]
    with pytest.raises(SettingError, match="missing"):
        tiers_of([np.nan], (5.0,))


@pytest.fixture
def rules() -> tuple:
    streams = np.array([[50.0, 100.0], [60.0, 200.0], [100.0, 1000.0], [5.0, np.nan]])
    table = table_of({"m": np.arange(28.0).reshape(4, 7)}, ["x", "x", None, "y"])
    return table, TrivialRules.fit(table, np.log1p(streams), HORIZONS, TIERS)


def test_majority_and_shares_are_those_of_the_releases_that_teach(rules) -> None:
    table, fitted = rules
    frame = fitted.answers(table)
    first = frame.row(0, named=True)
    # Day 14: three low, one middle, each counted once more. Day 30: two middle, one hit.
    assert [first[f"share_{name}"] for name in TIERS.names] == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    second = frame.row(1, named=True)
    assert [second[f"share_{name}"] for name in TIERS.names] == pytest.approx([1 / 6, 1 / 2, 1 / 3])
    assert frame["majority"].to_list() == ["low", "middle"] * 4


def test_the_frame_goes_release_by_release_and_horizon_by_horizon(rules) -> None:
    table, fitted = rules
    frame = fitted.answers(table)
    shares = [f"share_{name}" for name in TIERS.names]
    assert frame.columns == ["release", "horizon", *NEIGHBOURS, "base", "majority", *shares]
    assert frame["release"].to_list() == [f"r{n}" for n in range(4) for _ in HORIZONS]
    assert frame["horizon"].to_list() == list(HORIZONS) * 4
    for name, rule in fitted.neighbours.items():
        np.testing.assert_array_equal(frame[name].to_numpy().reshape(4, 2), rule.predict(table))
    np.testing.assert_array_equal(
        frame["base"].to_numpy().reshape(4, 2)[:, 1], table.window_total("m")
    )


def test_the_shape_of_no_release_is_the_same(rules) -> None:
    table, fitted = rules
    nothing = fitted.answers(table.take(np.zeros(4, dtype=bool)))
    assert nothing.height == 0
    assert nothing.schema == fitted.answers(table).schema


def test_a_count_on_a_bound_stays_in_the_tier_above() -> None:
    streams = np.array([[100.0], [1000.0], [99.0]])
    table = table_of({"m": np.ones((3, 7))})
    for bound in np.arange(1.0, 400.0):
        tiers = TierSettings(names=("a", "b"), bounds=(bound,))
        logs = np.log1p(np.full_like(streams, bound))
        assert TrivialRules.fit(table, logs, (30,), tiers).majority.tolist() == [1]


def test_outcomes_of_another_shape_are_refused(rules) -> None:
    table, _ = rules
    with pytest.raises(SettingError, match="shape"):
        TrivialRules.fit(table, np.zeros((4, 3)), HORIZONS, TIERS)
