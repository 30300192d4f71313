"""Gains with weeks and seeds drawn again: closed forms, coverage and size by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from upswell.errors import SettingError
from upswell.scoring import seeded_block_bootstrap


def _gains(
    rng: np.random.Generator, weeks: int, seeds: int, *, luck: float, kind: str
) -> tuple[np.ndarray, np.ndarray]:
    """Draw gains without any gain: errors of weeks, of releases, of seeds."""
    block = np.repeat(np.arange(weeks), rng.integers(5, 15, weeks))
    count = len(block)
    if kind == "sparse":
        own = rng.choice([-1.0, 1.0], count) * (rng.random(count) < 0.02)
    elif kind == "skewed":
        own = np.exp(rng.standard_normal(count)) - np.exp(0.5)
    else:
        own = 0.5 * rng.standard_normal(weeks)[block] + rng.standard_normal(count)
    noise = luck * (rng.standard_normal((seeds, 1)) + rng.standard_normal((seeds, count)))
    return own + noise, block


@pytest.mark.parametrize(
    ("kind", "luck"), [("plain", 0.0), ("plain", 0.1), ("skewed", 0.02), ("sparse", 0.0)]
)
def test_no_gain_is_seldom_taken_for_one(kind: str, luck: float) -> None:
    rng = np.random.default_rng(7)
    worlds, level = 300, 0.05
    found = [
        seeded_block_bootstrap(*_gains(rng, 30, 4, luck=luck, kind=kind), seed=n, draws=499)
        for n in range(worlds)
    ]
    slack = 3 * np.sqrt(level * (1 - level) / worlds)
    assert np.mean([each.above <= level for each in found]) <= level + slack
    assert np.mean([each.below <= level for each in found]) <= level + slack
    covered = np.mean([each.low <= 0.0 <= each.high for each in found])
    assert covered >= 0.95 - slack


def test_the_luck_of_the_seeds_is_no_gain() -> None:
    rng = np.random.default_rng(3)
    # All weeks and releases agree with each seed, and the seeds do not agree.
    calm = [
        seeded_block_bootstrap(
            rng.standard_normal((4, 1)) + 0.01 * rng.standard_normal((4, 200)),
            np.arange(200) // 10,
            seed=n,
            draws=499,
        )
        for n in range(100)
    ]
    # Drawing weeks alone would call nearly all of them sure.
    assert np.mean([min(each.above, each.below) <= 0.025 for each in calm]) < 0.25


def test_the_error_of_the_seeds_is_that_of_their_mean() -> None:
    rng = np.random.default_rng(4)
    gains = rng.standard_normal((5, 60)) + rng.standard_normal((5, 1))
    found = seeded_block_bootstrap(gains, np.arange(60) // 6, seed=0, draws=99)
    assert found.estimate == pytest.approx(gains.mean())
    assert found.seed_error == pytest.approx(stats.sem(gains.mean(axis=1)))


def test_with_many_even_weeks_it_is_students_test() -> None:
    rng = np.random.default_rng(5)
    weekly = rng.standard_normal(200) + 0.12
    gains = np.repeat(weekly, 3)[None, :] + np.zeros((3, 1))
    found = seeded_block_bootstrap(gains, np.repeat(np.arange(200), 3), seed=0, draws=9999)
    expected = stats.ttest_1samp(weekly, 0.0)
    assert found.above == pytest.approx(expected.pvalue / 2, rel=0.25)
    interval = expected.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=0.02)


def test_a_gain_in_few_weeks_is_not_sure_however_clear() -> None:
    gains = np.zeros((3, 100))
    gains[:, [5, 25, 45]] = 1.0
    found = seeded_block_bootstrap(gains, np.arange(100) // 10, seed=0)
    # Three signs that agree by chance: one time in eight.
    assert found.above >= 0.1
    assert found.low <= 0.0


def test_no_difference_at_all_is_no_gain() -> None:
    found = seeded_block_bootstrap(np.zeros((2, 20)), np.arange(20) // 2, seed=0, draws=99)
    assert (found.estimate, found.low, found.high) == (0.0, 0.0, 0.0)
    assert found.above == found.below == 1.0


def test_gains_turned_around_are_losses() -> None:
    gains, weeks = _gains(np.random.default_rng(8), 20, 3, luck=0.1, kind="plain")
    one, other = (seeded_block_bootstrap(side * gains, weeks, seed=1) for side in (1, -1))
    assert (one.estimate, one.low, one.high) == pytest.approx(
        (-other.estimate, -other.high, -other.low)
    )


def test_too_little_to_draw_from_leaves_it_open() -> None:
    one = seeded_block_bootstrap(np.ones((2, 5)), np.zeros(5), seed=0)
    assert (one.estimate, one.blocks) == (1.0, 1)
    assert np.isnan([one.low, one.high, one.above, one.below]).all()
    nothing = seeded_block_bootstrap(np.ones((2, 0)), np.zeros(0), seed=0)
    assert nothing.blocks == 0
    assert np.isnan(nothing.estimate)
    alone = seeded_block_bootstrap(np.ones((1, 4)), [1, 1, 2, 2], seed=0, draws=99)
    assert np.isnan(alone.seed_error)


def test_the_same_seed_gives_the_same_bits() -> None:
    gains, weeks = _gains(np.random.default_rng(9), 20, 3, luck=0.1, kind="skewed")
    assert seeded_block_bootstrap(gains, weeks, seed=2) == seeded_block_bootstrap(
        gains, weeks, seed=2
    )


@pytest.mark.parametrize(
    ("gains", "weeks", "options"),
    [
        (np.ones(3), np.arange(3), {}),
        (np.ones((2, 3)), np.arange(4), {}),
        (np.full((2, 3), np.nan), np.arange(3), {}),
        (np.ones((2, 3)), np.arange(3), {"draws": 0}),
        (np.ones((2, 3)), np.arange(3), {"level": 1.5}),
    ],
)
def test_what_makes_no_sense_is_refused(
    gains: np.ndarray, weeks: np.ndarray, options: dict[str, float]
) -> None:
    with pytest.raises(SettingError):
        seeded_block_bootstrap(gains, weeks, seed=0, **options)  # type: ignore[arg-type]
