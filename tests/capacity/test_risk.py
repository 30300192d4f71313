"""Units by day and the risk to run short."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from upswell.capacity.load import Load
from upswell.capacity.risk import overload, sufficient_units
from upswell.capacity.terms import Terms
from upswell.data import DayAxis

AXIS = DayAxis(start=100, length=3, calendar=False)
TERMS = Terms(0, 0.06, (1,), (0.06,), False, 0.10, 0.5, 10.0, math.inf)


def load_of(busiest: np.ndarray) -> Load:
    return Load(np.sort(busiest, axis=1), 24, busiest)


def paths_with(overloaded: dict[int, list[int]], paths: int = 100) -> Load:
    """Paths that ask for 10 units a day, and for 11 on some days of some paths."""
    busiest = np.full((paths, 3), 10.0)
    for day, which in overloaded.items():
        busiest[which, day] = 11.0
    return load_of(busiest)


def test_units_are_enough_on_as_many_paths_as_they_say() -> None:
    needed = np.random.default_rng(1).integers(0, 500, (1000, 2)).astype(float)
    found = sufficient_units(needed)
    for level, units in zip((0.5, 0.9, 0.95, 0.99), found, strict=True):
        assert ((needed <= units).mean(axis=0) >= level).all()
        assert ((needed <= units - 1).mean(axis=0) < level).all()


def test_the_chance_at_all_is_that_of_joint_paths_and_not_of_days() -> None:
    same = overload(paths_with({0: [1, 2], 1: [1, 2]}), TERMS, 5, AXIS, None)
    other = overload(paths_with({0: [1, 2], 1: [3, 4]}), TERMS, 5, AXIS, None)
    assert same is not None
    assert other is not None
    assert same.by_day.tolist() == other.by_day.tolist() == [0.02, 0.02, 0.0]
    assert (same.chance, other.chance) == (0.02, 0.04)


@pytest.mark.parametrize(
    ("lead_time", "order_by", "too_late"), [(None, None, False), (1, 100, False), (2, 99, True)]
)
def test_the_first_day_above_5_in_100_says_when_to_order(
    lead_time: int | None, order_by: int | None, too_late: bool
) -> None:
    found = overload(paths_with({0: list(range(5)), 1: list(range(6))}), TERMS, 5, AXIS, lead_time)
    assert found is not None
    assert (found.first_day, found.order_by, found.too_late) == (101, order_by, too_late)


def test_capacity_is_the_limit_or_what_is_reserved_and_can_be_bought() -> None:
    quota = replace(TERMS, limit=math.inf, quota=6.0)
    found = overload(paths_with({}), quota, 3, AXIS, 5)
    assert found is not None
    assert (found.capacity, found.chance, found.first_day) == (9, 1.0, 100)


def test_without_a_limit_nothing_runs_short() -> None:
    assert overload(paths_with({}), replace(TERMS, limit=math.inf), 0, AXIS, 5) is None
