"""How unusual a block of weeks is: the arithmetic, and how often it cries wolf."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.releases.watching._blocks import (
    LEAST_BLOCKS,
    POOL_WEEKS,
    Blocks,
    blocks_of,
    how_unusual,
)


def _weeks(
    rng: np.random.Generator, weeks: int, each: int = 10, columns: int = 20, trend: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    week = np.repeat(np.arange(weeks), each)
    shared = 0.5 * rng.normal(size=(weeks, columns))[week]
    values = trend * week[:, None] + shared + rng.normal(size=(week.size, columns))
    return values, 7 * week + rng.integers(0, 7, week.size)


def test_a_batch_is_compared_with_the_weeks_before_the_gap() -> None:
    rng = np.random.default_rng(0)
    values, days = _weeks(rng, 80)
    batch, own = values[days >= 77 * 7], days[days >= 77 * 7]
    past = days < 74 * 7
    deviation, noise, earlier = blocks_of(values[past], days[past], batch, own)
    assert earlier.weeks == 3
    last = own.max()
    week = (last - days) // 7
    first = week[past].min()
    pool = past & (week < first + POOL_WEEKS)
    np.testing.assert_allclose(deviation, batch.mean(axis=0) - values[pool].mean(axis=0))
    spread = values[past].var(axis=0)
    expected = spread * (1 / len(batch) + 1 / pool.sum()) + 0.25 / len(batch) ** 2
    np.testing.assert_allclose(noise, expected)
    # An earlier block lies within the past, and so does its pool.
    gap = first - 3
    assert len(earlier.deviation) == week[past].max() + 1 - gap - 3 - POOL_WEEKS - (gap + 3) + 1
    start = gap + 3
    block = past & (week >= start) & (week < start + 3)
    own_pool = past & (week >= start + 3 + gap) & (week < start + 3 + gap + POOL_WEEKS)
    np.testing.assert_allclose(
        earlier.deviation[0], values[block].mean(axis=0) - values[own_pool].mean(axis=0)
    )


def test_too_short_a_past_tells_nothing() -> None:
    rng = np.random.default_rng(0)
    values, days = _weeks(rng, 30)
    found = how_unusual(*blocks_of(values[:250], days[:250], values[290:], days[290:]))
    assert found.blocks < LEAST_BLOCKS
    assert not found.told
    assert (found.p_value, found.p_values.tolist()) == (1.0, [1.0] * 20)


@pytest.mark.parametrize("trend", [0.0, 0.05])
def test_weeks_that_differ_by_nature_and_trends_seldom_raise_an_alarm(trend: float) -> None:
    rng = np.random.default_rng(1)
    p_values = []
    for _ in range(150):
        values, days = _weeks(rng, 84, trend=trend)
        past, now = days < 79 * 7, days >= 83 * 7
        found = how_unusual(*blocks_of(values[past], days[past], values[now], days[now]))
        p_values.append(found.p_value)
    alarms = np.mean(np.array(p_values) <= 0.05)
    assert alarms <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 150)
    assert np.mean(np.array(p_values) <= 0.5) > 0.3


def test_a_column_that_moved_is_found_and_no_other() -> None:
    rng = np.random.default_rng(2)
    found_it = others = 0
    for _ in range(40):
        values, days = _weeks(rng, 84)
        past, now = days < 79 * 7, days >= 83 * 7
        batch = values[now]
        batch[:, 3] += 4.0
        found = how_unusual(*blocks_of(values[past], days[past], batch, days[now]))
        marked = np.flatnonzero(found.p_values <= 0.02)
        found_it += 3 in marked
        others += marked.size - (3 in marked)
        assert found.statistic[3] > 0
    assert found_it >= 38
    assert others <= 4


def test_one_release_unlike_all_of_the_past_is_no_drift() -> None:
    rng = np.random.default_rng(3)
    values, days = _weeks(rng, 84, columns=5)
    values = np.column_stack([values, np.zeros(len(values))])
    past, now = days < 79 * 7, days >= 83 * 7
    batch = values[now]
    batch[0, 5] = 1.0
    found = how_unusual(*blocks_of(values[past], days[past], batch, days[now]))
    assert found.p_values[5] > 0.05
    batch[:, 5] = 1.0
    found = how_unusual(*blocks_of(values[past], days[past], batch, days[now]))
    assert found.p_values[5] < 0.01


def test_adjusted_p_values_fall_with_the_statistic_and_never_reach_zero() -> None:
    rng = np.random.default_rng(4)
    past = Blocks(rng.normal(size=(40, 6)), np.full((40, 6), 1.0), 1)
    found = how_unusual(np.array([0.0, 1.0, 2.0, 4.0, 8.0, 16.0]), np.ones(6), past)
    assert (np.diff(found.p_values) <= 0).all()
    assert found.p_values[0] == 1.0
    assert 0 < found.p_values[-1] < found.p_values[-2] < 1 / 41
    assert found.p_value == found.p_values.min()
